//! One todo.

use hothouse_sdk::prelude::*;

use crate::TodosEvent;

/// A todo with its state. Where it stands is for the list to say.
pub(crate) struct Todo {
    number: u32,
    text: Assign<String>,
    done: Assign<bool>,
    editing: Assign<bool>,
}

/// What the list gives it.
#[derive(Clone, PartialEq, Attributes)]
pub(crate) struct TodoAttributes {
    number: u32,
    text: String,
}

#[derive(Event)]
pub(crate) enum TodoEvent {
    Toggle,
    Edit,
    Save { text: String },
    Cancel,
}

impl Todo {
    #[cfg(test)]
    pub(crate) fn is_done(&self) -> bool {
        *self.done
    }
}

impl LiveComponent for Todo {
    type Attributes = TodoAttributes;
    type Event = TodoEvent;

    fn mount(TodoAttributes { number, text }: TodoAttributes) -> Self {
        Self { number, text: text.into(), done: false.into(), editing: false.into() }
    }

    fn update(&mut self, TodoAttributes { text, .. }: TodoAttributes) {
        self.text.set(text);
    }

    fn handle_event(&mut self, event: TodoEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            TodoEvent::Toggle => *self.done = !*self.done,
            TodoEvent::Edit => *self.editing = true,
            TodoEvent::Save { text } => {
                if text.trim().is_empty() {
                    return Err(Failure::bad_input("A todo says something."));
                }
                self.text.set(text);
                *self.editing = false;
            }
            TodoEvent::Cancel => *self.editing = false,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <li id={format!("todo-{}", self.number)}>
                if *self.editing {
                    <form class="row grow" phx-submit={TodoEvent::SAVE} phx-window-keydown={TodoEvent::Cancel} phx-key="Escape">
                        <input class="grow" name="text" value={self.text} aria-label="What to do" autocomplete="off"
                            phx-mounted={JS::new().focus(To::This)}>
                        <button class="primary">"Save"</button>
                    </form>
                } else {
                    <button phx-click={TodoEvent::Toggle} aria-label="done">if *self.done { "☑" } else { "☐" }</button>
                    <span class={["grow", ("done", self.done)]} phx-click={TodoEvent::Edit}>{self.text}</span>
                    <button phx-click={TodosEvent::MOVE_UP} phx-value-id={self.number} aria-label="up">"↑"</button>
                    <button phx-click={TodosEvent::MOVE_DOWN} phx-value-id={self.number} aria-label="down">"↓"</button>
                    <button phx-click={TodosEvent::REMOVE} phx-value-id={self.number} aria-label="remove">"×"</button>
                }
            </li>
        }
    }
}
