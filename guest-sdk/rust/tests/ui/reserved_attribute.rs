use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p data-phx-main="true">"text"</p>
    }
}

fn main() {}
