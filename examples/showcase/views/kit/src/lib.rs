//! The kit of components, but for its inputs, on one page.

mod beside;
mod drawings;

use beside::{Messages, PAGES, Pages, SHEETS, Tooltips};
use drawings::Drawing;
use hothouse_sdk::kit::{
    Button, Card, ConfirmDialog, DescriptionList, Dropdown, FlashMessages, Glyph, Icon, Modal, Tabs, Variant,
};
use hothouse_sdk::prelude::*;

struct Bench {
    plants: List<Plant>,
    next_id: u32,
    /// The plant that may have to go, with its name.
    doubtful: Assign<Option<(u32, String)>>,
    lights_seen: Assign<u32>,
    /// The page of the catalogue, which the address says.
    page: Assign<usize>,
    sheet: Assign<usize>,
    flash: Assign<Flash>,
}

struct Plant {
    id: u32,
    name: String,
    kind: Kind,
    watered: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Palm,
    Fern,
    Cactus,
}

/// Plants that the bench has room for.
const ROOM: usize = 12;

#[derive(Event)]
enum BenchEvent {
    Add { name: String, kind: Kind },
    Water { id: u32 },
    AskToRemove { id: u32 },
    Keep,
    Remove { id: u32 },
    Clear,
    LightSeen,
    Turn { sheet: usize },
    Say { kind: String },
}

