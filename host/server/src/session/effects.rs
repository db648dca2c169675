//! What callbacks ask for: checked as a whole, before any of it is carried out. Title, reply, events of the page and
//! text to append travel with the next diff; the rest is done at once, by the view's [surroundings](super::surroundings), since its state
//! counts on it. Where a page is sent, its flash and its session are the business of [`crate::navigation`], background
//! work that of [`super::tasks`].

use hothouse_diff::{Extras, Fault, Policy};
use hothouse_runtime::Effect;
use hothouse_services::presence::{Presence, PresenceError, Step};
use hothouse_services::pubsub::{self, PubSubError, Publication};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::tasks::TaskRefused;
use super::timers::{TimerDeed, TimerRefused};
use super::to_self::{self, SendRefused};
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
    Timer(TimerDeed),
    /// A message of the view to itself.
    Send(Box<str>),
    Presence {
        topic: String,
        step: Step,
    },
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
    /// A timer.
    #[error(transparent)]
    Timer(#[from] TimerRefused),
    /// A message of the view to itself.
    #[error(transparent)]
    Send(#[from] SendRefused),
    /// Who is there.
    #[error(transparent)]
    Presence(#[from] PresenceError),
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
            Self::PubSub(error) | Self::Presence(PresenceError::Topic(error)) => pubsub_code(error),
            Self::Timer(refused) => refused.code(),
            Self::Send(refused) => refused.code(),
            Self::Presence(PresenceError::Key { .. }) => "bad-presence-key",
            Self::Presence(PresenceError::Meta { .. }) => "presence-too-large",
            Self::Presence(PresenceError::TooMany) => "too-many-presences",
            Self::Presence(PresenceError::TopicFull) => "presence-topic-full",
            Self::Presence(PresenceError::TenantFull) => "presences-full",
            Self::Presence(PresenceError::Unknown) => "unknown-presence",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::Fault(fault) => fault.is_limit(),
            Self::Going(refused) => refused.is_limit(),
            Self::Task(refused) => refused.is_limit(),
            Self::PubSub(error) | Self::Presence(PresenceError::Topic(error)) => {
                !matches!(error, PubSubError::Name { .. })
            }
            Self::Timer(refused) => refused.is_limit(),
            Self::Send(refused) => refused.is_limit(),
            Self::HostEvent | Self::Presence(PresenceError::Key { .. } | PresenceError::Unknown) => false,
            Self::Presence(_) => true,
        }
    }
}

fn pubsub_code(error: &PubSubError) -> &'static str {
    match error {
        PubSubError::Name { .. } => "bad-topic",
        PubSubError::Payload { .. } => "announcement-too-large",
        PubSubError::TooManyTopics => "too-many-topics",
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
                check_json("`broadcast`", &payload)?;
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
            Effect::StartTimer { name, after_ms, repeat } => {
                deeds.push(Deed::Timer(TimerDeed::start(name, after_ms, repeat)?));
            }
            Effect::CancelTimer(name) => deeds.push(Deed::Timer(TimerDeed::Cancel(name.into()))),
            Effect::SendSelf(json) => {
                check_json("`send-self`", &json)?;
                deeds.push(Deed::Send(to_self::checked(json)?));
            }
            Effect::TrackPresence { topic, key, meta } => {
                let step = Step::Track(checked_presence("`track-presence`", key, meta)?);
                deeds.push(presence_deed(topic, step)?);
            }
            Effect::UpdatePresence { topic, key, meta } => {
                let step = Step::Update(checked_presence("`update-presence`", key, meta)?);
                deeds.push(presence_deed(topic, step)?);
            }
            Effect::UntrackPresence { topic, key } => {
                deeds.push(Deed::Presence { topic, step: Step::Untrack(key.into()) });
            }
        }
    }
    Ok((extras, deeds))
}

fn check_json(what: &'static str, text: &str) -> Result<(), Fault> {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(IgnoredAny) => Ok(()),
        Err(_) => Err(Fault::Payload { what, expected: "JSON" }),
    }
}

fn checked_presence(what: &'static str, key: String, meta: String) -> Result<Presence, EffectRefused> {
    let presence = Presence::new(key, meta)?;
    check_json(what, presence.meta())?;
    if presence.meta().trim_start().starts_with('{') {
        return Ok(presence);
    }
    Err(Fault::Payload { what, expected: "a JSON object" }.into())
}

fn presence_deed(topic: String, step: Step) -> Result<Deed, EffectRefused> {
    pubsub::check_topic(&topic)?;
    Ok(Deed::Presence { topic, step })
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
