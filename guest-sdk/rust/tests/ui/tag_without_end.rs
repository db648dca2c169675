use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p class="a" <b>"text"</b></p>
    }
}

fn main() {}
