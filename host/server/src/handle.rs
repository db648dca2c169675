//! What the embedding application does with a server that runs: announce, read and write what views keep, list,
//! disconnect.

use std::fmt;
use std::sync::Arc;

use hothouse_services::kv::Store;
use hothouse_services::pubsub::{PubSubError, Publication};
use serde::Serialize;

use crate::open_sessions::SessionKey;
use crate::site::Site;

/// A hold on a server that runs. Cheap to clone; all clones are of the same server. Holding one keeps nothing open.
#[derive(Clone)]
pub struct Handle(Arc<Site>);

/// Why something was not announced.
#[derive(Debug, thiserror::Error)]
pub enum BroadcastError {
    /// A name or the payload is not what it may be.
    #[error(transparent)]
    PubSub(#[from] PubSubError),
    /// The payload cannot be written as JSON.
    #[error("the payload is not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Handle {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self(site)
    }

    /// Announces something to every view that has subscribed to the topic; to how many. They receive it as
    /// `message.published`, with the payload as JSON text. Announcements of one caller arrive in order; a view that
    /// cannot keep up loses some and is told so.
    ///
    /// Cancel-safety: dropped early, some have received it and some not.
    ///
    /// # Errors
    /// [`BroadcastError`], naming the length and the limit.
    pub async fn broadcast<P>(&self, topic: &str, name: &str, payload: &P) -> Result<usize, BroadcastError>
    where
        P: Serialize + ?Sized,
    {
        let publication = Publication::new(topic, name, serde_json::to_string(payload)?)?;
        Ok(self.0.app.pubsub.publish(publication, None).await)
    }

    /// The keys and values of the app's views; none when no view may use them. What is committed here is seen by their
    /// next read: announce it to those that show it.
    pub fn kv(&self) -> Option<&Arc<dyn Store>> {
        self.0.app.kv.as_ref()
    }

    /// Sessions that have sockets open, with their number, in no order: those of the application by their ids, those of
    /// browsers by what a view has put in under `live_socket_id`.
    pub fn sessions(&self) -> Vec<(String, usize)> {
        self.0.sessions.open()
    }

    /// Closes every socket of a session, in whichever browser; how many. Their clients connect again at once, find out
    /// who they are now, and load their pages again if they are somebody else: end the session first. Handshakes that
    /// are under way are turned away. A browser's own session is in its cookie, which stays as it is: where that must
    /// end as well, views ask a service of the application when they are mounted.
    pub fn disconnect(&self, session: &str) -> usize {
        self.0.sessions.disconnect(&SessionKey::Named(session.into()))
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Handle").field("app", &self.0.app.title.default).finish_non_exhaustive()
    }
}
