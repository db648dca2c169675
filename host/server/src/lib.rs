//! Hothouse: live views under glass.
//!
//! A live view is a WebAssembly component that renders on the server; the browser runs the unmodified Phoenix
//! LiveView client and receives the smallest diff. This crate is the server: it loads an app's components, answers
//! page requests with complete HTML, and runs one actor per joined view.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     // Components are compiled in children of this program.
//!     if let Some(code) = hothouse::run_as_compiler() {
//!         return code;
//!     }
//!     // …
//! #    std::process::ExitCode::SUCCESS
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = hothouse::Settings::new("examples/showcase", hothouse::SigningKeys::from_file("secret.key".as_ref())?);
//! let server = hothouse::Server::open(settings).await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
//! server.serve(listener, std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! Follow one click: [`socket`](self) reads a frame, its channel finds the view's actor (`session`), the actor calls
//! the guest (`hothouse-runtime`), computes the diff (`hothouse-diff`) and answers (`hothouse-wire`).

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use hothouse_runtime::Runtime;
use hothouse_services::http::ClientSettings;
use hothouse_services::registered::Services;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

mod app;
mod app_session;
mod assets;
mod browser_session;
mod caller;
mod check;
mod claims;
mod commit;
mod cookies;
mod crash_loop;
mod error_pages;
mod flash;
mod handle;
mod http;
mod layout;
pub mod limits;
mod links;
mod listener;
mod live_session;
mod local_address;
pub mod manifest;
mod metadata;
mod names;
mod navigation;
mod offers;
mod open_sessions;
mod operations;
mod origin;
mod outgoing;
mod page;
mod places;
mod problems;
mod proxies;
mod rate;
mod routes;
mod session;
mod site;
mod socket;
mod telemetry;
mod token;
mod visitor;

pub use app::AppError;
pub use app_session::AppSession;
pub use assets::{AssetsError, HooksModuleError};
pub use error_pages::ErrorPageError;
pub use handle::{BroadcastError, Handle};
pub use hothouse_runtime::{CompileLimits, Compiler, Settings as RuntimeSettings, run_as_compiler};
/// What views may use besides their own state.
pub use hothouse_services as services;
pub use layout::LayoutError;
pub use links::{BrokenLink, LinkReport};
pub use operations::{BroadcastToken, MIN_TOKEN_BYTES, TokenTooShort};
pub use origin::PublicUrlError;
pub use proxies::{Proxies, ProxyHeader};
pub use token::keys::{KeyError, MIN_SECRET_BYTES, SigningKeys};

use app::App;
use browser_session::SessionCookie;
use browser_session::tickets::Tickets;
use limits::{Ceilings, Limit};
use manifest::Manifest;
use offers::Sources;
use open_sessions::Sessions;
use operations::Operations;
use origin::OriginPolicy;
use places::Places;
use rate::{Addresses, Rate};
use site::Site;
use telemetry::AppTelemetry;
use telemetry::metrics::Metrics;

/// How long sockets may take to say goodbye at shutdown.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// What a server is started with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The app's folder, with its `hothouse.toml`.
    pub app: PathBuf,
    /// Where browsers reach it; takes the place of the manifest's `public_url`.
    pub public_url: Option<String>,
    /// What tokens and cookies are signed with.
    pub keys: SigningKeys,
    /// The proxies in front of the server; none.
    pub proxies: Proxies,
    /// What manifests may ask for at most.
    pub ceilings: Ceilings,
    /// Services that views may call, as far as the manifest grants them.
    pub services: Services,
    /// Folder with the keys and values of views, a file for each tenant; made if need be. One server at a time has a file
    /// open. Not looked at when no view may use them.
    pub storage: PathBuf,
    /// What services announce with, from outside; without it, nothing is announced from there.
    pub broadcast_token: Option<BroadcastToken>,
    /// How tasks connect to other servers.
    pub http: ClientSettings,
    /// How guests are run.
    pub runtime: RuntimeSettings,
}

