//! What a view has around it: whatever its effects reach besides its page, and whatever sends it messages.

use std::sync::Arc;

use hothouse_diff::{Extras, Fault, Policy};
use hothouse_runtime::{Effect, Message};
use hothouse_services::presence::{Presences, Tracker};
use hothouse_services::pubsub::PubSub;
use tokio::time::Instant;

use super::effects::{Deed, EffectRefused, checked};
use super::timers::Timers;
use super::to_self::ToSelf;
use super::topics::Topics;

/// Of one view.
pub(super) struct Surroundings {
    to_self: ToSelf,
    timers: Timers,
    topics: Topics,
    presences: Presences,
}

impl Surroundings {
    pub(super) fn new(pubsub: PubSub, tracker: Arc<dyn Tracker>) -> Self {
        Self {
            to_self: ToSelf::default(),
            timers: Timers::default(),
            topics: Topics::new(pubsub),
            presences: Presences::new(tracker),
        }
    }

    /// What is for the next diff, at most `max_bytes` of it, and what is to be carried out at once. All or nothing; nothing is
    /// done yet.
    pub(super) fn permit(
        &self,
        effects: Vec<Effect>,
        policy: &Policy,
        max_bytes: usize,
    ) -> Result<(Extras, Vec<Deed>), EffectRefused> {
        let (extras, deeds) = checked(effects, policy)?;
        if extras.bytes() > max_bytes {
            return Err(Fault::TooLarge { what: "events and reply", limit: max_bytes }.into());
        }
        self.check(&deeds)?;
        Ok((extras, deeds))
    }

    /// Carries out what was permitted.
    pub(super) async fn carry_out(&mut self, deeds: Vec<Deed>) -> Result<(), EffectRefused> {
        for deed in deeds {
            match deed {
                Deed::Topic(deed) => self.topics.carry_out(deed).await?,
                Deed::Timer(deed) => self.timers.carry_out(deed, Instant::now()),
                Deed::Send(json) => self.to_self.push(json),
                Deed::Presence { topic, step } => self.presences.take(&topic, step),
            }
        }
        Ok(())
    }

    /// Waits until a message has arrived. Cancel-safe.
    pub(super) async fn arrived(&self) {
        if !self.to_self.is_empty() {
            return;
        }
        tokio::select! {
            () = self.topics.arrived() => {}
            () = self.timers.due() => {}
        }
    }

    /// Takes all messages that have arrived: what the view has sent to itself, timers that are due, then what others
    /// have announced.
    pub(super) fn take(&mut self) -> Vec<Message> {
        self.to_self.take().chain(self.timers.take(Instant::now())).chain(self.topics.take()).collect()
    }

