//! A view whose core start function never ends: it spins before any of its exports can be called.

use hothouse_sdk::prelude::*;

struct SpinsAtStart;

impl LiveView for SpinsAtStart {
    type Event = RawEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self)
    }

    fn handle_event(&mut self, _event: RawEvent, _socket: &mut Socket) -> Result<()> {
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p>"never seen"</p> }
    }
}

/// What the encoder makes the component's core start function.
#[allow(unsafe_code, reason = "exporting a symbol by name counts as unsafe; nothing is dereferenced")]
#[unsafe(no_mangle)]
pub extern "C" fn _initialize() {
    #[expect(clippy::empty_loop, reason = "spinning is what this view is for")]
    loop {}
}

export!(SpinsAtStart);
