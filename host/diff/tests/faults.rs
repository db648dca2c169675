//! Every refusal, by the document that earns it; every limit from both sides.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::sync::Arc;

use hothouse_diff::{
    Each, Extras, Fault, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot, Templates,
    Tree, compute, html,
};

const PAGE: u32 = 1;
const ROW: u32 = 2;

fn template(id: u32, parts: &[&str]) -> NewTemplate {
    NewTemplate { id, statics: parts.iter().map(|part| (*part).to_owned()).collect() }
}

/// A page of one slot, and rows of one slot.
fn tree(slot: Slot) -> Tree {
    Tree {
        root: Slot::Node(0),
        nodes: vec![Node { template: PAGE, slots: vec![slot] }],
        templates: vec![template(PAGE, &["<p>", "</p>"]), template(ROW, &["<i>", "</i>"])],
        ..Tree::default()
    }
}

fn text(text: &str) -> Slot {
    Slot::Text(text.to_owned())
}

fn row(content: &str) -> Node {
    Node { template: ROW, slots: vec![text(content)] }
}

fn templates() -> Templates {
    Templates::new(Arc::new(Interner::new(Policy::default())))
}

fn render(tree: Tree, limits: &Limits) -> Result<String, Fault> {
    compute(tree, &mut templates(), &mut Held::default(), Scope::Everything, limits)
        .map(|update| update.to_json(&Extras::default()))
}

#[track_caller]
fn check(tree: Tree, expected: &str) {
    let fault = render(tree.clone(), &Limits::default()).expect_err(expected).to_string();
    assert!(fault.contains(expected), "{fault:?} does not say {expected:?}");
    let in_page = html(tree, &mut templates(), &Limits::default()).expect_err(expected).to_string();
    assert!(in_page.contains(expected), "in the page: {in_page:?} does not say {expected:?}");
}

fn with_nodes(slot: Slot, nodes: Vec<Node>) -> Tree {
    let mut tree = tree(slot);
    tree.nodes.extend(nodes);
    tree
}

fn with_list(order: Option<Vec<u32>>, changed: Vec<Row>, nodes: Vec<Node>) -> Tree {
    let mut tree = with_nodes(Slot::Each(0), nodes);
    tree.lists.push(Each { template: ROW, order, changed, ..Each::default() });
    tree
}

#[test]
fn indices_lead_to_one_place_each() {
    check(tree(Slot::Node(7)), "node 7 does not exist");
    check(tree(Slot::Node(0)), "node 0 does not exist or is used twice");
    check(tree(Slot::Each(3)), "list 3 does not exist");
    check(with_nodes(Slot::Empty, vec![row("lost")]), "1 nodes of the document are not used");
    let mut unused = tree(Slot::Empty);
    unused.lists.push(Each { template: ROW, order: Some(vec![]), ..Each::default() });
    check(unused, "1 lists of the document are not used");
    let mut root = tree(Slot::Empty);
    root.root = text("x");
    check(root, "the root is neither");
}

#[test]
fn templates_are_defined_once_and_before_use() {
    check(with_nodes(Slot::Node(1), vec![Node { template: 9, slots: vec![] }]), "template 9 is not defined");
    let mut again = tree(Slot::Empty);
    again.templates.push(template(PAGE, &["<b>", "</b>"]));
    check(again, "template 1 is defined again");
    let mut same = tree(Slot::Empty);
    same.templates.push(template(PAGE, &["<p>", "</p>"]));
    assert!(render(same, &Limits::default()).is_ok(), "the same again is the same");
    let mut broken = tree(Slot::Empty);
    broken.templates.push(template(3, &["<b>"]));
    check(broken, "template 3: part 0: `<b>` is not closed");
    let mut empty = tree(Slot::Empty);
    empty.templates.push(template(3, &[]));
    check(empty, "there are no literal parts");
    for (id, fits) in [(2047, true), (2048, false)] {
        let mut tree = tree(Slot::Empty);
        tree.templates.push(template(id, &["x"]));
        assert_eq!(render(tree, &Limits::default()).is_ok(), fits, "{id}");
    }
}

