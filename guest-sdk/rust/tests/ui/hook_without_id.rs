use hothouse_sdk::prelude::*;

fn main() {
    let id = "chart";
    let _: Html = html! {
        <div phx-hook="chart.Chart"></div>
        <div id={id} phx-hook="chart.Chart"></div>
        <div phx-hook={id}></div>
    };
}
