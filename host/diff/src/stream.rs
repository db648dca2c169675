//! Streams: lists of which the browser has the rows, and nobody else (protocol 7).

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::arena::Arena;
use crate::compute::Walk;
use crate::context::Context;
use crate::encode::size;
use crate::fault::Fault;
use crate::held::HeldStream;
use crate::rendered::{Each, Node, Slot, StreamChange, StreamInsert};
use crate::template::Template;
use crate::update::StreamUpdate;

/// Longest name of a stream, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// Longest id of an element in a stream, in bytes.
const MAX_ID_BYTES: usize = 255;

/// A stream where none is held. It is sent without rows as well: later operations find it by its literal parts.
pub(crate) fn new_stream(
    walk: &mut Walk<'_, '_>,
    list: &Each,
    template: Arc<Template>,
    context: Context,
) -> Result<(StreamUpdate, HeldStream), Fault> {
    let change = take(walk.arena, list, context)?;
    walk.arena.charge(size::statics(&template))?;
    let held = HeldStream { template: template.clone(), name: change.name.as_str().into() };
    let mut update = update(walk, list.template, &template, change)?;
    update.template = Some(template);
    Ok((update, held))
}

/// A stream where one is held. `None` when nothing happens to it.
pub(crate) fn held_stream(
    walk: &mut Walk<'_, '_>,
    list: &Each,
    template: Arc<Template>,
    context: Context,
    held: &mut HeldStream,
) -> Result<Option<StreamUpdate>, Fault> {
    let change = take(walk.arena, list, context)?;
    let is_same = Arc::ptr_eq(&held.template, &template) && *held.name == *change.name;
    if is_same && change.inserts.is_empty() && change.deletes.is_empty() && !change.reset {
        return Ok(None);
    }
    if !is_same {
        walk.arena.charge(size::statics(&template))?;
        *held = HeldStream { template: template.clone(), name: change.name.as_str().into() };
    }
    let mut update = update(walk, list.template, &template, change)?;
    update.template = (!is_same).then_some(template);
    Ok(Some(update))
}

/// Each row complete, and nothing held of it.
fn update(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    change: StreamChange,
) -> Result<StreamUpdate, Fault> {
    walk.arena.charge(size::stream(&change))?;
    walk.arena.enter()?;
    let outside = walk.arena.in_stream(true);
    let mut rows = Vec::with_capacity(change.inserts.len());
    for (index, insert) in change.inserts.iter().enumerate() {
        walk.arena.charge(size::key(index) + size::BRACES)?;
        let node = row(walk.arena, template_id, template, index, insert)?;
        let (slots, _) = walk.slots(node, template, None)?;
        rows.push(slots);
    }
    walk.arena.in_stream(outside);
    walk.arena.leave();
    Ok(StreamUpdate { template: None, change, rows })
}

/// Takes what happens to the stream that a list is, checked in all that can be seen without its rows.
pub(crate) fn take(arena: &mut Arena<'_>, list: &Each, context: Context) -> Result<StreamChange, Fault> {
    let template = list.template;
    let fault = |problem| Fault::Stream { template, problem };
    let index = list.stream.ok_or_else(|| fault("has no operations"))?;
    if context != Context::Stream {
        return Err(fault(
            "does not stand directly in an element that has an id and `phx-update=\"stream\"`",
        ));
    }
    if list.order.as_ref().is_some_and(|order| !order.is_empty()) || !list.changed.is_empty() {
        return Err(fault("has rows of its own: a stream's rows are its inserts"));
    }
    let change = arena.stream(index)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if change.name.is_empty() || change.name.len() > MAX_NAME_BYTES || !change.name.bytes().all(is_plain) {
        return Err(fault("has a name that is not 1 to 64 letters of ASCII, digits, `-` and `_`"));
    }
    if !arena.claim_stream_name(&change.name) {
        return Err(fault("has the name of another stream of the document"));
    }
    let inserts = change.inserts.iter().map(|insert| insert.element.as_str());
    check_ids(template, "insert", inserts)?;
    check_ids(template, "delete", change.deletes.iter().map(String::as_str))?;
    let deleted: HashSet<&str> = change.deletes.iter().map(String::as_str).collect();
    for (index, insert) in change.inserts.iter().enumerate() {
        let fault = |problem| Err(Fault::StreamItem { template, operation: "insert", index, problem });
        if insert.at < -1 {
            return fault("is at an index below -1, which is the end");
        }
        // Clients put it back: what goes is there for them as long as the message is.
        if insert.update_only && (change.reset || deleted.contains(insert.element.as_str())) {
            return fault("is only an update, of an item that goes in the same change");
        }
    }
    Ok(change)
}

/// Whether an element can be found by this id; if not, what is wrong with it.
pub(crate) fn check_element_id(id: &str) -> Result<(), &'static str> {
    if id.is_empty() || id.len() > MAX_ID_BYTES {
        return Err("has an id that is not 1 to 255 bytes long");
    }
    if id.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err("has an id with white space or a control character");
    }
    Ok(())
}

fn check_ids<'a>(
    template: u32,
    operation: &'static str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for (index, id) in ids.enumerate() {
        let fault = |problem| Fault::StreamItem { template, operation, index, problem };
        check_element_id(id).map_err(fault)?;
        if !seen.insert(id) {
            return Err(fault("has an id that stands twice"));
        }
    }
    Ok(())
}

/// Takes the row of an insert. Its element has the insert's id: the client finds neither without the other.
pub(crate) fn row(
    arena: &mut Arena<'_>,
    template_id: u32,
    template: &Template,
    index: usize,
    insert: &StreamInsert,
) -> Result<Node, Fault> {
    let fault = |problem| Fault::StreamItem { template: template_id, operation: "insert", index, problem };
    let (node, _) = arena.node(insert.node)?;
    if node.template != template_id {
        return Err(fault("is of another template: all rows of a stream have the same"));
    }
    let slot = template
        .id_slot()
        .ok_or_else(|| fault("is not one element whose `id` is one slot, before all slots of attributes"))?;
    match node.slots.get(slot) {
        Some(Slot::Text(id)) if *id == insert.element => Ok(node),
        _ => Err(fault("has an element with another id")),
    }
}

/// Which inserts a client shows that had no rows before, and in which order. What else stands in the element beside
/// the stream is not known here, and counts for nothing.
pub(crate) fn placed(inserts: &[StreamInsert]) -> VecDeque<usize> {
    let mut rows = VecDeque::new();
    for (index, insert) in inserts.iter().enumerate() {
        if insert.update_only {
            continue;
        }
        let at = usize::try_from(insert.at).unwrap_or(usize::MAX).min(rows.len());
        rows.insert(at, index);
        let kept = insert.limit.and_then(|limit| usize::try_from(limit.unsigned_abs()).ok());
        match (insert.limit, kept) {
            (Some(0..), Some(kept)) => rows.truncate(kept),
            (Some(_), Some(kept)) => drop(rows.drain(..rows.len().saturating_sub(kept))),
            _ => {}
        }
    }
    rows
}
