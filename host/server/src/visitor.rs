//! Who is at the other end of a socket, as its handshake proved.

use crate::app_session::AppSession;
use crate::browser_session::BrowserSession;
use crate::caller::Caller;
use crate::claims::ViewClaims;
use crate::live_session::Known;

/// A browser, and who is logged in there.
pub(crate) struct Visitor {
    pub(crate) browser: BrowserSession,
    /// The embedding application's session, if there is one.
    pub(crate) session: Option<AppSession>,
    /// What the browser says of itself.
    pub(crate) caller: Caller,
}

impl Visitor {
    /// What live sessions ask of whoever comes in.
    pub(crate) fn known(&self) -> Known<'_> {
        Known::of(self.session.as_ref())
    }

    /// Whether a page was rendered for this browser, and for the one who is logged in there now.
    pub(crate) fn owns(&self, page: &ViewClaims) -> bool {
        page.browser == self.browser.id
            && page.app_session == self.session.as_ref().map(AppSession::fingerprint)
    }
}
