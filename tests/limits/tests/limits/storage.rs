//! Views that write too much, fight for keys, and end in the middle; files that are no store.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::ensure;
use hothouse_limits_tests::{ROUTES, Server, Visitor};
use hothouse_protocol_tests::AppFolder;
use serde_json::{Value, json};
use tokio::time::sleep;

const CRASHES: &str = "hothouse_crashes_total";
const DOCUMENTS: &str = "hothouse_documents_refused_total";
const WRITES: &str = "hothouse_writes_refused_total";

/// A server whose views read and write, and its folder.
fn server(limits: &str) -> anyhow::Result<(Server, tempfile::TempDir)> {
    let storage = tempfile::tempdir()?;
    Ok((Server::keeping(storage.path(), limits)?, storage))
}

async fn keeper(server: &Server) -> anyhow::Result<Visitor> {
    let mut visitor = server.visit("/keeps").await?;
    let works = json!([["put", "works", "1"], ["get", "works"], ["delete", "works"]]);
    ensure!(visitor.answers(&works).await? == json!([true, "1", true]), "it does not work");
    Ok(visitor)
}

/// Writes, and ends before the callback is over: nothing is there.
async fn ends_in_the_middle(end: &'static str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        let steps = json!([["put", "a", "1"], ["put", "b", "2"], ["increment", "c", 3], [end]]);
        let payload = json!({ "type": "click", "event": "do", "value": { "steps": steps } });
        visitor.socket.send(Some(&visitor.view.join_ref), &visitor.view.topic, "event", payload).await?;
        visitor.breaks().await?;
        let keys = keeper(server).await?.answers(&json!([["keys", "", null, 10]])).await?;
        ensure!(keys == json!([[[], null]]), "{keys}");
        Ok(())
    };
    server("")?.0.endure(CRASHES, code, attack).await
}

async fn refuses_its_own_effects() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        visitor.makes(&json!([["put", "a", "1"], ["put", "b", "2"], ["subscribe", ""]])).await?;
        let keys = visitor.answers(&json!([["keys", "", null, 10]])).await?;
        ensure!(keys == json!([[[], null]]), "{keys}");
        Ok(())
    };
    server("")?.0.endure(DOCUMENTS, "bad-topic", attack).await
}

async fn floods_with_writes() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut floods = Vec::new();
        for flood in 0..6 {
            let mut visitor = keeper(server).await?;
            floods.push(tokio::spawn(async move {
                for _ in 0..40 {
                    let answers =
                        visitor.answers(&json!([["put-many", format!("{flood}/"), 256, 100]])).await?;
                    ensure!(answers == json!([true]), "{answers}");
                }
                anyhow::Ok(())
            }));
        }
        for flood in floods {
            flood.await??;
        }
        Ok(())
    };
    server("")?.0.shrug_off(attack).await
}

async fn writes_far_too_much_in_one_callback() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        for _ in 0..20 {
            let steps = json!([
                ["put-many", "k", 100_000, 10],
                ["put-many", "k", 200, 200_000],
                ["put-bytes", "k", 1_000_000],
                ["put-under-long-key", 1_000_000]
            ]);
            let answers = visitor.answers(&steps).await?;
            let refused =
                answers.as_array().is_some_and(|all| all.iter().all(|one| one["failure"].is_array()));
            ensure!(refused, "{answers}");
        }
        let keys = visitor.answers(&json!([["scan", ""]])).await?;
        ensure!(keys == json!([256]), "what came before the limit is written: {keys}");
        Ok(())
    };
    server("")?.0.shrug_off(attack).await
}

async fn copies_more_than_a_call_may() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        let steps = json!([["put-bytes", "k", 2_200_000]]);
        let payload = json!({ "type": "click", "event": "do", "value": { "steps": steps } });
        visitor.socket.send(Some(&visitor.view.join_ref), &visitor.view.topic, "event", payload).await?;
        visitor.breaks().await
    };
    server("")?.0.endure(CRASHES, "copy", attack).await
}

