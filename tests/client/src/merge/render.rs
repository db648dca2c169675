//! The HTML of a tree, and references to shared statics, which live for one message (4.3).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::streams::Streams;
use super::{Components, Object};
use crate::error::{MergeError, Merged, refuse};

/// Shared statics in effect.
type Templates = BTreeMap<u64, Value>;

/// Replaces references to the message's shared statics in the whole tree.
pub(super) fn settle_all(root: &mut Object, components: &mut Components) -> Merged<()> {
    settle(root, None)?;
    // They are not seen inside components.
    components.values_mut().try_for_each(|component| settle(component, None))
}

/// The HTML of a settled tree, with or without marks at components.
pub(super) fn render(
    root: &Object,
    components: &Components,
    streams: &Streams,
    has_marks: bool,
) -> Merged<String> {
    let mut page = Page { has_marks, ..Page::new(components, streams) };
    page.push_node(root)?;
    Ok(page.html)
}

/// The components that a page shows.
pub(super) fn placed(root: &Object, components: &Components, streams: &Streams) -> Merged<BTreeSet<u64>> {
    let mut page = Page::new(components, streams);
    page.push_node(root)?;
    Ok(page.placed)
}

fn settle(node: &mut Object, outer: Option<&Templates>) -> Merged<()> {
    let own = node.remove("p").map(templates).transpose()?;
    let is_list = node.contains_key("k");
    // A list's own templates are for its rows, and only where no others are in effect.
    let inner = if is_list { outer.or(own.as_ref()) } else { own.as_ref().or(outer) };
    let for_statics = if is_list { outer } else { inner };
    if let Some(Value::Number(number)) = node.get("s") {
        let parts = number.as_u64().and_then(|number| for_statics?.get(&number)).cloned();
        let Some(parts) = parts else { return refuse(format!("statics {number} are not in this message")) };
        node.insert("s".to_owned(), parts);
    }
    let rows = node.get_mut("k").and_then(Value::as_object_mut);
    let slots: Box<dyn Iterator<Item = &mut Value>> = match rows {
        Some(rows) => {
            Box::new(rows.values_mut().filter_map(Value::as_object_mut).flat_map(Object::values_mut))
        }
        None => Box::new(node.values_mut()),
    };
    slots.filter_map(Value::as_object_mut).try_for_each(|slot| settle(slot, inner))
}

fn templates(shared: Value) -> Merged<Templates> {
    let Value::Object(shared) = shared else { return refuse(format!("`p` is {shared}")) };
    shared
        .into_iter()
        .map(|(number, parts)| match number.parse() {
            Ok(number) => Ok((number, parts)),
            Err(_) => refuse(format!("template `{number}` in `p`")),
        })
        .collect()
}

struct Page<'a> {
    components: &'a Components,
    streams: &'a Streams,
    /// Components that have their place; each has only one.
    placed: BTreeSet<u64>,
    /// Whether roots of components are marked.
    has_marks: bool,
    html: String,
}

impl<'a> Page<'a> {
    fn new(components: &'a Components, streams: &'a Streams) -> Self {
        Self { components, streams, placed: BTreeSet::new(), has_marks: false, html: String::new() }
    }

    fn push_node(&mut self, node: &Object) -> Merged<()> {
        let parts = statics(node)?;
        if let Some(stream) = node.get("stream") {
            let Some(rows) = stream.as_str().and_then(|name| self.streams.rows(name)) else {
                return refuse(format!("a stream {stream} without rows"));
            };
            rows.for_each(|row| self.html.push_str(row));
            return Ok(());
        }
        let Some(rows) = node.get("k") else { return self.weave(&parts, node) };
        let Some(count) = rows.get("kc").and_then(Value::as_u64) else {
            return refuse("a list without a count `kc`");
        };
        for index in 0..count {
            match rows.get(index.to_string()) {
                Some(Value::Object(row)) => self.weave(&parts, row)?,
                other => return refuse(format!("row {index} of {count} is {other:?}")),
            }
        }
        Ok(())
    }

    fn weave(&mut self, parts: &[&str], slots: &Object) -> Merged<()> {
        let count = parts.len().saturating_sub(1);
        if let Some(extra) =
            slots.keys().filter_map(|key| key.parse().ok()).find(|slot: &usize| *slot >= count)
        {
            return refuse(format!("slot {extra}, where {parts:?} has {count}"));
        }
        for (index, part) in parts.iter().enumerate() {
            self.html.push_str(part);
            if index == count {
                break;
            }
            match slots.get(&index.to_string()) {
                Some(Value::String(html)) => self.html.push_str(html),
                Some(Value::Object(node)) => self.push_node(node)?,
                Some(Value::Number(cid)) => self.push_component(cid.as_u64().unwrap_or_default())?,
                other => return refuse(format!("slot {index} of {parts:?} is {other:?}")),
            }
        }
        Ok(())
    }

    fn push_component(&mut self, cid: u64) -> Merged<()> {
        let Some(component) = self.components.get(&cid) else {
            return refuse(format!("component {cid} is not known"));
        };
        if !self.placed.insert(cid) {
            return refuse(format!("component {cid} has two places"));
        }
        if component.get("r") != Some(&Value::from(1)) {
            return refuse(format!("component {cid} has no `r`: no event could find it"));
        }
        let start = self.html.len();
        self.push_node(component)?;
        if self.has_marks {
            self.mark(start, cid)?;
        }
        Ok(())
    }

    /// Marks the element that begins at `start`, behind its name.
    fn mark(&mut self, start: usize, cid: u64) -> Merged<()> {
        let html = self.html.get(start..).unwrap_or_default();
        let is_name =
            |at: &usize| html.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let name = html.match_indices('<').map(|(at, _)| at).find(is_name).and_then(|at| {
            let end = html.get(at..)?.find([' ', '>', '/', '\n'])?;
            Some(start + at + end)
        });
        let Some(end) = name else { return refuse(format!("component {cid} is no element")) };
        self.html.insert_str(end, &format!(" data-phx-component=\"{cid}\""));
        Ok(())
    }
}

/// The HTML of rows that do not become part of the tree.
pub(super) fn rows(node: &Object, components: &Components, streams: &Streams) -> Merged<Vec<String>> {
    let parts = statics(node)?;
    let rows = node.get("k").and_then(Value::as_object);
    let Some((rows, count)) = rows.and_then(|rows| Some((rows, rows.get("kc")?.as_u64()?))) else {
        return refuse("a stream without a count `kc`");
    };
    (0..count)
        .map(|index| {
            let mut page = Page::new(components, streams);
            match rows.get(&index.to_string()) {
                Some(Value::Object(row)) => page.weave(&parts, row)?,
                other => return refuse(format!("row {index} of {count} is {other:?}")),
            }
            Ok(page.html)
        })
        .collect()
}

fn statics(node: &Object) -> Merged<Vec<&str>> {
    node.get("s")
        .and_then(Value::as_array)
        .and_then(|parts| parts.iter().map(Value::as_str).collect())
        .filter(|parts: &Vec<&str>| !parts.is_empty())
        .ok_or_else(|| MergeError(format!("a node without statics: {node:?}")))
}
