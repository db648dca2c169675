use hothouse_sdk::kit::{Button, Icon, Modal, Table, Tabs};
use hothouse_sdk::prelude::*;

fn template(plants: &List<u32>) -> Html {
    html! {
        <Modal id="m">"no title"</Modal>
        <Tabs id="t" label="Care"><:tab>"no label"</:tab></Tabs>
        <Table id="p" caption="Plants" rows={plants}><:column :let={plant} label="Name">{plant}</:column></Table>
        <Icon/>
        <Button variant="primary">"text for a variant"</Button>
        <Button colour="red">"unknown"</Button>
    }
}

fn main() {}
