//! What the host offers to components: services of the embedding application, presence, the tenant's store, and other
//! servers.

use std::path::PathBuf;
use std::sync::Arc;

use hothouse_services::http::{Client, ClientSettings, Outbound};
use hothouse_services::kv::{FileStore, Store};
use hothouse_services::presence::{LocalTracker, Tracker};
use hothouse_services::pubsub::PubSub;
use hothouse_services::registered::Services;
use tokio::sync::Semaphore;

use crate::app::AppError;
use crate::limits::{Effective, Limit};
use crate::manifest::Manifest;

/// Of what it is made: what the settings say.
pub(crate) struct Sources {
    pub(crate) services: Services,
    /// Folder of the stores.
    pub(crate) storage: PathBuf,
    pub(crate) http: ClientSettings,
}

/// What there is for an app's components, as far as the manifest grants it to each.
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
    /// What cannot be had becomes a problem.
    pub(crate) fn open(
        sources: Sources,
        manifest: &Manifest,
        limits: &Effective,
        pubsub: &PubSub,
        mut problem: impl FnMut(AppError),
    ) -> Self {
        let Sources { services, storage, http } = sources;
        let kv = manifest.components.values().any(|component| component.kv).then(|| {
            let max_bytes = limits.get(Limit::Storage).saturating_mul(1024 * 1024);
            let store = FileStore::open(&storage, &manifest.name, max_bytes);
            store.map(|store| Arc::new(store) as Arc<dyn Store>).map_err(|error| problem(error.into())).ok()
        });
        let asks = manifest.components.values().any(|component| !component.http.is_empty());
        let client = asks.then(|| Client::new(&http).map_err(|error| problem(error.into())).ok());
        let requests = limits.size(Limit::HttpRequests).min(Semaphore::MAX_PERMITS);
        Self {
            services,
            tracker: Arc::new(LocalTracker::new(pubsub.clone())),
            kv: kv.flatten(),
            client: client.flatten(),
            requests: Arc::new(Semaphore::new(requests)),
        }
    }

    /// What a component may ask other servers, by the origins that its manifest names and has checked.
    pub(crate) fn outbound(&self, origins: &[String]) -> Option<Outbound> {
        let origins: Vec<_> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
        let client = self.client.as_ref().filter(|_| !origins.is_empty())?;
        Some(Outbound::new(client.clone(), origins, self.requests.clone()))
    }
}
