//! Tags of live components: what has to be given, what cannot be, and what is no tag.
use hothouse_sdk::prelude::*;

struct Card(Assign<String>);

#[derive(Clone, PartialEq, Attributes)]
struct CardAttributes {
    title: String,
}

impl LiveComponent for Card {
    type Attributes = CardAttributes;
    type Event = ();

    fn mount(given: CardAttributes) -> Self {
        Self(given.title.into())
    }

    fn update(&mut self, given: CardAttributes) {
        self.0.set(given.title);
    }

    fn render(&self) -> Html {
        html! { <p>{self.0}</p> }
    }
}

fn view(attributes: &Attrs) -> Html {
    html! {
        <Card.live title="a"/>
        <Card.live id?={Some(1)} title="a"/>
        <Card.live id="b" title="b" {..attributes}/>
        <Card.live id="c" title="c" data-x="1"/>
        <Card.live id="d" title="d" :let={x}>"text"</Card.live>
        <Card.dead id="e" title="e"/>
    }
}

fn main() {}
