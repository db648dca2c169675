//! Streams that a host has to refuse.

use crate::bindings::hothouse::live::types::{Each, Node, Slot, StreamChange, StreamInsert, Template, Tree};

const LIST: u32 = 4;
const ITEM: u32 = 5;

/// `stream:MISTAKE`: a list of one item, with a mistake. `stream:deletes:N`: N items are taken out of it.
pub(crate) fn render(name: &str, tree: &mut Tree) -> Slot {
    let parts = |id, statics: [&str; 2]| Template { id, statics: statics.map(str::to_owned).to_vec() };
    let list =
        if name == "outside" { ["<ul>", "</ul>"] } else { ["<ul id=\"s\" phx-update=\"stream\">", "</ul>"] };
    let item = if name == "no-id" { ["<li>", "</li>"] } else { ["<li id=\"", "\">item</li>"] };
    tree.templates.extend([parts(LIST, list), parts(ITEM, item)]);
    let index = |count: usize| u32::try_from(count).unwrap_or_default();
    let each = |stream| Each { template: ITEM, order: None, changed: vec![], stream_ops: Some(stream) };

    let element = match name {
        "empty-id" => "",
        "spaced-id" => "s 1",
        _ => "s-1",
    };
    let shown = if name == "other-id" { "s-2" } else { element };
    let mut change = StreamChange { name: "s".to_owned(), inserts: vec![], deletes: vec![], reset: false };
    let count = if name == "id-twice" { 2 } else { 1 };
    for _ in 0..count {
        tree.nodes.push(Node { template: ITEM, slots: vec![Slot::Text(shown.to_owned())] });
        change.inserts.push(StreamInsert {
            element: element.to_owned(),
            at: if name == "below" { -2 } else { -1 },
            limit: None,
            update_only: false,
            node: index(tree.nodes.len()) - 1,
        });
    }
    if let Some(count) = name.strip_prefix("deletes:") {
        let count = count.parse::<u32>().unwrap_or(0);
        change.deletes = (0..count).map(|item| format!("s-{item}")).collect();
    }
    if name == "lost" {
        change.inserts.clear();
        tree.nodes.pop();
        tree.streams.push(change);
        return Slot::Empty;
    }
    tree.streams.push(change);
    let mut lists = vec![each(0)];
    match name {
        "twice" => lists.push(each(0)),
        "same-name" => {
            tree.streams.push(StreamChange {
                name: "s".to_owned(),
                inserts: vec![],
                deletes: vec![],
                reset: false,
            });
            lists.push(each(1));
        }
        _ => {}
    }
    // Two lists stand in two elements, beside each other.
    let elements = lists.len();
    for list in lists {
        tree.lists.push(list);
        let slots = vec![Slot::Each(index(tree.lists.len()) - 1)];
        tree.nodes.push(Node { template: LIST, slots });
    }
    let last = index(tree.nodes.len()) - 1;
    if elements == 1 {
        return Slot::Node(last);
    }
    tree.templates.push(Template { id: 6, statics: ["<div>", "", "</div>"].map(str::to_owned).to_vec() });
    tree.nodes.push(Node { template: 6, slots: vec![Slot::Node(last - 1), Slot::Node(last)] });
    Slot::Node(last + 1)
}