async fn scans_everything_each_event() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        for group in 0..40 {
            visitor.answers(&json!([["put-many", format!("k/{group}/"), 250, 20]])).await?;
        }
        for _ in 0..30 {
            let keys = visitor.answers(&json!([["scan", "k/"]])).await?;
            ensure!(keys == json!([10_000]), "{keys}");
        }
        Ok(())
    };
    server("")?.0.shrug_off(attack).await
}

async fn fills_the_store() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        for number in 0..4 {
            visitor.answers(&json!([["put-bytes", format!("k{number}"), 250_000]])).await?;
        }
        for _ in 0..5 {
            let diff = visitor.makes(&json!([["put-bytes", "one more", 250_000]])).await?;
            ensure!(diff.pointer("/e/0/1/kind") == Some(&json!("limit")), "{diff}");
        }
        let answers = visitor.answers(&json!([["delete", "k0"], ["put-bytes", "one more", 250_000]])).await?;
        ensure!(answers == json!([true, true]), "{answers}");
        Ok(())
    };
    server("storage_mib = 1")?.0.endure_times(5, WRITES, "kv-full", attack).await
}

async fn fills_the_store_for_a_second() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        for round in 0..3 {
            for number in 0..12 {
                let steps = json!([["put-many", format!("{round}/{number}/"), 250, 200, 1]]);
                ensure!(visitor.answers(&steps).await? == json!([true]), "round {round}");
            }
            sleep(Duration::from_millis(1_100)).await;
            let keys = visitor.answers(&json!([["keys", "", null, 1_000], ["scan", ""]])).await?;
            ensure!(keys == json!([[[], null], 0]), "{keys}");
            // It is swept in the background, and with what is written.
            let began = Instant::now();
            while visitor.answers(&json!([["put-bytes", "k", 100_000, 1]])).await?.is_null() {
                ensure!(began.elapsed() < Duration::from_secs(10), "it is never swept");
                sleep(Duration::from_millis(100)).await;
            }
            visitor.answers(&json!([["delete", "k"]])).await?;
        }
        Ok(())
    };
    server("storage_mib = 1")?.0.shrug_off(attack).await
}

/// Answers each conflict with the same expectation, which never holds.
async fn fights_for_a_key() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        let stubborn = json!([["expect", "seat", "mine"], ["put", "seat", "mine"]]);
        visitor.answers(&json!([["on-conflict", stubborn]])).await?;
        visitor.makes(&stubborn).await?;
        let answers = visitor.answers(&json!([["get", "seat"]])).await?;
        ensure!(answers == json!([null]), "{answers}");
        Ok(())
    };
    // The first time, and as often as something may follow.
    server("")?.0.endure_times(22, WRITES, "kv-conflict", attack).await
}

async fn many_fight_for_a_key() -> anyhow::Result<()> {
    let (server, _storage) = server("")?;
    let attack = async |server: &Server| {
        let mut fights = Vec::new();
        for _ in 0..8 {
            let mut visitor = keeper(server).await?;
            fights.push(tokio::spawn(async move {
                let mut won = 0_u64;
                for _ in 0..30 {
                    let seen = visitor.answers(&json!([["get", "turn"]])).await?;
                    let seen = seen.get(0).cloned().unwrap_or_default();
                    let next = seen.as_str().map_or(1, |turn| turn.parse::<u64>().unwrap_or(0) + 1);
                    let steps = json!([["expect", "turn", seen], ["put", "turn", next.to_string()]]);
                    won += u64::from(visitor.makes(&steps).await?.get("r").is_some_and(Value::is_array));
                }
                anyhow::Ok(won)
            }));
        }
        let mut won = 0;
        for fight in fights {
            won += fight.await??;
        }
        let turn = keeper(server).await?.answers(&json!([["get", "turn"]])).await?;
        ensure!(turn == json!([won.to_string()]), "{won} were first, and {turn} is there");
        Ok(())
    };
    server.beside_a_neighbour(attack).await
}

