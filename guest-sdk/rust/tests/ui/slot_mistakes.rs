use hothouse_sdk::prelude::*;

#[component]
fn Dialog(children: Slot) -> Html {
    html! { <div :let={x}>{render_slot(children)}</div> <:footer>"alone"</:footer> }
}

fn template(open: bool, attributes: Attrs) -> Html {
    html! {
        <Dialog>"text" <:children :if={open}>"twice"</:children></Dialog>
        <Dialog><p><:children>"too deep"</:children></p></Dialog>
        <Dialog><:children {..attributes} data-x="1">"content"</:children></Dialog>
    }
}

fn main() {}
