//! What the host offers to components: services of the embedding application, who is there, the store, and other servers.

use std::path::PathBuf;
use std::sync::Arc;

use hothouse_services::http::{Client, ClientError, ClientSettings, Outbound};
use hothouse_services::kv::Store;
use hothouse_services::presence::Tracker;
use hothouse_services::registered::Services;
use tokio::sync::Semaphore;

use crate::limits::{Effective, Limit};
use crate::manifest::Manifest;

/// What the host was started with, and makes offers of.
pub(crate) struct Sources {
    /// Services of the embedding application.
    pub(crate) services: Services,
    /// Folder with stores.
    pub(crate) storage: PathBuf,
    /// How tasks connect to other servers.
    pub(crate) http: ClientSettings,
}

/// What there is for components, as far as the manifest grants it.
pub(crate) struct Offers {
    pub(crate) services: Services,
    /// Granted to all.
    pub(crate) tracker: Arc<dyn Tracker>,
    /// There where one component at least may use it.
    pub(crate) kv: Option<Arc<dyn Store>>,
    /// There where one component at least may ask other servers.
    client: Option<Client>,
    /// Places for requests, of all components together.
    requests: Arc<Semaphore>,
}

impl Offers {
    pub(crate) fn new(
        sources: Sources,
        tracker: Arc<dyn Tracker>,
        kv: Option<Arc<dyn Store>>,
        manifest: &Manifest,
        limits: &Effective,
    ) -> Result<Self, ClientError> {
        let Sources { services, http, .. } = sources;
        let asks = manifest.components.values().any(|component| !component.http.is_empty());
        let client = asks.then(|| Client::new(&http)).transpose()?;
        let requests = limits.size(Limit::HttpRequests).min(Semaphore::MAX_PERMITS);
        Ok(Self { services, tracker, kv, client, requests: Arc::new(Semaphore::new(requests)) })
    }

    /// What a component may ask other servers, which the manifest has checked.
    pub(crate) fn outbound(&self, origins: &[String]) -> Option<Outbound> {
        let origins: Vec<_> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
        let client = self.client.as_ref().filter(|_| !origins.is_empty())?;
        Some(Outbound::new(client.clone(), origins, self.requests.clone()))
    }
}
