//! Portals: what a template holds stands elsewhere in a page, once it is joined.

use ego_tree::NodeId;
use html5ever::{LocalName, QualName, ns};
use scraper::{ElementRef, Node};

use super::Document;

/// What makes a `template` a portal, and where it leads.
const TARGET: &str = "data-phx-portal";
/// On what was moved: the id of its template.
const SOURCE: &str = "data-phx-teleported-src";

impl Document {
    /// The portals of the page, with their targets.
    pub(crate) fn portals(&self) -> impl Iterator<Item = (ElementRef<'_>, &str)> {
        let portals = self.elements().filter(|element| element.value().name() == "template");
        portals.filter_map(|portal| Some((portal, portal.attr(TARGET)?)))
    }

    /// Whether a portal's target is in the page.
    pub(crate) fn has_target(&self, target: &str) -> bool {
        self.all(target, None).is_ok_and(|found| !found.is_empty())
    }

    /// Moves what portals hold to their targets, as a client does.
    pub(crate) fn move_portals(&mut self) {
        let moved: Vec<(NodeId, NodeId, String)> = self
            .portals()
            .filter_map(|(portal, target)| {
                let content = content(portal)?.id();
                let target = self.all(target, None).ok()?.first()?.id();
                Some((content, target, portal.attr("id").unwrap_or_default().to_owned()))
            })
            .collect();
        for (content, target, source) in &moved {
            if let Some(Node::Element(element)) =
                self.html.tree.get_mut(*content).as_mut().map(|node| node.value())
            {
                let name = QualName::new(None, ns!(), LocalName::from(SOURCE));
                element.attrs.insert(name, source.as_str().into());
            }
            if let Some(mut target) = self.html.tree.get_mut(*target) {
                target.append_id(*content);
            }
        }
        if !moved.is_empty() {
            self.parse_again();
        }
    }

    /// Takes out what portals hold: nothing moves it before the page is joined.
    pub(crate) fn drop_portals(&mut self) {
        let held: Vec<NodeId> =
            self.portals().filter_map(|(portal, _)| content(portal)).map(|content| content.id()).collect();
        for content in &held {
            if let Some(mut content) = self.html.tree.get_mut(*content) {
                content.detach();
            }
        }
        if !held.is_empty() {
            self.parse_again();
        }
    }

    /// An element and those around it, from the inside: around what a portal has moved is the portal, wherever it stands now.
    pub(crate) fn within<'a>(&'a self, element: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
        std::iter::successors(Some(element), |inner| match inner.attr(SOURCE) {
            Some(source) => self.by_id(source),
            None => inner.parent().and_then(ElementRef::wrap),
        })
    }
}

/// The element that a portal holds.
fn content(portal: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let inside = portal.first_child().filter(|child| child.value().is_fragment())?;
    inside.children().find_map(ElementRef::wrap)
}
