//! A real server for the protocol tests: real components, a real socket, an app made for one test.
//!
//! Clients come from `hothouse-test-client`, which shares no code with the host.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use hothouse::{Compiler, Server, Settings, SigningKeys};
use hothouse_test_client::{Client, Page, Socket, View};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod errands;
mod metrics;

pub use errands::Errands;
pub use metrics::Metrics;

/// The secret that servers of tests sign with, unless a test wants another.
pub const SECRET: &str = "a secret for tests, 32 bytes or more";

/// Tests are faster than people.
const RATES: &[&str] = &["events_per_second", "joins_per_minute", "pages_per_second"];

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct TestServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it answers operators, until the test ends.
    pub operations: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
    _app: AppFolder,
}

/// A folder with an app's manifest, removed when dropped.
#[derive(Debug)]
pub struct AppFolder(tempfile::TempDir);

impl AppFolder {
    /// An app that serves each component, named by its package, at a path: `&[("/counter", "bench-counter")]`. What
    /// stands behind a `#` tells components of one package apart.
    ///
    /// # Errors
    /// When a component has not been built.
    pub fn new(routes: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::with_limits(routes, "")
    }

    /// An app with these lines under `[limits]`. Rates that they do not name are higher than any test's.
    ///
    /// # Errors
    /// As [`AppFolder::new`].
    pub fn with_limits(routes: &[(&str, &str)], limits: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut manifest = head(limits);
        let mut named: Vec<&str> = Vec::new();
        for (path, package) in routes {
            if !named.contains(package) {
                named.push(package);
                let file = component(package.split('#').next().unwrap_or(package))?;
                let file = file.display().to_string();
                manifest.push_str(&format!("[components.{}]\npath = {file:?}\n", package.replace('#', "-")));
            }
            let name = package.replace('#', "-");
            manifest.push_str(&format!("[[routes]]\npath = {path:?}\ncomponent = {name:?}\n"));
        }
        std::fs::write(folder.path().join("hothouse.toml"), manifest)?;
        Ok(Self(folder))
    }

    /// An app with these components, named by their packages, and the rest of its manifest: `top` are keys of the app itself,
    /// `tables` what comes behind its components.
    ///
    /// # Errors
    /// As [`AppFolder::new`].
    pub fn described(packages: &[&str], top: &str, tables: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut manifest = format!("{top}\n{}", head(""));
        for package in packages {
            let file = component(package)?.display().to_string();
            manifest.push_str(&format!("[components.{package}]\npath = {file:?}\n"));
        }
        std::fs::write(folder.path().join("hothouse.toml"), manifest + tables)?;
        Ok(Self(folder))
    }

