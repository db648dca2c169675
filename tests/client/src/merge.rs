//! The client's tree: merging as the protocol's description has it (4.9), on plain JSON values.
//!
//! Strict where the real client would throw, print nonsense or ignore what was sent. Tracking of elements is left out:
//! it never changes the HTML that a page ends with. Rows of streams live in a page: here are as much of it as they need.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{MergeError, Merged, refuse};

mod components;
mod render;
mod streams;

use streams::Streams;

pub(crate) type Object = Map<String, Value>;
/// The trees of components, by cid.
pub(crate) type Components = BTreeMap<u64, Object>;

/// The rendered tree of a view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    root: Object,
    components: Components,
    /// The rows of streams, which no tree has.
    streams: Streams,
    /// Title, events and reply of the last message.
    extras: Object,
}

impl Tree {
    /// The tree of a join reply.
    ///
    /// # Errors
    /// When it is not complete.
    pub fn from_rendered(rendered: Value) -> Merged<Self> {
        if rendered.get("s").is_none() {
            return refuse("the join's tree has no statics `s`");
        }
        let mut tree = Self::default();
        tree.apply(rendered)?;
        Ok(tree)
    }

    /// Merges a diff.
    ///
    /// # Errors
    /// When a client could not take it; the tree stays as it was.
    pub fn apply(&mut self, diff: Value) -> Merged<()> {
        let Value::Object(mut diff) = diff else {
            return refuse(format!("a diff that is no object: {diff}"));
        };
        let mut next = self.clone();
        next.extras = ["t", "e", "r"]
            .into_iter()
            .filter_map(|key| diff.remove(key).map(|value| (key.to_owned(), value)))
            .collect();
        let changes = components::take(&mut diff)?;
        if diff.contains_key("s") {
            // A new root: all that was known is forgotten, components too.
            next.root = diff;
            next.components.clear();
        } else {
            merge(&mut next.root, diff)?;
        }
        components::merge(&mut next.components, &changes)?;
        render::settle_all(&mut next.root, &mut next.components)?;
        streams::apply(&mut next.streams, &mut next.root, &mut next.components)?;
        // A client renders at once: what cannot be shown fails here.
        next.html()?;
        *self = next;
        Ok(())
    }

    /// The title (`t`), events (`e`) or reply (`r`) of the last message.
    pub fn extra(&self, key: &str) -> Option<&Value> {
        self.extras.get(key)
    }

    /// The ids of all rows of streams.
    pub fn rows_of_streams(&self) -> impl Iterator<Item = &str> {
        self.streams.ids()
    }

    /// Components that the tree has, and that the page does not show.
    ///
    /// # Errors
    /// As [`Tree::html`].
    pub fn removed_components(&self) -> Merged<Vec<u64>> {
        let placed = render::placed(&self.root, &self.components, &self.streams)?;
        Ok(self.components.keys().copied().filter(|cid| !placed.contains(cid)).collect())
    }

    /// Forgets components that the host has deleted.
    pub fn prune(&mut self, cids: &[u64]) {
        self.components.retain(|cid, _| !cids.contains(cid));
    }

    /// The HTML of the whole tree.
    ///
    /// # Errors
    /// When a place holds what cannot be shown.
    pub fn html(&self) -> Merged<String> {
        render::render(&self.root, &self.components, &self.streams, false)
    }

    /// The same, with `data-phx-component` at the root of each component, by which a client finds what an element is for.
    ///
    /// # Errors
    /// As [`Tree::html`].
    pub fn marked_html(&self) -> Merged<String> {
        render::render(&self.root, &self.components, &self.streams, true)
    }
}

/// Merges an update, which has no statics itself, into the node that it updates.
fn merge(node: &mut Object, diff: Object) -> Merged<()> {
    if diff.contains_key("k") {
        return merge_rows(node, diff);
    }
    for (key, value) in diff {
        if key == "p" {
            node.insert(key, value);
            continue;
        }
        if key.parse::<usize>().is_err() {
            return refuse(format!("`{key}` in an update that has no statics"));
        }
        if node.contains_key("k") {
            return refuse(format!("slot {key} for a list, which has rows"));
        }
        match (value, node.get_mut(&key)) {
            (Value::Object(value), Some(Value::Object(former))) if !value.contains_key("s") => {
                merge(former, value)?;
            }
            (Value::Object(value), _) if !value.contains_key("s") => {
                return refuse(format!(
                    "slot {key} becomes a node without statics: {}",
                    Value::Object(value)
                ));
            }
            (value, _) => {
                node.insert(key, value);
            }
        }
    }
    Ok(())
}

/// Merges an update of a list (4.5). Indices are those of the new order; moves name the old one.
fn merge_rows(node: &mut Object, mut diff: Object) -> Merged<()> {
    let Some(Value::Object(mut rows)) = diff.remove("k") else { return refuse("`k` is no object") };
    let Some(count) = rows.remove("kc").and_then(|count| count.as_u64()) else {
        return refuse("`k` without a count `kc`");
    };
    let says_moves = match rows.remove("km") {
        None => false,
        Some(Value::Bool(true)) => true,
        Some(other) => return refuse(format!("`km` is {other}")),
    };
    let Some(Value::Object(held)) = node.get_mut("k") else {
        return refuse("an update of rows where there is no list");
    };
    let former = if says_moves { held.clone() } else { Object::new() };
    let mut has_moves = false;
    for (key, row) in rows {
        let index: u64 = key.parse().map_err(|_| MergeError(format!("row `{key}` in `k`")))?;
        if index >= count {
            return refuse(format!("row {index} of {count}"));
        }
        let (from, changes) = match row {
            Value::Number(from) => (from.as_u64(), Object::new()),
            Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
                Ok([from, Value::Object(changes)]) => (from.as_u64(), changes),
                other => return refuse(format!("row {index} is {other:?}")),
            },
            Value::Object(changes) => {
                let row = held.entry(key).or_insert_with(|| Value::Object(Object::new()));
                let Value::Object(row) = row else { return refuse(format!("row {index} is held as {row}")) };
                if row.is_empty() {
                    *row = changes;
                } else {
                    merge(row, changes)?;
                }
                continue;
            }
            other => return refuse(format!("row {index} is {other}")),
        };
        has_moves = true;
        if !says_moves {
            return refuse(format!("row {index} moves, and there is no `km`"));
        }
        let Some(Value::Object(row)) = from.and_then(|from| former.get(&from.to_string())) else {
            return refuse(format!("row {index} moves from {from:?}, where there is none"));
        };
        let mut row = row.clone();
        merge(&mut row, changes)?;
        held.insert(key, Value::Object(row));
    }
    if says_moves && !has_moves {
        return refuse("`km`, and no row moves");
    }
    held.retain(|index, _| index.parse::<u64>().is_ok_and(|index| index < count));
    held.insert("kc".to_owned(), Value::from(count));
    for (key, value) in diff {
        if !matches!(key.as_str(), "p" | "stream") {
            return refuse(format!("`{key}` beside `k`"));
        }
        node.insert(key, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
