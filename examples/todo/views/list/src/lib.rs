//! A list of todos that several people keep together, and that outlives all of them.
//!
//! Whoever changes something writes it to the store and announces it; every list that is open makes the change that it
//! hears of. What is to be done is held here, each a live component; what was done is a stream, which only the page has.

use hothouse_sdk::kit::{Button, Variant};
use hothouse_sdk::prelude::*;

mod item;
mod records;

use item::Item;
use records::{Change, DONE, OPEN, TOPIC, Todo, checked_title, first_id, last_id};

/// Todos that the list has room for.
const ROOM: usize = 200;
/// Of what was done, so many are shown at first, and more at a time.
const PAGE: u32 = 20;

struct TodoList {
    open: List<Open>,
    done: Stream<Finished>,
    /// The last that is shown of what was done, if there is more.
    more: Assign<Option<String>>,
    /// What is typed and not added yet.
    draft: Assign<String>,
}

struct Open {
    id: String,
    title: String,
}

struct Finished {
    id: String,
    title: String,
}

#[derive(Event)]
enum ListEvent {
    Draft { title: String },
    Add { title: String },
    Done { id: String },
    Reopen { id: String },
    Remove { id: String },
    More,
    Clear,
}

impl LiveView for TodoList {
    type Event = ListEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        // First listen, then look: nothing is missed in between.
        socket.subscribe(TOPIC);
        let done = Stream::new("done", |todo: &Finished| todo.id.clone());
        let mut view = Self { open: List::new(), done, more: None.into(), draft: String::new().into() };
        view.look()?;
        Ok(view)
    }

    fn handle_event(&mut self, event: ListEvent, socket: &mut Socket) -> Result<()> {
        let change = match event {
            ListEvent::Draft { title } => {
                self.draft.set(title);
                return Ok(());
            }
            ListEvent::Add { title } => {
                let title = checked_title(&title)?;
                if self.open.len() >= ROOM {
                    return Err(Failure::limit(format!("The list has room for {ROOM} todos: do one.")));
                }
                let id = last_id();
                OPEN.put(&id, &Todo { title: title.clone() })?;
                self.draft.set(String::new());
                Change::Added { id, title }
            }
            ListEvent::Done { id } => {
                // Of two who do it at once, one does.
                let Some(todo) = OPEN.expect(&id)? else { return Ok(()) };
                let done = first_id();
                OPEN.delete(&id)?;
                DONE.put(&done, &todo)?;
                Change::Done { id, done, title: todo.title }
            }
            ListEvent::Reopen { id: done } => {
                let Some(todo) = DONE.expect(&done)? else { return Ok(()) };
                let id = last_id();
                DONE.delete(&done)?;
                OPEN.put(&id, &todo)?;
                Change::Reopened { done, id, title: todo.title }
            }
            ListEvent::Remove { id } => {
                OPEN.delete(&id)?;
                Change::Removed { id }
            }
            ListEvent::More => return self.show_more(),
            ListEvent::Clear => {
                // A callback writes so much and no more: of a long list the oldest stay.
                for (id, _) in DONE.page(None, 250)?.entries {
                    DONE.delete(id)?;
                }
                Change::Cleared
            }
        };
        socket.broadcast_from(TOPIC, &change);
        self.make(change)
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        match message {
            Message::Published(publication) => self.make(publication.read()?),
            // Some was missed, or somebody else was first: what is kept is right.
            Message::Lagged(_) | Message::KvConflict(_) => self.look(),
            _ => Ok(()),
        }
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Todo"</h1>
                <form id="new" class="row" phx-change={ListEvent::DRAFT} phx-submit={ListEvent::ADD}>
                    <input
                        class="grow" id="title" name="title" value={self.draft} required maxlength="80" autocomplete="off"
                        placeholder="What is to be done?" aria-label="What is to be done?" phx-mounted={JS::new().focus(To::This)}
                    >
                    <Button r#type="submit" variant={Variant::Primary}>"Add"</Button>
                </form>
                if self.open.is_empty() {
                    <p id="nothing" class="soft">"Nothing is to be done."</p>
                }
                <ul id="open" class="rows">
                    for todo in self.open {
                        <Item.live id={todo.id} key={todo.id.clone()} title={todo.title.clone()}/>
                    }
                </ul>
                <h2 id="done-heading">"Done"</h2>
                <ul id="done" class="rows soft" phx-update="stream" aria-labelledby="done-heading">
                    <li id="none-done" class="only">"Nothing yet."</li>
                    for (dom_id, todo) in self.done {
                        <li id={dom_id}>
                            <span class="grow done">{todo.title}</span>
                            <Button
                                variant={Variant::Quiet} phx-click={ListEvent::REOPEN} phx-value-id={todo.id}
                                aria-label={format!("{} is not done", todo.title)}
                            >"Not done"</Button>
                        </li>
                    }
                </ul>
                <p class="row">
                    if self.more.is_some() { <Button id="more" phx-click={ListEvent::More}>"More"</Button> }
                    <Button id="clear" phx-click={ListEvent::Clear}>"Forget what was done"</Button>
                </p>
            </main>
        }
    }
}