impl Settings {
    /// The default settings for the app in `app`. Components are compiled in children of the program that runs, which
    /// must call [`run_as_compiler`] first in its `main`; machine code is kept in `.hothouse/components` of the app, keys and
    /// values in `.hothouse/storage`.
    pub fn new(app: impl Into<PathBuf>, keys: SigningKeys) -> Self {
        let app = app.into();
        let runtime = RuntimeSettings::new(app.join(".hothouse/components"));
        let (ceilings, services) = (Ceilings::default(), Services::default());
        let (proxies, storage) = (Proxies::default(), app.join(".hothouse/storage"));
        let (broadcast_token, http) = (None, ClientSettings::default());
        Self {
            app,
            public_url: None,
            keys,
            proxies,
            ceilings,
            services,
            broadcast_token,
            storage,
            http,
            runtime,
        }
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The app cannot be served.
    #[error(transparent)]
    App(#[from] AppError),
    /// `public_url` is not one.
    #[error(transparent)]
    PublicUrl(#[from] PublicUrlError),
    /// The runtime for guests does not start.
    #[error(transparent)]
    Runtime(#[from] hothouse_runtime::StartError),
    /// Loading was interrupted.
    #[error("loading the app was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// Loads one component by itself, under the host's ceilings, and explains it: contract, imports and what they get,
/// size, layout and why.
///
/// # Errors
/// [`OpenError`], naming what was found, the limit and the fix.
pub async fn explain_component(file: &Path, settings: Settings) -> Result<String, OpenError> {
    let limits = settings.ceilings.apply(&[]).map_err(AppError::from)?;
    let runtime = Runtime::new(limits.within(settings.runtime))?;
    let (file, ceilings) = (file.to_owned(), settings.ceilings);
    let component =
        tokio::task::spawn_blocking(move || app::load_component(&file, &ceilings, &runtime)).await??;
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = check::explain_component(&mut text, &component);
    Ok(text)
}

/// An app that is ready to be served.
pub struct Server {
    site: Arc<Site>,
    manifest: Manifest,
    metrics: Arc<Metrics>,
    broadcast_token: Option<BroadcastToken>,
    stop: watch::Sender<bool>,
    open_socket: mpsc::Sender<()>,
    all_closed: mpsc::Receiver<()>,
}

impl Server {
    /// Reads the manifest and compiles the app's components.
    ///
    /// # Errors
    /// [`OpenError`], naming the file, the limit and the fix.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let manifest = Manifest::read(&settings.app).map_err(AppError::from)?;
        let limits = settings.ceilings.apply(&[("limits.", &manifest.limits)]).map_err(AppError::from)?;
        let public_url = settings.public_url.as_deref().or(manifest.public_url.as_deref());
        let origins = OriginPolicy::new(public_url)?;
        let runtime = Runtime::new(limits.within(settings.runtime))?;
        let (folder, ceilings) = (settings.app, settings.ceilings);
        let sources = Sources { services: settings.services, storage: settings.storage, http: settings.http };
        let metrics = Arc::new(Metrics::new());
        let telemetry = AppTelemetry::new(&metrics, &manifest.name);
        let load = {
            let metrics = metrics.clone();
            move || {
                App::load(&folder, &manifest, &ceilings, sources, &runtime, &metrics)
                    .map(|app| (app, manifest))
            }
        };
        let (app, manifest) = tokio::task::spawn_blocking(load).await??;
        let (stop, stopping) = watch::channel(false);
        let (open_socket, all_closed) = mpsc::channel(1);
        let pages = Rate::new(app.limits.get(Limit::Pages), Duration::from_secs(1), 4);
        let session_cookie = SessionCookie {
            keys: settings.keys.clone(),
            transport: origins.transport(),
            is_encrypted: manifest.session.encrypted,
            max_age: manifest.session.max_age_s.map(Duration::from_secs),
        };
        let site = Arc::new(Site {
            session_cookie,
            tickets: Tickets::default(),
            sessions: Sessions::default(),
            pages: Addresses::new(pages),
            sockets: Places::new(Limit::Sockets, &app.limits),
            instances: Places::new(Limit::Instances, &app.limits),
            tasks: Places::new(Limit::Tasks, &app.limits),
            app,
            telemetry,
            keys: settings.keys,
            origins,
            proxies: settings.proxies,
            stopping,
            open_socket: open_socket.downgrade(),
        });
        let broadcast_token = settings.broadcast_token;
        Ok(Self { site, manifest, metrics, broadcast_token, stop, open_socket, all_closed })
    }

    /// What was loaded, for people: each component with its contract, imports and what they get, size, layout and why;
    /// the limits that hold; the routes.
    pub fn explain(&self) -> String {
        check::explain(&self.site.app, &self.manifest)
    }

    /// Makes the page of each route once, with made-up parameters, and compares what its links and its `patch` and
    /// `navigate` commands name with the routes. Nobody is signed in there, and no policy is asked.
    pub async fn check_links(&self) -> LinkReport {
        let paths: Vec<String> = self.manifest.routes.iter().map(|route| route.path.clone()).collect();
        links::check(&self.site, &paths).await
    }

    /// The limits that hold for the app's sockets and pages, and for views that ask for none of their own.
    pub fn limits(&self) -> &limits::Effective {
        &self.site.app.limits
    }

    /// Whether the app may be served to other machines: it has a `public_url`, without which every socket of
    /// another machine's browser would be refused.
    pub fn is_public(&self) -> bool {
        self.site.origins.is_public()
    }

    /// The app as a router, to be nested at the root of another server. That server's connections are its own business;
    /// serve it with `into_make_service_with_connect_info::<SocketAddr>()`, or pages are not counted by address.
    pub fn router(&self) -> Router {
        http::router(self.site.clone())
    }

    /// A hold on the server, for whoever announces and disconnects.
    pub fn handle(&self) -> Handle {
        Handle::new(self.site.clone())
    }

    /// What operators ask for, as a router: `/metrics` in the text format of Prometheus, `/healthz` (200 while the
    /// process answers), `/readyz` (200 while requests are served, 503 from the moment that the server stops).
    /// It tells the names of tenants and views to whoever asks: not to be reached by strangers.
    ///
    /// With [`Settings::broadcast_token`], `POST /broadcast` as well, with `Authorization: Bearer TOKEN` and the body
    /// `{"topic":"…","name":"…","payload":…}`: as [`Handle::broadcast`], answered with `{"reached":n}`.
    pub fn operations_router(&self) -> Router {
        let (tenant, stopping) = (self.site.app.tenant.clone(), self.site.stopping.clone());
        let operations = Operations::new(self.metrics.clone(), tenant, stopping);
        operations::router(operations, self.site.clone(), self.broadcast_token.clone())
    }

    /// Serves [`Server::operations_router`] on a listener of its own, for as long as the future is polled: while the
    /// server stops, and after it.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub fn serve_operations(
        &self,
        listener: TcpListener,
    ) -> impl Future<Output = io::Result<()>> + Send + use<> {
        let router = self.operations_router();
        async move { axum::serve(listener, router).await }
    }

    /// Serves until `shutdown` is ready; then accepts no more connections, closes every socket with a code that
    /// makes its client connect again, lets every view terminate, and returns.
    ///
    /// A connection has 15 s to send the head of a request, of 32 KiB and 100 headers at most; 20,000 connections
    /// that are no sockets are served at once.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let stop = self.stop.clone();
        let stopping = async move {
            shutdown.await;
            let _ = stop.send(true);
        };
        listener::serve(listener, self.router(), self.site.clone(), stopping).await;
        self.stop().await;
    }

    /// Stops a server whose router is served by another: closes every socket with a code that makes its client
    /// connect again, lets every view terminate, and returns. Sockets that come later are closed at once.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        drop(self.open_socket);
        if timeout(DRAIN_TIMEOUT, self.all_closed.recv()).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("app", &self.site.app.title.default).finish_non_exhaustive()
    }
}
