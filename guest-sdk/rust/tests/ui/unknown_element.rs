use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <dvi>"text"</dvi>
        <something>"text"</something>
    }
}

fn main() {}
