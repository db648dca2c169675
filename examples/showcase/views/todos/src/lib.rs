//! A list of todos: each one is a live component, which keeps what it says, whether it is done and what is being typed.

mod todo;

use hothouse_sdk::prelude::*;
use todo::Todo;

struct Todos {
    todos: List<Planned>,
    next_id: u32,
}

/// What the list knows of a todo: which one it is, and what it says at first.
struct Planned {
    id: u32,
    text: &'static str,
}

#[derive(Event)]
enum TodosEvent {
    Add { text: String },
    MoveUp { id: u32 },
    MoveDown { id: u32 },
    Remove { id: u32 },
    Reverse,
}

const SUGGESTIONS: [&str; 3] = ["Repot the fig", "Order seeds", "Clean the glass"];

impl LiveView for Todos {
    type Event = TodosEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Todos");
        let mut view = Self { todos: List::new(), next_id: 1 };
        for text in ["Prune the roses", "Call the beekeeper", "Fix the heating"] {
            view.add(text);
        }
        Ok(view)
    }

    fn handle_event(&mut self, event: TodosEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            TodosEvent::Add { text } => {
                let text = SUGGESTIONS.into_iter().find(|known| **known == text);
                self.add(text.ok_or_else(|| Failure::bad_input("this was not suggested"))?);
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
            }
            TodosEvent::Reverse => {
                for index in 0..self.todos.len() {
                    self.todos.move_to(self.todos.len() - 1, index);
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Todos"</h1>
                if self.todos.is_empty() {
                    <p id="nothing">"All done."</p>
                } else {
                    <p class="soft">"Click on one to change what it says. Each keeps its own state, wherever it moves."</p>
                }
                <ul id="todos" class="rows">
                    for todo in self.todos {
                        <Todo.live id={todo.id} number={todo.id} text={todo.text}/>
                    }
                </ul>
                <p class="row">
                    <span class="soft">"Add"</span>
                    for text in SUGGESTIONS {
                        <button phx-click={TodosEvent::ADD} phx-value-text={text}>{text}</button>
                    }
                </p>
                <p><button id="reverse" phx-click={TodosEvent::Reverse}>"Turn the list round"</button></p>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

impl Todos {
    fn add(&mut self, text: &'static str) {
        self.todos.push(Planned { id: self.next_id, text });
        self.next_id += 1;
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
