//! What a view rendered, as it came over the contract: a flat arena of nodes and lists.
//!
//! These are plain values: nothing in them has been checked. The walk in [`compute`](crate::compute) checks.

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// The document's own place: a node, or `unchanged`.
    pub root: Slot,
    /// Nodes, referred to by index. Each belongs to exactly one place.
    pub nodes: Vec<Node>,
    /// Lists, referred to by index. Each belongs to exactly one place.
    pub lists: Vec<Each>,
    /// Templates that this document is the first to use.
    pub templates: Vec<NewTemplate>,
}

/// A template's literal parts: one more than it has slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// Local to the instance.
    pub id: u32,
    /// For example `["<p>", "</p>"]`.
    pub statics: Vec<String>,
}

/// What stands between two literal parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Slot {
    /// The same as in the last document.
    #[default]
    Unchanged,
    /// Nothing.
    Empty,
    /// Plain text, to be escaped for its position.
    Text(String),
    /// Markup, or attributes where a slot stands between attributes.
    Markup(String),
    /// Index of a node.
    Node(u32),
    /// Index of a list.
    Each(u32),
}

/// A template with its slots filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The template's id in this instance.
    pub template: u32,
    /// One per slot of the template.
    pub slots: Vec<Slot>,
}

/// A keyed row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Number that identifies the row for as long as the list stands.
    pub id: u32,
    /// Index of its node.
    pub node: u32,
}

/// Keyed rows, all of one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// The template of the rows.
    pub template: u32,
    /// Ids of all rows in order; `None`: the same rows in the same order as before.
    pub order: Option<Vec<u32>>,
    /// Rows that are new or may have changed.
    pub changed: Vec<Row>,
}
