//! Sections 4.6 to 4.10: live components, from their own events to their removal in two steps.

use anyhow::Context as _;
use hothouse_protocol_tests::{Joined, TestServer};
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

/// A page with one card, cid 1, and cards in a list.
async fn cards(ids: &str) -> anyhow::Result<Joined> {
    let server = TestServer::start(&[("/", "live-components")]).await?;
    let mut client = Client::new(server.address);
    let page = client.get(&format!("/?cards={ids}")).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok(Joined { server, client, page, socket, view })
}

/// Sends a component an event, and merges what comes back.
async fn to(open: &mut Joined, cid: u64, event: &str, value: Value) -> anyhow::Result<Value> {
    let response = open.view.click_component(&mut open.socket, cid, event, value).await?;
    Ok(response.get("diff").cloned().unwrap_or(Value::Null))
}

async fn show(open: &mut Joined, shown: bool) -> anyhow::Result<Value> {
    open.click("show", json!({ "shown": shown.to_string() })).await
}

async fn say(open: &mut Joined, event: &str, cids: &[u64]) -> anyhow::Result<Value> {
    open.view.say_of_components(&mut open.socket, event, cids).await
}

/// A card that counted, and is not in the page any more.
async fn counted_and_hidden() -> anyhow::Result<Joined> {
    let mut open = cards("").await?;
    to(&mut open, 1, "count", json!({})).await?;
    assert_eq!(show(&mut open, false).await?, json!({ "0": "" }));
    assert_eq!(open.view.tree.removed_components()?, [1]);
    Ok(open)
}

