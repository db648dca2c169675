//! The contract's types as the rest of the host sees them. Items and their meaning are documented in `wit/live.wit`.

use std::net::IpAddr;
use std::sync::Arc;

use hothouse_services::Failure;
use hothouse_services::presence::Presence;
use hothouse_services::pubsub::{Delivery, Publication};

/// Which of the two mounts it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The page is being made; nobody listens.
    Dead,
    /// A browser has joined.
    Connected,
}

/// What a view is told when it is mounted. The runtime adds the tenant and a random seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Dead or connected.
    pub phase: Phase,
    /// The view's name in the app.
    pub view: String,
    /// Path and query.
    pub uri: String,
    /// Parameters of path and query, decoded.
    pub params: Vec<(String, String)>,
    /// What the session holds.
    pub session: Arc<[(String, String)]>,
    /// Flash by kind.
    pub flash: Vec<(String, String)>,
    /// What the page's script sent on connecting: JSON object text.
    pub connect_params: String,
    /// How often this page has joined before.
    pub joins: u32,
    /// Who is at the other end; told as far as it is granted.
    pub connection: Arc<Connection>,
}

/// What is known of the connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Connection {
    /// The browser's IP address.
    pub peer_address: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// Tags of the languages that the person reads, the preferred one first.
    pub languages: Vec<String>,
    /// The name of the person's time zone.
    pub time_zone: Option<String>,
    /// Whether the page has other assets than it would have now.
    pub assets_changed: bool,
}

impl Context {
    /// A first visit to `uri` without parameters, session, flash and connect parameters.
    pub fn new(phase: Phase, view: &str, uri: &str) -> Self {
        Self {
            phase,
            view: view.to_owned(),
            uri: uri.to_owned(),
            params: Vec::new(),
            session: Arc::default(),
            flash: Vec::new(),
            connect_params: "{}".to_owned(),
            joins: 0,
            connection: Arc::default(),
        }
    }
}

/// An event of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// The component it is for.
    pub target: Option<u32>,
    /// What it carries.
    pub payload: Payload,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// JSON text.
    Json(String),
    /// Decoded pairs of a form, in order.
    Form(Vec<(String, String)>),
}

/// What a callback asked for. Carried out only when it returned ok, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The page's title.
    Title(String),
    /// The reply to the event's sender, JSON text that nobody has checked.
    Reply(String),
    /// An event for the page's hooks.
    PushEvent {
        /// Its name.
        name: String,
        /// JSON text that nobody has checked.
        payload: String,
    },
    /// Puts a message into the flash, in the place of the one of its kind.
    PutFlash {
        /// Its kind.
        kind: String,
        /// What it says.
        message: String,
    },
    /// Takes one kind out of the flash, or all.
    ClearFlash(Option<String>),
    /// Changes the address; the view stays.
    Patch {
        /// Path, query and fragment, which nobody has checked.
        to: String,
        /// Whether the present entry of the history is replaced.
        replace: bool,
    },
    /// Goes to another view over the same socket.
    Navigate {
        /// As of a patch.
        to: String,
        /// As of a patch.
        replace: bool,
    },
    /// Loads another page: a path, or a URL that nobody has checked.
    Redirect(String),
    /// Sets values of the browser's session: names and values, which nobody has checked.
    PutSession(Vec<(String, String)>),
    /// Empties the browser's session.
    ClearSession,
    /// Subscribes to a topic.
    Subscribe(String),
    /// Ends a subscription.
    Unsubscribe(String),
    /// Announces something under a topic.
    Broadcast {
        /// The topic.
        topic: String,
        /// The announcement's name.
        name: String,
        /// JSON text that nobody has checked.
        payload: String,
        /// Whether the view itself is left out.
        skip_self: bool,
    },
    /// Starts a timer, in the place of one of its name.
    StartTimer {
        /// Its name.
        name: String,
        /// Milliseconds until it goes off.
        after_ms: u32,
        /// Whether it goes off again and again.
        repeat: bool,
    },
    /// Stops the timer of this name.
    CancelTimer(String),
    /// Sends the view itself a message: JSON text that nobody has checked.
    SendSelf(String),
    /// Starts background work, in the place of that of its key.
    StartTask {
        /// What `run-task` is to do.
        name: String,
        /// Under which key its progress and its end arrive.
        key: String,
        /// What it is given.
        input: Vec<u8>,
    },
    /// Cancels the task of this key.
    CancelTask(String),
    /// Makes a presence known.
    TrackPresence {
        /// The topic.
        topic: String,
        /// Who is there.
        key: String,
        /// JSON text that nobody has checked.
        meta: String,
    },
    /// Changes what is known of a presence.
    UpdatePresence {
        /// As of a new one.
        topic: String,
        /// As of a new one.
        key: String,
        /// As of a new one.
        meta: String,
    },
    /// Ends a presence.
    UntrackPresence {
        /// The topic.
        topic: String,
        /// Who is there no more.
        key: String,
    },
    /// Appends text to an element of the page.
    AppendText {
        /// The element's id, which nobody has checked.
        element: String,
        /// Plain text.
        text: String,
        /// Whether it takes the place of what was appended before.
        replace: bool,
    },
}

/// What arrives other than from the browser's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// An announcement under a topic.
    Published(Arc<Publication>),
    /// Announcements under this topic were dropped.
    Lagged(Box<str>),
    /// What the flash holds now, by kind.
    FlashChanged(Vec<(String, String)>),
    /// The timer of this name went off.
    Timer(Box<str>),
    /// What the view has sent to itself: JSON text.
    Sent(Box<str>),
    /// Who came and went under a topic: keys, with their meta as JSON text.
    PresenceChanged {
        /// The topic.
        topic: Box<str>,
        /// Who came.
        joined: Vec<(String, String)>,
        /// Who went.
        left: Vec<(String, String)>,
    },
    /// What a task of the view has reported.
    TaskProgress {
        /// The key that it was started under.
        key: Box<str>,
        /// What it has passed on.
        data: Vec<u8>,
    },
    /// Writes were not committed, since this key had another value than was expected.
    KvConflict(Box<str>),
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskOutcome {
    /// It answered.
    Done(Vec<u8>),
    /// It declared a failure.
    Failed(Failure),
    /// The view has cancelled it.
    Cancelled,
    /// It ran longer than a task may.
    TimedOut,
    /// It trapped or crossed a limit.
    Crashed,
}

impl From<Delivery> for Message {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::Published(publication) => Self::Published(publication),
            Delivery::PresenceChanged(change) => {
                let pair = |presence: &Presence| (presence.key().to_owned(), presence.meta().to_owned());
                Self::PresenceChanged {
                    topic: change.topic().into(),
                    joined: change.joined().map(pair).collect(),
                    left: change.left().map(pair).collect(),
                }
            }
            Delivery::Lagged(topic) => Self::Lagged(topic),
        }
    }
}

/// What `render` is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenderScope {
    /// What changed since the last document.
    Changes,
    /// All of it: nothing may be `unchanged`.
    Everything,
    /// All of these live components and of those in them, and nothing else.
    Components(Vec<u32>),
}

/// What `render` answered.
pub use hothouse_diff::Document;

/// Why a view is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveReason {
    /// The page left it, or its page has been made.
    Left,
    /// It has sent its page on itself.
    Navigated,
    /// The browser is gone.
    Disconnected,
    /// The server is stopping.
    Shutdown,
}
