//! Streams (7): operations on rows that live in the page, by the streams' refs.
//!
//! Other elements beside a stream's rows are not known here: they count for no index and no limit, and stand where the
//! template has them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Components, Object, render};
use crate::error::{MergeError, Merged, refuse};

/// The rows of each stream: the ids of their elements, and their HTML.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Streams(BTreeMap<String, Vec<(String, String)>>);

impl Streams {
    /// The ids of all rows.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.values().flatten().map(|(id, _)| id.as_str())
    }

    pub(super) fn rows(&self, stream: &str) -> Option<impl Iterator<Item = &str>> {
        self.0.get(stream).map(|rows| rows.iter().map(|(_, html)| html.as_str()))
    }
}

/// Takes the operations and their rows out of the tree, and does to the page what they say. In their place stands the
/// ref. Rows of streams that are shown no more are gone.
pub(super) fn apply(streams: &mut Streams, root: &mut Object, components: &mut Components) -> Merged<()> {
    let known = components.clone();
    let mut page = Page { streams, components: &known, shown: BTreeSet::new() };
    page.node(root)?;
    components.values_mut().try_for_each(|component| page.node(component))?;
    let shown = page.shown;
    streams.0.retain(|stream, _| shown.contains(stream));
    Ok(())
}

struct Page<'a> {
    streams: &'a mut Streams,
    components: &'a Components,
    shown: BTreeSet<String>,
}

impl Page<'_> {
    fn node(&mut self, node: &mut Object) -> Merged<()> {
        if let Some(stream) = node.get("stream").cloned() {
            return self.stream(node, &stream);
        }
        let slots: Box<dyn Iterator<Item = &mut Value>> = match node.get_mut("k") {
            Some(Value::Object(rows)) => {
                Box::new(rows.values_mut().filter_map(Value::as_object_mut).flat_map(Object::values_mut))
            }
            _ => Box::new(node.values_mut()),
        };
        slots.filter_map(Value::as_object_mut).try_for_each(|slot| self.node(slot))
    }

    fn stream(&mut self, node: &mut Object, stream: &Value) -> Merged<()> {
        let reference = match stream {
            // Nothing happened to it in this message.
            Value::String(reference) => reference.clone(),
            _ => {
                let change = Change::read(stream)?;
                let rows = render::rows(node, self.components, self.streams)?;
                change.apply(rows, self.streams.0.entry(change.reference.clone()).or_default())?;
                node.insert("k".to_owned(), json!({ "kc": 0 }));
                node.insert("stream".to_owned(), Value::String(change.reference.clone()));
                change.reference
            }
        };
        if self.shown.insert(reference.clone()) {
            return Ok(());
        }
        refuse(format!("two streams `{reference}` in one view"))
    }
}

/// What `stream` says.
struct Change {
    reference: String,
    inserts: Vec<Insert>,
    deletes: Vec<String>,
    reset: bool,
}

struct Insert {
    id: String,
    at: i64,
    limit: Option<i64>,
    update_only: bool,
}

impl Change {
    fn read(stream: &Value) -> Merged<Self> {
        let wrong = || MergeError(format!("a stream `{stream}`"));
        let (reference, inserts, deletes, reset) = match stream.as_array().map(Vec::as_slice) {
            Some([reference, inserts, deletes]) => (reference, inserts, deletes, false),
            Some([reference, inserts, deletes, Value::Bool(true)]) => (reference, inserts, deletes, true),
            _ => return Err(wrong()),
        };
        let strings = |values: &Value| -> Option<Vec<String>> {
            values.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
        };
        let inserts = inserts.as_array().and_then(|inserts| inserts.iter().map(Insert::read).collect());
        Ok(Self {
            reference: reference.as_str().ok_or_else(wrong)?.to_owned(),
            inserts: inserts.ok_or_else(wrong)?,
            deletes: strings(deletes).ok_or_else(wrong)?,
            reset,
        })
    }

    /// First the reset, then the deletes, then the rows in order.
    fn apply(&self, rows: Vec<String>, page: &mut Vec<(String, String)>) -> Merged<()> {
        if self.reset {
            page.clear();
        }
        page.retain(|(id, _)| !self.deletes.contains(id));
        let mut inserted = BTreeSet::new();
        for html in rows {
            let id = id_of(&html)?;
            let Some(insert) = self.inserts.iter().find(|insert| insert.id == id) else {
                return refuse(format!("row `{id}` of a stream is no insert of it"));
            };
            if !inserted.insert(id.clone()) {
                return refuse(format!("row `{id}` stands twice in a stream"));
            }
            if let Some((_, known)) = page.iter_mut().find(|(known, _)| *known == id) {
                // In place, wherever it was to go; and no limit holds.
                *known = html;
                continue;
            }
            if insert.update_only {
                if self.reset || self.deletes.contains(&id) {
                    return refuse(format!("row `{id}` is only an update and goes: clients put it back"));
                }
                continue;
            }
            let at = usize::try_from(insert.at).unwrap_or(page.len()).min(page.len());
            page.insert(at, (id, html));
            let kept = insert.limit.map(|limit| usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX));
            match (insert.limit, kept) {
                (Some(0..), Some(kept)) => page.truncate(kept),
                (Some(_), Some(kept)) => drop(page.drain(..page.len().saturating_sub(kept))),
                _ => {}
            }
        }
        match self.inserts.iter().find(|insert| !inserted.contains(&insert.id)) {
            Some(insert) => refuse(format!("insert `{}` of a stream has no row", insert.id)),
            None => Ok(()),
        }
    }
}

impl Insert {
    fn read(insert: &Value) -> Option<Self> {
        let [id, at, limit, update_only] = insert.as_array()?.as_slice() else { return None };
        Some(Self {
            id: id.as_str()?.to_owned(),
            at: at.as_i64().filter(|at| *at >= -1)?,
            limit: if limit.is_null() { None } else { Some(limit.as_i64()?) },
            update_only: if update_only.is_null() { false } else { update_only.as_bool()? },
        })
    }
}

/// The id of the element that a row is.
fn id_of(row: &str) -> Merged<String> {
    let tag = row.trim_start().strip_prefix('<').and_then(|row| row.split_once('>')).map(|(tag, _)| tag);
    let id = tag.and_then(|tag| tag.split_once(" id=\"")?.1.split_once('"')).map(|(id, _)| id);
    match id {
        Some(id) => Ok(id
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")),
        None => refuse(format!("a row of a stream without an id: {row}")),
    }
}
