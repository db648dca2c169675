use hothouse_sdk::prelude::*;

#[component]
fn Dialog(children: Slot, footer: Slot, actions: Option<Slot>, row: Vec<Slot<u32, Row<'_>>>) -> Html {
    html! {
        {render_slot(children)} {render_slot(footer)} {render_slot(actions)}
        for row in &row { {row.label} {row.width} {render_slot(row, &1)} }
    }
}

#[derive(SlotAttributes)]
struct Row<'a> {
    label: &'a str,
    #[prop(default = 1)]
    width: u8,
}

fn template() -> Html {
    html! {
        <Dialog/>
        <Dialog>"content" <:footer>"a"</:footer> <:footer>"b"</:footer></Dialog>
        <Dialog>"content" <:footer>"a"</:footer> <:actions>"a"</:actions> <:actions>"b"</:actions></Dialog>
        <Dialog>"content" <:footer>"a"</:footer> <:aside>"b"</:aside></Dialog>
        <Dialog>"content" <:footer>"a"</:footer> <:row :let={row}>{row}</:row></Dialog>
        <Dialog>"content" <:footer>"a"</:footer> <:row label="a" hight={2}>"row"</:row></Dialog>
        <Dialog>"content" <:footer kind="x">"a"</:footer></Dialog>
    }
}

fn main() {}
