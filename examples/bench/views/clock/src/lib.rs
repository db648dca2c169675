//! The clock of the benchmarks: it ticks each second.

use std::time::Duration;

use hothouse_sdk::prelude::*;

struct Clock {
    /// Seconds since 1970.
    now: Assign<u64>,
}

impl LiveView for Clock {
    type Event = ();

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.send_every("tick", Duration::from_secs(1));
        Ok(Self { now: Assign::new(seconds()) })
    }

    fn handle_info(&mut self, _message: Message, _socket: &mut Socket) -> Result<()> {
        self.now.set(seconds());
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <h1>{self.now}</h1> }
    }
}

fn seconds() -> u64 {
    (environment::now_ms() / 1_000.0) as u64
}

export!(Clock);
