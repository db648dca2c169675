//! What forms make of what is typed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, PartialEq, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Green,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Validate)]
struct Order {
    #[garde(length(min = 1, max = 10))]
    name: String,
    #[garde(custom(email_address))]
    email: String,
    #[garde(range(min = 18))]
    age: u8,
    #[garde(skip)]
    colour: Option<Colour>,
    #[garde(length(max = 2))]
    tags: Vec<String>,
    #[garde(skip)]
    news: bool,
    #[garde(dive)]
    address: Address,
    #[garde(length(min = 1), dive)]
    lines: Vec<Line>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Validate)]
struct Address {
    #[garde(length(min = 1))]
    city: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Validate)]
struct Line {
    #[garde(length(min = 1))]
    item: String,
    #[garde(range(min = 1, max = 99))]
    count: u32,
}

fn form(pairs: &[(&str, &str)]) -> Form<Order> {
    let mut form = Form::new("order");
    form.validate(&Params::new(pairs.iter().copied()));
    form
}

/// Everything that is wrong with an order of which the fields that are not named are right.
fn wrong(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let right = [
        ("order[name]", "Ann"),
        ("order[email]", "ann@example.org"),
        ("order[age]", "30"),
        ("order[address][city]", "Bonn"),
        ("order[lines][0][item]", "Palm"),
        ("order[lines][0][count]", "1"),
    ];
    let rest = right.iter().filter(|(name, _)| !pairs.iter().any(|(other, _)| other == name));
    form(&rest.chain(pairs).copied().collect::<Vec<_>>()).all_errors().to_vec()
}

#[track_caller]
fn check(pairs: &[(&str, &str)], expected: &[(&str, &str)]) {
    let errors = wrong(pairs);
    let errors: Vec<_> = errors.iter().map(|(path, message)| (path.as_str(), message.as_str())).collect();
    assert_eq!(errors, expected, "{pairs:?}");
}

#[test]
fn what_is_typed_becomes_a_value() {
    let form = form(&[
        ("order[name]", "Ann"),
        ("order[email]", "ann@example.org"),
        ("order[age]", " 30 "),
        ("order[colour]", "green"),
        ("order[tags][]", ""),
        ("order[tags][]", "a"),
        ("order[tags][]", "b"),
        ("order[news]", "false"),
        ("order[news]", "true"),
        ("order[address][city]", "Bonn"),
        ("order[lines][0][item]", "Palm"),
        ("order[lines][0][count]", "1"),
        ("order[lines][10][item]", "Fern"),
        ("order[lines][10][count]", "3"),
        ("order[lines][2][item]", "Moss"),
        ("order[lines][2][count]", "2"),
        ("_target", "order[name]"),
        ("elsewhere", "1"),
    ]);
    let line = |item: &str, count| Line { item: item.to_owned(), count };
    let expected = Order {
        name: "Ann".to_owned(),
        email: "ann@example.org".to_owned(),
        age: 30,
        colour: Some(Colour::Green),
        tags: vec!["a".to_owned(), "b".to_owned()],
        news: true,
        address: Address { city: "Bonn".to_owned() },
        lines: vec![line("Palm", 1), line("Moss", 2), line("Fern", 3)],
    };
    assert_eq!(form.value(), Some(&expected), "{:?}", form.all_errors());
    assert_eq!(form.field("tags").values(), ["a", "b"]);
    assert!(form.field("tags").has("b") && !form.field("tags").has("c"));
}

#[test]
fn every_field_that_is_wrong_is_told_of_at_once() {
    check(&[], &[]);
    check(
        &[
            ("order[name]", ""),
            ("order[email]", "ann"),
            ("order[age]", "young"),
            ("order[colour]", "blue"),
            ("order[address][city]", ""),
            ("order[lines][0][item]", ""),
            ("order[lines][0][count]", "-1"),
        ],
        &[
            ("age", "is not a whole number"),
            ("colour", "is not one of the choices"),
            ("lines[0][count]", "must be 0 or more"),
            ("address[city]", "is required"),
            ("email", "is not an email address"),
            ("lines[0][item]", "is required"),
            ("name", "is required"),
        ],
    );
    check(&[("order[age]", "")], &[("age", "is required")]);
    check(&[("order[age]", "300")], &[("age", "must be 255 or less")]);
    check(&[("order[age]", "17")], &[("age", "must be 18 or more")]);
    check(&[("order[name]", "Wilhelmina!")], &[("name", "must have at most 10 characters")]);
    check(&[("order[news]", "perhaps")], &[("news", "cannot be read")]);
    let tags = ["a", "b", "c"].map(|tag| ("order[tags][]", tag));
    check(&tags, &[("tags", "must be 2 or fewer")]);
}

