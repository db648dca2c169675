//! What callbacks ask for: checked as a whole, then carried out. Subscriptions and announcements at once, since the
//! view's state counts on them; title, reply and events of the page travel with the next diff. Where a page is sent,
//! its flash and its session are the business of [`crate::navigation`].

use hothouse_diff::{Extras, Fault, Policy};
use hothouse_runtime::{Effect, Message};
use hothouse_services::pubsub::{
    self, MAX_TOPICS, MAX_WAITING, PubSub, PubSubError, Publication, Subscriber,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::navigation::GoingRefused;
use crate::telemetry::Refused;

/// The effects of a callback that no event waits for: there is nobody to reply to.
pub(super) fn without_reply(mut effects: Vec<Effect>) -> Vec<Effect> {
    effects.retain(|effect| !matches!(effect, Effect::Reply(_)));
    effects
}

/// What a view has to do with others: the topics that it has subscribed to, and those that it announces under.
pub(super) struct Topics {
    pubsub: PubSub,
    /// There once the view subscribes for the first time.
    subscriber: Option<Subscriber>,
}

/// What the names of the host's own events for the page begin with.
const HOST_EVENTS: &str = "hothouse:";
/// The rest of the name of the one with commands, which the page carries out.
const JS_EVENT: &str = "js";

/// Its payload.
#[derive(Deserialize)]
struct JsEvent {
    js: Vec<serde_json::Value>,
}

/// One thing that is done at once.
enum Deed {
    Subscribe(String),
    Unsubscribe(String),
    Broadcast { publication: Publication, skip_self: bool },
}

/// Why the effects of a callback are not carried out, none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EffectRefused {
    /// What was to travel with the diff.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A subscription or an announcement.
    #[error(transparent)]
    PubSub(#[from] PubSubError),
    /// Where the page is sent, or its flash.
    #[error(transparent)]
    Going(#[from] GoingRefused),
    /// An event for the page with a name of the host's.
    #[error("an event for the page has a name that begins with `{HOST_EVENTS}`: those are the host's own")]
    HostEvent,
}

impl Refused for EffectRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Going(refused) => refused.code(),
            Self::HostEvent => "host-event",
            Self::PubSub(PubSubError::Name { .. }) => "bad-topic",
            Self::PubSub(PubSubError::Payload { .. }) => "announcement-too-large",
            Self::PubSub(PubSubError::TooManyTopics) => "too-many-topics",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::Fault(fault) => fault.is_limit(),
            Self::Going(refused) => refused.is_limit(),
            Self::HostEvent | Self::PubSub(PubSubError::Name { .. }) => false,
            Self::PubSub(PubSubError::Payload { .. } | PubSubError::TooManyTopics) => true,
        }
    }
}

impl Topics {
    pub(super) fn new(pubsub: PubSub) -> Self {
        Self { pubsub, subscriber: None }
    }

    /// Carries out what can be carried out at once; the rest is for the next diff, at most `max_bytes` of it.
    pub(super) async fn carry_out(
        &mut self,
        effects: Vec<Effect>,
        policy: &Policy,
        max_bytes: usize,
    ) -> Result<Extras, EffectRefused> {
        let (extras, deeds) = checked(effects, policy)?;
        if extras.bytes() > max_bytes {
            return Err(Fault::TooLarge { what: "events and reply", limit: max_bytes }.into());
        }
        self.check_topics(&deeds)?;
        for deed in deeds {
            match deed {
                Deed::Subscribe(topic) => {
                    self.subscriber.get_or_insert_with(|| Subscriber::new(&self.pubsub)).subscribe(&topic)?;
                }
                Deed::Unsubscribe(topic) => {
                    if let Some(subscriber) = &mut self.subscriber {
                        subscriber.unsubscribe(&topic);
                    }
                }
                Deed::Broadcast { publication, skip_self } => {
                    let but_not = self.subscriber.as_ref().filter(|_| skip_self);
                    self.pubsub.publish(publication, but_not).await;
                }
            }
        }
        Ok(extras)
    }

