//! One todo in the list: its title, and an input for it while it is changed.

use hothouse_sdk::kit::{Button, Glyph, Icon, Variant};
use hothouse_sdk::prelude::*;

use crate::ListEvent;
use crate::records::{Change, OPEN, TOPIC, checked_title};

/// What everybody sees of it comes from the list; what is typed into it is this page's alone.
pub(crate) struct Item {
    id: String,
    title: Assign<String>,
    is_editing: Assign<bool>,
    /// What is typed and not saved yet.
    draft: Assign<String>,
    /// Whoever has edited it is where they have begun.
    was_edited: Assign<bool>,
}

#[derive(Clone, PartialEq, Attributes)]
pub(crate) struct ItemAttributes {
    key: String,
    title: String,
}

#[derive(Event)]
pub(crate) enum ItemEvent {
    Edit,
    Draft { title: String },
    Save { title: String },
    Cancel,
}

impl LiveComponent for Item {
    type Attributes = ItemAttributes;
    type Event = ItemEvent;

    fn mount(ItemAttributes { key, title }: ItemAttributes) -> Self {
        Self {
            id: key,
            title: title.into(),
            is_editing: false.into(),
            draft: String::new().into(),
            was_edited: false.into(),
        }
    }

    fn update(&mut self, ItemAttributes { title, .. }: ItemAttributes) {
        self.title.set(title);
    }

    fn handle_event(&mut self, event: ItemEvent, socket: &mut Socket) -> Result<()> {
        self.was_edited.set(true);
        match event {
            ItemEvent::Edit => {
                self.draft.set(self.title.to_string());
                self.is_editing.set(true);
            }
            ItemEvent::Draft { title } => self.draft.set(title),
            ItemEvent::Cancel => self.is_editing.set(false),
            ItemEvent::Save { title } => {
                let title = checked_title(&title)?;
                let is_there = OPEN.update(&self.id, |todo| todo.title.clone_from(&title))?;
                if is_there {
                    // The list hears of it as everybody does.
                    socket.broadcast(TOPIC, &Change::Renamed { id: self.id.clone(), title: title.clone() });
                    self.title.set(title);
                }
                self.is_editing.set(false);
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <li id={format!("open-{}", self.id)}>
                if *self.is_editing {
                    <form
                        id={format!("edit-{}", self.id)}
                        class="row grow"
                        phx-change={ItemEvent::DRAFT}
                        phx-submit={ItemEvent::SAVE}
                        phx-window-keydown={ItemEvent::Cancel}
                        phx-key="Escape"
                    >
                        <input
                            class="grow" name="title" value={self.draft} required maxlength="80" phx-debounce="300"
                            aria-label="What is to be done" autocomplete="off" phx-mounted={JS::new().focus(To::This)}
                        >
                        <Button r#type="submit" variant={Variant::Primary}>"Save"</Button>
                    </form>
                } else {
                    <input
                        type="checkbox" phx-click={ListEvent::DONE} phx-value-id={self.id}
                        aria-label={format!("{} is done", *self.title)}
                    >
                    <span class="grow title">{self.title}</span>
                    <Button
                        variant={Variant::Quiet} aria-label={format!("Edit {}", *self.title)} phx-click={ItemEvent::Edit}
                        phx-mounted={self.was_edited.then(|| JS::new().focus(To::This))}
                    >
                        <Icon glyph={Glyph::Pencil}/>
                    </Button>
                    <Button
                        variant={Variant::Quiet} aria-label={format!("Remove {}", *self.title)}
                        phx-click={ListEvent::REMOVE} phx-value-id={self.id}
                    >
                        <Icon glyph={Glyph::Trash}/>
                    </Button>
                }
            </li>
        }
    }
}
