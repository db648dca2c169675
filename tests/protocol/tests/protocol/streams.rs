//! Section 7: streams, from a view's edits to the page's rows.

use anyhow::Context as _;
use hothouse_protocol_tests::{Joined, TestServer};
use hothouse_test_client::{Client, Socket, View};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

async fn edit(open: &mut Joined, operations: &[&str]) -> anyhow::Result<Value> {
    open.click("edit", json!({ "stream": "items", "operations": operations })).await
}

/// The rows of a stream as the page shows them: `id:text`.
fn rows(html: &str, stream: &str) -> anyhow::Result<Vec<String>> {
    let start = format!(" id=\"{stream}\" phx-update=\"stream\">");
    let (_, rest) = html.split_once(&start).with_context(|| format!("no stream {stream} in {html}"))?;
    let (list, _) = rest.split_once(if stream == "items" { "</ul>" } else { "</ol>" }).context("its end")?;
    let begin = format!("<li id=\"{stream}-");
    let row = |row: &str| {
        let (id, rest) = row.split_once('"').unwrap_or_default();
        let text = rest.split_once('>').map(|(_, text)| text.split('<').next().unwrap_or_default());
        format!("{id}:{}", text.unwrap_or_default())
    };
    Ok(list.split(&begin).skip(1).map(row).collect())
}

