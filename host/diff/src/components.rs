//! Live components: which have a place in the page, which wait for the browser's word that they are gone, and what is
//! sent of each (protocol 4.6, 4.10).
//!
//! A component is known from the first accepted document that shows it until it is removed. While it has a place, its
//! tree is held. Without one it waits: should it come back, the guest is asked for all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::arena::{Arena, Limits};
use crate::compute::{Scope, Walk};
use crate::fault::Fault;
use crate::held::{Held, HeldNode, HeldSlot};
use crate::rendered::{ComponentEntry, Slot};
use crate::template::Template;
use crate::update::{ComponentUpdate, NodeUpdate, Update, Value};

/// Components in each other, at most: a browser renders them by calling itself.
const MAX_NESTING: usize = 32;

/// One place of a component in what is held. A component has as many as there are of these.
#[derive(Debug)]
pub(crate) struct Place(Arc<u32>);

impl Place {
    pub(crate) fn cid(&self) -> u32 {
        *self.0
    }
}

/// The components of one instance.
#[derive(Debug, Default)]
pub(crate) struct Components {
    known: BTreeMap<u32, Component>,
    /// The highest cid of all accepted documents: no other up to it can be new.
    last: u32,
    /// The same before the document that is taken now.
    last_before: u32,
}

#[derive(Debug)]
struct Component {
    /// Its places have the other references.
    cid: Arc<u32>,
    /// What the browser holds. None while it has no place, and once it has come back until all of it is there.
    tree: Option<HeldNode>,
    /// The component in which its place is; none: in the view itself.
    parent: Option<u32>,
    /// The browser is about to remove it.
    is_marked: bool,
}

impl Component {
    fn places(&self) -> usize {
        Arc::strong_count(&self.cid) - 1
    }
}

impl Held {
    /// The browser has taken the elements of these components out of the page, perhaps to put them back: whatever of
    /// them is used again is sent completely.
    pub fn mark_components(&mut self, cids: &[u32]) {
        for cid in cids {
            if let Some(component) = self.components.known.get_mut(cid) {
                component.is_marked = true;
            }
        }
    }

    /// The browser has done without these components: those of them that are still marked, and have no place, are
    /// removed, and returned.
    pub fn remove_components(&mut self, cids: &[u32]) -> Vec<u32> {
        let known = &mut self.components.known;
        let is_removed = |component: &Component| component.is_marked && component.places() == 0;
        let removed: BTreeSet<u32> =
            cids.iter().copied().filter(|cid| known.get(cid).is_some_and(is_removed)).collect();
        known.retain(|cid, _| !removed.contains(cid));
        removed.into_iter().collect()
    }

    /// Removes the oldest components without a place, if there are more than a page may have: the browser does not
    /// say that they are gone. They are returned.
    pub fn remove_surplus(&mut self, limits: &Limits) -> Vec<u32> {
        let known = &mut self.components.known;
        if known.len() <= limits.max_components {
            return Vec::new();
        }
        let waiting: Vec<u32> =
            known.iter().filter(|(_, component)| component.places() == 0).map(|(cid, _)| *cid).collect();
        let surplus = waiting.len().saturating_sub(limits.max_components);
        let removed: Vec<u32> = waiting.into_iter().take(surplus).collect();
        known.retain(|cid, _| !removed.contains(cid));
        removed
    }

    /// What was computed last never reached the browser: nothing of the page is held any more.
    pub fn forget(&mut self) {
        self.root = None;
        self.components.roll_back();
    }

    /// Whether there is such a component, with or without a place.
    pub fn has_component(&self, cid: u32) -> bool {
        self.components.known.contains_key(&cid)
    }
}

impl Components {
    /// A component is shown where it was, by a slot that says so again.
    pub(crate) fn seen(&mut self, cid: u32) {
        if let Some(component) = self.known.get_mut(&cid)
            && std::mem::take(&mut component.is_marked)
        {
            component.tree = None;
        }
    }

    /// A new place.
    fn place(&mut self, cid: u32, parent: Option<u32>, limits: &Limits) -> Result<Place, Fault> {
        self.seen(cid);
        let component = self.get_or_new(cid, limits)?;
        component.parent = parent;
        Ok(Place(component.cid.clone()))
    }

    fn get_or_new(&mut self, cid: u32, limits: &Limits) -> Result<&mut Component, Fault> {
        if !self.known.contains_key(&cid) {
            if cid <= self.last {
                let problem = "was never there, or is gone: count cids up from 1";
                return Err(Fault::Component { cid, problem });
            }
            // Those that wait have their own bound.
            if self.known.len() >= 2 * limits.max_components {
                return Err(Fault::TooManyComponents { limit: limits.max_components });
            }
        }
        Ok(self.known.entry(cid).or_insert_with(|| Component {
            cid: Arc::new(cid),
            tree: None,
            parent: None,
            is_marked: false,
        }))
    }

