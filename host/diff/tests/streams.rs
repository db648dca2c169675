//! Streams: what is sent, that nothing is held, what is refused, and random edits of a page that keeps its rows itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use hothouse_diff::{
    Each, Extras, Fault, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot, StreamChange,
    StreamInsert, Templates, Tree, compute, html,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const PAGE: u32 = 1;
const ROW: u32 = 2;
const TEXT: u32 = 3;

fn template(id: u32, parts: &[&str]) -> NewTemplate {
    NewTemplate { id, statics: parts.iter().map(|part| (*part).to_owned()).collect() }
}

/// A page of one stream; each item is its id and its text, which is a node within the row.
fn tree(change: StreamChange, texts: &[&str]) -> Tree {
    let mut tree = Tree {
        root: Slot::Node(0),
        nodes: vec![Node { template: PAGE, slots: vec![Slot::Each(0)] }],
        lists: vec![Each { template: ROW, stream: Some(0), ..Each::default() }],
        templates: vec![
            template(PAGE, &["<ul id=\"s\" phx-update=\"stream\">", "</ul>"]),
            template(ROW, &["<li id=\"", "\">", "</li>"]),
            template(TEXT, &["<b>", "</b>"]),
        ],
        ..Tree::default()
    };
    let mut change = change;
    for (insert, text) in change.inserts.iter_mut().zip(texts) {
        let inner = u32::try_from(tree.nodes.len()).unwrap();
        tree.nodes.push(Node { template: TEXT, slots: vec![Slot::Text((*text).to_owned())] });
        let slots = vec![Slot::Text(insert.element.clone()), Slot::Node(inner)];
        tree.nodes.push(Node { template: ROW, slots });
        insert.node = inner + 1;
    }
    tree.streams.push(change);
    tree
}

fn insert(element: &str) -> StreamInsert {
    StreamInsert { element: element.to_owned(), at: -1, limit: None, update_only: false, node: 0 }
}

fn inserts(ids: &[&str]) -> StreamChange {
    StreamChange {
        name: "s".to_owned(),
        inserts: ids.iter().map(|id| insert(id)).collect(),
        ..StreamChange::default()
    }
}

/// A view as the host has it.
struct View {
    templates: Templates,
    held: Held,
}

impl View {
    fn new() -> Self {
        Self { templates: Templates::new(Arc::new(Interner::new(Policy::default()))), held: Held::default() }
    }

    fn take(&mut self, tree: Tree) -> Value {
        let update =
            compute(tree, &mut self.templates, &mut self.held, Scope::Changes, &Limits::default()).unwrap();
        serde_json::from_str(&update.to_json(&Extras::default())).unwrap()
    }
}

#[test]
fn operations_are_sent_with_complete_rows() {
    let mut view = View::new();
    let first = view.take(tree(inserts(&[]), &[]));
    assert_eq!(
        first["0"],
        json!({ "s": ["<li id=\"", "\">", "</li>"], "k": { "kc": 0 }, "stream": ["s", [], []] })
    );
    let row = |id: &str, text: &str| json!({ "0": id, "1": { "0": text, "s": ["<b>", "</b>"], "r": 1 } });
    let second = view.take(tree(inserts(&["a"]), &["x"]));
    let expected =
        json!({ "k": { "0": row("a", "x"), "kc": 1 }, "stream": ["s", [["a", -1, null, null]], []] });
    assert_eq!(second["0"], expected);
    assert_eq!(view.take(tree(inserts(&["a"]), &["x"]))["0"], expected, "the same again is sent again");
    let change = StreamChange {
        inserts: vec![StreamInsert { at: 3, limit: Some(-7), update_only: true, ..insert("b\"<") }],
        deletes: vec!["a".to_owned(), "c".to_owned()],
        ..inserts(&[])
    };
    let third = view.take(tree(change, &["y"]));
    assert_eq!(third["0"]["stream"], json!(["s", [["b\"<", 3, -7, true]], ["a", "c"]]));
    assert_eq!(third["0"]["k"]["0"]["0"], json!("b&quot;&lt;"));
    let reset = view.take(tree(StreamChange { reset: true, ..inserts(&["a"]) }, &["z"]));
    assert_eq!(reset["0"]["stream"], json!(["s", [["a", -1, null, null]], [], true]));
    assert_eq!(view.take(tree(inserts(&[]), &[])), json!({}), "nothing happens");
}

