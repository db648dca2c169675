//! One todo.

use hothouse_sdk::kit::{Button, Glyph, Icon, Variant};
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

/// What a todo may say.
pub(crate) fn check(text: &str) -> Result<()> {
    if text.is_empty() || text.chars().count() > 80 {
        return Err(Failure::bad_input("A todo has 1 to 80 characters."));
    }
    Ok(())
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
                let text = text.trim().to_owned();
                check(&text)?;
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
                    <form id={format!("edit-{}", self.number)} class="row grow" phx-submit={TodoEvent::SAVE} phx-window-keydown={TodoEvent::Cancel} phx-key="Escape">
                        <input class="grow" name="text" value={self.text} required maxlength="80" aria-label="What is to be done"
                            autocomplete="off" phx-mounted={JS::new().focus(To::This)}>
                        <Button r#type="submit" variant={Variant::Primary}>"Save"</Button>
                    </form>
                } else {
                    <input type="checkbox" checked={*self.done} phx-click={TodoEvent::Toggle} aria-label={format!("{} is done", self.text)}>
                    <span class={["grow", ("done", self.done)]} phx-click={TodoEvent::Edit}>{self.text}</span>
                    <Button variant={Variant::Quiet} aria-label="Edit" phx-click={TodoEvent::Edit}>
                        <Icon glyph={Glyph::Pencil}/>
                    </Button>
                    <Button variant={Variant::Quiet} aria-label="Up" phx-click={TodosEvent::MOVE_UP} phx-value-id={self.number}>
                        <Icon glyph={Glyph::ArrowUp}/>
                    </Button>
                    <Button variant={Variant::Quiet} aria-label="Down" phx-click={TodosEvent::MOVE_DOWN} phx-value-id={self.number}>
                        <Icon glyph={Glyph::ArrowDown}/>
                    </Button>
                    <Button variant={Variant::Quiet} aria-label="Remove" phx-click={TodosEvent::REMOVE} phx-value-id={self.number}>
                        <Icon glyph={Glyph::Trash}/>
                    </Button>
                }
            </li>
        }
    }
}
