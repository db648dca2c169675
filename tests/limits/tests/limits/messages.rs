//! Timers, messages, presences and announcements beyond what they may be.

use hothouse_limits_tests::Server;
use hothouse_test_client::Client;
use serde_json::json;

use crate::documents::is_refused;

const TOKEN: &str = "a token of services for tests, 32 bytes or more";

/// Views make presences known until there is no room under the topic; one that goes makes room.
async fn fills_the_topic() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitors = Vec::new();
        // Sixteen views have 504 KiB of the 512.
        for _ in 0..16 {
            let mut visitor = server.visit("/").await?;
            visitor.view.click(&mut visitor.socket, "track:31", json!({})).await?;
            visitors.push(visitor);
        }
        let mut last = server.visit("/").await?;
        let answer = last.view.click(&mut last.socket, "track:31", json!({})).await?;
        assert_eq!(answer.pointer("/diff/e/0/0"), Some(&json!("hothouse:failure")), "{answer}");
        last.counts(1).await?;
        visitors.pop();
        server.gauge("hothouse_instances", 17.0).await?;
        let answer = last.view.click(&mut last.socket, "track:31", json!({})).await?;
        assert!(answer.pointer("/diff/e/0/0").is_none(), "{answer}");
        last.counts(1).await
    };
    Server::start()?.endure("hothouse_documents_refused_total", "presence-topic-full", attack).await
}

/// A view that sends itself a message whenever it hears one, on the only worker.
async fn never_stops() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.view.click(&mut visitor.socket, "send-text:\"for-ever\"", json!({})).await?;
        visitor.counts(200).await?;
        visitor.socket.cut();
        // The neighbour is left.
        server.gauge("hothouse_instances", 1.0).await
    };
    Server::with_one_worker()?.shrug_off(attack).await
}

/// Whoever has no token, or says too much, announces nothing.
async fn announces_from_outside(authorization: &str, bytes: usize, status: u16) -> anyhow::Result<()> {
    let code = if status == 401 { "broadcast-token" } else { "broadcast-too-large" };
    let server = Server::with_broadcast_token(TOKEN)?;
    let attack = async |server: &Server| {
        let good = format!("Bearer {TOKEN}");
        for (authorization, bytes, status) in [(good.as_str(), 10, 200), (authorization, bytes, status)] {
            let headers = [("authorization", authorization), ("content-type", "application/json")];
            let body = json!({ "topic": "rain", "name": "said", "payload": "x".repeat(bytes) }).to_string();
            let answer = Client::new(server.operations).post("/broadcast", &headers, &body).await?;
            assert_eq!(answer.status, status, "{}", answer.body);
        }
        Ok(())
    };
    server.beside_a_neighbour(attack).await?;
    server.logged(&format!("code=\"{code}\""), 1).await
}

attacks! {
    timers_too_many: is_refused("timers:9", "too-many-timers");
    timer_that_goes_off_too_soon: is_refused("timer:tick=99", "timer-too-soon");
    timer_without_a_name: is_refused("timer:=100", "bad-timer-name");
    messages_to_itself_too_many: is_refused("send:33", "too-many-messages");
    message_to_itself_too_long: is_refused("send-bytes:65537", "message-too-large");
    message_to_itself_that_is_not_json: is_refused("send-text:{", "bad-payload");
    messages_to_itself_for_ever: never_stops();
    presences_too_many: is_refused("track:33", "too-many-presences");
    presence_with_a_huge_meta: is_refused("track-bytes:1025", "presence-too-large");
    presence_without_a_key: is_refused("track-as:={}", "bad-presence-key");
    presence_whose_meta_is_no_object: is_refused("track-as:k=[1]", "bad-payload");
    presence_of_nobody_that_is_changed: is_refused("update-as:k={}", "unknown-presence");
    presences_that_fill_their_topic: fills_the_topic();
    announcement_without_the_token: announces_from_outside("Bearer of no token at all, however long it may be", 10, 401);
    announcement_of_too_much: announces_from_outside("Bearer a token of services for tests, 32 bytes or more", 65_536, 413);
}
