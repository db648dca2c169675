use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <div/>
    }
}

fn main() {}
