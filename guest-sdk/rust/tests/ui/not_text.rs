use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        {vec![1]}
        <p class={html! { "text" }}>"text"</p>
        <input disabled={"yes"}>
    }
}

fn main() {}
