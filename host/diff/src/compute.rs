//! The walk: a document and what the browser holds, side by side.

use std::sync::Arc;

use crate::arena::{Arena, Limits};
use crate::components::Components;
use crate::context::{Context, Place};
use crate::document::Document;
use crate::encode::size;
use crate::fault::Fault;
use crate::held::{Held, HeldNode, HeldSlot, NOTHING, leaf_hash};
use crate::rendered::{Each, Node, Slot, Tree};
use crate::template::{Template, Templates};
use crate::update::{NodeUpdate, Update, Value};
use crate::{components, keyed, plain, stream};

/// What the guest was asked to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What changed: `unchanged` may stand where the last document had a value.
    Changes,
    /// All of it: nothing may be `unchanged`.
    Everything,
}

/// The smallest update from what is held to what was rendered, and what is held after it.
///
/// Without `held`, or when the root's template is another one, the update is a full render: its size is then bounded by
/// [`Limits::max_full_bytes`], otherwise by [`Limits::max_diff_bytes`].
///
/// When components have come back into the page, the update is not complete before [`complete`](crate::complete) was
/// called with all of them: see [`Update::missing`].
///
/// # Errors
/// [`Fault`], always the guest's. The page is not held any more then: ask the guest for everything.
pub fn compute(
    document: impl Into<Document>,
    templates: &mut Templates,
    held: &mut Held,
    scope: Scope,
    limits: &Limits,
) -> Result<Update, Fault> {
    let document = document.into();
    let root = held.root.take();
    templates.check_kind(&document)?;
    let (update, root) = match document {
        Document::Html(html) => plain::compute(html, templates, root, limits)?,
        Document::Tree(tree) => {
            held.components.begin();
            compute_tree(tree, templates, root, &mut held.components, scope, limits)
                .inspect_err(|_| held.components.roll_back())?
        }
    };
    held.root = Some(root);
    Ok(update)
}

/// The walk: what is held goes in, and what is held then comes out.
pub(crate) fn compute_tree(
    tree: Tree,
    templates: &mut Templates,
    held: Option<HeldNode>,
    components: &mut Components,
    scope: Scope,
    limits: &Limits,
) -> Result<(Update, HeldNode), Fault> {
    let (mut arena, root) = Arena::new(tree, templates, limits)?;
    let is_new = match root {
        Slot::Node(index) => {
            let template = arena.template_of(index)?;
            !held.as_ref().is_some_and(|held| Arc::ptr_eq(&held.template, template))
        }
        _ => false,
    };
    if is_new {
        arena.expect_full();
        components.forget_trees();
    }
    let mut walk = Walk::new(&mut arena, scope, components);
    let (root, held) = match (root, held) {
        (Slot::Unchanged, Some(held)) if scope == Scope::Changes => (None, held),
        (Slot::Unchanged, _) => {
            return Err(Fault::Unchanged {
                template: 0,
                slot: 0,
                reason: "it is the root, and everything was asked for",
            });
        }
        (Slot::Node(index), held) => {
            let (node, template) = walk.arena.node(index)?;
            walk.node(node, template, held)?
        }
        _ => return Err(Fault::Root),
    };
    let mut update = Update { root, ..Update::default() };
    let walked = walk.entries(&mut update)?;
    update.used = arena.finish()?;
    components.settle(walked, &mut update, limits)?;
    if update.missing.is_empty() {
        components::share(&mut update, components);
    }
    Ok((update, held))
}

/// What is sent for slots, and what is held of them.
pub(crate) type Slots = (Vec<(usize, Value)>, Box<[HeldSlot]>);

pub(crate) struct Walk<'w, 'a> {
    pub(crate) arena: &'w mut Arena<'a>,
    pub(crate) scope: Scope,
    pub(crate) components: &'w mut Components,
    /// The component whose tree is walked.
    pub(crate) owner: Option<u32>,
    /// Components that have a new place.
    pub(crate) placed: Vec<u32>,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(crate) fn new(arena: &'w mut Arena<'a>, scope: Scope, components: &'w mut Components) -> Self {
        Self { arena, scope, components, owner: None, placed: Vec::new() }
    }
}

impl Walk<'_, '_> {
    pub(crate) fn node(
        &mut self,
        node: Node,
        template: Arc<Template>,
        held: Option<HeldNode>,
    ) -> Result<(Option<NodeUpdate>, HeldNode), Fault> {
        self.arena.enter()?;
        let same = held.filter(|held| Arc::ptr_eq(&held.template, &template));
        let is_new = same.is_none();
        self.arena.charge(size::BRACES + if is_new { size::statics(&template) } else { 0 })?;
        let (slots, held) = self.slots(node, &template, same.map(|held| held.slots))?;
        self.arena.leave();
        let update = NodeUpdate { template: is_new.then(|| template.clone()), slots }.non_empty();
        Ok((update, HeldNode { template, slots: held }))
    }

