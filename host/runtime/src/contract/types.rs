//! The contract's types as the rest of the host sees them. Items and their meaning are documented in `wit/live.wit`.

use std::fmt;

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
    /// What the browser's session holds.
    pub session: Vec<(String, String)>,
    /// Flash by kind.
    pub flash: Vec<(String, String)>,
    /// What the page's script sent on connecting: JSON object text.
    pub connect_params: String,
    /// How often this page has joined before.
    pub joins: u32,
}

impl Context {
    /// A first visit to `uri` without parameters, session, flash and connect parameters.
    pub fn new(phase: Phase, view: &str, uri: &str) -> Self {
        Self {
            phase,
            view: view.to_owned(),
            uri: uri.to_owned(),
            params: Vec::new(),
            session: Vec::new(),
            flash: Vec::new(),
            connect_params: "{}".to_owned(),
            joins: 0,
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
}

/// What `render` is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderScope {
    /// What changed since the last document.
    Changes,
    /// All of it: nothing may be `unchanged`.
    Everything,
}

/// What `render` answered.
pub use hothouse_diff::Document;

/// Why a view is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveReason {
    /// The page left it, or its page has been made.
    Left,
    /// The browser is gone.
    Disconnected,
    /// The server is stopping.
    Shutdown,
}

/// A declared refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Of which kind; decides the HTTP status of a dead render.
    pub kind: FailureKind,
    /// Written for the person at the page.
    pub message: String,
}

/// Kinds of declared refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 400.
    BadInput,
    /// 503: a service is missing or down.
    Unavailable,
    /// 500: the function is not for this lane.
    NotHere,
    /// 429.
    Limit,
    /// 500.
    Internal,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
