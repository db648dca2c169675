//! A loaded app: its views, what stands around them, and which view answers a path. Knows nothing of sockets, and of
//! requests only their paths.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use hothouse_diff::{Hooks, Interner, Policy};
use hothouse_runtime::{CallError, Component, Context, Effect, Grants, Runtime, Tenant, View};
use hothouse_services::http::ClientError;
use hothouse_services::kv::{self, FileStore, Store};
use hothouse_services::presence::{LocalTracker, Tracker};
use hothouse_services::pubsub::PubSub;
use tracing::Instrument as _;

use crate::assets::{Assets, AssetsError, HooksModuleError};
use crate::crash_loop::CrashLoops;
use crate::error_pages::{ErrorPageError, ErrorPages};
use crate::layout::{self, Layout, LayoutError};
use crate::limits::{Ceilings, Effective, Limit, LimitsError};
use crate::live_session::LiveSession;
use crate::manifest::{ComponentEntry, ConnectInfo, Manifest, ManifestError, suggestion};
use crate::offers::{Offers, Sources};
use crate::routes::{Found, Routes};
use crate::telemetry::metrics::{Metrics, Step};
use crate::telemetry::{InstanceTelemetry, ViewTelemetry};

/// Largest component file that is read, in bytes.
const MAX_COMPONENT_BYTES: u64 = 32 * 1024 * 1024;

/// An app, ready to be served.
pub(crate) struct App {
    pub(crate) title: PageTitle,
    pub(crate) error_pages: ErrorPages,
    pub(crate) layout: Layout,
    pub(crate) assets: Assets,
    /// Whether pages say in which time zone they are: one view at least may know it.
    pub(crate) asks_time_zone: bool,
    pub(crate) tenant: Tenant,
    /// Limits of the app's sockets and pages.
    pub(crate) limits: Effective,
    /// The tenant's topics.
    pub(crate) pubsub: PubSub,
    /// The tenant's keys and values, if a view may use them.
    pub(crate) kv: Option<Arc<dyn Store>>,
    /// Who is there under them.
    pub(crate) tracker: Arc<dyn Tracker>,
    views: BTreeMap<String, Arc<LiveView>>,
    routes: Routes<Target>,
}

/// What stands around the titles of pages.
pub(crate) struct PageTitle {
    /// Title of pages whose view sets none.
    pub(crate) default: String,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
}

/// What a route leads to.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) view: Arc<LiveView>,
    pub(crate) session: Arc<LiveSession>,
}

/// One view: a compiled component, and the templates that its instances share.
pub(crate) struct LiveView {
    pub(crate) name: String,
    pub(crate) component: Component,
    pub(crate) interner: Arc<Interner>,
    /// Origins that it may redirect to.
    pub(crate) redirects: Vec<String>,
    /// Whether it may change the browser's session.
    pub(crate) may_put_session: bool,
    /// Limits on what it may render.
    pub(crate) documents: hothouse_diff::Limits,
    /// All limits that hold for it.
    pub(crate) limits: Effective,
    pub(crate) telemetry: Arc<ViewTelemetry>,
    /// Addresses at which it broke lately.
    pub(crate) crash_loops: CrashLoops,
}

impl LiveView {
    fn load(
        folder: &Path,
        name: &str,
        entry: &ComponentEntry,
        limits: Effective,
        offers: &Offers,
        runtime: &Runtime,
        telemetry: ViewTelemetry,
    ) -> Result<Self, AppError> {
        let path = folder.join(&entry.path);
        let read = |source| AppError::Read {
            component: name.to_owned(),
            path: path.clone(),
            source,
            build: entry.build.clone(),
        };
        let file = read_component(&path, name, read)?;
        let services = offers.services.granted(&entry.services).map_err(|service| AppError::Service {
            component: name.to_owned(),
            service: service.to_owned(),
            suggestion: suggestion(service, offers.services.names()),
        })?;
        let connect_info = hothouse_runtime::ConnectInfo {
            peer_address: entry.grants(ConnectInfo::PeerAddress),
            user_agent: entry.grants(ConnectInfo::UserAgent),
            languages: entry.grants(ConnectInfo::Languages),
            time_zone: entry.grants(ConnectInfo::TimeZone),
        };
        let (config, http) = (entry.config.clone(), offers.outbound(&entry.http));
        let (presence, kv) = (Some(offers.tracker.clone()), offers.kv.clone().filter(|_| entry.kv));
        let grants = Grants { config, services, http, connect_info, presence, kv };
        let component = runtime.load(name, &file, limits.runtime(), grants)?;
        let hooks = Hooks::new(name, &entry.hooks, entry.hooks_module.is_some());
        let interner = Arc::new(Interner::new(Policy { raw_markup: entry.raw_markup, hooks }));
        let (redirects, may_put_session) = (entry.redirects.clone(), entry.put_session);
        let (name, telemetry, documents) = (name.to_owned(), Arc::new(telemetry), limits.documents());
        let crash_loops = CrashLoops::default();
        Ok(Self {
            name,
            component,
            interner,
            redirects,
            may_put_session,
            documents,
            limits,
            telemetry,
            crash_loops,
        })
    }