    /// Slots of a node or a row. Without what is held, all are sent.
    pub(crate) fn slots(
        &mut self,
        node: Node,
        template: &Template,
        held: Option<Box<[HeldSlot]>>,
    ) -> Result<Slots, Fault> {
        let place = |slot| Place { template: node.template, slot };
        let mut values = Vec::new();
        let Some(mut held) = held else {
            values.reserve_exact(node.slots.len());
            let mut now = Vec::with_capacity(node.slots.len());
            for (index, (slot, context)) in node.slots.into_iter().zip(template.contexts()).enumerate() {
                self.arena.charge(size::key(index))?;
                let (value, slot) = self.new_slot(slot, *context, template, place(index))?;
                values.push((index, value));
                now.push(slot);
            }
            return Ok((values, now.into()));
        };
        for (index, ((slot, context), held)) in
            node.slots.into_iter().zip(template.contexts()).zip(held.iter_mut()).enumerate()
        {
            if slot == Slot::Unchanged && self.scope == Scope::Changes {
                continue;
            }
            if let Some(value) = self.held_slot(slot, *context, template, held, place(index))? {
                self.arena.charge(size::key(index))?;
                values.push((index, value));
            }
        }
        Ok((values, held))
    }

    /// A slot where nothing is held.
    fn new_slot(
        &mut self,
        slot: Slot,
        context: Context,
        template: &Template,
        place: Place,
    ) -> Result<(Value, HeldSlot), Fault> {
        match slot {
            Slot::Node(index) if context.takes_markup() => {
                let (node, template) = self.arena.node(index)?;
                let (update, held) = self.node(node, template, None)?;
                Ok((Value::Node(update.unwrap_or_default()), HeldSlot::Node(Box::new(held))))
            }
            Slot::Each(index) if context.takes_markup() => {
                let (list, template) = self.arena.list(index)?;
                self.new_list(list, template, context)
            }
            Slot::Component(cid) if context.takes_markup() => {
                self.arena.charge(size::cid(cid))?;
                Ok((Value::Component(cid), self.place(cid)?))
            }
            leaf => {
                let hash = leaf_hash(&leaf);
                Ok((self.leaf(leaf, context, template, place)?, HeldSlot::Leaf(hash)))
            }
        }
    }

    fn new_list(
        &mut self,
        list: Each,
        template: Arc<Template>,
        context: Context,
    ) -> Result<(Value, HeldSlot), Fault> {
        if list.stream.is_some() {
            let (update, held) = stream::new_stream(self, &list, template, context)?;
            return Ok((Value::Stream(update), HeldSlot::Stream(Box::new(held))));
        }
        Ok(match keyed::new_list(self, list, template)? {
            Some((update, held)) => (Value::List(update), HeldSlot::List(Box::new(held))),
            // A list that never had rows is nothing yet: its first rows are sent in full.
            None => {
                self.arena.charge(size::string(""))?;
                (Value::Text(String::new()), HeldSlot::Leaf(NOTHING))
            }
        })
    }

    /// A slot where something is held. `None` when it is the same.
    fn held_slot(
        &mut self,
        slot: Slot,
        context: Context,
        template: &Template,
        held: &mut HeldSlot,
        place: Place,
    ) -> Result<Option<Value>, Fault> {
        match (slot, &mut *held) {
            (Slot::Node(index), HeldSlot::Node(former)) if context.takes_markup() => {
                let (node, template) = self.arena.node(index)?;
                if !Arc::ptr_eq(&former.template, &template) {
                    let (update, now) = self.node(node, template, None)?;
                    **former = now;
                    return Ok(update.map(Value::Node));
                }
                self.arena.enter()?;
                let (slots, now) = self.slots(node, &template, Some(std::mem::take(&mut former.slots)))?;
                self.arena.leave();
                former.slots = now;
                let update = NodeUpdate { template: None, slots }.non_empty();
                if update.is_some() {
                    self.arena.charge(size::BRACES)?;
                }
                Ok(update.map(Value::Node))
            }
            (Slot::Each(index), _) if context.takes_markup() => {
                let (list, template) = self.arena.list(index)?;
                self.held_list(list, template, context, held)
            }
            (Slot::Component(cid), HeldSlot::Component(former)) if former.cid() == cid => {
                self.components.seen(cid);
                Ok(None)
            }
            (slot @ (Slot::Empty | Slot::Text(_) | Slot::Markup(_)), HeldSlot::Leaf(former)) => {
                let hash = leaf_hash(&slot);
                if *former == hash {
                    return Ok(None);
                }
                let value = self.leaf(slot, context, template, place)?;
                *former = hash;
                Ok(Some(value))
            }
            (slot, _) => {
                let (value, now) = self.new_slot(slot, context, template, place)?;
                *held = now;
                Ok(Some(value))
            }
        }
    }

    fn held_list(
        &mut self,
        list: Each,
        template: Arc<Template>,
        context: Context,
        held: &mut HeldSlot,
    ) -> Result<Option<Value>, Fault> {
        match held {
            HeldSlot::List(former) if list.stream.is_none() && Arc::ptr_eq(&former.template, &template) => {
                keyed::held_list(self, list, template, former).map(|update| update.map(Value::List))
            }
            HeldSlot::Stream(former) if list.stream.is_some() => {
                stream::held_stream(self, &list, template, context, former)
                    .map(|update| update.map(Value::Stream))
            }
            // The same rows as before, and none before: nothing still.
            HeldSlot::Leaf(NOTHING)
                if list.stream.is_none()
                    && list.changed.is_empty()
                    && list.order.as_ref().is_none_or(Vec::is_empty) =>
            {
                Ok(None)
            }
            _ => {
                let (value, now) = self.new_list(list, template, context)?;
                *held = now;
                Ok(Some(value))
            }
        }
    }

    fn leaf(
        &mut self,
        slot: Slot,
        context: Context,
        template: &Template,
        place: Place,
    ) -> Result<Value, Fault> {
        let html = context.html(slot, template.policy(), place)?;
        self.arena.charge(size::string(&html))?;
        Ok(Value::Text(html))
    }
}