    /// An app with one component, made of these bytes, at `/`, and these lines under `[limits]`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn holding(component: &[u8], limits: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("view.wasm"), component)?;
        let manifest = head(limits)
            + "[components.view]\npath = \"view.wasm\"\n[[routes]]\npath = \"/\"\ncomponent = \"view\"\n";
        std::fs::write(folder.path().join("hothouse.toml"), manifest)?;
        Ok(Self(folder))
    }

    /// Writes a file into it, such as `assets/app.css`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let file = self.path().join(name);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(file, text)?)
    }

    /// Adds a line to each component of the manifest.
    ///
    /// # Errors
    /// When the manifest cannot be written.
    pub fn grant(&self, line: &str) -> anyhow::Result<()> {
        let file = self.path().join("hothouse.toml");
        let manifest = std::fs::read_to_string(&file)?;
        let is_component = |old: &str| old.starts_with("[components.");
        let lines = manifest.lines().flat_map(|old| [Some(old), is_component(old).then_some(line)]).flatten();
        Ok(std::fs::write(file, lines.collect::<Vec<_>>().join("\n"))?)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The first lines of a manifest.
fn head(limits: &str) -> String {
    let mut head = format!("name = \"test\"\ntitle = \"Test app\"\n[limits]\n{limits}\n");
    for rate in RATES.iter().filter(|rate| !limits.contains(*rate)) {
        head.push_str(&format!("{rate} = 100000\n"));
    }
    head
}

/// The built component of a package.
///
/// # Errors
/// When it has not been built.
pub fn component(package: &str) -> anyhow::Result<PathBuf> {
    let file = workspace().join("target/components").join(format!("{package}.wasm"));
    if !file.is_file() {
        bail!("{} is missing: run `cargo xtask build-components`", file.display());
    }
    Ok(file)
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// How an app is served in tests: components, which are ours, are compiled in this process and kept for all tests.
///
/// # Errors
/// When the secret is too short.
pub fn settings(app: &AppFolder, secret: &str) -> anyhow::Result<Settings> {
    let mut settings = Settings::new(app.path(), SigningKeys::from_secrets([secret])?);
    settings.runtime.compiler = Compiler::InProcess;
    settings.runtime.artifacts = workspace().join("target/compiled");
    Ok(settings)
}

impl TestServer {
    /// Serves components at paths, on a free port.
    ///
    /// # Errors
    /// When a component has not been built, or the server does not start.
    pub async fn start(routes: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_with(AppFolder::new(routes)?, SECRET).await
    }

    /// Serves components at paths, with these lines under `[limits]`.
    ///
    /// # Errors
    /// As [`TestServer::start`].
    pub async fn limited(routes: &[(&str, &str)], limits: &str) -> anyhow::Result<Self> {
        Self::start_with(AppFolder::with_limits(routes, limits)?, SECRET).await
    }

    /// Serves an app, signing with `secret`.
    ///
    /// # Errors
    /// As [`TestServer::start`].
    pub async fn start_with(app: AppFolder, secret: &str) -> anyhow::Result<Self> {
        let settings = settings(&app, secret)?;
        Self::start_as(app, settings).await
    }

    /// Serves an app with settings of its own.
    ///
    /// # Errors
    /// As [`TestServer::start`].
    pub async fn start_as(app: AppFolder, settings: Settings) -> anyhow::Result<Self> {
        let server = Server::open(settings).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let for_operators = TcpListener::bind("127.0.0.1:0").await?;
        let operations = for_operators.local_addr()?;
        tokio::spawn(server.serve_operations(for_operators));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.serve(listener, async move {
            // A dropped sender stops the server as well.
            let _ = stopped.await;
        }));
        Ok(Self { address, operations, stop: Some(stop), task, _app: app })
    }

    /// What the server counts, as it is scraped.
    ///
    /// # Errors
    /// When there is no answer, or one that is no metrics.
    pub async fn metrics(&self) -> anyhow::Result<Metrics> {
        Metrics::scrape(self.operations).await
    }

    /// Asks the server to stop, as a signal would, without waiting for it.
    pub fn begin_shutdown(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Whether a stopping server has ended.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// Waits until a stopping server has ended.
    ///
    /// # Errors
    /// When it failed.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.task.await.context("the server's task")
    }
}

/// A server with one component, and a browser that has joined it.
#[derive(Debug)]
pub struct Joined {
    /// The server.
    pub server: TestServer,
    /// The browser's cookies.
    pub client: Client,
    /// The page that it opened.
    pub page: Page,
    /// Its socket.
    pub socket: Socket,
    /// The view that was joined.
    pub view: View,
}

impl Joined {
    /// Serves `component` at `/`, opens the page and joins it.
    ///
    /// # Errors
    /// As [`TestServer::start`], or when the join is refused.
    pub async fn open(component: &str) -> anyhow::Result<Self> {
        let server = TestServer::start(&[("/", component)]).await?;
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Self { server, client, page, socket, view })
    }

    /// Clicks, and merges the diff that answers; `null` when there is none.
    ///
    /// # Errors
    /// When the answer is not an ok reply, or its diff cannot be merged.
    pub async fn click(&mut self, event: &str, value: Value) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, event, value).await?;
        Ok(response.get("diff").cloned().unwrap_or(Value::Null))
    }

    /// Writes down what the view has received so far, for the real client's merge code to be run on: the join's
    /// `rendered`, the diffs in order, and the HTML that the independent merge made of them.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn record(&self, name: &str) -> anyhow::Result<()> {
        record(&self.view, name)
    }
}

/// As [`Joined::record`].
///
/// # Errors
/// When the file cannot be written.
pub fn record(view: &View, name: &str) -> anyhow::Result<()> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = workspace().join("target/recorded");
    std::fs::create_dir_all(&folder)?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let View { rendered, diffs, .. } = view;
    let line =
        serde_json::json!({ "name": name, "rendered": rendered, "diffs": diffs, "html": view.html()? });
    std::fs::write(folder.join(format!("{name}-{number}.jsonl")), format!("{line}\n"))?;
    Ok(())
}
