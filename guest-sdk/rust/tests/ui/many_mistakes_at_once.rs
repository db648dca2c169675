use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <dvi>Hello</dvi>
        <br></br>
        <p class="a" class="b" onclick={1}>"text"
    }
}

fn main() {}
