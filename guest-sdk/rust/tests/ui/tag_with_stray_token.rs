use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p class="a", id="b">"text"</p>
    }
}

fn main() {}
