//! Publish and subscribe between the views of one tenant, in this process.
//!
//! *Delivery*: at most once, in the order in which one publisher publishes. A message is stored once, however many
//! receive it. Who cannot keep up loses messages and is told so by [`Delivery::Lagged`]; nothing grows, and nobody
//! waits for it.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slab::Slab;
use tokio::sync::Notify;
use tokio::task::yield_now;

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
    /// Announcements of this topic were dropped: more waited than may.
    Lagged(Box<str>),
}

/// The topics of one tenant. Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub struct PubSub(Arc<Mutex<Topics>>);

type Topics = HashMap<Box<str>, Arc<Mutex<Subscribers>>>;
type Subscribers = Slab<Arc<Mailbox>>;

impl PubSub {
    /// Announces to all who have subscribed to the topic, but not to `but_not`; to how many. A subscriber that comes
    /// or goes in the meantime is or is not among them.
    ///
    /// Cancel-safety: dropped early, some have received it and some not.
    pub async fn publish(&self, publication: Publication, but_not: Option<&Subscriber>) -> usize {
        let Some(topic) = lock(&self.0).get(&publication.topic).cloned() else { return 0 };
        let publication = Arc::new(publication);
        let is_left_out =
            |mailbox: &Arc<Mailbox>| but_not.is_some_and(|one| Arc::ptr_eq(&one.mailbox, mailbox));
        let (mut reached, mut next) = (0, 0);
        loop {
            {
                let subscribers = lock(&topic);
                let all = subscribers.capacity();
                for mailbox in (next..all.min(next + BATCH)).filter_map(|key| subscribers.get(key)) {
                    if !is_left_out(mailbox) {
                        mailbox.put(&publication);
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

    /// Subscribers of a topic.
    pub fn subscribers(&self, topic: &str) -> usize {
        lock(&self.0).get(topic).map_or(0, |subscribers| lock(subscribers).len())
    }

    fn subscribe(&self, topic: &str, mailbox: Arc<Mailbox>) -> Subscription {
        let mut topics = lock(&self.0);
        let subscribers = match topics.get(topic) {
            Some(subscribers) => subscribers,
            None => topics.entry(topic.into()).or_default(),
        };
        let key = lock(subscribers).insert(mailbox);
        Subscription { topic: topic.into(), key }
    }

    fn unsubscribe(&self, subscription: &Subscription) {
        let mut topics = lock(&self.0);
        let Some(subscribers) = topics.get(&subscription.topic) else { return };
        let is_last = {
            let mut subscribers = lock(subscribers);
            subscribers.try_remove(subscription.key);
            subscribers.is_empty()
        };
        if is_last {
            topics.remove(&subscription.topic);
        }
    }
}

impl fmt::Debug for PubSub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PubSub").field("topics", &lock(&self.0).len()).finish()
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

    /// Waits until something has arrived. Cancel-safe.
    pub async fn arrived(&self) {
        self.mailbox.arrived.notified().await;
    }

    /// Takes what has arrived, at most so much of it; what is left makes [`Subscriber::arrived`] ready at once.
    pub fn take(&self, most: usize) -> Vec<Delivery> {
        let mut waiting = lock(&self.mailbox.waiting);
        let count = waiting.messages.len().min(most);
        let mut taken: Vec<_> = waiting.messages.drain(..count).map(Delivery::Published).collect();
        if waiting.messages.is_empty() {
            waiting.bytes = 0;
            taken.extend(waiting.lagged.drain(..).map(Delivery::Lagged));
        } else {
            waiting.bytes = waiting.messages.iter().map(|message| message.bytes()).sum();
            self.mailbox.arrived.notify_one();
        }
        taken
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

/// What waits for one subscriber.
#[derive(Default)]
struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Arc<Publication>>,
    bytes: usize,
    /// Topics of which messages were dropped; no more than can be subscribed to.
    lagged: Vec<Box<str>>,
}

impl Mailbox {
    fn put(&self, publication: &Arc<Publication>) {
        let mut waiting = lock(&self.waiting);
        let bytes = waiting.bytes + publication.bytes();
        if waiting.messages.len() < MAX_WAITING && bytes <= MAX_WAITING_BYTES {
            waiting.bytes = bytes;
            waiting.messages.push_back(publication.clone());
        } else if !waiting.lagged.contains(&publication.topic) && waiting.lagged.len() < MAX_TOPICS {
            waiting.lagged.push(publication.topic.clone());
        }
        drop(waiting);
        self.arrived.notify_one();
    }
}

/// No code that holds one of these locks can panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{
        Delivery, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_TOPICS, MAX_WAITING, MAX_WAITING_BYTES, PubSub,
        PubSubError, Publication, Subscriber,
    };

    fn about(topic: &str, payload: &str) -> Publication {
        Publication::new(topic, "changed", payload).unwrap()
    }

    fn subscriber(pubsub: &PubSub, topics: &[&str]) -> Subscriber {
        let mut subscriber = Subscriber::new(pubsub);
        topics.iter().for_each(|topic| subscriber.subscribe(topic).unwrap());
        subscriber
    }

    /// Payloads of what has arrived, and the topics that lag.
    fn shown(deliveries: Vec<Delivery>) -> Vec<String> {
        let show = |delivery| match delivery {
            Delivery::Published(publication) => publication.payload().to_owned(),
            Delivery::Lagged(topic) => format!("lagged {topic}"),
        };
        deliveries.into_iter().map(show).collect()
    }

    #[tokio::test]
    async fn who_has_subscribed_receives_in_order_and_nobody_else() {
        let pubsub = PubSub::default();
        let (ann, bob) = (subscriber(&pubsub, &["rain", "sun"]), subscriber(&pubsub, &["sun"]));
        for (topic, payload, reached) in
            [("rain", "1", 1), ("sun", "2", 2), ("rain", "3", 1), ("snow", "4", 0)]
        {
            assert_eq!(pubsub.publish(about(topic, payload), None).await, reached, "{topic}");
        }
        ann.arrived().await;
        assert_eq!(shown(ann.take(10)), ["1", "2", "3"]);
        assert_eq!(shown(bob.take(10)), ["2"]);
        assert!(ann.take(10).is_empty());
    }

    #[tokio::test]
    async fn a_publisher_can_leave_itself_out() {
        let pubsub = PubSub::default();
        let (ann, bob) = (subscriber(&pubsub, &["rain"]), subscriber(&pubsub, &["rain"]));
        assert_eq!(pubsub.publish(about("rain", "1"), Some(&ann)).await, 1);
        assert!(ann.take(1).is_empty());
        assert_eq!(shown(bob.take(1)), ["1"]);
    }

    #[tokio::test]
    async fn subscriptions_end_by_a_word_and_with_their_subscriber() {
        let pubsub = PubSub::default();
        let mut ann = subscriber(&pubsub, &["rain", "rain", "sun"]);
        assert_eq!((pubsub.subscribers("rain"), pubsub.subscribers("sun")), (1, 1));
        ann.unsubscribe("rain");
        ann.unsubscribe("snow");
        assert_eq!((pubsub.subscribers("rain"), pubsub.subscribers("sun")), (0, 1));
        drop(ann);
        assert_eq!(format!("{pubsub:?}"), "PubSub { topics: 0 }");
    }

    #[tokio::test]
    async fn messages_wait_up_to_the_limit_and_the_rest_is_told_as_lagging() {
        let pubsub = PubSub::default();
        let ann = subscriber(&pubsub, &["rain", "sun"]);
        for number in 0..MAX_WAITING {
            pubsub.publish(about("rain", &number.to_string()), None).await;
        }
        assert_eq!(ann.take(usize::MAX).len(), MAX_WAITING, "all are there, and no lag");
        for number in 0..MAX_WAITING + 3 {
            pubsub.publish(about("rain", &number.to_string()), None).await;
        }
        pubsub.publish(about("sun", "0"), None).await;
        let first = shown(ann.take(MAX_WAITING - 1));
        assert_eq!(first.len(), MAX_WAITING - 1);
        timeout(Duration::from_secs(5), ann.arrived()).await.expect("more is there");
        let last = (MAX_WAITING - 1).to_string();
        assert_eq!(shown(ann.take(usize::MAX)), [last.as_str(), "lagged rain", "lagged sun"]);
        pubsub.publish(about("rain", "again"), None).await;
        assert_eq!(shown(ann.take(usize::MAX)), ["again"]);
    }

    #[tokio::test]
    async fn messages_wait_up_to_so_many_bytes() {
        let pubsub = PubSub::default();
        let ann = subscriber(&pubsub, &["t"]);
        let overhead = "t".len() + "changed".len();
        let quarter = "x".repeat(MAX_WAITING_BYTES / 4 - overhead);
        for _ in 0..4 {
            pubsub.publish(about("t", &quarter), None).await;
        }
        assert_eq!(ann.take(usize::MAX).len(), 4, "what fits exactly is there");
        for payload in [&quarter, &quarter, &quarter, &format!("{quarter}x")] {
            pubsub.publish(about("t", payload), None).await;
        }
        let arrived = ann.take(usize::MAX);
        assert_eq!((arrived.len(), arrived.last()), (4, Some(&Delivery::Lagged("t".into()))));
    }

    #[tokio::test]
    async fn thousands_are_reached_while_others_come_and_go() {
        let pubsub = PubSub::default();
        let all: Vec<_> = (0..2_000).map(|_| subscriber(&pubsub, &["news"])).collect();
        let publishing = tokio::spawn({
            let pubsub = pubsub.clone();
            async move { pubsub.publish(about("news", "1"), None).await }
        });
        for _ in 0..50 {
            drop(subscriber(&pubsub, &["news"]));
            tokio::task::yield_now().await;
        }
        assert!(publishing.await.unwrap() >= 2_000);
        assert!(all.iter().all(|one| shown(one.take(9)) == ["1"]));
    }

    #[test]
    fn names_payloads_and_topics_are_taken_up_to_their_limits_and_not_beyond() {
        let (name, payload) = ("n".repeat(MAX_NAME_BYTES), "1".repeat(MAX_PAYLOAD_BYTES));
        assert!(Publication::new(&*name, &*name, &*payload).is_ok());
        let long = format!("{name}n");
        for (topic, name) in [("", "n"), ("t", ""), (&*long, "n"), ("t", &*long)] {
            assert!(matches!(Publication::new(topic, name, "1"), Err(PubSubError::Name { .. })));
        }
        let bytes = MAX_PAYLOAD_BYTES + 1;
        assert_eq!(Publication::new("t", "n", "1".repeat(bytes)), Err(PubSubError::Payload { bytes }));

        let pubsub = PubSub::default();
        let mut ann = Subscriber::new(&pubsub);
        (0..MAX_TOPICS).for_each(|number| ann.subscribe(&number.to_string()).unwrap());
        assert_eq!(ann.subscribe("one more"), Err(PubSubError::TooManyTopics));
        assert!(ann.subscribe("0").is_ok(), "that one is there already");
        ann.unsubscribe("0");
        assert!(ann.subscribe("one more").is_ok());
    }
}
