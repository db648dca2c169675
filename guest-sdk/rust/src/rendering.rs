//! One render from beginning to end.
//!
//! At most one `html!` of a render leaves out what did not change: the one whose template and whose `self`
//! were the root of the last document. All others are evaluated whole, so that they are right wherever they
//! end up. Should the root turn out to be another one, the render is done again, whole.

mod flatten;
mod rows;

use std::cell::{Cell, RefCell};

use crate::bindings::hothouse::live::types::Tree;
use crate::failure::{Failure, Result};
use crate::html::{Content, Html, Node};
use crate::registry;
use crate::template::{self, Template};
use crate::tracking;

pub use rows::{Loop, OfList, OfMap, OfStream, OfTemporary, Plain, Row, StreamElsewhere};

/// How much a render evaluates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What depends on something that changed since the last document.
    Changes,
    /// All of it.
    Everything,
    /// All of these live components and of those in them.
    Components(Vec<u32>),
}

/// The root of a document: a template, and the `self` that its slots read.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Root {
    pub(crate) template: &'static Template,
    pub(crate) owner: Option<usize>,
}

thread_local! {
    /// The root of the last document that was handed out.
    static LAST_ROOT: Cell<Option<Root>> = const { Cell::new(None) };
    /// The root for which this render may leave out what did not change; none once it was met.
    static AWAITED: Cell<Option<Root>> = const { Cell::new(None) };
    /// The first mistake that a template made while it was evaluated.
    static MISTAKE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Renders a view into a document. Afterwards everything that was changed counts as handed out.
///
/// # Errors
///
/// `internal` when a template made a mistake that only shows while it runs; nothing counts as handed out then.
pub(crate) fn render(view: impl Fn() -> Html, scope: Scope) -> Result<Tree> {
    let is_everything = scope == Scope::Everything || LAST_ROOT.get().is_none();
    if let Some(live) = registry::live() {
        live.last_document_was(!is_everything);
    }
    let (root, asked) = match scope {
        Scope::Components(cids) => (Html::whole(Content::Unchanged), Some(cids)),
        Scope::Changes | Scope::Everything => {
            (evaluate(LAST_ROOT.get().filter(|_| !is_everything), view), None)
        }
    };
    let is_whole = is_everything || asked.is_some();
    // Now: this may have been the first that is shown.
    let live = registry::live();
    let components = live.map(|live| live.evaluate(&root, asked.unwrap_or_default(), is_whole));
    if let Some(mistake) = MISTAKE.take() {
        // What was evaluated never reached the host: keys that were given numbers, for one. Begin anew.
        LAST_ROOT.set(None);
        if let Some(live) = live {
            live.forget_roots();
        }
        return Err(Failure::internal(mistake));
    }
    if is_everything {
        template::forget_sent();
    }
    let components = live.zip(components).map(|(live, documents)| live.hand_out(documents));
    Ok(hand_out(root, components.unwrap_or_default()))
}

/// Evaluates a template: if its root is the one of before, only what depends on something that changed.
pub(crate) fn evaluate(last: Option<Root>, make: impl Fn() -> Html) -> Html {
    let outer = AWAITED.replace(last);
    let mut html = make();
    if last.is_some() && AWAITED.get().is_none() && !html.partial {
        // The awaited template was met, but it is not the root: it may stand where it was not before.
        html = make();
    }
    AWAITED.set(outer);
    html
}

fn hand_out(html: Html, components: Vec<(u32, Content)>) -> Tree {
    static WRAPPER: Template = Template::new(&["", ""], false);
    let content = match html.content {
        content @ (Content::Node(_) | Content::Unchanged) => content,
        other => Content::Node(Node { template: &WRAPPER, slots: vec![other] }),
    };
    if let Content::Node(node) = &content {
        LAST_ROOT.set(Some(Root { template: node.template, owner: html.owner }));
    }
    let tree = flatten::flatten(content, components);
    tracking::end_generation();
    tree
}

/// Notes a mistake that makes the document useless. The first one of a render is reported.
pub(crate) fn mistake(message: impl FnOnce() -> String) {
    MISTAKE.with_borrow_mut(|mistake| {
        mistake.get_or_insert_with(message);
    });
}

/// Called where an `html!` begins: whether all of it must be evaluated.
pub fn begin(template: &'static Template, owner: Option<usize>) -> bool {
    let partial = AWAITED.get() == Some(Root { template, owner });
    if partial {
        AWAITED.set(None);
    }
    !partial
}

/// Called where an `html!` ends; no slots when nothing that they read has changed.
pub fn finish(
    template: &'static Template,
    owner: Option<usize>,
    whole: bool,
    slots: Option<Vec<Content>>,
) -> Html {
    let content = match slots {
        Some(slots) => node(template, slots),
        None => Content::Unchanged,
    };
    Html { content, partial: !whole, owner }
}

/// A template with its slots filled.
pub fn node(template: &'static Template, slots: Vec<Content>) -> Content {
    Content::Node(Node { template, slots })
}

/// Forgets the last document: the next one is the first of another view.
pub(crate) fn forget() {
    LAST_ROOT.set(None);
    if let Some(live) = registry::live() {
        live.forget();
    }
}
