//! A live component that is sent events in every way.

use hothouse_sdk::prelude::*;

use crate::payload;

pub(crate) struct Pad {
    name: String,
    said: Assign<String>,
    count: Assign<u32>,
}

#[derive(Clone, PartialEq, Attributes)]
pub(crate) struct PadAttributes {
    name: String,
}

impl LiveComponent for Pad {
    type Attributes = PadAttributes;
    type Event = RawEvent;

    fn mount(PadAttributes { name }: PadAttributes) -> Self {
        Self { name, said: String::new().into(), count: 0.into() }
    }

    fn update(&mut self, _attributes: PadAttributes) {}

    fn handle_event(&mut self, event: RawEvent, _socket: &mut Socket) -> Result<()> {
        *self.count += 1;
        self.said.set(format!("{} {}", event.name, payload(&event)));
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <section id={format!("pad-{}", self.name)} class="pad">
                <button class="own" phx-click="told" phx-target={myself()} phx-value-of="own">"Own"</button>
                <button class="views" phx-click="told">"The view's"</button>
                <em>{self.said}</em> <b>{self.count}</b>
            </section>
        }
    }
}
