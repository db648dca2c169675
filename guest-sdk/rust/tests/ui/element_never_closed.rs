use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <div>
            <p>"text"
        </div>
        <section>
    }
}

fn main() {}
