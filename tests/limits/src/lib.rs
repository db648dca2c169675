//! The real server as a process of its own, a neighbour to watch, and the frame in which every attack happens.
//!
//! An attack is made on a server that serves a neighbour as well. It has to end as its row of `ATTACKS.md` says: with
//! one step of one counter and one line of log, both with the code of what was refused; with the neighbour's next 200
//! events answered correctly and in order; without a panic, and without the server having grown.

pub mod hostile;

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use hothouse_protocol_tests::{AppFolder, Metrics, workspace};
use hothouse_test_client::{Client, Page, Socket, View};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::{Value, json};
use tokio::time::sleep;

/// What every server of these tests serves: a view that does as it is told, three times, one with the standard
/// library, and one with tasks.
pub const ROUTES: &[(&str, &str)] = &[
    ("/", "asks-everything"),
    ("/second", "asks-everything#second"),
    ("/third", "asks-everything#third"),
    ("/stock", "stock-wasi"),
    ("/errands", "errands"),
];
/// How long what was refused may take to be counted and logged.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a server may grow by in one attack.
const MAX_GROWTH_BYTES: u64 = 64 * 1024 * 1024;
/// What a server may come to while it finds out that it cannot start.
const MAX_AT_START_BYTES: u64 = 256 * 1024 * 1024;
/// Events of the neighbour after an attack.
const NEIGHBOURS_EVENTS: u64 = 200;
/// Between two of its events during one.
const BEAT: Duration = Duration::from_millis(50);

