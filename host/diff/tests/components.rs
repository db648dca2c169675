//! Live components: what is sent for each change, literally; the two-step removal; every refusal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use hothouse_diff::{
    ComponentEntry, Each, Extras, Fault, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot,
    StreamChange, StreamInsert, Templates, Tree, compute, html,
};

/// Two slots side by side.
const PAGE: u32 = 1;
/// One element, with a slot for text and one for anything.
const CARD: u32 = 2;
const BOLD: u32 = 3;
const OTHER_PAGE: u32 = 4;
const TWO_ELEMENTS: u32 = 5;
const LIST: u32 = 6;
const ITEM: u32 = 7;
const PORTAL: u32 = 8;

fn text(text: &str) -> Slot {
    Slot::Text(text.to_owned())
}

fn template(id: u32, parts: &[&str]) -> NewTemplate {
    NewTemplate { id, statics: parts.iter().map(|part| (*part).to_owned()).collect() }
}

fn all_templates() -> Vec<NewTemplate> {
    vec![
        template(PAGE, &["<main>", "|", "</main>"]),
        template(CARD, &["<p title=\"", "\">", "</p>"]),
        template(BOLD, &["<b>", "</b>"]),
        template(OTHER_PAGE, &["<div>", "</div>"]),
        template(TWO_ELEMENTS, &["<i></i><u>", "</u>"]),
        template(
            PORTAL,
            &["<template id=\"a\" data-phx-portal=\"body\"><p id=\"_lv_portal_wrap_a\">", "</p></template>"],
        ),
        template(LIST, &["<ul id=\"l\" phx-update=\"stream\">", "</ul>"]),
        template(ITEM, &["<li id=\"", "\">", "</li>"]),
    ]
}

/// A document, part by part.
#[derive(Clone)]
struct Doc(Tree);

impl Doc {
    fn new(root: Slot) -> Self {
        Self(Tree { root, templates: all_templates(), ..Tree::default() })
    }

    fn page(first: Slot, second: Slot) -> Self {
        let mut doc = Self::new(Slot::Empty);
        doc.0.root = doc.node(PAGE, vec![first, second]);
        doc
    }

    fn node(&mut self, template: u32, slots: Vec<Slot>) -> Slot {
        self.0.nodes.push(Node { template, slots });
        Slot::Node(u32::try_from(self.0.nodes.len()).unwrap() - 1)
    }

    fn entry(mut self, cid: u32, root: Slot) -> Self {
        self.0.components.push(ComponentEntry { cid, root });
        self
    }

    fn card(mut self, cid: u32, title: Slot, content: Slot) -> Self {
        let root = self.node(CARD, vec![title, content]);
        self.entry(cid, root)
    }

    /// A card with a node in it.
    fn bold_card(mut self, cid: u32, title: &str, bold: &str) -> Self {
        let bold = self.node(BOLD, vec![text(bold)]);
        self.card(cid, text(title), bold)
    }
}

fn templates() -> Templates {
    Templates::new(Arc::new(Interner::new(Policy::default())))
}

/// A view as the host has it.
struct View {
    templates: Templates,
    held: Held,
    limits: Limits,
}

impl View {
    fn new() -> Self {
        let limits = Limits { max_components: 4, ..Limits::default() };
        Self { templates: templates(), held: Held::default(), limits }
    }

    /// With this document.
    fn of(doc: Doc) -> Self {
        let mut view = Self::new();
        view.take(doc);
        view
    }

    fn try_take(&mut self, doc: Doc, scope: Scope) -> Result<(String, Vec<u32>), Fault> {
        compute(doc.0, &mut self.templates, &mut self.held, scope, &self.limits)
            .map(|update| (update.to_json(&Extras::default()), update.missing().to_vec()))
    }

    fn take(&mut self, doc: Doc) -> String {
        let (diff, missing) = self.try_take(doc, Scope::Changes).unwrap();
        assert!(missing.is_empty(), "{missing:?}");
        diff
    }