#[test]
fn no_row_of_a_stream_is_held() {
    let mut view = View::new();
    view.take(tree(inserts(&[]), &[]));
    let empty = format!("{:?}", view.held);
    let ids: Vec<String> = (0..1000).map(|id| format!("s-{id}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    view.take(tree(inserts(&ids), &vec!["text"; 1000]));
    assert_eq!(format!("{:?}", view.held), empty);
}

#[test]
fn another_stream_at_the_place_of_one_is_sent_whole() {
    let mut view = View::new();
    view.take(tree(inserts(&["a"]), &["x"]));
    let other = view.take(tree(StreamChange { name: "t".to_owned(), ..inserts(&[]) }, &[]));
    assert_eq!(other["0"]["stream"], json!(["t", [], []]));
    assert!(other["0"].get("s").is_some(), "{other}");
    let mut list = tree(inserts(&[]), &[]);
    list.streams.clear();
    list.lists = vec![Each { template: ROW, order: Some(vec![]), ..Each::default() }];
    assert_eq!(view.take(list)["0"], json!(""), "a list of no rows");
    assert!(view.take(tree(inserts(&[]), &[]))["0"].get("s").is_some());
}

#[track_caller]
fn check(tree: &Tree, code: &str, expected: &str) {
    let templates = || Templates::new(Arc::new(Interner::new(Policy::default())));
    let limits = Limits { max_nodes: 40, ..Limits::default() };
    let in_diff = compute(tree.clone(), &mut templates(), &mut Held::default(), Scope::Everything, &limits)
        .expect_err(expected);
    let in_page = html(tree.clone(), &mut templates(), &limits).expect_err(expected);
    for fault in [in_diff, in_page] {
        assert_eq!(Fault::code(&fault), code, "{fault}");
        assert!(fault.to_string().contains(expected), "{fault} does not say {expected:?}");
    }
}

#[test]
fn what_an_operation_may_not_be_is_refused() {
    let code = "bad-stream-item";
    check(&tree(inserts(&["a", "b", "a"]), &["", "", ""]), code, "insert 2 has an id that stands twice");
    check(&tree(inserts(&[""]), &[""]), code, "insert 0 has an id that is not 1 to 255");
    check(&tree(inserts(&[&"a".repeat(256)]), &[""]), code, "1 to 255 bytes");
    for id in ["a b", "a\u{a0}b", "a\n", "\u{0}"] {
        check(&tree(inserts(&[id]), &[""]), code, "white space or a control character");
    }
    for at in [-2, i32::MIN] {
        let change = StreamChange { inserts: vec![StreamInsert { at, ..insert("a") }], ..inserts(&[]) };
        check(&tree(change, &[""]), code, "insert 0 is at an index below -1");
    }
    let update = StreamInsert { update_only: true, ..insert("a") };
    let change = StreamChange { inserts: vec![update], ..inserts(&[]) };
    let problem = "insert 0 is only an update, of an item that goes";
    check(&tree(StreamChange { reset: true, ..change.clone() }, &[""]), code, problem);
    check(&tree(StreamChange { deletes: vec!["a".to_owned()], ..change }, &[""]), code, problem);
    for (deletes, problem) in
        [(vec!["a", "a"], "delete 1 has an id that stands twice"), (vec![""], "delete 0 has")]
    {
        let deletes = deletes.into_iter().map(str::to_owned).collect();
        check(&tree(StreamChange { deletes, ..inserts(&[]) }, &[]), code, problem);
    }
    let mut other = tree(inserts(&["a"]), &[""]);
    other.nodes[2].slots[0] = Slot::Text("b".to_owned());
    check(&other, code, "insert 0 has an element with another id");
    other.nodes[2].slots[0] = Slot::Markup("a".to_owned());
    check(&other, code, "insert 0 has an element with another id");
    let mut template = tree(inserts(&["a"]), &[""]);
    template.nodes[2] = Node { template: TEXT, slots: vec![Slot::Empty] };
    check(&template, code, "insert 0 is of another template");
}

#[test]
fn a_row_is_one_element_with_its_id_in_one_slot() {
    for (parts, fits) in [
        (vec!["<li id=\"", "\">", "</li>"], true),
        (vec!["<li class=\"x\" id='", "'>", "</li>"], true),
        (vec!["\n<li id=\"", "\">", "</li>\n"], true),
        (vec!["<li id=\"", "\"", "></li>"], true),
        (vec!["<li id=\"x", "\">", "</li>"], false),
        (vec!["<li id=\"", "x\">", "</li>"], false),
        (vec!["<li id=\"", "", "\"></li>"], false),
        (vec!["<li data-id=\"", "\">", "</li>"], false),
        (vec!["<li><i id=\"", "\">", "</i></li>"], false),
        (vec!["<li id=\"", "\">", "</li><li></li>"], false),
        (vec!["<li id=\"", "\">", "</li>text"], false),
        (vec!["text<li id=\"", "\">", "</li>"], false),
    ] {
        let mut tree = tree(inserts(&["a"]), &[""]);
        tree.templates[1] = template(ROW, &parts);
        tree.nodes[2].slots[1] = Slot::Empty;
        tree.nodes.remove(1);
        tree.streams[0].inserts[0].node = 1;
        let rendered = html(tree, &mut View::new().templates, &Limits::default());
        assert_eq!(rendered.is_ok(), fits, "{parts:?}: {rendered:?}");
    }
    // Attributes in a slot could be another id, of which browsers take the first.
    let mut before = tree(inserts(&["a"]), &[""]);
    before.templates[1] = template(ROW, &["<li", " id=\"", "\"></li>"]);
    before.nodes[2].slots = vec![Slot::Markup(" id=\"a\"".to_owned()), Slot::Text("a".to_owned())];
    before.nodes.remove(1);
    before.streams[0].inserts[0].node = 1;
    check(&before, "bad-stream-item", "before all slots of attributes");
}

#[test]
fn a_stream_stands_in_its_element_once() {
    let code = "bad-stream";
    for page in [
        ["<ul>", "</ul>"],
        ["<ul phx-update=\"stream\">", "</ul>"],
        ["<ul id=\"s\" phx-update=\"ignore\">", "</ul>"],
        ["<ul id=\"\" phx-update=\"stream\">", "</ul>"],
        ["<ul id=\"s\" phx-update=\"stream\"><li>", "</li></ul>"],
        ["<ul id=\"s\" phx-update=\"stream\"></ul>", ""],
        ["<ul id=\"s\" phx-update=\"&#115;tream\">", "</ul>"],
    ] {
        let mut outside = tree(inserts(&["a"]), &[""]);
        outside.templates[0] = template(PAGE, &page);
        check(&outside, code, "directly in an element that has an id and `phx-update=\"stream\"`");
    }
    for name in ["", "a b", "é", "a\"b", &"n".repeat(65)] {
        let change = StreamChange { name: name.to_owned(), ..inserts(&[]) };
        check(&tree(change, &[]), code, "has a name that is not");
    }
    let mut rows = tree(inserts(&["a"]), &[""]);
    rows.lists[0].order = Some(vec![1]);
    check(&rows, code, "has rows of its own");
    rows.lists[0].order = Some(vec![]);
    rows.lists[0].changed = vec![Row { id: 1, node: 2 }];
    check(&rows, code, "has rows of its own");

    let two = |second: u32| {
        let mut tree = tree(inserts(&["a"]), &[""]);
        tree.templates[0] = template(PAGE, &["<ul id=\"s\" phx-update=\"stream\">", "", "</ul>"]);
        tree.nodes[0].slots.push(Slot::Each(1));
        tree.lists.push(Each { template: ROW, stream: Some(second), ..Each::default() });
        tree
    };
    check(&two(0), "bad-index", "stream 0 does not exist or is used twice");
    check(&two(1), "bad-index", "stream 1 does not exist");
    let mut same = two(1);
    same.streams.push(inserts(&[]));
    check(&same, code, "has the name of another stream");
    let mut lost = tree(inserts(&["a"]), &[""]);
    lost.streams.push(StreamChange { name: "t".to_owned(), ..inserts(&[]) });
    check(&lost, "unused-parts", "1 streams of the document are not used");
}

#[test]
fn operations_count_as_nodes() {
    let deletes = |count: usize| StreamChange {
        deletes: (0..count).map(|id| format!("s-{id}")).collect(),
        ..inserts(&[])
    };
    // One node, one list, one stream.
    check(&tree(deletes(38), &[]), "too-many-nodes", "more than 40");
    let limits = Limits { max_nodes: 40, ..Limits::default() };
    let templates = || Templates::new(Arc::new(Interner::new(Policy::default())));
    assert!(html(tree(deletes(37), &[]), &mut templates(), &limits).is_ok());
    let small = Limits { max_full_bytes: 300, ..Limits::default() };
    let fault =
        compute(tree(deletes(40), &[]), &mut templates(), &mut Held::default(), Scope::Everything, &small)
            .unwrap_err();
    assert_eq!(fault.code(), "document-too-large");
}

/// What a document does to the stream.
#[derive(Debug, Clone)]
struct Edit {
    reset: bool,
    deletes: BTreeSet<u8>,
    inserts: Vec<(u8, i32, Option<i32>, bool, u8)>,
}

fn edit() -> impl Strategy<Value = Edit> {
    let insert = (0_u8..9, -1_i32..5, prop::option::of(-5_i32..6), prop::bool::weighted(0.2), any::<u8>());
    (
        prop::bool::weighted(0.1),
        prop::collection::btree_set(0_u8..9, 0..3),
        prop::collection::vec(insert, 0..5),
    )
        .prop_map(|(reset, deletes, mut inserts)| {
            let mut seen = BTreeSet::new();
            inserts.retain(|(id, ..)| seen.insert(*id));
            for (id, .., update_only, _) in &mut inserts {
                *update_only &= !reset && !deletes.contains(id);
            }
            Edit { reset, deletes, inserts }
        })
}

impl Edit {
    fn tree(&self) -> Tree {
        let insert = |(id, at, limit, update_only, _): &(u8, i32, Option<i32>, bool, u8)| StreamInsert {
            element: format!("s-{id}"),
            at: *at,
            limit: *limit,
            update_only: *update_only,
            node: 0,
        };
        let change = StreamChange {
            name: "s".to_owned(),
            inserts: self.inserts.iter().map(insert).collect(),
            deletes: self.deletes.iter().map(|id| format!("s-{id}")).collect(),
            reset: self.reset,
        };
        let texts: Vec<String> = self.inserts.iter().map(|(.., text)| text.to_string()).collect();
        tree(change, &texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What it means for the elements of a page.
    fn apply(&self, page: &mut Vec<(String, String)>) {
        if self.reset {
            page.clear();
        }
        page.retain(|(id, _)| !self.deletes.iter().any(|deleted| *id == format!("s-{deleted}")));
        for (id, at, limit, update_only, text) in &self.inserts {
            let (id, text) = (format!("s-{id}"), text.to_string());
            match page.iter().position(|(known, _)| *known == id) {
                Some(index) => page[index].1 = text,
                None if *update_only => {}
                None => {
                    let at = if *at < 0 { page.len() } else { page.len().min(at.unsigned_abs() as usize) };
                    page.insert(at, (id, text));
                    if let Some(limit) = limit {
                        let kept = page.len().min(limit.unsigned_abs() as usize);
                        *page = if *limit < 0 {
                            page.split_off(page.len() - kept)
                        } else {
                            page[..kept].to_vec()
                        };
                    }
                }
            }
        }
    }
}

/// What the protocol's description says of the `stream` key.
fn merge(diff: &Value, page: &mut Vec<(String, String)>) {
    let Some(stream) = diff["0"].get("stream") else { return };
    let rows = &diff["0"]["k"];
    if stream.get(3).is_some() {
        page.clear();
    }
    for id in stream[2].as_array().unwrap() {
        page.retain(|(known, _)| known != id.as_str().unwrap());
    }
    for index in 0..rows["kc"].as_u64().unwrap() {
        let row = &rows[index.to_string()];
        let (id, text) = (row["0"].as_str().unwrap(), row["1"]["0"].as_str().unwrap());
        assert!(row["1"].get("s").is_some(), "a row is complete: {row}");
        let insert = stream[1]
            .as_array()
            .unwrap()
            .iter()
            .find(|insert| insert[0] == id)
            .expect("an insert for each row");
        if let Some((_, known)) = page.iter_mut().find(|(known, _)| known == id) {
            text.clone_into(known);
        } else if insert[3] != true {
            let at = usize::try_from(insert[1].as_i64().unwrap()).map_or(page.len(), |at| at.min(page.len()));
            page.insert(at, (id.to_owned(), text.to_owned()));
            match insert[2].as_i64() {
                Some(limit @ 0..) => page.truncate(usize::try_from(limit).unwrap()),
                Some(limit) => {
                    let kept = usize::try_from(-limit).unwrap();
                    page.drain(..page.len().saturating_sub(kept));
                }
                None => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_after_its_diffs_is_what_its_operations_mean(edits in prop::collection::vec(edit(), 1..8)) {
        let mut view = View::new();
        let (mut shown, mut expected) = (Vec::new(), Vec::new());
        for (number, edit) in edits.iter().enumerate() {
            if number == 0 {
                // The first page shows what the client has once it has joined.
                let (page, _) = html(edit.tree(), &mut View::new().templates, &Limits::default()).unwrap();
                edit.apply(&mut expected);
                let rows: String =
                    expected.iter().map(|(id, text)| format!("<li id=\"{id}\"><b>{text}</b></li>")).collect();
                prop_assert_eq!(page, format!("<ul id=\"s\" phx-update=\"stream\">{rows}</ul>"));
            } else {
                edit.apply(&mut expected);
            }
            let diff = view.take(edit.tree());
            merge(&diff, &mut shown);
            prop_assert_eq!(&shown, &expected, "after {}", diff);
        }
    }
}

/// Rows of a list, each with a stream of its own.
fn rooms(order: Option<&[u32]>, rooms: &[(u32, StreamChange)]) -> Tree {
    const ROOM: u32 = 4;
    const ROOT: u32 = 5;
    let mut tree = tree(inserts(&[]), &[]);
    tree.templates[0] = template(ROOM, &["<ul id=\"", "\" phx-update=\"stream\">", "</ul>"]);
    tree.templates.push(template(ROOT, &["<main>", "</main>"]));
    tree.nodes = vec![Node { template: ROOT, slots: vec![Slot::Each(0)] }];
    (tree.lists, tree.streams) = (Vec::new(), Vec::new());
    let mut changed = Vec::new();
    let mut streams = Vec::new();
    for ((room, change), index) in rooms.iter().zip(0_u32..) {
        let mut change = change.clone();
        for insert in &mut change.inserts {
            insert.node = u32::try_from(tree.nodes.len()).unwrap();
            let slots = vec![Slot::Text(insert.element.clone()), Slot::Empty];
            tree.nodes.push(Node { template: ROW, slots });
        }
        tree.streams.push(change);
        streams.push(Each { template: ROW, stream: Some(index), ..Each::default() });
        changed.push(Row { id: *room, node: u32::try_from(tree.nodes.len()).unwrap() });
        let slots = vec![Slot::Text(format!("room-{room}")), Slot::Each(index + 1)];
        tree.nodes.push(Node { template: ROOM, slots });
    }
    tree.lists = vec![Each { template: ROOM, order: order.map(<[u32]>::to_vec), changed, stream: None }];
    tree.lists.extend(streams);
    tree
}

#[test]
fn streams_stand_in_rows_and_move_with_them() {
    let mut view = View::new();
    let stream = |name: &str, ids: &[&str]| StreamChange { name: name.to_owned(), ..inserts(ids) };
    view.take(rooms(Some(&[1, 2]), &[(1, stream("one", &["a"])), (2, stream("two", &[]))]));
    assert_eq!(
        view.take(rooms(Some(&[2, 1]), &[]))["0"]["k"],
        json!({ "0": 1, "1": 0, "kc": 2, "km": true })
    );
    let diff = view.take(rooms(None, &[(1, stream("one", &["b"]))]));
    let row = json!({ "k": { "0": { "0": "b", "1": "" }, "kc": 1 }, "stream": ["one", [["b", -1, null, null]], []] });
    assert_eq!(diff["0"]["k"], json!({ "1": { "1": row }, "kc": 2 }));
}
