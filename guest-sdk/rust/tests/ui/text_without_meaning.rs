use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p>+ "text"</p>
    }
}

fn main() {}
