//! Clients that want too much of what others want as well: frames, joins, pages, sockets, views, memory, time, patience.

use std::time::{Duration, Instant};

use hothouse_limits_tests::{Server, Visitor};
use hothouse_test_client::{Client, Handshake, Message, Refused, Socket, View};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const FRAMES: &str = "hothouse_frames_refused_total";
const JOINS: &str = "hothouse_joins_total";
const SOCKETS: &str = "hothouse_sockets_refused_total";
const LIMITS: &str = "hothouse_limits_reached_total";
const CRASHES: &str = "hothouse_crashes_total";

/// Each event is answered, in the order in which they were sent.
async fn answered(visitor: &mut Visitor, refs: Vec<String>) -> anyhow::Result<()> {
    for message_ref in refs {
        let message = visitor.socket.receive().await?;
        assert_eq!(message.message_ref, Some(message_ref), "in order");
        visitor.view.merge(&message)?;
    }
    Ok(())
}

/// The next message that is not about a view that ran before.
async fn answer(socket: &mut Socket, mut message: Message) -> anyhow::Result<Message> {
    while message.event == "phx_close" {
        message = socket.receive().await?;
    }
    Ok(message)
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_beyond_the_rate_are_read_later_and_none_is_lost() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let began = Instant::now();
        // The join was one of 1,000.
        let mut refs = Vec::new();
        for _ in 0..900 {
            refs.push(visitor.sends("count").await?);
        }
        answered(&mut visitor, refs).await?;
        server.logged("frame-rate", 0).await?;
        let mut refs = Vec::new();
        for _ in 0..900 {
            refs.push(visitor.sends("count").await?);
        }
        answered(&mut visitor, refs).await?;
        // 500 a second: 1,801 frames less the 1,000 of the burst.
        assert!(began.elapsed() > Duration::from_millis(1_550), "{:?}", began.elapsed());
        Ok(())
    };
    Server::limited("events_per_second = 500")?.endure(FRAMES, "frame-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_for_views_that_are_not_there_are_answered_and_slowed_down() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        for number in 0..1_500 {
            let (topic, payload) =
                (format!("lv:phx-{number}"), json!({ "type": "click", "event": "count", "value": {} }));
            visitor.socket.send(Some("1"), &topic, "event", payload).await?;
        }
        for _ in 0..1_500 {
            let message = visitor.socket.receive().await?;
            assert_eq!(message.reply()?, ("error", &json!({ "reason": "unmatched topic" })));
        }
        visitor.counts(3).await
    };
    Server::limited("events_per_second = 500")?.endure(FRAMES, "frame-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_beyond_the_rate_are_refused_on_that_socket_alone() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        for status in ["ok", "ok", "ok", "error"] {
            let message = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
            let message = answer(&mut socket, message).await?;
            assert_eq!(message.reply()?.0, status, "{}", message.text);
        }
        server.visit("/").await?.counts(3).await
    };
    Server::limited("joins_per_minute = 3")?.endure(JOINS, "join-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_go_on_count_as_pages_and_beyond_them_as_joins() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let mut gone_on = 0;
        let refused = loop {
            let Visitor { client, page, socket, view } = &mut visitor;
            let answer = View::navigate(socket, Some(view), client, page, "/", None).await?;
            if answer.reply()?.0 == "error" {
                break answer;
            }
            *view = View::from_reply(&answer)?;
            gone_on += 1;
            assert!(gone_on < 1_000, "a page went on a thousand times");
        };
        // Forty pages at once, of which two were loaded; then the two joins that are left.
        assert!(gone_on >= 40, "{gone_on}");
        assert_eq!(refused.reply()?, ("error", &json!({ "reason": "join crashed" })));
        Ok(())
    };
    Server::limited("joins_per_minute = 3\npages_per_second = 10")?.endure(JOINS, "join-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_that_only_say_that_a_page_goes_on_are_joins() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let Visitor { client, page, mut socket, .. } = server.visit("/").await?;
        for status in ["ok", "ok", "error"] {
            let answer = View::navigate(&mut socket, None, &client, &page, "/", None).await?;
            assert_eq!(answer.reply()?.0, status, "{}", answer.text);
        }
        Ok(())
    };
    Server::limited("joins_per_minute = 3")?.endure(JOINS, "join-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_beyond_the_rate_are_answered_with_429_and_when_to_come_back() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let mut pages = 0;
        let refused = loop {
            let page = client.get("/").await?;
            if page.status != 200 {
                break page;
            }
            pages += 1;
            assert!(pages < 100, "a hundred pages at once were answered");
        };
        // Eight at once, of which the neighbour had one.
        assert!(pages >= 7, "{pages}");
        assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
        sleep(Duration::from_millis(1_100)).await;
        assert_eq!(client.get("/").await?.status, 200);
        Ok(())
    };
    Server::limited("pages_per_second = 2")?.endure(LIMITS, "page-rate", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_beyond_their_number_are_refused_until_one_is_closed() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let second = server.visit("/").await?;
        let handshake = Handshake::new(&second.client, &second.page)?;
        assert_eq!(handshake.open().await?.err(), Some(Refused(503)));
        second.socket.cut();
        server.gauge("hothouse_sockets", 1.0).await?;
        server.visit("/").await?.counts(3).await
    };
    Server::limited("sockets = 2")?.endure(SOCKETS, "too-many-sockets", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn views_beyond_their_number_are_refused_on_that_socket_alone() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let page = visitor.client.get("/").await?;
        let topic = format!("lv:{}", page.view()?.id);
        let payload = View::join_payload(&visitor.client, &page)?;
        let refused = View::try_join(&mut visitor.socket, &topic, payload).await?;
        assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
        visitor.counts(3).await
    };
    Server::limited("views_per_socket = 1")?.endure(JOINS, "too-many-views", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_beyond_the_apps_instances_are_refused_until_one_is_gone() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        // With the neighbour's, both places are taken.
        let second = server.visit("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
        assert_eq!(refused.reply()?, ("error", &json!({ "reason": "join crashed" })));
        second.socket.cut();
        server.gauge("hothouse_instances", 1.0).await?;
        View::join(&mut socket, &client, &page).await?;
        Ok(())
    };
    Server::limited("instances = 2")?.endure(JOINS, "join-instances", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_beyond_the_apps_instances_are_answered_with_503() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let second = server.visit("/").await?;
        let mut client = Client::new(server.address);
        let refused = client.get("/").await?;
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
        assert!(refused.body.contains("Too many pages of this app are open"), "{}", refused.body);
        second.socket.cut();
        server.gauge("hothouse_instances", 1.0).await?;
        assert_eq!(client.get("/").await?.status, 200);
        Ok(())
    };
    Server::limited("instances = 2")?.endure(LIMITS, "page-instances", attack).await
}

