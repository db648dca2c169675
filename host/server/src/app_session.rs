//! The embedding application's own session: who is logged in, as the application found out.

use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::open_sessions::SessionKey;

/// Bytes of an id's hash that a page carries.
const FINGERPRINT_BYTES: usize = 16;

/// The session of a request, as the embedding application knows it.
///
/// A middleware of the application makes one for each request of somebody who is logged in, and inserts it into the
/// request's extensions, for pages and for `/live/websocket` alike. Views then see its values as the session of their
/// context, services as [`Caller::session`](crate::services::registered::Caller::session); a page can be joined only
/// by a socket of the same session; [`Handle::disconnect`](crate::Handle::disconnect) closes its sockets.
///
/// ```
/// use axum::extract::Request;
/// use axum::middleware::Next;
/// use axum::response::Response;
/// use hothouse::AppSession;
///
/// async fn with_session(mut request: Request, next: Next) -> Response {
///     // The application looks it up by a cookie of its own.
///     let session = AppSession::new("4f1c…", [("user", "Ann")]);
///     request.extensions_mut().insert(session);
///     next.run(request).await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct AppSession {
    id: Arc<str>,
    values: Arc<[(String, String)]>,
    /// When the application found it to be valid.
    known: Instant,
}

impl AppSession {
    /// A session that is valid at this moment. The id identifies it and may be secret: no page and no view sees it.
    /// The values are for views, which are as trusted as the application trusts them.
    pub fn new<N: Into<String>, V: Into<String>>(
        id: impl Into<Arc<str>>,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { id: id.into(), values, known: Instant::now() }
    }

    /// What views see.
    pub(crate) fn values(&self) -> &Arc<[(String, String)]> {
        &self.values
    }

    /// By what its sockets are found.
    pub(crate) fn key(&self) -> SessionKey {
        SessionKey::Named(self.id.clone())
    }

    /// When the application found it to be valid.
    pub(crate) fn known(&self) -> Instant {
        self.known
    }

    /// What a page carries of the id: the same for the same id, and no way back to it.
    pub(crate) fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(hash.get(..FINGERPRINT_BYTES).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::AppSession;

    #[test]
    fn a_page_carries_no_session_id() {
        let session = |id: &str| AppSession::new(id, [("user", "Ann")]);
        let (ann, again, bob) = (session("ann"), session("ann"), session("bob"));
        assert_eq!(ann.fingerprint(), again.fingerprint());
        assert_ne!(ann.fingerprint(), bob.fingerprint());
        assert!(!ann.fingerprint().contains("ann"));
    }
}
