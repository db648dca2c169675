//! What a browser would hold after all documents so far.
//!
//! Strict on purpose: what a host refuses is refused here too, so that a test finds it.

use std::collections::{BTreeMap, BTreeSet};

use crate::bindings::hothouse::live::types::{self, Slot, Tree};
use crate::rendering::Scope;

/// The page so far.
#[derive(Debug, Default)]
pub(super) struct Page {
    templates: BTreeMap<u32, Vec<String>>,
    root: Option<Held>,
    /// The live components that have a place, by cid.
    components: BTreeMap<u32, Held>,
    /// Those that have none, and were not removed yet.
    waiting: BTreeSet<u32>,
    /// Those of them that had none after the document before either.
    gone: Vec<u32>,
}

/// What has to be asked for before a document is complete.
pub(super) type Missing = Vec<u32>;

#[derive(Debug)]
enum Held {
    /// Text or markup, as it stands in the page.
    Leaf(String),
    Node(Vec<Held>, u32),
    Each(Vec<(u32, Held)>, u32),
    /// The rows of a stream by the ids of their elements, its template and its name.
    Stream(Vec<(String, Held)>, u32, String),
    Component(u32),
}

impl Page {
    /// Puts a document into the page; the fault is one that a host would refuse it for. Components that have come back
    /// have to be asked for, and the answer to be put in as well.
    pub(super) fn merge(&mut self, tree: Tree, scope: &Scope) -> Result<Missing, String> {
        let known = std::mem::take(&mut self.templates);
        self.templates = if *scope == Scope::Everything { BTreeMap::new() } else { known };
        for template in tree.templates {
            self.templates.insert(template.id, template.statics);
        }
        let mut walk = Walk {
            templates: &self.templates,
            nodes: tree.nodes.into_iter().map(Some).collect(),
            lists: tree.lists.into_iter().map(Some).collect(),
            streams: tree.streams.into_iter().map(Some).collect(),
            stream_names: Vec::new(),
            may_leave_out: *scope != Scope::Everything,
        };
        let root = walk.slot(tree.root, self.root.take())?;
        let before: BTreeSet<u32> = self.components.keys().chain(&self.waiting).copied().collect();
        let mut is_part_for_nobody = false;
        walk.may_leave_out = *scope == Scope::Changes;
        let mut components = std::mem::take(&mut self.components);
        for types::ComponentEntry { cid, root } in tree.components {
            if *scope == Scope::Changes && self.waiting.contains(&cid) {
                // All of it is asked for, should it have come back.
                is_part_for_nobody = true;
                continue;
            }
            let held = components.remove(&cid);
            components.insert(cid, walk.slot(root, held)?);
        }
        if !matches!(root, Held::Node(..)) {
            return Err("the root is not a node".to_owned());
        }
        let is_left = walk.nodes.iter().any(Option::is_some)
            || walk.lists.iter().any(Option::is_some)
            || walk.streams.iter().any(Option::is_some);
        if is_left && !is_part_for_nobody {
            return Err("a node, list or stream is never used".to_owned());
        }
        let mut placed = BTreeMap::new();
        let mut missing = Vec::new();
        place(&root, &mut components, &mut placed, &mut missing)?;
        if let Some(new) = missing.iter().find(|cid| !before.contains(cid) || *scope != Scope::Changes) {
            return Err(format!("live component {new} has a place, and no entry"));
        }
        self.root = Some(root);
        self.components = placed;
        let out = before.into_iter().chain(components.into_keys());
        let out: BTreeSet<u32> =
            out.filter(|cid| !self.components.contains_key(cid) && !missing.contains(cid)).collect();
        self.gone = out.intersection(&self.waiting).copied().collect();
        self.waiting = if missing.is_empty() {
            out.difference(&self.gone.iter().copied().collect()).copied().collect()
        } else {
            out
        };
        Ok(missing)
    }

