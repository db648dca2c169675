//! The tracker of a node that is alone: all presences in its memory.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use super::{Change, MAX_TENANT_PRESENCES, MAX_TOPIC_BYTES, Member, Presence, PresenceError, Tracker};
use crate::lock;
use crate::pubsub::PubSub;

/// Changes of a topic within this time are told together: a thousand who come at once are not a million messages.
const GATHER: Duration = Duration::from_millis(50);

/// All presences of a tenant that one node serves.
pub struct LocalTracker {
    pubsub: PubSub,
    present: Arc<Mutex<Present>>,
}

#[derive(Default)]
struct Present {
    topics: HashMap<Box<str>, Topic>,
    presences: usize,
}

#[derive(Default)]
struct Topic {
    members: BTreeMap<Box<str>, Vec<Arc<Presence>>>,
    bytes: usize,
    /// What nobody was told of yet; there while somebody is under way to tell it.
    untold: Option<Change>,
}

impl LocalTracker {
    /// Nobody is there. Who comes and goes is told to the subscribers of the topic.
    pub fn new(pubsub: PubSub) -> Self {
        Self { pubsub, present: Arc::default() }
    }

    /// Changes a topic, and has it told. Without a runtime, when all ends, nobody is there to be told.
    fn change(&self, topic: &str, change: impl FnOnce(&mut Topic, &mut Change)) {
        let mut present = lock(&self.present);
        let Present { topics, presences } = &mut *present;
        let known = match topics.get_mut(topic) {
            Some(known) => known,
            None => topics.entry(topic.into()).or_default(),
        };
        let mut changed = Change::new(topic);
        change(known, &mut changed);
        *presences = (*presences + changed.joined().len()).saturating_sub(changed.left().len());
        if !changed.is_empty() {
            match (&mut known.untold, Handle::try_current()) {
                (Some(untold), _) => untold.append(&changed),
                (untold @ None, Ok(runtime)) => {
                    *untold = Some(changed);
                    let present = Arc::downgrade(&self.present);
                    runtime.spawn(tell(present, self.pubsub.clone(), topic.into()));
                }
                (None, Err(_)) => {}
            }
        }
        present.forget_if_empty(topic);
    }
}

/// Tells the changes of a topic until there are none: the first at once, then those that were gathered.
async fn tell(present: Weak<Mutex<Present>>, pubsub: PubSub, topic: Box<str>) {
    while let Some(untold) = present.upgrade().and_then(|present| lock(&present).take_untold(&topic)) {
        for change in untold.split() {
            pubsub.presence_changed(change).await;
        }
        sleep(GATHER).await;
    }
}

impl Present {
    /// What nobody was told of yet. With none, whoever asks is done.
    fn take_untold(&mut self, topic: &str) -> Option<Change> {
        let known = self.topics.get_mut(topic)?;
        let untold = known.untold.take().filter(|untold| !untold.is_empty());
        if untold.is_some() {
            known.untold = Some(Change::new(topic));
        }
        self.forget_if_empty(topic);
        untold
    }

    fn forget_if_empty(&mut self, topic: &str) {
        if self.topics.get(topic).is_some_and(|known| known.members.is_empty() && known.untold.is_none()) {
            self.topics.remove(topic);
        }
    }
}

impl Topic {
    fn add(&mut self, presence: &Arc<Presence>) {
        self.bytes += presence.bytes();
        self.members.entry(presence.key().into()).or_default().push(presence.clone());
    }

    /// Whether it was there.
    fn remove(&mut self, presence: &Arc<Presence>) -> bool {
        let Some(metas) = self.members.get_mut(presence.key()) else { return false };
        let Some(place) = metas.iter().position(|known| Arc::ptr_eq(known, presence)) else { return false };
        metas.remove(place);
        if metas.is_empty() {
            self.members.remove(presence.key());
        }
        self.bytes -= presence.bytes();
        true
    }
}

