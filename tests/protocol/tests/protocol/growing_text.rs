//! Text that is appended to an element, piece by piece.

use hothouse_protocol_tests::Joined;
use serde_json::{Value, json};

/// What a diff appends, without its other events.
fn appended(diff: &Value) -> Vec<Value> {
    let events = diff.get("e").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_append = |event: &Value| event.get(0) == Some(&json!("hothouse:append"));
    events.into_iter().filter(is_append).filter_map(|event| event.get(1).cloned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_is_all_that_is_sent_and_pieces_of_one_callback_are_one() -> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    open.click("push", json!({ "words": "first" })).await?;
    let diff = open.click("push", json!({ "words": "a \"b\" <c>" })).await?;
    assert_eq!(diff, json!({ "e": [["hothouse:append", { "to": "text", "text": "a \"b\" <c> " }]] }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_piece_has_evaluated_what_asks_whether_there_is_text() -> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    assert!(open.view.html()?.contains("Nothing yet"));
    let diff = open.click("push", json!({ "words": "one" })).await?;
    assert_eq!(appended(&diff), [json!({ "to": "text", "text": "one " })]);
    assert!(!open.view.html()?.contains("Nothing yet"));
    assert!(open.view.html()?.contains("class=\"growing\"></p>"), "the document is without the piece");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_anew_is_shown_whole_and_a_piece_that_comes_with_it_stands_behind_it()
-> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    open.click("push", json!({ "words": "one two" })).await?;
    open.click("hide", json!({})).await?;
    open.click("push", json!({ "words": "three" })).await?;
    let diff = open.click("hide", json!({})).await?;
    assert!(open.view.html()?.contains(">one two three </p>"), "{}", open.view.html()?);
    assert_eq!(appended(&diff), Vec::<Value>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn other_text_takes_the_place_of_all_that_was_appended() -> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    open.click("push", json!({ "words": "one" })).await?;
    let diff = open.click("set", json!({ "text": "" })).await?;
    assert_eq!(appended(&diff), [json!({ "to": "text", "text": "", "replace": true })]);
    open.click("push", json!({ "words": "two" })).await?;
    let diff = open.click("set_and_push", json!({ "text": "new", "words": "and" })).await?;
    assert!(open.view.html()?.contains(">new</p>"));
    assert_eq!(appended(&diff), [json!({ "to": "text", "text": "and ", "replace": true })]);
    let diff = open.click("set", json!({ "text": "last" })).await?;
    assert_eq!(appended(&diff).len(), 1, "what came with the text before may stand in the page");
    let diff = open.click("set", json!({ "text": "last" })).await?;
    assert_eq!(diff, Value::Null, "nothing has changed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_callback_appends_nothing() -> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    let diff = open.click("fail", json!({})).await?;
    assert_eq!(appended(&diff), Vec::<Value>::new());
    assert_eq!(diff["e"][0][1]["message"], "No more today.");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_appended_up_to_the_size_of_a_diff_and_not_beyond() -> anyhow::Result<()> {
    let mut open = Joined::open("growing-text").await?;
    // Effects of a callback are limited as well: 256 of them, of ten bytes each.
    let diff = open.click("flood", json!({ "count": 256 })).await?;
    assert_eq!(appended(&diff)[0]["text"].as_str().map(str::len), Some(2_560));
    let words = |bytes: usize| json!({ "words": "x".repeat(bytes) });
    let diff = open.click("push", words(100 * 1024)).await?;
    assert_eq!(appended(&diff).len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_are_named_by_ids_that_they_can_have() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    let diff = open.click("append:\"élan\"", json!({})).await?;
    assert_eq!(appended(&diff), [json!({ "to": "\"élan\"", "text": "x" })]);
    for id in ["", "two words", "line\nbreak"] {
        let diff = open.click(&format!("append:{id}"), json!({})).await?;
        assert_eq!(diff["e"][0][0], "hothouse:failure", "{id:?}: {diff}");
    }
    Ok(())
}
