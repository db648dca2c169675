//! A whole document to HTML, for the page that is sent before any socket is there.

use crate::arena::{Arena, Limits, Used};
use crate::context::{Context, Place};
use crate::document::Document;
use crate::fault::Fault;
use crate::rendered::{Each, Node, Slot};
use crate::template::{Template, Templates};
use crate::{plain, stream};

/// The HTML of a full render, and what it came to. Nothing in it may be `unchanged`.
///
/// # Errors
/// [`Fault`], as for [`compute`](crate::compute) without anything held.
pub fn html(
    document: impl Into<Document>,
    templates: &mut Templates,
    limits: &Limits,
) -> Result<(String, Used), Fault> {
    let document = document.into();
    templates.check_kind(&document)?;
    let tree = match document {
        Document::Tree(tree) => tree,
        Document::Html(html) => return plain::html(html, templates, limits),
    };
    let (mut arena, root) = Arena::new(tree, templates, limits)?;
    arena.expect_full();
    let Slot::Node(index) = root else { return Err(Fault::Root) };
    let mut out = String::new();
    push_node(&mut arena, index, &mut out)?;
    let used = arena.finish()?;
    Ok((out, used))
}

fn push_node(arena: &mut Arena<'_>, index: u32, out: &mut String) -> Result<(), Fault> {
    arena.enter()?;
    let (node, template) = arena.node(index)?;
    push_slots(arena, node, &template, out)?;
    arena.leave();
    Ok(())
}

fn push_slots(arena: &mut Arena<'_>, node: Node, template: &Template, out: &mut String) -> Result<(), Fault> {
    let mut statics = template.statics().iter();
    let mut literal = |arena: &mut Arena<'_>, out: &mut String| {
        let part = statics.next().map_or("", |part| part);
        out.push_str(part);
        arena.charge(part.len())
    };
    literal(arena, out)?;
    for (index, (slot, context)) in node.slots.into_iter().zip(template.contexts()).enumerate() {
        push_slot(arena, slot, *context, template, Place { template: node.template, slot: index }, out)?;
        literal(arena, out)?;
    }
    Ok(())
}

fn push_slot(
    arena: &mut Arena<'_>,
    slot: Slot,
    context: Context,
    template: &Template,
    place: Place,
    out: &mut String,
) -> Result<(), Fault> {
    match slot {
        Slot::Node(index) if context.takes_markup() => push_node(arena, index, out),
        Slot::Each(index) if context.takes_markup() => push_list(arena, index, context, out),
        Slot::Component(cid) if context.takes_markup() => push_component(arena, cid, out),
        leaf => {
            let html = context.html(leaf, template.policy(), place)?;
            arena.charge(html.len())?;
            out.push_str(&html);
            Ok(())
        }
    }
}

/// In its place, and only there: no page is joined yet in which it could be told apart.
fn push_component(arena: &mut Arena<'_>, cid: u32, out: &mut String) -> Result<(), Fault> {
    let fault = |problem| Fault::Component { cid, problem };
    arena.refuse_in_stream(cid)?;
    if cid == 0 {
        return Err(fault("was never there, or is gone: count cids up from 1"));
    }
    let entry = arena.entry(cid).ok_or_else(|| fault("has no entry, or two places"))?;
    let Slot::Node(index) = entry.root else { return Err(fault("has an entry whose root is not a node")) };
    if !arena.template_of(index)?.is_component() {
        return Err(fault(
            "is not one element that the client can track, which is all that its template may be",
        ));
    }
    push_node(arena, index, out)
}

fn push_list(arena: &mut Arena<'_>, index: u32, context: Context, out: &mut String) -> Result<(), Fault> {
    arena.enter()?;
    let (list, template) = arena.list(index)?;
    if list.stream.is_some() {
        push_stream(arena, &list, &template, context, out)?;
        arena.leave();
        return Ok(());
    }
    let order = list.order.ok_or(Fault::Order { template: list.template })?;
    let mut changed = crate::keyed::by_id(list.template, list.changed)?;
    for id in order {
        let row = changed.remove(&id).ok_or(Fault::Row {
            template: list.template,
            row: id,
            problem: "is new, or stands twice in the order, and has no content",
        })?;
        let (node, _) = arena.node(row)?;
        if node.template != list.template {
            return Err(Fault::Row {
                template: list.template,
                row: id,
                problem: "is of another template: all rows of a list have the same",
            });
        }
        push_slots(arena, node, &template, out)?;
    }
    crate::keyed::none_left(list.template, &changed)?;
    arena.leave();
    Ok(())
}

/// The rows that a client would have after it has put them in, where it would have them.
fn push_stream(
    arena: &mut Arena<'_>,
    list: &Each,
    template: &Template,
    context: Context,
    out: &mut String,
) -> Result<(), Fault> {
    let change = stream::take(arena, list, context)?;
    let outside = arena.in_stream(true);
    let mut rows = Vec::with_capacity(change.inserts.len());
    for (index, insert) in change.inserts.iter().enumerate() {
        let node = stream::row(arena, list.template, template, index, insert)?;
        let mut row = String::new();
        push_slots(arena, node, template, &mut row)?;
        rows.push(row);
    }
    arena.in_stream(outside);
    stream::placed(&change.inserts)
        .into_iter()
        .filter_map(|index| rows.get(index))
        .for_each(|row| out.push_str(row));
    Ok(())
}
