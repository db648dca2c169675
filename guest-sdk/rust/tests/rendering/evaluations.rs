//! How often each place of a template is evaluated, counted.

use std::cell::RefCell;

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::View;

use crate::support::{change, mount};

thread_local! {
    static EVALUATED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Text that notes under a name that it was asked for.
struct Note<T>(&'static str, T);

impl<T: ToText> ToText for Note<T> {
    fn to_text(&self) -> String {
        EVALUATED.with_borrow_mut(|evaluated| evaluated.push(self.0));
        self.1.to_text()
    }
}

struct House {
    person: Person,
    title: Assign<String>,
    shown: Assign<bool>,
    mood: Assign<Option<u32>>,
    rooms: List<Room>,
    prices: Map<String, u32>,
    names: Assign<Vec<&'static str>>,
    note: Temporary<String>,
    unused: Assign<u32>,
}

struct Person {
    name: Assign<String>,
    age: Assign<u32>,
}

struct Room {
    name: String,
    lamps: List<u32>,
}

#[component]
fn Card(title: &str, age: u32, children: Slot, row: Slot<u32>) -> Html {
    html! {
        <h1>{Note("card title", title)}</h1>
        <h2>{Note("card age", age)}</h2>
        {render_slot(children)}
        for number in [1, 2] { {render_slot(row, &number)} }
    }
}

#[component]
fn Prices(prices: &Map<String, u32>, unit: &str) -> Html {
    html! { for (name, price) in prices { <p>{Note("price in component", name)} {price} {Note("unit", unit)}</p> } }
}

impl LiveView for House {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let room = |name: &str| Room { name: name.to_owned(), lamps: vec![1, 2].into() };
        Ok(Self {
            person: Person { name: "ann".to_owned().into(), age: 3.into() },
            title: "house".to_owned().into(),
            shown: true.into(),
            mood: Some(1).into(),
            rooms: ["hall", "attic"].map(room).into_iter().collect(),
            prices: [("palm".to_owned(), 3), ("fern".to_owned(), 2)].into_iter().collect(),
            names: vec!["a", "b"].into(),
            note: Temporary::default(),
            unused: 0.into(),
        })
    }

    fn render(&self) -> Html {
        html! {
            <p title={Note("attribute", &self.title)}>{Note("plain", &self.title)}</p>
            <p>{Note("name", &self.person.name)} {Note("age", &self.person.age)}</p>
            if *self.shown { {Note("if", &self.title)} } else { {Note("else", &self.title)} }
            match *self.mood {
                Some(mood) => { {Note("mood", mood)} {Note("match", &self.title)} }
                None => { {Note("none", &self.title)} }
            }
            for room in self.rooms {
                <p>
                    {Note("room", &room.name)} {Note("room and title", &self.title)}
                    for lamp in room.lamps { <i>{Note("lamp", lamp)} {Note("lamp and age", &self.person.age)}</i> }
                </p>
            }
            for (name, price) in self.prices { <p>{Note("price", name)} {price}</p> }
            for name in self.names key={name} { <p>{Note("keyed", name)} {Note("keyed and title", &self.title)}</p> }
            <Prices prices={self.prices} unit={self.title}/>
            {Note("note", &self.note)}
            <Card title={self.title} age={*self.person.age}>
                {Note("content", &self.person.name)}
                <:row :let={number}>{Note("row", number)} {Note("row and mood", *self.mood)}</:row>
            </Card>
        }
    }
}

/// What a change has evaluated, in the order of the page.
#[track_caller]
fn check(view: &mut View<House>, what: impl FnOnce(&mut House), expected: &[&str]) {
    EVALUATED.take();
    change(view, what);
    assert_eq!(EVALUATED.take(), expected);
    let page = view.html();
    let everything = view.everything();
    assert_eq!(everything, Ok(()));
    assert_eq!(page, view.html());
}

#[test]
fn the_first_document_evaluates_each_place_once() {
    EVALUATED.take();
    mount::<House>();
    assert_eq!(EVALUATED.take().len(), 37);
}

#[test]
fn no_change_evaluates_nothing() {
    let mut view = mount::<House>();
    check(&mut view, |_| {}, &[]);
    check(&mut view, |house| *house.unused += 1, &[]);
    check(&mut view, |house| house.title.set("house".to_owned()), &[]);
    check(
        &mut view,
        |house| assert!(house.rooms.get(0).is_some() && house.prices.get("palm").is_some()),
        &[],
    );
}

#[test]
fn a_value_is_evaluated_where_it_is_read_and_nowhere_else() {
    let mut view = mount::<House>();
    check(
        &mut view,
        |house| house.title.push('s'),
        &[
            "attribute",
            "plain",
            "if",
            "match",
            "room and title",
            "room and title",
            "keyed and title",
            "keyed and title",
            "unit",
            "unit",
            "card title",
        ],
    );
    check(&mut view, |house| house.person.name.push('a'), &["name", "content"]);
    check(
        &mut view,
        |house| *house.person.age += 1,
        &["age", "lamp and age", "lamp and age", "lamp and age", "lamp and age", "card age"],
    );
}

#[test]
fn a_branch_is_evaluated_whole_when_its_condition_was_written() {
    let mut view = mount::<House>();
    check(&mut view, |house| *house.shown = false, &["else"]);
    check(&mut view, |house| *house.shown = true, &["if"]);
    check(&mut view, |house| *house.mood = None, &["none", "row and mood", "row and mood"]);
    check(&mut view, |house| *house.mood = Some(2), &["mood", "match", "row and mood", "row and mood"]);
}

#[test]
fn of_loops_only_the_rows_that_changed_are_evaluated() {
    let mut view = mount::<House>();
    let room = ["room", "room and title", "lamp", "lamp and age", "lamp", "lamp and age"];
    check(&mut view, |house| house.rooms.get_mut(1).unwrap().name.push('s'), &room);
    check(&mut view, |house| house.rooms.move_to(1, 0), &[]);
    check(&mut view, |house| drop(house.rooms.remove(0)), &[]);
    let price = ["price", "price in component", "unit"];
    check(&mut view, |house| *house.prices.get_mut("fern").unwrap() += 1, &price);
    check(&mut view, |house| house.prices.extend([("aloe".to_owned(), 1)]), &price);
    check(&mut view, |house| assert_eq!(house.prices.remove("palm"), Some(3)), &[]);
    let keyed = ["keyed", "keyed and title", "keyed", "keyed and title"];
    check(&mut view, |house| house.names.reverse(), &keyed);
}

#[test]
fn a_temporary_value_is_evaluated_when_it_was_written() {
    let mut view = mount::<House>();
    EVALUATED.take();
    change(&mut view, |house| house.note.set("now".to_owned()));
    assert_eq!(EVALUATED.take(), ["note"]);
    change(&mut view, |_| {});
    assert_eq!(EVALUATED.take(), Vec::<&str>::new());
}
