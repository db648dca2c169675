use hothouse_sdk::prelude::*;

fn template(rest: &Attrs) -> Html {
    html! {
        <button phx-clik="save" phx-swipe="left" phx-value-id="1">"Save"</button>
        <ul id="one" phx-update="append"></ul>
        <ul id="two" phx-update="streams"></ul>
        <div phx-update="ignore"></div>
        <div phx-update="ignore" {..rest}></div>
        <div phx-viewport-top="previous"></div>
        <input phx-key="Enter">
        <input phx-debounce="soon" phx-throttle="blur">
        <input phx-debounce="" phx-throttle="300">
    }
}

fn main() {}
