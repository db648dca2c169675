//! Sections 5 and 11: events, failures, crashes, and what a view may ask for.

use hothouse_protocol_tests::Joined;
use hothouse_test_client::{Socket, View};
use serde_json::{Value, json};

/// Sends an event that ends the view; the `phx_error` that answers it.
async fn crash(open: &mut Joined, event: &str) -> anyhow::Result<()> {
    let Joined { socket, view, .. } = open;
    let payload = json!({ "type": "click", "event": event, "value": {} });
    socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?;
    let message = socket.receive().await?;
    assert_eq!(message.event, "phx_error", "{}", message.text);
    assert_eq!(message.payload, json!({ "reason": "channel_crash" }));
    assert_eq!(message.join_ref.as_deref(), Some(view.join_ref.as_str()));
    assert_eq!(message.message_ref, message.join_ref);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn form_events_reach_the_view_as_pairs() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let payload = json!({
        "type": "form", "event": "echo", "meta": { "_target": "user[name]", "extra": 7 }, "uploads": {},
        "value": "user%5Bname%5D=J%C3%B6rg+B&_unused_tags%5B%5D=&tags%5B%5D=a%26b&empty=&100%",
    });
    let response = open.view.push(&mut open.socket, payload).await?;
    assert_eq!(
        response["diff"]["r"],
        json!([
            ["user[name]", "Jörg B"],
            ["_unused_tags[]", ""],
            ["tags[]", "a&b"],
            ["empty", ""],
            ["100%", ""],
            ["_target", "user[name]"],
            ["extra", "7"],
        ])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_reach_the_view_as_json() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for value in [json!({ "a": [1, null, "ü"] }), json!({}), json!({ "deep": { "er": [[[]]] } })] {
        let response = open.view.click(&mut open.socket, "echo", value.clone()).await?;
        assert_eq!(response["diff"]["r"], value);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn event_for_an_unknown_component_is_ok() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let payload = json!({ "type": "click", "event": "count", "value": {}, "cid": 3 });
    assert_eq!(open.view.push(&mut open.socket, payload).await?, json!({}));
    assert!(open.view.html()?.contains(">0<"), "the view did not get it");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_events_do_not_reach_the_view() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    assert_eq!(open.click("lv:clear-flash", json!({})).await?, Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_without_a_service_are_answered() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let Joined { view, socket, .. } = &mut open;
    for (event, payload, answer) in [
        ("cids_will_destroy", json!({ "cids": [1] }), json!({})),
        ("cids_destroyed", json!({ "cids": [1] }), json!({ "cids": [] })),
        ("progress", json!({}), json!({})),
    ] {
        socket.send(Some(&view.join_ref), &view.topic, event, payload).await?;
        assert_eq!(socket.receive().await?.reply()?, ("ok", &answer), "{event}");
    }
    socket.send(Some(&view.join_ref), &view.topic, "no_such_event", json!({})).await?;
    assert_eq!(socket.receive().await?.reply()?.0, "error");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_failure_keeps_the_view() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let diff = open.click("fail:bad-input", json!({})).await?;
    assert_eq!(
        diff["e"],
        json!([["hothouse:failure", { "kind": "bad-input", "message": "declared <bad-input>" }]])
    );
    assert_eq!(diff["0"], json!("1"), "what the callback had changed is shown");
    open.click("count", json!({})).await?;
    assert!(open.view.html()?.contains(">2<"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn crash_is_phx_error_and_rejoin_works() -> anyhow::Result<()> {
    for (event, what) in
        [("trap", "a panic"), ("document:trap", "a panic while rendering"), ("grow:8000000", "memory")]
    {
        let mut open = Joined::open("asks-everything").await?;
        open.click("count", json!({})).await?;
        crash(&mut open, event).await?;
        let mut again = View::join(&mut open.socket, &open.client, &open.page).await?;
        assert!(again.html()?.contains(">0<"), "a new mount after {what}");
        again.click(&mut open.socket, "count", json!({})).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_spins_is_ended_and_its_neighbours_are_answered() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let mut client = open.client.clone();
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let mut neighbour = View::join(&mut socket, &client, &page).await?;
    let payload = json!({ "type": "click", "event": "spin", "value": {} });
    open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
    for count in 1..=200 {
        neighbour.click(&mut socket, "count", json!({})).await?;
        assert!(neighbour.html()?.contains(&format!(">{count}<")));
    }
    assert_eq!(open.socket.receive().await?.event, "phx_error");
    let mut again = View::join(&mut open.socket, &open.client, &open.page).await?;
    again.click(&mut open.socket, "count", json!({})).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn crash_leaves_other_views_of_the_socket_alone() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let mut client = open.client.clone();
    let page = client.get("/").await?;
    let mut other = View::join(&mut open.socket, &client, &page).await?;
    crash(&mut open, "trap").await?;
    other.click(&mut open.socket, "count", json!({})).await?;
    assert!(other.html()?.contains(">1<"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_given_up_to_the_limit_and_not_beyond() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    assert_eq!(open.click("grow:3000000", json!({})).await?["r"], json!("3000000"));
    crash(&mut open, "grow:4194304").await
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_are_taken_up_to_the_limit_and_not_beyond() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    assert_eq!(open.click("effects:256", json!({})).await?, json!({ "t": "t" }));
    crash(&mut open, "effects:257").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_too_many_slots_ends_the_view() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    crash(&mut open, "document:flood").await
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_without_a_service_answer_unavailable() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for import in ["uploads.entries", "uploads.read", "uploads.keep"] {
        let diff = open.click(&format!("import:{import}"), json!({})).await?;
        let expected = format!("unavailable: `{import}` has no service in this host yet");
        assert_eq!(diff["r"], json!(expected));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_that_wait_are_not_for_views() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for import in ["task-control.progress", "task-control.sleep", "http.send", "http.open", "http.read"] {
        let diff = open.click(&format!("import:{import}"), json!({})).await?;
        let expected = format!("FailureKind::NotHere: `{import}` waits, which a view may not: start a task");
        assert_eq!(diff["r"], json!(expected));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_without_a_service_are_unavailable_and_none_is_carried_out() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for effect in ["allow-upload", "disallow-upload", "cancel-upload"] {
        let diff = open.click(&format!("effect:{effect}"), json!({})).await?;
        let message = format!("effect `{effect}` has no service in this host yet");
        assert_eq!(
            diff,
            json!({ "e": [["hothouse:failure", { "kind": "unavailable", "message": message }]] })
        );
    }
    for effect in ["title", "reply", "push-event"] {
        assert!(
            open.click(&format!("effect:{effect}"), json!({}))
                .await?
                .get("e")
                .is_none_or(|events| events[0][0] == "x")
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_without_a_service_are_unavailable() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for document in ["child", "view", "upload"] {
        let diff = open.click(&format!("document:{document}"), json!({})).await?;
        assert_eq!(diff["e"][0][1]["kind"], json!("unavailable"), "{document}: {diff}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn payloads_that_are_not_json_are_refused() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for event in ["reply:{", "reply:1,\"x\":2", "push:[]", "push:{}}", "push:nonsense"] {
        let diff = open.click(event, json!({})).await?;
        assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{event}: {diff}");
        assert!(diff.get("r").is_none(), "{diff}");
    }
    assert_eq!(open.click("push:{\"a\":1}", json!({})).await?, json!({ "e": [["pushed", { "a": 1 }]] }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_is_served() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let now = open.click("import:environment.now-ms", json!({})).await?["r"]
        .as_str()
        .unwrap_or_default()
        .parse::<f64>()?;
    assert!(now > 1.6e12 && now.fract() == 0.0, "{now}");
    assert_eq!(open.click("import:environment.config", json!({})).await?["r"], json!("None"));
    let first = open.click("import:environment.random", json!({})).await?;
    assert_ne!(first, open.click("import:environment.random", json!({})).await?);
    assert_eq!(open.click("import:environment.random-much", json!({})).await?["r"], json!("4096"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_events_name_what_they_cannot_read() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    for (event, value, named) in [
        ("no_such_event", json!({}), "no_such_event"),
        ("water", json!({}), "id"),
        ("water", json!({ "id": "many" }), "id"),
    ] {
        let response = open.view.click(&mut open.socket, event, value).await?;
        let failure = &response["diff"]["e"][0][1];
        assert_eq!(failure["kind"], json!("bad-input"), "{response}");
        assert!(failure["message"].as_str().is_some_and(|message| message.contains(named)), "{response}");
    }
    Ok(())
}
