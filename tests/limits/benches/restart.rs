//! A restart under 5,000 sockets: `cargo bench --workspace --bench restart`.
//! Needs `cargo xtask build-examples --release`.
//!
//! 5,000 pages of the counter are open and joined; then the server is stopped as an operator stops it, and started
//! again. Each page connects again as the real client does, after 10 ms, 50 ms, 100 ms and so on, and joins with the
//! tokens that it has. One whose join is refused would load its page anew: that is what a reload storm is made of.
//! Clients and server share this machine's cores.
#![allow(clippy::print_stdout, reason = "a benchmark prints what it finds")]

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::ensure;
use hothouse_test_client::{Client, Page, Socket, View};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

mod pages;
mod server;

const PAGES: usize = 5_000;
/// When the client of phoenix 1.8 connects again, by the number of the attempt; then every five seconds.
const AGAIN_AFTER_MS: [u64; 9] = [10, 50, 100, 150, 200, 250, 500, 1_000, 2_000];
const AGAIN_AFTER_LAST_MS: u64 = 5_000;

/// What pages went through.
#[derive(Default)]
struct Seen {
    attempts: AtomicU64,
    refused: AtomicU64,
}

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(restart())
}

async fn restart() -> anyhow::Result<()> {
    let (mut server, address) = server::start("127.0.0.1:0".parse()?)?;
    let pages = pages::opened(PAGES, || open(address)).await?;
    println!("{} pages are open and joined", pages.len());

    let stopped = Instant::now();
    let seen = Arc::new(Seen::default());
    let mut waiting = JoinSet::new();
    for (client, page, socket) in pages {
        let seen = seen.clone();
        waiting
            .spawn(async move { join_again(client, page, socket, &seen).await.map(|()| stopped.elapsed()) });
    }
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status()?;
    let ended = tokio::task::spawn_blocking(move || server.wait());
    ensure!(ended.await??.success(), "the server did not stop as it should");
    println!("the server has stopped after          {:>8.2?}", stopped.elapsed());
    let (mut server, _) = server::start(address)?;
    println!("the next one listens after            {:>8.2?}", stopped.elapsed());
    let mut joined = Vec::with_capacity(PAGES);
    while let Some(after) = waiting.join_next().await {
        joined.push(after??);
    }
    joined.sort_unstable();
    let part = |percent: usize| joined.get((joined.len() - 1) * percent / 100).copied().unwrap_or_default();
    for (what, percent) in [("the first", 0), ("half", 50), ("99 of 100", 99), ("all", 100)] {
        println!("{what:<9} have joined again after     {:>8.2?}", part(percent));
    }
    println!(
        "{} handshakes for {} pages, {} joins refused",
        seen.attempts.load(Ordering::Relaxed),
        joined.len(),
        seen.refused.load(Ordering::Relaxed)
    );
    server.kill()?;
    server.wait()?;
    Ok(())
}

async fn open(address: SocketAddr) -> anyhow::Result<(Client, Page, Socket)> {
    let mut client = Client::new(address);
    let page = client.get("/counter").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    View::join(&mut socket, &client, &page).await?;
    Ok((client, page, socket))
}

/// Waits until the server is gone, and joins as soon as there is one again.
async fn join_again(client: Client, page: Page, mut socket: Socket, seen: &Seen) -> anyhow::Result<()> {
    socket.ended().await;
    let mut waits = AGAIN_AFTER_MS.into_iter();
    loop {
        sleep(Duration::from_millis(waits.next().unwrap_or(AGAIN_AFTER_LAST_MS))).await;
        seen.attempts.fetch_add(1, Ordering::Relaxed);
        let Ok(mut socket) = Socket::connect(&client, &page).await else { continue };
        match View::join(&mut socket, &client, &page).await {
            // The page stays open.
            Ok(_) => {
                std::mem::forget(socket);
                return Ok(());
            }
            Err(_) => seen.refused.fetch_add(1, Ordering::Relaxed),
        };
    }
}
