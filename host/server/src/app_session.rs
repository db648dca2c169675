//! The embedding application's own session: who is logged in, as the application found out, and which sockets are
//! open for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

/// Bytes of an id's hash that a page carries.
const FINGERPRINT_BYTES: usize = 16;
/// How long a handshake may be under way that was let in before its session was disconnected.
const HANDSHAKE: Duration = Duration::from_secs(60);

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

    /// What a page carries of the id: the same for the same id, and no way back to it.
    pub(crate) fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(hash.get(..FINGERPRINT_BYTES).unwrap_or_default())
    }
}

/// Sockets by session.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Dropped sender: the sockets are to close. The number of receivers is that of the sockets.
    open: HashMap<Arc<str>, watch::Sender<()>>,
    /// Sessions that were disconnected a short while ago.
    disconnected: HashMap<Arc<str>, Instant>,
}

/// A socket's place among those of its session; given up when dropped.
pub(crate) struct Place<'a> {
    sessions: &'a Sessions,
    id: Arc<str>,
    /// `None` only while it is dropped.
    ended: Option<watch::Receiver<()>>,
}

impl Sessions {
    /// A place for a socket; `None` when its session was disconnected after the application had let it in.
    pub(crate) fn enter(&self, session: &AppSession) -> Option<Place<'_>> {
        let mut known = self.lock();
        if known.disconnected.get(&session.id).is_some_and(|when| session.known <= *when) {
            return None;
        }
        let ended = match known.open.entry(session.id.clone()) {
            Entry::Occupied(entry) => entry.get().subscribe(),
            Entry::Vacant(entry) => entry.insert(watch::Sender::default()).subscribe(),
        };
        Some(Place { sessions: self, id: session.id.clone(), ended: Some(ended) })
    }

    /// Closes the sockets of a session; how many.
    pub(crate) fn disconnect(&self, id: &str) -> usize {
        let now = Instant::now();
        let mut known = self.lock();
        known.disconnected.retain(|_, when| now.duration_since(*when) < HANDSHAKE);
        known.disconnected.insert(id.into(), now);
        known.open.remove(id).map_or(0, |sockets| sockets.receiver_count())
    }

    /// Every session that has sockets, and how many.
    pub(crate) fn open(&self) -> Vec<(String, usize)> {
        let known = self.lock();
        known.open.iter().map(|(id, sockets)| (id.to_string(), sockets.receiver_count())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Waits until the session is disconnected. Cancel-safe.
    pub(crate) async fn ended(&mut self) {
        if let Some(ended) = &mut self.ended {
            // Nothing is ever sent: the only change is that the sender is gone.
            let _ = ended.changed().await;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut known = self.sessions.lock();
        self.ended = None;
        if known.open.get(&self.id).is_some_and(|sockets| sockets.receiver_count() == 0) {
            known.open.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{AppSession, Sessions};

    fn session(id: &str) -> AppSession {
        AppSession::new(id, [("user", "Ann")])
    }

    #[tokio::test]
    async fn disconnecting_ends_the_sockets_of_one_session_and_no_others() {
        let sessions = Sessions::default();
        let (ann, bob) = (session("ann"), session("bob"));
        let (mut one, mut two, mut other) =
            (sessions.enter(&ann).unwrap(), sessions.enter(&ann).unwrap(), sessions.enter(&bob).unwrap());
        assert_eq!(sessions.disconnect("ann"), 2);
        one.ended().await;
        two.ended().await;
        assert!(timeout(Duration::from_millis(20), other.ended()).await.is_err());
        assert_eq!(sessions.open(), [("bob".to_owned(), 1)]);
        assert_eq!(sessions.disconnect("nobody"), 0);
    }

    #[test]
    fn a_session_is_known_for_as_long_as_it_has_sockets() {
        let sessions = Sessions::default();
        let one = sessions.enter(&session("ann")).unwrap();
        let two = sessions.enter(&session("ann")).unwrap();
        assert_eq!(sessions.open(), [("ann".to_owned(), 2)]);
        drop(one);
        assert_eq!(sessions.open(), [("ann".to_owned(), 1)]);
        drop(two);
        assert!(sessions.open().is_empty());
    }

    #[test]
    fn a_handshake_that_was_let_in_before_its_session_was_disconnected_comes_too_late() {
        let sessions = Sessions::default();
        let before = session("ann");
        sessions.disconnect("ann");
        assert!(sessions.enter(&before).is_none());
        assert!(sessions.enter(&session("ann")).is_some(), "the application has let it in again");
    }

    #[test]
    fn a_page_carries_no_session_id() {
        let (ann, again, bob) = (session("ann"), session("ann"), session("bob"));
        assert_eq!(ann.fingerprint(), again.fingerprint());
        assert_ne!(ann.fingerprint(), bob.fingerprint());
        assert!(!ann.fingerprint().contains("ann"));
    }
}
