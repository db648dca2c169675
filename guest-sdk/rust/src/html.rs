//! What a template builds: markup in pieces, owned, before it becomes a document.

mod attributes;
mod to_html;
mod to_text;

use crate::template::Template;

pub use attributes::Attrs;
pub use to_html::ToHtml;
pub use to_text::{Flag, ToText};

/// Rendered markup: what [`html!`](crate::html!) makes and `render` answers.
///
/// It is plain data: it may be built in functions of its own, kept in variables and used twice.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// fn price(cents: u32) -> Html {
///     html! { <b>{cents / 100} "." {format!("{:02}", cents % 100)}</b> }
/// }
/// fn offer(cents: Option<u32>) -> Html {
///     html! { <p>"Today: " {cents.map(price)}</p> }
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Html {
    pub(crate) content: Content,
    /// Made as the root of a render that leaves out what did not change: good for that place alone.
    pub(crate) partial: bool,
    /// The place in memory of the `self` that its template reads.
    pub(crate) owner: Option<usize>,
}

impl Html {
    /// No markup at all.
    pub fn empty() -> Self {
        Self::whole(Content::Empty)
    }

    /// Plain text; the host escapes it.
    pub fn text(text: impl Into<String>) -> Self {
        Self::whole(Content::Text(text.into()))
    }

    /// Markup from elsewhere. The host removes what could run, unless the view may emit raw markup.
    pub fn raw(markup: impl Into<String>) -> Self {
        Self::whole(Content::Markup(markup.into()))
    }

    pub(crate) fn whole(content: Content) -> Self {
        Self { content, partial: false, owner: None }
    }
}

/// What fills one slot.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The same as in the last document; not evaluated.
    Unchanged,
    /// Nothing.
    Empty,
    /// Plain text.
    Text(String),
    /// Markup as it stands.
    Markup(String),
    /// A template with its slots filled.
    Node(Node),
    /// Rows of one template.
    Each(Box<Each>),
    /// A stream and what happens to it.
    Stream(Box<Stream>),
    /// A live component.
    Component(u32),
}

impl Content {
    /// Calls for each live component in it, in the order of the page.
    pub(crate) fn for_each_component(&self, found: &mut impl FnMut(u32)) {
        match self {
            Self::Component(cid) => found(*cid),
            Self::Node(node) => node.slots.iter().for_each(|slot| slot.for_each_component(found)),
            Self::Each(each) => {
                each.changed
                    .iter()
                    .flat_map(|(_, slots)| slots)
                    .for_each(|slot| slot.for_each_component(found));
            }
            Self::Stream(stream) => {
                let slots = stream.inserts.iter().flat_map(|insert| &insert.slots);
                slots.for_each(|slot| slot.for_each_component(found));
            }
            Self::Unchanged | Self::Empty | Self::Text(_) | Self::Markup(_) => {}
        }
    }
}

/// A template with its slots filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub(crate) template: &'static Template,
    pub(crate) slots: Vec<Content>,
}

/// Rows of one template.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    pub(crate) template: &'static Template,
    /// The numbers of all rows; none when they are the same rows in the same order as before.
    pub(crate) order: Option<Vec<u32>>,
    /// New and changed rows: number and slots.
    pub(crate) changed: Vec<(u32, Vec<Content>)>,
}

/// What happens to a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    pub(crate) template: &'static Template,
    pub(crate) name: String,
    pub(crate) reset: bool,
    pub(crate) deletes: Vec<String>,
    pub(crate) inserts: Vec<StreamInsert>,
}

/// A row that is put into a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StreamInsert {
    pub(crate) element: String,
    pub(crate) at: i32,
    pub(crate) limit: Option<i32>,
    pub(crate) update_only: bool,
    pub(crate) slots: Vec<Content>,
}
