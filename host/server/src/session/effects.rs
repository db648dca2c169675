//! What callbacks ask for: checked as a whole, before any of it is carried out. Title, reply, events of the page and
//! text to append travel with the next diff; the rest is done at once, by the view's [surroundings](super::surroundings), since its state
//! counts on it. Where a page is sent, its flash and its session are the business of [`crate::navigation`], background
//! work that of [`super::tasks`].

use hothouse_diff::{Extras, Fault, Policy};
use hothouse_runtime::Effect;
use hothouse_services::pubsub::{self, PubSubError, Publication};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::tasks::TaskRefused;
use super::topics::TopicDeed;
use crate::navigation::GoingRefused;
use crate::telemetry::Refused;

/// The effects of a callback that no event waits for: there is nobody to reply to.
pub(super) fn without_reply(mut effects: Vec<Effect>) -> Vec<Effect> {
    effects.retain(|effect| !matches!(effect, Effect::Reply(_)));
    effects
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
pub(super) enum Deed {
    Topic(TopicDeed),
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
    /// Background work.
    #[error(transparent)]
    Task(#[from] TaskRefused),
    /// An event for the page with a name of the host's.
    #[error("an event for the page has a name that begins with `{HOST_EVENTS}`: those are the host's own")]
    HostEvent,
}

impl Refused for EffectRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Going(refused) => refused.code(),
            Self::Task(refused) => refused.code(),
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
            Self::Task(refused) => refused.is_limit(),
            Self::HostEvent | Self::PubSub(PubSubError::Name { .. }) => false,
            Self::PubSub(PubSubError::Payload { .. } | PubSubError::TooManyTopics) => true,
        }
    }
}

/// What travels with the diff, and what is done at once; nothing is done yet.
pub(super) fn checked(effects: Vec<Effect>, policy: &Policy) -> Result<(Extras, Vec<Deed>), EffectRefused> {
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
            Effect::AppendText { element, text, replace } => extras.append_text(element, text, replace)?,
            Effect::Subscribe(topic) => {
                pubsub::check_topic(&topic)?;
                deeds.push(Deed::Topic(TopicDeed::Subscribe(topic)));
            }
            Effect::Unsubscribe(topic) => deeds.push(Deed::Topic(TopicDeed::Unsubscribe(topic))),
            Effect::Broadcast { topic, name, payload, skip_self } => {
                if serde_json::from_str::<IgnoredAny>(&payload).is_err() {
                    return Err(Fault::Payload { what: "`broadcast`", expected: "JSON" }.into());
                }
                let publication = Publication::new(topic, name, payload)?;
                deeds.push(Deed::Topic(TopicDeed::Broadcast { publication, skip_self }));
            }
            Effect::PutFlash { .. }
            | Effect::ClearFlash(_)
            | Effect::Patch { .. }
            | Effect::Navigate { .. }
            | Effect::Redirect(_)
            | Effect::PutSession(_)
            | Effect::ClearSession
            | Effect::StartTask { .. }
            | Effect::CancelTask(_) => {}
            // The contract does not let them through yet.
            Effect::StartTimer { .. }
            | Effect::CancelTimer(_)
            | Effect::SendSelf(_)
            | Effect::TrackPresence { .. }
            | Effect::UpdatePresence { .. }
            | Effect::UntrackPresence { .. } => {}
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
