use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <iframe srcdoc={"text"}></iframe>
    }
}

fn main() {}
