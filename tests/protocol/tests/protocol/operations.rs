//! What operators see: metrics move by what happened and by nothing else, health and readiness.

use std::time::Duration;

use hothouse_protocol_tests::{Joined, Metrics, TestServer};
use hothouse_test_client::{Client, Handshake, Refused, Socket, View};
use serde_json::json;
use tokio::time::{sleep, timeout};

/// How long something may take that happens after its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Labels of the view that most tests use.
const VIEW: &str = "tenant=\"test\",view=\"asks-everything\"";

/// What moved, without the gauges.
fn moved(before: &Metrics, after: &Metrics) -> Vec<(String, f64)> {
    let mut moved = after.moved_since(before);
    let gauges = ["hothouse_instances{", "hothouse_sockets{", "hothouse_memory_bytes{"];
    moved.retain(|(series, _)| !gauges.iter().any(|gauge| series.starts_with(gauge)));
    moved
}

/// What should have moved: series of the view, by the names of their metrics and their last label.
fn expected(moved: &[(&str, &str, f64)]) -> Vec<(String, f64)> {
    let mut expected: Vec<(String, f64)> = moved
        .iter()
        .map(|(name, label, by)| {
            let separator = if label.is_empty() { "" } else { "," };
            (format!("{name}{{{VIEW}{separator}{label}}}"), *by)
        })
        .collect();
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    expected
}

