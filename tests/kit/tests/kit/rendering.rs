//! Streams, live components and titles: the page is what a browser has of them.

use hothouse_test::{App, Result};
use serde_json::json;

use crate::APP;

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_streams_are_in_the_page() -> Result {
    let mut view = hothouse_test::live(APP, "/streams?edit=insert 1 one,insert 2 two").await?;
    view.assert_has("#items > #items-1", "one")?;
    let operations = ["prepend 3 three", "delete 1", "insert 2 TWO"];
    view.push("edit", json!({ "stream": "items", "operations": operations })).await?;
    view.refute_has("#items-1", None)?;
    assert_eq!(view.element("#items", None).text()?, "threeTWO");
    view.push("edit", json!({ "stream": "items", "operations": ["reset"] })).await?;
    view.refute_has("#items > li", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_row_stands_behind_the_rows_as_the_client_has_it() -> Result {
    let mut view = hothouse_test::live(APP, "/streams").await?;
    assert_eq!(view.texts("#notes > li")?, ["no notes"]);
    view.push("edit", json!({ "stream": "notes", "operations": ["insert 1 one", "prepend 2 two"] })).await?;
    assert_eq!(view.texts("#notes > li")?, ["two", "one", "no notes"]);
    view.push("edit", json!({ "stream": "notes", "operations": ["reset"] })).await?;
    assert_eq!(view.texts("#notes > li")?, ["no notes"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn components_come_and_go_and_forget_only_when_they_are_gone() -> Result {
    let mut view = hothouse_test::live(APP, "/cards").await?;
    view.element("main > div button", None).click().await?;
    view.push("move", json!({})).await?;
    view.assert_has("aside button", "first 1")?;
    view.push("show", json!({ "shown": false })).await?;
    view.refute_has("button", None)?;
    view.push("show", json!({ "shown": true })).await?;
    view.assert_has("aside button", "first 0")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_is_what_the_browser_shows() -> Result {
    let mut view = hothouse_test::live(APP, "/sink").await?;
    assert_eq!(view.page_title(), "kit-tests");
    view.push("title", json!({ "text": "Palms" })).await?;
    assert_eq!(view.page_title(), "Palms");
    assert!(view.html().contains("<section id=\"levels\">"), "{}", view.html());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_portals_hold_is_where_a_browser_has_it() -> Result {
    let mut view = hothouse_test::live(APP, "/portals").await?;
    view.assert_has("body > #_lv_portal_wrap_tip > #hint", "Counted 0")?;
    // By the component's own type, and by a selector that finds it.
    view.element("#menu-1-a", None).click().await?;
    view.assert_has("#menu-1 output", "a")?;
    view.element("#menu-1-b", None).click().await?;
    view.assert_has("#menu-1 output", "b")?;
    // A click in a portal is inside of what the portal is in, and beside all others.
    view.refute_has("#inside-a", None)?;
    view.element("#count-up", None).click().await?;
    view.assert_has("#hint", "Counted 1")?;
    view.push("open", json!({ "open": false })).await?;
    view.refute_has("#hint", None)?;
    let page = App::open(APP).await?.browser().get("/portals").await?;
    page.assert_has("#count", "0")?;
    page.refute_has("#hint", None)
}
