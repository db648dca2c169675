//! A diff as a value, before it is written: what is sent for each place that changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::arena::Used;
use crate::rendered::StreamChange;
use crate::template::Template;

/// What brings a browser up to date.
#[derive(Debug, Default)]
pub struct Update {
    pub(crate) root: Option<NodeUpdate>,
    /// By cid.
    pub(crate) components: BTreeMap<u32, ComponentUpdate>,
    pub(crate) missing: Vec<u32>,
    pub(crate) used: Used,
}

/// For one node.
#[derive(Debug, Default)]
pub(crate) struct NodeUpdate {
    /// Sent with its literal parts: the browser forgets what was here.
    pub(crate) template: Option<Arc<Template>>,
    /// Changed slots in ascending order; all of them where the template is sent.
    pub(crate) slots: Vec<(usize, Value)>,
}

/// For one live component.
#[derive(Debug)]
pub(crate) struct ComponentUpdate {
    pub(crate) node: NodeUpdate,
    /// The component whose tree the browser begins with: a cid of the same diff, or a negative one of before.
    pub(crate) base: Option<i64>,
}

/// For one slot. Text is HTML already.
#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    Node(NodeUpdate),
    List(ListUpdate),
    Stream(StreamUpdate),
    /// A live component has its place here.
    Component(u32),
}

/// For one list.
#[derive(Debug)]
pub(crate) struct ListUpdate {
    /// As for a node.
    pub(crate) template: Option<Arc<Template>>,
    /// How many rows there are now.
    pub(crate) count: usize,
    /// New and changed rows by their new index, in ascending order.
    pub(crate) rows: Vec<(usize, RowUpdate)>,
}

/// For one row.
#[derive(Debug)]
pub(crate) enum RowUpdate {
    /// New, or changed where it was.
    Slots(Vec<(usize, Value)>),
    /// Moved from an old index.
    Moved(usize),
    /// Moved from an old index and changed.
    MovedAndChanged(usize, Vec<(usize, Value)>),
}

/// For one stream.
#[derive(Debug)]
pub(crate) struct StreamUpdate {
    /// As for a node.
    pub(crate) template: Option<Arc<Template>>,
    /// What happens to it; names and ids are checked.
    pub(crate) change: StreamChange,
    /// For each insert its row, complete.
    pub(crate) rows: Vec<Vec<(usize, Value)>>,
}

impl Update {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.root.is_none() && self.components.is_empty()
    }

    /// What the document came to.
    pub fn used(&self) -> Used {
        self.used
    }

    /// Live components that have come back into the page: the guest has to be asked for all of them, and the answer to
    /// be put in with [`complete`](crate::complete).
    pub fn missing(&self) -> &[u32] {
        &self.missing
    }

    /// Whether it replaces the whole page.
    pub fn is_full(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.template.is_some())
    }
}

impl NodeUpdate {
    /// `None` when there is nothing to send.
    pub(crate) fn non_empty(self) -> Option<Self> {
        (self.template.is_some() || !self.slots.is_empty()).then_some(self)
    }
}

impl ListUpdate {
    pub(crate) fn has_moves(&self) -> bool {
        self.rows.iter().any(|(_, row)| !matches!(row, RowUpdate::Slots(_)))
    }
}
