use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p>"text"</span>
        </div>
    }
}

fn main() {}
