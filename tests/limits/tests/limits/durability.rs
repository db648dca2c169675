//! What was answered is kept: servers that are killed, disks that are full, files that are damaged.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use hothouse_limits_tests::{Server, Visitor};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Rounds of a server that is killed, and the people who write meanwhile.
const ROUNDS: u32 = 20;
const WRITERS: usize = 6;
/// How long a store that has failed may take until it is written again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes until the server is gone; how often it was answered, the last time before included.
async fn writes(mut visitor: Visitor, writer: usize, mut answered: u32) -> (Visitor, u32) {
    loop {
        let number = answered + 1;
        let value = number.to_string();
        // Two keys that always say the same, and one that says that this write was there.
        let steps = json!([
            ["put", format!("left/{writer}"), value],
            ["put-bytes", format!("kept/{writer}/{number:06}"), number % 7 * 500],
            ["put", format!("right/{writer}"), value],
        ]);
        match visitor.answers(&steps).await {
            Ok(answers) if answers == json!([true, true, true]) => answered = number,
            _ => return (visitor, answered),
        }
    }
}

/// Everything that was answered is there, and nothing by halves; how often each writer has written.
async fn holds(server: &Server, answered: &[u32]) -> anyhow::Result<Vec<u32>> {
    let mut visitor = server.visit("/keeps").await?;
    let mut written = Vec::new();
    for (writer, answered) in answered.iter().enumerate() {
        let steps = json!([
            ["get", format!("left/{writer}")],
            ["get", format!("right/{writer}")],
            ["scan", format!("kept/{writer}/")],
        ]);
        let answers = visitor.answers(&steps).await?;
        let answer = |index: usize| answers.get(index).cloned().unwrap_or_default();
        let last: u32 = answer(0).as_str().map_or(Ok(0), str::parse)?;
        ensure!(answer(0) == answer(1), "{writer} has written by halves: {answers}");
        ensure!(last >= *answered, "{writer} was answered {answered} times, and {last} are there");
        ensure!(answer(2) == json!(last), "{writer} has written {last} times: {answers}");
        written.push(last);
    }
    Ok(written)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_there_after_each_of_many_kills() -> anyhow::Result<()> {
    let storage = tempfile::tempdir()?;
    let mut written = vec![0; WRITERS];
    for round in 0..ROUNDS {
        let server = Server::keeping(storage.path(), "")?;
        let before = holds(&server, &written).await?;
        let mut writers = JoinSet::new();
        for (writer, answered) in before.iter().copied().enumerate() {
            let visitor = server.visit("/keeps").await?;
            writers.spawn(async move { (writer, writes(visitor, writer, answered).await.1) });
        }
        sleep(Duration::from_millis(40 + u64::from(round * 37 % 160))).await;
        server.kill()?;
        let mut answered = before.clone();
        for (writer, times) in writers.join_all().await {
            answered[writer] = times;
        }
        ensure!(answered > before, "nobody has written in round {round}");
        written = answered;
    }
    holds(&Server::keeping(storage.path(), "")?, &written).await?;
    Ok(())
}

fn file_bytes(storage: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(storage.join("test.redb"))?.len())
}

fn failure<'a>(diff: &'a Value, kind: &str) -> anyhow::Result<&'a str> {
    let event = |place: &str| diff.pointer(&format!("/e/0/{place}")).and_then(Value::as_str);
    ensure!(event("0") == Some("hothouse:failure") && event("1/kind") == Some(kind), "{diff}");
    event("1/message").context("a message")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_is_written_again_once_there_is_room() -> anyhow::Result<()> {
    let storage = tempfile::tempdir()?;
    let server = Server::keeping(storage.path(), "")?;
    let mut visitor = server.visit("/keeps").await?;
    let mut neighbour = server.visit("/").await?;
    let large = |number: u32| json!([["put-bytes", format!("large/{number:03}"), 200_000]]);
    assert_eq!(visitor.answers(&large(0)).await?, json!([true]));
    server.limit_files(Some(file_bytes(storage.path())?))?;
    let mut kept = 1;
    let refused = loop {
        let diff = visitor.makes(&large(kept)).await?;
        if diff.get("r").is_none() {
            break diff;
        }
        kept += 1;
        ensure!(kept < 500, "the disk is never full");
    };
    ensure!(failure(&refused, "unavailable")?.contains("try again later"), "{refused}");
    server.logged("code=\"storage-failed\"", 1).await?;
    for _ in 0..3 {
        let steps = json!([["scan", "large/"], ["get", "large/000"]]);
        assert_eq!(visitor.answers(&steps).await?, json!([kept, 200_000]), "reads go on");
        failure(&visitor.makes(&large(kept)).await?, "unavailable")?;
        neighbour.counts(3).await?;
        sleep(Duration::from_millis(400)).await;
    }
    server.limit_files(None)?;
    let began = Instant::now();
    while visitor.makes(&large(kept)).await?.get("r").is_none() {
        ensure!(began.elapsed() < PATIENCE, "it is not written again");
        sleep(Duration::from_millis(100)).await;
    }
    server.logged("code=\"storage-works\"", 1).await?;
    server.kill()?;
    let server = Server::keeping(storage.path(), "")?;
    let mut visitor = server.visit("/keeps").await?;
    assert_eq!(visitor.answers(&json!([["scan", "large/"]])).await?, json!([kept + 1]));
    Ok(())
}
