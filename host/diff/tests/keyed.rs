//! Lists: what is sent for each change of rows, literally.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use hothouse_diff::{
    Each, Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot, Templates, Tree,
    compute,
};

/// A page with one list at its only slot.
struct Page {
    templates: Templates,
    held: Held,
}

const PAGE: u32 = 1;
const ROW: u32 = 2;

fn statics(parts: [&str; 2]) -> Vec<String> {
    parts.map(str::to_owned).to_vec()
}

impl Page {
    fn new() -> Self {
        Self { templates: Templates::new(Arc::new(Interner::new(Policy::default()))), held: Held::default() }
    }

    fn with_three_rows() -> Self {
        let mut page = Self::new();
        page.render(Some(&[1, 2, 3]), &[(1, "ann"), (2, "bob"), (3, "cy")]);
        page
    }

    fn render(&mut self, order: Option<&[u32]>, changed: &[(u32, &str)]) -> String {
        let mut nodes = vec![Node { template: PAGE, slots: vec![Slot::Each(0)] }];
        let mut rows = Vec::new();
        for (id, text) in changed {
            rows.push(Row { id: *id, node: u32::try_from(nodes.len()).unwrap() });
            nodes.push(Node { template: ROW, slots: vec![Slot::Text((*text).to_owned())] });
        }
        let tree = Tree {
            root: Slot::Node(0),
            nodes,
            lists: vec![Each {
                template: ROW,
                order: order.map(<[u32]>::to_vec),
                changed: rows,
                ..Each::default()
            }],
            templates: vec![
                NewTemplate { id: PAGE, statics: statics(["<ul>", "</ul>"]) },
                NewTemplate { id: ROW, statics: statics(["<li>", "</li>"]) },
            ],
            ..Tree::default()
        };
        let update =
            compute(tree, &mut self.templates, &mut self.held, Scope::Changes, &Limits::default()).unwrap();
        update.to_json(&Extras::default())
    }
}

#[track_caller]
fn check(order: Option<&[u32]>, changed: &[(u32, &str)], expected: &str) {
    let diff = Page::with_three_rows().render(order, changed);
    let expected =
        if expected.is_empty() { "{}".to_owned() } else { format!("{{\"0\":{{\"k\":{expected}}}}}") };
    assert_eq!(diff, expected);
}

#[test]
fn a_list_is_sent_whole_at_first() {
    let diff = Page::new().render(Some(&[7]), &[(7, "<x>")]);
    assert_eq!(
        diff,
        r#"{"0":{"s":["<li>","</li>"],"k":{"0":{"0":"&lt;x&gt;"},"kc":1}},"s":["<ul>","</ul>"]}"#
    );
}