/// Views of the app have as much memory together as three of them begin with, and something is asked for beyond it.
async fn beyond_the_memory_of_all<F>(code: &str, counter: &str, attack: F) -> anyhow::Result<()>
where
    F: AsyncFnOnce(&Server) -> anyhow::Result<()>,
{
    let of_one = Server::start()?.memory_of_a_view().await?;
    Server::limited(&format!("total_memory_bytes = {}", of_one * 3))?.endure(counter, code, attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_grows_beyond_the_memory_of_all_ends_alone() -> anyhow::Result<()> {
    beyond_the_memory_of_all("total-memory", CRASHES, async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.counts(3).await?;
        visitor.dies_of("grow:1000000").await?;
        // What it had is given back: there are two more places.
        let second = server.visit("/").await?;
        server.visit("/").await?.counts(3).await?;
        second.socket.cut();
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_beyond_the_memory_of_all_are_answered_with_503() -> anyhow::Result<()> {
    beyond_the_memory_of_all("total-memory", CRASHES, async |server: &Server| {
        let (second, third) = (server.visit("/").await?, server.visit("/").await?);
        let mut client = Client::new(server.address);
        assert_eq!(client.get("/").await?.status, 503);
        second.socket.cut();
        third.socket.cut();
        server.gauge("hothouse_instances", 1.0).await?;
        assert_eq!(client.get("/").await?.status, 200, "the address does not rest for it");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_beyond_the_memory_of_all_are_refused() -> anyhow::Result<()> {
    beyond_the_memory_of_all("total-memory", CRASHES, async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let _others = (server.visit("/").await?, server.visit("/").await?);
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
        assert_eq!(refused.reply()?, ("error", &json!({ "reason": "join crashed" })));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_never_finishes_its_request_is_closed() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        assert_eq!(Client::new(server.address).get("/").await?.status, 200);
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
        Ok(())
    };
    Server::start()?.endure(LIMITS, "request-too-slow", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_too_large_a_head_is_refused() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        for (bytes, status) in [(16 * 1024, 200), (64 * 1024, 431)] {
            let value = "x".repeat(bytes);
            let page = Client::new(server.address).get_with("/", &[("x-long", &value)]).await?;
            assert_eq!(page.status, status);
        }
        Ok(())
    };
    Server::start()?.endure(LIMITS, "request-too-large", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_let_go_and_holds_nobody_up() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut deaf = server.visit("/").await?;
        deaf.counts(3).await?;
        // Each answer is as long as its question: more than both systems' buffers hold.
        let long = "x".repeat(100_000);
        let flood = async {
            let payload: Value = json!({ "type": "click", "event": "echo", "value": { "long": long } });
            loop {
                let (join_ref, topic) = (deaf.view.join_ref.clone(), deaf.view.topic.clone());
                if deaf.socket.send(Some(&join_ref), &topic, "event", payload.clone()).await.is_err() {
                    return;
                }
            }
        };
        timeout(Duration::from_secs(60), flood).await?;
        server.gauge("hothouse_instances", 1.0).await
    };
    Server::start()?.endure(FRAMES, "slow-reader", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_falls_silent_is_let_go_with_its_view() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut talking = server.visit("/").await?;
        let mut silent = server.visit("/").await?;
        silent.counts(3).await?;
        for _ in 0..5 {
            talking.counts(1).await?;
            sleep(Duration::from_millis(500)).await;
        }
        // Two and a half seconds: its connection is open all the while.
        server.gauge("hothouse_sockets", 2.0).await?;
        server.gauge("hothouse_instances", 2.0).await?;
        assert_eq!(silent.socket.closed().await?, Some(1001));
        talking.counts(3).await
    };
    Server::limited("silence_ms = 1500")?.endure(FRAMES, "silent-client", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_wait_for_a_view_that_spins_are_no_silence() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let (mut visitor, mut other) = (server.visit("/second").await?, Client::new(server.address));
        visitor.counts(3).await?;
        // Two take turns, so each takes twice as long as its processor time.
        let other = tokio::spawn(async move { other.get("/third?mount=spin").await });
        visitor.sends("spin").await?;
        // More than its inbox holds: for longer than a client may be silent, the socket is read no further.
        for _ in 0..50 {
            visitor.sends("count").await?;
        }
        visitor.breaks().await?;
        visitor.socket.send(None, "phoenix", "heartbeat", json!({})).await?;
        assert_eq!(visitor.socket.receive().await?.reply()?.0, "ok");
        assert_eq!(other.await??.status, 500);
        Ok(())
    };
    Server::limited("silence_ms = 350")?.endure_times(2, CRASHES, "cpu-limit", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_breaks_its_view_again_and_again_rests_and_others_do_not() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        for _ in 0..5 {
            assert_eq!(client.get("/?mount=trap").await?.status, 500);
        }
        let resting = client.get("/?mount=trap").await?;
        assert_eq!((resting.status, resting.header("retry-after")), (503, Some("1")));
        assert!(resting.body.contains("is resting"), "{}", resting.body);
        assert_eq!(client.get("/").await?.status, 200);
        sleep(Duration::from_millis(1_100)).await;
        assert_eq!(client.get("/?mount=trap").await?.status, 500, "it is tried again");
        Ok(())
    };
    Server::start()?.endure(LIMITS, "page-resting", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_breaks_at_each_join_rests_and_its_page_says_so() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/?connected=trap").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        for _ in 0..6 {
            let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
            assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
        }
        assert_eq!(client.get("/?connected=trap").await?.status, 503);
        assert_eq!(client.get("/").await?.status, 200);
        Ok(())
    };
    Server::start()?.endure(JOINS, "join-resting", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn output_beyond_its_rate_is_dropped() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/stock").await?;
        visitor.view.click(&mut visitor.socket, "lines:3", json!({})).await?;
        visitor.view.click(&mut visitor.socket, "lines:500", json!({})).await?;
        visitor.view.click(&mut visitor.socket, "lines:3", json!({})).await?;
        Ok(())
    };
    Server::start()?.endure(LIMITS, "log-lines", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn spinning_views_beyond_their_places_end_on_the_only_worker() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        // A busy machine may run them one after another: then there were places enough.
        while server.lines("code=\"slow-calls\"") == 0 {
            let mut spinners =
                [server.visit("/").await?, server.visit("/second").await?, server.visit("/third").await?];
            for spinner in &mut spinners {
                // Of three components, none of which is suspect after so many quick calls: none waits for its place.
                spinner.counts(110).await?;
            }
            for spinner in &mut spinners {
                spinner.sends("spin").await?;
            }
            for spinner in &mut spinners {
                spinner.breaks().await?;
            }
            sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    };
    Server::with_one_worker()?.endure(CRASHES, "slow-calls", attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn spinning_views_that_wait_for_their_turns_end_by_the_clock() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut spinners = [server.visit("/").await?, server.visit("/second").await?];
        for spinner in &mut spinners {
            spinner.counts(3).await?;
        }
        for spinner in &mut spinners {
            spinner.sends("spin").await?;
        }
        for spinner in &mut spinners {
            spinner.breaks().await?;
        }
        Ok(())
    };
    // Each has half of the time on the clock: less than its processor time.
    Server::limited("event_wall_ms = 300")?.endure_times(2, CRASHES, "wall-limit", attack).await
}