    /// Takes a document after which components are missing, and what the guest answers for them.
    fn complete(&mut self, doc: Doc, expected: &[u32], answer: Doc) -> Result<String, Fault> {
        let Self { templates, held, limits } = self;
        let mut update = compute(doc.0, templates, held, Scope::Changes, limits).unwrap();
        assert_eq!(update.missing(), expected);
        hothouse_diff::complete(&mut update, answer.0, templates, held, limits)?;
        assert!(update.missing().is_empty());
        Ok(update.to_json(&Extras::default()))
    }

    #[track_caller]
    fn refuses(mut self, doc: Doc, expected: &str) {
        let fault = self.try_take(doc, Scope::Changes).expect_err(expected);
        assert!(fault.to_string().contains(expected), "{fault} does not say {expected:?}");
    }
}

fn two_cards() -> Doc {
    Doc::page(Slot::Component(1), Slot::Component(2)).card(1, text("a"), Slot::Empty).card(
        2,
        text("b"),
        Slot::Empty,
    )
}

fn unchanged() -> Doc {
    Doc::new(Slot::Unchanged)
}

#[test]
fn components_stand_under_their_cids_and_share_their_literal_parts() {
    assert_eq!(
        View::new().take(two_cards()),
        r#"{"0":1,"1":2,"s":["<main>","|","</main>"],"c":{"1":{"0":"a","1":"","s":["<p title=\"","\">","</p>"],"r":1},"2":{"0":"b","1":"","s":1}}}"#
    );
}

