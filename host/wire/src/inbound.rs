//! Every message that a client may send, as one enum, and its decoding.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::keys::{self, inbound as names};
use crate::{
    DecodeError, MAX_COMPONENT_IDS, MAX_EVENT_NAME_BYTES, MAX_FRAME_BYTES, MAX_JSON_DEPTH, MAX_REF_BYTES,
    MAX_TOKEN_BYTES, MAX_TOPIC_BYTES, MAX_URL_BYTES, form,
};

/// One text frame, `[join_ref, ref, topic, event, payload]`, borrowed where no escape had to be resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame<'a> {
    /// The `ref` of the topic's latest join; `None` for heartbeats.
    pub join_ref: Option<Cow<'a, str>>,
    /// To be echoed in the reply. Every message of the published client has one.
    pub message_ref: Option<Cow<'a, str>>,
    /// `phoenix`, `lv:<view id>` or `lvu:<entry ref>`.
    pub topic: Cow<'a, str>,
    /// The event and its payload.
    pub message: Inbound<'a>,
}

/// What a topic is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicKind {
    /// `phoenix`: the connection itself.
    Phoenix,
    /// `lv:<view id>`.
    LiveView,
    /// `lvu:<entry ref>`: an upload.
    Upload,
    /// Nothing that the published client joins.
    Other,
}

/// A message of the client.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound<'a> {
    /// `heartbeat` on topic `phoenix`.
    Heartbeat,
    /// `phx_join` of a view.
    Join(Join<'a>),
    /// `phx_join` of an upload.
    JoinUpload,
    /// `phx_leave`.
    Leave,
    /// `event`.
    Event(Event<'a>),
    /// `live_patch`: a patch link was followed.
    LivePatch {
        /// Absolute URL.
        url: Cow<'a, str>,
    },
    /// `cids_will_destroy`.
    ComponentsWillDestroy(Vec<u32>),
    /// `cids_destroyed`.
    ComponentsDestroyed(Vec<u32>),
    /// `allow_upload`.
    AllowUpload,
    /// `progress`.
    Progress,
    /// An event that the protocol does not have.
    Unknown {
        /// Its name.
        event: Cow<'a, str>,
    },
    /// The envelope was right, the payload was not.
    Malformed {
        /// What is wrong with it.
        reason: DecodeError,
    },
}

/// `phx_join` of a view (protocol 3.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Join<'a> {
    /// Absolute URL of the page, for views that a page load brought.
    pub url: Option<Cow<'a, str>>,
    /// Absolute URL of the target, for views that live navigation brought.
    pub redirect: Option<Cow<'a, str>>,
    /// `data-phx-session` verbatim.
    pub session: Cow<'a, str>,
    /// `data-phx-static` verbatim; `None` for none.
    pub static_token: Option<Cow<'a, str>>,
    /// Flash token that a live redirect carried.
    pub flash: Option<Cow<'a, str>>,
    /// Whether the element is a sticky view.
    pub sticky: bool,
    /// Connect params.
    pub params: JoinParams<'a>,
}

/// `params` of a join (protocol 3.2).
#[derive(Debug, Clone, PartialEq)]
pub struct JoinParams<'a> {
    /// Successful joins of this view so far.
    pub mounts: u32,
    /// Attempts since the last success.
    pub mount_attempts: u32,
    /// The whole object as JSON text, what the app's script added included.
    pub json: &'a str,
}

/// `event` (protocol 5.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Event<'a> {
    /// Name that the app gave it.
    pub name: Cow<'a, str>,
    /// Component it is for; `None` is the view.
    pub cid: Option<u32>,
    /// What it carries.
    pub value: EventValue<'a>,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq)]
pub enum EventValue<'a> {
    /// JSON text: an object, or anything from hooks.
    Json(&'a str),
    /// Decoded pairs in the form's order, then the members of `meta` in the order of their names.
    Form(Vec<(String, String)>),
}

