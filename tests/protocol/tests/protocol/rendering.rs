//! Sections 4 and 6: what is sent for what was rendered. Each exchange is recorded, for the real client's merge code.

use anyhow::Context as _;
use hothouse_protocol_tests::{Joined, TestServer};
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn click_sends_a_diff_of_a_few_bytes() -> anyhow::Result<()> {
    let mut open = Joined::open("bench-counter").await?;
    let payload = json!({ "type": "click", "event": "inc", "value": { "value": "" } });
    let message_ref = open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
    let message = open.socket.receive().await?;
    let expected = format!(
        "[\"{}\",\"{message_ref}\",\"{}\",\"phx_reply\",{{\"status\":\"ok\",\"response\":{{\"diff\":{{\"0\":\"1\"}}}}}}]",
        open.view.join_ref, open.view.topic
    );
    assert_eq!(message.text, expected);
    open.view.merge(&message)?;
    open.record("counter")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cell_of_a_thousand_rows_is_one_cell_on_the_wire() -> anyhow::Result<()> {
    let mut open = Joined::open("bench-table").await?;
    assert_eq!(open.view.html()?, open.page.view()?.content);
    for touch in 0..5_usize {
        let diff = open.click("touch", json!({ "value": "" })).await?;
        let (row, column) = (touch * 37 % 1000, touch % 5);
        let cell = json!({ column.to_string(): (touch + 1).to_string() });
        assert_eq!(diff["0"], json!({ "k": { row.to_string(): cell, "kc": 1000 } }));
    }
    open.record("table")
}

#[tokio::test(flavor = "multi_thread")]
async fn keyed_rows_move_by_number() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    let moved = open.click("move_plant", json!({ "from": 0, "to": 2 })).await?;
    let text = moved.to_string();
    assert!(text.contains(r#""k":{"0":1,"1":2,"2":0,"kc":3,"km":true}"#), "{text}");
    assert!(!text.contains("palm"), "rows that moved are not sent again: {text}");
    let watered = open.click("water", json!({ "id": "1" })).await?.to_string();
    assert!(watered.contains("\"kc\":3") && !watered.contains("km"), "{watered}");
    open.click("remove_plant", json!({ "id": 2 })).await?;
    open.click("add_plant", json!({ "name": "<fern>" })).await?;
    open.click("sort_plants", json!({})).await?;
    for id in [1, 3, 4] {
        open.click("remove_plant", json!({ "id": id })).await?;
    }
    open.click("add_plant", json!({ "name": "again" })).await?;
    assert!(open.view.html()?.contains("again: 0"));
    open.record("rows")
}

#[tokio::test(flavor = "multi_thread")]
async fn rendering_twice_sends_nothing() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    for (event, payload, says) in [
        ("level", json!({ "level": 2 }), "above 1"),
        ("busy", json!({ "tasks": 7 }), "busy: 7"),
        ("note", json!({ "text": "again" }), "again"),
        ("lock", json!({ "locked": true }), "readonly"),
    ] {
        assert_ne!(open.click(event, payload.clone()).await?, Value::Null, "{event}");
        // Written again, to the same: the view evaluates it, and nothing of it is sent.
        assert_eq!(open.click(event, payload).await?, Value::Null, "{event}");
        assert!(open.view.html()?.contains(says), "{event}");
    }
    // Nothing is written at all: the view says that it is unchanged.
    assert_eq!(open.click("move_plant", json!({ "from": 1, "to": 1 })).await?, Value::Null);
    open.record("twice")
}

#[tokio::test(flavor = "multi_thread")]
async fn conditionals_come_go_and_nest() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    for level in [1, 2, 3, 2, 0, 3, 1, 0] {
        open.click("level", json!({ "level": level })).await?;
        let html = open.view.html()?;
        assert_eq!(html.contains("above ground"), level > 0, "{level}");
        assert_eq!(html.contains("class=\"two\""), level > 1, "{level}");
        assert_eq!(html.contains(" and more"), level > 2, "{level}");
        assert_eq!(html.contains("class=\"none\""), level == 0, "{level}");
    }
    for tasks in [1, 10, 11, 2] {
        open.click("busy", json!({ "tasks": tasks })).await?;
        assert_eq!(open.view.html()?.contains("very busy"), tasks > 9);
    }
    open.click("note", json!({ "text": "a \"note\" & <more>" })).await?;
    assert!(open.view.html()?.contains("<blockquote title=\"a &quot;note&quot; &amp; &lt;more&gt;\">"));
    open.click("lock", json!({ "locked": true })).await?;
    assert!(open.view.html()?.contains(" checked"));
    open.record("conditionals")
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_diffs_equal_the_page() -> anyhow::Result<()> {
    // The same events on a fresh view, rendered whole, are the page that merged diffs arrive at.
    let mut open = Joined::open("kitchen-sink").await?;
    let events = [
        ("add_name", json!({ "name": "zoë" })),
        ("reverse_names", json!({})),
        ("level", json!({ "level": 2 })),
        ("add_plant", json!({ "name": "ivy" })),
        ("move_plant", json!({ "from": 3, "to": 1 })),
        ("water", json!({ "id": 4 })),
        ("remove_name", json!({ "name": "bob" })),
        ("busy", json!({ "tasks": 12 })),
        ("lock", json!({ "locked": true })),
    ];
    for (event, value) in events.clone() {
        open.click(event, value).await?;
    }
    let mut fresh = client_of(&open.client, "/").await?;
    let mut last = Value::Null;
    for (event, value) in events {
        last = fresh.1.click(&mut fresh.0, event, value).await?;
    }
    assert!(last.get("diff").is_some());
    assert_eq!(open.view.html()?, fresh.1.html()?);
    let html = open.view.html()?;
    let order: Vec<usize> =
        ["plant-1\"", "plant-3\"", "plant-4\"", "plant-2\""].iter().filter_map(|id| html.find(id)).collect();
    assert_eq!(order.len(), 4, "{html}");
    open.record("mixed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_literal_is_escaped_as_a_value_is() -> anyhow::Result<()> {
    // The literal is escaped by the SDK's macro when the guest is compiled, the note by the host when it is rendered.
    let mut open = Joined::open("kitchen-sink").await?;
    open.click("note", json!({ "text": "<b> & \"it's\"" })).await?;
    let html = open.view.html()?;
    let (_, literal) = html.split_once("<p id=\"literal\"").context("the literal")?;
    let (literal, _) = literal.split_once("</p>").context("its end")?;
    let (_, value) = html.split_once("<blockquote").context("the note")?;
    let (value, _) = value.split_once("</blockquote>").context("its end")?;
    assert_eq!(literal, value);
    assert!(!value.contains("<b>"), "{value}");
    open.record("literal")
}

async fn client_of(client: &Client, path: &str) -> anyhow::Result<(Socket, View)> {
    let mut client = client.clone();
    let page = client.get(path).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((socket, view))
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_escaped() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let diff = open.click("document:hostile-text", json!({})).await?;
    let escaped = "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;";
    assert_eq!(diff, json!({ "1": escaped }));
    let page = Client::new(open.client.address()).get("/?document=hostile-text").await?;
    assert!(page.view()?.content.contains(escaped), "in the page as well");
    open.record("escaped")
}

#[tokio::test(flavor = "multi_thread")]
async fn event_that_changes_nothing_is_answered_empty() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    for (event, value) in
        [("level", json!({ "level": 0 })), ("calm", json!({})), ("lock", json!({ "locked": false }))]
    {
        let response = open.view.click(&mut open.socket, event, value).await?;
        assert_eq!(response, json!({}), "{event}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn title_travels_in_the_diff() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    let diff = open.click("title", json!({ "text": "New \"title\"" })).await?;
    assert_eq!(diff, json!({ "t": "New \"title\"" }));
    let mut joined = client_of_path(&open.client, "asks-everything", "/?mount=effect:title").await?;
    assert_eq!(joined.rendered["t"], json!("A <title>"));
    joined.diffs.clear();
    Ok(())
}

