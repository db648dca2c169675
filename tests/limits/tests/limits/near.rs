//! Limits that come near: one line and one step of a counter at four fifths, neither below it, and none again.

use hothouse_limits_tests::Server;
use hothouse_test_client::{Client, Handshake};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

/// Two views: the first event stays below four fifths of a limit, the second does not, and is sent again.
async fn is_told_of(limit: &str, below: &str, beyond: &str) -> anyhow::Result<()> {
    let server = Server::start()?;
    let mut visitor = server.visit("/").await?;
    visitor.view.click(&mut visitor.socket, below, json!({})).await?;
    server.told_of_near(limit, 0).await?;
    let mut visitor = server.visit("/").await?;
    for _ in 0..3 {
        visitor.view.click(&mut visitor.socket, beyond, json!({})).await?;
        server.told_of_near(limit, 1).await?;
    }
    visitor.counts(3).await
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_told_of_at_four_fifths() -> anyhow::Result<()> {
    is_told_of("memory_bytes", "grow:3100000", "grow:3350000").await
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    is_told_of("effects", "effects:204", "effects:205").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    // Each row is a node as well; the page and the list are one each.
    is_told_of("nodes", "document:wide:6000", "document:wide:7999").await
}

#[tokio::test(flavor = "multi_thread")]
async fn depth_is_told_of_at_four_fifths() -> anyhow::Result<()> {
    is_told_of("depth", "document:deep:50", "document:deep:51").await
}

#[tokio::test(flavor = "multi_thread")]
async fn diffs_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    is_told_of("diff_bytes", "document:text:209700", "document:text:209715").await
}

#[tokio::test(flavor = "multi_thread")]
async fn full_renders_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    let server = Server::start()?;
    server.visit("/?document=text:838700").await?;
    server.told_of_near("full_bytes", 0).await?;
    server.visit("/?document=text:838860").await?;
    // The page and the view that was joined are two instances.
    server.told_of_near("full_bytes", 2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    let server = Server::start()?;
    for (lines, told) in [(51, 0), (52, 1), (64, 2)] {
        let mut visitor = server.visit("/").await?;
        visitor.view.click(&mut visitor.socket, &format!("log:{lines}"), json!({})).await?;
        server.told_of_near("log_lines_per_second", told).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn processor_time_is_told_of_at_a_fifth_and_at_four_fifths() -> anyhow::Result<()> {
    let server = Server::limited("event_cpu_ms = 250\nrender_cpu_ms = 100")?;
    let mut visitor = server.visit("/").await?;
    // Twice as long each time: the first call beyond a fifth is within two.
    let mut rounds = 1;
    while server.lines("code=\"slow-call\"") == 0 {
        assert!(rounds < 1 << 20, "no call is slow");
        visitor.view.click(&mut visitor.socket, &format!("pause:{rounds}"), json!({})).await?;
        rounds *= 2;
        sleep(Duration::from_millis(100)).await;
    }
    server.told_of_near("event_cpu_ms", 0).await?;
    visitor.dies_of("spin").await?;
    server.told_of_near("event_cpu_ms", 1).await?;
    server.visit("/").await?.dies_of("document:spin").await?;
    server.told_of_near("render_cpu_ms", 1).await?;
    server.told_of_near("event_cpu_ms", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_told_of_at_four_fifths_and_again_after_they_were_few() -> anyhow::Result<()> {
    let server = Server::limited("sockets = 5")?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let handshake = Handshake::new(&client, &page)?;
    for told in 1..=2 {
        let mut open = Vec::new();
        for _ in 0..3 {
            open.push(handshake.open().await?);
        }
        server.told_of_near("sockets", told - 1).await?;
        for _ in 0..2 {
            open.push(handshake.open().await?);
            server.told_of_near("sockets", told).await?;
        }
        assert!(open.iter().all(Result::is_ok) && handshake.open().await?.is_err());
        drop(open);
        server.gauge("hothouse_sockets", 0.0).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_are_told_of_at_four_fifths() -> anyhow::Result<()> {
    let server = Server::limited("instances = 5")?;
    let mut open = Vec::new();
    for told in [0, 0, 0, 1, 1] {
        open.push(server.visit("/").await?);
        server.told_of_near("instances", told).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_of_all_views_is_told_of_at_four_fifths() -> anyhow::Result<()> {
    let of_one = Server::start()?.memory_of_a_view().await?;
    let server = Server::limited(&format!("total_memory_bytes = {}", of_one * 5))?;
    let mut open = Vec::new();
    for told in [0, 0, 0, 1, 1] {
        open.push(server.visit("/").await?);
        server.told_of_near("total_memory_bytes", told).await?;
    }
    Ok(())
}