async fn joined(client: &Client, path: &str) -> anyhow::Result<(String, Socket, View)> {
    let mut client = client.clone();
    let page = client.get(path).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok((page.view()?.content.clone(), socket, view))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_item_is_one_row_and_one_operation() -> anyhow::Result<()> {
    let mut open = Joined::open("streams").await?;
    assert_eq!(open.view.html()?, open.page.view()?.content);
    assert_eq!(open.view.rendered["1"]["stream"], json!(["items", [], []]), "there from the first render on");
    assert_eq!(open.view.rendered["1"]["k"], json!({ "kc": 0 }));
    assert!(open.view.rendered["1"]["s"].is_array());
    let diff = edit(&mut open, &["insert 1 one"]).await?;
    let row = json!({ "0": { "0": "items-1", "1": "one", "2": "" }, "kc": 1 });
    assert_eq!(diff["1"], json!({ "k": row, "stream": ["items", [["items-1", -1, null, null]], []] }));
    assert_eq!(rows(&open.view.html()?, "items")?, ["1:one"]);
    let diff = edit(&mut open, &[]).await?;
    assert_eq!(diff, json!({ "0": "2" }), "what was sent is not sent again");
    let diff = edit(&mut open, &["insert 1 !<again>"]).await?;
    let bold = json!({ "0": "1", "s": ["<b>", "</b>"], "r": 1 });
    assert_eq!(diff["1"]["k"]["0"], json!({ "0": "items-1", "1": "!&lt;again&gt;", "2": bold }), "complete");
    open.record("stream-insert")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insert_into_a_feed_is_a_frame_of_few_bytes() -> anyhow::Result<()> {
    let mut open = Joined::open("bench-feed").await?;
    assert_eq!(open.page.view()?.content.matches("<li id=\"items-").count(), 20);
    let payload = json!({ "type": "click", "event": "add", "value": { "value": "" } });
    for number in 21..=60 {
        let (join_ref, topic) = (open.view.join_ref.clone(), open.view.topic.clone());
        open.socket.send(Some(&join_ref), &topic, "event", payload.clone()).await?;
        let message = open.socket.receive().await?;
        // With the four bytes that the websocket puts before it; Phoenix sends 237.
        assert!(message.text.len() + 4 <= 237, "{} bytes: {}", message.text.len() + 4, message.text);
        open.view.merge(&message)?;
        let html = open.view.html()?;
        let first = format!("stream\"><li id=\"items-{number}\"><b>{number}</b>Item {number}</li>");
        assert!(html.contains(&first) && html.matches("<li ").count() == number, "{number}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_put_in_taken_out_and_limited_from_both_ends() -> anyhow::Result<()> {
    let mut open = Joined::open("streams").await?;
    for (operations, expected) in [
        (&["insert 1 a", "insert 2 b", "insert 3 c"][..], &["1:a", "2:b", "3:c"][..]),
        (&["prepend 4 d", "prepend 5 e"], &["5:e", "4:d", "1:a", "2:b", "3:c"]),
        (&["at 2 6 f"], &["5:e", "4:d", "6:f", "1:a", "2:b", "3:c"]),
        (&["delete 4", "delete 77"], &["5:e", "6:f", "1:a", "2:b", "3:c"]),
        (&["insert 7 g limit -4"], &["1:a", "2:b", "3:c", "7:g"]),
        (&["prepend 8 h limit 3"], &["8:h", "1:a", "2:b"]),
        (&["update 1 A", "update 9 i"], &["8:h", "1:A", "2:b"]),
        (&["prepend 2 B"], &["8:h", "1:A", "2:B"]),
        (&["delete 2", "prepend 2 B"], &["2:B", "8:h", "1:A"]),
        (&["insert 9 i", "reset", "insert 1 x", "insert 10 y"], &["1:x", "10:y"]),
        (&["at 50 11 z"], &["1:x", "10:y", "11:z"]),
        (&["reset"], &[]),
    ] {
        edit(&mut open, operations).await?;
        assert_eq!(rows(&open.view.html()?, "items")?, expected, "after {operations:?}");
    }
    open.record("stream-edits")
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_one_view_do_not_touch_each_other() -> anyhow::Result<()> {
    let mut open = Joined::open("streams").await?;
    edit(&mut open, &["insert 1 a"]).await?;
    let notes = |operations: Value| json!({ "stream": "notes", "operations": operations });
    let diff = open.click("edit", notes(json!(["insert 1 n"]))).await?;
    assert!(diff.get("1").is_none(), "only the stream to which something happened: {diff}");
    open.click("edit", notes(json!(["reset", "insert 2 m"]))).await?;
    assert_eq!(rows(&open.view.html()?, "items")?, ["1:a"]);
    assert_eq!(rows(&open.view.html()?, "notes")?, ["2:m"]);
    // Its element goes, and its rows with it; when it comes back it is a stream without rows.
    open.click("show", json!({ "both": false })).await?;
    let diff = open.click("show", json!({ "both": true })).await?;
    assert_eq!(diff["2"]["0"]["stream"], json!(["notes", [], []]), "{diff}");
    assert_eq!(rows(&open.view.html()?, "notes")?, [] as [&str; 0]);
    open.click("edit", notes(json!(["insert 3 o"]))).await?;
    assert_eq!(rows(&open.view.html()?, "notes")?, ["3:o"]);
    assert_eq!(rows(&open.view.html()?, "items")?, ["1:a"]);
    open.record("streams")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streams_rows_are_the_same_before_and_after_the_socket_joins() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "streams")]).await?;
    let client = Client::new(server.address);
    let edits = "insert+1+a,prepend+2+b,at+1+3+c,at+1+4+d,update+9+x,insert+5+e+limit+-4,prepend+6+f+limit+3";
    let (page, _, view) = joined(&client, &format!("/?edit={edits}")).await?;
    assert_eq!(rows(&page, "items")?, ["6:f", "4:d", "3:c"]);
    assert_eq!(view.html()?, page);
    let all = view.rendered["1"]["stream"][1].as_array().map(Vec::len);
    assert_eq!(all, Some(7), "the client is told all of it");
    // Who joins again has its rows from a new mount.
    let (again, _, rejoined) = joined(&client, &format!("/?edit={edits}")).await?;
    assert_eq!((again, rejoined.html()?), (page.clone(), page));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_callback_says_nothing_of_a_stream() -> anyhow::Result<()> {
    let mut open = Joined::open("streams").await?;
    edit(&mut open, &["insert 1 a"]).await?;
    let diff = open.click("fail", json!({})).await?;
    assert!(diff.get("1").is_none() && diff["e"][0][0] == "hothouse:failure", "{diff}");
    edit(&mut open, &["insert 2 b"]).await?;
    assert_eq!(rows(&open.view.html()?, "items")?, ["1:a", "2:b"]);
    Ok(())
}

/// One edit, by a stranger's choice.
#[derive(Debug, Clone)]
enum Edit {
    Insert(u32),
    Prepend(u32),
    At(usize, u32),
    Update(u32),
    Delete(u32),
    Reset,
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let id = 0_u32..7;
    prop_oneof![
        3 => id.clone().prop_map(Edit::Insert),
        3 => id.clone().prop_map(Edit::Prepend),
        2 => (0_usize..6, id.clone()).prop_map(|(index, id)| Edit::At(index, id)),
        1 => id.clone().prop_map(Edit::Update),
        2 => id.prop_map(Edit::Delete),
        1 => Just(Edit::Reset),
    ]
}

impl Edit {
    fn say(&self, text: usize) -> String {
        match self {
            Self::Insert(id) => format!("insert {id} t{text}"),
            Self::Prepend(id) => format!("prepend {id} t{text}"),
            Self::At(index, id) => format!("at {index} {id} t{text}"),
            Self::Update(id) => format!("update {id} t{text}"),
            Self::Delete(id) => format!("delete {id}"),
            Self::Reset => "reset".to_owned(),
        }
    }

    /// What it means for a list in memory.
    fn apply(&self, list: &mut Vec<(u32, String)>, text: usize) {
        let text = format!("t{text}");
        let (id, at) = match self {
            Self::Insert(id) => (*id, Some(list.len())),
            Self::Prepend(id) => (*id, Some(0)),
            Self::At(index, id) => (*id, Some(*index)),
            Self::Update(id) => (*id, None),
            Self::Delete(id) => return list.retain(|(known, _)| known != id),
            Self::Reset => return list.clear(),
        };
        match (list.iter_mut().find(|(known, _)| *known == id), at) {
            (Some((_, known)), _) => *known = text,
            (None, Some(at)) => list.insert(at.min(list.len()), (id, text)),
            (None, None) => {}
        }
    }
}

/// Whether one message can say it: deletes come first in it, so no index may count what is deleted later.
fn fits_one_message(edits: &[Edit]) -> bool {
    let first_index = edits.iter().position(|edit| matches!(edit, Edit::At(..))).unwrap_or(edits.len());
    !edits.iter().skip(first_index).any(|edit| matches!(edit, Edit::Delete(_)))
}

#[test]
fn random_edits_lead_to_the_list_that_they_mean() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(TestServer::start(&[("/", "streams")]))?;
    let client = Client::new(server.address);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let rounds =
        prop::collection::vec((prop::collection::vec(any_edit(), 1..5), prop::option::of(-5_i32..6)), 1..12);
    runner.run(&rounds, |rounds| {
        runtime
            .block_on(check_rounds(&client, &rounds))
            .map_err(|error| TestCaseError::fail(format!("{error:#}")))
    })?;
    Ok(())
}

async fn check_rounds(client: &Client, rounds: &[(Vec<Edit>, Option<i32>)]) -> anyhow::Result<()> {
    let (_, mut socket, mut view) = joined(client, "/").await?;
    let mut list: Vec<(u32, String)> = Vec::new();
    let mut text = 0;
    for (edits, limit) in rounds.iter().filter(|(edits, _)| fits_one_message(edits)) {
        let mut operations = Vec::new();
        for edit in edits {
            text += 1;
            let known = list.len();
            edit.apply(&mut list, text);
            operations.push(edit.say(text));
            // A limit holds for what is new, and is the last thing that happens.
            if let (Some(limit), 1, true) = (limit, edits.len(), list.len() > known) {
                if let Some(operation) = operations.last_mut() {
                    operation.push_str(&format!(" limit {limit}"));
                }
                let kept = list.len().min(usize::try_from(limit.unsigned_abs())?);
                if *limit < 0 { list.drain(..list.len() - kept).for_each(drop) } else { list.truncate(kept) }
            }
        }
        let value = json!({ "stream": "items", "operations": operations });
        view.click(&mut socket, "edit", value).await?;
        let expected: Vec<String> = list.iter().map(|(id, text)| format!("{id}:{text}")).collect();
        let shown = rows(&view.html()?, "items")?;
        anyhow::ensure!(shown == expected, "{shown:?}, not {expected:?}, after {operations:?}");
    }
    Ok(())
}
