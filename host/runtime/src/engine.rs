//! The engine, its clock, and what all calls share.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::Semaphore;
use wasmtime::Engine;

use crate::artifacts::Artifacts;
use crate::compiler::Compiler;
use crate::error::{LoadError, StartError};
use crate::grants::Grants;
use crate::limits::Limits;
use crate::profile::Profile;
use crate::registry::Component;
use crate::slow_lane::SlowLane;
use crate::task::TaskLane;
use crate::tenant::Tenant;

/// One tick of the epoch: how soon a spinning guest is noticed.
const TICK: Duration = Duration::from_millis(1);
/// How guests are run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Slow calls that may run at once.
    pub max_slow_calls: usize,
    /// Slow calls of one tenant that may run at once.
    pub max_slow_calls_per_tenant: usize,
    /// CPU time that a tenant may use before all its calls count as slow, in cores. Counts only while there is more
    /// than one tenant.
    pub tenant_share_of_cores: f64,
    /// How long a call that steps aside waits to see another thread take its worker over.
    pub hand_over_limit: Duration,
    /// Calls of services that may be under way at once; more are refused.
    pub max_service_calls: usize,
    /// Threads that run tasks, at a low priority.
    pub task_threads: usize,
    /// Where components are compiled.
    pub compiler: Compiler,
    /// Folder in which machine code is kept from one start to the next; made if need be. It must belong to this user,
    /// and nobody else may write to it.
    pub artifacts: PathBuf,
}

impl Settings {
    /// The default settings, with machine code kept in `artifacts`. Components are compiled by
    /// [`Compiler::this_program`].
    pub fn new(artifacts: impl Into<PathBuf>) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            max_slow_calls: 4 * cores,
            max_slow_calls_per_tenant: 2,
            tenant_share_of_cores: f64::from(u32::try_from(cores).unwrap_or(u32::MAX)) / 2.0,
            hand_over_limit: Duration::from_millis(5),
            max_service_calls: 64,
            task_threads: (cores / 2).max(1),
            compiler: Compiler::this_program(),
            artifacts: artifacts.into(),
        }
    }
}

/// Loads components and runs their instances. Cheap to clone; all clones are the same runtime.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

pub(crate) struct Shared {
    compact: Engine,
    roomy: Engine,
    pub(crate) artifacts: Artifacts,
    pub(crate) settings: Settings,
    pub(crate) slow_lane: Arc<SlowLane>,
    pub(crate) service_calls: Arc<Semaphore>,
    pub(crate) task_lane: TaskLane,
    clock: Arc<Clock>,
    ticker: Option<JoinHandle<()>>,
    tenants: Mutex<HashMap<String, Tenant>>,
    tenant_count: AtomicU64,
}

/// Milliseconds since the engine started, as the ticker counts them.
#[derive(Default)]
struct Clock {
    now_ms: AtomicU64,
    stopped: AtomicBool,
}

impl Runtime {
    /// Starts the engine and its ticker.
    ///
    /// # Errors
    /// [`StartError`]; among others when not called inside tokio's multi-thread scheduler.
    pub fn new(settings: Settings) -> Result<Self, StartError> {
        let multi_thread = tokio::runtime::Handle::try_current()
            .is_ok_and(|handle| handle.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread);
        if !multi_thread {
            return Err(StartError::NotMultiThread);
        }
        let engine = |profile: Profile| {
            Engine::new(&profile.config()).map_err(|error| StartError::Engine(format!("{error:#}")))
        };
        let (compact, roomy) = (engine(Profile::Compact)?, engine(Profile::Roomy)?);
        let artifacts = Artifacts::open(&settings.artifacts)?;
        let clock = Arc::new(Clock::default());
        let ticker = thread::Builder::new()
            .name("hothouse-epoch".to_owned())
            .spawn({
                let (engines, clock) = ([compact.clone(), roomy.clone()], clock.clone());
                move || {
                    while !clock.stopped.load(Ordering::Relaxed) {
                        thread::sleep(TICK);
                        clock.now_ms.fetch_add(1, Ordering::Relaxed);
                        engines.iter().for_each(Engine::increment_epoch);
                    }
                }
            })
            .map_err(StartError::Ticker)?;
        let task_lane = TaskLane::new(settings.task_threads).map_err(StartError::TaskThreads)?;
        let slow_lane = Arc::new(SlowLane::new(settings.max_slow_calls));
        let service_calls = Arc::new(Semaphore::new(settings.max_service_calls.min(Semaphore::MAX_PERMITS)));
        Ok(Self(Arc::new(Shared {
            compact,
            roomy,
            artifacts,
            settings,
            slow_lane,
            service_calls,
            task_lane,
            clock,
            ticker: Some(ticker),
            tenants: Mutex::default(),
            tenant_count: AtomicU64::new(0),
        })))
    }

    /// Scans a component, compiles it unless that was done before, and tries an instance out. Takes as long as that
    /// does: call it from a thread that may block.
    ///
    /// # Errors
    /// [`LoadError`], naming what was found and what to do.
    pub fn load(
        &self,
        name: &str,
        bytes: &[u8],
        limits: Limits,
        grants: Grants,
    ) -> Result<Component, LoadError> {
        Component::load(self.0.clone(), name, bytes, limits, grants)
    }

    /// The account of a tenant, opened when it is first asked for.
    pub fn tenant(&self, name: &str) -> Tenant {
        let mut tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tenant) = tenants.get(name) {
            return tenant.clone();
        }
        let settings = &self.0.settings;
        let tenant = Tenant::new(name, settings.max_slow_calls_per_tenant, settings.tenant_share_of_cores);
        tenants.insert(name.to_owned(), tenant.clone());
        self.0.tenant_count.fetch_add(1, Ordering::Relaxed);
        tenant
    }
}

impl Shared {
    pub(crate) fn engine(&self, profile: Profile) -> &Engine {
        match profile {
            Profile::Compact => &self.compact,
            Profile::Roomy => &self.roomy,
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms.load(Ordering::Relaxed)
    }

    /// Whether all calls of a tenant start aside: it has used up its share, and there are others.
    pub(crate) fn is_crowding(&self, tenant: &Tenant) -> bool {
        self.tenant_count.load(Ordering::Relaxed) > 1 && tenant.is_over_share(self.now_ms())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.clock.stopped.store(true, Ordering::Relaxed);
        if let Some(ticker) = self.ticker.take() {
            let _ = ticker.join();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Runtime").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}
