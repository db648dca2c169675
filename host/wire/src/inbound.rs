//! Every message that a client may send, as one enum.

use std::borrow::Cow;

use crate::{DecodeError, keys};

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
    /// The envelope was right, the payload was not: the message can still be answered.
    Malformed {
        /// The name of the event.
        event: Cow<'a, str>,
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
    /// Absolute URLs of the assets that the page tracks; empty when there are none.
    pub track_static: Vec<Cow<'a, str>>,
    /// URL that live navigation came from, for views that it brought.
    pub live_referer: Option<Cow<'a, str>>,
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

impl Frame<'_> {
    /// What the topic is for.
    pub fn topic_kind(&self) -> TopicKind {
        TopicKind::of(&self.topic)
    }

    /// The id of the view that the topic names.
    pub fn view_id(&self) -> Option<&str> {
        self.topic.strip_prefix(keys::TOPIC_VIEW)
    }
}

impl TopicKind {
    pub(crate) fn of(topic: &str) -> Self {
        if topic == keys::TOPIC_PHOENIX {
            Self::Phoenix
        } else if topic.starts_with(keys::TOPIC_VIEW) {
            Self::LiveView
        } else if topic.starts_with(keys::TOPIC_UPLOAD) {
            Self::Upload
        } else {
            Self::Other
        }
    }
}
