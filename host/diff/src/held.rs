//! What the browser holds, as far as the next diff needs it: which template is where, a hash of each slot, and the
//! numbers of rows. Not the page itself.

mod rows;

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, LazyLock};

use crate::components::{Components, Place};
use crate::rendered::Slot;
use crate::template::Template;

pub(crate) use rows::HeldRows;

/// What a browser holds after an update. By default, nothing.
///
/// After a document was refused the page is forgotten, and its live components are still known: the browser has them.
#[derive(Debug, Default)]
pub struct Held {
    pub(crate) root: Option<HeldNode>,
    pub(crate) components: Components,
}

#[derive(Debug)]
pub(crate) struct HeldNode {
    pub(crate) template: Arc<Template>,
    pub(crate) slots: Box<[HeldSlot]>,
}

#[derive(Debug)]
pub(crate) enum HeldSlot {
    /// A leaf, by its hash.
    Leaf(u64),
    Node(Box<HeldNode>),
    List(Box<HeldList>),
    Stream(Box<HeldStream>),
    Component(Place),
}

#[derive(Debug)]
pub(crate) struct HeldList {
    pub(crate) template: Arc<Template>,
    /// Beside the rows and not in them: looking for a few rows reads nothing else.
    pub(crate) ids: Vec<u32>,
    pub(crate) rows: HeldRows,
}

/// That a stream is here. Its rows live in the page alone.
#[derive(Debug)]
pub(crate) struct HeldStream {
    pub(crate) template: Arc<Template>,
    pub(crate) name: Box<str>,
}

/// The hash of an empty slot, and of a list that never had rows.
pub(crate) const NOTHING: u64 = 0;

/// Hashes a leaf with a key that no client knows, so that nobody can make two texts that look alike.
pub(crate) fn leaf_hash(slot: &Slot) -> u64 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    match slot {
        Slot::Text(text) => KEY.hash_one((1_u8, text.as_str())),
        Slot::Markup(markup) => KEY.hash_one((2_u8, markup.as_str())),
        Slot::Empty | Slot::Unchanged | Slot::Node(_) | Slot::Each(_) | Slot::Component(_) => NOTHING,
    }
}
