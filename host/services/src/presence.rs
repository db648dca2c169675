//! Who is there, under topics of one tenant.
//!
//! A [`Tracker`] knows all presences and is asked by views; what a view has made known itself is held by its
//! [`Presences`] and ends with them. Who comes and goes is told to those who have subscribed to the topic, by the same
//! mailbox as announcements.

use std::fmt;
use std::sync::Arc;

use crate::pubsub::{MAX_NAME_BYTES, PubSubError};

mod change;
mod local;
mod presences;

pub use change::Change;
pub use local::LocalTracker;
pub use presences::{Presences, Step};

/// Longest meta, in bytes.
pub const MAX_META_BYTES: usize = 1024;
/// Presences that one view may have made known.
pub const MAX_PRESENCES: usize = 32;
/// Bytes of all presences of a topic, so that [`Tracker::members`] stays something that one call can be answered with.
pub const MAX_TOPIC_BYTES: usize = 512 * 1024;
/// Presences of a tenant.
pub const MAX_TENANT_PRESENCES: usize = 64 * 1024;

/// One who is there, by one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    key: Box<str>,
    meta: Box<str>,
}

/// One who is there, perhaps by several pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub key: String,
    /// What is known of each page, in the order in which they came: JSON objects.
    pub metas: Vec<String>,
}

/// Why a presence cannot be made known or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresenceError {
    /// The topic is none.
    #[error(transparent)]
    Topic(#[from] PubSubError),
    /// The key is empty or too long.
    #[error("the key of a presence has {bytes} bytes, it must have 1 to {MAX_NAME_BYTES}")]
    Key {
        /// Its length.
        bytes: usize,
    },
    /// The meta is too long.
    #[error(
        "the meta of a presence has {bytes} bytes, the limit is {MAX_META_BYTES}: let it name things, not hold them"
    )]
    Meta {
        /// Its length.
        bytes: usize,
    },
    /// One too many of a view.
    #[error("this view has made {MAX_PRESENCES} presences known, which is the limit: untrack one first")]
    TooMany,
    /// More under one topic than may be.
    #[error(
        "the presences of the topic have {MAX_TOPIC_BYTES} bytes together, which is the limit: use more and smaller topics"
    )]
    TopicFull,
    /// More in one app than may be.
    #[error("there are {MAX_TENANT_PRESENCES} presences in the app, which is the limit")]
    TenantFull,
    /// What is to be changed was not made known by this view.
    #[error("this view has made no presence of this key known under the topic: track it first")]
    Unknown,
}

impl Presence {
    /// A presence. That the meta is a JSON object is for its maker to see to.
    ///
    /// # Errors
    /// [`PresenceError::Key`] and [`PresenceError::Meta`].
    pub fn new(key: impl Into<Box<str>>, meta: impl Into<Box<str>>) -> Result<Self, PresenceError> {
        let presence = Self { key: key.into(), meta: meta.into() };
        match (presence.key.len(), presence.meta.len()) {
            (1..=MAX_NAME_BYTES, ..=MAX_META_BYTES) => Ok(presence),
            (1..=MAX_NAME_BYTES, bytes) => Err(PresenceError::Meta { bytes }),
            (bytes, _) => Err(PresenceError::Key { bytes }),
        }
    }

    /// Who.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is known: JSON text of an object.
    pub fn meta(&self) -> &str {
        &self.meta
    }

    /// What it takes.
    pub fn bytes(&self) -> usize {
        self.key.len() + self.meta.len()
    }
}

/// Knows who is there, under all topics of one tenant; [`LocalTracker`] where one node serves it.
///
/// A presence is told apart from others of the same key and meta by the `Arc` that it came in: the same that was tracked
/// is untracked. Nothing here waits: it is asked by views that run, and told by views that end.
///
/// Where several nodes serve the tenant, a tracker answers for all of them from its own memory, and tells the others what
/// is tracked here on its own time. It guarantees that all nodes know the same once they have heard of each other, that
/// changes of one presence are seen in their order, and that a node which is not heard of any more has all of its
/// presences leave on every other, as if each had been untracked. Views see that someone has left, and no nodes.
pub trait Tracker: fmt::Debug + Send + Sync {
    /// Whether so many more presences, of so many bytes, may be tracked under a topic: asked before [`Tracker::track`].
    /// What is tracked at the same time elsewhere may exceed the bounds by that.
    ///
    /// # Errors
    /// [`PresenceError::TopicFull`] and [`PresenceError::TenantFull`].
    fn check_room(&self, topic: &str, presences: usize, bytes: usize) -> Result<(), PresenceError>;

    /// Makes a presence known.
    fn track(&self, topic: &str, presence: Arc<Presence>);

    /// Puts a presence in the place of another one of the same key. Nothing happens if that is not there.
    fn update(&self, topic: &str, former: &Arc<Presence>, presence: Arc<Presence>);

    /// Ends a presence. Nothing happens if it is not there.
    fn untrack(&self, topic: &str, presence: &Arc<Presence>);

    /// All who are there under a topic, by key.
    fn members(&self, topic: &str) -> Vec<Member>;
}
