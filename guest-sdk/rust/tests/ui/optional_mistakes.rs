use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p title?="literal">"a"</p>
        <p hidden?={Some(true)}>"b"</p>
        <p onclick?={Some("x")}>"c"</p>
    }
}

fn main() {}
