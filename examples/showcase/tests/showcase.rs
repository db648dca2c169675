//! The showcase as its visitors use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::Result;

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_on_the_first_page_and_is_live() -> Result {
    for (path, heading) in [
        ("/", "Hothouse"),
        ("/counter", "Counter"),
        ("/tasks", "Tasks"),
        ("/todos", "Todos"),
        ("/feed", "Feed"),
        ("/table", "Table"),
        ("/kit", "Component kit"),
        ("/inputs", "Inputs"),
    ] {
        let view = hothouse_test::live(".", path).await?;
        view.assert_has("h1", heading)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counter_counts() -> Result {
    let mut view = hothouse_test::live(".", "/counter").await?;
    view.element("button", "+").click().await?;
    view.element("button", "+").click().await?;
    view.element("button", "-").click().await?;
    view.assert_has(".number", "1")
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_done_moved_and_removed() -> Result {
    let mut view = hothouse_test::live(".", "/tasks").await?;
    view.assert_has("#summary", "3 of 3 open")?;
    view.element("#task-2 button", "☐").click().await?;
    view.assert_has("#task-2 .done", "Open the vents")?;
    view.element("#task-3 [aria-label=up]", None).click().await?;
    view.assert_has("#tasks li:nth-child(2)", "Count the orchids")?;
    view.element("#filter", "Hide what is done").click().await?;
    view.assert_has("#task-2[hidden]", None)?;
    for id in 1..=3 {
        view.element(&format!("#task-{id} [aria-label=remove]"), None).click().await?;
    }
    view.assert_has("#nothing", "Nothing to do.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_todo_is_edited_in_its_place_and_the_others_keep_their_state() -> Result {
    let mut view = hothouse_test::live(".", "/todos").await?;
    view.element("#todo-1 [aria-label=Edit]", None).click().await?;
    view.form("#edit-1").fill("text", "Feed the bees").submit().await?;
    view.assert_has("#todo-1 span", "Feed the bees")?;
    view.element("#todo-2 [aria-label=Edit]", None).click().await?;
    view.element("#edit-2", None).key_down("Escape").await?;
    view.assert_has("#todo-2 span", "Call the beekeeper")?;

    view.form("#new").fill("text", "Oil the hinges").submit().await?;
    view.element("button", "Turn the list round").click().await?;
    assert_eq!(
        view.texts("#todos li > span")?,
        ["Oil the hinges", "Fix the heating", "Call the beekeeper", "Feed the bees"]
    );
    view.assert_has("#history li", "added “Oil the hinges”")?;
    view.element("#todo-4 [aria-label=Remove]", None).click().await?;
    view.refute_has("#todo-4", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_goes_on_at_its_end() -> Result {
    let mut view = hothouse_test::live(".", "/feed").await?;
    view.assert_has("#posts li:last-child", "Post 981")?;
    view.element("#posts", None).scroll_to_bottom().await?;
    view.assert_has("#posts li:last-child", "Post 961")?;
    view.element("button", "New post").click().await?;
    view.assert_has("#posts li:first-child", "Post 1001")?;
    view.element("#posts-1000 [aria-label=delete]", None).click().await?;
    view.refute_has("#posts-1000", None)?;
    view.element("button", "Start over").click().await?;
    view.assert_has("#posts li:first-child", "Post 1001")?;
    view.assert_has("#posts li:last-child", "Post 982")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plant_is_added_by_a_button_outside_of_the_form() -> Result {
    let mut view = hothouse_test::live(".", "/kit").await?;
    view.form("#new-plant-form").fill("name", "Tree fern").fill("kind", "fern").submit().await?;
    view.assert_has("#plant-4 h3", "Tree fern")?;
    view.element("[aria-label='Water Tree fern']", None).click().await?;
    view.assert_has("#plant-4 .watered", "Watered once.")
}
