//! A list of todos: each one is a live component, which keeps what it says, whether it is done and what is being typed.
//! What was done to the list is a stream: the page has it, and this view only its length.

mod todo;

use hothouse_sdk::kit::{Button, Variant};
use hothouse_sdk::prelude::*;
use todo::Todo;

struct Todos {
    todos: List<Planned>,
    next_id: Assign<u32>,
    done_so_far: u32,
    history: Stream<Entry>,
}

/// What the list knows of a todo: which one it is, and what it says at first.
struct Planned {
    id: u32,
    text: String,
}

/// Something that was done to the list.
struct Entry {
    number: u32,
    text: String,
}

/// Todos that the list has room for.
const ROOM: usize = 50;
/// What the page remembers of what was done.
const REMEMBERED: i32 = 5;

#[derive(Event)]
enum TodosEvent {
    Add { text: String },
    MoveUp { id: u32 },
    MoveDown { id: u32 },
    Remove { id: u32 },
    Reverse,
}

impl LiveView for Todos {
    type Event = TodosEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Todos");
        let history = Stream::new("history", |entry: &Entry| entry.number);
        let mut view = Self { todos: List::new(), next_id: 1.into(), done_so_far: 0, history };
        for text in ["Prune the roses", "Call the beekeeper", "Fix the heating"] {
            view.add(text.to_owned());
        }
        Ok(view)
    }

    fn handle_event(&mut self, event: TodosEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            TodosEvent::Add { text } => {
                let text = text.trim().to_owned();
                todo::check(&text)?;
                if self.todos.len() >= ROOM {
                    return Err(Failure::limit(format!("The list has room for {ROOM} todos: remove one.")));
                }
                self.remember(format!("added “{text}”"));
                self.add(text);
            }
            TodosEvent::MoveUp { id } => {
                let index = self.index(id)?;
                self.todos.move_to(index, index.saturating_sub(1));
            }
            TodosEvent::MoveDown { id } => {
                let index = self.index(id)?;
                self.todos.move_to(index, index + 1);
            }
            TodosEvent::Remove { id } => {
                let index = self.index(id)?;
                self.todos.remove(index);
                self.remember(format!("removed number {id}"));
            }
            TodosEvent::Reverse => {
                for index in 0..self.todos.len() {
                    self.todos.move_to(self.todos.len() - 1, index);
                }
                self.remember("turned the list round".to_owned());
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Todos"</h1>
                <form id="new" class="row" phx-submit={TodosEvent::ADD}>
                    // Another input for each todo: the one that was typed into is gone with what it said.
                    <input class="grow" id={format!("text-{}", self.next_id)} name="text" required maxlength="80" autocomplete="off"
                        placeholder="What is to be done?" aria-label="What is to be done?" phx-mounted={JS::new().focus(To::This)}>
                    <Button r#type="submit" variant={Variant::Primary}>"Add"</Button>
                </form>
                if self.todos.is_empty() {
                    <p id="nothing" class="soft">"All done."</p>
                }
                <ul id="todos" class="rows">
                    for todo in self.todos {
                        <Todo.live id={todo.id} number={todo.id} text={todo.text}/>
                    }
                </ul>
                <p><Button id="reverse" phx-click={TodosEvent::Reverse}>"Turn the list round"</Button></p>
                <h2 id="past">"What was done"</h2>
                <ul id="history" class="soft" phx-update="stream" aria-labelledby="past">
                    <li id="no-history" class="only">"Nothing yet."</li>
                    for (dom_id, entry) in self.history {
                        <li id={dom_id}>{entry.text}</li>
                    }
                </ul>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

impl Todos {
    fn add(&mut self, text: String) {
        self.todos.push(Planned { id: *self.next_id, text });
        *self.next_id += 1;
    }

    fn remember(&mut self, text: String) {
        self.done_so_far += 1;
        self.history.prepend(Entry { number: self.done_so_far, text }).limit(REMEMBERED);
    }

    fn index(&self, id: u32) -> Result<usize> {
        self.todos
            .position(|todo| todo.id == id)
            .ok_or_else(|| Failure::bad_input(format!("there is no todo {id}")))
    }
}

export!(Todos);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::{Todo, Todos};

    #[test]
    fn a_todo_keeps_its_state_when_it_moves() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Todos>::mount(&testing::context().build())?;
        view.component_event::<Todo>("3", "edit", "{}")?;
        view.component_event::<Todo>("3", "save", r#"{"text":"Fix the pump"}"#)?;
        view.component_event::<Todo>("3", "toggle", "{}")?;
        view.event("move_up", r#"{"id":"3"}"#)?;
        assert!(view.html().contains("Fix the pump") && !view.html().contains("Fix the heating"));
        assert!(view.html().find("Fix the pump") < view.html().find("Call the beekeeper"));
        assert_eq!(view.component::<Todo, _>("3", Todo::is_done), Some(true));
        view.event("remove", r#"{"id":"3"}"#)?;
        assert!(!view.html().contains("Fix the pump"));
        Ok(())
    }
}