#[test]
fn a_component_has_so_many_templates_and_no_more() {
    let mut many = tree(Slot::Empty);
    many.templates.extend((2..2048).map(|id| template(id, &[&format!("t{id}")])).skip(1));
    assert!(render(many.clone(), &Limits::default()).is_ok());
    let interner = Arc::new(Interner::new(Policy::default()));
    let limits = Limits::default();
    assert!(html(many, &mut Templates::new(interner.clone()), &limits).is_ok());
    // Another instance of the same component: 2,047 are known, one more fits, two do not.
    let mut two_more = tree(Slot::Empty);
    two_more.templates.extend([template(3, &["new"]), template(4, &["newer"]), template(5, &["newest"])]);
    let fault = html(two_more, &mut Templates::new(interner), &limits).unwrap_err();
    assert!(matches!(fault, Fault::TooManyTemplates { what: "count", limit: 2048 }), "{fault}");
    let mut large = tree(Slot::Empty);
    large.templates.push(template(3, &[&"x".repeat(4 * 1024 * 1024)]));
    check(large, "more than 4194304 bytes of templates");
}

#[test]
fn nodes_have_the_slots_of_their_template() {
    check(
        with_nodes(Slot::Node(1), vec![Node { template: ROW, slots: vec![] }]),
        "has 0 slots, its template 1",
    );
}

#[test]
fn values_stand_where_they_may() {
    let page = |parts: &[&str], slot| {
        let mut tree = tree(slot);
        tree.templates = vec![template(PAGE, parts), template(ROW, &["<i>", "</i>"])];
        tree
    };
    check(
        page(&["<p class=\"", "\"></p>"], Slot::Markup("<b>".to_owned())),
        "is markup, but stands in an attribute",
    );
    check(page(&["<input", ">"], text("disabled")), "is text, but stands in a tag");
    check(page(&["<input", ">"], Slot::Markup(" onclick=\"x\"".to_owned())), "holds attributes");
    check(page(&["<textarea>", "</textarea>"], Slot::Markup("x".to_owned())), "`textarea`");
    let portal = |target: Slot, id: Slot| {
        let mut page =
            page(&["<template id=\"a\" data-phx-portal=\"", "\"><p id=\"", "\"></p></template>"], target);
        page.nodes.iter_mut().for_each(|node| node.slots.push(id.clone()));
        page
    };
    let (target, id) = (|| text("#place"), || text("_lv_portal_wrap_a"));
    assert!(render(portal(target(), id()), &Limits::default()).is_ok());
    check(portal(text("#hothouse-notices"), id()), "is text, but stands in the target of a portal");
    check(portal(Slot::Empty, id()), "is empty, but stands in the target of a portal");
    check(portal(target(), text("hothouse-notices")), "is text, but stands in the id of a portal's content");
    check(portal(target(), Slot::Empty), "is empty, but stands in the id of a portal's content");
    let mut node = page(&["<p class=\"", "\"></p>"], Slot::Node(1));
    node.nodes.push(row("x"));
    check(node, "is a node, but stands in");
}

#[test]
fn unchanged_stands_where_something_was() {
    check(tree(Slot::Unchanged), "slot 0 of template 1 is `unchanged`");
    let mut templates = templates();
    let limits = Limits::default();
    let mut held = Held::default();
    compute(tree(text("x")), &mut templates, &mut held, Scope::Everything, &limits).unwrap();
    let update = compute(tree(Slot::Unchanged), &mut templates, &mut held, Scope::Changes, &limits).unwrap();
    assert!(update.is_empty());
    let root = Tree { root: Slot::Unchanged, ..Tree::default() };
    let update = compute(root.clone(), &mut templates, &mut held, Scope::Changes, &limits).unwrap();
    assert!(update.is_empty());
    for everything in [tree(Slot::Unchanged), root] {
        let mut held = Held::default();
        compute(tree(text("x")), &mut templates, &mut held, Scope::Everything, &limits).unwrap();
        assert!(compute(everything, &mut templates, &mut held, Scope::Everything, &limits).is_err());
    }
    // Another template in the place: what was there is gone.
    let inside = Tree {
        nodes: vec![
            Node { template: PAGE, slots: vec![Slot::Node(1)] },
            Node { template: ROW, slots: vec![Slot::Unchanged] },
        ],
        ..tree(Slot::Empty)
    };
    assert!(compute(inside, &mut templates, &mut held, Scope::Changes, &limits).is_err());
}