impl Tracker for LocalTracker {
    fn check_room(&self, topic: &str, presences: usize, bytes: usize) -> Result<(), PresenceError> {
        let present = lock(&self.present);
        if present.presences + presences > MAX_TENANT_PRESENCES {
            return Err(PresenceError::TenantFull);
        }
        match present.topics.get(topic).map_or(0, |known| known.bytes) + bytes {
            ..=MAX_TOPIC_BYTES => Ok(()),
            _ => Err(PresenceError::TopicFull),
        }
    }

    fn track(&self, topic: &str, presence: Arc<Presence>) {
        self.change(topic, |known, change| {
            known.add(&presence);
            change.join(presence);
        });
    }

    fn update(&self, topic: &str, former: &Arc<Presence>, presence: Arc<Presence>) {
        self.change(topic, |known, change| {
            if known.remove(former) {
                known.add(&presence);
                change.leave(former);
                change.join(presence);
            }
        });
    }

    fn untrack(&self, topic: &str, presence: &Arc<Presence>) {
        self.change(topic, |known, change| {
            if known.remove(presence) {
                change.leave(presence);
            }
        });
    }

    fn members(&self, topic: &str) -> Vec<Member> {
        let present = lock(&self.present);
        let members = present.topics.get(topic).into_iter().flat_map(|known| &known.members);
        let members = members.map(|(key, metas)| Member {
            key: key.to_string(),
            metas: metas.iter().map(|presence| presence.meta().to_owned()).collect(),
        });
        members.collect()
    }
}