    /// Waits until a message has arrived; for ever without a subscription. Cancel-safe.
    pub(super) async fn arrived(&self) {
        match &self.subscriber {
            Some(subscriber) => subscriber.arrived().await,
            None => std::future::pending().await,
        }
    }

    /// Takes all messages that have arrived.
    pub(super) fn take(&self) -> impl Iterator<Item = Message> + use<> {
        let deliveries = self.subscriber.as_ref().map(|subscriber| subscriber.take(MAX_WAITING));
        deliveries.unwrap_or_default().into_iter().map(Message::from)
    }

    /// Whether there would be too many topics at some moment, before the first of them is subscribed to.
    fn check_topics(&self, deeds: &[Deed]) -> Result<(), PubSubError> {
        if !deeds.iter().any(|deed| matches!(deed, Deed::Subscribe(_))) {
            return Ok(());
        }
        let mut topics: Vec<&str> = self.subscriber.iter().flat_map(Subscriber::topics).collect();
        for deed in deeds {
            match deed {
                Deed::Subscribe(topic) if topics.contains(&&**topic) => {}
                Deed::Subscribe(_) if topics.len() >= MAX_TOPICS => return Err(PubSubError::TooManyTopics),
                Deed::Subscribe(topic) => topics.push(topic),
                Deed::Unsubscribe(topic) => topics.retain(|known| known != topic),
                Deed::Broadcast { .. } => {}
            }
        }
        Ok(())
    }
}

/// What travels with the diff, and what is done at once; nothing is done yet.
fn checked(effects: Vec<Effect>, policy: &Policy) -> Result<(Extras, Vec<Deed>), EffectRefused> {
    let mut extras = Extras::default();
    let mut deeds = Vec::new();
    for effect in effects {
        match effect {
            Effect::Title(title) => extras.set_title(&title),
            Effect::Reply(json) => extras.set_reply(&json)?,
            Effect::PushEvent { name, payload } => {
                check_event(&name, &payload, policy)?;
                extras.push_event(&name, &payload)?;
            }
            Effect::Subscribe(topic) => {
                pubsub::check_topic(&topic)?;
                deeds.push(Deed::Subscribe(topic));
            }
            Effect::Unsubscribe(topic) => deeds.push(Deed::Unsubscribe(topic)),
            Effect::Broadcast { topic, name, payload, skip_self } => {
                if serde_json::from_str::<IgnoredAny>(&payload).is_err() {
                    return Err(Fault::Payload { what: "`broadcast`", expected: "JSON" }.into());
                }
                let publication = Publication::new(topic, name, payload)?;
                deeds.push(Deed::Broadcast { publication, skip_self });
            }
            Effect::PutFlash { .. }
            | Effect::ClearFlash(_)
            | Effect::Patch { .. }
            | Effect::Navigate { .. }
            | Effect::Redirect(_)
            | Effect::PutSession(_)
            | Effect::ClearSession => {}
        }
    }
    Ok((extras, deeds))
}

/// Whether a view may send the page this event. Of those of the host it may send one, with commands.
fn check_event(name: &str, payload: &str, policy: &Policy) -> Result<(), EffectRefused> {
    match name.strip_prefix(HOST_EVENTS) {
        None => Ok(()),
        Some(JS_EVENT) => {
            let JsEvent { js } = serde_json::from_str(payload).map_err(|_| Fault::Payload {
                what: "`hothouse:js`",
                expected: "an object with a list `js`",
            })?;
            policy.check_commands(&js.into()).map_err(EffectRefused::from)
        }
        Some(_) => Err(EffectRefused::HostEvent),
    }
}

#[cfg(test)]
mod tests {
    use hothouse_diff::{Fault, Policy};
    use hothouse_runtime::{Effect, Message};
    use hothouse_services::pubsub::{MAX_TOPICS, PubSub, PubSubError};

    use super::{EffectRefused, Topics};

