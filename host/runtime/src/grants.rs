//! What a component is given besides its limits: settings, services of the embedding application, the tenant's store,
//! and other servers.

use std::collections::BTreeMap;
use std::sync::Arc;

use hothouse_services::http::Outbound;
use hothouse_services::kv::Store;
use hothouse_services::presence::Tracker;
use hothouse_services::registered::Services;
use tokio::sync::Semaphore;

/// What a component is given. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// What its views read as their configuration, or as their environment variables.
    pub config: BTreeMap<String, String>,
    /// Services that its views may call.
    pub services: Services,
    /// What its tasks may ask other servers.
    pub http: Option<Outbound>,
    /// What its views may know of the connection.
    pub connect_info: ConnectInfo,
    /// Where its views keep keys and values, if they may.
    pub kv: Option<Arc<dyn Store>>,
    /// Who is there, in the tenant of its views.
    pub presence: Option<Arc<dyn Tracker>>,
}

/// What views may know of the connection; by default nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConnectInfo {
    /// The browser's IP address.
    pub peer_address: bool,
    /// What the browser calls itself.
    pub user_agent: bool,
    /// What the person reads.
    pub languages: bool,
    /// Where the person's clock is.
    pub time_zone: bool,
}

/// The same, as instances hold it.
pub(crate) struct Granted {
    pub(crate) config: BTreeMap<String, String>,
    pub(crate) services: Services,
    pub(crate) http: Option<Outbound>,
    pub(crate) connect_info: ConnectInfo,
    pub(crate) kv: Option<Arc<dyn Store>>,
    pub(crate) presence: Option<Arc<dyn Tracker>>,
    /// Places for calls of services; of the whole host.
    pub(crate) service_calls: Arc<Semaphore>,
}

impl Granted {
    pub(crate) fn new(grants: Grants, service_calls: Arc<Semaphore>) -> Self {
        let Grants { config, services, http, connect_info, presence, kv } = grants;
        Self { config, services, http, connect_info, presence, kv, service_calls }
    }
}