/// Shows it again: it is sent completely, with its state.
async fn comes_back_with_its_state(open: &mut Joined) -> anyhow::Result<()> {
    let diff = show(open, true).await?;
    let is_complete = diff.pointer("/c/1/s").is_some_and(Value::is_array) && diff.pointer("/c/1/r").is_some();
    assert!(is_complete, "{diff}");
    assert!(open.view.html()?.contains(">first 1</button>"), "{}", open.view.html()?);
    assert_eq!(to(open, 1, "count", json!({})).await?, json!({ "c": { "1": { "2": "2" } } }));
    open.record("component-revived")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_component_changes_it_alone() -> anyhow::Result<()> {
    let mut open = cards("1,2,3").await?;
    let click =
        "phx-click=\"[[&quot;push&quot;,{&quot;event&quot;:&quot;count&quot;,&quot;target&quot;:3}]]\"";
    assert!(open.view.html()?.contains(click), "{}", open.view.html()?);
    assert_eq!(to(&mut open, 3, "count", json!({})).await?, json!({ "c": { "3": { "2": "1" } } }));
    assert!(open.view.html()?.contains(">card 2 1</button>"));
    assert_eq!(open.click("nothing", json!({})).await?, Value::Null);
    assert_eq!(to(&mut open, 3, "tell", json!({})).await?, json!({ "t": "told", "r": { "count": 1 } }));
    open.record("component-event")
}

#[tokio::test(flavor = "multi_thread")]
async fn components_of_one_type_share_their_literal_parts() -> anyhow::Result<()> {
    let mut open = cards("1,2").await?;
    let components = &open.view.rendered["c"];
    assert!(components["1"]["s"].is_array());
    assert_eq!((&components["2"]["s"], &components["3"]["s"]), (&json!(1), &json!(1)));
    let diff = open.click("cards", json!({ "ids": [1, 2, 3] })).await?;
    assert_eq!(diff["c"]["4"]["s"], json!(-1), "{diff}");
    assert!(diff.to_string().len() < 500, "{diff}");
    open.record("component-statics")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_shows_components_without_their_attributes() -> anyhow::Result<()> {
    let open = cards("1,2").await?;
    let content = &open.page.view()?.content;
    assert_eq!(*content, open.view.html()?);
    assert!(content.contains(">card 2 0</button>") && !content.contains("data-phx-component"), "{content}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_moves_with_its_state() -> anyhow::Result<()> {
    let mut open = cards("1,2").await?;
    to(&mut open, 1, "count", json!({})).await?;
    let diff = open.click("move", json!({})).await?;
    assert_eq!(diff.get("c"), None, "{diff}");
    assert!(open.view.html()?.contains("<aside><section>"), "{}", open.view.html()?);
    assert!(open.view.html()?.contains(">first 1</button>"));
    let diff = open.click("cards", json!({ "ids": [2, 1] })).await?;
    assert_eq!(diff, json!({ "1": { "k": { "0": 1, "1": 0, "kc": 2, "km": true } } }));
    open.record("component-moved")
}

#[tokio::test(flavor = "multi_thread")]
async fn components_stand_in_components() -> anyhow::Result<()> {
    let mut open = cards("").await?;
    let diff = to(&mut open, 1, "open", json!({})).await?;
    assert!(diff["c"]["2"]["s"].is_array() && diff["c"]["1"].get("s").is_none(), "{diff}");
    assert!(open.view.html()?.contains("<div class=\"inner\"><section>"), "{}", open.view.html()?);
    assert_eq!(to(&mut open, 2, "count", json!({})).await?, json!({ "c": { "2": { "2": "1" } } }));
    // Both leave, and come back together.
    show(&mut open, false).await?;
    assert_eq!(open.view.tree.removed_components()?, [1, 2]);
    assert_eq!(say(&mut open, "cids_will_destroy", &[2, 1]).await?, json!({}));
    show(&mut open, true).await?;
    assert!(open.view.html()?.contains(">in first 1</button>"), "{}", open.view.html()?);
    assert_eq!(say(&mut open, "cids_destroyed", &[2, 1]).await?, json!({ "cids": [] }));
    show(&mut open, false).await?;
    assert_eq!(open.view.remove_components(&mut open.socket).await?, [1, 2]);
    open.record("component-nested")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_comes_back_before_the_browser_says_a_word() -> anyhow::Result<()> {
    let mut open = counted_and_hidden().await?;
    comes_back_with_its_state(&mut open).await?;
    // What the browser says now is of an earlier time: it finds the element in its page again.
    assert_eq!(say(&mut open, "cids_will_destroy", &[1]).await?, json!({}));
    assert_eq!(to(&mut open, 1, "count", json!({})).await?, json!({ "c": { "1": { "2": "3" } } }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_comes_back_between_the_two_steps() -> anyhow::Result<()> {
    let mut open = counted_and_hidden().await?;
    assert_eq!(say(&mut open, "cids_will_destroy", &[1]).await?, json!({}));
    comes_back_with_its_state(&mut open).await?;
    assert_eq!(say(&mut open, "cids_destroyed", &[1]).await?, json!({ "cids": [] }), "it is in use");
    assert_eq!(to(&mut open, 1, "count", json!({})).await?, json!({ "c": { "1": { "2": "3" } } }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_was_removed_comes_back_as_another() -> anyhow::Result<()> {
    let mut open = counted_and_hidden().await?;
    assert_eq!(open.view.remove_components(&mut open.socket).await?, [1]);
    assert_eq!(to(&mut open, 1, "count", json!({})).await?, Value::Null, "events that are late");
    assert_eq!(say(&mut open, "cids_destroyed", &[1]).await?, json!({ "cids": [] }), "once");
    let diff = show(&mut open, true).await?;
    assert!(diff["c"]["2"]["s"].is_array(), "{diff}");
    assert!(open.view.html()?.contains(">first 0</button>"), "{}", open.view.html()?);
    open.record("component-anew")
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_announced_and_has_no_place_is_removed() -> anyhow::Result<()> {
    let mut open = counted_and_hidden().await?;
    assert_eq!(say(&mut open, "cids_destroyed", &[1]).await?, json!({ "cids": [] }), "not announced");
    show(&mut open, true).await?;
    // A client that says so of what its page shows.
    assert_eq!(say(&mut open, "cids_will_destroy", &[1, 7, 0]).await?, json!({}));
    assert_eq!(say(&mut open, "cids_destroyed", &[1, 7, 0]).await?, json!({ "cids": [] }));
    // Used again, it is sent completely: a client that has announced it may have forgotten it.
    let diff = open.click("move", json!({})).await?;
    assert!(diff["c"]["1"]["s"].is_array(), "{diff}");
    assert!(open.view.html()?.contains(">first 1</button>"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_root_brings_its_components_along() -> anyhow::Result<()> {
    let mut open = cards("1,2").await?;
    to(&mut open, 1, "count", json!({})).await?;
    let diff = open.click("root", json!({})).await?;
    assert!(diff["s"].is_array() && diff["c"]["1"]["s"].is_array(), "{diff}");
    assert!(open.view.html()?.starts_with("<article><section>") && open.view.html()?.contains(">first 1<"));
    let diff = open.click("root", json!({})).await?;
    assert_eq!((&diff["c"]["2"]["s"], &diff["c"]["3"]["s"]), (&json!(1), &json!(1)), "{diff}");
    open.record("component-root")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_is_updated_by_its_tag_and_past_it() -> anyhow::Result<()> {
    let mut open = cards("").await?;
    let diff = open.click("title", json!({ "title": "second" })).await?;
    assert_eq!(diff["c"]["1"]["1"], json!("second"), "{diff}");
    assert_eq!(open.click("title", json!({ "title": "second" })).await?, Value::Null);
    let diff = open.click("send", json!({ "id": "first", "title": "third" })).await?;
    assert_eq!(diff["c"]["1"]["1"], json!("third"), "{diff}");
    assert_eq!(open.click("send", json!({ "id": "nobody", "title": "x" })).await?, Value::Null);
    open.record("component-updated")
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_stand_in_components() -> anyhow::Result<()> {
    let mut open = cards("1").await?;
    let diff = to(&mut open, 2, "say", json!({ "text": "hello" })).await?;
    let stream = &diff["c"]["2"];
    assert!(
        stream.to_string().contains(r#""stream":["lines-card-1",[["lines-card-1-1",-1,null,null]],[]]"#),
        "{diff}"
    );
    to(&mut open, 2, "say", json!({ "text": "again" })).await?;
    let rows = "<li id=\"lines-card-1-1\">hello</li><li id=\"lines-card-1-2\">again</li></ol>";
    assert!(open.view.html()?.contains(rows), "{}", open.view.html()?);
    open.click("nothing", json!({})).await?;
    assert!(open.view.html()?.contains(rows));
    open.record("component-stream")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_refuses_or_breaks_is_as_its_view() -> anyhow::Result<()> {
    let mut open = cards("1").await?;
    let diff = to(&mut open, 2, "fail", json!({})).await?;
    assert_eq!(diff["e"][0][1]["message"], json!("the card refuses"), "{diff}");
    to(&mut open, 2, "count", json!({})).await?;
    let payload = json!({ "type": "click", "event": "trap", "value": {}, "cid": 2 });
    let (join_ref, topic) = (open.view.join_ref.clone(), open.view.topic.clone());
    open.socket.send(Some(&join_ref), &topic, "event", payload).await?;
    assert_eq!(open.socket.receive().await?.event, "phx_error");
    // Cids are those of the instance: they begin anew.
    let again = View::join(&mut open.socket, &open.client, &open.page).await?;
    assert_eq!(again.html()?, open.page.view()?.content);
    assert!(again.rendered["c"]["1"].is_object() && again.rendered["c"]["2"].is_object());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_of_a_removal_reach_the_page() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    open.click("document:component:one", json!({})).await?;
    open.click("document:none", json!({})).await?;
    assert_eq!(open.view.remove_components(&mut open.socket).await?, [1]);
    let pushed = open.view.pushed(&mut open.socket).await?;
    assert_eq!(pushed, json!({ "0": "1", "e": [["removed", { "cids": [1] }]] }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_says_which_component_it_is_for() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    open.click("document:component:one", json!({})).await?;
    assert_eq!(open.click("target", json!({})).await?["r"], json!("the view"));
    assert_eq!(to(&mut open, 1, "target", json!({})).await?["r"], json!("1"));
    assert_eq!(to(&mut open, 2, "target", json!({})).await?, Value::Null, "there is none");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_has_to_be_answered() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    open.click("document:component:one", json!({})).await?;
    open.click("document:none", json!({})).await?;
    let diff = open.click("document:component:one", json!({})).await?;
    assert_eq!(diff["c"]["1"]["0"], json!("1 again"), "what it was asked for counts: {diff}");
    open.click("document:none", json!({})).await?;
    let diff = open.click("document:component:silent-one", json!({})).await?;
    assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{diff}");
    let diff = open.click("document:none", json!({})).await?;
    assert!(diff["s"].is_array(), "the page is sent as a whole: {diff}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_says_what_is_gone_makes_nothing_grow() -> anyhow::Result<()> {
    let server = TestServer::limited(&[("/", "asks-everything")], "components = 3\n").await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    let mut removed = Vec::new();
    for cid in 1..=10 {
        let response = view.click(&mut socket, &format!("document:component:{cid}"), json!({})).await?;
        let diff = response.get("diff").context("a diff")?;
        assert!(diff["c"][cid.to_string()]["0"] == json!(cid.to_string()), "{diff}");
        removed.extend(diff["e"].as_array().into_iter().flatten().map(|event| event[1]["cids"].clone()));
    }
    // The oldest go without a word; the view is told, and the client's words about them come too late.
    assert_eq!(removed, [json!([1]), json!([2]), json!([3]), json!([4]), json!([5]), json!([6])]);
    assert_eq!(view.remove_components(&mut socket).await?, [7, 8, 9]);
    Ok(())
}
