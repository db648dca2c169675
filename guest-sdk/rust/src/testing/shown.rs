//! A document in one short line, for expectations in tests.

use std::fmt::Write as _;

use crate::bindings::hothouse::live::types::{Slot, StreamChange, Tree};

pub(super) fn shown(tree: &Tree) -> String {
    let mut out = String::new();
    slot(tree, &tree.root, &mut out);
    for entry in &tree.components {
        let _ = write!(out, " #{} ", entry.cid);
        slot(tree, &entry.root, &mut out);
    }
    out
}

fn slot(tree: &Tree, slot: &Slot, out: &mut String) {
    match slot {
        Slot::Unchanged => out.push('='),
        Slot::Empty => out.push('-'),
        Slot::Text(text) => out.push_str(&format!("{text:?}")),
        Slot::Markup(markup) => out.push_str(&format!("<{markup}>")),
        Slot::Node(index) => node(tree, *index, out),
        Slot::Each(index) => each(tree, *index, out),
        Slot::Component(number) | Slot::View(number) => out.push_str(&format!("#{number}")),
        Slot::Upload(name) => out.push_str(&format!("upload {name:?}")),
    }
}

fn node(tree: &Tree, index: u32, out: &mut String) {
    out.push('[');
    let slots = tree.nodes.get(index as usize).map(|node| node.slots.as_slice()).unwrap_or_default();
    for (position, content) in slots.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        slot(tree, content, out);
    }
    out.push(']');
}

fn each(tree: &Tree, index: u32, out: &mut String) {
    let Some(each) = tree.lists.get(index as usize) else { return };
    if let Some(change) = each.stream_ops.and_then(|index| tree.streams.get(index as usize)) {
        return stream(tree, change, out);
    }
    out.push('{');
    let mut separator = "";
    if let Some(order) = &each.order {
        out.push_str("order");
        for row in order {
            // Writing to a string cannot fail.
            let _ = write!(out, " {row}");
        }
        separator = "; ";
    }
    for row in &each.changed {
        let _ = write!(out, "{separator}{}: ", row.id);
        node(tree, row.node, out);
        separator = "; ";
    }
    out.push('}');
}

fn stream(tree: &Tree, change: &StreamChange, out: &mut String) {
    let _ = write!(out, "{{stream {}", change.name);
    if change.reset {
        out.push_str("; reset");
    }
    for element in &change.deletes {
        let _ = write!(out, "; -{element}");
    }
    for insert in &change.inserts {
        let _ = write!(out, "; {}@{}", insert.element, insert.at);
        if let Some(limit) = insert.limit {
            let _ = write!(out, " of {limit}");
        }
        out.push_str(if insert.update_only { "? " } else { " " });
        node(tree, insert.node, out);
    }
    out.push('}');
}
