//! Beneath the messages: fragments, control frames, masks, silence; and messages that are right but for their refs.

use hothouse_limits_tests::{Server, Visitor};
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const FRAMES: &str = "hothouse_frames_refused_total";

/// Opcodes of RFC 6455, 5.2.
mod opcode {
    pub(super) const CONTINUATION: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const PING: u8 = 9;
}

/// A frame, masked with zeros.
fn frame(is_final: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    let first = if is_final { 0x80 | opcode } else { opcode };
    let mut bytes = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => bytes.push(0x80 | length),
        _ => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// A visitor whose event arrives in three fragments with a ping within, and is answered.
async fn fragments(server: &Server) -> anyhow::Result<Visitor> {
    let mut visitor = server.visit("/").await?;
    let payload = json!({ "type": "click", "event": "count", "value": {} });
    let text = json!([visitor.view.join_ref, "77", visitor.view.topic, "event", payload]).to_string();
    let (first, rest) = text.split_at(10);
    let (second, third) = rest.split_at(20);
    let socket = &mut visitor.socket;
    socket.send_bytes(&frame(false, opcode::TEXT, first.as_bytes())).await?;
    socket.send_bytes(&frame(true, opcode::PING, b"still there?")).await?;
    socket.send_bytes(&frame(false, opcode::CONTINUATION, second.as_bytes())).await?;
    socket.send_bytes(&frame(true, opcode::CONTINUATION, third.as_bytes())).await?;
    let message = socket.receive_message().await?;
    assert_eq!((message.message_ref.as_deref(), message.reply()?.0), (Some("77"), "ok"));
    visitor.view.merge(&message)?;
    visitor.counts(1).await?;
    Ok(visitor)
}

/// Bytes that end their socket, after fragments that were in order.
async fn ends_socket(bytes: &[u8], code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = fragments(server).await?;
        visitor.socket.send_bytes(bytes).await?;
        server.gauge("hothouse_sockets", 1.0).await
    };
    Server::start()?.endure(FRAMES, code, attack).await
}

async fn many(frames: &[Vec<u8>], code: &str) -> anyhow::Result<()> {
    ends_socket(&frames.concat(), code).await
}

/// Fragments of `bytes` each that never end, as fast as they are taken.
async fn endless(bytes: usize, limits: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = fragments(server).await?;
        let fragments = frame(false, opcode::CONTINUATION, &vec![b'x'; bytes]).repeat(200_000 / (bytes + 6));
        visitor.socket.send_bytes(&frame(false, opcode::TEXT, b"x")).await?;
        let flood = async { while visitor.socket.send_bytes(&fragments).await.is_ok() {} };
        timeout(Duration::from_secs(30), flood).await?;
        server.gauge("hothouse_sockets", 1.0).await
    };
    Server::limited(limits)?.endure(FRAMES, code, attack).await
}

/// A message that is begun and never ended, on a connection that stays.
async fn unfinished() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = fragments(server).await?;
        visitor.socket.send_bytes(&frame(false, opcode::TEXT, b"[")).await?;
        server.gauge("hothouse_sockets", 1.0).await
    };
    Server::limited("silence_ms = 1500")?.endure(FRAMES, "silent-client", attack).await
}

/// Refs that were used before, and refs that go down: the client's own business.
async fn strange_refs() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let Visitor { socket, view, .. } = &mut visitor;
        for message_ref in ["9", "9", "9", "8", "7", "", "-1", "nine", "9"] {
            let payload = json!({ "type": "click", "event": "count", "value": {} });
            let text = json!([view.join_ref, message_ref, view.topic, "event", payload]).to_string();
            socket.send_raw(&text).await?;
            let message = socket.receive().await?;
            assert_eq!(message.message_ref.as_deref(), Some(message_ref), "{}", message.text);
            view.merge(&message)?;
        }
        visitor.counts(3).await
    };
    Server::start()?.shrug_off(attack).await
}

/// What is for a view that is not there: never joined, left, or of an earlier join.
async fn strange_topics() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let other = server.visit("/").await?;
        let Visitor { socket, view, .. } = &mut visitor;
        let click = json!({ "type": "click", "event": "count", "value": {} });
        for topic in ["lv:phx-nobody", &other.view.topic, "lv:", "phoenix", "nonsense"] {
            socket.send(Some(&view.join_ref), topic, "event", click.clone()).await?;
            let message = socket.receive().await?;
            assert_eq!(message.reply()?, ("error", &json!({ "reason": "unmatched topic" })), "{topic}");
        }
        socket.send(Some("1"), "lv:phx-nobody", "phx_leave", json!({})).await?;
        assert_eq!(socket.receive().await?.reply()?.0, "ok");
        // Of a join that never was: passed over.
        socket.send(Some("12345"), &view.topic, "event", click.clone()).await?;
        socket.send(None, &view.topic, "event", click).await?;
        sleep(Duration::from_millis(50)).await;
        visitor.counts(3).await
    };
    Server::start()?.shrug_off(attack).await
}

/// A page that has lain for longer than it may.
async fn expired() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        server.visit("/").await?;
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        sleep(Duration::from_millis(3_100)).await;
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
        assert_eq!(refused.reply()?, ("error", &json!({ "reason": "stale" })));
        Ok(())
    };
    Server::limited("page_age_s = 2")?.endure("hothouse_joins_total", "bad-session-token", attack).await
}

attacks! {
    text_within_a_text_in_fragments: many(&[frame(false, opcode::TEXT, b"["), frame(true, opcode::TEXT, b"[]")], "frame-protocol");
    continuation_of_nothing: many(&[frame(true, opcode::CONTINUATION, b"[]")], "frame-protocol");
    ping_in_fragments: many(&[frame(false, opcode::PING, b"?")], "frame-protocol");
    ping_that_is_too_long: many(&[frame(true, opcode::PING, &[b'x'; 126])], "frame-protocol");
    opcode_that_is_none: many(&[frame(true, 0xb, b"?")], "frame-protocol");
    frame_with_reserved_bits: many(&[frame(true, 0x70 | opcode::TEXT, b"[]")], "frame-protocol");
    frame_without_a_mask: ends_socket(b"\x81\x02[]", "frame-protocol");
    text_that_is_not_utf8: many(&[frame(true, opcode::TEXT, b"[\xff]")], "frame-protocol");
    fragments_without_an_end: endless(1_000, "", "frame-too-large");
    empty_fragments_without_an_end: endless(0, "silence_ms = 1500", "silent-client");
    message_that_is_never_finished: unfinished();
    refs_out_of_order_and_used_twice: strange_refs();
    messages_for_views_that_are_not_there: strange_topics();
    join_of_a_page_that_is_too_old: expired();
}
