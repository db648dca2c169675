use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p class={}>{}</p>
    }
}

fn main() {}