#[test]
fn a_changed_row_sends_its_changed_slots() {
    check(None, &[(2, "BOB")], r#"{"1":{"0":"BOB"},"kc":3}"#);
    check(Some(&[1, 2, 3]), &[(2, "BOB")], r#"{"1":{"0":"BOB"},"kc":3}"#);
}

#[test]
fn rows_that_did_not_change_send_nothing() {
    check(None, &[], "");
    check(None, &[(1, "ann"), (3, "cy")], "");
    check(Some(&[1, 2, 3]), &[(1, "ann"), (2, "bob"), (3, "cy")], "");
}

#[test]
fn rows_come_and_go_at_the_end_without_moves() {
    check(Some(&[1, 2, 3, 4]), &[(4, "dee")], r#"{"3":{"0":"dee"},"kc":4}"#);
    check(Some(&[1, 2]), &[], r#"{"kc":2}"#);
    check(Some(&[]), &[], r#"{"kc":0}"#);
}

#[test]
fn moved_rows_are_numbers() {
    check(Some(&[2, 3]), &[], r#"{"0":1,"1":2,"kc":2,"km":true}"#);
    check(Some(&[2, 1, 3]), &[], r#"{"0":1,"1":0,"kc":3,"km":true}"#);
    check(Some(&[4, 1, 2, 3]), &[(4, "new")], r#"{"0":{"0":"new"},"1":0,"2":1,"3":2,"kc":4,"km":true}"#);
    // All of it is sent, so it does not matter where it was.
    check(Some(&[3, 1, 2]), &[(3, "CY")], r#"{"0":{"0":"CY"},"1":0,"2":1,"kc":3,"km":true}"#);
}

#[test]
fn a_new_row_in_the_place_of_another_is_sent_whole() {
    check(Some(&[1, 9, 3]), &[(9, "new")], r#"{"1":{"0":"new"},"kc":3}"#);
}

#[test]
fn a_list_that_was_emptied_keeps_its_statics() {
    let mut page = Page::with_three_rows();
    page.render(Some(&[]), &[]);
    assert_eq!(page.render(None, &[]), "{}");
    assert_eq!(page.render(Some(&[5]), &[(5, "x")]), r#"{"0":{"k":{"0":{"0":"x"},"kc":1}}}"#);
}

#[test]
fn a_list_that_never_had_rows_is_nothing_and_then_sent_whole() {
    let mut page = Page::new();
    assert_eq!(page.render(Some(&[]), &[]), r#"{"0":"","s":["<ul>","</ul>"]}"#);
    assert_eq!(page.render(None, &[]), "{}");
    let whole = r#"{"0":{"s":["<li>","</li>"],"k":{"0":{"0":"x"},"kc":1}}}"#;
    assert_eq!(page.render(Some(&[5]), &[(5, "x")]), whole);
}

#[test]
fn many_changed_rows_are_found_as_few_are() {
    let ids: Vec<u32> = (0..100).collect();
    let mut page = Page::new();
    let texts: Vec<(u32, &str)> = ids.iter().map(|id| (*id, "a")).collect();
    page.render(Some(&ids), &texts);
    let changed: Vec<(u32, &str)> = (0..100).rev().step_by(5).map(|id| (id, "b")).collect();
    let diff: serde_json::Value = serde_json::from_str(&page.render(None, &changed)).unwrap();
    let rows = diff["0"]["k"].as_object().unwrap();
    assert_eq!(rows.len(), 21);
    assert_eq!(rows["99"]["0"], "b");
}

#[test]
fn a_row_that_moved_sends_what_changed_in_it_and_where_it_was() {
    let row =
        |first: &str, second: Slot| Node { template: ROW, slots: vec![Slot::Text(first.to_owned()), second] };
    let text = |text: &str| Slot::Text(text.to_owned());
    let page = |order: [u32; 2], rows: Vec<(u32, Node)>| {
        let changed = (1..).zip(&rows).map(|(node, (id, _))| Row { id: *id, node }).collect();
        let mut nodes = vec![Node { template: PAGE, slots: vec![Slot::Each(0)] }];
        nodes.extend(rows.into_iter().map(|(_, row)| row));
        let list = Each { template: ROW, order: Some(order.to_vec()), changed, ..Each::default() };
        let parts = ["<li>", ": ", "</li>"].map(str::to_owned).to_vec();
        let templates = vec![
            NewTemplate { id: PAGE, statics: statics(["<ul>", "</ul>"]) },
            NewTemplate { id: ROW, statics: parts },
        ];
        Tree { root: Slot::Node(0), nodes, lists: vec![list], templates, ..Tree::default() }
    };
    let Page { mut templates, mut held } = Page::new();
    let mut send = |tree| {
        let update = compute(tree, &mut templates, &mut held, Scope::Changes, &Limits::default()).unwrap();
        update.to_json(&Extras::default())
    };
    send(page([1, 2], vec![(1, row("ann", text("x"))), (2, row("bob", text("y")))]));
    let diff = send(page([2, 1], vec![(2, row("BOB", Slot::Unchanged))]));
    assert_eq!(diff, r#"{"0":{"k":{"0":[1,{"0":"BOB"}],"1":0,"kc":2,"km":true}}}"#);
}
