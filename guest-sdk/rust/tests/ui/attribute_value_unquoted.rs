use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p class=note tabindex=1>"text"</p>
    }
}

fn main() {}