#[test]
fn what_is_not_there_is_required_or_empty() {
    let form = form(&[]);
    let errors: Vec<_> = form.all_errors().iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(errors, ["age", "address[city]", "email", "lines", "name"]);
    assert!(form.field("age").errors().is_empty(), "nobody has used it");
}

#[test]
fn errors_are_shown_at_fields_that_were_used_and_everywhere_once_it_was_submitted() {
    let pairs = [
        ("order[name]", ""),
        ("order[_unused_email]", ""),
        ("order[email]", ""),
        ("order[_unused_tags][]", ""),
        ("order[tags][]", "a"),
        ("order[tags][]", "b"),
        ("order[tags][]", "c"),
        ("order[lines][0][_unused_item]", ""),
        ("order[lines][0][item]", ""),
        ("order[lines][0][count]", "0"),
    ];
    let mut form = form(&pairs);
    let shown = |form: &Form<Order>, path: &str| form.field(path).errors().len();
    let row = |form: &Form<Order>, path: &str| form.rows("lines")[0].field(path).errors().len();
    assert_eq!(["name", "email", "age", "tags"].map(|path| shown(&form, path)), [1, 0, 0, 0]);
    assert_eq!(["item", "count"].map(|path| row(&form, path)), [0, 1]);
    assert!(form.submit(&Params::new(pairs)).is_none());
    assert_eq!(["name", "email", "age", "tags"].map(|path| shown(&form, path)), [1, 1, 1, 1]);
    assert_eq!(["item", "count"].map(|path| row(&form, path)), [1, 1]);
}

#[test]
fn a_submitted_form_that_is_right_answers_its_value_once() {
    let right = [
        ("order[name]", "Ann"),
        ("order[email]", "a@b.c"),
        ("order[age]", "30"),
        ("order[address][city]", "Bonn"),
        ("order[lines][0][item]", "Palm"),
        ("order[lines][0][count]", "1"),
    ];
    let mut form = Form::<Order>::new("order");
    assert_eq!(form.submit(&Params::new(right)).map(|order| order.age), Some(30));
    assert!(form.value().is_none());
    form.add_error("email", "is taken");
    form.add_error("", "closed");
    assert_eq!(form.field("email").errors(), ["is taken"]);
    assert_eq!(form.errors(), ["closed"]);
    form.validate(&Params::new(right));
    assert!(form.all_errors().is_empty() && form.value().is_some());
}

fn items(form: &Form<Order>) -> Vec<(String, String)> {
    form.rows("lines").iter().map(|row| (row.id(), row.field("item").value().to_owned())).collect()
}

fn rows(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, item)| ((*id).to_owned(), (*item).to_owned())).collect()
}

#[test]
fn rows_are_added_dropped_and_sorted_and_stay_who_they_are() {
    let mut form = Form::<Order>::new("order");
    let typed = [
        ("order[lines][0][_persistent_id]", "0"),
        ("order[lines][0][item]", "a"),
        ("order[lines][1][_persistent_id]", "1"),
        ("order[lines][1][item]", "b"),
        ("order[lines][2][_persistent_id]", "2"),
        ("order[lines][2][item]", "c"),
        ("order[lines_drop][]", ""),
    ];
    let mut change = |more: &[(&str, &str)]| {
        form.validate(&Params::new(typed.iter().chain(more).copied()));
        items(&form)
    };
    assert_eq!(change(&[]), rows(&[("order_lines_0", "a"), ("order_lines_1", "b"), ("order_lines_2", "c")]));
    let sorted = ["2", "0", "new", "1"].map(|position| ("order[lines_sort][]", position));
    assert_eq!(
        change(&sorted),
        rows(&[
            ("order_lines_2", "c"),
            ("order_lines_0", "a"),
            ("order_lines_3", ""),
            ("order_lines_1", "b")
        ])
    );
    assert_eq!(
        change(&[("order[lines_drop][]", "1")]),
        rows(&[("order_lines_0", "a"), ("order_lines_2", "c")])
    );
    assert_eq!(
        change(&[("order[lines_sort][]", "1"), ("order[lines_sort][]", "0"), ("order[lines_drop][]", "0")]),
        rows(&[("order_lines_2", "c"), ("order_lines_1", "b")]),
        "rows that are not named come first, and none comes back"
    );
}

