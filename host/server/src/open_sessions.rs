//! Which sockets are open for whom, so that all of a session can be closed at once. Knows neither sockets nor cookies.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How long a handshake may be under way that was let in before its session was disconnected.
const HANDSHAKE: Duration = Duration::from_secs(60);
/// Sessions that are remembered for that long; of more, the oldest are forgotten.
const MAX_REMEMBERED: usize = 10_000;

/// By what a socket is found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SessionKey {
    /// The embedding application's id of its session, or what a browser's session has under `live_socket_id`.
    Named(Arc<str>),
    /// The id of a browser's session, of which there is never another one.
    Browser(Arc<str>),
}

/// Sockets by session.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Told when they are to close.
    open: HashMap<SessionKey, Vec<Arc<Notify>>>,
    /// Sessions that were disconnected a short while ago.
    disconnected: HashMap<SessionKey, Instant>,
    /// The same in order.
    order: VecDeque<(Instant, SessionKey)>,
}

/// A socket's place among those of its sessions; given up when dropped.
pub(crate) struct Place<'a> {
    sessions: &'a Sessions,
    keys: Vec<SessionKey>,
    ended: Arc<Notify>,
}

impl Sessions {
    /// A place for a socket that was let in at a moment; `None` when one of its sessions was disconnected after that, or
    /// is a browser's that was replaced a short while before.
    pub(crate) fn enter(&self, keys: Vec<SessionKey>, let_in: Instant) -> Option<Place<'_>> {
        let mut known = self.lock();
        let is_over = |key: &SessionKey| {
            known.disconnected.get(key).is_some_and(|when| match key {
                SessionKey::Named(_) => let_in <= *when,
                // Its page may come back before the browser has heard of its new session.
                SessionKey::Browser(_) => let_in.duration_since(*when) < HANDSHAKE,
            })
        };
        if keys.iter().any(is_over) {
            return None;
        }
        let ended = Arc::new(Notify::new());
        for key in &keys {
            known.open.entry(key.clone()).or_default().push(ended.clone());
        }
        Some(Place { sessions: self, keys, ended })
    }

    /// Closes the sockets of a session; how many.
    pub(crate) fn disconnect(&self, key: &SessionKey) -> usize {
        let now = Instant::now();
        let mut known = self.lock();
        known.remember(key.clone(), now);
        let sockets = known.open.remove(key).unwrap_or_default();
        sockets.iter().for_each(|socket| socket.notify_one());
        sockets.len()
    }

    /// Every name under which sockets are open, and how many.
    pub(crate) fn open(&self) -> Vec<(String, usize)> {
        let named = |(key, sockets): (&SessionKey, &Vec<_>)| match key {
            SessionKey::Named(name) => Some((name.to_string(), sockets.len())),
            SessionKey::Browser(_) => None,
        };
        self.lock().open.iter().filter_map(named).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn remember(&mut self, key: SessionKey, now: Instant) {
        let is_old = |(when, _): &(Instant, SessionKey)| now.duration_since(*when) >= HANDSHAKE;
        while self.order.front().is_some_and(is_old) || self.order.len() >= MAX_REMEMBERED {
            let Some((when, key)) = self.order.pop_front() else { break };
            if self.disconnected.get(&key) == Some(&when) {
                self.disconnected.remove(&key);
            }
        }
        self.order.push_back((now, key.clone()));
        self.disconnected.insert(key, now);
    }
}

impl Place<'_> {
    /// Waits until a session of it is disconnected.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut known = self.sessions.lock();
        for key in &self.keys {
            let Some(sockets) = known.open.get_mut(key) else { continue };
            if let Some(at) = sockets.iter().position(|socket| Arc::ptr_eq(socket, &self.ended)) {
                sockets.swap_remove(at);
            }
            if sockets.is_empty() {
                known.open.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::time::timeout;

    use super::{HANDSHAKE, MAX_REMEMBERED, Place, SessionKey, Sessions};

    fn named(name: &str) -> SessionKey {
        SessionKey::Named(name.into())
    }

    fn browser(id: &str) -> SessionKey {
        SessionKey::Browser(id.into())
    }

    fn enter<'a>(sessions: &'a Sessions, keys: &[SessionKey]) -> Option<Place<'a>> {
        sessions.enter(keys.to_vec(), Instant::now())
    }

    #[tokio::test]
    async fn disconnecting_ends_the_sockets_of_one_session_and_no_others() {
        let sessions = Sessions::default();
        let [ann, bob] = ["ann", "bob"].map(named);
        let one = enter(&sessions, &[browser("1"), ann.clone()]).unwrap();
        let two = enter(&sessions, &[browser("2"), ann.clone()]).unwrap();
        let other = enter(&sessions, &[browser("3"), bob]).unwrap();
        assert_eq!(sessions.disconnect(&ann), 2);
        one.ended().await;
        two.ended().await;
        assert!(timeout(Duration::from_millis(20), other.ended()).await.is_err());
        assert_eq!(sessions.open(), [("bob".to_owned(), 1)]);
        assert_eq!(sessions.disconnect(&named("nobody")), 0);
        assert_eq!(sessions.disconnect(&browser("3")), 1);
        other.ended().await;
    }

    #[test]
    fn a_session_is_known_for_as_long_as_it_has_sockets() {
        let sessions = Sessions::default();
        let [one, two] = ["1", "2"].map(|id| enter(&sessions, &[browser(id), named("ann")]).unwrap());
        assert_eq!(sessions.open(), [("ann".to_owned(), 2)]);
        drop(one);
        assert_eq!(sessions.open(), [("ann".to_owned(), 1)]);
        drop(two);
        assert!(sessions.open().is_empty() && sessions.lock().open.is_empty());
    }

    #[test]
    fn a_handshake_that_was_let_in_before_its_session_was_disconnected_comes_too_late() {
        let sessions = Sessions::default();
        let before = Instant::now();
        sessions.disconnect(&named("ann"));
        assert!(sessions.enter(vec![named("ann")], before).is_none());
        assert!(enter(&sessions, &[named("ann")]).is_some(), "it was let in again");
        sessions.disconnect(&browser("1"));
        let replaced = Instant::now();
        let enter_after = |wait| sessions.enter(vec![browser("1"), named("ann")], replaced + wait);
        assert!(enter_after(Duration::ZERO).is_none(), "its cookie is another one now");
        assert!(enter_after(HANDSHAKE / 2).is_none());
        assert!(enter_after(HANDSHAKE).is_some(), "the browser has never heard of it");
    }

    #[test]
    fn so_many_disconnected_sessions_are_remembered_and_no_more() {
        let sessions = Sessions::default();
        for id in 0..=MAX_REMEMBERED {
            sessions.disconnect(&browser(&id.to_string()));
        }
        let known = sessions.lock();
        assert_eq!((known.order.len(), known.disconnected.len()), (MAX_REMEMBERED, MAX_REMEMBERED));
        assert!(!known.disconnected.contains_key(&browser("0")));
    }
}
