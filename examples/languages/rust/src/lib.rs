//! A counter with its history, with the SDK: the view that the other languages write against the contract itself.

use hothouse_sdk::prelude::*;

const MAX_ENTRIES: usize = 100;
const MAX_NAME_CHARACTERS: usize = 20;

struct Counter {
    count: Assign<i32>,
    ticks: Assign<u32>,
    name: Assign<String>,
    name_error: Assign<Option<&'static str>>,
    /// The newest is the first.
    entries: List<Entry>,
    last_id: u32,
}

struct Entry {
    id: u32,
    by: i32,
    count: i32,
}

#[derive(Event)]
enum CounterEvent {
    Increment,
    Decrement,
    Rename { name: String },
    Remove { id: u32 },
    Refuse,
    Trap,
    Spin,
    Grow,
}

impl LiveView for Counter {
    type Event = CounterEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            count: Assign::new(0),
            ticks: Assign::new(0),
            name: Assign::new(String::new()),
            name_error: Assign::new(None),
            entries: List::new(),
            last_id: 0,
        })
    }

    #[expect(clippy::panic, clippy::empty_loop, reason = "breaking is what these events are for")]
    fn handle_event(&mut self, event: CounterEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            CounterEvent::Increment => self.add(1),
            CounterEvent::Decrement => self.add(-1),
            CounterEvent::Rename { name } => {
                *self.name_error = match name.chars().count() {
                    0 => Some("The name is required."),
                    count if count > MAX_NAME_CHARACTERS => Some("The name has at most 20 characters."),
                    _ => None,
                };
                *self.name = name;
            }
            CounterEvent::Remove { id } => {
                let index = self.entries.position(|entry| entry.id == id);
                let index = index.ok_or_else(|| Failure::bad_input("there is no such entry"))?;
                self.entries.remove(index);
            }
            CounterEvent::Refuse => return Err(Failure::bad_input("refused, as asked")),
            CounterEvent::Trap => panic!("trap, as asked"),
            CounterEvent::Spin => loop {},
            CounterEvent::Grow => {
                let mut blocks: Vec<Vec<u8>> = Vec::new();
                loop {
                    blocks.push(vec![1; 1 << 16]);
                }
            }
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if matches!(message, Message::Timer(name) if name == "tick") {
            *self.ticks += 1;
        }
        Ok(())
    }

    // The names of events are written out, so that they are literal parts as they are in the other languages.
    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"The same view"</h1>
                <nav class="row">
                    <a href="/rust">"Rust"</a>
                    <a href="/typescript">"TypeScript"</a>
                    <a href="/python">"Python"</a>
                    <a href="/c">"C"</a>
                    <a href="/go">"Go"</a>
                </nav>
                <p class="number" id="count">{self.count}</p>
                <p class="row">
                    <button phx-click="decrement">"-1"</button>
                    <button class="primary" phx-click="increment">"+1"</button>
                </p>
                <p>"Ticks: "<span id="ticks">{self.ticks}</span></p>
                <form id="rename" phx-change="rename" phx-submit="rename">
                    <label>"Name "<input name="name" autocomplete="off" value={self.name}></label>
                    if let Some(error) = &*self.name_error {
                        <p id="name-error" role="alert">{error}</p>
                    }
                </form>
                <ol id="history" class="rows">
                    for entry in self.entries {
                        <li id={format!("entry-{}", entry.id)}>
                            <span class="grow">{format!("{:+}: {}", entry.by, entry.count)}</span>
                            <button phx-click="remove" phx-value-id={entry.id}>"remove"</button>
                        </li>
                    }
                </ol>
                <p class="row">
                    <button phx-click="refuse">"refuse"</button>
                    <button phx-click="trap">"trap"</button>
                    <button phx-click="spin">"spin"</button>
                    <button phx-click="grow">"grow"</button>
                </p>
            </main>
        }
    }
}

impl Counter {
    fn add(&mut self, by: i32) {
        *self.count += by;
        self.last_id += 1;
        self.entries.insert(0, Entry { id: self.last_id, by, count: *self.count });
        self.entries.remove(MAX_ENTRIES);
    }
}

export!(Counter);
