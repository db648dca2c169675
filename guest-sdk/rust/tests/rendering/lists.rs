//! Loops: which rows are evaluated, and when their order is sent.

use hothouse_sdk::prelude::*;

use crate::support::{change, check, mount};

struct Plants {
    plants: List<(&'static str, u32)>,
    unit: Assign<&'static str>,
    shown: Assign<bool>,
    other: Assign<u32>,
}

impl LiveView for Plants {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            plants: List::from(vec![("fern", 1), ("palm", 2), ("moss", 3)]),
            unit: "l".into(),
            shown: true.into(),
            other: 0.into(),
        })
    }

    fn render(&self) -> Html {
        html! {
            <p>{self.plants.len()}</p>
            if *self.shown {
                for plant in self.plants {
                    <li>{plant.0} " " {plant.1} {self.unit}</li>
                }
            }
        }
    }
}

#[test]
fn only_a_changed_row_is_evaluated() {
    let mut view = mount::<Plants>();
    assert_eq!(
        view.changes(),
        r#"["3", [{order 0 1 2; 0: ["fern", "1", "l"]; 1: ["palm", "2", "l"]; 2: ["moss", "3", "l"]}]]"#
    );
    check(
        &mut view,
        |view| {
            view.plants.get_mut(1).unwrap().1 = 5;
            view.plants.get_mut(1).unwrap().1 = 6;
        },
        r#"["3", [{1: ["palm", "6", "l"]}]]"#,
    );
    check(&mut view, |view| *view.other = 1, "=");
}

#[test]
fn a_row_outside_of_the_list_is_no_change() {
    let mut view = mount::<Plants>();
    check(
        &mut view,
        |view| {
            assert!(view.plants.get_mut(3).is_none());
            assert!(view.plants.remove(3).is_none());
            view.plants.swap(0, 3);
            view.plants.swap(1, 1);
            view.plants.move_to(0, 3);
            view.plants.move_to(2, 2);
            view.plants.retain(|_| true);
            view.plants.sort_by(|first, second| first.1.cmp(&second.1));
        },
        "=",
    );
}

