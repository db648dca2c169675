use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p class="a" Class="b">"text"</p>
    }
}

fn main() {}
