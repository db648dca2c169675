//! The document while it is walked: nodes and lists are taken out, each at most once.
//!
//! What is taken cannot be taken again, so that sharing and cycles cannot be; what is left over is noticed.

use std::collections::HashSet;
use std::sync::Arc;

use crate::fault::Fault;
use crate::rendered::{Each, Node, StreamChange, Tree};
use crate::template::{Template, Templates};

/// What one document may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a diff, as it is sent.
    pub max_diff_bytes: usize,
    /// Bytes of a full render, as it is sent.
    pub max_full_bytes: usize,
    /// Nodes, lists, rows, streams and their operations together.
    pub max_nodes: usize,
    /// Nesting of nodes and lists.
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_diff_bytes: 256 * 1024, max_full_bytes: 1024 * 1024, max_nodes: 20_000, max_depth: 64 }
    }
}

/// What a document came to, in what [`Limits`] bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Bytes, as they are counted: never fewer than are sent.
    pub bytes: usize,
    /// Whether their limit is that of a full render.
    pub is_full: bool,
    /// Nodes, lists, rows, streams and their operations together.
    pub nodes: usize,
    /// The deepest nesting.
    pub depth: usize,
}

pub(crate) struct Arena<'a> {
    nodes: Vec<Option<Node>>,
    lists: Vec<Option<Each>>,
    streams: Vec<Option<StreamChange>>,
    /// Names of the streams that were taken.
    stream_names: HashSet<String>,
    nodes_left: usize,
    lists_left: usize,
    streams_left: usize,
    depth: usize,
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
    ) -> Result<(Self, crate::rendered::Slot), Fault> {
        let rows = tree.lists.iter().map(|list| list.order.as_ref().map_or(0, Vec::len));
        let operations = tree.streams.iter().map(|stream| 1 + stream.inserts.len() + stream.deletes.len());
        let nodes = tree.nodes.len() + tree.lists.len() + rows.sum::<usize>() + operations.sum::<usize>();
        if nodes > limits.max_nodes {
            return Err(Fault::TooManyNodes { limit: limits.max_nodes });
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
            stream_names: HashSet::new(),
            depth: 0,
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

    /// Notes the name of a stream; whether no other stream of the document has it.
    pub(crate) fn claim_stream_name(&mut self, name: &str) -> bool {
        self.stream_names.insert(name.to_owned())
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
        for (what, count) in
            [("nodes", self.nodes_left), ("lists", self.lists_left), ("streams", self.streams_left)]
        {
            if count > 0 {
                return Err(Fault::Unused { what, count });
            }
        }
        Ok(self.used)
    }
}