#[derive(Deserialize)]
struct Envelope<'a>(
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow)] &'a RawValue,
);

/// A string that is borrowed whenever it can be, inside `Option` as well.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct JoinPayload<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    redirect: Option<Text<'a>>,
    #[serde(borrow)]
    session: Text<'a>,
    #[serde(borrow, rename = "static")]
    static_token: Option<Text<'a>>,
    #[serde(borrow)]
    flash: Option<Text<'a>>,
    #[serde(default)]
    sticky: bool,
    #[serde(borrow)]
    params: &'a RawValue,
}

#[derive(Deserialize)]
struct Counts {
    #[serde(default, rename = "_mounts")]
    mounts: u32,
    #[serde(default, rename = "_mount_attempts")]
    mount_attempts: u32,
}

#[derive(Deserialize)]
struct EventPayload<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    event: Text<'a>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    cid: Option<u32>,
    #[serde(borrow)]
    meta: Option<BTreeMap<Cow<'a, str>, &'a RawValue>>,
}

#[derive(Deserialize)]
struct UrlPayload<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

#[derive(Deserialize)]
struct CidsPayload {
    cids: Vec<u32>,
}

/// Decodes one text frame.
///
/// A payload that is malformed does not fail: the frame comes back with [`Inbound::Malformed`].
///
/// # Errors
/// [`DecodeError`] when the envelope is not one, or a part of it is too long.
pub fn decode(frame: &str) -> Result<Frame<'_>, DecodeError> {
    within("frame", frame, MAX_FRAME_BYTES)?;
    let Envelope(join_ref, message_ref, topic, event, payload) =
        serde_json::from_str(frame).map_err(|_| DecodeError::Envelope)?;
    let (join_ref, message_ref) = (join_ref.map(|text| text.0), message_ref.map(|text| text.0));
    for value in [&join_ref, &message_ref].into_iter().flatten() {
        within("ref", value, MAX_REF_BYTES)?;
    }
    within("topic", &topic.0, MAX_TOPIC_BYTES)?;
    within("event", &event.0, MAX_EVENT_NAME_BYTES)?;
    let message =
        message(&topic.0, event.0, payload.get()).unwrap_or_else(|reason| Inbound::Malformed { reason });
    Ok(Frame { join_ref, message_ref, topic: topic.0, message })
}

impl Frame<'_> {
    /// What the topic is for.
    pub fn topic_kind(&self) -> TopicKind {
        topic_kind(&self.topic)
    }

    /// The id of the view that the topic names.
    pub fn view_id(&self) -> Option<&str> {
        self.topic.strip_prefix(keys::TOPIC_VIEW)
    }
}

fn topic_kind(topic: &str) -> TopicKind {
    if topic == keys::TOPIC_PHOENIX {
        TopicKind::Phoenix
    } else if topic.starts_with(keys::TOPIC_VIEW) {
        TopicKind::LiveView
    } else if topic.starts_with(keys::TOPIC_UPLOAD) {
        TopicKind::Upload
    } else {
        TopicKind::Other
    }
}

fn message<'a>(topic: &str, event: Cow<'a, str>, payload: &'a str) -> Result<Inbound<'a>, DecodeError> {
    let kind = topic_kind(topic);
    Ok(match (kind, &*event) {
        (TopicKind::Phoenix, names::HEARTBEAT) => Inbound::Heartbeat,
        (TopicKind::LiveView, names::EVENT) => Inbound::Event(decode_event(payload)?),
        (TopicKind::LiveView, names::JOIN) => Inbound::Join(decode_join(payload)?),
        (TopicKind::Upload, names::JOIN) => Inbound::JoinUpload,
        (_, names::LEAVE) => Inbound::Leave,
        (TopicKind::LiveView, names::LIVE_PATCH) => {
            let UrlPayload { url } = parse(names::LIVE_PATCH, payload, "an object with `url`")?;
            within("url", &url.0, MAX_URL_BYTES)?;
            Inbound::LivePatch { url: url.0 }
        }
        (TopicKind::LiveView, names::CIDS_WILL_DESTROY) => {
            Inbound::ComponentsWillDestroy(decode_cids(names::CIDS_WILL_DESTROY, payload)?)
        }
        (TopicKind::LiveView, names::CIDS_DESTROYED) => {
            Inbound::ComponentsDestroyed(decode_cids(names::CIDS_DESTROYED, payload)?)
        }
        (TopicKind::LiveView, names::ALLOW_UPLOAD) => Inbound::AllowUpload,
        (TopicKind::LiveView, names::PROGRESS) => Inbound::Progress,
        _ => Inbound::Unknown { event },
    })
}

