//! Components: tabs, a dialog and a table with columns, each written once and used as a tag.

mod parts;

use hothouse_sdk::prelude::*;
use parts::{Dialog, Tab, Table};

struct Garden {
    shown: Assign<Shown>,
    plants: List<Plant>,
    watered: Assign<u32>,
}

struct Plant {
    name: &'static str,
    height_cm: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Plants,
    Notes,
}

#[derive(Event)]
enum GardenEvent {
    ShowPlants,
    ShowNotes,
    Water,
    Clear,
}

impl LiveView for Garden {
    type Event = GardenEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Components");
        let plants = [("Palm", 180), ("Fern", 40), ("Orchid", 25)];
        Ok(Self {
            shown: Assign::new(Shown::Plants),
            plants: plants.into_iter().map(|(name, height_cm)| Plant { name, height_cm }).collect(),
            watered: Assign::new(0),
        })
    }

    fn handle_event(&mut self, event: GardenEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            GardenEvent::ShowPlants => *self.shown = Shown::Plants,
            GardenEvent::ShowNotes => *self.shown = Shown::Notes,
            GardenEvent::Water => {
                *self.watered += 1;
                self.plants.iter_mut().for_each(|plant| plant.height_cm += 1);
            }
            GardenEvent::Clear => self.plants.clear(),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Components"</h1>
                <div class="row" role="tablist">
                    <Tab id="plants-tab" selected={*self.shown == Shown::Plants} event={GardenEvent::ShowPlants}>
                        "Plants"
                    </Tab>
                    <Tab id="notes-tab" selected={*self.shown == Shown::Notes} event={GardenEvent::ShowNotes}>
                        "Notes"
                    </Tab>
                </div>
                match *self.shown {
                    Shown::Plants => {
                        <Table rows={self.plants} id="plants">
                            <:column :let={plant} label="Name">{plant.name}</:column>
                            <:column :let={plant} label="Height">{plant.height_cm} " cm"</:column>
                            <:empty><p id="nothing">"Nothing grows here."</p></:empty>
                        </Table>
                        <p class="row">
                            <button id="water" phx-click={GardenEvent::Water}>"Water all"</button>
                            <button id="ask" phx-click={parts::open("#clear")}>"Clear"</button>
                        </p>
                    }
                    Shown::Notes => { <p id="notes">"Watered " {self.watered} " times."</p> }
                }
                <Dialog id="clear" title="Clear the garden?">
                    <p>"All plants are removed."</p>
                    <:actions>
                        <button id="confirm" class="primary" phx-click={parts::close("#clear").push(GardenEvent::Clear)}>
                            "Clear"
                        </button>
                    </:actions>
                </Dialog>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

export!(Garden);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Garden;

    #[test]
    fn watering_changes_one_column_of_each_row() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Garden>::mount(&testing::context().build())?;
        assert!(view.html().contains("<tr><td>Fern</td><td>40 cm</td></tr>"));
        view.event("water", "{}")?;
        assert!(view.html().contains("<tr><td>Fern</td><td>41 cm</td></tr>"));
        Ok(())
    }
}
