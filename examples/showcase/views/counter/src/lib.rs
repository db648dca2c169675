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

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Counter");
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
            <main>
                <h1>"Counter"</h1>
                <p class="number">{self.count}</p>
                <p class="row">
                    <button phx-click={CounterEvent::Decrement}>"-"</button>
                    <button class="primary" phx-click={CounterEvent::Increment}>"+"</button>
                </p>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

export!(Counter);
