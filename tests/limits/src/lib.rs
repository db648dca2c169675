//! The real server as a process of its own, a neighbour to watch, and the frame in which every attack happens.
//!
//! An attack is made on a server that serves a neighbour as well. It has to end as its row of `ATTACKS.md` says: with
//! one step of one counter and one line of log, both with the code of what was refused; with the neighbour's next 200
//! events answered correctly and in order; without a panic, and without the server having grown.

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use hothouse_protocol_tests::{AppFolder, Metrics, workspace};
use hothouse_test_client::{Client, Page, Socket, View};
use serde_json::json;
use tokio::time::sleep;

/// What every server of these tests serves: a view that does as it is told, and one with the standard library.
pub const ROUTES: &[(&str, &str)] = &[("/", "asks-everything"), ("/stock", "stock-wasi")];
/// How long what was refused may take to be counted and logged.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a server may grow by in one attack.
const MAX_GROWTH_BYTES: u64 = 64 * 1024 * 1024;
/// Events of the neighbour after an attack.
const NEIGHBOURS_EVENTS: u64 = 200;

/// A running server. Ended when dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it serves the app.
    pub address: SocketAddr,
    operations: SocketAddr,
    child: Child,
    log: Arc<Mutex<String>>,
    _app: AppFolder,
}

/// A browser that has joined a view.
#[derive(Debug)]
pub struct Visitor {
    /// Its cookies.
    pub client: Client,
    /// Its page.
    pub page: Page,
    /// Its socket.
    pub socket: Socket,
    /// Its view.
    pub view: View,
}

