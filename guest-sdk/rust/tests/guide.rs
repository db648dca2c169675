//! The view of the guide's chapter on state, `docs/guide/state.md`, and what the chapter says about it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{View, context};
use serde::{Deserialize, Serialize};

#[derive(State)]
#[live(version = 2, from = GardenOf1)]
struct Garden {
    gardener: Gardener,
    beds: List<Bed>,
    prices: Map<String, u32>,
    notice: Temporary<String>,
    weather: Assign<Option<String>>,
    next_entry: u32,
    #[live(skip = diary_from(next_entry))]
    diary: Stream<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Gardener {
    name: Assign<String>,
    hours: Assign<u32>,
}

#[derive(Serialize, Deserialize)]
struct Bed {
    plant: String,
    height: u32,
}

struct Entry {
    number: u32,
}

/// The newest entries of the diary.
fn diary_from(next_entry: u32) -> Stream<Entry> {
    let mut diary = Stream::new("diary", |entry: &Entry| entry.number);
    diary.extend((1..next_entry).rev().take(10).map(|number| Entry { number }));
    diary
}

impl LiveView for Garden {
    type Event = RawEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let bed = |plant: &str| Bed { plant: plant.to_owned(), height: 1 };
        Ok(Self {
            gardener: Gardener { name: Assign::new("Ann".to_owned()), hours: Assign::new(0) },
            beds: ["Palm", "Fern"].into_iter().map(bed).collect(),
            prices: [("Palm".to_owned(), 30), ("Fern".to_owned(), 5)].into_iter().collect(),
            notice: Temporary::new("Welcome".to_owned()),
            weather: Assign::new(None),
            next_entry: 1,
            diary: diary_from(1),
        })
    }

    fn connected(&mut self, _context: &Context, _socket: &mut Socket) -> Result<()> {
        self.weather.assign_new(|| "sunny".to_owned());
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <h1>{self.gardener.name} ", " {self.gardener.hours} " h, " {self.weather}</h1>
            <p>{self.notice}</p>
            <ul>
                for bed in self.beds {
                    <li>{bed.plant} " of " {self.gardener.name} ": " {bed.height}</li>
                }
            </ul>
            <ul>
                for (plant, price) in self.prices {
                    <li>{plant} ": " {price}</li>
                }
            </ul>
            <ul id="diary" phx-update="stream">
                for (dom_id, entry) in self.diary {
                    <li id={dom_id}>"Day " {entry.number}</li>
                }
            </ul>
        }
    }
}

/// As it was when a gardener was a name.
#[derive(State)]
struct GardenOf1 {
    gardener: String,
    beds: List<Bed>,
}

impl From<GardenOf1> for Garden {
    fn from(GardenOf1 { gardener, beds }: GardenOf1) -> Self {
        Self {
            gardener: Gardener { name: Assign::new(gardener), hours: Assign::new(0) },
            beds,
            prices: Map::new(),
            notice: Temporary::default(),
            weather: Assign::new(None),
            next_entry: 1,
            diary: diary_from(1),
        }
    }
}

fn mount() -> View<Garden> {
    View::mount(&context().build()).unwrap()
}

#[track_caller]
fn evaluates(view: &mut View<Garden>, change: impl FnOnce(&mut Garden), expected: &str) {
    let changed = view.callback(|garden, _| {
        change(garden);
        Ok(())
    });
    assert_eq!(changed, Ok(()));
    assert_eq!(view.changes(), expected);
}

#[test]
fn what_reads_a_value_is_evaluated_and_nothing_else() {
    let mut view = mount();
    // Slots in brackets, `=` for one that was not evaluated.
    evaluates(&mut view, |garden| *garden.gardener.hours += 1, r#"[=, "1", =, =, =, =, =]"#);
    evaluates(
        &mut view,
        |garden| garden.gardener.name.set("Ann".to_owned()),
        "=", // It is Ann already.
    );
    evaluates(
        &mut view,
        |garden| garden.gardener.name.push('e'),
        r#"["Anne", =, =, =, {0: [=, "Anne", =]; 1: [=, "Anne", =]}, =, =]"#,
    );
    evaluates(
        &mut view,
        |garden| garden.beds.get_mut(1).unwrap().height = 2,
        r#"[=, =, =, =, {1: ["Fern", "Anne", "2"]}, =, =]"#,
    );
    evaluates(
        &mut view,
        |garden| *garden.prices.get_mut("Fern").unwrap() = 6,
        // Rows are numbered as they were made; the map was made in the order of its keys.
        r#"[=, =, =, =, =, {2: ["Fern", "6"]}, =]"#,
    );
}

#[test]
fn a_temporary_value_is_shown_and_gone() {
    let mut view = mount();
    assert!(view.html().contains("<p>Welcome</p>"));
    assert_eq!(*view.state().notice.get(), "");
    evaluates(
        &mut view,
        |garden| garden.notice.set("It rains".to_owned()),
        r#"[=, =, =, "It rains", =, =, =]"#,
    );
    evaluates(&mut view, |_| {}, "=");
    assert!(view.html().contains("<p>It rains</p>"), "the page goes on showing it");
    view.everything().unwrap();
    assert!(view.html().contains("<p></p>"), "but it cannot be shown again");
}

#[test]
fn a_garden_outlives_its_instance() {
    let mut view = mount();
    let grown = view.callback(|garden, _| {
        garden.beds.push(Bed { plant: "Moss".to_owned(), height: 1 });
        *garden.weather = Some("rainy".to_owned());
        garden.next_entry = 3;
        garden.diary.extend([Entry { number: 1 }, Entry { number: 2 }]);
        Ok(())
    });
    assert_eq!(grown, Ok(()));
    let snapshot = view.snapshot().unwrap();

    let restored = View::<Garden>::restore(&snapshot, &context().build()).unwrap();
    assert!(restored.html().contains("<li>Moss of Ann: 1</li>"));
    assert!(restored.html().contains("rainy"), "nobody asked for the weather again");
    assert!(restored.html().contains("<p></p>"), "the notice was for one document");
    let newest_first = "<li id=\"diary-2\">Day 2</li><li id=\"diary-1\">Day 1</li>";
    assert!(restored.html().contains(newest_first), "the diary was made anew");
}

#[test]
fn a_garden_of_an_older_version_is_taken_over() {
    let old = GardenOf1 { gardener: "Bob".to_owned(), beds: List::new() };
    let restored = View::<Garden>::restore(&old.snapshot().unwrap(), &context().build()).unwrap();
    assert!(restored.html().contains("<h1>Bob, 0 h, sunny</h1>"));
    assert!(GardenOf1::restore(&mount().snapshot().unwrap()).is_err(), "and not the other way round");
}
