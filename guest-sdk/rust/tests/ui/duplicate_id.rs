use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <p id="a">"text"</p>
        if true { <p id="b">"one"</p> } else { <p id="b">"the other"</p> }
        <p id="a">"text"</p>
    }
}

fn main() {}