/// A running server. Ended when dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it serves the app.
    pub address: SocketAddr,
    /// Where it answers operators.
    pub operations: SocketAddr,
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
        Self::of(AppFolder::with_limits(ROUTES, limits)?)
    }

    /// Starts it with one thread for all sockets and views.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn with_one_worker() -> anyhow::Result<Self> {
        Self::serve(AppFolder::new(ROUTES)?, |command| command.env("TOKIO_WORKER_THREADS", "1"))
    }

    /// Starts it with a token for announcements from outside.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn with_broadcast_token(token: &str) -> anyhow::Result<Self> {
        Self::serve(AppFolder::new(ROUTES)?, |command| command.env("HOTHOUSE_BROADCAST_TOKEN", token))
    }

    /// Serves an app of its own.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn of(app: AppFolder) -> anyhow::Result<Self> {
        Self::serve(app, |command| command)
    }

    /// Serves an app with a view that reads and writes, at `/keeps`, in a folder that outlives the server.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn keeping(storage: &Path, limits: &str) -> anyhow::Result<Self> {
        let routes = [ROUTES, &[("/keeps", "keeps")]].concat();
        let app = AppFolder::with_limits(&routes, limits)?;
        app.grant("kv = true")?;
        Self::serve(app, |command| command.arg("--storage").arg(storage))
    }

    /// Serves an app whose tasks may ask this port of this machine.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn allowing(app: AppFolder, port: u16) -> anyhow::Result<Self> {
        Self::serve(app, |command| command.args(["--allow-private-host", &format!("127.0.0.1:{port}")]))
    }

    /// Serves an app by a program with arguments and variables of its own.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn serve(app: AppFolder, change: impl FnOnce(&mut Command) -> &mut Command) -> anyhow::Result<Self> {
        // Machine code is kept for all tests, unless one has its own.
        let (compiled, own) =
            (workspace().join("target/compiled-by-children"), app.path().join(".hothouse/components"));
        if !own.exists() {
            std::fs::create_dir_all(&compiled)?;
            std::fs::create_dir_all(app.path().join(".hothouse"))?;
            std::os::unix::fs::symlink(compiled.canonicalize()?, own)?;
        }
        let mut child = change(&mut program(app.path())?).spawn()?;
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

    /// Ends it as the system does when there is no memory left: without a word to it.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn kill(mut self) -> anyhow::Result<()> {
        ensure!(self.child.try_wait()?.is_none(), "it has ended by itself:\n{}", self.log());
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// From now on none of its files grows beyond so many bytes, as if the disk were full; none: as far as they want.
    ///
    /// # Errors
    /// When the system does not know of this limit.
    pub fn limit_files(&self, bytes: Option<u64>) -> anyhow::Result<()> {
        let process = Pid::from_raw(i32::try_from(self.child.id())?);
        let former = getrlimit(Resource::Fsize);
        prlimit(
            process,
            Resource::Fsize,
            Rlimit { current: bytes.or(former.maximum), maximum: former.maximum },
        )?;
        Ok(())
    }

    /// Makes an attack, and holds the server to what the row of the table says: `counter` and the log have `code` once.
    ///
    /// # Errors
    /// When anything else happened.
    pub async fn endure<F>(&self, counter: &str, code: &str, attack: F) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        self.endure_times(1, counter, code, attack).await
    }

    /// As [`Server::endure`], for an attack that is refused this often.
    ///
    /// # Errors
    /// When anything else happened.
    pub async fn endure_times<F>(
        &self,
        times: u32,
        counter: &str,
        code: &str,
        attack: F,
    ) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let before = self.metrics().await?;
        self.beside_a_neighbour(attack).await?;
        self.counted(times, counter, code, &before).await
    }

    /// Makes an attack that is none: nothing is refused, and nobody has to be told.
    ///
    /// # Errors
    /// When anything else happened.
    pub async fn shrug_off<F>(&self, attack: F) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let before = self.metrics().await?;
        self.beside_a_neighbour(attack).await?;
        let moved = self.metrics().await?.moved_since(&before);
        let told = ["refused", "limits", "crashes", "failures"];
        let refusals: Vec<_> =
            moved.iter().filter(|(series, _)| told.iter().any(|name| series.contains(name))).collect();
        ensure!(refusals.is_empty(), "{refusals:?}");
        ensure!(!self.log().contains("code="), "the log was told:\n{}", self.log());
        Ok(())
    }

    /// Starts the program with another app beside this server; it has to end with one line with `code` in its log, and
    /// without ever having been large. This server and its neighbour notice nothing.
    ///
    /// # Errors
    /// When anything else happened.
    pub async fn watch_the_end_of(&self, app: &AppFolder, code: &str) -> anyhow::Result<()> {
        self.shrug_off(async |_| refused(app, code).await).await
    }

    /// Makes an attack beside a neighbour, whose events are answered correctly and in order while it lasts and after it.
    ///
    /// # Errors
    /// When they are not.
    pub async fn beside_a_neighbour<F>(&self, attack: F) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let mut neighbour = self.visit("/").await?;
        neighbour.counts(1).await?;
        let resident = self.resident_bytes()?;
        let is_over = AtomicBool::new(false);
        let attack = async {
            let outcome = attack(self).await;
            is_over.store(true, Ordering::Relaxed);
            outcome
        };
        let watch = async {
            while !is_over.load(Ordering::Relaxed) {
                neighbour.counts(1).await?;
                sleep(BEAT).await;
            }
            anyhow::Ok(())
        };
        let (attacked, unharmed) = tokio::join!(attack, watch);
        attacked.context("the attack")?;
        unharmed.context("the neighbour, meanwhile")?;
        neighbour.counts(NEIGHBOURS_EVENTS).await.context("the neighbour")?;
        let grown = self.resident_bytes()?.saturating_sub(resident);
        ensure!(grown < MAX_GROWTH_BYTES, "the server has grown by {grown} bytes");
        ensure!(!has_panicked(&self.log()), "the server panicked:\n{}", self.log());
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
            let found = self.lines(text);
            if found == lines as usize {
                return Ok(());
            }
            // More than enough does not become less.
            if found > lines as usize || began.elapsed() > PATIENCE {
                bail!("{found} lines contain {text}, not {lines}\n{}", self.log());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lines of the log so far that contain `text`.
    pub fn lines(&self, text: &str) -> usize {
        self.log().lines().filter(|line| line.contains(text)).count()
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

    async fn counted(&self, times: u32, counter: &str, code: &str, before: &Metrics) -> anyhow::Result<()> {
        let (quoted, logged) = (format!("=\"{code}\""), format!("code=\"{code}\""));
        let began = Instant::now();
        loop {
            let metrics = self.metrics().await?;
            let found = metrics.sum(counter, &quoted) - before.sum(counter, &quoted);
            let lines = self.lines(&logged);
            if found == f64::from(times) && lines == times as usize {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                let moved = metrics.moved_since(before);
                bail!(
                    "{counter} with `{code}` moved by {found} and {lines} lines say so; {moved:?}\n{}",
                    self.log()
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
        memory(&self.child, "VmRSS:")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then its test has failed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The real program, told to serve an app.
fn program(app: &Path) -> anyhow::Result<Command> {
    let program = workspace().join("target/debug/hothouse");
    ensure!(program.is_file(), "run `cargo build --workspace --bin hothouse`");
    let mut command = Command::new(program);
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--app"])
        .arg(app)
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

/// Starts the program with an app that cannot be served, and waits for its end.
async fn refused(app: &AppFolder, code: &str) -> anyhow::Result<()> {
    let mut child = program(app.path())?.spawn()?;
    let log = Arc::new(Mutex::new(String::new()));
    let (errors, collected) = (child.stderr.take().context("stderr")?, log.clone());
    let collector = std::thread::spawn(move || collect(errors, &collected));
    let (began, mut largest) = (Instant::now(), 0);
    let status = loop {
        // It may end between the two looks.
        largest = memory(&child, "VmHWM:").unwrap_or(0).max(largest);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > PATIENCE * 3 {
            child.kill()?;
            bail!("the program has not ended within {:?}", began.elapsed());
        }
        sleep(Duration::from_millis(5)).await;
    };
    ensure!(collector.join().is_ok(), "the log's reader");
    let log = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let lines = log.lines().filter(|line| line.contains(&format!("code=\"{code}\""))).count();
    ensure!(status.code() == Some(1), "it ended with {status}:\n{log}");
    ensure!(lines == 1, "{lines} lines have {code}:\n{log}");
    ensure!(!has_panicked(&log), "the program panicked:\n{log}");
    ensure!(largest < MAX_AT_START_BYTES, "it came to {largest} bytes");
    Ok(())
}

/// What the system says of a process's memory, in bytes.
fn memory(child: &Child, what: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).with_context(|| what.to_owned())?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

/// Whether a log has a panic of the host; guests write theirs into it as well.
fn has_panicked(log: &str) -> bool {
    log.lines().any(|line| line.contains("panicked at") && !line.contains(" guest: "))
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
        self.sends(event).await?;
        self.breaks().await
    }

    /// Has a view that keeps keys and values make steps; the diff that answers.
    ///
    /// # Errors
    /// When it is not answered.
    pub async fn makes(&mut self, steps: &Value) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, "do", json!({ "steps": steps })).await?;
        Ok(response.get("diff").cloned().unwrap_or(Value::Null))
    }

    /// As [`Visitor::makes`]; what each step was answered.
    ///
    /// # Errors
    /// When it is not answered.
    pub async fn answers(&mut self, steps: &Value) -> anyhow::Result<Value> {
        Ok(self.makes(steps).await?.get("r").cloned().unwrap_or(Value::Null))
    }

    /// Waits until its view ends.
    ///
    /// # Errors
    /// When it does not.
    pub async fn breaks(&mut self) -> anyhow::Result<()> {
        let message = self.socket.receive().await?;
        ensure!(message.event == "phx_error", "expected phx_error, got {}", message.text);
        Ok(())
    }

    /// Sends an event without waiting for its answer.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn sends(&mut self, event: &str) -> anyhow::Result<String> {
        let payload = json!({ "type": "click", "event": event, "value": {} });
        self.socket.send(Some(&self.view.join_ref), &self.view.topic, "event", payload).await
    }

    fn number(&self) -> anyhow::Result<u64> {
        let html = self.view.html()?;
        let (_, after) = html.split_once("id=\"count\">").context("a count")?;
        let (number, _) = after.split_once('<').context("its end")?;
        Ok(number.parse()?)
    }
}
