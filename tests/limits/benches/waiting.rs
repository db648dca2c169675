//! The counter beside tasks that wait: `cargo bench --workspace --bench waiting`.
//! Needs `cargo xtask build-examples --release`.
//!
//! 50 pages of `/counter` are clicked on a schedule, 1,000 times a second together, alone and beside 200 pages with four
//! tasks each that wait. What is measured is how long a click takes from the moment that was planned for it, what the
//! server takes for one, and what 800 waiting tasks cost in threads and memory.
//! Clients and server share this machine's cores.
#![allow(clippy::print_stdout, reason = "a benchmark prints what it finds")]

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

mod pages;
mod server;
mod usage;

const COUNTERS: u32 = 50;
const WAITING: usize = 200;
/// From one click on a page to its next.
const PERIOD: Duration = Duration::from_millis(50);
/// Clicks on each page in a run.
const CLICKS: u32 = 100;
const RUNS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(beside())
}

async fn beside() -> anyhow::Result<()> {
    let (mut server, address) = server::start("127.0.0.1:0".parse()?)?;
    let mut counters = Vec::new();
    for _ in 0..COUNTERS {
        counters.push(open(address, "/counter").await?);
    }
    for _ in 0..RUNS {
        counters = clicks("alone", counters, server.id()).await?;
    }
    let (memory, threads_before) = (usage::memory(server.id())?, threads(server.id())?);
    // Kept: a page that is closed takes its tasks along.
    let waiting = pages::opened(WAITING, || all_wait(address)).await?;
    sleep(Duration::from_secs(3)).await;
    println!(
        "{WAITING} pages with four tasks each wait: {} KiB more memory, {} threads more",
        usage::memory(server.id())?.saturating_sub(memory),
        threads(server.id())?.saturating_sub(threads_before),
    );
    for _ in 0..RUNS {
        counters = clicks("beside 800 tasks that wait", counters, server.id()).await?;
    }
    drop(waiting);
    server.kill()?;
    server.wait()?;
    Ok(())
}

async fn open(address: SocketAddr, path: &str) -> anyhow::Result<(Socket, View)> {
    let mut client = Client::new(address);
    let page = client.get(path).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((socket, view))
}

/// A page whose tasks wait, all of them.
async fn all_wait(address: SocketAddr) -> anyhow::Result<(Socket, View)> {
    let (mut socket, mut view) = open(address, "/waiting").await?;
    let reading = async {
        while view.html()? != "<p>4</p>" {
            view.pushed(&mut socket).await?;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, reading).await.context("a page whose tasks do not wait")??;
    Ok((socket, view))
}

/// Clicks on all pages on a schedule, and prints how long that took.
async fn clicks(
    beside: &str,
    counters: Vec<(Socket, View)>,
    server: u32,
) -> anyhow::Result<Vec<(Socket, View)>> {
    let (cpu, began) = (usage::cpu(server)?, Instant::now());
    let mut clicking = JoinSet::new();
    for (number, (mut socket, mut view)) in (0..).zip(counters) {
        clicking.spawn(async move {
            let mut took = Vec::with_capacity(CLICKS as usize);
            for click in 0..CLICKS {
                let planned = began + PERIOD * click + PERIOD * number / COUNTERS;
                sleep_until(planned).await;
                view.click(&mut socket, "inc", json!({ "value": "" })).await?;
                took.push(planned.elapsed());
            }
            // What was received is not kept.
            view.diffs.clear();
            anyhow::Ok((socket, view, took))
        });
    }
    let (mut pages, mut all) = (Vec::new(), Vec::new());
    while let Some(page) = clicking.join_next().await {
        let (socket, view, took) = page??;
        pages.push((socket, view));
        all.extend(took);
    }
    let used = usage::cpu(server)? - cpu;
    all.sort();
    let at = |share: f64| all.get((share * (all.len() - 1) as f64) as usize).copied().unwrap_or_default();
    println!(
        "{beside}: p50 {:.2?}, p99 {:.2?}, longest {:.2?}; {:.1} µs of the server's processor time for a click",
        at(0.5),
        at(0.99),
        at(1.0),
        used * 1e6 / all.len() as f64,
    );
    Ok(pages)
}

/// Threads of the process.
fn threads(process: u32) -> anyhow::Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{process}/task"))?.count())
}