    /// Live components of which the browser would say by now that they are gone.
    pub(super) fn take_gone(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.gone)
    }

    pub(super) fn html(&self) -> String {
        let mut out = String::new();
        if let Some(root) = &self.root {
            self.write(root, &mut out);
        }
        out
    }

    pub(super) fn templates(&self) -> usize {
        self.templates.len()
    }

    fn write(&self, held: &Held, out: &mut String) {
        match held {
            Held::Leaf(text) => out.push_str(text),
            Held::Node(slots, template) => {
                let mut slots = slots.iter();
                for part in self.templates.get(template).into_iter().flatten() {
                    out.push_str(part);
                    if let Some(slot) = slots.next() {
                        self.write(slot, out);
                    }
                }
            }
            Held::Component(cid) => {
                self.components.get(cid).into_iter().for_each(|component| self.write(component, out));
            }
            Held::Each(rows, _) => rows.iter().for_each(|(_, row)| self.write(row, out)),
            Held::Stream(rows, ..) => rows.iter().for_each(|(_, row)| self.write(row, out)),
        }
    }
}

/// Moves what a place leads to from the components to those that have a place.
fn place(
    held: &Held,
    components: &mut BTreeMap<u32, Held>,
    placed: &mut BTreeMap<u32, Held>,
    missing: &mut Missing,
) -> Result<(), String> {
    match held {
        Held::Leaf(_) => Ok(()),
        Held::Node(slots, _) => slots.iter().try_for_each(|slot| place(slot, components, placed, missing)),
        Held::Each(rows, _) => rows.iter().try_for_each(|(_, row)| place(row, components, placed, missing)),
        Held::Stream(rows, ..) => {
            rows.iter().try_for_each(|(_, row)| place(row, components, placed, missing))
        }
        Held::Component(cid) => {
            if placed.contains_key(cid) || missing.contains(cid) {
                return Err(format!("live component {cid} has two places"));
            }
            let Some(component) = components.remove(cid) else {
                missing.push(*cid);
                return Ok(());
            };
            placed.insert(*cid, Held::Leaf(String::new()));
            place(&component, components, placed, missing)?;
            placed.insert(*cid, component);
            Ok(())
        }
    }
}

struct Walk<'a> {
    templates: &'a BTreeMap<u32, Vec<String>>,
    nodes: Vec<Option<types::Node>>,
    lists: Vec<Option<types::Each>>,
    streams: Vec<Option<types::StreamChange>>,
    stream_names: Vec<String>,
    may_leave_out: bool,
}

impl Walk<'_> {
    fn slot(&mut self, slot: Slot, held: Option<Held>) -> Result<Held, String> {
        match slot {
            Slot::Unchanged if self.may_leave_out => {
                held.ok_or_else(|| "a slot is unchanged where nothing was before".to_owned())
            }
            Slot::Unchanged => Err("a slot is unchanged although everything was asked for".to_owned()),
            Slot::Empty => Ok(Held::Leaf(String::new())),
            Slot::Text(text) => Ok(Held::Leaf(escape(&text))),
            Slot::Markup(markup) => Ok(Held::Leaf(markup)),
            Slot::Node(index) => {
                let node = take(&mut self.nodes, index)?;
                self.node(node, held)
            }
            Slot::Each(index) => {
                let each = take(&mut self.lists, index)?;
                match each.stream_ops {
                    Some(index) => self.stream(each.template, index, held),
                    None => self.each(each, held),
                }
            }
            Slot::Component(cid) => Ok(Held::Component(cid)),
            Slot::View(_) | Slot::Upload(_) => Err("views and uploads are not shown here".to_owned()),
        }
    }

    fn node(&mut self, node: types::Node, held: Option<Held>) -> Result<Held, String> {
        let statics = self.templates.get(&node.template).ok_or("a template was never sent")?;
        if statics.len() != node.slots.len() + 1 {
            return Err("a template has another number of slots".to_owned());
        }
        let mut former = match held {
            Some(Held::Node(slots, template)) if template == node.template => {
                slots.into_iter().map(Some).collect()
            }
            _ => Vec::new(),
        };
        former.resize_with(node.slots.len(), || None);
        let slots = node.slots.into_iter().zip(former).map(|(slot, held)| self.slot(slot, held));
        Ok(Held::Node(slots.collect::<Result<_, _>>()?, node.template))
    }

    fn each(&mut self, each: types::Each, held: Option<Held>) -> Result<Held, String> {
        let former = match held {
            Some(Held::Each(rows, template)) if template == each.template => rows,
            _ if each.order.is_none() => {
                return Err("a list has no order where no list was before".to_owned());
            }
            _ => Vec::new(),
        };
        if !self.templates.contains_key(&each.template) {
            return Err("the template of a list was never sent".to_owned());
        }
        let order = each.order.unwrap_or_else(|| former.iter().map(|(id, _)| *id).collect());
        let mut former: BTreeMap<u32, Held> = former.into_iter().collect();
        let mut changed = BTreeMap::new();
        for types::Row { id, node } in each.changed {
            let node = take(&mut self.nodes, node)?;
            if node.template != each.template {
                return Err(format!("row {id} has another template than its list"));
            }
            let row = self.node(node, former.remove(&id))?;
            if changed.insert(id, row).is_some() {
                return Err(format!("row {id} is sent twice"));
            }
        }
        let mut rows = Vec::new();
        for id in order {
            let row = changed.remove(&id).or_else(|| former.remove(&id));
            rows.push((
                id,
                row.ok_or_else(|| format!("row {id} is neither new nor known, or stands twice"))?,
            ));
        }
        if !changed.is_empty() {
            return Err("a row is sent that is not in the order".to_owned());
        }
        Ok(Held::Each(rows, each.template))
    }
}

