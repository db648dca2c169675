//! Clients that want too much of what others want as well: frames, joins, pages, sockets, time, patience.

use std::time::{Duration, Instant};

use hothouse_protocol_tests::TestServer;
use hothouse_test_client::{Client, Handshake, Page, Refused, Socket, View};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const ROUTES: &[(&str, &str)] = &[("/", "asks-everything")];

async fn page(server: &TestServer) -> anyhow::Result<(Client, Page)> {
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    Ok((client, page))
}

async fn joined(server: &TestServer) -> anyhow::Result<(Socket, View)> {
    let (client, page) = page(server).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((socket, view))
}

/// A neighbour whose 200 events are answered correctly and in order.
async fn is_unharmed(socket: &mut Socket, view: &mut View) -> anyhow::Result<()> {
    let began: u64 = count(view)?;
    for number in 1..=200 {
        view.click(socket, "count", json!({})).await?;
        assert_eq!(count(view)?, began + number);
    }
    Ok(())
}

fn count(view: &View) -> anyhow::Result<u64> {
    let html = view.html()?;
    let digits: String = html.chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

async fn reached(server: &TestServer, limit: &str) -> anyhow::Result<f64> {
    let series = format!("hothouse_limits_reached_total{{tenant=\"test\",view=\"\",limit=\"{limit}\"}}");
    Ok(server.metrics().await?.get(&series))
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_beyond_the_rate_are_read_later_and_none_is_lost() -> anyhow::Result<()> {
    let server = TestServer::limited(ROUTES, "events_per_second = 40").await?;
    let (mut socket, view) = joined(&server).await?;
    // The join was one of 80.
    let began = Instant::now();
    for _ in 0..70 {
        let payload = json!({ "type": "click", "event": "count", "value": {} });
        socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
    }
    for _ in 0..70 {
        assert_eq!(socket.receive().await?.reply()?.0, "ok");
    }
    assert_eq!(reached(&server, "frame-rate").await?, 0.0, "within its burst nobody waits");
    let mut refs = Vec::new();
    for _ in 0..50 {
        let payload = json!({ "type": "click", "event": "count", "value": {} });
        refs.push(socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?);
    }
    for message_ref in refs {
        assert_eq!(socket.receive().await?.message_ref, Some(message_ref), "in order");
    }
    // 40 a second: 121 frames less the 80 of the burst.
    assert!(began.elapsed() > Duration::from_millis(950), "{:?}", began.elapsed());
    assert_eq!(reached(&server, "frame-rate").await?, 1.0, "told once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_beyond_the_rate_are_refused_on_that_socket_alone() -> anyhow::Result<()> {
    let limits = "joins_per_minute = 3\nevents_per_second = 100000\npages_per_second = 1000";
    let server = TestServer::limited(ROUTES, limits).await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let (client, page) = page(&server).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let topic = format!("lv:{}", page.view()?.id);
    for _ in 0..3 {
        let payload = View::join_payload(&client, &page)?;
        let mut answer = View::try_join(&mut socket, &topic, payload).await?;
        while answer.event == "phx_close" {
            answer = socket.receive().await?;
        }
        assert_eq!(answer.reply()?.0, "ok", "{}", answer.text);
    }
    let mut refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    while refused.event == "phx_close" {
        refused = socket.receive().await?;
    }
    assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
    assert_eq!(reached(&server, "join-rate").await?, 1.0);
    is_unharmed(&mut other, &mut neighbour).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_beyond_the_rate_are_answered_with_429_and_when_to_come_back() -> anyhow::Result<()> {
    let server = TestServer::limited(ROUTES, "pages_per_second = 2\nevents_per_second = 100000").await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let mut client = Client::new(server.address);
    let mut refused = None;
    for _ in 0..20 {
        let page = client.get("/").await?;
        if page.status != 200 {
            refused = Some(page);
            break;
        }
    }
    let Some(refused) = refused else { anyhow::bail!("twenty pages at once were answered") };
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    assert_eq!(reached(&server, "page-rate").await?, 1.0);
    is_unharmed(&mut other, &mut neighbour).await?;
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(client.get("/").await?.status, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_beyond_their_number_are_refused_until_one_is_closed() -> anyhow::Result<()> {
    let server = TestServer::limited(ROUTES, "sockets = 2\nevents_per_second = 100000").await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let (second, _view) = joined(&server).await?;
    let (client, page) = page(&server).await?;
    let handshake = Handshake::new(&client, &page)?;
    assert_eq!(handshake.open().await?.err(), Some(Refused(503)));
    assert_eq!(reached(&server, "too-many-sockets").await?, 1.0);
    is_unharmed(&mut other, &mut neighbour).await?;
    second.cut();
    let opened = async {
        while handshake.open().await?.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
        anyhow::Ok(())
    };
    timeout(Duration::from_secs(10), opened).await?
}

#[tokio::test(flavor = "multi_thread")]
async fn views_beyond_their_number_are_refused_on_that_socket_alone() -> anyhow::Result<()> {
    let limits = "views_per_socket = 1\nevents_per_second = 100000";
    let server = TestServer::limited(ROUTES, limits).await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let (mut client, first) = page(&server).await?;
    let second = client.get("/").await?;
    let mut socket = Socket::connect(&client, &first).await?;
    View::join(&mut socket, &client, &first).await?;
    let topic = format!("lv:{}", second.view()?.id);
    let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &second)?).await?;
    assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
    assert_eq!(reached(&server, "too-many-views").await?, 1.0);
    is_unharmed(&mut other, &mut neighbour).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_never_finishes_its_request_is_closed() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let mut slow = TcpStream::connect(server.address).await?;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n").await?;
    let began = Instant::now();
    let ended = async {
        let (mut reader, mut writer) = slow.split();
        let mut byte = [0];
        loop {
            tokio::select! {
                read = reader.read(&mut byte) => if read.is_err() || matches!(read, Ok(0)) { return },
                () = sleep(Duration::from_millis(500)) => { let _ = writer.write_all(b"x").await; }
            }
        }
    };
    timeout(Duration::from_secs(30), ended).await?;
    assert!(began.elapsed() > Duration::from_secs(10), "{:?}", began.elapsed());
    is_unharmed(&mut other, &mut neighbour).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_too_large_a_head_is_refused() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let ask = async |bytes: usize| {
        let value = "x".repeat(bytes);
        anyhow::Ok(Client::new(server.address).get_with("/", &[("x-long", &value)]).await?.status)
    };
    assert_eq!(ask(16 * 1024).await?, 200);
    assert_eq!(ask(64 * 1024).await?, 431);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_let_go_and_holds_nobody_up() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let (mut deaf, view) = joined(&server).await?;
    // Each answer is as long as its question: more than both systems' buffers hold.
    let long = "x".repeat(100_000);
    let flood = async {
        loop {
            let payload: Value = json!({ "type": "click", "event": "echo", "value": { "long": long } });
            if deaf.send(Some(&view.join_ref), &view.topic, "event", payload).await.is_err() {
                return;
            }
        }
    };
    let until_told = async || {
        while reached(&server, "slow-reader").await? == 0.0 {
            sleep(Duration::from_millis(100)).await;
        }
        anyhow::Ok(())
    };
    let told = until_told();
    let watched = async {
        is_unharmed(&mut other, &mut neighbour).await?;
        until_told().await?;
        is_unharmed(&mut other, &mut neighbour).await
    };
    tokio::select! {
        outcome = timeout(Duration::from_secs(60), watched) => outcome?,
        () = flood => {
            // Its socket is closed: what is said of it is there by now or in a moment.
            timeout(Duration::from_secs(20), told).await?
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_breaks_its_view_again_and_again_rests_and_others_do_not() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let (mut other, mut neighbour) = joined(&server).await?;
    let mut client = Client::new(server.address);
    for _ in 0..5 {
        assert_eq!(client.get("/?mount=trap").await?.status, 500);
    }
    let resting = client.get("/?mount=trap").await?;
    assert_eq!((resting.status, resting.header("retry-after")), (503, Some("1")));
    assert!(resting.body.contains("is resting"), "{}", resting.body);
    assert_eq!(reached(&server, "page-resting").await?, 1.0);
    assert_eq!(client.get("/").await?.status, 200);
    is_unharmed(&mut other, &mut neighbour).await?;
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(client.get("/?mount=trap").await?.status, 500, "it is tried again, and rests for longer");
    assert_eq!(client.get("/?mount=trap").await?.status, 503);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_breaks_at_each_join_rests_and_its_page_says_so() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/?connected=trap").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let topic = format!("lv:{}", page.view()?.id);
    for _ in 0..6 {
        let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
        assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
    }
    let series = "hothouse_joins_total{tenant=\"test\",view=\"\",outcome=\"join-resting\"}";
    assert_eq!(server.metrics().await?.get(series), 1.0, "{:?}", server.metrics().await?);
    assert_eq!(client.get("/?connected=trap").await?.status, 503);
    assert_eq!(client.get("/").await?.status, 200);
    Ok(())
}
