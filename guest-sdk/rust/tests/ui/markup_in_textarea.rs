use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <textarea>"text" <b>"bold"</b> if true { "text" }</textarea>
    }
}

fn main() {}
