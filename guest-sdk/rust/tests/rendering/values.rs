//! Values of all shapes: structs in structs, maps, values for one document, values that are made once.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::View;
use proptest::prelude::*;

use crate::support::{change, check, mount};

/// A person of whom each part is tracked by itself.
#[derive(Default)]
struct Person {
    name: Assign<String>,
    address: Address,
    age: Assign<u32>,
    born: u32,
}

#[derive(Default)]
struct Address {
    town: Assign<String>,
    rows: List<u32>,
}

/// A person who is tracked as a whole.
#[derive(Clone, Default)]
struct Account {
    mail: String,
    visits: u32,
}

#[derive(Default)]
struct Page {
    person: Person,
    other: Person,
    account: Assign<Account>,
    boxed: Box<Person>,
    other_boxed: Box<Person>,
}

impl LiveView for Page {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self::default())
    }

    fn render(&self) -> Html {
        html! {
            <p>{self.person.name} {self.person.age} {self.person.born} {self.person.name.len()}</p>
            if !self.person.address.town.is_empty() { <b>{self.person.address.town} {self.person.age}</b> }
            <ul><li :for={row in self.person.address.rows}>{row} {self.person.age}</li></ul>
            <p>{self.account.mail} {self.account.visits}</p>
            <p>{self.boxed.name} for row in self.boxed.address.rows { <i>{row}</i> }</p>
            <p>{self.other_boxed.name} for row in self.other_boxed.address.rows { <u>{row}</u> }</p>
        }
    }
}

impl Page {
    fn expected(&self) -> String {
        let Self { person, account, boxed, .. } = self;
        let (age, town) = (*person.age, &*person.address.town);
        let lived = if town.is_empty() { String::new() } else { format!("<b>{town}{age}</b>") };
        let rows: String = person.address.rows.iter().map(|row| format!("<li>{row}{age}</li>")).collect();
        let boxed_rows: String = boxed.address.rows.iter().map(|row| format!("<i>{row}</i>")).collect();
        let other = &self.other_boxed;
        let other_rows: String = other.address.rows.iter().map(|row| format!("<u>{row}</u>")).collect();
        format!(
            "<p>{}{age}{}{}</p>{lived}<ul>{rows}</ul><p>{}{}</p><p>{}{boxed_rows}</p><p>{}{other_rows}</p>",
            *person.name,
            person.born,
            person.name.len(),
            account.mail,
            account.visits,
            *boxed.name,
            *other.name
        )
    }
}

#[test]
fn a_field_of_a_struct_is_tracked_by_itself_where_it_has_an_assign_of_its_own() {
    let mut view = mount::<Page>();
    check(
        &mut view,
        |page| *page.person.age = 3,
        r#"[=, "3", "0", =, -, =, =, =, "", {order}, "", {order}]"#,
    );
    check(
        &mut view,
        |page| page.person.name.push('a'),
        r#"["a", =, "0", "1", =, =, =, =, "", {order}, "", {order}]"#,
    );
    check(
        &mut view,
        |page| page.person.address.town.push('t'),
        r#"[=, =, "0", =, ["t", "3"], =, =, =, "", {order}, "", {order}]"#,
    );
    // A list in a struct in a struct: one row, and only that.
    change(&mut view, |page| page.person.address.rows.extend([7, 8]));
    check(
        &mut view,
        |page| *page.person.address.rows.get_mut(1).unwrap() += 1,
        r#"[=, =, "0", =, =, {1: ["9", "3"]}, =, =, "", {order}, "", {order}]"#,
    );
}

#[test]
fn an_assign_around_a_struct_changes_as_a_whole() {
    let mut view = mount::<Page>();
    check(
        &mut view,
        |page| page.account.visits += 1,
        r#"[=, =, "0", =, =, =, "", "1", "", {order}, "", {order}]"#,
    );
    check(
        &mut view,
        |page| assert_eq!(page.account.visits, 1),
        r#"[=, =, "0", =, =, =, =, =, "", {order}, "", {order}]"#,
    );
}