#[test]
fn what_changed_in_a_component_is_all_that_is_sent() {
    let mut view = View::of(two_cards());
    assert_eq!(view.take(unchanged().card(2, text("c"), Slot::Unchanged)), r#"{"c":{"2":{"0":"c"}}}"#);
    assert_eq!(view.take(unchanged().card(2, text("c"), Slot::Empty)), "{}");
    assert_eq!(view.take(unchanged().entry(1, Slot::Unchanged)), "{}");
}

#[test]
fn a_new_component_begins_with_the_tree_of_one_that_is_there() {
    let mut view = View::of(Doc::page(Slot::Component(1), Slot::Empty).bold_card(1, "a", "x"));
    assert_eq!(
        view.take(Doc::page(Slot::Component(1), Slot::Component(2)).bold_card(2, "b", "y")),
        r#"{"1":2,"c":{"2":{"0":"b","1":{"0":"y"},"s":-1}}}"#
    );
    // Where the other has none, literal parts are sent.
    assert_eq!(view.take(unchanged().card(2, text("b"), text("plain"))), r#"{"c":{"2":{"1":"plain"}}}"#);
    let mut view = View::of(Doc::page(Slot::Component(1), Slot::Empty).card(1, text("a"), text("x")));
    assert_eq!(
        view.take(Doc::page(Slot::Unchanged, Slot::Component(2)).bold_card(2, "b", "y")),
        r#"{"1":2,"c":{"2":{"0":"b","1":{"0":"y","s":["<b>","</b>"],"r":1},"s":-1}}}"#
    );
}

#[test]
fn nothing_begins_with_a_component_that_may_be_gone() {
    let mut view = View::of(Doc::page(Slot::Component(1), Slot::Empty).card(1, text("a"), Slot::Empty));
    view.held.mark_components(&[1]);
    let diff = view.take(Doc::page(Slot::Unchanged, Slot::Component(2)).card(2, text("b"), Slot::Empty));
    assert!(diff.contains(r#""s":["<p title=\"","\">","</p>"],"r":1"#), "{diff}");
    // Out of the page.
    let mut view = View::of(Doc::page(Slot::Component(1), Slot::Empty).card(1, text("a"), Slot::Empty));
    let diff = view.take(Doc::page(Slot::Component(2), Slot::Empty).card(2, text("b"), Slot::Empty));
    assert!(diff.contains(r#""s":["<p title=\"","\">","</p>"],"r":1"#), "{diff}");
}

#[test]
fn a_component_that_moves_sends_its_cid() {
    let mut view = View::of(two_cards());
    assert_eq!(view.take(Doc::page(Slot::Component(2), Slot::Component(1))), r#"{"0":2,"1":1}"#);
    assert_eq!(
        view.take(Doc::page(Slot::Component(1), Slot::Empty).card(1, Slot::Unchanged, Slot::Component(2))),
        r#"{"0":1,"1":"","c":{"1":{"1":2}}}"#,
        "into another component"
    );
    assert_eq!(
        view.take(
            Doc::page(Slot::Component(2), Slot::Unchanged).card(2, Slot::Unchanged, Slot::Component(1)).card(
                1,
                Slot::Unchanged,
                Slot::Empty
            )
        ),
        r#"{"0":2,"c":{"1":{"1":""},"2":{"1":1}}}"#,
        "and the other way round"
    );
}

#[test]
fn rows_take_their_components_along() {
    let list = |order: &[u32], cids: &[u32]| {
        let mut doc = Doc::new(Slot::Empty);
        doc.0.root = doc.node(PAGE, vec![Slot::Each(0), Slot::Empty]);
        let mut changed = Vec::new();
        for (id, cid) in order.iter().zip(cids) {
            let Slot::Node(node) = doc.node(BOLD, vec![Slot::Component(*cid)]) else { continue };
            changed.push(Row { id: *id, node });
        }
        doc.0.lists.push(Each { template: BOLD, order: Some(order.to_vec()), changed, ..Each::default() });
        doc
    };
    let first = list(&[1, 2, 3], &[1, 2, 3])
        .card(1, text("a"), Slot::Empty)
        .card(2, text("b"), Slot::Empty)
        .card(3, text("c"), Slot::Empty);
    let mut view = View::of(first);
    assert_eq!(view.take(list(&[3, 1], &[3, 1])), r#"{"0":{"k":{"0":2,"1":0,"kc":2,"km":true}}}"#);
    view.held.mark_components(&[2]);
    assert_eq!(view.held.remove_components(&[1, 2, 3]), [2], "those in rows have their places");
}

#[test]
fn what_comes_back_is_asked_for_completely() {
    let without = || Doc::page(Slot::Empty, Slot::Unchanged);
    let with = || Doc::page(Slot::Component(1), Slot::Unchanged);
    let whole = r#"{"0":1,"c":{"1":{"0":"a","1":"","s":-2}}}"#;
    let answer = || unchanged().card(1, text("a"), Slot::Empty);
    // Before the browser said a word.
    let mut view = View::of(two_cards());
    assert_eq!(view.take(without()), r#"{"0":""}"#);
    assert_eq!(view.complete(with(), &[1], answer()).unwrap(), whole);
    // When it has taken the element out.
    view.take(without());
    view.held.mark_components(&[1]);
    assert_eq!(view.complete(with(), &[1], answer()).unwrap(), whole);
    assert!(view.held.remove_components(&[1]).is_empty(), "the mark is gone");
    // And is still there: it was marked after it had come back.
    view.held.mark_components(&[1]);
    assert!(view.held.remove_components(&[1]).is_empty(), "it has a place");
    assert_eq!(view.take(unchanged().card(1, text("b"), Slot::Unchanged)), r#"{"c":{"1":{"0":"b"}}}"#);
    let again = view.complete(with(), &[1], unchanged().card(1, text("b"), Slot::Empty)).unwrap();
    assert_eq!(again, r#"{"c":{"1":{"0":"b","1":"","s":-2}}}"#);
    // Not marked: a word that comes late is of an earlier time.
    view.take(without());
    assert!(view.held.remove_components(&[1]).is_empty());
    view.held.mark_components(&[1]);
    assert_eq!(view.held.remove_components(&[2, 1, 1]), [1]);
    assert!(!view.held.has_component(1));
    view.refuses(with(), "was never there, or is gone");
}

#[test]
fn what_stands_in_a_component_goes_and_comes_with_it() {
    let nested = || Doc::page(Slot::Component(1), Slot::Empty).card(1, text("a"), Slot::Component(2));
    let mut view = View::of(nested().card(2, text("b"), Slot::Empty));
    view.take(Doc::page(Slot::Empty, Slot::Empty));
    view.held.mark_components(&[1, 2]);
    // What the guest says of it meanwhile is for nobody.
    assert_eq!(view.take(unchanged().card(2, text("c"), Slot::Unchanged)), "{}");
    let answer = unchanged().card(1, text("a"), Slot::Component(2)).card(2, text("c"), Slot::Empty);
    let diff = view.complete(Doc::page(Slot::Component(1), Slot::Empty), &[1], answer).unwrap();
    assert_eq!(
        diff,
        r#"{"0":1,"c":{"1":{"0":"a","1":2,"s":["<p title=\"","\">","</p>"],"r":1},"2":{"0":"c","1":"","s":1}}}"#
    );
    assert!(view.held.remove_components(&[1, 2]).is_empty());
    // Without what is in it, the answer is not complete.
    view.take(Doc::page(Slot::Empty, Slot::Empty));
    let answer = unchanged().card(1, text("a"), Slot::Component(2));
    let fault = view.complete(Doc::page(Slot::Component(1), Slot::Empty), &[1], answer).unwrap_err();
    assert!(fault.to_string().contains("live component 2 has a place, and no entry"), "{fault}");
}

#[test]
fn an_answer_that_says_something_else_than_the_document_goes_in_its_place() {
    let mut view = View::of(Doc::page(Slot::Component(1), Slot::Empty).card(1, text("a"), Slot::Empty));
    view.take(Doc::page(Slot::Empty, Slot::Empty));
    // The second one is new, and the browser has nothing of it yet.
    let doc = Doc::page(Slot::Component(1), Slot::Component(2)).card(2, text("b"), Slot::Empty);
    let answer = unchanged().card(1, text("a"), Slot::Empty).card(2, text("b"), text("c"));
    assert_eq!(
        view.complete(doc, &[1], answer).unwrap(),
        r#"{"0":1,"1":2,"c":{"1":{"0":"a","1":"","s":["<p title=\"","\">","</p>"],"r":1},"2":{"0":"b","1":"c","s":1}}}"#
    );
}

#[test]
fn another_root_is_sent_with_all_components() {
    let mut view = View::of(two_cards());
    let other = |cid| {
        let mut doc = Doc::new(Slot::Empty);
        doc.0.root = doc.node(OTHER_PAGE, vec![Slot::Component(cid)]);
        doc
    };
    let diff = view.complete(other(2), &[2], unchanged().card(2, text("b"), Slot::Empty)).unwrap();
    assert_eq!(
        diff,
        r#"{"0":2,"s":["<div>","</div>"],"c":{"2":{"0":"b","1":"","s":["<p title=\"","\">","</p>"],"r":1}}}"#
    );
}

#[test]
fn after_a_refusal_the_components_of_the_page_are_still_known() {
    let mut view = View::of(two_cards());
    let bad = Doc::page(Slot::Component(3), Slot::Component(3)).card(3, text("c"), Slot::Empty);
    assert!(view.try_take(bad, Scope::Changes).is_err());
    assert!(!view.held.has_component(3), "what was refused was never there");
    let whole = Doc::page(Slot::Component(1), Slot::Component(3)).card(1, text("a"), Slot::Empty).card(
        3,
        text("c"),
        Slot::Empty,
    );
    let (diff, missing) = view.try_take(whole, Scope::Everything).unwrap();
    assert!(missing.is_empty());
    assert!(diff.starts_with(r#"{"0":1,"1":3,"s":["#), "{diff}");
    view.held.mark_components(&[2]);
    assert_eq!(view.held.remove_components(&[2]), [2], "the browser had it");
}

#[test]
fn an_answer_that_is_refused_takes_the_document_with_it() {
    let mut view = View::of(two_cards());
    view.take(Doc::page(Slot::Empty, Slot::Component(2)));
    let doc = Doc::page(Slot::Component(1), Slot::Component(3)).card(3, text("c"), Slot::Empty);
    view.complete(doc, &[1], unchanged().card(1, Slot::Unchanged, Slot::Empty)).unwrap_err();
    assert!(!view.held.has_component(3));
    let (diff, _) = view.try_take(two_cards(), Scope::Everything).unwrap();
    assert!(diff.contains("\"s\":[\"<main>\""), "{diff}");
    // As if the guest had failed.
    view.held.forget();
    let (diff, _) = view.try_take(two_cards(), Scope::Everything).unwrap();
    assert!(diff.contains("\"s\":[\"<main>\""), "{diff}");
}

#[test]
fn those_that_wait_have_a_bound() {
    let mut view = View::of(two_cards());
    for cid in 3..=5 {
        view.take(Doc::page(Slot::Component(cid), Slot::Empty).card(cid, text("x"), Slot::Empty));
        assert!(view.held.remove_surplus(&view.limits).is_empty());
    }
    view.take(Doc::page(Slot::Component(6), Slot::Empty).card(6, text("x"), Slot::Empty));
    assert_eq!(view.held.remove_surplus(&view.limits), [1]);
    assert!(!view.held.has_component(1) && view.held.has_component(2));
    // An entry that has no place waits as well: nobody has to remember it for ever.
    assert_eq!(view.take(unchanged().card(7, text("x"), Slot::Empty)), "{}");
    assert_eq!(view.held.remove_surplus(&view.limits), [2]);
}

#[test]
fn the_first_page_has_components_in_their_places() {
    let doc = Doc::page(Slot::Component(2), Slot::Empty).card(1, text("in"), text("side")).card(
        2,
        text("out"),
        Slot::Component(1),
    );
    let (page, _) = html(doc.0, &mut templates(), &Limits::default()).unwrap();
    assert_eq!(page, r#"<main><p title="out"><p title="in">side</p></p>|</main>"#);
}

/// Refused in a diff and in a page alike.
#[track_caller]
fn check(doc: Doc, in_diff: &str, in_page: &str) {
    View::new().refuses(doc.clone(), in_diff);
    let limits = Limits { max_components: 4, ..Limits::default() };
    let fault = html(doc.0, &mut templates(), &limits).expect_err(in_page);
    assert!(fault.to_string().contains(in_page), "{fault} does not say {in_page:?}");
}

#[test]
fn every_mistake_with_components_is_refused() {
    let card = |doc: Doc, cid| doc.card(cid, text("x"), Slot::Empty);
    let placed = |cid| Doc::page(Slot::Component(cid), Slot::Empty);
    check(card(placed(0), 0), "live component 0 was never there", "");
    check(placed(1), "live component 1 has a place, and no entry", "live component 1 has no entry");
    check(card(Doc::page(Slot::Component(1), Slot::Component(1)), 1), "1 has two places", "or two places");
    check(
        card(card(placed(1), 1), 1),
        "live component 1 has two entries",
        "1 live components of the document",
    );
    check(placed(1).entry(1, text("x")), "1 has an entry whose root is not a node", "root is not a node");
    check(placed(1).entry(1, Slot::Unchanged), "1 has an entry whose root is not", "root is not a node");
    let mut two = placed(1);
    let root = two.node(TWO_ELEMENTS, vec![text("x")]);
    check(two.entry(1, root), "1 is not one element", "1 is not one element");
    let mut portal = placed(1);
    let root = portal.node(PORTAL, vec![text("x")]);
    check(portal.entry(1, root), "1 is not one element", "1 is not one element");
    let itself = placed(1).card(1, text("x"), Slot::Component(1));
    check(itself, "1 has two places", "or two places");
    let attribute = placed(1).card(1, Slot::Component(2), Slot::Empty);
    check(card(attribute, 2), "slot 0 of template 2 is a live component", "is a live component");
    let many = (1..=5).fold(Doc::page(Slot::Empty, Slot::Empty), card);
    check(many, "more than 4 live components", "more than 4 live components");
}

#[test]
fn components_that_stand_in_each_other_are_refused() {
    let first = || {
        Doc::page(Slot::Component(1), Slot::Component(2)).card(1, text("a"), Slot::Empty).card(
            2,
            text("b"),
            Slot::Empty,
        )
    };
    let view = View::of(first());
    let ring = Doc::page(Slot::Empty, Slot::Empty).card(1, Slot::Unchanged, Slot::Component(2)).card(
        2,
        Slot::Unchanged,
        Slot::Component(1),
    );
    view.refuses(ring, "stands in itself");
    let view = View::of(first());
    let itself = Doc::page(Slot::Empty, Slot::Unchanged).card(1, Slot::Unchanged, Slot::Component(1));
    view.refuses(itself, "live component 1 stands in itself");
}

#[test]
fn components_are_nested_up_to_a_depth_and_no_deeper() {
    let nested = |depth: u32| {
        let doc = Doc::page(Slot::Component(1), Slot::Empty);
        let inner = |cid| if cid < depth { Slot::Component(cid + 1) } else { Slot::Empty };
        (1..=depth).fold(doc, |doc, cid| doc.card(cid, text("x"), inner(cid)))
    };
    let mut view = View { limits: Limits::default(), ..View::new() };
    view.take(nested(32));
    let view = View { limits: Limits::default(), ..View::new() };
    view.refuses(nested(33), "nested deeper than 32");
    // What moves takes along what is in it.
    let mut view = View { limits: Limits::default(), ..View::new() };
    let two = |second| Doc::page(Slot::Component(1), second);
    let inner = |cid| if cid % 20 > 0 { Slot::Component(cid + 1) } else { Slot::Empty };
    view.take((1..=40).fold(two(Slot::Component(21)), |doc, cid| doc.card(cid, text("x"), inner(cid))));
    let deeper = two(Slot::Empty).card(20, Slot::Unchanged, Slot::Component(21));
    view.refuses(deeper, "nested deeper than 32");
}

#[test]
fn a_document_of_everything_has_all_components() {
    let mut view = View::of(two_cards());
    let one = Doc::page(Slot::Component(1), Slot::Component(2)).card(1, text("a"), Slot::Empty);
    let fault = view.try_take(one, Scope::Everything).unwrap_err();
    assert!(fault.to_string().contains("2 has a place, and no entry"), "{fault}");
}

#[test]
fn streams_stand_in_components_and_components_not_in_streams() {
    let stream = |inner: Slot, elements: &[&str]| {
        let mut doc = Doc::page(Slot::Component(1), Slot::Empty);
        let mut change = StreamChange { name: "l".to_owned(), ..StreamChange::default() };
        for element in elements {
            let Slot::Node(node) = doc.node(ITEM, vec![text(element), inner.clone()]) else { continue };
            let element = (*element).to_owned();
            change.inserts.push(StreamInsert { element, at: -1, limit: None, update_only: false, node });
        }
        doc.0.streams.push(change);
        doc.0.lists.push(Each { template: ITEM, stream: Some(0), ..Each::default() });
        let root = doc.node(LIST, vec![Slot::Each(0)]);
        doc.entry(1, root)
    };
    let mut view = View::new();
    let first = view.take(stream(text("x"), &["l-1"]));
    assert!(first.contains(r#""stream":["l",[["l-1",-1,null,null]],[]]"#), "{first}");
    assert_eq!(
        view.take(stream(text("y"), &["l-2"])),
        r#"{"c":{"1":{"0":{"k":{"0":{"0":"l-2","1":"y"},"kc":1},"stream":["l",[["l-2",-1,null,null]],[]]}}}}"#
    );
    let inside = || stream(Slot::Component(2), &["l-3"]).card(2, text("b"), Slot::Empty);
    check(inside(), "2 stands in a row of a stream", "2 stands in a row of a stream");
}
