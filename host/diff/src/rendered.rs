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
    /// What happens to streams, referred to by index. Each belongs to exactly one list.
    pub streams: Vec<StreamChange>,
    /// Documents of live components.
    pub components: Vec<ComponentEntry>,
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
    /// A live component, by its cid.
    Component(u32),
}

/// The document of a live component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentEntry {
    /// Which component.
    pub cid: u32,
    /// Its root: a node, or `unchanged`.
    pub root: Slot,
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Each {
    /// The template of the rows.
    pub template: u32,
    /// Ids of all rows in order; `None`: the same rows in the same order as before.
    pub order: Option<Vec<u32>>,
    /// Rows that are new or may have changed.
    pub changed: Vec<Row>,
    /// Index of what happens to the stream that the list is: then it has no rows of its own.
    pub stream: Option<u32>,
}

/// What happens to a stream: first the reset, then the deletes, then the inserts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamChange {
    /// The stream's name.
    pub name: String,
    /// Items to be put in, in order.
    pub inserts: Vec<StreamInsert>,
    /// Ids of elements to be taken out.
    pub deletes: Vec<String>,
    /// Whether all former items go.
    pub reset: bool,
}

/// An item that is put into a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamInsert {
    /// The id of the item's element.
    pub element: String,
    /// Where: 0 is first, -1 last.
    pub at: i32,
    /// How many items the page keeps: of the first if positive, of the last if negative.
    pub limit: Option<i32>,
    /// Whether it is left out if the page does not have it.
    pub update_only: bool,
    /// Index of its node.
    pub node: u32,
}
