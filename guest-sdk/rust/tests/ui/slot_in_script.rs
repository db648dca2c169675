use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <script>"let a = " {1}</script>
        <style>if true { "a {}" }</style>
    }
}

fn main() {}
