//! The document while it is walked: nodes and lists are taken out, each at most once.
//!
//! What is taken cannot be taken again, so that sharing and cycles cannot be; what is left over is noticed.

use std::collections::HashSet;
use std::sync::Arc;

use crate::fault::Fault;
use crate::rendered::{ComponentEntry, Each, Node, Slot, StreamChange, Tree};
use crate::template::{Template, Templates};

/// What one document may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a diff, as it is sent.
    pub max_diff_bytes: usize,
    /// Bytes of a full render, as it is sent.
    pub max_full_bytes: usize,
    /// Nodes, lists, rows, live components, streams and their operations together.
    pub max_nodes: usize,
    /// Nesting of nodes and lists.
    pub max_depth: usize,
    /// Live components of a page.
    pub max_components: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_diff_bytes: 256 * 1024,
            max_full_bytes: 1024 * 1024,
            max_nodes: 20_000,
            max_depth: 64,
            max_components: 1_000,
        }
    }
}

/// What a document came to, in what [`Limits`] bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Bytes, as they are counted: never fewer than are sent.
    pub bytes: usize,
    /// Whether their limit is that of a full render.
    pub is_full: bool,
    /// Nodes, lists, rows, live components, streams and their operations together.
    pub nodes: usize,
    /// The deepest nesting.
    pub depth: usize,
}

pub(crate) struct Arena<'a> {
    nodes: Vec<Option<Node>>,
    lists: Vec<Option<Each>>,
    streams: Vec<Option<StreamChange>>,
    components: Vec<Option<ComponentEntry>>,
    /// Names of the streams that were taken.
    stream_names: HashSet<String>,
    nodes_left: usize,
    lists_left: usize,
    streams_left: usize,
    depth: usize,
    /// Inside of a stream's row.
    is_in_stream: bool,
    used: Used,
    pub(crate) templates: &'a Templates,
    limits: &'a Limits,
}

impl<'a> Arena<'a> {
    /// Defines the document's templates and takes its parts. The root is the caller's.
    pub(crate) fn new(
        tree: Tree,
        templates: &'a mut Templates,
        limits: &'a Limits,
    ) -> Result<(Self, Slot), Fault> {
        let rows = tree.lists.iter().map(|list| list.order.as_ref().map_or(0, Vec::len));
        let operations = tree.streams.iter().map(|stream| 1 + stream.inserts.len() + stream.deletes.len());
        let parts = tree.nodes.len() + tree.lists.len() + tree.components.len();
        let nodes = parts + rows.sum::<usize>() + operations.sum::<usize>();
        if nodes > limits.max_nodes {
            return Err(Fault::TooManyNodes { limit: limits.max_nodes });
        }
        if tree.components.len() > limits.max_components {
            return Err(Fault::TooManyComponents { limit: limits.max_components });
        }
        for template in tree.templates {
            templates.define(template.id, template.statics)?;
        }
        let arena = Self {
            nodes_left: tree.nodes.len(),
            lists_left: tree.lists.len(),
            streams_left: tree.streams.len(),
            nodes: tree.nodes.into_iter().map(Some).collect(),
            lists: tree.lists.into_iter().map(Some).collect(),
            streams: tree.streams.into_iter().map(Some).collect(),
            components: tree.components.into_iter().map(Some).collect(),
            stream_names: HashSet::new(),
            depth: 0,
            is_in_stream: false,
            used: Used { nodes, ..Used::default() },
            templates,
            limits,
        };
        Ok((arena, tree.root))
    }

    /// From here on the limit is that of a full render.
    pub(crate) fn expect_full(&mut self) {
        self.used.is_full = true;
    }

