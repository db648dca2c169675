//! Publish and subscribe between the views of one tenant, in this process.
//!
//! *Delivery*: at most once, in the order in which one publisher publishes. A message is stored once, however many
//! receive it. Who cannot keep up loses the oldest messages and is told so by [`Delivery::Lagged`]; nothing grows, and
//! nobody waits for it. Where several nodes serve a tenant, an [`Adapter`] carries publications between them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use slab::Slab;
use tokio::task::yield_now;

use crate::lock;
use crate::presence::Change;

mod adapter;
mod mailbox;
#[cfg(test)]
mod tests;

pub use adapter::{Adapter, Passing, SingleNode};
use mailbox::{Mailbox, Message};

/// Longest topic, and longest name of an announcement, in bytes.
pub const MAX_NAME_BYTES: usize = 255;
/// Longest payload, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024;
/// Topics that one subscriber may have subscribed to.
pub const MAX_TOPICS: usize = 32;
/// Messages that may wait for one subscriber.
pub const MAX_WAITING: usize = 128;
/// Bytes of messages that may wait for one subscriber.
pub const MAX_WAITING_BYTES: usize = 256 * 1024;

/// Subscribers that are served before others have a turn on the thread.
const BATCH: usize = 256;

/// What was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    topic: Box<str>,
    name: Box<str>,
    payload: Box<str>,
}

/// Why something cannot be announced or subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PubSubError {
    /// A topic, or the name of an announcement, is empty or too long.
    #[error("{what} has {bytes} bytes, it must have 1 to {MAX_NAME_BYTES}")]
    Name {
        /// `a topic`, or `the name of an announcement`.
        what: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// The payload is too long.
    #[error(
        "the payload of an announcement has {bytes} bytes, the limit is {MAX_PAYLOAD_BYTES}: announce that something has changed, not all of it"
    )]
    Payload {
        /// Its length.
        bytes: usize,
    },
    /// One topic too many.
    #[error(
        "{MAX_TOPICS} topics are subscribed to already, which is the limit: unsubscribe, or use fewer and wider topics"
    )]
    TooManyTopics,
}

impl Publication {
    /// Something to announce. That the payload is JSON is for its maker to see to.
    ///
    /// # Errors
    /// [`PubSubError`], naming the length and the limit.
    pub fn new(
        topic: impl Into<Box<str>>,
        name: impl Into<Box<str>>,
        payload: impl Into<Box<str>>,
    ) -> Result<Self, PubSubError> {
        let publication = Self { topic: topic.into(), name: name.into(), payload: payload.into() };
        check_topic(&publication.topic)?;
        check_name("the name of an announcement", &publication.name)?;
        match publication.payload.len() {
            bytes if bytes > MAX_PAYLOAD_BYTES => Err(PubSubError::Payload { bytes }),
            _ => Ok(publication),
        }
    }

    /// The topic.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// The announcement's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// JSON text.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    fn bytes(&self) -> usize {
        self.topic.len() + self.name.len() + self.payload.len()
    }
}

/// Whether a topic may be subscribed to.
///
/// # Errors
/// [`PubSubError::Name`].
pub fn check_topic(topic: &str) -> Result<(), PubSubError> {
    check_name("a topic", topic)
}

fn check_name(what: &'static str, name: &str) -> Result<(), PubSubError> {
    match name.len() {
        1..=MAX_NAME_BYTES => Ok(()),
        bytes => Err(PubSubError::Name { what, bytes }),
    }
}

/// What arrives for a subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// An announcement.
    Published(Arc<Publication>),
    /// Somebody came or went.
    PresenceChanged(Arc<Change>),
    /// Messages of this topic were dropped, before all that follow: more waited than may.
    Lagged(Box<str>),
}

/// The topics of one tenant. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct PubSub(Arc<Shared>);

struct Shared {
    topics: Mutex<Topics>,
    adapter: Box<dyn Adapter>,
}

type Topics = HashMap<Box<str>, Arc<Mutex<Subscribers>>>;
type Subscribers = Slab<Arc<Mailbox>>;

impl Default for PubSub {
    fn default() -> Self {
        Self::new(SingleNode)
    }
}

impl PubSub {
    /// Topics of a tenant that other nodes serve as well, as far as the adapter reaches them.
    pub fn new(adapter: impl Adapter + 'static) -> Self {
        Self(Arc::new(Shared { topics: Mutex::default(), adapter: Box::new(adapter) }))
    }

    /// Announces to all who have subscribed to the topic, but not to `but_not`; to how many of this node. A subscriber that
    /// comes or goes in the meantime is or is not among them.
    ///
    /// Cancel-safety: dropped early, some have received it and some not.
    pub async fn publish(&self, publication: Publication, but_not: Option<&Subscriber>) -> usize {
        let publication = Arc::new(publication);
        let reached = self.put(&Message::Published(publication.clone()), but_not).await;
        self.0.adapter.pass_on(&publication).await;
        reached
    }