    const MAX_BYTES: usize = 1_000;

    fn subscribe(topic: &str) -> Effect {
        Effect::Subscribe(topic.to_owned())
    }

    fn broadcast(topic: &str, payload: &str, skip_self: bool) -> Effect {
        let (topic, payload) = (topic.to_owned(), payload.to_owned());
        Effect::Broadcast { topic, name: "changed".to_owned(), payload, skip_self }
    }

    fn payloads(topics: &Topics) -> Vec<String> {
        let payload = |message| match message {
            Message::Published(publication) => publication.payload().to_owned(),
            Message::Lagged(topic) => format!("lagged {topic}"),
            Message::FlashChanged(flash) => format!("flash {flash:?}"),
        };
        topics.take().map(payload).collect()
    }

    #[tokio::test]
    async fn effects_are_carried_out_in_order() {
        let pubsub = PubSub::default();
        let (mut ann, mut bob) = (Topics::new(pubsub.clone()), Topics::new(pubsub));
        bob.carry_out(vec![subscribe("rain")], &Policy::default(), MAX_BYTES).await.unwrap();
        let effects = vec![
            broadcast("rain", "1", false),
            subscribe("rain"),
            broadcast("rain", "2", false),
            broadcast("rain", "3", true),
            Effect::Unsubscribe("rain".to_owned()),
            broadcast("rain", "4", false),
        ];
        let extras = ann.carry_out(effects, &Policy::default(), MAX_BYTES).await.unwrap();
        assert!(extras.is_empty());
        assert_eq!(payloads(&ann), ["2"]);
        assert_eq!(payloads(&bob), ["1", "2", "3", "4"]);
    }

    #[tokio::test]
    async fn one_effect_that_is_refused_is_all_of_them() {
        let pubsub = PubSub::default();
        let mut bob = Topics::new(pubsub.clone());
        bob.carry_out(vec![subscribe("rain")], &Policy::default(), MAX_BYTES).await.unwrap();
        let too_many = (0..=MAX_TOPICS).map(|number| subscribe(&number.to_string()));
        let event = |bytes: usize| Effect::PushEvent {
            name: "e".to_owned(),
            payload: format!(r#"{{"x":"{}"}}"#, "x".repeat(bytes)),
        };
        for (bad, refused) in [
            (vec![subscribe("")], EffectRefused::PubSub(PubSubError::Name { what: "a topic", bytes: 0 })),
            (too_many.collect(), EffectRefused::PubSub(PubSubError::TooManyTopics)),
            (
                vec![broadcast("rain", "{", false)],
                EffectRefused::Fault(Fault::Payload { what: "`broadcast`", expected: "JSON" }),
            ),
            (
                vec![event(MAX_BYTES / 2), event(MAX_BYTES / 2)],
                EffectRefused::Fault(Fault::TooLarge { what: "events and reply", limit: MAX_BYTES }),
            ),
        ] {
            let mut ann = Topics::new(pubsub.clone());
            let mut effects = vec![broadcast("rain", "1", false), subscribe("sun")];
            effects.extend(bad);
            assert_eq!(ann.carry_out(effects, &Policy::default(), MAX_BYTES).await, Err(refused));
            assert!(payloads(&bob).is_empty());
            assert_eq!(pubsub.subscribers("sun"), 0);
        }
    }

    #[tokio::test]
    async fn topics_are_subscribed_to_up_to_the_limit() {
        let mut ann = Topics::new(PubSub::default());
        let all = (0..MAX_TOPICS).map(|number| subscribe(&number.to_string())).collect();
        ann.carry_out(all, &Policy::default(), MAX_BYTES).await.unwrap();
        let again = vec![subscribe("0"), Effect::Unsubscribe("1".to_owned()), subscribe("new")];
        ann.carry_out(again, &Policy::default(), MAX_BYTES).await.unwrap();
        assert!(ann.carry_out(vec![subscribe("one more")], &Policy::default(), MAX_BYTES).await.is_err());
    }
}
