//! Section 1.2: portals are sent as they are written, and what strangers send to what stands in them is read or refused.

use anyhow::Context as _;
use hothouse_protocol_tests::Joined;
use serde_json::{Value, json};

const TIP: &str = "<template id=\"tip\" data-phx-portal=\"body\">";

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_is_a_template_in_the_page_and_its_content_is_sent_as_any_other() -> anyhow::Result<()> {
    let mut open = Joined::open("portals").await?;
    let first = open.page.view()?.content.clone();
    assert!(
        first.contains(TIP) && first.contains("<div id=\"_lv_portal_wrap_tip\" class=\"tip\">"),
        "{first}"
    );
    assert_eq!(open.view.html()?, first);
    let diff = open.click("count", json!({})).await?;
    assert!(diff.to_string().len() < 150, "what changed in it is all that is sent: {diff}");
    assert!(open.view.html()?.contains("Counted 1"));
    for (event, value) in [
        ("open", json!({ "open": false })),
        ("open", json!({ "open": true })),
        ("lead", json!({ "target": "#place" })),
        ("line", json!({})),
        ("menu", json!({})),
    ] {
        open.click(event, value).await?;
    }
    assert!(open.view.html()?.contains("<template id=\"note\" data-phx-portal=\"#place\">"));
    open.record("portals")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_may_not_be_is_refused_and_the_view_lives() -> anyhow::Result<()> {
    let mut open = Joined::open("portals").await?;
    for target in ["#hothouse-notices", "[data-phx-main]", "", "#phx-x", "body, #a"] {
        let diff = open.click("lead", json!({ "target": target })).await?;
        assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{target}: {diff}");
    }
    open.click("lead", json!({ "target": "#place" })).await?;
    assert!(open.view.html()?.contains("data-phx-portal=\"#place\""));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn payloads_of_any_shape_are_read_or_refused_by_name_and_the_view_lives() -> anyhow::Result<()> {
    let mut open = Joined::open("live-components").await?;
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    let refused = [
        (r#"{"ids":["x"]}"#, "\"ids[0]\" is not a whole number"),
        (r#"{"ids":[1,1e400]}"#, "\"ids[1]\" is not a whole number"),
        (r#"{"ids":[1,99999999999999999999]}"#, "\"ids[1]\" is not a whole number"),
        (r#"{"ids":[{"__proto__":1}]}"#, "\"ids[0]\" is not a whole number"),
        (r#"{"ids":[1],"ids":{}}"#, "\"ids\" is not a list of: a whole number"),
        (r#"{"__proto__":{"ids":[1]},"constructor":1}"#, "\"ids\" is missing"),
        ("[]", "the payload is not a JSON object"),
        ("7", "the payload is not a JSON object"),
        (&format!("{{\"ids\":{deep}}}"), "\"ids[0]\" is not a whole number"),
    ];
    for (value, problem) in refused {
        let message = failure(&mut open, value).await.with_context(|| value.to_owned())?;
        assert!(message.starts_with("event \"cards\": ") && message.contains(problem), "{value}: {message}");
    }
    open.click("cards", json!({ "ids": ["7", 8] })).await?;
    assert!(open.view.html()?.contains("card 8"));
    Ok(())
}

/// What the view has to say to an event with this payload, which is sent as it is written.
async fn failure(open: &mut Joined, value: &str) -> anyhow::Result<String> {
    let Joined { socket, view, .. } = open;
    let (join_ref, topic, message_ref) = (&view.join_ref, &view.topic, socket.make_ref());
    let payload = format!("{{\"type\":\"click\",\"event\":\"cards\",\"value\":{value}}}");
    socket.send_raw(&format!("[\"{join_ref}\",\"{message_ref}\",\"{topic}\",\"event\",{payload}]")).await?;
    let message = socket.receive().await?;
    let response: Value = view.merge(&message)?;
    let failure = response.pointer("/diff/e/0/1/message").and_then(Value::as_str);
    failure.map(str::to_owned).with_context(|| format!("no failure: {}", message.text))
}
