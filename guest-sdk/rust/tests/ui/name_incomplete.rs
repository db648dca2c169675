use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p data-="a">"text"</p>
    }
}

fn main() {}
