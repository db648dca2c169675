use hothouse_sdk::prelude::*;

fn template(maybe: Option<String>, name: &str) -> Html {
    html! {
        <p title={maybe}>"a"</p>
        <p title?={name}>"b"</p>
        <p class={["a", ("b", 1)]}>"c"</p>
    }
}

fn main() {}