#[test]
fn the_last_row_can_go() {
    let mut form = form(&[("order[lines][0][item]", "a")]);
    form.validate(&Params::new([
        ("order[lines_drop][]", ""),
        ("order[lines_drop][]", "0"),
        ("order[lines][0][item]", "a"),
    ]));
    assert!(items(&form).is_empty());
    form.validate(&Params::new([("order[lines_drop][]", ""), ("order[lines_sort][]", "new")]));
    assert_eq!(items(&form), rows(&[("order_lines_1", "")]));
}

#[test]
fn rows_move() {
    let mut form = form(&[
        ("order[lines][0][item]", "a"),
        ("order[lines][1][item]", "b"),
        ("order[lines][2][item]", ""),
    ]);
    form.move_row("lines", 2, 0);
    assert_eq!(items(&form), rows(&[("order_lines_2", ""), ("order_lines_0", "a"), ("order_lines_1", "b")]));
    assert!(form.all_errors().iter().any(|(path, _)| path == "lines[0][item]"));
    form.move_row("lines", 0, 3);
    form.move_row("nothing", 0, 0);
    assert_eq!(items(&form).len(), 3);
}

#[test]
fn inputs_have_names_and_ids() {
    let form = form(&[("order[lines][3][item]", "a")]);
    let city = form.field("address[city]");
    assert_eq!((city.name(), city.id()), ("order[address][city]", "order_address_city"));
    let [row] = form.rows("lines")[..] else { panic!("one row") };
    let item = row.field("item");
    assert_eq!((item.name(), item.id()), ("order[lines][0][item]", "order_lines_0_item"));
    assert_eq!(row.id_name(), "order[lines][0][_persistent_id]");
    assert_eq!(
        (row.sort_name(), row.drop_name()),
        ("order[lines_sort][]".to_owned(), "order[lines_drop][]".to_owned())
    );
    assert_eq!(form.drop_name("lines"), row.drop_name());
    assert_eq!(row.sort_name_of("parts"), "order[lines][0][parts_sort][]");
    assert_eq!(row.drop_name_of("parts"), "order[lines][0][parts_drop][]");
    let plain = Form::<Order>::new("");
    assert_eq!((plain.field("name").name(), plain.field("name").id()), ("name", "form_name"));
}

#[test]
fn a_form_begins_with_a_value_and_goes_back_to_it() {
    let line = Line { item: "Palm".to_owned(), count: 2 };
    let order = Order {
        name: "Ann".to_owned(),
        email: String::new(),
        age: 30,
        colour: Some(Colour::Red),
        tags: vec!["a".to_owned()],
        news: true,
        address: Address { city: "Bonn".to_owned() },
        lines: vec![line],
    };
    let mut form = Form::of("order", &order);
    let shown = |form: &Form<Order>| {
        ["name", "age", "colour", "news", "address[city]"].map(|path| form.field(path).value().to_owned())
    };
    assert_eq!(shown(&form), ["Ann", "30", "red", "true", "Bonn"]);
    assert_eq!(items(&form), rows(&[("order_lines_0", "Palm")]));
    assert!(!form.is_changed() && form.all_errors().is_empty());
    let unchanged = [
        ("order[name]", "Ann"),
        ("order[_unused_email]", ""),
        ("order[email]", ""),
        ("order[age]", "30"),
        ("order[colour]", "red"),
        ("order[tags][]", "a"),
        ("order[news]", "true"),
        ("order[address][city]", "Bonn"),
        ("order[lines][0][_persistent_id]", "0"),
        ("order[lines][0][item]", "Palm"),
        ("order[lines][0][count]", "2"),
    ];
    form.validate(&Params::new(unchanged));
    assert!(!form.is_changed());
    form.validate(&Params::new(unchanged.into_iter().chain([("order[name]", "Bob")])));
    assert!(form.is_changed());
    form.reset();
    assert!(!form.is_changed() && form.all_errors().is_empty());
    assert_eq!(shown(&form)[0], "Ann");
}

#[test]
fn names_that_are_none_and_kinds_that_do_not_fit_do_no_harm() {
    let deep = format!("order{}", "[a]".repeat(40));
    for pairs in [
        [("order[name", "x"), ("order]name[", "x")],
        [("order[name][first]", "x"), ("order[name]", "y")],
        [("order[name]", "y"), ("order[name][first]", "x")],
        [("order[lines]", "x"), ("order[lines][a][item]", "y")],
        [("order[lines][]", "x"), ("order[lines][0]", "y")],
        [("order[lines][0][item][]", "x"), ("order[lines_sort][x]", "y")],
        [("order[address]", "x"), ("order[tags][0][1]", "y")],
        [
            ("order[lines][4294967295][_persistent_id]", "4294967295"),
            ("order[lines][99999999999][item]", "y"),
        ],
        [(deep.as_str(), "x"), ("order", "y")],
        [("", "x"), ("[]", "y")],
    ] {
        let form = form(&pairs);
        assert!(form.value().is_none(), "{pairs:?}");
        form.rows("lines").iter().for_each(|row| drop(row.field("item")));
    }
}