    /// The browser forgets all trees with that of the view.
    pub(crate) fn forget_trees(&mut self) {
        self.known.values_mut().for_each(|component| component.tree = None);
    }

    /// A document was refused: what it brought was never there.
    pub(crate) fn roll_back(&mut self) {
        self.forget_trees();
        self.last = self.last_before;
        let last = self.last;
        self.known.retain(|cid, _| *cid <= last);
    }

    /// A document begins.
    pub(crate) fn begin(&mut self) {
        self.last_before = self.last;
    }

    /// Every component has one place at most, which can be reached from the view. What has lost its place waits.
    pub(crate) fn settle(
        &mut self,
        walked: Walked,
        update: &mut Update,
        limits: &Limits,
    ) -> Result<(), Fault> {
        let Walked { placed, entries, scope } = &walked;
        // First, what stands in something that has lost its place has lost its own.
        loop {
            let gone = self.known.values_mut().filter(|it| it.places() == 0 && it.tree.is_some());
            let trees: Vec<_> = gone.map(|component| component.tree.take()).collect();
            if trees.is_empty() {
                break;
            }
        }
        for (cid, component) in &self.known {
            if component.places() > 1 {
                return Err(Fault::Component { cid: *cid, problem: "has two places in the page" });
            }
        }
        // What stands in itself has a place, but none that can be reached; what moves takes along what is in it.
        let nested = self.known.iter().filter(|(_, it)| !placed.is_empty() && it.places() > 0);
        for (cid, component) in nested {
            let mut around = component.parent;
            let mut nesting = 1;
            while let Some(parent) = around {
                nesting += 1;
                if parent == *cid {
                    return Err(Fault::Component { cid: *cid, problem: "stands in itself" });
                }
                if nesting > MAX_NESTING {
                    return Err(Fault::TooDeep { limit: MAX_NESTING });
                }
                around = self.known.get(&parent).and_then(|component| component.parent);
            }
        }
        if self.known.values().filter(|component| component.places() > 0).count() > limits.max_components {
            return Err(Fault::TooManyComponents { limit: limits.max_components });
        }
        for (cid, component) in &self.known {
            let is_due = match scope {
                Some(Scope::Everything) => !entries.contains(cid),
                Some(Scope::Changes) => *cid > self.last && component.tree.is_none(),
                None => component.tree.is_none(),
            };
            if is_due && component.places() > 0 {
                return Err(Fault::Component { cid: *cid, problem: "has a place, and no entry" });
            }
        }
        update.components.retain(|cid, _| self.has_place(*cid));
        update.missing = self.missing();
        self.last = self.last.max(self.known.last_key_value().map_or(0, |(cid, _)| *cid));
        Ok(())
    }

    fn has_place(&self, cid: u32) -> bool {
        self.known.get(&cid).is_some_and(|component| component.places() > 0)
    }

    /// Those that have a place, and no tree.
    fn missing(&self) -> Vec<u32> {
        let missing = self.known.iter().filter(|(_, it)| it.places() > 0 && it.tree.is_none());
        missing.map(|(cid, _)| *cid).collect()
    }
}

/// What a walk found of components.
pub(crate) struct Walked {
    /// Those that have a new place.
    placed: Vec<u32>,
    /// Those that have an entry.
    entries: BTreeSet<u32>,
    /// Of the document; none: it completes another.
    scope: Option<Scope>,
}

impl Walk<'_, '_> {
    /// A component where it was not.
    pub(crate) fn place(&mut self, cid: u32) -> Result<HeldSlot, Fault> {
        self.arena.refuse_in_stream(cid)?;
        let place = self.components.place(cid, self.owner, self.arena.limits())?;
        self.placed.push(cid);
        Ok(HeldSlot::Component(place))
    }