    /// Delivers what another node has published, for an [`Adapter`]; to how many.
    ///
    /// Cancel-safety: as of [`PubSub::publish`].
    pub async fn deliver(&self, publication: Arc<Publication>) -> usize {
        self.put(&Message::Published(publication), None).await
    }

    /// Tells all who have subscribed to a topic who came and went there.
    pub(crate) async fn presence_changed(&self, change: Change) {
        self.put(&Message::PresenceChanged(Arc::new(change)), None).await;
    }

    /// Subscribers of a topic.
    pub fn subscribers(&self, topic: &str) -> usize {
        lock(&self.0.topics).get(topic).map_or(0, |subscribers| lock(subscribers).len())
    }

    async fn put(&self, message: &Message, but_not: Option<&Subscriber>) -> usize {
        let Some(topic) = lock(&self.0.topics).get(message.topic()).cloned() else { return 0 };
        let is_left_out =
            |mailbox: &Arc<Mailbox>| but_not.is_some_and(|one| Arc::ptr_eq(&one.mailbox, mailbox));
        let (mut reached, mut next) = (0, 0);
        loop {
            {
                let subscribers = lock(&topic);
                let all = subscribers.capacity();
                for mailbox in (next..all.min(next + BATCH)).filter_map(|key| subscribers.get(key)) {
                    if !is_left_out(mailbox) {
                        mailbox.put(message);
                        reached += 1;
                    }
                }
                next += BATCH;
                if next >= all {
                    return reached;
                }
            }
            yield_now().await;
        }
    }

    fn subscribe(&self, topic: &str, mailbox: Arc<Mailbox>) -> Subscription {
        let mut topics = lock(&self.0.topics);
        let subscribers = match topics.get(topic) {
            Some(subscribers) => subscribers,
            None => {
                self.0.adapter.wanted(topic);
                topics.entry(topic.into()).or_default()
            }
        };
        let key = lock(subscribers).insert(mailbox);
        Subscription { topic: topic.into(), key }
    }

    fn unsubscribe(&self, subscription: &Subscription) {
        let mut topics = lock(&self.0.topics);
        let Some(subscribers) = topics.get(&subscription.topic) else { return };
        let is_last = {
            let mut subscribers = lock(subscribers);
            subscribers.try_remove(subscription.key);
            subscribers.is_empty()
        };
        if is_last {
            topics.remove(&subscription.topic);
            self.0.adapter.unwanted(&subscription.topic);
        }
    }
}

impl fmt::Debug for PubSub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PubSub").field("topics", &lock(&self.0.topics).len()).finish()
    }
}

/// A place among the subscribers of a topic.
struct Subscription {
    topic: Box<str>,
    key: usize,
}

/// One who subscribes, with what waits for it. Its subscriptions end when it is dropped.
pub struct Subscriber {
    pubsub: PubSub,
    mailbox: Arc<Mailbox>,
    subscriptions: Vec<Subscription>,
}

impl Subscriber {
    /// One without subscriptions.
    pub fn new(pubsub: &PubSub) -> Self {
        Self { pubsub: pubsub.clone(), mailbox: Arc::default(), subscriptions: Vec::new() }
    }

    /// Subscribes to a topic; to one that is subscribed to already, nothing happens.
    ///
    /// # Errors
    /// [`PubSubError`], naming the length or the number and the limit.
    pub fn subscribe(&mut self, topic: &str) -> Result<(), PubSubError> {
        check_topic(topic)?;
        if self.place(topic).is_some() {
            return Ok(());
        }
        if self.subscriptions.len() >= MAX_TOPICS {
            return Err(PubSubError::TooManyTopics);
        }
        self.subscriptions.push(self.pubsub.subscribe(topic, self.mailbox.clone()));
        Ok(())
    }

    /// Ends a subscription. What already waits still arrives.
    pub fn unsubscribe(&mut self, topic: &str) {
        if let Some(place) = self.place(topic) {
            self.pubsub.unsubscribe(&self.subscriptions.swap_remove(place));
        }
    }

    /// Topics that are subscribed to.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.subscriptions.iter().map(|subscription| &*subscription.topic)
    }

    /// Waits until something has arrived that was not taken. Cancel-safe.
    pub async fn arrived(&self) {
        self.mailbox.arrived().await;
    }

    /// Takes all that has arrived. That messages were lost comes first, then what is left of them, in order.
    pub fn take(&self) -> Vec<Delivery> {
        self.mailbox.take()
    }

    fn place(&self, topic: &str) -> Option<usize> {
        self.subscriptions.iter().position(|subscription| &*subscription.topic == topic)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        for subscription in &self.subscriptions {
            self.pubsub.unsubscribe(subscription);
        }
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.topics()).finish()
    }
}