impl fmt::Debug for LocalTracker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let present = lock(&self.present);
        formatter
            .debug_struct("LocalTracker")
            .field("topics", &present.topics.len())
            .field("presences", &present.presences)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::task::yield_now;
    use tokio::time::{sleep, timeout};

    use super::LocalTracker;
    use crate::presence::{
        MAX_META_BYTES, MAX_TENANT_PRESENCES, MAX_TOPIC_BYTES, Presence, PresenceError, Tracker,
    };
    use crate::pubsub::{Delivery, PubSub, Subscriber};

    fn presence(key: &str, meta: &str) -> Arc<Presence> {
        Arc::new(Presence::new(key, meta).unwrap())
    }

    fn metas(tracker: &LocalTracker, topic: &str) -> Vec<String> {
        let members = tracker.members(topic);
        members.iter().map(|member| format!("{} {}", member.key, member.metas.join(" "))).collect()
    }

    /// What was heard: `+key meta`, and `-key meta`.
    async fn heard(subscriber: &Subscriber) -> Vec<String> {
        timeout(Duration::from_secs(5), subscriber.arrived()).await.unwrap();
        let mut heard = Vec::new();
        for delivery in subscriber.take() {
            let Delivery::PresenceChanged(change) = delivery else { panic!("{delivery:?}") };
            let shown = |sign, one: &Presence| format!("{sign}{} {}", one.key(), one.meta());
            heard.extend(change.left().map(|one| shown('-', one)));
            heard.extend(change.joined().map(|one| shown('+', one)));
        }
        heard
    }

    fn room() -> (LocalTracker, Subscriber) {
        let pubsub = PubSub::default();
        let mut subscriber = Subscriber::new(&pubsub);
        subscriber.subscribe("room").unwrap();
        (LocalTracker::new(pubsub), subscriber)
    }

    #[tokio::test(start_paused = true)]
    async fn several_pages_of_one_person_are_one_member_and_go_one_by_one() {
        let (tracker, ann) = room();
        let (first, second) = (presence("__proto__", "{\"tab\":1}"), presence("__proto__", "{\"tab\":1}"));
        tracker.track("room", first.clone());
        tracker.track("room", second.clone());
        tracker.track("hall", presence("bob", "{}"));
        assert_eq!(metas(&tracker, "room"), ["__proto__ {\"tab\":1} {\"tab\":1}"]);
        assert_eq!(heard(&ann).await, ["+__proto__ {\"tab\":1}", "+__proto__ {\"tab\":1}"]);
        tracker.untrack("room", &second);
        tracker.untrack("room", &second);
        assert_eq!(heard(&ann).await, ["-__proto__ {\"tab\":1}"]);
        assert_eq!(metas(&tracker, "room").len(), 1);
        tracker.untrack("room", &first);
        assert_eq!(heard(&ann).await.len(), 1);
        assert!(metas(&tracker, "room").is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_update_is_one_who_left_and_one_who_joined() {
        let (tracker, ann) = room();
        let (still, writes) = (presence("bob", "{}"), presence("bob", "{\"writes\":true}"));
        tracker.track("room", still.clone());
        assert_eq!(heard(&ann).await, ["+bob {}"]);
        tracker.update("room", &still, writes.clone());
        tracker.update("room", &still, presence("bob", "{\"lost\":true}"));
        assert_eq!(heard(&ann).await, ["-bob {}", "+bob {\"writes\":true}"]);
        assert_eq!(metas(&tracker, "room"), ["bob {\"writes\":true}"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_in_a_crowd_is_told_of_in_few_messages() {
        let (tracker, ann) = room();
        tracker.track("room", presence("first", "{}"));
        assert_eq!(heard(&ann).await, ["+first {}"]);
        let all: Vec<_> = (0..1_000).map(|number| presence(&number.to_string(), "{}")).collect();
        for (number, one) in all.iter().enumerate() {
            tracker.track("room", one.clone());
            if number % 2 == 0 {
                tracker.untrack("room", one);
            }
            yield_now().await;
            assert!(ann.take().is_empty(), "no time has passed");
        }
        ann.arrived().await;
        let [Delivery::PresenceChanged(change)] = &*ann.take() else { panic!("not one message") };
        assert_eq!((change.joined().len(), change.left().len()), (500, 0));
    }

    #[tokio::test]
    async fn presences_are_taken_up_to_their_limits_and_not_beyond() {
        let (tracker, _ann) = room();
        let meta = format!("{{\"x\":\"{}\"}}", "x".repeat(MAX_META_BYTES - 8));
        let one = presence("k", &meta);
        assert_eq!(
            Presence::new("k", format!("{meta} ")),
            Err(PresenceError::Meta { bytes: MAX_META_BYTES + 1 })
        );
        for key in ["", &"k".repeat(256)] {
            assert_eq!(Presence::new(key, "{}"), Err(PresenceError::Key { bytes: key.len() }));
        }
        assert!(Presence::new("\u{0}\u{1b}\n", "{}").is_ok());
        assert_eq!(tracker.check_room("room", 1, MAX_TOPIC_BYTES), Ok(()));
        tracker.track("room", one.clone());
        assert_eq!(tracker.check_room("room", 1, MAX_TOPIC_BYTES - one.bytes()), Ok(()));
        let too_many = tracker.check_room("room", 1, MAX_TOPIC_BYTES - one.bytes() + 1);
        assert_eq!(too_many, Err(PresenceError::TopicFull));
        assert_eq!(tracker.check_room("hall", 1, MAX_TOPIC_BYTES), Ok(()));
        assert_eq!(tracker.check_room("hall", MAX_TENANT_PRESENCES - 1, 0), Ok(()));
        assert_eq!(tracker.check_room("hall", MAX_TENANT_PRESENCES, 0), Err(PresenceError::TenantFull));
        tracker.untrack("room", &one);
        assert_eq!(tracker.check_room("room", MAX_TENANT_PRESENCES, MAX_TOPIC_BYTES), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_topic_where_nobody_is_any_more_takes_no_memory() {
        let (tracker, ann) = room();
        let one = presence("bob", "{}");
        tracker.track("room", one.clone());
        heard(&ann).await;
        tracker.untrack("room", &one);
        heard(&ann).await;
        tracker.untrack("never", &one);
        sleep(Duration::from_secs(1)).await;
        assert_eq!(format!("{tracker:?}"), "LocalTracker { topics: 0, presences: 0, .. }");
    }
}
