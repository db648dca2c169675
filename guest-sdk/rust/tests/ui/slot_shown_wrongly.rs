use hothouse_sdk::prelude::*;

#[component]
fn Dialog(children: Slot, row: Slot<u32>) -> Html {
    html! { {children} {render_slot(row)} {render_slot("text")} }
}

fn main() {}