impl TodoList {
    /// Shows what is kept.
    fn look(&mut self) -> Result<()> {
        self.open.clear();
        for entry in OPEN.iter() {
            let (id, Todo { title }) = entry?;
            self.open.push(Open { id, title });
        }
        self.done.reset([]);
        self.more.set(Some(String::new()));
        self.show_more()
    }

    fn show_more(&mut self) -> Result<()> {
        let Some(after) = self.more.as_deref() else { return Ok(()) };
        let page = DONE.page(Some(after).filter(|after| !after.is_empty()), PAGE)?;
        for (id, Todo { title }) in page.entries {
            self.done.insert(Finished { id, title });
        }
        self.more.set(page.next);
        Ok(())
    }

    /// Makes a change that somebody has made.
    fn make(&mut self, change: Change) -> Result<()> {
        match change {
            Change::Added { id, title } => {
                self.open.push(Open { id, title });
            }
            Change::Renamed { id, title } => {
                if let Some(todo) = self.place(&id).and_then(|index| self.open.get_mut(index)) {
                    todo.title = title;
                }
            }
            Change::Removed { id } => self.take_out(&id),
            Change::Done { id, done, title } => {
                self.take_out(&id);
                self.done.prepend(Finished { id: done, title });
            }
            Change::Reopened { done, id, title } => {
                self.done.delete_by_id(done);
                self.open.push(Open { id, title });
            }
            Change::Cleared => return self.look(),
        }
        Ok(())
    }

    fn take_out(&mut self, id: &str) {
        if let Some(index) = self.place(id) {
            self.open.remove(index);
        }
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.open.position(|todo| todo.id == id)
    }
}

export!(TodoList);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::{Item, TodoList};

    #[test]
    fn what_is_kept_is_there_for_the_next_view() -> hothouse_sdk::Result<()> {
        let context = testing::context().build();
        let mut view = testing::View::<TodoList>::mount(&context)?;
        view.event("add", r#"{"title":" Water the palms "}"#)?;
        view.event("add", r#"{"title":"Open the windows"}"#)?;
        let id = view.state().open.get(0).map(|todo| todo.id.clone()).unwrap_or_default();
        view.component_event::<Item>(&id, "edit", "{}")?;
        view.component_event::<Item>(&id, "save", r#"{"title":"Water them all"}"#)?;
        let last = view.state().open.get(1).map(|todo| todo.id.clone()).unwrap_or_default();
        view.event("done", &format!(r#"{{"id":"{last}"}}"#))?;
        let next = testing::View::<TodoList>::mount(&context)?;
        let html = next.html();
        assert!(html.contains("Water them all") && !html.contains("Water the palms"), "{html}");
        assert!(html.contains(r#"class="grow done">Open the windows"#), "{html}");
        Ok(())
    }
}
