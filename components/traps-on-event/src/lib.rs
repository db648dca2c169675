//! A view whose event handler traps: `boom` panics, `loop` never ends, every other event counts.

use hothouse_sdk::prelude::*;

struct TrapsOnEvent {
    count: Assign<u32>,
}

impl LiveView for TrapsOnEvent {
    type Event = RawEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { count: Assign::new(0) })
    }

    #[expect(clippy::panic, clippy::empty_loop, reason = "breaking is what this view is for")]
    fn handle_event(&mut self, event: RawEvent, _socket: &mut Socket) -> Result<()> {
        match event.name.as_str() {
            "boom" => panic!("boom, as asked"),
            "loop" => loop {},
            _ => *self.count += 1,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <p id="count">{self.count}</p>
            <button id="increment" phx-click="increment">"count"</button>
            <button id="boom" phx-click="boom">"panic"</button>
            <button id="loop" phx-click="loop">"spin"</button>
        }
    }
}

export!(TrapsOnEvent);