    /// Whether all of them can be carried out.
    fn check(&self, deeds: &[Deed]) -> Result<(), EffectRefused> {
        self.topics.check(deeds.iter().filter_map(|deed| match deed {
            Deed::Topic(deed) => Some(deed),
            _ => None,
        }))?;
        self.timers.check(deeds.iter().filter_map(|deed| match deed {
            Deed::Timer(deed) => Some(deed),
            _ => None,
        }))?;
        self.to_self.check(deeds.iter().filter(|deed| matches!(deed, Deed::Send(_))).count())?;
        self.presences.check(deeds.iter().filter_map(|deed| match deed {
            Deed::Presence { topic, step } => Some((topic.as_str(), step)),
            _ => None,
        }))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hothouse_diff::{Extras, Fault, Policy};
    use hothouse_runtime::{Effect, Message};
    use hothouse_services::presence::LocalTracker;
    use hothouse_services::pubsub::{MAX_TOPICS, PubSub, PubSubError};

    use super::{EffectRefused, Surroundings};

    const MAX_BYTES: usize = 1_000;

    fn around(pubsub: &PubSub) -> Surroundings {
        Surroundings::new(pubsub.clone(), Arc::new(LocalTracker::new(pubsub.clone())))
    }

    fn subscribe(topic: &str) -> Effect {
        Effect::Subscribe(topic.to_owned())
    }

    fn broadcast(topic: &str, payload: &str, skip_self: bool) -> Effect {
        let (topic, payload) = (topic.to_owned(), payload.to_owned());
        Effect::Broadcast { topic, name: "changed".to_owned(), payload, skip_self }
    }

    async fn carry_out(around: &mut Surroundings, effects: Vec<Effect>) -> Result<Extras, EffectRefused> {
        let (extras, deeds) = around.permit(effects, &Policy::default(), MAX_BYTES)?;
        around.carry_out(deeds).await?;
        Ok(extras)
    }

    fn payloads(around: &mut Surroundings) -> Vec<String> {
        let payload = |message| match message {
            Message::Published(publication) => publication.payload().to_owned(),
            Message::Lagged(topic) => format!("lagged {topic}"),
            Message::Sent(json) => format!("sent {json}"),
            Message::Timer(name) => format!("timer {name}"),
            other => format!("{other:?}"),
        };
        around.take().into_iter().map(payload).collect()
    }

    #[tokio::test]
    async fn effects_are_carried_out_in_order() {
        let pubsub = PubSub::default();
        let (mut ann, mut bob) = (around(&pubsub), around(&pubsub));
        carry_out(&mut bob, vec![subscribe("rain")]).await.unwrap();
        let effects = vec![
            broadcast("rain", "1", false),
            subscribe("rain"),
            broadcast("rain", "2", false),
            broadcast("rain", "3", true),
            Effect::Unsubscribe("rain".to_owned()),
            broadcast("rain", "4", false),
        ];
        let extras = carry_out(&mut ann, effects).await.unwrap();
        assert!(extras.is_empty());
        assert_eq!(payloads(&mut ann), ["2"]);
        assert_eq!(payloads(&mut bob), ["1", "2", "3", "4"]);
    }

    #[tokio::test]
    async fn one_effect_that_is_refused_is_all_of_them() {
        let pubsub = PubSub::default();
        let mut bob = around(&pubsub);
        carry_out(&mut bob, vec![subscribe("rain")]).await.unwrap();
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
            let mut ann = around(&pubsub);
            let mut effects = vec![broadcast("rain", "1", false), subscribe("sun")];
            effects.extend(bad);
            assert_eq!(carry_out(&mut ann, effects).await, Err(refused));
            assert!(payloads(&mut bob).is_empty());
            assert_eq!(pubsub.subscribers("sun"), 0);
        }
    }

    #[tokio::test]
    async fn topics_are_subscribed_to_up_to_the_limit() {
        let mut ann = around(&PubSub::default());
        let all = (0..MAX_TOPICS).map(|number| subscribe(&number.to_string())).collect();
        carry_out(&mut ann, all).await.unwrap();
        let again = vec![subscribe("0"), Effect::Unsubscribe("1".to_owned()), subscribe("new")];
        carry_out(&mut ann, again).await.unwrap();
        assert!(carry_out(&mut ann, vec![subscribe("one more")]).await.is_err());
    }

    fn timer(name: &str, after_ms: u32) -> Effect {
        Effect::StartTimer { name: name.to_owned(), after_ms, repeat: true }
    }

    #[tokio::test(start_paused = true)]
    async fn a_view_hears_itself_then_its_timers_then_others() {
        let mut ann = around(&PubSub::default());
        let effects = vec![
            subscribe("rain"),
            broadcast("rain", "1", false),
            timer("tick", 100),
            Effect::SendSelf("{}".to_owned()),
        ];
        carry_out(&mut ann, effects).await.unwrap();
        ann.arrived().await;
        assert_eq!(payloads(&mut ann), ["sent {}", "1"]);
        ann.arrived().await;
        assert_eq!(payloads(&mut ann), ["timer tick"]);
        let effects = vec![broadcast("rain", "2", false), Effect::SendSelf("1".to_owned())];
        carry_out(&mut ann, effects).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert_eq!(payloads(&mut ann), ["sent 1", "timer tick", "2"]);
    }

    #[tokio::test]
    async fn what_is_no_json_is_no_message_and_no_meta() {
        let mut ann = around(&PubSub::default());
        let track = |meta: &str| Effect::TrackPresence {
            topic: "t".to_owned(),
            key: "k".to_owned(),
            meta: meta.to_owned(),
        };
        for bad in [Effect::SendSelf("{".to_owned()), track("{"), track("[1]"), track("null")] {
            let refused = carry_out(&mut ann, vec![bad]).await.unwrap_err();
            assert!(matches!(refused, EffectRefused::Fault(Fault::Payload { .. })), "{refused}");
        }
        carry_out(&mut ann, vec![track(" {}")]).await.unwrap();
    }
}