/// Waits until a series has a value.
async fn becomes(server: &TestServer, series: &str, value: f64) -> anyhow::Result<()> {
    let reached = async {
        while server.metrics().await?.get(series) != value {
            sleep(Duration::from_millis(5)).await;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, reached).await?
}

const STEPS: &str = "hothouse_step_duration_seconds_count";
const RENDERED: &str = "hothouse_rendered_bytes_count";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_a_join_and_clicks_move_what_they_are() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let zero = server.metrics().await?;
    assert_eq!(zero.page.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(zero.page.body.contains("# TYPE hothouse_crashes_total counter\n"), "{}", zero.page.body);
    assert!(!zero.page.body.contains("# EOF") && !zero.page.body.contains("# UNIT"), "{}", zero.page.body);

    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let after_page = server.metrics().await?;
    let html = page.view()?.content.len();
    assert_eq!(
        moved(&zero, &after_page),
        expected(&[
            (STEPS, "step=\"mount\"", 1.0),
            (STEPS, "step=\"handle-params\"", 1.0),
            (STEPS, "step=\"render\"", 1.0),
            (STEPS, "step=\"diff\"", 1.0),
            (STEPS, "step=\"terminate\"", 1.0),
            (RENDERED, "kind=\"page\"", 1.0),
        ])
    );
    let sum = format!("hothouse_rendered_bytes_sum{{{VIEW},kind=\"page\"}}");
    assert_eq!(after_page.get(&sum), f64::from(u32::try_from(html)?));

    let mut socket = Socket::connect(&client, &page).await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    let after_join = server.metrics().await?;
    assert_eq!(
        moved(&after_page, &after_join),
        expected(&[
            (STEPS, "step=\"mount\"", 1.0),
            (STEPS, "step=\"handle-params\"", 1.0),
            (STEPS, "step=\"connected\"", 1.0),
            (STEPS, "step=\"render\"", 1.0),
            (STEPS, "step=\"diff\"", 1.0),
            (RENDERED, "kind=\"full\"", 1.0),
            ("hothouse_joins_total", "outcome=\"ok\"", 1.0),
        ])
    );
    for _ in 0..3 {
        view.click(&mut socket, "count", json!({})).await?;
    }
    // Nothing changes: there is a diff to compute and none to send.
    view.click(&mut socket, "document:", json!({})).await?;
    let after_clicks = server.metrics().await?;
    assert_eq!(
        moved(&after_join, &after_clicks),
        expected(&[
            (STEPS, "step=\"handle-event\"", 4.0),
            (STEPS, "step=\"render\"", 4.0),
            (STEPS, "step=\"diff\"", 4.0),
            (RENDERED, "kind=\"diff\"", 3.0),
        ])
    );
    let sum = format!("hothouse_rendered_bytes_sum{{{VIEW},kind=\"diff\"}}");
    assert_eq!(after_clicks.get(&sum), 27.0, "three times {{\"0\":\"1\"}}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_crash_counts_once_under_its_cause() -> anyhow::Result<()> {
    for (event, cause, is_limit) in [
        ("trap", "trap", false),
        ("document:trap", "trap", false),
        ("spin", "cpu-limit", true),
        ("grow:8000000", "memory", true),
        ("effects:257", "effects", true),
        ("document:flood", "copy", true),
    ] {
        let mut open = Joined::open("asks-everything").await?;
        let before = open.server.metrics().await?;
        let payload = json!({ "type": "click", "event": event, "value": {} });
        open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
        assert_eq!(open.socket.receive().await?.event, "phx_error", "{event}");
        let after = open.server.metrics().await?;
        let in_render = event.starts_with("document:");
        let mut series = vec![(STEPS, "step=\"handle-event\"", 1.0)];
        if in_render {
            series.push((STEPS, "step=\"render\"", 1.0));
        }
        let label = format!("cause=\"{cause}\"");
        series.push(("hothouse_crashes_total", &label, 1.0));
        let limit = format!("limit=\"{cause}\"");
        if event == "spin" {
            series.push(("hothouse_limits_near_total", "limit=\"event_cpu_ms\"", 1.0));
        }
        if is_limit {
            series.push(("hothouse_limits_reached_total", &limit, 1.0));
        }
        assert_eq!(moved(&before, &after), expected(&series), "{event}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_killed_shows_how_long_it_ran() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let payload = json!({ "type": "click", "event": "spin", "value": {} });
    open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
    open.socket.receive().await?;
    let metrics = open.server.metrics().await?;
    let bucket = |bound: &str| {
        metrics.get(&format!(
            "hothouse_step_duration_seconds_bucket{{le=\"{bound}\",{VIEW},step=\"handle-event\"}}"
        ))
    };
    assert_eq!((bucket("0.2"), bucket("+Inf")), (0.0, 1.0), "{}", metrics.page.body);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn greetings_and_farewells_are_measured_and_break_like_other_calls() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let before = server.metrics().await?;
    let mut client = Client::new(server.address);
    // The page is there before its view says goodbye.
    assert_eq!(client.get("/?mount=farewell:trap").await?.status, 200);
    let page = client.get("/?connected=greeting:trap").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    View::join(&mut socket, &client, &page).await.expect_err("`connected` traps");
    let page = client.get("/").await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    view.click(&mut socket, "farewell:trap", json!({})).await?;
    socket.cut();
    becomes(&server, &format!("hothouse_crashes_total{{{VIEW},cause=\"trap\"}}"), 3.0).await?;
    let moved = moved(&before, &server.metrics().await?);
    for (step, times) in [("connected", 2.0), ("terminate", 4.0)] {
        let series = (format!("{STEPS}{{{VIEW},step=\"{step}\"}}"), times);
        assert!(moved.contains(&series), "{series:?} in {moved:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_and_refused_documents_count_and_end_nothing() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let before = open.server.metrics().await?;
    open.click("fail:forbidden", json!({})).await?;
    open.click("document:bogus-node", json!({})).await?;
    open.click("document:", json!({})).await?;
    open.click("document:long", json!({})).await?;
    open.click("reply:{", json!({})).await?;
    let after = open.server.metrics().await?;
    let counted: Vec<_> = moved(&before, &after)
        .into_iter()
        .filter(|(series, _)| !series.starts_with(STEPS) && !series.starts_with(RENDERED))
        .collect();
    assert_eq!(
        counted,
        expected(&[
            ("hothouse_failures_declared_total", "kind=\"forbidden\"", 1.0),
            ("hothouse_documents_refused_total", "fault=\"bad-index\"", 1.0),
            // Once: when everything is asked for after it, the limit is a larger one.
            ("hothouse_documents_refused_total", "fault=\"document-too-large\"", 1.0),
            ("hothouse_documents_refused_total", "fault=\"bad-payload\"", 1.0),
            ("hothouse_limits_reached_total", "limit=\"document-too-large\"", 1.0),
        ])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_count_by_how_they_were_answered() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let mut client = Client::new(server.address);
    let outcome = |view: &str, outcome: &str| {
        format!("hothouse_joins_total{{tenant=\"test\",view=\"{view}\",outcome=\"{outcome}\"}}")
    };
    for (path, answer) in [
        ("/?connected=fail:forbidden", "mount-refused"),
        ("/?connected=trap", "mount-crashed"),
        ("/?connected=reply:{", "mount-document-refused"),
    ] {
        let page = client.get(path).await?;
        let mut socket = Socket::connect(&client, &page).await?;
        View::join(&mut socket, &client, &page).await.expect_err("there is no view");
        let metrics = server.metrics().await?;
        assert_eq!(metrics.get(&outcome("asks-everything", answer)), 1.0, "{}", metrics.page.body);
    }
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let topic = format!("lv:{}", page.view()?.id);
    for (key, value, answer) in [
        ("session", json!("forged"), "bad-session-token"),
        ("static", json!("forged"), "bad-static-token"),
        ("url", json!("http://127.0.0.1/elsewhere"), "foreign-join-url"),
        ("url", json!("no url"), "bad-join-url"),
        ("redirect", json!("http://127.0.0.1/elsewhere"), "join-by-navigation"),
    ] {
        let mut payload = View::join_payload(&client, &page)?;
        payload[key] = value;
        View::try_join(&mut socket, &topic, payload).await?;
        assert_eq!(server.metrics().await?.get(&outcome("", answer)), 1.0, "{answer}");
    }
    let rejoins = format!("hothouse_rejoins_total{{{VIEW}}}");
    let mut payload = View::join_payload(&client, &page)?;
    View::from_reply(&View::try_join(&mut socket, &topic, payload.clone()).await?)?;
    assert_eq!(server.metrics().await?.get(&rejoins), 0.0);
    payload["params"]["_mounts"] = json!(1);
    // The first view is closed before the second answers.
    View::try_join(&mut socket, &topic, payload).await?;
    View::from_reply(&socket.receive().await?)?;
    let metrics = server.metrics().await?;
    assert_eq!(metrics.get(&rejoins), 1.0);
    assert_eq!(metrics.get(&outcome("asks-everything", "ok")), 2.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_sockets_and_frames_count_by_reason() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let before = server.metrics().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.origin = Some("http://evil.example".to_owned());
    assert_eq!(handshake.open().await?.err(), Some(Refused(403)));
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.query = "vsn=1.0.0".to_owned();
    assert_eq!(handshake.open().await?.err(), Some(Refused(403)));

    let too_long_topic = json!([null, "1", "x".repeat(256), "heartbeat", {}]).to_string();
    for frame in ["nonsense", too_long_topic.as_str()] {
        let mut socket = Socket::connect(&client, &page).await?;
        socket.send_raw(frame).await?;
        socket.closed().await?;
    }
    let mut socket = Socket::connect(&client, &page).await?;
    socket.send_binary(vec![0; 8]).await?;
    socket.closed().await?;
    let mut socket = Socket::connect(&client, &page).await?;
    // What is beyond the limit of a frame is not read to its end: the connection may be reset while it is written.
    let _ = socket.send_raw(&"x".repeat(128 * 1024 + 1)).await;
    becomes(&server, "hothouse_frames_refused_total{tenant=\"test\",reason=\"frame-too-large\"}", 1.0)
        .await?;
    assert_eq!(client.get(&format!("/?{}", "x".repeat(8 * 1024))).await?.status, 414);

    let after = server.metrics().await?;
    let series = |name: &str, label: &str| format!("hothouse_{name}_total{{tenant=\"test\",{label}}}");
    let mut expected: Vec<(String, f64)> = [
        series("sockets_refused", "reason=\"foreign-origin\""),
        series("sockets_refused", "reason=\"protocol-version\""),
        series("frames_refused", "reason=\"frame-envelope\""),
        series("frames_refused", "reason=\"frame-too-long\""),
        series("frames_refused", "reason=\"frame-binary\""),
        series("frames_refused", "reason=\"frame-too-large\""),
        series("limits_reached", "view=\"\",limit=\"frame-too-long\""),
        series("limits_reached", "view=\"\",limit=\"frame-too-large\""),
        series("limits_reached", "view=\"\",limit=\"url-too-long\""),
    ]
    .map(|series| (series, 1.0))
    .into();
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(moved(&before, &after), expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_and_sockets_are_those_that_there_are() -> anyhow::Result<()> {
    let instances = format!("hothouse_instances{{{VIEW}}}");
    let sockets = "hothouse_sockets{tenant=\"test\"}";
    let mut open = Joined::open("asks-everything").await?;
    let metrics = open.server.metrics().await?;
    assert_eq!((metrics.get(&instances), metrics.get(sockets)), (1.0, 1.0), "{}", metrics.page.body);
    let mut client = open.client.clone();
    let page = client.get("/").await?;
    let other = View::join(&mut open.socket, &client, &page).await?;
    let metrics = open.server.metrics().await?;
    assert_eq!((metrics.get(&instances), metrics.get(sockets)), (2.0, 1.0));

    let payload = json!({ "type": "click", "event": "trap", "value": {} });
    open.socket.send(Some(&other.join_ref), &other.topic, "event", payload).await?;
    open.socket.receive().await?;
    becomes(&open.server, &instances, 1.0).await?;
    let Joined { server, socket, .. } = open;
    socket.cut();
    becomes(&server, sockets, 0.0).await?;
    becomes(&server, &instances, 0.0).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_client_or_a_guest_says_is_in_the_metrics() -> anyhow::Result<()> {
    const HOSTILE: &str = "h0stile\"}\n# ";
    let mut open = Joined::open("asks-everything").await?;
    let Joined { view, socket, client, page, .. } = &mut open;
    // As an event's name, as its value, as what the view renders and declares.
    for event in [HOSTILE.to_owned(), format!("fail:{HOSTILE}"), format!("document:{HOSTILE}")] {
        view.click(socket, &event, json!({ HOSTILE: HOSTILE })).await?;
    }
    socket.send(Some(&view.join_ref), &view.topic, HOSTILE, json!({})).await?;
    socket.receive().await?;
    // As a topic, and in every field of a join.
    View::try_join(socket, &format!("lv:{HOSTILE}"), View::join_payload(client, page)?).await?;
    for key in ["session", "static", "url", "redirect"] {
        let mut payload = View::join_payload(client, page)?;
        payload[key] = json!(HOSTILE);
        View::try_join(socket, "lv:phx-h0stile", payload).await?;
    }
    // In a path, a query, an origin and the handshake's version.
    client.get("/h0stile?h0stile=h0stile").await?;
    client.get("/?document=h0stile").await?;
    let mut handshake = Handshake::new(client, page)?;
    handshake.origin = Some("http://h0stile.example".to_owned());
    handshake.open().await?.expect_err("a foreign origin");
    handshake = Handshake::new(client, page)?;
    handshake.query = "vsn=h0stile".to_owned();
    handshake.open().await?.expect_err("a foreign version");
    socket.send_raw(HOSTILE).await?;
    socket.closed().await?;

    let metrics = open.server.metrics().await?;
    assert!(metrics.get(&format!("hothouse_failures_declared_total{{{VIEW},kind=\"internal\"}}")) >= 1.0);
    assert!(!metrics.page.body.contains("h0stile"), "{}", metrics.page.body);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_ends_when_the_server_stops_and_health_does_not() -> anyhow::Result<()> {
    let mut server = TestServer::start(&[("/", "asks-everything")]).await?;
    let mut operator = Client::new(server.operations);
    assert_eq!(operator.get("/healthz").await?.status, 200);
    assert_eq!(operator.get("/readyz").await?.status, 200);
    // A page that takes its time: the server cannot end before it.
    let mut client = Client::new(server.address);
    let page = tokio::spawn(async move { client.get("/?mount=spin").await });
    becomes(&server, &format!("hothouse_instances{{{VIEW}}}"), 1.0).await?;
    server.begin_shutdown();
    let stops = async {
        while operator.get("/readyz").await?.status != 503 {
            sleep(Duration::from_millis(5)).await;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, stops).await??;
    assert!(!server.has_ended(), "it says so while it is still stopping");
    assert_eq!(operator.get("/healthz").await?.status, 200);
    assert_eq!(page.await??.status, 500);
    server.ended().await?;
    assert_eq!(operator.get("/readyz").await?.status, 503, "and for good");
    assert_eq!(operator.get("/healthz").await?.status, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_not_answered_where_browsers_are() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(Client::new(server.address).get(path).await?.status, 404, "{path}");
    }
    assert_eq!(Client::new(server.operations).get("/").await?.status, 404);
    Ok(())
}
