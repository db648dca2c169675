use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <br>"text"</br>
    }
}

fn main() {}