fn decode_join(payload: &str) -> Result<Join<'_>, DecodeError> {
    let join: JoinPayload<'_> =
        parse(names::JOIN, payload, "an object with `session`, `static`, `params` and `url` or `redirect`")?;
    let counts: Counts =
        parse(names::JOIN, join.params.get(), "`params` is an object with numbers `_mounts`")?;
    shallow(join.params.get())?;
    within("session token", &join.session.0, MAX_TOKEN_BYTES)?;
    Ok(Join {
        url: optional("url", join.url, MAX_URL_BYTES)?,
        redirect: optional("redirect", join.redirect, MAX_URL_BYTES)?,
        session: join.session.0,
        static_token: optional("static token", join.static_token, MAX_TOKEN_BYTES)?,
        flash: optional("flash token", join.flash, MAX_TOKEN_BYTES)?,
        sticky: join.sticky,
        params: JoinParams {
            mounts: counts.mounts,
            mount_attempts: counts.mount_attempts,
            json: join.params.get(),
        },
    })
}

fn decode_event(payload: &str) -> Result<Event<'_>, DecodeError> {
    let event: EventPayload<'_> = parse(names::EVENT, payload, "an object with `type`, `event` and `value`")?;
    within("event name", &event.event.0, MAX_EVENT_NAME_BYTES)?;
    let raw = event.value.map_or("null", RawValue::get);
    let value = if event.kind.is_some_and(|kind| kind.0 == names::TYPE_FORM) {
        let Text(text) = parse(names::EVENT, raw, "a form's `value` is a string")?;
        EventValue::Form(form::decode(&text, event.meta.as_ref())?)
    } else {
        shallow(raw)?;
        EventValue::Json(raw)
    };
    Ok(Event { name: event.event.0, cid: event.cid, value })
}

fn decode_cids(event: &'static str, payload: &str) -> Result<Vec<u32>, DecodeError> {
    let CidsPayload { cids } = parse(event, payload, "an object with an array `cids` of numbers")?;
    if cids.len() > MAX_COMPONENT_IDS {
        return Err(DecodeError::TooMany { what: "component ids", limit: MAX_COMPONENT_IDS });
    }
    Ok(cids)
}

fn parse<'a, T: Deserialize<'a>>(
    event: &'static str,
    payload: &'a str,
    expected: &'static str,
) -> Result<T, DecodeError> {
    serde_json::from_str(payload).map_err(|_| DecodeError::Payload { event, expected })
}

fn within(what: &'static str, text: &str, limit: usize) -> Result<(), DecodeError> {
    if text.len() > limit {
        return Err(DecodeError::TooLong { what, found: text.len(), limit });
    }
    Ok(())
}

fn optional<'a>(
    what: &'static str,
    text: Option<Text<'a>>,
    limit: usize,
) -> Result<Option<Cow<'a, str>>, DecodeError> {
    text.map(|text| within(what, &text.0, limit).map(|()| text.0)).transpose()
}

/// Checks the nesting of JSON text that is known to be well-formed.
fn shallow(json: &str) -> Result<(), DecodeError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_JSON_DEPTH {
                    return Err(DecodeError::TooDeep { limit: MAX_JSON_DEPTH });
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
