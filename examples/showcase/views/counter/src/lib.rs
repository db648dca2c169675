//! A counter in about twenty lines.

use hothouse_sdk::prelude::*;

struct Counter {
    count: Assign<i64>,
}

#[derive(Event)]
enum CounterEvent {
    Increment,
    Decrement,
}

impl LiveView for Counter {
    type Event = CounterEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { count: Assign::new(0) })
    }

    fn handle_event(&mut self, event: CounterEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            CounterEvent::Increment => *self.count += 1,
            CounterEvent::Decrement => *self.count -= 1,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <h1>"Count: " {self.count}</h1>
            <button phx-click={CounterEvent::Decrement}>"-"</button>
            <button phx-click={CounterEvent::Increment}>"+"</button>
        }
    }
}

export!(Counter);