impl LiveView for Bench {
    type Event = BenchEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Component kit");
        let mut view = Self {
            plants: List::new(),
            next_id: 1,
            doubtful: None.into(),
            lights_seen: 0.into(),
            page: 1.into(),
            sheet: 1.into(),
            flash: Flash::default().into(),
        };
        view.add("Fan palm", Kind::Palm);
        view.add("Sword fern", Kind::Fern);
        view.add("Saguaro", Kind::Cactus);
        Ok(view)
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], _socket: &mut Socket) -> Result<()> {
        let page = param(params, "page").unwrap_or(1);
        if !(1..=PAGES).contains(&page) {
            return Err(Failure::not_found("The catalogue has no such page."));
        }
        self.page.set(page);
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: BenchEvent, socket: &mut Socket) -> Result<()> {
        match event {
            BenchEvent::Add { name, kind } => {
                let name = name.trim();
                if name.is_empty() || name.chars().count() > 40 {
                    return Err(Failure::bad_input("A plant's name has 1 to 40 characters."));
                }
                if self.plants.len() >= ROOM {
                    return Err(Failure::limit(format!("The bench has room for {ROOM} plants: remove one.")));
                }
                self.add(name, kind);
            }
            BenchEvent::Water { id } => {
                let index = self.index(id)?;
                if let Some(plant) = self.plants.get_mut(index) {
                    plant.watered += 1;
                }
            }
            BenchEvent::AskToRemove { id } => {
                let index = self.index(id)?;
                *self.doubtful = self.plants.get(index).map(|plant| (plant.id, plant.name.clone()));
            }
            BenchEvent::Keep => *self.doubtful = None,
            BenchEvent::Remove { id } => {
                *self.doubtful = None;
                let index = self.index(id)?;
                self.plants.remove(index);
            }
            BenchEvent::Clear => self.plants.clear(),
            BenchEvent::LightSeen => *self.lights_seen += 1,
            BenchEvent::Turn { sheet } if (1..=SHEETS).contains(&sheet) => self.sheet.set(sheet),
            BenchEvent::Turn { sheet } => {
                return Err(Failure::bad_input(format!("there is no sheet {sheet}")));
            }
            BenchEvent::Say { kind } => {
                let message = match kind.as_str() {
                    "info" => "The vents open at noon.",
                    "success" => "All plants are watered.",
                    "warning" => "The tank is nearly empty.",
                    "error" => "The heating has failed.",
                    _ => return Err(Failure::bad_input(format!("nothing is said as {kind}"))),
                };
                socket.put_flash(kind, message);
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main class="wide">
                <h1>"Component kit"</h1>
                <p class="soft">"What opens and closes here is the browser's business; what waters and removes is the view's."</p>

                <section aria-labelledby="buttons">
                    <h2 id="buttons">"Buttons and icons"</h2>
                    <p class="row">
                        <Button variant={Variant::Primary}><Icon glyph={Glyph::Plus}/> "Primary"</Button>
                        <Button>"Secondary"</Button>
                        <Button variant={Variant::Danger}><Icon glyph={Glyph::Trash}/> "Danger"</Button>
                        <Button variant={Variant::Quiet}>"Quiet"</Button>
                        <Button disabled={true}>"Disabled"</Button>
                        <Button href="/">"A link"</Button>
                        <Button variant={Variant::Quiet} aria-label="Edit"><Icon glyph={Glyph::Pencil}/></Button>
                    </p>
                    <ul class="glyphs">
                        for glyph in Glyph::ALL { <li><Icon glyph={glyph} label={format!("{glyph:?}")}/></li> }
                    </ul>
                </section>

                <section aria-labelledby="cards">
                    <div class="row">
                        <h2 id="cards" class="grow">"Cards, menus and dialogs"</h2>
                        <Button id="add" variant={Variant::Primary} phx-click={JS::new().show_modal("new-plant")}>
                            <Icon glyph={Glyph::Plus}/> "Add a plant"
                        </Button>
                        <Button id="clear" disabled={self.plants.is_empty()} phx-click={JS::new().show_modal("clear-bench")}>
                            "Clear"
                        </Button>
                    </div>
                    if self.plants.is_empty() { <p id="nothing" class="soft">"The bench is empty."</p> }
                    <div class="bench">
                        for plant in self.plants {
                            <Card id={format!("plant-{}", plant.id)}>
                                <:media><Drawing kind={plant.kind}/></:media>
                                <:header><h3>{plant.name}</h3></:header>
                                <p class="watered">
                                    match plant.watered {
                                        0 => { "Not watered yet." }
                                        1 => { "Watered once." }
                                        times => { "Watered " {times} " times." }
                                    }
                                </p>
                                <:actions>
                                    <Button
                                        phx-click={BenchEvent::WATER}
                                        phx-value-id={plant.id}
                                        aria-label={format!("Water {}", plant.name)}
                                    >
                                        <Icon glyph={Glyph::Drop}/> "Water"
                                    </Button>
                                    <Dropdown id={format!("more-{}", plant.id)} label="More">
                                        <:item select={JS::new().push(BenchEvent::WATER).value(json!({ "id": plant.id }))}>
                                            <Icon glyph={Glyph::Drop}/> "Water"
                                        </:item>
                                        <:item href="/table"><Icon glyph={Glyph::Search}/> "Find in the catalogue"</:item>
                                        <:item disabled><Icon glyph={Glyph::Leaf}/> "Take a cutting"</:item>
                                        <:item select={JS::new().push(BenchEvent::ASK_TO_REMOVE).value(json!({ "id": plant.id }))}>
                                            <Icon glyph={Glyph::Trash}/> "Remove"
                                        </:item>
                                    </Dropdown>
                                </:actions>
                            </Card>
                        }
                    </div>
                </section>

                <section aria-labelledby="tabs">
                    <h2 id="tabs">"Tabs"</h2>
                    <Tabs id="care" label="Care of plants">
                        <:tab label="Water">
                            <DescriptionList>
                                <:item label="Palms">"When the soil is dry to a finger's depth."</:item>
                                <:item label="Ferns">"Every other day; mist them in between."</:item>
                                <:item label="Cacti">"Once a month, and not at all in winter."</:item>
                            </DescriptionList>
                        </:tab>
                        <:tab label="Light" select={JS::new().push(BenchEvent::LightSeen)}>
                            <p>"Half shade for ferns, all the sun there is for cacti."</p>
                            <p class="soft" id="lights-seen">"The view has heard of this tab " {self.lights_seen} " times."</p>
                        </:tab>
                        <:tab label="Soil"><p>"One part sand, two parts leaf mould, and some patience."</p></:tab>
                    </Tabs>
                </section>

                <Tooltips/>
                <Pages page={self.page} sheet={self.sheet}/>
                <Messages/>

                <Modal id="new-plant" title="Add a plant">
                    <form id="new-plant-form" phx-submit={JS::new().hide_modal("new-plant").push(BenchEvent::ADD)}>
                        <p>
                            <label>"Name" <input name="name" required maxlength="40" autocomplete="off"></label>
                        </p>
                        <p>
                            <label>
                                "Kind"
                                <select name="kind">
                                    <option value="palm">"Palm"</option>
                                    <option value="fern">"Fern"</option>
                                    <option value="cactus">"Cactus"</option>
                                </select>
                            </label>
                        </p>
                    </form>
                    <:actions>
                        <Button phx-click={JS::new().hide_modal("new-plant")}>"Cancel"</Button>
                        <Button type="submit" form="new-plant-form" variant={Variant::Primary}>"Add"</Button>
                    </:actions>
                </Modal>
                <ConfirmDialog
                    id="clear-bench"
                    title="Clear the bench?"
                    confirm={JS::new().push(BenchEvent::Clear)}
                    confirm_label="Clear"
                    cancel_label="Keep them"
                    variant={Variant::Danger}
                >
                    <p>"All plants on it are removed. " <a href="/table">"The catalogue"</a> " has more."</p>
                </ConfirmDialog>
                if let Some((id, name)) = &*self.doubtful {
                    <ConfirmDialog
                        id="remove-plant"
                        title={format!("Remove {name}?")}
                        confirm={JS::new().push(BenchEvent::REMOVE).value(json!({ "id": id }))}
                        confirm_label="Remove"
                        cancel={JS::new().push(BenchEvent::Keep)}
                        cancel_label="Keep it"
                        variant={Variant::Danger}
                        show
                    >
                        <p>"It will not come back."</p>
                    </ConfirmDialog>
                }
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

impl Bench {
    fn add(&mut self, name: &str, kind: Kind) {
        self.plants.push(Plant { id: self.next_id, name: name.to_owned(), kind, watered: 0 });
        self.next_id += 1;
    }

    fn index(&self, id: u32) -> Result<usize> {
        self.plants
            .position(|plant| plant.id == id)
            .ok_or_else(|| Failure::bad_input(format!("there is no plant {id}")))
    }
}

impl FromValue for Kind {
    fn from_text(text: &str) -> Option<Self> {
        match text {
            "palm" => Some(Self::Palm),
            "fern" => Some(Self::Fern),
            "cactus" => Some(Self::Cactus),
            _ => None,
        }
    }

    fn expected() -> String {
        "palm, fern or cactus".to_owned()
    }
}

export!(Bench);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Bench;

    #[test]
    fn watering_is_told_on_one_card_and_plants_come_and_go() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Bench>::mount(&testing::context().build())?;
        view.event("water", r#"{"id":2}"#)?;
        assert_eq!(view.html().matches("Watered once.").count(), 1);
        assert!(!view.changes().contains("Fan palm"), "{}", view.changes());
        view.event("add", r#"{"name":" Moss ","kind":"fern"}"#)?;
        assert!(view.html().contains("<h3>Moss</h3>"));
        assert!(view.event("add", r#"{"name":" ","kind":"fern"}"#).is_err());
        view.event("ask_to_remove", r#"{"id":2}"#)?;
        assert!(view.html().contains("Remove Sword fern?"));
        view.event("remove", r#"{"id":2}"#)?;
        assert!(!view.html().contains("Sword fern"));
        assert!(view.event("turn", r#"{"sheet":4}"#).is_err());
        view.event("turn", r#"{"sheet":3}"#)?;
        assert!(view.html().contains("sheet 3 of the log"));
        assert!(view.event("say", r#"{"kind":"nonsense"}"#).is_err());
        view.event("clear", "{}")?;
        assert!(view.html().contains("The bench is empty."));
        Ok(())
    }
}
