//! Components (4.6): their trees, and the statics that they take from each other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Components, Object};
use crate::error::{Merged, refuse};

/// Takes `c` out of a message.
pub(super) fn take(diff: &mut Object) -> Merged<Components> {
    match diff.remove("c") {
        None => Ok(Components::new()),
        Some(Value::Object(entries)) => entries
            .into_iter()
            .map(|(cid, entry)| match (cid.parse(), entry) {
                (Ok(cid @ 1..), Value::Object(entry)) => Ok((cid, entry)),
                (_, entry) => refuse(format!("component `{cid}` is {entry}")),
            })
            .collect(),
        Some(other) => refuse(format!("`c` is {other}")),
    }
}

/// Merges the components of one message into those that are held.
pub(super) fn merge(held: &mut Components, changes: &Components) -> Merged<()> {
    let mut message = Message { held, changes, done: Components::new(), open: BTreeSet::new() };
    for cid in changes.keys() {
        message.resolve(*cid)?;
    }
    let done = message.done;
    held.extend(done);
    Ok(())
}

struct Message<'a> {
    /// As they were before the message.
    held: &'a Components,
    changes: &'a Components,
    done: Components,
    /// Being resolved: a reference back to one of these has no end.
    open: BTreeSet<u64>,
}

impl Message<'_> {
    /// The whole tree of a component of this message.
    fn resolve(&mut self, cid: u64) -> Merged<Object> {
        if let Some(done) = self.done.get(&cid) {
            return Ok(done.clone());
        }
        let Some(changes) = self.changes.get(&cid) else {
            return refuse(format!("statics of component {cid}, which is not in this message"));
        };
        if !self.open.insert(cid) {
            return refuse(format!("component {cid} takes its statics from itself"));
        }
        let mut changes = changes.clone();
        let tree = match changes.get("s") {
            Some(Value::Number(reference)) => {
                let mut base = match reference.as_i64() {
                    Some(other @ 1..) => self.resolve(other.unsigned_abs())?,
                    Some(other @ ..=-1) => self.before(other.unsigned_abs())?,
                    _ => return refuse(format!("component {cid} takes its statics from {reference}")),
                };
                // Without `r` it is inherited.
                changes.retain(|key, _| key != "s" && key != "r");
                super::merge(&mut base, changes)?;
                base
            }
            Some(_) => changes,
            None => {
                let mut base = self.before(cid)?;
                super::merge(&mut base, changes)?;
                base
            }
        };
        self.open.remove(&cid);
        self.done.insert(cid, tree.clone());
        Ok(tree)
    }

    fn before(&self, cid: u64) -> Merged<Object> {
        match self.held.get(&cid) {
            Some(tree) => Ok(tree.clone()),
            None => refuse(format!("component {cid} was not known before this message")),
        }
    }
}
