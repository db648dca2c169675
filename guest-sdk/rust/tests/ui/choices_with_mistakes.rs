use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        if true <p>"text"</p>
        <p>match 1 { 1 => "one" }</p>
        <p>for row in [1] id={row} { {row} }</p>
    }
}

fn main() {}
