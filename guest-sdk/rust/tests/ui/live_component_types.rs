//! Attributes of live components are checked like those of functions.
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

struct NoComponent;

fn missing() -> Html {
    html! { <Card.live id="a"/> }
}

fn unknown() -> Html {
    html! { <Card.live id="a" title="a" size={1}/> }
}

fn wrong() -> Html {
    html! { <Card.live id="a" title={1}/> }
}

fn no_component() -> Html {
    html! { <NoComponent.live id="a"/> }
}

fn main() {}
