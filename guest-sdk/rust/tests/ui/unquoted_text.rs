use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p>Hello, world!</p>
    }
}

fn main() {}
