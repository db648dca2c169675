//! The counter of the benchmarks.

use hothouse_sdk::prelude::*;

struct Counter {
    count: Assign<u64>,
}

#[derive(Event)]
enum CounterEvent {
    Inc,
}

impl LiveView for Counter {
    type Event = CounterEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { count: Assign::new(0) })
    }

    fn handle_event(&mut self, event: CounterEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            CounterEvent::Inc => *self.count += 1,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <h1>{self.count}</h1>
            <button phx-click={CounterEvent::Inc}>"+"</button>
        }
    }
}

export!(Counter);