    /// All entries of a document, once the view's own tree is done.
    pub(crate) fn entries(mut self, update: &mut Update) -> Result<Walked, Fault> {
        let mut seen = BTreeSet::new();
        for ComponentEntry { cid, root } in self.arena.entries() {
            let fault = |problem| Err(Fault::Component { cid, problem });
            if !seen.insert(cid) {
                return fault("has two entries");
            }
            let is_new = cid > self.components.last;
            let component = self.components.get_or_new(cid, self.arena.limits())?;
            let is_held = component.tree.is_some();
            let index = match root {
                Slot::Node(index) => index,
                Slot::Unchanged if self.scope == Scope::Changes && !is_new => continue,
                _ => return fault("has an entry whose root is not a node"),
            };
            if self.scope == Scope::Changes && !is_held && !is_new {
                // All of it is asked for, should it have a place.
                self.arena.discard(root)?;
                continue;
            }
            // What the document said of it a moment ago, the browser does not have yet: all of it goes in its place.
            let tree = component.tree.take().filter(|_| !update.components.contains_key(&cid));
            // Sent completely, it needs no mark any more, wherever its place is found.
            component.is_marked &= tree.is_some();
            let (node, template) = self.arena.node(index)?;
            if !template.is_component() {
                return fault(
                    "is not one element that the client can track, which is all that its template may be",
                );
            }
            self.owner = Some(cid);
            let (node, tree) = self.node(node, template, tree)?;
            self.owner = None;
            if let Some(component) = self.components.known.get_mut(&cid) {
                component.tree = Some(tree);
            }
            if let Some(node) = node {
                self.arena.charge(crate::encode::size::component(cid))?;
                update.components.insert(cid, ComponentUpdate { node, base: None });
            }
        }
        Ok(Walked { placed: self.placed, entries: seen, scope: Some(self.scope) })
    }
}

/// Lets components begin with the tree of another of the same template, where the browser has one.
pub(crate) fn share(update: &mut Update, components: &Components) {
    let is_full = update.is_full();
    let mut bases: Vec<(Arc<Template>, i64)> = Vec::new();
    let sent: BTreeSet<u32> = update.components.keys().copied().collect();
    for (cid, ComponentUpdate { node, base }) in &mut update.components {
        let Some(template) = node.template.clone() else { continue };
        let known = bases.iter().find(|(other, _)| Arc::ptr_eq(other, &template)).map(|(_, base)| *base);
        let found = known.or_else(|| {
            let before = components.known.iter().find(|(other, component)| {
                !is_full
                    && !sent.contains(other)
                    && !component.is_marked
                    && component.tree.as_ref().is_some_and(|tree| Arc::ptr_eq(&tree.template, &template))
            });
            before.map(|(other, _)| -i64::from(*other))
        });
        bases.push((template, found.unwrap_or_else(|| i64::from(*cid))));
        let tree = found.and_then(|found| u32::try_from(found.unsigned_abs()).ok());
        if let Some(tree) = tree.and_then(|cid| components.known.get(&cid)?.tree.as_ref()) {
            *base = found;
            leave_out(&mut node.slots, &tree.slots);
        }
    }
}

/// Literal parts of nodes that are the same in the tree with which a component begins.
fn leave_out(slots: &mut [(usize, Value)], tree: &[HeldSlot]) {
    for (index, value) in slots {
        if let (Value::Node(NodeUpdate { template, slots }), Some(HeldSlot::Node(held))) =
            (value, tree.get(*index))
            && template.as_ref().is_some_and(|template| Arc::ptr_eq(template, &held.template))
        {
            *template = None;
            leave_out(slots, &held.slots);
        }
    }
}

/// Puts into an update what the guest answered when it was asked for the components that are
/// [`missing`](Update::missing). The answer has all of them and all in them, and nothing else.
///
/// # Errors
/// [`Fault`], always the guest's: the page is forgotten, as in [`compute`](crate::compute).
pub fn complete(
    update: &mut Update,
    document: impl Into<crate::Document>,
    templates: &mut crate::Templates,
    held: &mut Held,
    limits: &Limits,
) -> Result<(), Fault> {
    let mut components = std::mem::take(&mut held.components);
    let outcome = completed(update, document.into(), templates, &mut components, limits);
    if outcome.is_err() {
        held.root = None;
        components.roll_back();
    }
    held.components = components;
    outcome
}

fn completed(
    update: &mut Update,
    document: crate::Document,
    templates: &mut crate::Templates,
    components: &mut Components,
    limits: &Limits,
) -> Result<(), Fault> {
    templates.check_kind(&document)?;
    let crate::Document::Tree(tree) = document else { return Err(Fault::Root) };
    let (mut arena, root) = Arena::new(tree, templates, limits)?;
    if root != Slot::Unchanged {
        return Err(Fault::Root);
    }
    arena.go_on(update.used);
    let walked = Walk::new(&mut arena, Scope::Everything, components).entries(update)?;
    let walked = Walked { scope: None, ..walked };
    update.used = arena.finish()?;
    components.settle(walked, update, limits)?;
    share(update, components);
    Ok(())
}
