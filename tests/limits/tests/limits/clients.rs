//! Clients that send what is no frame, join what is not theirs, and knock where they are not let in.

use hothouse_limits_tests::{Server, Visitor};
use hothouse_test_client::{Client, Handshake, Refused, Socket, View};
use serde_json::{Value, json};

const FRAMES: &str = "hothouse_frames_refused_total";
const JOINS: &str = "hothouse_joins_total";
const SOCKETS: &str = "hothouse_sockets_refused_total";
const LIMITS: &str = "hothouse_limits_reached_total";

/// A socket that works, and then sends a frame that closes it with `close`. `TOPIC` and `JOIN` stand for its own.
pub(crate) async fn closes(frame: &str, close: u16, code: &str) -> anyhow::Result<()> {
    let frame = frame.to_owned();
    sends(
        async move |visitor| {
            let frame = frame.replace("TOPIC", &visitor.view.topic).replace("JOIN", &visitor.view.join_ref);
            visitor.socket.send_raw(&frame).await?;
            assert_eq!(visitor.socket.closed().await?, Some(close));
            Ok(())
        },
        code,
    )
    .await
}

async fn sends<F>(attack: F, code: &str) -> anyhow::Result<()>
where
    F: AsyncFnOnce(&mut Visitor) -> anyhow::Result<()>,
{
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.counts(3).await?;
        attack(&mut visitor).await
    };
    Server::start()?.endure(FRAMES, code, attack).await
}

/// An event of the joined view with this payload.
pub(crate) async fn event_closes(payload: &str, code: &str) -> anyhow::Result<()> {
    closes(&format!("[\"JOIN\",\"9\",\"TOPIC\",\"event\",{payload}]"), 1007, code).await
}

async fn deep(depth: usize) -> anyhow::Result<()> {
    let value = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    event_closes(&format!("{{\"type\":\"click\",\"event\":\"count\",\"value\":{value}}}"), "frame-too-deep")
        .await
}

async fn form(value: String, code: &str) -> anyhow::Result<()> {
    event_closes(&json!({ "type": "form", "event": "echo", "value": value }).to_string(), code).await
}

async fn binary() -> anyhow::Result<()> {
    sends(
        async |visitor| {
            visitor.socket.send_binary(vec![0; 64]).await?;
            assert_eq!(visitor.socket.closed().await?, Some(1003));
            Ok(())
        },
        "frame-binary",
    )
    .await
}

async fn oversized(bytes: usize) -> anyhow::Result<()> {
    sends(
        async |visitor| {
            // The server may be gone before all of it is sent.
            let _ = visitor.socket.send_raw(&"x".repeat(bytes)).await;
            assert!(visitor.socket.closed().await.is_err() || visitor.socket.receive().await.is_err());
            Ok(())
        },
        "frame-too-large",
    )
    .await
}

/// A join that would be right, but for one change of its payload.
async fn join_is_refused(code: &str, change: fn(&mut Value)) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        server.visit("/").await?;
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let mut payload = View::join_payload(&client, &page)?;
        change(&mut payload);
        refused(&mut socket, &format!("lv:{}", page.view()?.id), payload).await
    };
    Server::start()?.endure(JOINS, code, attack).await
}

async fn refused(socket: &mut Socket, topic: &str, payload: Value) -> anyhow::Result<()> {
    let answer = View::try_join(socket, topic, payload).await?;
    assert_eq!(answer.reply()?.0, "error", "{}", answer.text);
    Ok(())
}

/// The session token of another page, on this page's topic.
async fn replayed() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let first = server.visit("/").await?;
        let mut second = server.visit("/").await?;
        let payload = View::join_payload(&first.client, &first.page)?;
        let topic = second.view.topic.clone();
        let mut answer = View::try_join(&mut second.socket, &topic, payload).await?;
        while answer.event == "phx_close" {
            answer = second.socket.receive().await?;
        }
        assert_eq!(answer.reply()?.0, "error", "{}", answer.text);
        Ok(())
    };
    Server::start()?.endure(JOINS, "foreign-session-token", attack).await
}

/// The page of one browser, joined by another.
async fn stolen() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let victim = server.visit("/").await?;
        let mut thief = server.visit("/").await?;
        let payload = View::join_payload(&victim.client, &victim.page)?;
        refused(&mut thief.socket, &victim.view.topic, payload).await
    };
    Server::start()?.endure(JOINS, "foreign-session-token", attack).await
}

async fn without_csrf_token() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let mut handshake = Handshake::new(&client, &page)?;
        handshake.query = "vsn=2.0.0".to_owned();
        let Ok(mut socket) = handshake.open().await? else {
            anyhow::bail!("the handshake itself was refused")
        };
        refused(&mut socket, &format!("lv:{}", page.view()?.id), View::join_payload(&client, &page)?).await
    };
    Server::start()?.endure(JOINS, "join-without-session", attack).await
}