impl Walk<'_> {
    /// As the client does it: the reset, the deletes, then the inserts in order.
    fn stream(&mut self, template: u32, index: u32, held: Option<Held>) -> Result<Held, String> {
        let change = take(&mut self.streams, index)?;
        check_names(&change)?;
        if self.stream_names.contains(&change.name) {
            return Err(format!("two streams have the name {:?}", change.name));
        }
        self.stream_names.push(change.name.clone());
        let mut rows = match held {
            Some(Held::Stream(rows, former, name)) if former == template && name == change.name => rows,
            _ => Vec::new(),
        };
        rows.retain(|(id, _)| !change.reset && !change.deletes.contains(id));
        let mut seen = Vec::new();
        for insert in change.inserts {
            if seen.contains(&insert.element) {
                return Err(format!("{} is inserted twice", insert.element));
            }
            seen.push(insert.element.clone());
            let node = take(&mut self.nodes, insert.node)?;
            if node.template != template {
                return Err(format!("{} has another template than its stream", insert.element));
            }
            let row = self.node(node, None)?;
            if let Some((_, known)) = rows.iter_mut().find(|(id, _)| *id == insert.element) {
                *known = row;
                continue;
            }
            if insert.update_only {
                continue;
            }
            let at = usize::try_from(insert.at).unwrap_or(usize::MAX).min(rows.len());
            rows.insert(at, (insert.element, row));
            match insert.limit {
                Some(limit @ 0..) => rows.truncate(limit.unsigned_abs() as usize),
                Some(limit) => drop(rows.drain(..rows.len().saturating_sub(limit.unsigned_abs() as usize))),
                None => {}
            }
        }
        Ok(Held::Stream(rows, template, change.name))
    }
}

/// The stream's name, and the ids of its elements, which are made of keys.
fn check_names(change: &types::StreamChange) -> Result<(), String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !(1..=64).contains(&change.name.len()) || !change.name.bytes().all(is_plain) {
        return Err(format!("{:?} is no name of a stream", change.name));
    }
    let is_id = |id: &str| {
        (1..=255).contains(&id.len())
            && !id.contains(|character: char| character.is_whitespace() || character.is_control())
    };
    let inserted = change.inserts.iter().map(|insert| &insert.element);
    match inserted.chain(&change.deletes).find(|id| !is_id(id)) {
        Some(id) => Err(format!("{id:?} is no id of an element in a stream")),
        None => Ok(()),
    }
}

fn take<T>(arena: &mut [Option<T>], index: u32) -> Result<T, String> {
    arena
        .get_mut(index as usize)
        .and_then(Option::take)
        .ok_or_else(|| format!("index {index} is used twice or unknown"))
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