#[test]
fn a_form_has_so_many_rows_and_no_more() {
    let count = |rows: usize| {
        let names: Vec<_> = (0..rows).map(|row| format!("order[lines][{row}][item]")).collect();
        form(&names.iter().map(|name| (name.as_str(), "Palm")).collect::<Vec<_>>()).rows("lines").len()
    };
    assert_eq!([cast::MAX_ROWS, cast::MAX_ROWS + 1].map(count), [cast::MAX_ROWS; 2]);
    let new = vec![("order[lines_sort][]", "new"); 1_000];
    assert_eq!(form(&new).rows("lines").len(), cast::MAX_ROWS);
}

#[test]
fn rows_that_claim_one_number_are_told_apart() {
    let form = form(&[
        ("order[lines][0][_persistent_id]", "7"),
        ("order[lines][1][_persistent_id]", "7"),
        ("order[lines][2][_persistent_id]", "x"),
    ]);
    let mut ids: Vec<_> = form.rows("lines").iter().map(FormRow::id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "{ids:?}");
}

#[derive(Debug, Deserialize, Validate)]
struct Plan {
    #[garde(dive)]
    beds: Vec<Bed>,
}

#[derive(Debug, Deserialize, Validate)]
struct Bed {
    #[garde(dive)]
    plants: Vec<Line>,
}

#[test]
fn rows_have_rows_of_their_own() {
    let mut form = Form::<Plan>::new("plan");
    form.validate(&Params::new([
        ("plan[beds_sort][]", "0"),
        ("plan[beds_sort][]", "new"),
        ("plan[beds][0][plants_sort][]", "0"),
        ("plan[beds][0][plants_sort][]", "new"),
        ("plan[beds][0][plants][0][item]", "Palm"),
        ("plan[beds][0][plants][0][count]", "x"),
    ]));
    let beds = form.rows("beds");
    let plants: Vec<usize> = beds.iter().map(|bed| bed.rows("plants").len()).collect();
    assert_eq!(plants, [2, 0]);
    let [first, second] = beds[0].rows("plants")[..] else { panic!("two plants") };
    let count = first.field("count");
    assert_eq!((count.id(), count.name()), ("plan_beds_0_plants_2_count", "plan[beds][0][plants][0][count]"));
    assert_eq!(count.errors(), ["is not a whole number"]);
    assert_eq!(first.sort_name(), beds[0].sort_name_of("plants"));
    assert_eq!(second.id_name(), "plan[beds][0][plants][1][_persistent_id]");
    let mut ids: Vec<_> = beds.iter().map(FormRow::id).chain([first.id(), second.id()]).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Odd {
    letter: char,
    #[serde(default = "seven")]
    seven: u8,
    prices: BTreeMap<u32, f64>,
    #[garde(required)]
    address: Option<std::net::IpAddr>,
    pair: (u8, String),
}

fn seven() -> u8 {
    7
}

#[test]
fn types_of_all_kinds_are_read() {
    let read = |pairs: &[(&str, &str)]| {
        let mut form = Form::<Odd>::new("");
        form.validate(&Params::new(pairs.iter().copied()));
        form
    };
    let form = read(&[
        ("letter", "ö"),
        ("prices[10]", "1.5"),
        ("prices[9]", "2"),
        ("address", "::1"),
        ("pair[]", "1"),
        ("pair[]", "x"),
    ]);
    let odd = form.value().unwrap();
    assert_eq!((odd.letter, odd.seven, odd.pair.0), ('ö', 7, 1));
    assert_eq!(odd.prices, BTreeMap::from([(9, 2.0), (10, 1.5)]));
    let errors = |pairs: &[(&str, &str)]| read(pairs).all_errors().to_vec();
    let error = |path: &str, message: &str| (path.to_owned(), message.to_owned());
    assert_eq!(
        errors(&[("letter", "ab"), ("prices[1]", "inf"), ("pair[]", "1"), ("pair[]", "x")]),
        [
            error("letter", "cannot be read"),
            error("prices[1]", "is not a number"),
            error("address", "is required")
        ]
    );
    let refused = errors(&[("letter", "a"), ("address", "nowhere"), ("pair[]", "1"), ("pair[]", "x")]);
    assert_eq!(refused, [error("address", "invalid IP address syntax")]);
}

#[derive(Default)]
struct German;

impl Words for German {
    fn not_a_whole_number(&self) -> Cow<'static, str> {
        "ist keine ganze Zahl".into()
    }
}