#[test]
fn a_value_that_comes_back_from_where_no_template_looks_is_evaluated() {
    let mut view = mount::<Page>();
    let exchange = |page: &mut Page| std::mem::swap(&mut page.person.age, &mut page.other.age);
    change(&mut view, |page| *page.other.age = 5);
    check(&mut view, exchange, r#"[=, "5", "0", =, -, =, =, =, "", {order}, "", {order}]"#);
    check(&mut view, exchange, r#"[=, "0", "0", =, -, =, =, =, "", {order}, "", {order}]"#);
}

#[derive(Debug, Clone)]
enum Change {
    Name(String),
    Age(u32),
    Town(String),
    Push(u32),
    Edit(usize),
    Replace,
    Exchange,
    ExchangeNames,
    ExchangeRows,
    Mail(String),
    BoxedName(String),
    BoxedPush(u32),
    ExchangeBoxes,
    IntoBox,
}

fn any_change() -> impl Strategy<Value = Change> {
    use Change::*;
    let text = || "[a-c]{0,2}";
    prop_oneof![
        text().prop_map(Name),
        (0..3_u32).prop_map(Age),
        text().prop_map(Town),
        (0..3_u32).prop_map(Push),
        (0..3_usize).prop_map(Edit),
        Just(Replace),
        Just(Exchange),
        Just(ExchangeNames),
        Just(ExchangeRows),
        text().prop_map(Mail),
        text().prop_map(BoxedName),
        (0..3_u32).prop_map(BoxedPush),
        Just(ExchangeBoxes),
        Just(IntoBox),
    ]
}

fn apply(page: &mut Page, change: Change) {
    use std::mem::swap;
    match change {
        Change::Name(name) => page.person.name.set(name),
        Change::Age(age) => *page.person.age = age,
        Change::Town(town) => *page.person.address.town = town,
        Change::Push(row) => drop(page.person.address.rows.push(row)),
        Change::Edit(at) => page.person.address.rows.get_mut(at).into_iter().for_each(|row| *row += 1),
        Change::Replace => page.person = Person::default(),
        Change::Exchange => swap(&mut page.person, &mut page.other),
        Change::ExchangeNames => swap(&mut page.person.name, &mut page.other.name),
        Change::ExchangeRows => swap(&mut page.person.address.rows, &mut page.boxed.address.rows),
        Change::Mail(mail) => page.account.mail = mail,
        Change::BoxedName(name) => *page.boxed.name = name,
        Change::BoxedPush(row) => drop(page.boxed.address.rows.push(row)),
        Change::ExchangeBoxes => swap(&mut page.boxed, &mut page.other_boxed),
        Change::IntoBox => swap(&mut page.person, &mut page.boxed),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Wherever values are moved, into boxes and out of them, the page is that of the state.
    #[test]
    fn no_value_is_taken_for_another_one(
        rounds in proptest::collection::vec(proptest::collection::vec(any_change(), 0..3), 1..30)
    ) {
        let mut view = mount::<Page>();
        for round in rounds {
            change(&mut view, |page| round.into_iter().for_each(|change| apply(page, change)));
            prop_assert_eq!(view.html(), view.state().expected());
        }
    }

    /// A map is what a map of the standard library is, and its page is that of its rows.
    #[test]
    fn a_map_has_the_rows_of_a_map(
        steps in proptest::collection::vec((0..5_u8, 0..6_u32, 0..3_u32), 1..40)
    ) {
        let mut view = mount::<Shop>();
        let mut known = std::collections::BTreeMap::new();
        for (what, key, value) in steps {
            change(&mut view, |shop| match what {
                0 | 1 => assert_eq!(shop.prices.insert(key, value), known.insert(key, value)),
                2 => assert_eq!(shop.prices.remove(&key), known.remove(&key)),
                3 => {
                    assert_eq!(shop.prices.get_mut(&key).map(|it| { *it += 1; *it }),
                        known.get_mut(&key).map(|it| { *it += 1; *it }));
                }
                _ => {
                    shop.prices.retain(|_, price| *price != value);
                    known.retain(|_, price| *price != value);
                }
            });
            let rows: String = known.iter().map(|(key, value)| format!("<li>{key}: {value}</li>")).collect();
            prop_assert_eq!(view.html(), format!("<ul>{rows}</ul>0"));
            prop_assert!(view.state().prices.keys().eq(known.keys()));
            prop_assert!(view.state().prices.values().eq(known.values()));
        }
    }
}

#[derive(Default)]
struct Shop {
    prices: Map<u32, u32>,
    other: Assign<u32>,
}

impl LiveView for Shop {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self::default())
    }

    fn render(&self) -> Html {
        html! { <ul>for (key, price) in self.prices { <li>{key} ": " {price}</li> }</ul> {self.other} }
    }
}

#[test]
fn of_a_map_only_the_rows_that_changed_are_evaluated() {
    let mut view = mount::<Shop>();
    let both = r#"[{order 1 0; 1: ["1", "10"]; 0: ["2", "20"]}, =]"#;
    check(&mut view, |shop| shop.prices.extend([(2, 20), (1, 10)]), both);
    check(&mut view, |shop| assert_eq!(shop.prices.insert(2, 21), Some(20)), r#"[{0: ["2", "21"]}, =]"#);
    check(&mut view, |shop| *shop.prices.get_mut(&1).unwrap() = 11, r#"[{1: ["1", "11"]}, =]"#);
    check(&mut view, |shop| *shop.other = 1, r#"[=, "1"]"#);
    check(&mut view, |shop| assert_eq!(shop.prices.remove(&1), Some(11)), "[{order 0}, =]");
    check(&mut view, |shop| assert_eq!(shop.prices.get(&1), None), "=");
}

#[derive(Default)]
struct News {
    lines: Temporary<Vec<String>>,
    title: Temporary<String>,
    open: Assign<bool>,
    count: Assign<u32>,
}

impl LiveView for News {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { title: "first".to_owned().into(), ..Self::default() })
    }

    fn render(&self) -> Html {
        html! {
            <h1>{self.title}</h1>
            for line in self.lines { <p>{line}</p> }
            if *self.open { <b>{self.title}</b> }
            for line in self.lines.get().iter().rev() { <i>{line} {self.count}</i> }
        }
    }
}

#[test]
fn a_temporary_value_is_shown_once_and_forgetting_it_is_no_change() {
    let mut view = mount::<News>();
    assert_eq!(view.html(), "<h1>first</h1>");
    assert_eq!(*view.state().title.get(), "", "it was shown");
    change(&mut view, |_| {});
    assert_eq!(view.changes(), "=");
    change(&mut view, |news| news.lines.get_mut().extend(["a".to_owned(), "b".to_owned()]));
    assert_eq!(
        view.changes(),
        r#"[=, {order 0 1; 0: ["a"]; 1: ["b"]}, =, {order 0 1; 0: ["b", "0"]; 1: ["a", "0"]}]"#
    );
    let page = "<h1>first</h1><p>a</p><p>b</p><i>b0</i><i>a0</i>";
    assert_eq!(view.html(), page);
    assert!(view.state().lines.get().is_empty(), "its memory is free");
    change(&mut view, |_| {});
    assert_eq!((view.changes(), view.html().as_str()), ("=", page));
    // What is evaluated later finds the default.
    change(&mut view, |news| *news.open = true);
    assert_eq!(view.html(), page.replace("<i>b0", "<b></b><i>b0"));
    view.everything().unwrap();
    assert_eq!(view.html(), "<h1></h1><b></b>");
    change(&mut view, |news| news.title.set("second".to_owned()));
    assert_eq!(view.html(), "<h1>second</h1><b>second</b>");
}

#[test]
fn a_temporary_value_waits_for_the_document_that_shows_it() {
    let mut view = mount::<News>();
    let refused = view.callback(|news, _| {
        news.title.set("late".to_owned());
        Err(Failure::limit("no more"))
    });
    assert_eq!(refused.unwrap_err().kind, FailureKind::Limit);
    assert_eq!(*view.state().title.get(), "late");
    change(&mut view, |_| {});
    assert_eq!(view.html(), "<h1>late</h1>");
}

#[test]
fn a_value_is_made_once_and_one_that_is_there_is_no_change() {
    struct Visitor {
        name: Assign<Option<String>>,
        asked: u32,
    }
    impl LiveView for Visitor {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { name: None.into(), asked: 0 })
        }
        fn render(&self) -> Html {
            html! { <p>{self.name}</p> }
        }
    }
    fn ask(visitor: &mut Visitor) {
        let asked = &mut visitor.asked;
        visitor.name.assign_new(|| {
            *asked += 1;
            format!("visitor {asked}")
        });
    }
    let mut view: View<Visitor> = mount();
    check(&mut view, ask, r#"["visitor 1"]"#);
    check(&mut view, ask, "=");
    assert_eq!(view.state().asked, 1);
    check(&mut view, |visitor| *visitor.name = None, r#"[""]"#);
    check(&mut view, ask, r#"["visitor 2"]"#);
}
