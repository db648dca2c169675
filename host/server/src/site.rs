//! What all requests and sockets of one app share.

use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::{mpsc, watch};

use crate::app::App;
use crate::browser_session::tickets::Tickets;
use crate::browser_session::{BrowserSession, SessionCookie, Values};
use crate::open_sessions::{SessionKey, Sessions};
use crate::origin::OriginPolicy;
use crate::places::Places;
use crate::proxies::Proxies;
use crate::rate::Addresses;
use crate::telemetry::AppTelemetry;
use crate::token::keys::SigningKeys;

/// Shared by every request and socket; never changes after the start, but for the signal to stop.
pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) telemetry: AppTelemetry,
    pub(crate) keys: SigningKeys,
    /// How sessions of browsers travel.
    pub(crate) session_cookie: SessionCookie,
    /// Changes of sessions of browsers, on their way there.
    pub(crate) tickets: Tickets,
    pub(crate) origins: OriginPolicy,
    /// Whose word is taken for who asks.
    pub(crate) proxies: Proxies,
    /// Places for open sockets.
    pub(crate) sockets: Places,
    /// Sockets by session.
    pub(crate) sessions: Sessions,
    /// Places for instances.
    pub(crate) instances: Places,
    /// Places for tasks.
    pub(crate) tasks: Places,
    /// Pages by address.
    pub(crate) pages: Addresses,
    /// True once the server is stopping.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Held by every socket; when all are dropped, the last socket is gone.
    pub(crate) open_socket: mpsc::WeakSender<()>,
}

impl Site {
    /// Another session in the place of a browser's, whose sockets are closed: their pages find out who they are now.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn renew(
        &self,
        former: &BrowserSession,
        values: Values,
    ) -> Result<BrowserSession, getrandom::Error> {
        let renewed = BrowserSession::new(values)?;
        self.sessions.disconnect(&SessionKey::Browser(former.id.as_str().into()));
        Ok(renewed)
    }

    /// The page that says why there is no view. `message` is written for the person who reads it.
    pub(crate) fn error_page(&self, status: StatusCode, message: &str) -> Response {
        self.app.error_pages.respond(status, message, &self.app.assets)
    }
}
