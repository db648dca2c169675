//! Keyed rows: unchanged, changed, moved, new (protocol 4.5).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::compute::{Slots, Walk};
use crate::encode::size;
use crate::fault::Fault;
use crate::held::{HeldList, HeldRows, HeldSlot};
use crate::rendered::{Each, Row};
use crate::template::Template;
use crate::update::{ListUpdate, RowUpdate, Value};

/// Up to so many changed rows are looked for by reading all ids; more are worth a table.
const FEW_ROWS: usize = 8;

/// A list where none is held. `None` when it has no rows.
pub(crate) fn new_list(
    walk: &mut Walk<'_, '_>,
    list: Each,
    template: Arc<Template>,
) -> Result<Option<(ListUpdate, HeldList)>, Fault> {
    let order = list.order.ok_or(Fault::Order { template: list.template })?;
    let mut changed = by_id(list.template, list.changed)?;
    if order.is_empty() {
        none_left(list.template, &changed)?;
        return Ok(None);
    }
    walk.arena.charge(size::list(order.len()) + size::statics(&template))?;
    let mut rows = Vec::with_capacity(order.len());
    let mut held = HeldRows::new(template.slot_count());
    walk.arena.enter()?;
    for (index, id) in order.iter().enumerate() {
        walk.arena.charge(size::key(index) + size::BRACES)?;
        let (slots, now) = new_row(walk, list.template, &template, *id, &mut changed)?;
        rows.push((index, RowUpdate::Slots(slots)));
        held.push(now);
    }
    held.shrink();
    walk.arena.leave();
    none_left(list.template, &changed)?;
    let update = ListUpdate { template: Some(template.clone()), count: order.len(), rows };
    Ok(Some((update, HeldList { template, ids: order, rows: held })))
}

/// A list where one of the same template is held. `None` when it is the same.
pub(crate) fn held_list(
    walk: &mut Walk<'_, '_>,
    list: Each,
    template: Arc<Template>,
    held: &mut HeldList,
) -> Result<Option<ListUpdate>, Fault> {
    let order = list.order.filter(|order| *order != held.ids);
    walk.arena.enter()?;
    let update = match order {
        None => in_place(walk, list.template, &template, list.changed, held)?,
        Some(order) => reordered(walk, list.template, &template, order, list.changed, held)?,
    };
    walk.arena.leave();
    Ok(update)
}

