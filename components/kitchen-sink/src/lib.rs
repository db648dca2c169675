//! A view that uses everything the SDK offers: every kind of slot, choice and loop, effects, and refusals.

use hothouse_sdk::prelude::*;

struct KitchenSink {
    level: Assign<u32>,
    mood: Assign<Mood>,
    note: Assign<Option<String>>,
    names: Assign<Vec<String>>,
    plants: List<Plant>,
    locked: Assign<bool>,
}

struct Plant {
    id: u32,
    name: String,
    litres: u32,
}

enum Mood {
    Calm,
    Busy { tasks: u32 },
}

#[derive(Event)]
enum KitchenEvent {
    /// Nested conditionals: what is shown depends on the level.
    Level {
        level: u32,
    },
    Calm,
    Busy {
        tasks: u32,
    },
    Note {
        text: Option<String>,
    },
    /// A loop with keys over a vector.
    AddName {
        name: String,
    },
    RemoveName {
        name: String,
    },
    ReverseNames,
    /// A loop over a list.
    AddPlant {
        name: String,
    },
    Water {
        id: u32,
    },
    MovePlant {
        from: usize,
        to: usize,
    },
    RemovePlant {
        id: u32,
    },
    SortPlants,
    /// Boolean attributes.
    Lock {
        locked: bool,
    },
    /// Effects.
    Title {
        text: String,
    },
    Reply,
    PushEvent,
    /// A refusal.
    Fail,
}

impl LiveView for KitchenSink {
    type Event = KitchenEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        if context.param("missing").is_some() {
            return Err(Failure::not_found("the kitchen is missing"));
        }
        let plants = [(1, "fern"), (2, "palm"), (3, "moss")];
        Ok(Self {
            level: Assign::new(0),
            mood: Assign::new(Mood::Calm),
            note: Assign::new(None),
            names: Assign::new(vec!["ann".to_owned(), "bob".to_owned()]),
            plants: plants
                .into_iter()
                .map(|(id, name)| Plant { id, name: name.to_owned(), litres: 0 })
                .collect(),
            locked: Assign::new(false),
        })
    }

    fn handle_event(&mut self, event: KitchenEvent, socket: &mut Socket) -> Result<()> {
        match event {
            KitchenEvent::Level { level } => *self.level = level,
            KitchenEvent::Calm => *self.mood = Mood::Calm,
            KitchenEvent::Busy { tasks } => *self.mood = Mood::Busy { tasks },
            KitchenEvent::Note { text } => *self.note = text,
            KitchenEvent::AddName { name } => self.names.push(name),
            KitchenEvent::RemoveName { name } => self.names.retain(|known| *known != name),
            KitchenEvent::ReverseNames => self.names.reverse(),
            KitchenEvent::AddPlant { name } => {
                let id = self.plants.iter().map(|plant| plant.id).max().unwrap_or(0) + 1;
                self.plants.insert(0, Plant { id, name, litres: 0 });
            }
            KitchenEvent::Water { id } => {
                let index = self.plant(id)?;
                if let Some(plant) = self.plants.get_mut(index) {
                    plant.litres += 1;
                }
            }
            KitchenEvent::MovePlant { from, to } => self.plants.move_to(from, to),
            KitchenEvent::RemovePlant { id } => {
                let index = self.plant(id)?;
                self.plants.remove(index);
            }
            KitchenEvent::SortPlants => self.plants.sort_by(|first, second| first.name.cmp(&second.name)),
            KitchenEvent::Lock { locked } => *self.locked = locked,
            KitchenEvent::Title { text } => socket.page_title(text),
            KitchenEvent::Reply => socket.reply(json!({ "level": *self.level })),
            KitchenEvent::PushEvent => socket.push_event("watered", json!({ "plants": self.plants.len() })),
            KitchenEvent::Fail => return Err(Failure::bad_input("refused, as asked")),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <section id="levels">
                <p>"Level " {self.level}</p>
                if *self.level > 0 {
                    <p class="one">"above ground"</p>
                    if *self.level > 1 {
                        <p class="two">"above " {*self.level - 1} if *self.level > 2 { " and more" }</p>
                    }
                } else {
                    <p class="none">"ground"</p>
                }
            </section>
            <section id="mood">
                match &*self.mood {
                    Mood::Calm => { <p>"calm"</p> }
                    Mood::Busy { tasks } if *tasks > 9 => { <p class="hot">"very busy: " {tasks}</p> }
                    Mood::Busy { tasks } => { <p>"busy: " {tasks}</p> }
                }
                if let Some(note) = &*self.note {
                    <blockquote title={note}>{note}</blockquote>
                }
            </section>
            <ul id="names">
                for name in self.names key={name} {
                    <li id={format!("name-{name}")}>{name}</li>
                }
            </ul>
            <ol id="plants">
                for plant in self.plants {
                    <li id={format!("plant-{}", plant.id)}>
                        {plant.name} ": " {plant.litres}
                        <button phx-click={KitchenEvent::WATER} phx-value-id={plant.id} disabled={self.locked}>
                            "water"
                        </button>
                    </li>
                }
            </ol>
            <form>
                <input type="checkbox" name="locked" checked={self.locked}>
                <input name="level" value={self.level} required readonly={*self.locked || *self.level > 1}>
            </form>
            <p id="literal" title="<b> & \"it's\"">"<b> & \"it's\""</p>
            <div id="raw">{raw(format!("<em>{}</em>", self.level))}</div>
            {self.footer()}
        }
    }
}

impl KitchenSink {
    /// Markup in a function of its own.
    fn footer(&self) -> Html {
        html! { <footer>{self.names.len()} " names, " {self.plants.len()} " plants"</footer> }
    }

    fn plant(&self, id: u32) -> Result<usize> {
        self.plants
            .position(|plant| plant.id == id)
            .ok_or_else(|| Failure::bad_input(format!("there is no plant {id}")))
    }
}

export!(KitchenSink);
