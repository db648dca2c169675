//! The showcase as its visitors use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{Code, Result};

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

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_every_input_is_filled_in_by_its_labels() -> Result {
    let mut view = hothouse_test::live(".", "/inputs").await?;
    view.element("button", "Add a plant").click().await?;
    view.element("button", "Add a plant").click().await?;
    view.element("#order_lines_1 [aria-label=Remove]", None).click().await?;
    view.form("#order").fill("order[lines][1][plant]", "Fern").change().await?;
    view.element("#order_lines_2-up", None).click().await?;
    view.assert_has("#order_lines_2 legend", "Plant 1")?;
    view.form("#order").fill("order[lines][0][count]", "1").change().await?;
    view.form("#order")
        .fill("order[lines][1][plant]", "Palm")
        .fill("order[lines][1][count]", "3")
        .change()
        .await?;
    view.form("#order").submit().await?;
    view.assert_has("#flash-error", "Something is missing")?;
    view.assert_has("#order_name-errors", "is required")?;
    view.assert_has("#order_extras-errors", "choose one or two")?;

    view.form("#order")
        .fill_label("Name", "Ann")
        .fill_label("Email", "ann@example.org")
        .fill_label("Secret word", "monstera")
        .fill_label("Country", "Kenya")
        .fill_label("Day", "2030-04-01")
        .fill_label("Delivery", "By our van")
        .fill_label("Extras", ["A card", "Gift wrap"])
        .fill_label("A bag of soil", true)
        .fill_label("A card", false)
        .fill_label("Height", "150")
        .fill_label("Rooms", ["Kitchen", "Balcony"])
        .fill_label("Note", "Ring twice")
        .fill_label("I have read what plants need", true)
        .change()
        .await?;
    assert_eq!(view.form("#order").values("order[country]")?, ["ke"]);
    assert_eq!(view.form("#order").values("order[delivery]")?, ["van"]);
    assert_eq!(view.form("#order").values("order[extras][]")?, ["", "soil", "wrap"]);
    assert_eq!(view.form("#order").values("order[rooms][]")?, ["", "Kitchen", "Balcony"]);
    view.refute_has("#order [aria-invalid]", None)?;
    view.form("#order").submit().await?;
    view.assert_has("#flash-success", "Thank you, Ann: 1 × Fern, 3 × Palm is on its way.")?;
    view.assert_has("#sent", "1 ordered")?;

    for (label, answer, code, expected) in [
        ("Nmae", "x", Code::Missing, "no field has the label \"Nmae\"\n<form id=\"order\""),
        ("Country", "Atlantis", Code::Missing, "the field `order[country]` has no \"Atlantis\""),
        ("Delivery", "From the shop", Code::Missing, "the field `order[delivery]` has no \"shop\""),
    ] {
        let error = view.form("#order").fill_label(label, answer).change().await.err();
        assert_eq!(error.as_ref().map(|error| error.code()), Some(code), "{label}: {error:?}");
        assert!(error.is_some_and(|error| error.to_string().contains(expected)), "{label}");
    }
    view.element("button", "Add a plant").click().await?;
    let several = view.form("#order").fill_label("How many", "2").change().await;
    assert_eq!(several.map_err(|error| error.code()), Err(Code::Ambiguous));
    Ok(())
}
