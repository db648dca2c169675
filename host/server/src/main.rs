//! The `hothouse` binary: parse, open, serve.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use hothouse::Server;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

mod cli;
mod config;

use cli::{Arguments, Command, Serve};

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = hothouse::run_as_compiler() {
        return Ok(code);
    }
    let Arguments { command: Command::Serve(serve_arguments) } = Arguments::parse();
    let filter = EnvFilter::try_new(config::log_filter()?).context("HOTHOUSE_LOG")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(serve_arguments))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    let server = Server::open(config::settings(&arguments)?).await?;
    anyhow::ensure!(
        arguments.listen.ip().is_loopback() || server.is_public(),
        "{} is not a loopback address: say where browsers reach the app, with `public_url` in hothouse.toml or --public-url",
        arguments.listen
    );
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("listen on {}", arguments.listen))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    server
        .serve(listener, async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: sockets are told to reconnect");
        })
        .await?;
    Ok(())
}