    /// The template of a node.
    pub(crate) fn template_of(&self, index: u32) -> Result<&Arc<Template>, Fault> {
        let node = usize::try_from(index).ok().and_then(|index| self.nodes.get(index)?.as_ref());
        self.templates.get(node.ok_or(Fault::Index { what: "node", index })?.template)
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Counts on from another document of the same message.
    pub(crate) fn go_on(&mut self, used: Used) {
        self.used.bytes = used.bytes;
        self.used.is_full = used.is_full;
    }

    /// Takes a node and its template, whose slots it has.
    pub(crate) fn node(&mut self, index: u32) -> Result<(Node, Arc<Template>), Fault> {
        let node = usize::try_from(index)
            .ok()
            .and_then(|index| self.nodes.get_mut(index)?.take())
            .ok_or(Fault::Index { what: "node", index })?;
        self.nodes_left -= 1;
        let template = self.templates.get(node.template)?.clone();
        if node.slots.len() != template.slot_count() {
            return Err(Fault::SlotCount {
                template: node.template,
                found: node.slots.len(),
                expected: template.slot_count(),
            });
        }
        Ok((node, template))
    }

    /// Takes a list and the template of its rows.
    pub(crate) fn list(&mut self, index: u32) -> Result<(Each, Arc<Template>), Fault> {
        let list = usize::try_from(index)
            .ok()
            .and_then(|index| self.lists.get_mut(index)?.take())
            .ok_or(Fault::Index { what: "list", index })?;
        self.lists_left -= 1;
        let template = self.templates.get(list.template)?.clone();
        Ok((list, template))
    }

    /// Takes what happens to a stream.
    pub(crate) fn stream(&mut self, index: u32) -> Result<StreamChange, Fault> {
        let stream = usize::try_from(index)
            .ok()
            .and_then(|index| self.streams.get_mut(index)?.take())
            .ok_or(Fault::Index { what: "stream", index })?;
        self.streams_left -= 1;
        Ok(stream)
    }

    /// Takes the entry of one component.
    pub(crate) fn entry(&mut self, cid: u32) -> Option<ComponentEntry> {
        let entry =
            self.components.iter_mut().find(|entry| entry.as_ref().is_some_and(|it| it.cid == cid))?;
        entry.take()
    }

    /// Takes the entries of all components that are left.
    pub(crate) fn entries(&mut self) -> Vec<ComponentEntry> {
        std::mem::take(&mut self.components).into_iter().flatten().collect()
    }

    /// Takes all that a slot leads to, and forgets it.
    pub(crate) fn discard(&mut self, slot: Slot) -> Result<(), Fault> {
        match slot {
            Slot::Node(index) => {
                self.enter()?;
                let (node, _) = self.node(index)?;
                node.slots.into_iter().try_for_each(|slot| self.discard(slot))?;
                self.leave();
            }
            Slot::Each(index) => {
                self.enter()?;
                let (list, _) = self.list(index)?;
                list.changed.into_iter().try_for_each(|row| self.discard(Slot::Node(row.node)))?;
                if let Some(stream) = list.stream {
                    let inserts = self.stream(stream)?.inserts;
                    inserts.into_iter().try_for_each(|insert| self.discard(Slot::Node(insert.node)))?;
                }
                self.leave();
            }
            Slot::Unchanged | Slot::Empty | Slot::Text(_) | Slot::Markup(_) | Slot::Component(_) => {}
        }
        Ok(())
    }

    /// Notes the name of a stream; whether no other stream of the document has it.
    pub(crate) fn claim_stream_name(&mut self, name: &str) -> bool {
        self.stream_names.insert(name.to_owned())
    }

    /// Begins or ends a row of a stream; answers what was before.
    pub(crate) fn in_stream(&mut self, is_in_stream: bool) -> bool {
        std::mem::replace(&mut self.is_in_stream, is_in_stream)
    }

    /// Nobody knows how long a stream's row is in the page, nor a component in it.
    pub(crate) fn refuse_in_stream(&self, cid: u32) -> Result<(), Fault> {
        if self.is_in_stream {
            return Err(Fault::Component { cid, problem: "stands in a row of a stream: make it a list" });
        }
        Ok(())
    }

    /// Goes one level deeper; [`Arena::leave`] comes back.
    pub(crate) fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > self.limits.max_depth {
            return Err(Fault::TooDeep { limit: self.limits.max_depth });
        }
        self.used.depth = self.used.depth.max(self.depth);
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Counts what will be sent.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), Fault> {
        self.used.bytes = self.used.bytes.saturating_add(bytes);
        let (what, limit) = if self.used.is_full {
            ("full render", self.limits.max_full_bytes)
        } else {
            ("diff", self.limits.max_diff_bytes)
        };
        if self.used.bytes > limit {
            return Err(Fault::TooLarge { what, limit });
        }
        Ok(())
    }

    /// Everything in the document must have had its place. What it came to.
    pub(crate) fn finish(self) -> Result<Used, Fault> {
        for (what, count) in [
            // First: what stands in them is left as well.
            ("live components", self.components.iter().flatten().count()),
            ("nodes", self.nodes_left),
            ("lists", self.lists_left),
            ("streams", self.streams_left),
        ] {
            if count > 0 {
                return Err(Fault::Unused { what, count });
            }
        }
        Ok(self.used)
    }
}