/// A handshake that would be right, but for one change.
async fn handshake_is_refused(code: &str, change: fn(&mut Handshake)) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let visitor = server.visit("/").await?;
        let mut handshake = Handshake::new(&visitor.client, &visitor.page)?;
        change(&mut handshake);
        assert_eq!(handshake.open().await?.err(), Some(Refused(403)));
        Ok(())
    };
    Server::start()?.endure(SOCKETS, code, attack).await
}

async fn long_address() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        assert_eq!(client.get(&format!("/?q={}", "x".repeat(8 * 1024 - 4))).await?.status, 200);
        assert_eq!(client.get(&format!("/?q={}", "x".repeat(8 * 1024 - 3))).await?.status, 414);
        Ok(())
    };
    Server::start()?.endure(LIMITS, "url-too-long", attack).await
}

attacks! {
    frame_that_is_not_json: closes("hello", 1007, "frame-envelope");
    frame_that_is_an_object: closes("{\"topic\":\"TOPIC\"}", 1007, "frame-envelope");
    frame_of_four: closes("[\"JOIN\",\"9\",\"TOPIC\",\"event\"]", 1007, "frame-envelope");
    frame_of_six: closes("[\"JOIN\",\"9\",\"TOPIC\",\"event\",{},1]", 1007, "frame-envelope");
    frame_that_breaks_off: closes("[\"JOIN\",\"9\",\"TOPIC\",\"event\",{", 1007, "frame-envelope");
    frame_with_a_number_for_a_topic: closes("[\"JOIN\",\"9\",7,\"event\",{}]", 1007, "frame-envelope");
    frame_without_a_ref: closes("[\"JOIN\",null,\"TOPIC\",\"event\",{\"type\":\"click\",\"event\":\"count\",\"value\":{}}]", 1007, "frame-without-ref");
    frame_with_a_long_topic: closes(&format!("[\"1\",\"1\",\"lv:{}\",\"heartbeat\",{{}}]", "x".repeat(1_000)), 1007, "frame-too-long");
    frame_with_a_long_ref: closes(&format!("[\"1\",\"{}\",\"phoenix\",\"heartbeat\",{{}}]", "1".repeat(1_000)), 1007, "frame-too-long");
    frame_that_is_binary: binary();
    frame_that_is_too_large: oversized(200 * 1024);
    frame_that_is_far_too_large: oversized(5 * 1024 * 1024);
    event_without_a_name: event_closes("{\"type\":\"click\",\"value\":{}}", "frame-payload");
    event_with_a_long_name: event_closes(&json!({ "type": "click", "event": "x".repeat(10_000), "value": {} }).to_string(), "frame-too-long");
    event_nested_too_deeply: deep(500);
    event_nested_far_too_deeply: deep(50_000);
    form_with_too_many_fields: form("a=1&".repeat(20_000), "frame-too-many");
    form_that_is_not_utf8: form("a=%ff%fe".to_owned(), "frame-not-utf8");
    join_with_a_forged_session: join_is_refused("bad-session-token", |payload| payload["session"] = json!("forged"));
    join_by_navigation_to_nowhere: join_is_refused("join-by-navigation", |payload| {
        payload["redirect"] = json!("http://127.0.0.1/nowhere");
    });
    join_by_navigation_to_no_url: join_is_refused("bad-join-url", |payload| payload["redirect"] = json!("//evil.example"));
    join_with_a_changed_session: join_is_refused("bad-session-token", |payload| {
        let token = payload["session"].as_str().unwrap_or_default().replacen('e', "f", 1);
        payload["session"] = json!(format!("{token}x"));
    });
    join_with_a_forged_static_token: join_is_refused("bad-static-token", |payload| payload["static"] = json!("forged"));
    join_with_the_session_for_a_static_token: join_is_refused("bad-static-token", |payload| {
        payload["static"] = payload["session"].clone();
    });
    join_of_another_sites_url: join_is_refused("foreign-join-url", |payload| payload["url"] = json!("http://127.0.0.1/stock"));
    join_of_no_url: join_is_refused("bad-join-url", |payload| payload["url"] = json!("no url"));
    join_with_a_replayed_session: replayed();
    join_of_a_stolen_page: stolen();
    join_without_a_csrf_token: without_csrf_token();
    handshake_of_a_foreign_origin: handshake_is_refused("foreign-origin", |handshake| {
        handshake.origin = Some("https://evil.example".to_owned());
    });
    handshake_of_a_null_origin: handshake_is_refused("foreign-origin", |handshake| handshake.origin = Some("null".to_owned()));
    handshake_of_another_protocol: handshake_is_refused("protocol-version", |handshake| {
        handshake.query = handshake.query.replace("2.0.0", "1.0.0");
    });
    page_with_a_long_address: long_address();
}
