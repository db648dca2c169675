//! The list as people keep it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result, View};
use serde_json::json;

async fn add(view: &mut View, title: &str) -> Result {
    view.form("#new").fill("title", title).submit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_keep_one_list() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (app.browser().live("/").await?, app.browser().live("/").await?);
    ann.assert_has("#nothing", None)?;
    add(&mut ann, "Water the palms").await?;
    ann.assert_has("#open li", "Water the palms")?;
    bob.wait_for("#open li", "Water the palms").await?;
    // Bob begins to change it, Ann does; what Bob sees of it otherwise is his own.
    bob.element("button[aria-label='Edit Water the palms']", None).click().await?;
    ann.element("button[aria-label='Edit Water the palms']", None).click().await?;
    ann.form("#open form").fill("title", "Water all palms").submit().await?;
    ann.assert_has("#open .title", "Water all palms")?;
    bob.assert_has("#open form", None)?;
    bob.form("#open form").fill("title", "Water them tomorrow").submit().await?;
    ann.wait_for("#open .title", "Water them tomorrow").await?;
    bob.element("#open input[type=checkbox]", None).click().await?;
    bob.assert_has("#done li", "Water them tomorrow")?;
    ann.wait_for("#done li", "Water them tomorrow").await?;
    ann.assert_has("#nothing", None)?;
    ann.element("#done button", "Not done").click().await?;
    bob.wait_for("#open .title", "Water them tomorrow").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_there_for_whoever_comes_later() -> Result {
    let app = App::open(".").await?;
    let mut ann = app.browser().live("/").await?;
    for title in ["one", "two", "three"] {
        add(&mut ann, title).await?;
    }
    ann.element("#open li:first-child input[type=checkbox]", None).click().await?;
    drop(ann);
    let page = app.browser().get("/").await?;
    assert_eq!(page.texts("#open .title")?, ["two", "three"]);
    assert_eq!(page.texts("#done .done")?, ["one"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_was_done_more_is_shown_when_it_is_asked_for() -> Result {
    let app = App::open(".").await?;
    let mut view = app.browser().live("/").await?;
    for number in 0..25 {
        add(&mut view, &format!("todo {number}")).await?;
        view.element("#open input[type=checkbox]", None).click().await?;
    }
    let mut later = app.browser().live("/").await?;
    assert_eq!(later.texts("#done .done")?.len(), 20);
    assert_eq!(later.texts("#done .done")?[0], "todo 24");
    later.element("#more", None).click().await?;
    assert_eq!(later.texts("#done .done")?.len(), 25);
    later.refute_has("#more", None)?;
    later.element("#clear", None).click().await?;
    later.refute_has("#done .done", None)?;
    view.wait_until_gone("#done .done", None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_todo_that_two_tick_off_at_once_is_done_once() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (app.browser().live("/").await?, app.browser().live("/").await?);
    add(&mut ann, "Water the palms").await?;
    bob.wait_for("#open li", None).await?;
    let (one, other) = tokio::join!(
        ann.element("#open input[type=checkbox]", None).click(),
        bob.element("#open input[type=checkbox]", None).click()
    );
    one?;
    other?;
    for view in [&mut ann, &mut bob] {
        view.wait_for("#done .done", "Water the palms").await?;
    }
    let page = app.browser().get("/").await?;
    assert_eq!(page.texts("#done .done")?, ["Water the palms"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_too_long_is_refused_with_a_word() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    let refused = view.push("add", json!({ "title": "x".repeat(81) })).await;
    refused?;
    view.assert_event(
        "hothouse:failure",
        json!({ "kind": "bad-input", "message": "A todo has 1 to 80 characters." }),
    )?;
    view.refute_has("#open li", None)
}