impl garde::i18n::I18n for German {
    fn range_lower_than(&self, min: &dyn std::fmt::Display) -> Cow<'static, str> {
        format!("muss mindestens {min} sein").into()
    }
    fn required_not_set(&self) -> Cow<'static, str> {
        "fehlt".into()
    }
    fn length_lower_than(&self, _: usize) -> Cow<'static, str> {
        "ist zu kurz".into()
    }
    fn length_greater_than(&self, _: usize) -> Cow<'static, str> {
        "ist zu lang".into()
    }
    fn range_greater_than(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "ist zu groß".into()
    }
    fn credit_card_invalid(&self, _: garde::i18n::InvalidCreditCard) -> Cow<'static, str> {
        "".into()
    }
    fn pattern_no_match(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "".into()
    }
    fn contains_missing(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "".into()
    }
    fn url_invalid(&self, _: garde::i18n::InvalidUrl) -> Cow<'static, str> {
        "".into()
    }
    fn prefix_missing(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "".into()
    }
    fn suffix_missing(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "".into()
    }
    fn phone_number_invalid(&self, _: garde::i18n::InvalidPhoneNumber) -> Cow<'static, str> {
        "".into()
    }
    fn ip_invalid(&self, _: garde::i18n::IpKind) -> Cow<'static, str> {
        "".into()
    }
    fn matches_field_mismatch(&self, _: &dyn std::fmt::Display) -> Cow<'static, str> {
        "".into()
    }
    fn email_invalid(&self, _: garde::i18n::InvalidEmail) -> Cow<'static, str> {
        "".into()
    }
    fn ascii_invalid(&self) -> Cow<'static, str> {
        "".into()
    }
    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "".into()
    }
}

#[test]
fn a_form_speaks_another_language() {
    let mut form = Form::<Line>::new("").speaking::<German>();
    let mut errors = |count: &'static str| {
        form.validate(&Params::new([("item", "a"), ("count", count)]));
        form.all_errors()[0].1.clone()
    };
    assert_eq!(
        [errors("0"), errors(""), errors("x")],
        ["muss mindestens 1 sein", "fehlt", "ist keine ganze Zahl"]
    );
}

#[test]
fn a_form_is_kept_with_what_was_typed() {
    let mut form = form(&[("order[name]", ""), ("order[lines][0][item]", "Palm")]);
    form.add_error("email", "is taken");
    let bytes = postcard::to_allocvec(&form).unwrap();
    let restored: Form<Order> = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(restored.all_errors(), form.all_errors());
    assert_eq!(restored.field("name").errors(), ["is required"]);
    assert_eq!(items(&restored), rows(&[("order_lines_0", "Palm")]));
}

#[test]
fn addresses_look_like_those_of_browsers() {
    for address in ["a@b.c", "ann.o'neil+x@mail.example.org", "a@xn--bcher-kva.example"] {
        assert!(is_email(address), "{address}");
    }
    for text in ["", "a", "@b.c", "a@", "a@b", "a b@c.d", "a@b..c", "a@-b.c", "a@b.c ", "ö@b.c", "a@b_.c"] {
        assert!(!is_email(text), "{text}");
    }
    assert!(is_email(&format!("{}@b.c", "a".repeat(64))) && !is_email(&format!("{}@b.c", "a".repeat(65))));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Names of fields and of none, in every nesting, with texts of every kind.
    #[test]
    fn whatever_a_stranger_sends_a_form_can_be_shown(
        pairs in proptest::collection::vec((
            "(order)?(\\[(name|age|tags|lines|lines_sort|lines_drop|_persistent_id|_unused_name|item|count|0|1|7|4294967295|)\\]){0,4}",
            "(|0|1|new|true|red|-1|99999999999999999999|\\PC{0,8})",
        ), 0..30),
        more in proptest::collection::vec(("order\\[lines\\]\\[[0-3]\\]\\[(item|count)\\]", "[0-9a]{0,3}"), 0..10),
    ) {
        let pairs: Vec<_> =
            pairs.iter().chain(&more).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let mut form = Form::<Order>::new("order");
        form.validate(&Params::new(pairs.iter().copied()));
        let mut ids: Vec<_> = form.rows("lines").iter().map(FormRow::id).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        proptest::prop_assert_eq!(ids.len(), count, "rows are told apart");
        proptest::prop_assert_eq!(form.value().is_some(), form.all_errors().is_empty());
        if let Some(order) = form.submit(&Params::new(pairs)) {
            proptest::prop_assert!(order.validate().is_ok());
        }
    }
}
