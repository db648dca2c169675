//! Two streams, edited as the page asks, several operations in one callback.

use hothouse_sdk::prelude::*;

struct Streams {
    items: Stream<Item>,
    notes: Stream<Item>,
    shown: Assign<bool>,
    edits: Assign<u32>,
}

struct Item {
    id: u32,
    text: String,
    is_bold: bool,
}

#[derive(Event)]
enum StreamEvent {
    /// In order: `insert ID TEXT`, `prepend ID TEXT`, `at INDEX ID TEXT`, `update ID TEXT`, `delete ID`, `reset`, each
    /// with `limit COUNT` at its end where it may.
    Edit { stream: String, operations: Vec<String> },
    /// Shows both streams, or the first alone.
    Show { both: bool },
    /// Makes a change and refuses.
    Fail,
}

impl LiveView for Streams {
    type Event = StreamEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut items = Stream::new("items", |item: &Item| item.id);
        for operation in context.param("edit").unwrap_or_default().split(',').filter(|edit| !edit.is_empty())
        {
            edit(&mut items, operation)?;
        }
        let notes = Stream::new("notes", |item: &Item| item.id);
        Ok(Self { items, notes, shown: true.into(), edits: 0.into() })
    }

    fn handle_event(&mut self, event: StreamEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            StreamEvent::Edit { stream, operations } => {
                *self.edits += 1;
                let stream = if stream == "notes" { &mut self.notes } else { &mut self.items };
                operations.iter().try_for_each(|operation| edit(stream, operation))
            }
            StreamEvent::Show { both } => {
                *self.shown = both;
                Ok(())
            }
            StreamEvent::Fail => Err(Failure::bad_input("refused, as asked")),
        }
    }

    fn render(&self) -> Html {
        html! {
            <p id="edits">{self.edits}</p>
            <ul id="items" phx-update="stream">
                for (dom_id, item) in self.items {
                    <li id={dom_id}>{item.text} if item.is_bold { <b>{item.id}</b> }</li>
                }
            </ul>
            if *self.shown {
                <ol id="notes" phx-update="stream">
                    <li id="no-notes" class="only">"no notes"</li>
                    for (dom_id, note) in self.notes {
                        <li id={dom_id} title={note.text}>{note.text}</li>
                    }
                </ol>
            }
        }
    }
}

fn edit(stream: &mut Stream<Item>, operation: &str) -> Result<()> {
    let malformed = || Failure::bad_input(format!("there is no operation {operation:?}"));
    let mut words = operation.split(' ');
    let verb = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse::<u32>().ok()).ok_or_else(malformed);
    let index = if verb == "at" { number()? as usize } else { 0 };
    let id = if verb == "reset" { 0 } else { number()? };
    let text = words.next().unwrap_or_default().to_owned();
    let item = Item { id, is_bold: text.starts_with('!'), text };
    let inserted = match verb {
        "insert" => stream.insert(item),
        "prepend" => stream.prepend(item),
        "at" => stream.insert_at(index, item),
        "update" => {
            stream.update_only(item);
            return Ok(());
        }
        "delete" => {
            stream.delete_by_id(id);
            return Ok(());
        }
        "reset" => {
            stream.reset([]);
            return Ok(());
        }
        _ => return Err(malformed()),
    };
    match (words.next(), words.next().map(str::parse)) {
        (Some("limit"), Some(Ok(count))) => inserted.limit(count),
        (None, _) => {}
        _ => return Err(malformed()),
    }
    Ok(())
}

export!(Streams);
