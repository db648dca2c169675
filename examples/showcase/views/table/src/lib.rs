//! A table of two hundred plants that is sorted by a click on a heading and filtered while somebody types. Rows that move
//! are moved; only what was not there before is sent.

mod plants;

use std::cmp::Ordering;

use hothouse_sdk::kit::{Button, Glyph, Icon, Sorted, Table};
use hothouse_sdk::prelude::*;
use plants::Plant;

struct Catalogue {
    all: Vec<Plant>,
    shown: List<Plant>,
    by: Assign<By>,
    direction: Assign<Sorted>,
}

/// The columns.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Name,
    Group,
    Height,
    Stock,
}

#[derive(Event)]
enum CatalogueEvent {
    Sort { by: By },
    Filter { text: String },
    Sell { id: u32 },
}

impl LiveView for Catalogue {
    type Event = CatalogueEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Table");
        let mut view = Self {
            all: plants::all(),
            shown: List::new(),
            by: By::Name.into(),
            direction: Sorted::Ascending.into(),
        };
        view.filter("");
        Ok(view)
    }

    fn handle_event(&mut self, event: CatalogueEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            CatalogueEvent::Sort { by } => {
                *self.direction = if *self.by == by { self.direction.reversed() } else { Sorted::Ascending };
                *self.by = by;
                self.sort();
            }
            CatalogueEvent::Filter { text } => self.filter(&text),
            CatalogueEvent::Sell { id } => self.sell(id)?,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main class="wide">
                <h1>"Table"</h1>
                <form id="filter" class="row" role="search" phx-change={CatalogueEvent::FILTER} phx-submit={CatalogueEvent::FILTER}>
                    <label class="search">
                        <Icon glyph={Glyph::Search}/>
                        <span class="hh-unseen">"Filter by name or group"</span>
                        <input
                            type="search"
                            name="text"
                            placeholder="Filter by name or group"
                            autocomplete="off"
                            phx-debounce="150"
                        >
                    </label>
                    <p class="soft" id="count" role="status">{self.shown.len()} " of " {self.all.len()} " plants"</p>
                </form>
                <Table
                    id="plants"
                    caption="Plants in the catalogue"
                    rows={self.shown}
                    row_id={|plant: &Plant| format!("plant-{}", plant.id)}
                    action_label="Sell"
                >
                    <:column
                        :let={plant}
                        label="Name"
                        sort={JS::new().push(CatalogueEvent::SORT).value(json!({ "by": By::Name.word() }))}
                        sorted?={(*self.by == By::Name).then_some(*self.direction)}
                    >
                        {plant.name}
                    </:column>
                    <:column
                        :let={plant}
                        label="Group"
                        sort={JS::new().push(CatalogueEvent::SORT).value(json!({ "by": By::Group.word() }))}
                        sorted?={(*self.by == By::Group).then_some(*self.direction)}
                    >
                        {plant.group}
                    </:column>
                    <:column
                        :let={plant}
                        label="Height"
                        numeric
                        sort={JS::new().push(CatalogueEvent::SORT).value(json!({ "by": By::Height.word() }))}
                        sorted?={(*self.by == By::Height).then_some(*self.direction)}
                    >
                        {plant.height_cm} " cm"
                    </:column>
                    <:column
                        :let={plant}
                        label="In stock"
                        numeric
                        sort={JS::new().push(CatalogueEvent::SORT).value(json!({ "by": By::Stock.word() }))}
                        sorted?={(*self.by == By::Stock).then_some(*self.direction)}
                    >
                        {plant.in_stock}
                    </:column>
                    <:action :let={plant}>
                        <Button
                            phx-click={CatalogueEvent::SELL}
                            phx-value-id={plant.id}
                            disabled={plant.in_stock == 0}
                            aria-label={format!("Sell one {}", plant.name)}
                        >
                            "Sell one"
                        </Button>
                    </:action>
                    <:empty>"No plant has that in its name or group."</:empty>
                </Table>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

impl Catalogue {
    fn sort(&mut self) {
        let (by, direction) = (*self.by, *self.direction);
        self.shown.sort_by(|first, second| compare(first, second, by, direction));
    }

    /// Rows that stay keep who they are, so they are not sent again.
    fn filter(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        let matches = |plant: &Plant| {
            [&plant.name, plant.group].iter().any(|field| field.to_lowercase().contains(&text))
        };
        self.shown.retain(matches);
        let shown: Vec<u32> = self.shown.iter().map(|plant| plant.id).collect();
        let missing = self.all.iter().filter(|plant| matches(plant) && !shown.contains(&plant.id));
        self.shown.extend(missing.cloned());
        self.sort();
    }

    fn sell(&mut self, id: u32) -> Result<()> {
        let plant = self.all.iter_mut().find(|plant| plant.id == id && plant.in_stock > 0);
        let plant = plant.ok_or_else(|| Failure::bad_input(format!("there is no plant {id} in stock")))?;
        plant.in_stock -= 1;
        let index = self.shown.position(|shown| shown.id == id);
        if let Some(shown) = index.and_then(|index| self.shown.get_mut(index)) {
            shown.in_stock = plant.in_stock;
        }
        Ok(())
    }
}

/// Plants that are equal in one column keep to the order of their names.
fn compare(first: &Plant, second: &Plant, by: By, direction: Sorted) -> Ordering {
    let order = match by {
        By::Name => Ordering::Equal,
        By::Group => first.group.cmp(second.group),
        By::Height => first.height_cm.cmp(&second.height_cm),
        By::Stock => first.in_stock.cmp(&second.in_stock),
    };
    let order = order.then_with(|| first.name.cmp(&second.name));
    match direction {
        Sorted::Ascending => order,
        Sorted::Descending => order.reverse(),
    }
}

impl By {
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Group => "group",
            Self::Height => "height",
            Self::Stock => "stock",
        }
    }
}

impl FromValue for By {
    fn from_text(text: &str) -> Option<Self> {
        [Self::Name, Self::Group, Self::Height, Self::Stock].into_iter().find(|by| by.word() == text)
    }

    fn expected() -> String {
        "name, group, height or stock".to_owned()
    }
}

export!(Catalogue);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Catalogue;

    #[test]
    fn plants_are_found_by_name_and_group_and_sorted_both_ways() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Catalogue>::mount(&testing::context().build())?;
        view.event("filter", r#"{"text":" RUBY"}"#)?;
        assert!(view.html().contains("10 of 200 plants"));
        let first =
            |view: &testing::View<Catalogue>| view.state().shown.get(0).map(|plant| plant.name.clone());
        view.event("sort", r#"{"by":"height"}"#)?;
        assert_eq!(first(&view).as_deref(), Some("Ruby sundew"));
        view.event("sort", r#"{"by":"height"}"#)?;
        assert_eq!(first(&view).as_deref(), Some("Ruby fan palm"));
        view.event("filter", r#"{"text":"orchids"}"#)?;
        assert!(view.html().contains("40 of 200 plants"));
        assert!(view.event("sort", r#"{"by":"colour"}"#).is_err());
        view.event("filter", r#"{"text":"none such"}"#)?;
        assert!(view.html().contains("No plant has that"));
        Ok(())
    }
}
