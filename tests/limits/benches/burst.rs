//! More announcements than anybody can show: `cargo bench --workspace --bench burst`.
//! Needs `cargo xtask build-examples --release`.
//!
//! 1,000 pages of `/burst` are open and joined; one of them has 1,000 numbers announced to all, spread over a second.
//! What is measured is what the server takes for it, how often each page is told, and whether all end on the last number.
//! Clients and server share this machine's cores.
#![allow(clippy::print_stdout, reason = "a benchmark prints what it finds")]

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

mod pages;
mod server;
mod usage;

const PAGES: usize = 1_000;
const NUMBERS: u32 = 1_000;
/// How long a page waits for the last number.
const PATIENCE: Duration = Duration::from_secs(60);
/// After a burst, until memory is looked at again.
const CALM: Duration = Duration::from_secs(5);
/// The first burst grows what every page then has.
const BURSTS: usize = 3;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(bursts())
}

async fn bursts() -> anyhow::Result<()> {
    let (mut server, address) = server::start("127.0.0.1:0".parse()?)?;
    let mut pages = pages::opened(PAGES, || open(address)).await?;
    println!("{PAGES} pages are open and joined");
    for number in 1..=BURSTS {
        sleep(CALM).await;
        pages = burst(number, pages, server.id()).await?;
    }
    server.kill()?;
    server.wait()?;
    Ok(())
}

async fn open(address: SocketAddr) -> anyhow::Result<(Socket, View)> {
    let mut client = Client::new(address);
    let page = client.get("/burst").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((socket, view))
}

async fn burst(
    number: usize,
    mut pages: Vec<(Socket, View)>,
    server: u32,
) -> anyhow::Result<Vec<(Socket, View)>> {
    let (before, cpu_before) = (usage::memory(server)?, usage::cpu(server)?);
    let (socket, view) = pages.first_mut().context("a page")?;
    view.click(socket, "burst", json!({ "n": NUMBERS })).await?;
    let began = Instant::now();
    let mut telling = JoinSet::new();
    for (socket, view) in pages {
        telling.spawn(until_the_last(socket, view, began));
    }
    let (mut peak, mut told, mut done) = (before, Vec::with_capacity(PAGES), Vec::with_capacity(PAGES));
    while done.len() < PAGES {
        peak = usage::memory(server)?.max(peak);
        match timeout(Duration::from_millis(50), telling.join_next()).await {
            Ok(one) => {
                let (socket, view, renders, after) = one.context("a page")???;
                told.push((renders, after));
                done.push((socket, view));
            }
            Err(_) => continue,
        }
    }
    let used = usage::cpu(server)? - cpu_before;
    sleep(CALM).await;
    let after = usage::memory(server)?;
    let most = told.iter().map(|(renders, _)| *renders).max().unwrap_or_default();
    let all: u32 = told.iter().map(|(renders, _)| renders).sum();
    let last = told.iter().map(|(_, after)| *after).max().unwrap_or_default();
    println!(
        "burst {number}: all show {NUMBERS}, the last after {last:.2?}; renders for each page {:.1}, at most {most}, {:.1} a second; \
         memory {before} KiB before, {} KiB more at the peak, {} KiB more after it; {:.0} ms of processor time",
        f64::from(all) / PAGES as f64,
        f64::from(most) / last.as_secs_f64(),
        peak.saturating_sub(before),
        after.saturating_sub(before),
        used * 1_000.0,
    );
    Ok(done)
}

/// Reads until the page shows the last number: how often it was told, and when the last time was.
async fn until_the_last(
    mut socket: Socket,
    mut view: View,
    began: Instant,
) -> anyhow::Result<(Socket, View, u32, Duration)> {
    let (last, mut renders) = (format!("<p>{NUMBERS}</p>"), 0);
    let reading = async {
        loop {
            view.pushed(&mut socket).await?;
            renders += 1;
            if view.html()? == last {
                return anyhow::Ok(());
            }
        }
    };
    timeout(PATIENCE, reading).await.context("a page without the last number")??;
    // What was received is not kept.
    view.diffs.clear();
    Ok((socket, view, renders, began.elapsed()))
}