/// The same rows in the same order, some of them changed.
fn in_place(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    changed: Vec<Row>,
    held: &mut HeldList,
) -> Result<Option<ListUpdate>, Fault> {
    none_twice(template_id, &changed)?;
    let table: Option<HashMap<u32, usize>> = (changed.len() > FEW_ROWS)
        .then(|| held.ids.iter().enumerate().map(|(index, id)| (*id, index)).collect());
    let mut rows = Vec::with_capacity(changed.len());
    for row in changed {
        let found = match &table {
            Some(table) => table.get(&row.id).copied(),
            None => held.ids.iter().position(|id| *id == row.id),
        };
        let fault = Fault::Row { template: template_id, row: row.id, problem: "is not in the list's order" };
        let index = found.ok_or(fault)?;
        let (values, now) = changed_row(walk, template_id, template, row, held.rows.take(index))?;
        held.rows.put(index, now);
        if !values.is_empty() {
            walk.arena.charge(size::key(index) + size::BRACES)?;
            rows.push((index, RowUpdate::Slots(values)));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    walk.arena.charge(size::list(held.ids.len()))?;
    rows.sort_unstable_by_key(|(index, _)| *index);
    Ok(Some(ListUpdate { template: None, count: held.ids.len(), rows }))
}

/// Rows came, went or moved.
fn reordered(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    order: Vec<u32>,
    changed: Vec<Row>,
    held: &mut HeldList,
) -> Result<Option<ListUpdate>, Fault> {
    let mut changed = by_id(template_id, changed)?;
    let mut former: HashMap<u32, usize> =
        held.ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut rows = Vec::new();
    let mut now = HeldRows::new(template.slot_count());
    walk.arena.charge(size::list(order.len()) + size::MOVES)?;
    for (index, id) in order.iter().copied().enumerate() {
        let Some(old_index) = former.remove(&id) else {
            walk.arena.charge(size::key(index) + size::BRACES)?;
            let (values, slots) = new_row(walk, template_id, template, id, &mut changed)?;
            rows.push((index, RowUpdate::Slots(values)));
            now.push(slots);
            continue;
        };
        let slots = held.rows.take(old_index);
        let (values, slots) = match changed.remove(&id) {
            Some(node) => changed_row(walk, template_id, template, Row { id, node }, slots)?,
            None => (Vec::new(), slots),
        };
        let update = match (old_index == index, values.is_empty()) {
            (true, true) => None,
            (true, false) => Some(RowUpdate::Slots(values)),
            (false, true) => Some(RowUpdate::Moved(old_index)),
            // All of it is sent: where it was does not matter.
            (false, false) if is_complete(&values, template) => Some(RowUpdate::Slots(values)),
            (false, false) => Some(RowUpdate::MovedAndChanged(old_index, values)),
        };
        if let Some(update) = update {
            walk.arena.charge(size::key(index) + size::moved(old_index))?;
            rows.push((index, update));
        }
        now.push(slots);
    }
    none_left(template_id, &changed)?;
    now.shrink();
    held.ids = order;
    held.rows = now;
    Ok(Some(ListUpdate { template: None, count: held.ids.len(), rows }))
}

/// Whether values are a whole row, whatever the browser has in its place.
fn is_complete(values: &[(usize, Value)], template: &Template) -> bool {
    values.len() == template.slot_count()
        && values.iter().all(|(_, value)| match value {
            Value::Text(_) | Value::Component(_) => true,
            Value::Node(node) => node.template.is_some(),
            Value::List(list) => list.template.is_some(),
            Value::Stream(_) => false,
        })
}

fn new_row(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    id: u32,
    changed: &mut HashMap<u32, u32>,
) -> Result<Slots, Fault> {
    let node = changed.remove(&id).ok_or(Fault::Row {
        template: template_id,
        row: id,
        problem: "is new, or stands twice in the order, and has no content",
    })?;
    row(walk, template_id, template, Row { id, node }, None)
}

fn changed_row(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    changed: Row,
    held: Box<[HeldSlot]>,
) -> Result<Slots, Fault> {
    row(walk, template_id, template, changed, Some(held))
}

fn row(
    walk: &mut Walk<'_, '_>,
    template_id: u32,
    template: &Template,
    row: Row,
    held: Option<Box<[HeldSlot]>>,
) -> Result<Slots, Fault> {
    let (node, _) = walk.arena.node(row.node)?;
    if node.template != template_id {
        return Err(Fault::Row {
            template: template_id,
            row: row.id,
            problem: "is of another template: all rows of a list have the same",
        });
    }
    walk.slots(node, template, held)
}

pub(crate) fn by_id(template: u32, changed: Vec<Row>) -> Result<HashMap<u32, u32>, Fault> {
    let mut table = HashMap::with_capacity(changed.len());
    for row in changed {
        if table.insert(row.id, row.node).is_some() {
            return Err(twice(template, row.id));
        }
    }
    Ok(table)
}

/// As [`by_id`], where no table is needed: a few rows are compared with each other.
fn none_twice(template: u32, changed: &[Row]) -> Result<(), Fault> {
    if changed.len() > FEW_ROWS {
        let mut seen = HashSet::with_capacity(changed.len());
        return match changed.iter().find(|row| !seen.insert(row.id)) {
            Some(row) => Err(twice(template, row.id)),
            None => Ok(()),
        };
    }
    let mut rest = changed;
    while let Some((row, later)) = rest.split_first() {
        if later.iter().any(|other| other.id == row.id) {
            return Err(twice(template, row.id));
        }
        rest = later;
    }
    Ok(())
}

fn twice(template: u32, row: u32) -> Fault {
    Fault::Row { template, row, problem: "stands twice among the changed rows" }
}

pub(crate) fn none_left(template: u32, changed: &HashMap<u32, u32>) -> Result<(), Fault> {
    match changed.keys().next() {
        Some(row) => {
            Err(Fault::Row { template, row: *row, problem: "has changed but is not in the list's order" })
        }
        None => Ok(()),
    }
}
