//! Owned pieces → the flat arena of the contract.

use crate::bindings::hothouse::live::types;
use crate::html::{Content, Each, Node, Stream};
use crate::template;

/// The document of a root, and of live components.
pub(super) fn flatten(root: Content, components: Vec<(u32, Content)>) -> types::Tree {
    let mut arena = Arena::default();
    let root = arena.slot(root);
    let components = components.into_iter();
    let components =
        components.map(|(cid, root)| types::ComponentEntry { cid, root: arena.slot(root) }).collect();
    types::Tree {
        root,
        nodes: arena.nodes,
        lists: arena.lists,
        streams: arena.streams,
        components,
        children: Vec::new(),
        templates: arena.templates,
    }
}

#[derive(Default)]
struct Arena {
    nodes: Vec<types::Node>,
    lists: Vec<types::Each>,
    streams: Vec<types::StreamChange>,
    templates: Vec<types::Template>,
}

impl Arena {
    fn slot(&mut self, content: Content) -> types::Slot {
        match content {
            Content::Unchanged => types::Slot::Unchanged,
            Content::Empty => types::Slot::Empty,
            Content::Text(text) => types::Slot::Text(text),
            Content::Markup(markup) => types::Slot::Markup(markup),
            Content::Node(Node { template, slots }) => {
                let template = template::send(template, &mut self.templates);
                types::Slot::Node(self.node(template, slots))
            }
            Content::Each(each) => types::Slot::Each(self.each(*each)),
            Content::Stream(stream) => types::Slot::Each(self.stream(*stream)),
            Content::Component(cid) => types::Slot::Component(cid),
        }
    }

    fn node(&mut self, template: u32, slots: Vec<Content>) -> u32 {
        let slots = slots.into_iter().map(|content| self.slot(content)).collect();
        self.nodes.push(types::Node { template, slots });
        index_of_last(self.nodes.len())
    }

    fn each(&mut self, Each { template, order, changed }: Each) -> u32 {
        let template = template::send(template, &mut self.templates);
        self.nodes.reserve(changed.len());
        let changed = changed
            .into_iter()
            .map(|(id, slots)| types::Row { id, node: self.node(template, slots) })
            .collect();
        self.lists.push(types::Each { template, order, changed, stream_ops: None });
        index_of_last(self.lists.len())
    }

    fn stream(&mut self, Stream { template, name, reset, deletes, inserts }: Stream) -> u32 {
        let template = template::send(template, &mut self.templates);
        let inserts = inserts
            .into_iter()
            .map(|insert| types::StreamInsert {
                element: insert.element,
                at: insert.at,
                limit: insert.limit,
                update_only: insert.update_only,
                node: self.node(template, insert.slots),
            })
            .collect();
        self.streams.push(types::StreamChange { name, inserts, deletes, reset });
        let stream_ops = Some(index_of_last(self.streams.len()));
        self.lists.push(types::Each { template, order: None, changed: Vec::new(), stream_ops });
        index_of_last(self.lists.len())
    }
}

/// An arena of more pieces than that does not fit into a view's memory.
fn index_of_last(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}
