//! Section 7: streams, from a view's edits to the page's rows.

use hothouse_protocol_tests::Joined;
use serde_json::{Value, json};

async fn edit(open: &mut Joined, operations: &[&str]) -> anyhow::Result<Value> {
    open.click("edit", json!({ "stream": "items", "operations": operations })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appended_item_is_one_row_and_one_operation() -> anyhow::Result<()> {
    let mut open = Joined::open("streams").await?;
    assert_eq!(open.view.html()?, open.page.view()?.content);
    let diff = edit(&mut open, &["insert 1 one"]).await?;
    assert_eq!(
        diff["1"],
        json!({ "k": { "0": { "0": "items-1", "1": "one", "2": "" }, "kc": 1 }, "stream": ["items", [["items-1", -1, null, null]], []] }),
        "{diff}"
    );
    let html = open.view.html()?;
    assert!(
        html.contains("<ul id=\"items\" phx-update=\"stream\"><li id=\"items-1\">one</li></ul>"),
        "{html}"
    );
    open.record("streams")
}