impl Server {
    /// Starts the real program.
    ///
    /// # Errors
    /// When it or a component has not been built, or it does not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::limited("")
    }

    /// Starts it with these lines under the manifest's `[limits]`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn limited(limits: &str) -> anyhow::Result<Self> {
        let app = AppFolder::with_limits(ROUTES, limits)?;
        // Machine code is kept for all tests.
        let compiled = workspace().join("target/compiled-by-children");
        std::fs::create_dir_all(&compiled)?;
        std::fs::create_dir_all(app.path().join(".hothouse"))?;
        std::os::unix::fs::symlink(compiled.canonicalize()?, app.path().join(".hothouse/components"))?;
        let program = workspace().join("target/debug/hothouse");
        ensure!(program.is_file(), "run `cargo build --workspace --bin hothouse`");
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--app"])
            .arg(app.path())
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = Arc::new(Mutex::new(String::new()));
        let (errors, collected) = (child.stderr.take().context("stderr")?, log.clone());
        std::thread::spawn(move || collect(errors, &collected));
        let mut addresses = BufReader::new(child.stdout.take().context("stdout")?).lines();
        let mut announced = |word: &str| -> anyhow::Result<SocketAddr> {
            for line in addresses.by_ref() {
                if let Some(address) = line?.strip_prefix(word) {
                    return Ok(address.trim_end_matches("/metrics").parse()?);
                }
            }
            bail!("the server ended without `{word}`")
        };
        let address = announced("listening on http://");
        let operations = announced("metrics on http://");
        match (address, operations) {
            (Ok(address), Ok(operations)) => Ok(Self { address, operations, child, log, _app: app }),
            (address, operations) => {
                child.kill()?;
                bail!("{address:?} {operations:?}: {}", log.lock().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }

    /// A browser that opens `path` and joins its view.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn visit(&self, path: &str) -> anyhow::Result<Visitor> {
        let mut client = Client::new(self.address);
        let page = client.get(path).await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Visitor { client, page, socket, view })
    }

    /// Makes an attack, and holds the server to what the row of the table says: `counter` and the log have `code` once.
    ///
    /// # Errors
    /// When anything else happened.
    pub async fn endure<F>(&self, counter: &str, code: &str, attack: F) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let mut neighbour = self.visit("/").await?;
        neighbour.counts(1).await?;
        let (before, resident) = (self.metrics().await?, self.resident_bytes()?);
        attack(self).await.context("the attack")?;
        neighbour.counts(NEIGHBOURS_EVENTS).await.context("the neighbour")?;
        self.counted_once(counter, code, &before).await?;
        let grown = self.resident_bytes()?.saturating_sub(resident);
        ensure!(grown < MAX_GROWTH_BYTES, "the server has grown by {grown} bytes");
        Ok(())
    }

    /// Holds the server to having told this often that a limit comes near, in its log and in its metrics.
    ///
    /// # Errors
    /// When it has told of it more or less often.
    pub async fn told_of_near(&self, limit: &str, times: u32) -> anyhow::Result<()> {
        let (label, field) = (format!("limit=\"{limit}\""), format!("code=\"near-limit\" limit=\"{limit}\""));
        self.logged(&field, times).await?;
        let near = self.metrics().await?.sum("hothouse_limits_near_total", &label);
        ensure!(near == f64::from(times), "{limit} was counted {near} times\n{}", self.log());
        Ok(())
    }

    /// Holds the server to having logged this many lines that contain `text`.
    ///
    /// # Errors
    /// When there are more or fewer.
    pub async fn logged(&self, text: &str, lines: u32) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let log = self.log();
            let found = log.lines().filter(|line| line.contains(text)).count();
            if found == lines as usize {
                return Ok(());
            }
            // More than enough does not become less.
            if found > lines as usize || began.elapsed() > PATIENCE {
                bail!("{found} lines contain {text}, not {lines}\n{log}");
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a gauge, all its series together, has a value.
    ///
    /// # Errors
    /// When it does not come to it.
    pub async fn gauge(&self, name: &str, value: f64) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let found = self.metrics().await?.sum(name, "");
            if found == value {
                return Ok(());
            }
            ensure!(began.elapsed() < PATIENCE, "{name} is {found}, not {value}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What a view of `/` has of memory once it is joined, in bytes.
    ///
    /// # Errors
    /// When it cannot be joined.
    pub async fn memory_of_a_view(&self) -> anyhow::Result<u64> {
        let _visitor = self.visit("/").await?;
        let bytes = self.metrics().await?.sum("hothouse_memory_bytes", "");
        Ok(format!("{bytes}").parse()?)
    }

    async fn counted_once(&self, counter: &str, code: &str, before: &Metrics) -> anyhow::Result<()> {
        let (quoted, logged) = (format!("=\"{code}\""), format!("code=\"{code}\""));
        let began = Instant::now();
        loop {
            let moved = self.metrics().await?.moved_since(before);
            let found: Vec<f64> = moved
                .iter()
                .filter(|(series, _)| series.starts_with(counter) && series.contains(&quoted))
                .map(|(_, by)| *by)
                .collect();
            let log = self.log();
            let lines = log.lines().filter(|line| line.contains(&logged)).count();
            if found == [1.0] && lines == 1 {
                let panicked =
                    log.lines().any(|line| line.contains("panicked at") && !line.contains(" guest: "));
                ensure!(!panicked, "the server panicked:\n{log}");
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                bail!(
                    "{counter} with `{code}` moved by {found:?} and {lines} lines say so; {moved:?}\n{log}"
                );
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn metrics(&self) -> anyhow::Result<Metrics> {
        Metrics::scrape(self.operations).await
    }

    fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn resident_bytes(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then its test has failed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(errors: impl Read, log: &Mutex<String>) {
    for line in BufReader::new(errors).lines().map_while(Result::ok) {
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&line);
        log.push('\n');
    }
}

impl Visitor {
    /// Sends events one after another; each has to be answered with the next number.
    ///
    /// # Errors
    /// When one is not.
    pub async fn counts(&mut self, events: u64) -> anyhow::Result<()> {
        let before = self.number()?;
        for event in 1..=events {
            self.view.click(&mut self.socket, "count", json!({})).await?;
            let number = self.number()?;
            ensure!(number == before + event, "expected {}, got {number}", before + event);
        }
        Ok(())
    }

    /// Sends an event that ends its view.
    ///
    /// # Errors
    /// When the view does not end.
    pub async fn dies_of(&mut self, event: &str) -> anyhow::Result<()> {
        let payload = json!({ "type": "click", "event": event, "value": {} });
        self.socket.send(Some(&self.view.join_ref), &self.view.topic, "event", payload).await?;
        let message = self.socket.receive().await?;
        ensure!(message.event == "phx_error", "expected phx_error, got {}", message.text);
        Ok(())
    }

    fn number(&self) -> anyhow::Result<u64> {
        let html = self.view.html()?;
        let (_, after) = html.split_once("id=\"count\">").context("a count")?;
        let (number, _) = after.split_once('<').context("its end")?;
        Ok(number.parse()?)
    }
}
