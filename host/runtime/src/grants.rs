//! What a component is given besides its limits: settings, and services of the embedding application.

use std::collections::BTreeMap;
use std::sync::Arc;

use hothouse_services::registered::Services;
use tokio::sync::Semaphore;

/// What a component is given. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// What its views read as their configuration, or as their environment variables.
    pub config: BTreeMap<String, String>,
    /// Services that its views may call.
    pub services: Services,
}

/// The same, as instances hold it.
pub(crate) struct Granted {
    pub(crate) config: BTreeMap<String, String>,
    pub(crate) services: Services,
    /// Places for calls of services; of the whole host.
    pub(crate) service_calls: Arc<Semaphore>,
}

impl Granted {
    pub(crate) fn new(grants: Grants, service_calls: Arc<Semaphore>) -> Self {
        let Grants { config, services } = grants;
        Self { config, services, service_calls }
    }
}
