//! The feed of the benchmarks: 20 items of a stream. Each event puts one in at the top.

use hothouse_sdk::prelude::*;

const FIRST: u32 = 20;

struct Feed {
    items: Stream<Item>,
    last: u32,
}

struct Item {
    number: u32,
}

#[derive(Event)]
enum FeedEvent {
    Add,
}

impl LiveView for Feed {
    type Event = FeedEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut items = Stream::new("items", |item: &Item| item.number);
        items.extend((1..=FIRST).rev().map(|number| Item { number }));
        Ok(Self { items, last: FIRST })
    }

    fn handle_event(&mut self, event: FeedEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            FeedEvent::Add => {
                self.last += 1;
                self.items.prepend(Item { number: self.last });
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <ul id="items" phx-update="stream">
                for (dom_id, item) in self.items {
                    <li id={dom_id}><b>{item.number}</b> "Item " {item.number}</li>
                }
            </ul>
        }
    }
}

export!(Feed);
