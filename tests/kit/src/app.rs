//! An app, served in the test's process.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::Location;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use hothouse::{AppSession, Compiler, Handle, Server, Settings, SigningKeys};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::browser::Browser;
use crate::error::{Code, Problem, Result};

/// By this header a browser of the kit says whose session it has.
pub(crate) const SESSION_HEADER: &str = "x-hothouse-test-session";
/// Apps are opened one at a time: the first compiles what the others then find on the disk.
static OPENING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
/// Nothing that tests sign is worth anything.
const SECRET: &str = "a secret for tests, 32 bytes or more";

/// An app that is served by the real server, in this process, until the last clone of it is gone.
///
/// Several browsers, and several pages of each, may share one: what one person does, another sees.
///
/// ```no_run
/// # async fn test() -> hothouse_test::Result {
/// let app = hothouse_test::App::open("examples/embed").await?;
/// let mut ann = app.browser().session("ann", [("user", "ann")]).live("/stock").await?;
/// let mut bob = app.browser().session("bob", [("user", "bob")]).live("/stock").await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct App(Arc<Served>);

#[derive(Debug)]
struct Served {
    address: SocketAddr,
    sessions: Sessions,
    /// Its sockets close when it goes.
    server: Server,
    task: JoinHandle<()>,
    /// What its views keep; empty to begin with, and gone with it.
    _storage: Option<TempDir>,
}

/// What views see of the sessions of the application that the kit stands in for, by id.
type Sessions = Arc<Mutex<HashMap<String, Vec<(String, String)>>>>;

impl App {
    /// Serves the app in this folder, as its `hothouse.toml` describes it. A relative folder is one of the package whose
    /// tests run. What its views keep is nobody else's, and gone with it: each app that is opened begins with an empty
    /// store, which [`handle`](Self::handle) can fill and look into.
    ///
    /// # Errors
    /// [`Code::App`], with what is wrong with the manifest, or which command builds the component that is missing.
    #[track_caller]
    pub fn open(folder: impl AsRef<Path>) -> impl Future<Output = Result<Self>> + Send {
        let (folder, at) = (folder.as_ref().to_owned(), Location::caller());
        async move { Self::open_in(&folder, |_| {}).await.map_err(|problem| problem.at(at)) }
    }

    /// As [`open`](Self::open), for an app whose operator wants something else: `change` is given the settings with which
    /// the server is about to start.
    ///
    /// ```no_run
    /// # use hothouse_test::{App, Result};
    /// # async fn open() -> Result<App> {
    /// App::open_with(".", |settings| settings.public_url = Some("https://shop.example".to_owned())).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[track_caller]
    pub fn open_with(
        folder: impl AsRef<Path>,
        change: impl FnOnce(&mut Settings) + Send,
    ) -> impl Future<Output = Result<Self>> + Send {
        let (folder, at) = (folder.as_ref().to_owned(), Location::caller());
        async move { Self::open_in(&folder, change).await.map_err(|problem| problem.at(at)) }
    }

    /// Serves an application's own router, in which that of this server is nested: see the guide on embedding. The server
    /// must have been opened with [`Compiler::InProcess`].
    ///
    /// # Errors
    /// [`Code::App`], when nothing can be listened to.
    #[track_caller]
    pub fn embedded(router: Router, server: Server) -> impl Future<Output = Result<Self>> + Send {
        let at = Location::caller();
        async move { Self::serve(router, server, None).await.map_err(|problem| problem.at(at)) }
    }

    pub(crate) async fn open_in(
        folder: &Path,
        change: impl FnOnce(&mut Settings) + Send,
    ) -> std::result::Result<Self, Problem> {
        let shown = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let failed = |error: &dyn std::fmt::Display| {
            Problem::new(Code::App, format!("the app in {} cannot be opened: {error}", shown.display()))
        };
        let keys = SigningKeys::from_secrets([SECRET]).map_err(|error| failed(&error))?;
        let mut settings = Settings::new(folder, keys);
        // A test's program is no compiler; its components are as trusted as the test.
        settings.runtime.compiler = Compiler::InProcess;
        let storage = tempfile::tempdir().map_err(|error| failed(&error))?;
        settings.storage = storage.path().to_owned();
        change(&mut settings);
        let server = {
            let _turn = OPENING.lock().await;
            Server::open(settings).await.map_err(|error| failed(&error))?
        };
        Self::serve(server.router(), server, Some(storage)).await
    }

    async fn serve(
        router: Router,
        server: Server,
        storage: Option<TempDir>,
    ) -> std::result::Result<Self, Problem> {
        let failed = |error| Problem::new(Code::App, format!("127.0.0.1 cannot be listened to: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let sessions = Sessions::default();
        let router = router.layer(from_fn_with_state(sessions.clone(), with_session));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            // It listens until the task is aborted.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Self(Arc::new(Served { address, sessions, server, task, _storage: storage })))
    }

    /// A browser of its own: no cookies, nobody signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// A hold on the server, to announce something as an embedding application does, or to read and write what views keep.
    pub fn handle(&self) -> Handle {
        self.0.server.handle()
    }

    /// From now on, whoever names this id has this session.
    pub(crate) fn sign_in(&self, id: &str, values: Vec<(String, String)>) {
        let mut sessions = self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(id.to_owned(), values);
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Does what an application's own middleware does: it finds out whose request this is.
async fn with_session(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    let id = request.headers().get(SESSION_HEADER).and_then(|id| id.to_str().ok());
    let session = id.and_then(|id| {
        let sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(id).map(|values| AppSession::new(id, values.clone()))
    });
    if let Some(session) = session {
        request.extensions_mut().insert(session);
    }
    next.run(request).await
}