#[test]
fn the_order_is_sent_when_it_changes_with_the_rows_that_are_new() {
    let mut view = mount::<Plants>();
    check(&mut view, |view| view.plants.swap(0, 2), r#"["3", [{order 2 1 0}]]"#);
    check(&mut view, |view| view.plants.move_to(0, 2), r#"["3", [{order 1 0 2}]]"#);
    let push = |view: &mut Plants| assert_eq!(view.plants.push(("ivy", 9)), view.plants.row(3).unwrap());
    check(&mut view, push, r#"["4", [{order 1 0 2 3; 3: ["ivy", "9", "l"]}]]"#);
    let remove = |view: &mut Plants| assert_eq!(view.plants.remove(0), Some(("palm", 2)));
    check(&mut view, remove, r#"["3", [{order 0 2 3}]]"#);
    check(
        &mut view,
        |view| {
            view.plants.get_mut(2).unwrap().1 = 8;
            view.plants.move_to(2, 0);
        },
        r#"["3", [{order 3 0 2; 3: ["ivy", "8", "l"]}]]"#,
    );
    check(
        &mut view,
        |view| view.plants.sort_by(|first, second| first.1.cmp(&second.1)),
        r#"["3", [{order 0 2 3}]]"#,
    );
    check(&mut view, |view| view.plants.clear(), r#"["0", [{order}]]"#);
    check(&mut view, push_first, r#"["1", [{order 4; 4: ["ivy", "9", "l"]}]]"#);
}

fn push_first(view: &mut Plants) {
    view.plants.push(("ivy", 9));
}

#[test]
fn a_field_read_by_every_row_is_evaluated_alone_in_each() {
    let mut view = mount::<Plants>();
    check(
        &mut view,
        |view| *view.unit = "gal",
        r#"[=, [{0: [=, =, "gal"]; 1: [=, =, "gal"]; 2: [=, =, "gal"]}]]"#,
    );
    check(
        &mut view,
        |view| {
            *view.unit = "l";
            view.plants.get_mut(0).unwrap().1 = 7;
        },
        r#"["3", [{0: ["fern", "7", "l"]; 1: [=, =, "l"]; 2: [=, =, "l"]}]]"#,
    );
}

#[test]
fn all_rows_of_a_list_that_was_not_there_are_evaluated() {
    let mut view = mount::<Plants>();
    check(&mut view, |view| *view.shown = false, "[=, -]");
    check(&mut view, |view| view.plants.get_mut(0).unwrap().1 = 9, r#"["3", -]"#);
    let whole = r#"[{order 0 1 2; 0: ["fern", "9", "l"]; 1: ["palm", "2", "l"]; 2: ["moss", "3", "l"]}]"#;
    check(&mut view, |view| *view.shown = true, &format!("[=, {whole}]"));
}

#[test]
fn a_replaced_or_exchanged_list_is_evaluated_whole() {
    struct Two {
        first: List<u32>,
        second: List<u32>,
    }
    impl LiveView for Two {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { first: List::from(vec![1, 2]), second: List::from(vec![3]) })
        }
        fn render(&self) -> Html {
            html! { for item in self.first { <b>{item}</b> } for item in &self.second { <i>{item}</i> } }
        }
    }
    let mut view = mount::<Two>();
    let swap = |view: &mut Two| std::mem::swap(&mut view.first, &mut view.second);
    check(&mut view, swap, r#"[{order 2; 2: ["3"]}, {order 0 1; 0: ["1"]; 1: ["2"]}]"#);
    check(&mut view, |_| {}, "=");
    check(&mut view, |view| view.first = List::from(vec![7]), r#"[{order 3; 3: ["7"]}, =]"#);
    assert_eq!(view.html(), "<b>7</b><i>1</i><i>2</i>");
}

#[test]
fn every_row_may_be_changed_at_once() {
    let mut view = mount::<Plants>();
    let add = |view: &mut Plants| view.plants.iter_mut().for_each(|plant| plant.1 += 1);
    check(
        &mut view,
        add,
        r#"["3", [{0: ["fern", "2", "l"]; 1: ["palm", "3", "l"]; 2: ["moss", "4", "l"]}]]"#,
    );
}

#[test]
fn a_row_is_found_again_wherever_it_moves() {
    let mut plants = List::from(vec!["fern", "palm", "moss"]);
    let palm = plants.row(1).unwrap();
    plants.move_to(1, 0);
    assert_eq!(plants.position_of(palm), Some(0));
    plants.remove(0);
    assert_eq!(plants.position_of(palm), None);
    assert!(plants.push("palm") != palm, "a row's identity is not given again");
}

struct Names {
    names: Assign<Vec<String>>,
    mark: Assign<char>,
}

impl LiveView for Names {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { names: vec!["ann".to_owned(), "bob".to_owned()].into(), mark: '!'.into() })
    }

    fn render(&self) -> Html {
        html! {
            for name in self.names key={name} { <b title="name">{name} {self.mark}</b> }
            for (index, name) in self.names.iter().enumerate() { <i>{index} {name} {self.mark}</i> }
        }
    }
}

const FIRST: u32 = 1 << 31;

#[test]
fn a_keyed_loop_knows_its_rows_by_their_keys_and_another_by_their_indexes() {
    let mut view = mount::<Names>();
    let (ann, bob, cy) = (FIRST, FIRST + 1, FIRST + 2);
    assert_eq!(
        view.changes(),
        format!(
            r#"[{{order {ann} {bob}; {ann}: ["ann", "!"]; {bob}: ["bob", "!"]}}, {{order 0 1; 0: ["0", "ann", "!"]; 1: ["1", "bob", "!"]}}]"#
        )
    );
    check(
        &mut view,
        |view| *view.mark = '?',
        &format!(r#"[{{{ann}: [=, "?"]; {bob}: [=, "?"]}}, {{0: [=, =, "?"]; 1: [=, =, "?"]}}]"#),
    );
    check(
        &mut view,
        |view| {
            view.names.remove(0);
            view.names.insert(0, "cy".to_owned());
        },
        &format!(
            r#"[{{order {cy} {bob}; {cy}: ["cy", "?"]; {bob}: ["bob", "?"]}}, {{order 0 1; 0: ["0", "cy", "?"]; 1: ["1", "bob", "?"]}}]"#
        ),
    );
    check(&mut view, |_| {}, "=");
}

#[test]
fn equal_keys_are_refused_and_nothing_is_forgotten() {
    let mut view = mount::<Names>();
    let refused = view
        .callback(|view, _| {
            view.names.push("ann".to_owned());
            Ok(())
        })
        .unwrap_err();
    assert_eq!(refused.kind, FailureKind::Internal);
    assert_eq!(
        refused.message,
        "rows 0 and 2 of a loop have the same key: a key tells one row from all others"
    );
    change(&mut view, |view| view.names.truncate(2));
    assert_eq!(view.html(), "<b title=\"name\">ann!</b><b title=\"name\">bob!</b><i>0ann!</i><i>1bob!</i>");
}

#[test]
fn keys_that_were_forgotten_meanwhile_come_back_as_new_rows() {
    struct Many {
        names: Assign<Vec<String>>,
        flood: Assign<u32>,
        mark: Assign<u32>,
    }
    impl LiveView for Many {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { names: vec!["ann".to_owned()].into(), flood: 0.into(), mark: 0.into() })
        }
        fn render(&self) -> Html {
            html! {
                for name in self.names key={name} { <b>{name} {self.mark}</b> }
                for number in 0..300 key={format!("{} {number}", self.flood)} { <i>{number}</i> }
            }
        }
    }
    let mut view = mount::<Many>();
    for round in 1..5 {
        change(&mut view, |view| *view.flood = round);
    }
    change(&mut view, |view| *view.mark = 1);
    assert!(view.changes().starts_with(r#"[{order "#), "{}", &view.changes()[..40]);
    assert!(view.html().starts_with("<b>ann1</b><i>0</i><i>1</i>"));
}

struct Nested {
    groups: List<Group>,
    mark: Assign<char>,
}

struct Group {
    name: &'static str,
    members: List<&'static str>,
}

impl LiveView for Nested {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let group =
            |name, members: &[&'static str]| Group { name, members: members.iter().copied().collect() };
        Ok(Self { groups: List::from(vec![group("a", &["x", "y"]), group("b", &["z"])]), mark: '!'.into() })
    }

    fn render(&self) -> Html {
        html! {
            for group in self.groups {
                <p>{group.name} for member in group.members { <b>{member} {self.mark}</b> }</p>
            }
        }
    }
}

#[test]
fn lists_in_rows_follow_their_row() {
    let mut view = mount::<Nested>();
    check(
        &mut view,
        |view| *view.groups.get_mut(0).unwrap().members.get_mut(1).unwrap() = "w",
        r#"[{3: ["a", {order 0 1; 0: ["x", "!"]; 1: ["w", "!"]}]}]"#,
    );
    check(&mut view, |view| view.groups.swap(0, 1), "[{order 4 3}]");
    // The rows moved in memory; they and their lists are the same.
    let marks = r#"[{4: [=, {2: [=, "?"]}]; 3: [=, {0: [=, "?"]; 1: [=, "?"]}]}]"#;
    check(&mut view, |view| *view.mark = '?', marks);
    assert_eq!(view.html(), "<p>b<b>z?</b></p><p>a<b>x?</b><b>w?</b></p>");
}

#[test]
fn rows_may_hold_choices_and_read_what_is_outside() {
    struct Rows {
        rows: List<u32>,
        chosen: Assign<u32>,
        plain: u32,
    }
    impl LiveView for Rows {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { rows: List::from(vec![1, 2]), chosen: 0.into(), plain: 0 })
        }
        fn render(&self) -> Html {
            html! { for row in self.rows { <p>if *row == *self.chosen { <b>{row}</b> } else { {row} } {self.plain}</p> } }
        }
    }
    let mut view = mount::<Rows>();
    check(&mut view, |_| {}, r#"[{0: [=, "0"]; 1: [=, "0"]}]"#);
    check(&mut view, |view| *view.chosen = 2, r#"[{0: [["1"], "0"]; 1: [["2"], "0"]}]"#);
    assert_eq!(view.html(), "<p>10</p><p><b>2</b>0</p>");
}
