//! Delivery, order, lag, limits, and two nodes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{
    Adapter, Delivery, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_TOPICS, MAX_WAITING, MAX_WAITING_BYTES,
    Passing, PubSub, PubSubError, Publication, Subscriber,
};
use crate::lock;

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
        Delivery::PresenceChanged(change) => format!("{} in {}", change.joined().len(), change.topic()),
    };
    deliveries.into_iter().map(show).collect()
}

#[tokio::test]
async fn who_has_subscribed_receives_in_order_and_nobody_else() {
    let pubsub = PubSub::default();
    let (ann, bob) = (subscriber(&pubsub, &["rain", "sun"]), subscriber(&pubsub, &["sun"]));
    for (topic, payload, reached) in [("rain", "1", 1), ("sun", "2", 2), ("rain", "3", 1), ("snow", "4", 0)] {
        assert_eq!(pubsub.publish(about(topic, payload), None).await, reached, "{topic}");
    }
    ann.arrived().await;
    assert_eq!(shown(ann.take()), ["1", "2", "3"]);
    assert_eq!(shown(bob.take()), ["2"]);
    assert!(ann.take().is_empty());
}

#[tokio::test]
async fn a_publisher_can_leave_itself_out() {
    let pubsub = PubSub::default();
    let (ann, bob) = (subscriber(&pubsub, &["rain"]), subscriber(&pubsub, &["rain"]));
    assert_eq!(pubsub.publish(about("rain", "1"), Some(&ann)).await, 1);
    assert!(ann.take().is_empty());
    assert_eq!(shown(bob.take()), ["1"]);
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
async fn messages_wait_up_to_the_limit_and_the_newest_are_left() {
    let pubsub = PubSub::default();
    let ann = subscriber(&pubsub, &["rain", "sun"]);
    let publish = async |topic, count: usize| {
        for number in 0..count {
            pubsub.publish(about(topic, &number.to_string()), None).await;
        }
    };
    publish("rain", MAX_WAITING).await;
    assert_eq!(ann.take().len(), MAX_WAITING, "all are there, and no lag");
    publish("sun", 1).await;
    publish("rain", MAX_WAITING + 2).await;
    let arrived = shown(ann.take());
    assert_eq!(arrived[..3], ["lagged sun", "lagged rain", "2"], "in the order in which they were lost");
    assert_eq!((arrived.len(), &*arrived[arrived.len() - 1]), (2 + MAX_WAITING, "129"));
    publish("rain", 1).await;
    assert_eq!(shown(ann.take()), ["0"]);
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
    assert_eq!(ann.take().len(), 4, "what fits exactly is there");
    for payload in [&quarter, &quarter, &quarter, &format!("{quarter}x")] {
        pubsub.publish(about("t", payload), None).await;
    }
    let arrived = ann.take();
    assert_eq!((arrived.len(), arrived.first()), (4, Some(&Delivery::Lagged("t".into()))));
}

#[tokio::test]
async fn whoever_stops_waiting_misses_nothing() {
    let pubsub = PubSub::default();
    let ann = subscriber(&pubsub, &["rain"]);
    let wait = Duration::from_millis(1);
    assert!(timeout(wait, ann.arrived()).await.is_err());
    pubsub.publish(about("rain", "1"), None).await;
    for _ in 0..2 {
        timeout(Duration::from_secs(5), ann.arrived()).await.expect("it is there until it is taken");
    }
    assert_eq!(shown(ann.take()), ["1"]);
    assert!(timeout(wait, ann.arrived()).await.is_err(), "and not a second time");
}

/// Two nodes that hear of each other by a channel each, and a record of what each wants.
#[derive(Debug, Clone)]
struct Wire {
    other: mpsc::UnboundedSender<Arc<Publication>>,
    wants: Arc<Mutex<Vec<String>>>,
}

impl Adapter for Wire {
    fn wanted(&self, topic: &str) {
        lock(&self.wants).push(format!("+{topic}"));
    }

    fn unwanted(&self, topic: &str) {
        lock(&self.wants).push(format!("-{topic}"));
    }

    fn pass_on<'a>(&'a self, publication: &'a Arc<Publication>) -> Passing<'a> {
        Box::pin(async { self.other.send(publication.clone()).unwrap() })
    }
}

#[tokio::test]
async fn an_adapter_hears_what_is_wanted_and_carries_what_is_published() {
    let (other, mut passed_on) = mpsc::unbounded_channel();
    let wire = Wire { other, wants: Arc::default() };
    let (here, there) = (PubSub::new(wire.clone()), PubSub::default());
    let (ann, bob) = (subscriber(&here, &["rain"]), subscriber(&here, &["rain"]));
    let cy = subscriber(&there, &["rain"]);
    assert_eq!(here.publish(about("rain", "1"), Some(&ann)).await, 1, "who is here");
    assert_eq!(there.deliver(passed_on.recv().await.unwrap()).await, 1);
    assert_eq!(shown(cy.take()), ["1"]);
    assert_eq!(here.deliver(Arc::new(about("rain", "2"))).await, 2);
    assert!(passed_on.try_recv().is_err(), "what comes from elsewhere does not go back");
    assert_eq!(
        (shown(ann.take()), shown(bob.take())),
        (vec!["2".to_owned()], vec!["1".to_owned(), "2".to_owned()])
    );
    drop(ann);
    assert_eq!(*lock(&wire.wants), ["+rain"], "one is left");
    drop(bob);
    assert_eq!(*lock(&wire.wants), ["+rain", "-rain"]);
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
    assert!(all.iter().all(|one| shown(one.take()) == ["1"]));
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