async fn asks_for_keys_of_others() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = keeper(server).await?;
        for key in ["../other/secret", "/etc/passwd", "other\0secret", "values", "\u{10ffff}", "other.redb"] {
            let answers =
                visitor.answers(&json!([["get", key], ["put", key, "1"], ["keys", key, null, 10]])).await?;
            ensure!(answers == json!([null, true, [[key], null]]), "{answers}");
            visitor.answers(&json!([["delete", key]])).await?;
        }
        Ok(())
    };
    server("")?.0.shrug_off(attack).await
}

/// An app whose store is what `make` has made of the file's place; the place as well.
fn with_file(make: impl FnOnce(&PathBuf) -> anyhow::Result<()>) -> anyhow::Result<(AppFolder, PathBuf)> {
    let app = AppFolder::new(&[ROUTES, &[("/keeps", "keeps")]].concat())?;
    app.grant("kv = true")?;
    let file = app.path().join(".hothouse/storage/test.redb");
    fs::create_dir_all(app.path().join(".hothouse/storage"))?;
    make(&file)?;
    Ok((app, file))
}

/// A file that is no store: the server does not start, and the file is as it was.
async fn is_no_store(content: Vec<u8>) -> anyhow::Result<()> {
    let (app, file) = with_file(|file| Ok(fs::write(file, &content)?))?;
    Server::start()?.watch_the_end_of(&app, "storage").await?;
    ensure!(fs::read(file)? == content, "it was written over");
    Ok(())
}

async fn is_damaged() -> anyhow::Result<()> {
    let (server, storage) = server("")?;
    let mut visitor = keeper(&server).await?;
    for number in 0..20 {
        visitor.answers(&json!([["put-bytes", format!("k{number}"), 50_000]])).await?;
    }
    server.kill()?;
    let mut content = fs::read(storage.path().join("test.redb"))?;
    let middle = content.len() / 2;
    content.iter_mut().take(middle).skip(4_096).step_by(100).for_each(|byte| *byte ^= 1);
    is_no_store(content).await
}

async fn is_a_folder() -> anyhow::Result<()> {
    let (app, file) = with_file(|file| Ok(fs::create_dir(file)?))?;
    Server::start()?.watch_the_end_of(&app, "storage").await?;
    ensure!(file.is_dir(), "it is gone");
    Ok(())
}

async fn is_open_elsewhere() -> anyhow::Result<()> {
    let (server, storage) = server("")?;
    let mut visitor = keeper(&server).await?;
    visitor.answers(&json!([["put", "k", "1"]])).await?;
    let (app, _) = with_file(|file| Ok(std::os::unix::fs::symlink(storage.path().join("test.redb"), file)?))?;
    Server::start()?.watch_the_end_of(&app, "storage").await?;
    let answers: Value = visitor.answers(&json!([["get", "k"], ["put", "k", "2"]])).await?;
    ensure!(answers == json!(["1", true]), "{answers}");
    Ok(())
}

attacks! {
    view_that_writes_two_keys_and_traps: ends_in_the_middle("trap", "trap");
    view_that_writes_two_keys_and_spins: ends_in_the_middle("spin", "cpu-limit");
    view_that_writes_and_asks_for_what_is_refused: refuses_its_own_effects();
    views_that_flood_the_store_with_writes: floods_with_writes();
    view_that_writes_far_too_much_in_one_callback: writes_far_too_much_in_one_callback();
    view_that_writes_more_than_a_call_may_copy: copies_more_than_a_call_may();
    view_that_scans_the_store_in_each_event: scans_everything_each_event();
    view_that_fills_the_store: fills_the_store();
    view_that_fills_the_store_for_a_second_at_a_time: fills_the_store_for_a_second();
    view_that_answers_each_conflict_with_another: fights_for_a_key();
    views_that_fight_for_a_key: many_fight_for_a_key();
    view_that_asks_for_keys_of_others: asks_for_keys_of_others();
    store_that_is_text: is_no_store(b"todo: water the palms".to_vec());
    store_that_is_zeros: is_no_store(vec![0; 1_000_000]);
    store_that_is_damaged: is_damaged();
    store_that_is_a_folder: is_a_folder();
    store_that_another_server_has_open: is_open_elsewhere();
}
