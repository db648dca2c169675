//! What a view shows, in the plainest way: no differences, no indices, and nothing that is unchanged.

use std::collections::BTreeMap;

use hothouse_diff::{Each, Limits, NewTemplate, Node, Row, Slot, Tree};

/// Highest id of a template, as documented.
const MAX_TEMPLATE_ID: u32 = 2047;

/// A template: its id, and its literal parts, by which it is told from others.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) id: u32,
    pub(super) statics: Vec<String>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.statics == other.statics
    }
}

/// A node with all that is in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) template: Template,
    pub(super) slots: Vec<Shown>,
}

/// Keyed rows with all that is in them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    pub(super) template: Template,
    pub(super) rows: Vec<(u32, Vec<Shown>)>,
}

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// `empty`, `text` or `markup`.
    Leaf(Slot),
    Node(Content),
    Rows(Rows),
}

/// A whole page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page(pub(super) Content);

impl Page {
    /// A document that says everything and relies on nothing.
    pub(super) fn whole(&self) -> Tree {
        let mut tree = Tree::default();
        tree.root = Slot::Node(push_node(&mut tree, &self.0.template, &self.0.slots));
        tree
    }
}

fn push_node(tree: &mut Tree, template: &Template, slots: &[Shown]) -> u32 {
    define(tree, template);
    let slots = slots.iter().map(|shown| push_slot(tree, shown)).collect();
    tree.nodes.push(Node { template: template.id, slots });
    index_of_last(tree.nodes.len())
}

fn push_slot(tree: &mut Tree, shown: &Shown) -> Slot {
    match shown {
        Shown::Leaf(leaf) => leaf.clone(),
        Shown::Node(content) => Slot::Node(push_node(tree, &content.template, &content.slots)),
        Shown::Rows(Rows { template, rows }) => {
            define(tree, template);
            let changed = rows
                .iter()
                .map(|(id, slots)| Row { id: *id, node: push_node(tree, template, slots) })
                .collect();
            let order = Some(rows.iter().map(|(id, _)| *id).collect());
            tree.lists.push(Each { template: template.id, order, changed, ..Each::default() });
            Slot::Each(index_of_last(tree.lists.len()))
        }
    }
}

fn define(tree: &mut Tree, template: &Template) {
    if tree.templates.iter().all(|known| known.id != template.id) {
        tree.templates.push(NewTemplate { id: template.id, statics: template.statics.clone() });
    }
}

pub(super) fn index_of_last(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// The templates that a host knows of a view, and what documents mean with them.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) templates: BTreeMap<u32, Vec<String>>,
}

impl Known {
    /// The page that a document makes of the one before it. It may be lenient: `None` only when the document cannot
    /// mean any page.
    pub(super) fn page(
        &mut self,
        tree: &Tree,
        former: Option<&Page>,
        limits: &Limits,
        is_valid: impl Fn(&[String]) -> bool,
    ) -> Option<Page> {
        let rows: usize = tree.lists.iter().map(|list| list.order.as_ref().map_or(0, Vec::len)).sum();
        if tree.nodes.len() + tree.lists.len() + rows > limits.max_nodes {
            return None;
        }
        for NewTemplate { id, statics } in &tree.templates {
            let is_same = self.templates.get(id).is_none_or(|known| known == statics);
            if *id > MAX_TEMPLATE_ID || !is_valid(statics) || !is_same {
                return None;
            }
            self.templates.insert(*id, statics.clone());
        }
        let mut reader = Reader {
            known: self,
            tree,
            nodes_seen: vec![false; tree.nodes.len()],
            lists_seen: vec![false; tree.lists.len()],
        };
        match tree.root {
            Slot::Unchanged => former.cloned(),
            Slot::Node(index) => reader.content(index, former.map(|page| &page.0)).map(Page),
            _ => None,
        }
    }

    fn template(&self, id: u32) -> Option<Template> {
        Some(Template { id, statics: self.templates.get(&id)?.clone() })
    }
}

struct Reader<'a> {
    known: &'a Known,
    tree: &'a Tree,
    nodes_seen: Vec<bool>,
    lists_seen: Vec<bool>,
}

impl Reader<'_> {
    fn content(&mut self, index: u32, former: Option<&Content>) -> Option<Content> {
        let node = take(&self.tree.nodes, &mut self.nodes_seen, index)?;
        let template = self.known.template(node.template)?;
        let former = former.filter(|former| former.template == template);
        let slots = self.slots(node, former.map(|former| former.slots.as_slice()))?;
        Some(Content { template, slots })
    }

    fn slots(&mut self, node: &Node, former: Option<&[Shown]>) -> Option<Vec<Shown>> {
        let slots = node.slots.iter().enumerate();
        slots.map(|(index, slot)| self.slot(slot, former.and_then(|former| former.get(index)))).collect()
    }

    fn slot(&mut self, slot: &Slot, former: Option<&Shown>) -> Option<Shown> {
        match slot {
            Slot::Unchanged => former.cloned(),
            Slot::Empty | Slot::Text(_) | Slot::Markup(_) => Some(Shown::Leaf(slot.clone())),
            Slot::Node(index) => {
                let former = match former {
                    Some(Shown::Node(former)) => Some(former),
                    _ => None,
                };
                self.content(*index, former).map(Shown::Node)
            }
            Slot::Each(index) => self.rows(*index, former).map(Shown::Rows),
            // Components have a target of their own.
            Slot::Component(_) => None,
        }
    }

    fn rows(&mut self, index: u32, former: Option<&Shown>) -> Option<Rows> {
        let list = take(&self.tree.lists, &mut self.lists_seen, index)?;
        let template = self.known.template(list.template)?;
        let former = match former {
            Some(Shown::Rows(former)) if former.template == template || former.rows.is_empty() => {
                Some(former.rows.as_slice())
            }
            // Where nothing was, there were no rows.
            Some(Shown::Leaf(Slot::Empty)) => Some(&[][..]),
            _ => None,
        };
        let order: Vec<u32> = match &list.order {
            Some(order) => order.clone(),
            None => former?.iter().map(|(id, _)| *id).collect(),
        };
        let mut rows = Vec::new();
        for id in order {
            let row = former.unwrap_or_default().iter().find(|(former, _)| *former == id);
            let mut slots = row.map(|(_, slots)| slots.clone());
            for changed in list.changed.iter().filter(|changed| changed.id == id) {
                let node = take(&self.tree.nodes, &mut self.nodes_seen, changed.node)?;
                slots = Some(self.slots(node, slots.as_deref())?);
            }
            rows.push((id, slots?));
        }
        Some(Rows { template, rows })
    }
}

/// What stands at an index, the first time.
fn take<'a, T>(from: &'a [T], seen: &mut [bool], index: u32) -> Option<&'a T> {
    let index = usize::try_from(index).ok()?;
    let was_seen = std::mem::replace(seen.get_mut(index)?, true);
    from.get(index).filter(|_| !was_seen)
}