async fn client_of_path(_client: &Client, component: &str, path: &str) -> anyhow::Result<View> {
    let server = TestServer::start(&[("/", component)]).await?;
    let mut client = Client::new(server.address);
    let page = client.get(path).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    View::join(&mut socket, &client, &page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn reply_and_events_travel_in_the_diff() -> anyhow::Result<()> {
    let mut open = Joined::open("kitchen-sink").await?;
    assert_eq!(open.click("reply", json!({})).await?, json!({ "r": { "level": 0 } }));
    assert_eq!(open.click("push_event", json!({})).await?, json!({ "e": [["watered", { "plants": 3 }]] }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_are_refused_leave_the_view_alive() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for document in [
        "bogus-node",
        "bogus-template",
        "unused-node",
        "wrong-slot-count",
        "script",
        "long",
        "html",
        "stream:lost",
        "component:0",
        "component:twice",
        "component:itself",
        "component:ring",
        "component:no-entry",
        "component:two-entries",
        "component:two-elements",
        "component:unchanged",
        "component:many:1001",
        "component:deep:33",
        "child",
        "view",
        "upload",
        "stream:outside",
        "fail",
    ] {
        let diff = open.click(&format!("document:{document}"), json!({})).await?;
        assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{document}: {diff}");
        assert!(diff.get("0").is_none(), "nothing of the refused document is sent: {diff}");
        // The next render is asked for everything, and accepted.
        open.click("document:", json!({})).await?;
        open.click("count", json!({})).await?;
        assert_eq!(open.view.html()?, fresh_count(&open)?, "{document}");
    }
    open.record("refused")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_answers_html_keeps_to_it() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let (mut socket, mut view) = client_of(&Client::new(server.address), "/?document=html").await?;
    assert_eq!(view.rendered, json!({ "0": "plain", "s": ["<p>", "</p>"] }));
    for _ in 0..2 {
        let answer = view.click(&mut socket, "document:", json!({})).await?;
        assert_eq!(answer["diff"]["e"][0][0], json!("hothouse:failure"), "a tree: {answer}");
        view.click(&mut socket, "document:html", json!({})).await?;
        assert_eq!(view.html()?, "<p>plain</p>");
    }
    Ok(())
}

fn fresh_count(open: &Joined) -> anyhow::Result<String> {
    let html = open.view.html()?;
    let count = html.split(['>', '<']).find_map(|part| part.parse::<u32>().ok()).unwrap_or_default();
    Ok(format!("<main><p id=\"count\">{count}</p></main>"))
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_is_a_fault_when_everything_was_asked_for() -> anyhow::Result<()> {
    let page = {
        let server = TestServer::start(&[("/", "asks-everything")]).await?;
        Client::new(server.address).get("/?document=unchanged-everywhere").await?
    };
    assert_eq!(page.status, 500);
    let mut open = Joined::open("asks-everything").await?;
    let diff = open.click("document:unchanged-everywhere", json!({})).await?;
    assert_eq!(diff, Value::Null, "it may stand where the last document had a value");
    Ok(())
}