    /// Mounts an instance: [`Component::mount`], measured and in the instance's span.
    pub(crate) async fn mount(
        &self,
        tenant: &Tenant,
        context: Context,
        telemetry: &InstanceTelemetry,
    ) -> Result<(View, Vec<Effect>), CallError> {
        let began = Instant::now();
        let outcome = self.component.mount(tenant, context).instrument(telemetry.span().clone()).await;
        telemetry.step(Step::Mount, began.elapsed());
        outcome
    }
}

/// A path that a view answers.
pub(crate) struct Routed {
    pub(crate) target: Target,
    /// Parameters of the path, then those of the query, decoded.
    pub(crate) params: Vec<(String, String)>,
}

/// Why an app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The manifest cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A component file could not be read.
    #[error("component `{component}`: {}: {source}{}", path.display(), build_hint(build.as_deref()))]
    Read {
        /// The component's name.
        component: String,
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
        /// The command that builds it.
        build: Option<String>,
    },
    /// A component file is larger than a component may be.
    #[error("component `{component}`: {bytes} bytes, the limit is {MAX_COMPONENT_BYTES}")]
    TooLarge {
        /// The component's name.
        component: String,
        /// Its size.
        bytes: u64,
    },
    /// A component asks for a service that there is not.
    #[error(
        "component `{component}` asks for service `{service}`, which is not registered{suggestion}: an application that embeds the server registers services before it opens the app"
    )]
    Service {
        /// The component's name.
        component: String,
        /// The service's name.
        service: String,
        /// What may have been meant.
        suggestion: String,
    },
    /// The file with the app's keys and values cannot be used.
    #[error("storage: {0}")]
    Storage(#[from] kv::OpenError),
    /// What is in the app's folder of assets cannot be served.
    #[error("{}: {reason}", path.display())]
    Assets {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: AssetsError,
    },
    /// The script with a component's hooks cannot be served.
    #[error("component `{component}`: `hooks_module`: {}: {reason}", path.display())]
    HooksModule {
        /// The component's name.
        component: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: HooksModuleError,
    },
    /// The app's layout cannot be used.
    #[error("{}: {reason}", path.display())]
    Layout {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: LayoutError,
    },
    /// An error page cannot be served.
    #[error("error_pages.{status}: {}: {reason}", path.display())]
    ErrorPage {
        /// The status that it is for.
        status: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: ErrorPageError,
    },
    /// There are no connections to other servers.
    #[error("requests to other servers: {0}")]
    Http(#[from] ClientError),
    /// A limit cannot be given.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// A component was refused.
    #[error(transparent)]
    Load(#[from] hothouse_runtime::LoadError),
    /// Several components cannot be served.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<AppError>),
    /// A route cannot be added.
    #[error("route `{path}`: {reason}")]
    Route {
        /// The path.
        path: String,
        /// What the router said.
        reason: String,
    },
}

/// The store of the app's tenant, if one of its views may use it.
fn open_store(
    storage: &Path,
    manifest: &Manifest,
    limits: &Effective,
) -> Result<Option<Arc<dyn Store>>, AppError> {
    if !manifest.components.values().any(|component| component.kv) {
        return Ok(None);
    }
    let max_bytes = limits.get(Limit::Storage).saturating_mul(1024 * 1024);
    Ok(Some(Arc::new(FileStore::open(storage, &manifest.name, max_bytes)?)))
}

fn several(mut problems: Vec<AppError>) -> AppError {
    match (problems.pop(), problems.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            problems.extend(last);
            AppError::Several(problems)
        }
    }
}

/// What stands around the views: files, and the layout that names them.
fn load_around(folder: &Path, manifest: &Manifest) -> Result<(Assets, Layout), AppError> {
    let mut assets = Assets::load(folder).map_err(|(path, reason)| AppError::Assets { path, reason })?;
    for (name, entry) in &manifest.components {
        let Some(path) = &entry.hooks_module else { continue };
        assets.add_hooks_module(folder, name, path).map_err(|reason| AppError::HooksModule {
            component: name.clone(),
            path: folder.join(path),
            reason,
        })?;
    }
    let layout = Layout::load(folder, &assets)
        .map_err(|reason| AppError::Layout { path: folder.join(layout::FILE), reason })?;
    Ok((assets, layout))
}

fn build_hint(build: Option<&str>) -> String {
    build.map_or_else(String::new, |build| format!(" (build it: `{build}`)"))
}

/// One component by itself, named by its file.
pub(crate) fn load_component(
    file: &Path,
    ceilings: &Ceilings,
    runtime: &Runtime,
) -> Result<Component, AppError> {
    let name = file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let read =
        |source| AppError::Read { component: name.clone(), path: file.to_owned(), source, build: None };
    let bytes = read_component(file, &name, read)?;
    Ok(runtime.load(&name, &bytes, ceilings.apply(&[])?.runtime(), Grants::default())?)
}

fn read_component(
    path: &Path,
    component: &str,
    failed: impl Fn(std::io::Error) -> AppError,
) -> Result<Vec<u8>, AppError> {
    let bytes = std::fs::metadata(path).map_err(&failed)?.len();
    if bytes > MAX_COMPONENT_BYTES {
        return Err(AppError::TooLarge { component: component.to_owned(), bytes });
    }
    std::fs::read(path).map_err(failed)
}

impl App {
    /// Reads and compiles every component of the app in `folder`. Takes as long as compiling does: call it from
    /// a thread that may block.
    pub(crate) fn load(
        folder: &Path,
        manifest: &Manifest,
        ceilings: &Ceilings,
        sources: Sources,
        runtime: &Runtime,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, AppError> {
        let limits = ceilings.apply(&[("limits.", &manifest.limits)])?;
        let pubsub = PubSub::default();
        let tracker: Arc<dyn Tracker> = Arc::new(LocalTracker::new(pubsub.clone()));
        let mut views = BTreeMap::new();
        let mut problems = Vec::new();
        let kv = open_store(&sources.storage, manifest, &limits).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let offers = Offers::new(sources, tracker, kv, manifest, &limits)?;
        for (name, entry) in &manifest.components {
            let place = format!("components.{name}.limits.");
            let loaded = ceilings
                .apply(&[("limits.", &manifest.limits), (&place, &entry.limits)])
                .map_err(AppError::from)
                .and_then(|limits| {
                    let telemetry = ViewTelemetry::new(metrics, &manifest.name, name);
                    LiveView::load(folder, name, entry, limits, &offers, runtime, telemetry)
                });
            match loaded {
                Ok(view) => drop(views.insert(name.clone(), Arc::new(view))),
                Err(problem) => problems.push(problem),
            }
        }
        let around = load_around(folder, manifest).map_err(|problem| problems.push(problem)).ok();
        let error_pages = ErrorPages::read(folder, &manifest.error_pages, |problem| problems.push(problem));
        let Some((assets, layout)) = around.filter(|_| problems.is_empty()) else {
            return Err(several(problems));
        };
        let sessions = manifest.live_sessions();
        let mut routes = Routes::default();
        for route in &manifest.routes {
            let refused = |reason: String| AppError::Route { path: route.path.clone(), reason };
            let view =
                views.get(route.component.as_str()).ok_or_else(|| refused("no such component".to_owned()))?;
            let session = sessions
                .get(route.live_session.as_deref().unwrap_or_default())
                .ok_or_else(|| refused("no such live session".to_owned()))?;
            let target = Target { view: view.clone(), session: session.clone() };
            routes.insert(&route.path, target).map_err(|error| refused(error.to_string()))?;
        }
        let tenant = runtime.tenant(&manifest.name);
        tenant.limit_memory(limits.size(Limit::TotalMemory));
        Ok(Self {
            title: PageTitle {
                default: manifest.title.clone().unwrap_or_else(|| manifest.name.clone()),
                prefix: manifest.title_prefix.clone(),
                suffix: manifest.title_suffix.clone(),
            },
            error_pages,
            layout,
            assets,
            asks_time_zone: manifest
                .components
                .values()
                .any(|component| component.grants(ConnectInfo::TimeZone)),
            tenant,
            limits,
            pubsub,
            tracker: offers.tracker,
            kv: offers.kv,
            views,
            routes,
        })
    }

    /// Its views, by name.
    pub(crate) fn views(&self) -> impl Iterator<Item = &LiveView> {
        self.views.values().map(|view| &**view)
    }

    /// The view that answers `path` (percent-encoded, without the query), if any does.
    pub(crate) fn route(&self, path: &str, query: Option<&str>) -> Option<Routed> {
        let Found { target, params } = self.routes.at(path, query)?;
        Some(Routed { target, params })
    }
}
