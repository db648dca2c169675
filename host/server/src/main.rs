//! The `hothouse` binary: parse, open, serve.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use hothouse::{LinkReport, Server};
use rustix::process::Signal;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

mod cli;
mod config;

use cli::{Arguments, Check, Command, Serve};

/// What an instance takes is in large part memory that nobody touches: functions that are never called, tables that are
/// not full. This allocator leaves it untouched on every thread; the system's writes it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        // Nobody is left to be told when this fails.
        let _ = writeln!(std::io::stderr(), "hothouse: {error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> anyhow::Result<ExitCode> {
    if let Some(code) = hothouse::run_as_compiler() {
        return Ok(code);
    }
    let Arguments { command } = Arguments::parse();
    let filter = EnvFilter::try_new(config::log_filter()?).context("HOTHOUSE_LOG")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match command {
            Command::Serve(arguments) => serve(arguments).await,
            Command::Check(arguments) => check(&arguments).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    small_pages();
    // A file that may not grow any further is a full disk, and no reason to end.
    let _files_end = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?;
    let operations = config::operations_address(&arguments)?;
    let server = match Server::open(config::settings(&arguments)?).await {
        Ok(server) => server,
        Err(error) => {
            for (code, problem) in error.problems() {
                tracing::error!(code, "{problem}");
            }
            anyhow::bail!("the app is not served");
        }
    };
    anyhow::ensure!(
        arguments.listen.ip().is_loopback() || server.is_public(),
        "{} is not a loopback address: say where browsers reach the app, with `public_url` in hothouse.toml or --public-url",
        arguments.listen
    );
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("listen on {}", arguments.listen))?;
    write!(std::io::stdout(), "limits\n{}", server.limits())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    if let Some(address) = operations {
        let listener =
            TcpListener::bind(address).await.with_context(|| format!("listen for operators on {address}"))?;
        writeln!(std::io::stdout(), "metrics on http://{}/metrics", listener.local_addr()?)?;
        // Until the process ends: operators see it stop.
        tokio::spawn(server.serve_operations(listener));
    }
    server
        .serve(listener, async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: sockets are told to reconnect");
        })
        .await;
    Ok(())
}

async fn check(arguments: &Check) -> anyhow::Result<()> {
    let mut settings = config::settings_to_check(arguments)?;
    // What is checked writes nothing that is kept, and may be served at the same time.
    let storage = tempfile::tempdir()?;
    settings.storage = storage.path().to_owned();
    let text = match &arguments.component {
        Some(file) => {
            // Machine code of a component without an app is nobody's.
            let mut settings = settings;
            let folder = tempfile::tempdir()?;
            settings.runtime.artifacts = folder.path().to_owned();
            hothouse::explain_component(file, settings).await?
        }
        None => {
            let server = Server::open(settings).await?;
            write!(std::io::stdout(), "{}", server.explain())?;
            return check_links(&server).await;
        }
    };
    write!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// A page of 2 MiB is there as a whole once a byte of it was touched: views would take what they do not use. Allocators
/// and some systems ask for such pages wherever memory is large.
fn small_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::warn!("views may take more memory than they use: huge pages cannot be turned off ({error})");
    }
}

/// Fails when a link leads nowhere.
async fn check_links(server: &Server) -> anyhow::Result<()> {
    let LinkReport { broken, unseen } = server.check_links().await;
    for path in unseen {
        writeln!(std::io::stdout(), "\nnote: no page could be made at `{path}`: its links were not checked")?;
    }
    for link in &broken {
        writeln!(std::io::stdout(), "\n{link}")?;
    }
    anyhow::ensure!(broken.is_empty(), "{} links are answered by no route", broken.len());
    Ok(())
}