#[test]
fn rows_are_in_order_and_complete() {
    let changed =
        |rows: &[(u32, u32)]| rows.iter().map(|(id, node)| Row { id: *id, node: *node }).collect::<Vec<_>>();
    check(with_list(None, vec![], vec![]), "has no order");
    check(with_list(Some(vec![1]), vec![], vec![]), "row 1 is new, or stands twice");
    check(with_list(Some(vec![1, 1]), changed(&[(1, 1)]), vec![row("a")]), "row 1 is new, or stands twice");
    check(
        with_list(Some(vec![1]), changed(&[(1, 1), (2, 2)]), vec![row("a"), row("b")]),
        "row 2 has changed but is not",
    );
    check(
        with_list(Some(vec![1]), changed(&[(1, 1), (1, 2)]), vec![row("a"), row("b")]),
        "row 1 stands twice among",
    );
    let other = Node { template: PAGE, slots: vec![text("x")] };
    check(with_list(Some(vec![1]), changed(&[(1, 1)]), vec![other]), "row 1 is of another template");
}

#[test]
fn a_row_changes_once_also_in_a_list_that_keeps_its_order() {
    let rows = |ids: &[u32]| -> (Vec<Row>, Vec<Node>) {
        ids.iter().zip(1..).map(|(id, node)| (Row { id: *id, node }, row("x"))).unzip()
    };
    for count in [2, 20] {
        let mut ids: Vec<u32> = (0..count).collect();
        let (changed, nodes) = rows(&ids);
        let first = with_list(Some(ids.clone()), changed, nodes);
        let mut templates = templates();
        let limits = Limits::default();
        let mut held = Held::default();
        compute(first, &mut templates, &mut held, Scope::Everything, &limits).unwrap();
        ids.push(1);
        let (changed, nodes) = rows(&ids);
        let twice = with_list(None, changed, nodes);
        let fault = compute(twice, &mut templates, &mut held, Scope::Changes, &limits).unwrap_err();
        assert!(fault.to_string().contains("row 1 stands twice among the changed rows"), "{fault}");
    }
}

#[test]
fn the_limits_are_of_bytes_as_they_are_sent() {
    // Six bytes for each of these, once they are JSON.
    let content = tree(text(&"\u{1}".repeat(100)));
    let sent = render(content.clone(), &Limits::default()).unwrap().len();
    assert!(sent > 600, "{sent}");
    for (max_full_bytes, fits) in [(sent - 1, false), (sent + 20, true)] {
        let limits = Limits { max_full_bytes, ..Limits::default() };
        assert_eq!(render(content.clone(), &limits).is_ok(), fits, "{max_full_bytes}");
    }
    // Rows of nothing are keys and braces.
    let (changed, nodes) = (0..500).map(|id| (Row { id, node: id + 1 }, row(""))).unzip();
    let many = with_list(Some((0..500).collect()), changed, nodes);
    let sent = render(many.clone(), &Limits::default()).unwrap().len();
    let limits = Limits { max_full_bytes: sent - 1, ..Limits::default() };
    assert!(matches!(render(many, &limits), Err(Fault::TooLarge { .. })), "{sent}");
}

