use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! { <Crad title="a"/> }
}

fn main() {}
