//! Section 2: frames, refs, leaving, order.

use hothouse_protocol_tests::Joined;
use hothouse_test_client::{Socket, View};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn frames_are_arrays_of_five() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    // `receive` refuses anything but five elements with an object last; the join_ref is checked here.
    for event in ["count", "trap"] {
        let payload = json!({ "type": "click", "event": event, "value": {} });
        socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
        let message = socket.receive().await?;
        assert_eq!(message.join_ref.as_deref(), Some(view.join_ref.as_str()), "{}", message.text);
        assert_eq!(message.topic, view.topic);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refs_are_echoed_as_strings() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    let frame = json!([view.join_ref, "0042", view.topic, "event", { "type": "click", "event": "count", "value": {} }]);
    socket.send_raw(&frame.to_string()).await?;
    let message = socket.receive().await?;
    assert_eq!(message.message_ref.as_deref(), Some("0042"));
    assert!(message.text.starts_with(&format!("[\"{}\",\"0042\",", view.join_ref)), "{}", message.text);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn status_stands_before_response() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    let payload = json!({ "type": "click", "event": "count", "value": {} });
    socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
    let text = socket.receive().await?.text;
    assert!(text.contains("{\"status\":\"ok\",\"response\":{\"diff\":{"), "{text}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeat_is_answered_before_the_first_join() -> anyhow::Result<()> {
    let Joined { server: _server, client, page, .. } = Joined::open("asks-everything").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let message_ref = socket.send(None, "phoenix", "heartbeat", json!({})).await?;
    let text = socket.receive().await?.text;
    let expected =
        format!("[null,\"{message_ref}\",\"phoenix\",\"phx_reply\",{{\"status\":\"ok\",\"response\":{{}}}}]");
    assert_eq!(text, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_closes_the_view() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    let message_ref = socket.send(Some(&view.join_ref), &view.topic, "phx_leave", json!({})).await?;
    let (first, second) = (socket.receive().await?, socket.receive().await?);
    assert_eq!(
        (first.event.as_str(), first.join_ref.as_deref()),
        ("phx_close", Some(view.join_ref.as_str()))
    );
    assert_eq!(second.message_ref, Some(message_ref));
    assert_eq!(second.reply()?, ("ok", &json!({})));
    let payload = json!({ "type": "click", "event": "count", "value": {} });
    socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
    assert_eq!(socket.receive().await?.payload["response"]["reason"], json!("unmatched topic"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_is_answered_after_the_events_before_it() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    let payload = json!({ "type": "click", "event": "count", "value": {} });
    let event_ref = socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
    socket.send(Some(&view.join_ref), &view.topic, "phx_leave", json!({})).await?;
    assert_eq!(socket.receive().await?.message_ref, Some(event_ref));
    assert_eq!(socket.receive().await?.event, "phx_close");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_of_an_unknown_topic_is_ok() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, .. } = Joined::open("asks-everything").await?;
    socket.send(Some("1"), "lv:phx-unknown", "phx_leave", json!({})).await?;
    assert_eq!(socket.receive().await?.reply()?, ("ok", &json!({})));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn event_for_an_unknown_topic_is_unmatched() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, .. } = Joined::open("asks-everything").await?;
    for (topic, event) in [("lv:phx-unknown", "event"), ("room:1", "phx_join"), ("phoenix", "other")] {
        socket.send(Some("1"), topic, event, json!({ "type": "click", "event": "x", "value": {} })).await?;
        let message = socket.receive().await?;
        assert_eq!(message.reply()?, ("error", &json!({ "reason": "unmatched topic" })), "{topic}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outdated_join_ref_is_ignored() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, mut view, .. } = Joined::open("asks-everything").await?;
    let payload = json!({ "type": "click", "event": "count", "value": {} });
    socket.send(Some("1"), &view.topic, "event", payload).await?;
    socket.stays_silent().await?;
    view.click(&mut socket, "count", json!({})).await?;
    assert!(view.html()?.contains(">1<"), "the outdated event did not count");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn second_join_closes_the_first_view() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, mut view, client, page, .. } =
        Joined::open("asks-everything").await?;
    view.click(&mut socket, "count", json!({})).await?;
    let closed = View::try_join(&mut socket, &view.topic, View::join_payload(&client, &page)?).await?;
    assert_eq!(
        (closed.event.as_str(), closed.join_ref.as_deref()),
        ("phx_close", Some(view.join_ref.as_str()))
    );
    let mut second = View::from_reply(&socket.receive().await?)?;
    assert_ne!(second.join_ref, view.join_ref);
    assert!(second.html()?.contains(">0<"), "a new mount");
    second.click(&mut socket, "count", json!({})).await?;
    assert!(second.html()?.contains(">1<"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_reply_comes_first() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, client, page, .. } = Joined::open("asks-everything").await?;
    let mut other = client.clone();
    let fresh = other.get("/").await?;
    let topic = format!("lv:{}", fresh.view()?.id);
    let reply = View::try_join(&mut socket, &topic, View::join_payload(&other, &fresh)?).await?;
    assert_eq!(reply.event, "phx_reply");
    assert_eq!(reply.join_ref, reply.message_ref);
    drop(page);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelined_events_are_answered_in_order() -> anyhow::Result<()> {
    // More than an inbox and the queue of frames hold: the rest waits in the socket.
    const EVENTS: usize = 500;
    let Joined { server: _server, mut view, client, page, .. } = Joined::open("asks-everything").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    // The events are sent before the join is answered: they are taken right after it.
    let join_ref = socket.make_ref();
    let join = json!([join_ref, join_ref, view.topic, "phx_join", View::join_payload(&client, &page)?]);
    socket.send_raw(&join.to_string()).await?;
    let mut refs = Vec::new();
    for _ in 0..EVENTS {
        let payload = json!({ "type": "click", "event": "count", "value": {} });
        refs.push(socket.send(Some(&join_ref), &view.topic, "event", payload).await?);
    }
    view = View::from_reply(&socket.receive().await?)?;
    for (index, message_ref) in refs.into_iter().enumerate() {
        let message = socket.receive().await?;
        assert_eq!(message.message_ref, Some(message_ref));
        view.merge(&message)?;
        assert!(view.html()?.contains(&format!(">{}<", index + 1)));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_frames_close_their_socket_and_no_other() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, mut view, client, page, .. } =
        Joined::open("asks-everything").await?;
    let deep = format!(
        "[\"4\",\"5\",\"{}\",\"event\",{{\"type\":\"click\",\"event\":\"x\",\"value\":{}{}}}]",
        view.topic,
        "[".repeat(65),
        "]".repeat(65)
    );
    let long_ref = format!("[\"4\",\"{}\",\"phoenix\",\"heartbeat\",{{}}]", "9".repeat(21));
    for frame in [
        "",
        "{}",
        "[]",
        "[1,2,3,4,5]",
        "[null,null,\"phoenix\",\"heartbeat\",{}]",
        "[null,\"1\",\"lv:x\",\"phx_join\",{}]",
        "[\"4\",\"5\",\"lv:x\",\"event\",{\"type\":\"form\",\"event\":\"x\",\"value\":{}}]",
        &long_ref,
        &deep,
    ] {
        let mut broken = Socket::connect(&client, &page).await?;
        broken.send_raw(frame).await?;
        assert_eq!(broken.closed().await?, Some(1007), "{frame}");
        view.click(&mut socket, "count", json!({})).await?;
    }
    let mut broken = Socket::connect(&client, &page).await?;
    broken.send_binary(vec![0, 1, 2]).await?;
    assert_eq!(broken.closed().await?, Some(1003));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_are_taken_up_to_their_limit_and_not_beyond() -> anyhow::Result<()> {
    const LIMIT: usize = 128 * 1024;
    let Joined { server: _server, mut socket, view, .. } = Joined::open("asks-everything").await?;
    let frame = |bytes: usize| {
        let frame = |filler: &str| {
            json!([view.join_ref, "9000", view.topic, "event", { "type": "click", "event": "count", "value": filler }]).to_string()
        };
        frame(&"x".repeat(bytes - frame("").len()))
    };
    socket.send_raw(&frame(LIMIT)).await?;
    assert_eq!(socket.receive().await?.message_ref.as_deref(), Some("9000"));
    // The host may have hung up before the frame is out.
    let _ = socket.send_raw(&frame(LIMIT + 1)).await;
    assert!(socket.receive().await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_tells_clients_to_reconnect() -> anyhow::Result<()> {
    let Joined { mut server, mut socket, .. } = Joined::open("asks-everything").await?;
    server.begin_shutdown();
    assert_eq!(socket.closed().await?, Some(1012));
    server.ended().await
}

/// The client closes with 1000 what has not answered its heartbeat. Told the same, it would load its page.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_closes_is_not_told_1000() -> anyhow::Result<()> {
    let Joined { server: _server, mut socket, .. } = Joined::open("asks-everything").await?;
    let masked_close = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8];
    socket.send_bytes(&masked_close).await?;
    assert_ne!(socket.closed().await.ok().flatten(), Some(1000));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_socket_ends_its_views() -> anyhow::Result<()> {
    let Joined { mut server, socket, .. } = Joined::open("asks-everything").await?;
    socket.cut();
    server.begin_shutdown();
    // A view that had not ended would hold its socket's task, and the server with it.
    tokio::time::timeout(std::time::Duration::from_secs(3), server.ended()).await??;
    Ok(())
}
