use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p onclick={"alert(1)"}>"text"</p>
    }
}

fn main() {}
