//! What the view does, whatever it is written in.

use anyhow::ensure;
use hothouse_protocol_tests::Joined;
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

use crate::log;

pub(crate) async fn the_first_page_shows_the_view(language: &str) -> anyhow::Result<()> {
    let open = Joined::open(language).await?;
    let page = &open.page.view()?.content;
    assert!(page.contains("id=\"count\">0</p>"), "{page}");
    assert!(page.contains("phx-click=\"increment\""), "{page}");
    assert_eq!(*page, open.view.html()?, "the join renders what the page showed");
    Ok(())
}

pub(crate) async fn clicks_are_counted_and_the_newest_row_stands_first(language: &str) -> anyhow::Result<()> {
    let mut open = Joined::open(language).await?;
    for event in ["increment", "increment", "decrement"] {
        open.click(event, json!({ "value": "" })).await?;
    }
    let html = open.view.html()?;
    assert!(html.contains("id=\"count\">1</p>"), "{html}");
    assert_eq!(rows(&html), ["entry-3 -1: 1", "entry-2 +1: 2", "entry-1 +1: 1"]);
    Ok(())
}

pub(crate) async fn a_row_is_taken_out_and_the_others_stay(language: &str) -> anyhow::Result<()> {
    let mut open = Joined::open(language).await?;
    for _ in 0..3 {
        open.click("increment", json!({ "value": "" })).await?;
    }
    open.click("remove", json!({ "id": "2", "value": "" })).await?;
    assert_eq!(rows(&open.view.html()?), ["entry-3 +1: 3", "entry-1 +1: 1"]);
    let refused = open.click("remove", json!({ "id": "2", "value": "" })).await?;
    assert_eq!(failure(&refused), json!({ "kind": "bad-input", "message": "there is no such entry" }));
    open.click("increment", json!({ "value": "" })).await?;
    assert_eq!(rows(&open.view.html()?), ["entry-4 +1: 4", "entry-3 +1: 3", "entry-1 +1: 1"]);
    Ok(())
}

pub(crate) async fn only_so_many_rows_are_kept(language: &str) -> anyhow::Result<()> {
    let mut open = Joined::open(language).await?;
    for _ in 0..102 {
        open.click("increment", json!({ "value": "" })).await?;
    }
    let html = open.view.html()?;
    let rows = rows(&html);
    assert_eq!(
        (rows.len(), rows.first(), rows.last()),
        (100, Some(&"entry-102 +1: 102".to_owned()), Some(&"entry-3 +1: 3".to_owned()))
    );
    Ok(())
}

pub(crate) async fn a_name_is_checked_as_it_is_typed(language: &str) -> anyhow::Result<()> {
    let mut open = Joined::open(language).await?;
    let error = |html: &str| {
        let (_, after) = html.split_once("id=\"name-error\" role=\"alert\">")?;
        after.split_once('<').map(|(error, _)| error.to_owned())
    };
    // Twenty characters, of which some take more than one byte, and one more than a unit of UTF-16.
    let longest = "Zoë & <Ann> \"in\" 🌱Go";
    for (name, expected) in [
        ("A", None),
        ("", Some("The name is required.")),
        (longest, None),
        ("123456789012345678901", Some("The name has at most 20 characters.")),
        (longest, None),
    ] {
        type_name(&mut open, name).await?;
        assert_eq!(error(&open.view.html()?).as_deref(), expected, "{name}");
    }
    let html = open.view.html()?;
    assert!(!html.contains("<Ann>"), "what was typed stays text: {html}");
    let (_, value) = html.split_once("value=\"").unwrap_or_default();
    let (value, _) = value.split_once('"').unwrap_or_default();
    assert_eq!(decoded(value), longest, "{html}");
    Ok(())
}

pub(crate) async fn a_declared_failure_is_told_and_the_view_lives_on(language: &str) -> anyhow::Result<()> {
    let mut open = Joined::open(language).await?;
    open.click("increment", json!({ "value": "" })).await?;
    let refused = open.click("refuse", json!({ "value": "" })).await?;
    assert_eq!(failure(&refused), json!({ "kind": "bad-input", "message": "refused, as asked" }));
    open.click("increment", json!({ "value": "" })).await?;
    assert!(open.view.html()?.contains("id=\"count\">2</p>"));
    Ok(())
}

pub(crate) async fn what_breaks_ends_as_a_trap_with_its_message_in_the_log(
    language: &str,
) -> anyhow::Result<()> {
    ends(language, "trap", "trap").await?;
    let said = log::lines_with(&["trap, as asked", language, "call=handle-event"]);
    assert!(!said.is_empty(), "{:?}", log::lines_with(&[language]));
    Ok(())
}

pub(crate) async fn what_spins_is_ended_by_its_budget(language: &str) -> anyhow::Result<()> {
    ends(language, "spin", "cpu-limit").await
}

pub(crate) async fn what_grows_is_ended_by_its_limit(language: &str) -> anyhow::Result<()> {
    ends(language, "grow", "memory").await
}

/// A view that works, ends at an event with a code that is counted and logged, and can be joined again.
async fn ends(language: &str, event: &str, code: &str) -> anyhow::Result<()> {
    log::listen();
    let mut open = Joined::open(language).await?;
    open.click("increment", json!({ "value": "" })).await?;
    let payload = json!({ "type": "click", "event": event, "value": { "value": "" } });
    open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
    let message = open.socket.receive().await?;
    assert_eq!(message.event, "phx_error", "{}", message.text);
    let logged = log::lines_with(&["view ended", language, &format!("code=\"{code}\""), "`handle-event`"]);
    ensure!(!logged.is_empty(), "no line with `{code}`: {:#?}", log::lines_with(&["view ended", language]));
    let crashes = open.server.metrics().await?;
    let series = format!("hothouse_crashes_total{{tenant=\"test\",view=\"{language}\",cause=\"{code}\"}}");
    ensure!(crashes.get(&series) == 1.0, "{series} is {}", crashes.get(&series));
    let mut again = rejoined(&open.client).await?;
    again.1.click(&mut again.0, "increment", json!({ "value": "" })).await?;
    assert!(again.1.html()?.contains("id=\"count\">1</p>"));
    Ok(())
}

async fn rejoined(client: &Client) -> anyhow::Result<(Socket, View)> {
    let mut client = client.clone();
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((socket, view))
}

async fn type_name(open: &mut Joined, name: &str) -> anyhow::Result<Value> {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let payload =
        json!({ "type": "form", "event": "rename", "value": format!("name={encoded}&_target=name") });
    open.view.push(&mut open.socket, payload).await
}

/// The history as `id text`, in order.
fn rows(html: &str) -> Vec<String> {
    let rows = html.split("<li id=\"").skip(1);
    let row = |row: &str| {
        let (id, after) = row.split_once("\">").unwrap_or_default();
        let text = after.split(['<', '>']).nth(2).unwrap_or_default();
        format!("{id} {}", decoded(text))
    };
    rows.map(row).collect()
}

/// Text as people see it: each template engine escapes in its own way.
pub(crate) fn decoded(html: &str) -> String {
    let references = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#43;", "+"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        // The last one: what it makes is no reference.
        ("&amp;", "&"),
    ];
    references.iter().fold(html.to_owned(), |text, (reference, character)| text.replace(reference, character))
}

/// What the page is told of a refusal.
fn failure(diff: &Value) -> Value {
    diff.pointer("/e/0/1").cloned().unwrap_or_default()
}
