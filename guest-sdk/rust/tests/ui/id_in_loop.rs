use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        for row in [1, 2] { <p id="row">{row}</p> }
    }
}

fn main() {}
