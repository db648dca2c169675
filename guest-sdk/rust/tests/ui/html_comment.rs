use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <!-- a comment of HTML -->
        // A comment of Rust.
        <p>"text"</p>
    }
}

fn main() {}