#[test]
fn a_document_is_so_large_and_no_larger() {
    let limits =
        Limits { max_components: 2, max_nodes: 6, max_depth: 3, max_full_bytes: 200, max_diff_bytes: 60 };
    let rows = |count: u32| {
        let changed = (0..count).map(|id| Row { id, node: id + 1 }).collect();
        with_list(Some((0..count).collect()), changed, (0..count).map(|_| row("")).collect())
    };
    assert!(render(rows(2), &limits).is_ok());
    assert!(matches!(render(rows(3), &limits), Err(Fault::TooManyNodes { limit: 6 })));
    let ids = with_list(Some((0..5).collect()), vec![], vec![]);
    assert!(matches!(render(ids, &limits), Err(Fault::TooManyNodes { limit: 6 })));

    let deep = |depth: u32| {
        let nested = (1..depth).map(|at| Node {
            template: PAGE,
            slots: vec![if at + 1 < depth { Slot::Node(at + 1) } else { Slot::Empty }],
        });
        with_nodes(if depth > 1 { Slot::Node(1) } else { Slot::Empty }, nested.collect())
    };
    assert!(render(deep(3), &limits).is_ok());
    let limits = Limits { max_nodes: 10, ..limits };
    assert!(matches!(render(deep(4), &limits), Err(Fault::TooDeep { limit: 3 })));

    assert!(render(tree(text(&"x".repeat(150))), &limits).is_ok());
    let fault = render(tree(text(&"x".repeat(200))), &limits).unwrap_err();
    assert!(matches!(fault, Fault::TooLarge { what: "full render", limit: 200 }), "{fault}");
    let mut templates = templates();
    let mut held = Held::default();
    compute(tree(text("x")), &mut templates, &mut held, Scope::Everything, &limits).unwrap();
    compute(tree(text(&"y".repeat(50))), &mut templates, &mut held, Scope::Changes, &limits).unwrap();
    let fault =
        compute(tree(text(&"z".repeat(60))), &mut templates, &mut held, Scope::Changes, &limits).unwrap_err();
    assert!(matches!(fault, Fault::TooLarge { what: "diff", limit: 60 }), "{fault}");
}

#[test]
fn extras_are_json_and_named_shortly() {
    let mut extras = Extras::default();
    assert!(matches!(extras.set_reply("{"), Err(Fault::Payload { what: "`reply`", .. })));
    assert!(matches!(extras.push_event("e", "[]"), Err(Fault::Payload { .. })));
    assert!(matches!(extras.push_event("e", "{}{}"), Err(Fault::Payload { .. })));
    assert!(matches!(extras.push_event(&"e".repeat(256), "{}"), Err(Fault::TooLong { limit: 255, .. })));
    assert!(extras.is_empty());
    let mut append = |id: &str| extras.append_text(id.to_owned(), "x".to_owned(), false);
    for id in ["", "a b", "a\u{0}b", &"e".repeat(256)] {
        assert!(matches!(append(id), Err(Fault::ElementId { .. })), "{id:?}");
    }
    assert!(append(&"e".repeat(255)).is_ok());
    extras = Extras::default();
    extras.push_event(&"e".repeat(255), " {} ").unwrap();
    extras.set_reply("[1]").unwrap();
    extras.set_title("a \"b\"");
    let json = hothouse_diff::Update::default().to_json(&extras);
    assert_eq!(json, format!("{{\"t\":\"a \\\"b\\\"\",\"e\":[[\"{}\",{{}}]],\"r\":[1]}}", "e".repeat(255)));
}

#[test]
fn text_for_one_element_is_one_event_before_all_others() {
    let mut extras = Extras::default();
    extras.push_event("done", "{}").unwrap();
    let mut append =
        |id: &str, text: &str, replace| extras.append_text(id.to_owned(), text.to_owned(), replace).unwrap();
    append("a", "one ", false);
    append("b", "\"", false);
    append("a", "two", false);
    append("c", "", false);
    let mut later = Extras::default();
    later.append_text("b".to_owned(), "anew".to_owned(), true).unwrap();
    later.append_text("b".to_owned(), " and more".to_owned(), false).unwrap();
    let bytes = extras.bytes();
    extras.append(later);
    assert!(extras.bytes() > bytes);
    let expected = serde_json::json!({ "e": [
        ["hothouse:append", { "to": "a", "text": "one two" }],
        ["hothouse:append", { "to": "b", "text": "anew and more", "replace": true }],
        ["done", {}],
    ] });
    let json = hothouse_diff::Update::default().to_json(&extras);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), expected);
}
