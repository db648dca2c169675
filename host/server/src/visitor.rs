//! Who is at the other end of a request or a socket.

use std::sync::Arc;
use std::time::Instant;

use crate::app_session::AppSession;
use crate::browser_session::{BrowserSession, Values};
use crate::caller::Caller;
use crate::claims::ViewClaims;
use crate::live_session::Known;
use crate::open_sessions::SessionKey;

/// The value of a browser's session that says who is signed in.
const SIGNED_IN: &str = "user";
/// The value under which sockets of several browsers are found together, as in Phoenix.
const LIVE_SOCKET_ID: &str = "live_socket_id";

/// A browser, and who is logged in there.
pub(crate) struct Visitor {
    pub(crate) browser: BrowserSession,
    /// The embedding application's session, if there is one: then it is the one that counts.
    pub(crate) session: Option<AppSession>,
    /// What the browser says of itself.
    pub(crate) caller: Caller,
    /// When the browser's session was found to be good.
    pub(crate) let_in: Instant,
}

impl Visitor {
    /// What views see of the session.
    pub(crate) fn values(&self) -> &Arc<[(String, String)]> {
        match &self.session {
            Some(session) => session.values(),
            None => self.browser.values.pairs(),
        }
    }

    /// What views may change of it: nothing of the application's.
    pub(crate) fn own_values(&self) -> Option<Values> {
        self.session.is_none().then(|| self.browser.values.clone())
    }

    /// What live sessions ask of whoever comes in.
    pub(crate) fn known(&self) -> Known<'_> {
        let is_signed_in = self.session.is_some() || self.browser.values.get(SIGNED_IN).is_some();
        Known { is_signed_in, values: self.values() }
    }

    /// Whether a page was rendered for this browser, and for the one who is logged in there now.
    pub(crate) fn owns(&self, page: &ViewClaims) -> bool {
        page.browser == self.browser.id
            && page.app_session == self.session.as_ref().map(AppSession::fingerprint)
    }

    /// By what its sockets are found, and since when it is known to be who it is.
    pub(crate) fn keys(&self) -> (Vec<SessionKey>, Instant) {
        let browser = SessionKey::Browser(self.browser.id.as_str().into());
        match (&self.session, self.browser.values.get(LIVE_SOCKET_ID)) {
            (Some(session), _) => (vec![browser, session.key()], session.known()),
            (None, Some(name)) => (vec![browser, SessionKey::Named(name.into())], self.let_in),
            (None, None) => (vec![browser], self.let_in),
        }
    }
}
