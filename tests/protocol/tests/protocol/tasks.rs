//! Background work: how it ends, what it reports, how it is cancelled and replaced, and what it may use.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hothouse::services::registered::Caller;
use hothouse_protocol_tests::{AppFolder, Errands, SECRET, TestServer, settings};
use serde_json::{Value, json};
use tokio::time::sleep;

/// A server with `errands` at `/` and a counter at `/elsewhere`.
async fn server(limits: &str) -> anyhow::Result<TestServer> {
    TestServer::limited(&[("/", "errands"), ("/elsewhere", "bench-counter")], limits).await
}

/// The tasks of `errands` that there are now.
async fn tasks(server: &TestServer) -> anyhow::Result<f64> {
    Ok(server.metrics().await?.get(r#"hothouse_tasks{tenant="test",view="errands"}"#))
}

async fn ended(server: &TestServer, outcome: &str) -> anyhow::Result<f64> {
    let series = format!(
        r#"hothouse_task_duration_seconds_count{{tenant="test",view="errands",outcome="{outcome}"}}"#
    );
    Ok(server.metrics().await?.get(&series))
}

/// Waits until there are so many tasks.
async fn until_tasks(server: &TestServer, count: f64) -> anyhow::Result<()> {
    let began = Instant::now();
    while tasks(server).await? != count {
        anyhow::ensure!(began.elapsed() < Duration::from_secs(10), "{} tasks", tasks(server).await?);
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_a_task_is_told() -> anyhow::Result<()> {
    let server = server("task_cpu_ms = 300\ntask_wall_ms = 1500").await?;
    let mut page = Errands::open(server.address, "/").await?;
    assert_eq!(page.run("echo", "hello").await?, "done hello");
    assert_eq!(page.run("fail", "not for you").await?, "failed FailureKind::Forbidden not for you");
    assert_eq!(page.run("trap", "").await?, "crashed");
    assert_eq!(page.run("grow", "").await?, "crashed");
    assert_eq!(page.run("recurse", "").await?, "crashed");
    assert_eq!(page.run("spin", "").await?, "timed out", "on the processor");
    assert_eq!(page.run("sleep", "10000").await?, "timed out", "on the clock");
    assert_eq!(page.run("echo", "still there").await?, "done still there");
    for (outcome, count) in [("done", 2.0), ("failed", 1.0), ("crashed", 3.0), ("timed-out", 2.0)] {
        assert_eq!(ended(&server, outcome).await?, count, "{outcome}");
    }
    assert_eq!(page.shown("clicks")?, "0", "it is the view that was joined");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_goes_on_while_its_tasks_wait_and_spin() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    page.start("waits", "sleep", "400").await?;
    page.start("spins", "until-cancelled", "").await?;
    let began = Instant::now();
    for _ in 0..50 {
        page.click("click", json!({})).await?;
    }
    assert_eq!(page.shown("clicks")?, "50");
    page.until(|told| told == ["waits done slept"]).await?;
    assert!(began.elapsed() > Duration::from_millis(350));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_arrives_in_order_and_before_the_end() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    // Many more than may wait at once.
    page.start("a", "report", "500").await?;
    let told = page.until(|told| told.last().is_some_and(|told| told == "a done reported")).await?;
    let expected: Vec<String> = (1..=500).map(|number| format!("a: {number}")).collect();
    assert_eq!(told[..500], expected);
    assert_eq!(told.len(), 501);
    assert!(page.pushed <= 500, "never more than one diff for each: {}", page.pushed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_cancelled_ends_once_and_nothing_else_of_it_arrives() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    for (what, input) in
        [("sleep", "60000"), ("deaf", ""), ("spin", ""), ("until-cancelled", ""), ("flood", "")]
    {
        page.start("a", what, input).await?;
        sleep(Duration::from_millis(50)).await;
        page.click("cancel", json!({ "key": "a" })).await?;
        page.click("cancel", json!({ "key": "a" })).await?;
        page.click("cancel", json!({ "key": "nobody" })).await?;
        until_tasks(&server, 0.0).await?;
    }
    page.start("b", "echo", "last").await?;
    let told = page.until(|told| told.last().is_some_and(|told| told == "b done last")).await?;
    assert_eq!(told[..5], ["a cancelled"; 5]);
    assert_eq!(told.len(), 6);
    assert_eq!(ended(&server, "cancelled").await?, 5.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_takes_the_place_of_the_one_under_its_key() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    page.click("twice", json!({ "key": "a", "what": "echo", "input": "once" })).await?;
    assert_eq!(page.until(|told| !told.is_empty()).await?, ["a done once again"]);
    page.start("a", "flood", "").await?;
    page.start("a", "spin", "").await?;
    page.start("a", "echo", "now").await?;
    let told = page.until(|told| told.len() > 1).await?;
    assert_eq!(told[1..], ["a done now"], "nothing of those before");
    until_tasks(&server, 0.0).await?;
    page.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_gone_has_no_tasks() -> anyhow::Result<()> {
    let server = server("").await?;
    for way in ["left", "cut", "crash"] {
        let mut page = Errands::open(server.address, "/").await?;
        page.start("waits", "sleep", "60000").await?;
        page.start("spins", "spin", "").await?;
        until_tasks(&server, 2.0).await?;
        match way {
            "left" => {
                // It sends its page on.
                let answer = page.click("leave", json!({})).await;
                assert!(answer.is_ok_and(|answer| answer.get("live_redirect").is_some()));
            }
            "cut" => page.socket.cut(),
            _ => {
                let leave =
                    page.socket.send(Some(&page.view.join_ref), &page.view.topic, "phx_leave", json!({}));
                leave.await?;
            }
        }
        until_tasks(&server, 0.0).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_has_so_many_tasks_at_once_and_no_more() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    let several = |count: u32| json!({ "count": count, "what": "sleep", "input": "200" });
    let refused = page.click("several", several(5)).await?;
    assert_eq!(notice(&refused), Some("internal"), "all of them: {refused}");
    assert_eq!(tasks(&server).await?, 0.0);
    page.click("several", several(4)).await?;
    let refused = page.start("fifth", "echo", "").await?;
    assert_eq!(notice(&refused), Some("internal"), "{refused}");
    page.start("4", "echo", "in its place").await?;
    let told = page.until(|told| told.len() == 4).await?;
    assert_eq!(told[0], "4 done in its place");
    page.click("several", several(4)).await?;
    page.until(|told| told.len() == 8).await?;
    Ok(())
}

fn notice(answer: &Value) -> Option<&str> {
    answer.pointer("/diff/e/0/1/kind").and_then(Value::as_str)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_so_many_tasks_at_once_and_others_fail() -> anyhow::Result<()> {
    let server = server("tasks = 2").await?;
    let (mut ann, mut bob) =
        (Errands::open(server.address, "/").await?, Errands::open(server.address, "/").await?);
    ann.start("a", "sleep", "60000").await?;
    bob.start("b", "sleep", "300").await?;
    bob.start("c", "echo", "").await?;
    let told = bob.until(|told| !told.is_empty()).await?;
    assert!(told[0].starts_with("c failed FailureKind::Limit"), "{told:?}");
    bob.until(|told| told.len() == 2).await?;
    assert_eq!(bob.run("echo", "there is room").await?, "done there is room");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_reports_and_answers_have_limits() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    // With the length before it, as the SDK writes text.
    let (report, answer) = (64 * 1024 - 3, 256 * 1024 - 3);
    assert_eq!(page.run("report-bytes", &report.to_string()).await?, "done told");
    let refused = page.run("report-bytes", &(report + 1).to_string()).await?;
    assert!(refused.starts_with("failed FailureKind::Limit a report has 65537 bytes"), "{refused}");
    assert_eq!(page.run("answer-bytes", &answer.to_string()).await?, format!("done {answer} bytes"));
    let refused = page.run("answer-bytes", &(answer + 1).to_string()).await?;
    assert!(refused.starts_with("failed FailureKind::Limit the task answered 262145 bytes"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_has_what_its_view_has() -> anyhow::Result<()> {
    let app = AppFolder::new(&[("/", "errands")])?;
    app.grant("services = [\"greeter\"]\nconnect_info = [\"languages\"]\nconfig = { place = \"Bern\" }")?;
    let mut settings = settings(&app, SECRET)?;
    let greet = |caller: &Caller<'_>, input: &[u8]| Ok([caller.view.as_bytes(), b": ", input].concat());
    settings.services.register("greeter", Arc::new(greet));
    let server = TestServer::start_as(app, settings).await?;
    let mut page = Errands::open(server.address, "/").await?;
    assert_eq!(page.run("setting", "place").await?, "done Bern");
    assert_eq!(page.run("language", "").await?, "done ");
    assert_eq!(page.run("service", "greeter").await?, "done errands: from a task");
    assert_eq!(page.run("clock", "").await?, "done true", "time goes on while it waits");
    assert_eq!(page.run("log", "10").await?, "done logged");
    assert!(page.run("describe", "").await?.starts_with("failed FailureKind::NotHere"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_task_writes_is_kept_when_it_is_done_and_not_otherwise() -> anyhow::Result<()> {
    let app = AppFolder::new(&[("/", "errands")])?;
    app.grant("kv = true")?;
    let server = TestServer::start_with(app, SECRET).await?;
    let mut page = Errands::open(server.address, "/").await?;
    assert_eq!(page.run("keep", "one").await?, "done kept");
    assert_eq!(page.run("kept", "").await?, "done one");
    assert_eq!(page.run("keep-and-fail", "two").await?, "failed FailureKind::Internal after it has written");
    assert_eq!(page.run("keep-and-trap", "three").await?, "crashed");
    assert_eq!(page.run("kept", "").await?, "done one");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_not_served_what_only_tasks_are() -> anyhow::Result<()> {
    let app = AppFolder::new(&[("/", "errands")])?;
    app.grant("http = [\"example.com\"]")?;
    let server = TestServer::start_with(app, SECRET).await?;
    let mut page = Errands::open(server.address, "/").await?;
    page.click("ask", json!({})).await?;
    assert_eq!(page.told()?, ["[Some(FailureKind::NotHere), Some(FailureKind::NotHere)]"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_for_the_standard_library_sleeps_in_its_tasks_and_nowhere_else() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "stock-wasi")]).await?;
    let mut page = Errands::open(server.address, "/").await?;
    let began = Instant::now();
    page.click("nap:1000", json!({})).await?;
    for _ in 0..5 {
        page.click("click", json!({})).await?;
    }
    assert_eq!((page.shown("count")?.as_str(), page.told()?.len()), ("5", 0), "the view does not wait");
    let told = page.until(|told| !told.is_empty()).await?;
    let (slept, elapsed) = (told[0].parse()?, began.elapsed());
    assert!(
        (1000..=1 + elapsed.as_millis()).contains(&slept),
        "{slept} ms by its own clock, {elapsed:?} by ours"
    );
    let payload = json!({ "type": "click", "event": "sleep:400", "value": {} });
    page.socket.send(Some(&page.view.join_ref), &page.view.topic, "event", payload).await?;
    assert_eq!(page.socket.receive().await?.event, "phx_error");
    let waits = r#"hothouse_crashes_total{tenant="test",view="stock-wasi",cause="waits"}"#;
    assert_eq!(server.metrics().await?.get(waits), 1.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_made_starts_no_tasks() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = hothouse_test_client::Client::new(server.address);
    for _ in 0..3 {
        assert_eq!(client.get("/?start=1").await?.status, 200);
    }
    assert_eq!(tasks(&server).await?, 0.0);
    assert_eq!(ended(&server, "done").await?, 0.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_tasks_that_wait_are_one_render() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    // On a busy machine a task may get its turn too late.
    for attempt in 1..=20 {
        page.click("several", json!({ "count": 4, "what": "report", "input": "10" })).await?;
        let before = page.pushed;
        page.click("busy", json!({})).await?;
        page.until(|told| told.len() == attempt * 44).await?;
        if page.pushed == before + 1 {
            return Ok(());
        }
    }
    anyhow::bail!("44 messages were never one render")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_its_tasks() -> anyhow::Result<()> {
    let mut server = server("").await?;
    let mut page = Errands::open(server.address, "/").await?;
    page.start("waits", "sleep", "60000").await?;
    page.start("spins", "deaf", "").await?;
    until_tasks(&server, 2.0).await?;
    let began = Instant::now();
    server.begin_shutdown();
    page.socket.closed().await?;
    server.ended().await?;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    Ok(())
}
