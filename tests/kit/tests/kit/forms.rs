//! What is typed into forms, and what is sent of it.

use hothouse_test::{App, Code, Result};

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_sends_the_form_as_the_client_does() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#person").fill("person[name]", "Bob & Co").change().await?;
    view.assert_has(
        "#said",
        "validate token=t person[name]=Bob & Co person[_unused_about]= person[about]=gardens \
         person[_unused_news]= person[news]=false person[_unused_size]= person[size]=small \
         person[_unused_colour]= person[colour]=green person[_unused_tags][]= person[tags][]=b \
         _unused_code= code=3 _unused_own= own= _target=person[name] page=one",
    )?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_field_with_the_focus_keeps_what_the_view_does_not_render() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    // The view renders the name as it was: it was typed last, so it stays, and goes along with the next field.
    view.form("#person").fill("person[name]", "Bob").change().await?;
    assert_eq!(view.form("#person").values("person[name]")?, ["Bob"]);
    view.form("#person").fill("person[news]", true).change().await?;
    view.assert_has(
        "#said",
        "person[name]=Bob person[_unused_about]= person[about]=gardens person[news]=false person[news]=true",
    )?;
    assert_eq!(view.form("#person").values("person[name]")?, ["Ann"]);
    assert_eq!(view.form("#person").values("person[news]")?, ["false", "true"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_field_is_filled_and_submitted_with_the_button() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    let form = view.form("#person").fill("person[about]", "two\nlines").fill("person[size]", "large");
    form.fill("person[colour]", "blue")
        .fill("person[tags][]", ["a", "c"])
        .fill_hidden("token", "u")
        .submit()
        .await?;
    view.assert_has(
        "#said",
        "save token=u person[name]=Ann person[about]=two lines person[news]=false person[size]=large \
         person[colour]=blue person[tags][]=a person[tags][]=c code=3 own= act=keep page=one",
    )?;
    view.form("#person").submit_with("button[value=drop]").await?;
    view.assert_has("#said", "act=drop page=one")?;
    view.element("button", "Keep").click().await?;
    view.assert_has("#said", "act=keep page=one")?;
    assert_eq!(view.form("#person").values("person[colour]")?, ["green"], "it was rendered anew");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_with_an_event_of_its_own_sends_itself_alone() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#person").fill("own", "x").change().await?;
    assert_eq!(view.element("#said", None).text()?, "own own=x _target=own page=one");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_could_not_enter_is_refused() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    for (name, answer, code, expected) in [
        ("nmae", "x", Code::Missing, "the form has no field `nmae`\n<form id=\"person\""),
        ("locked", "x", Code::Unusable, "the field `locked` is disabled"),
        ("inside", "x", Code::Unusable, "the field `inside` is disabled"),
        ("code", "x", Code::Unusable, "the field `code` is read-only"),
        ("token", "x", Code::Unusable, "the field `token` is hidden"),
        (
            "person[colour]",
            "pink",
            Code::Missing,
            "the field `person[colour]` has no \"pink\"; it has [\"green\", \"red\", \"blue\"]",
        ),
        ("person[colour]", "red", Code::Unusable, "the option \"red\" of `person[colour]` is disabled"),
        ("person[size]", "huge", Code::Missing, "it has [\"small\", \"large\"]"),
    ] {
        let filled = view.form("#person").fill(name, answer).change().await;
        assert_fails(filled, code, &[expected]);
    }
    let no_box = view.form("#person").fill("person[name]", true).submit().await;
    assert_fails(no_box, Code::Unusable, &["the field `person[name]` is no checkbox"]);
    assert_fails(view.form("#said").submit().await, Code::Unusable, &["`#said` is no form"]);
    assert_fails(
        view.form("#native").fill("q", "2").change().await,
        Code::Unusable,
        &["has no `phx-change`"],
    );
    let button = view.form("#person").submit_with("#never").await;
    assert_fails(button, Code::Unusable, &["the button of <form id=\"person\"", "is disabled"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_triggers_its_action_leads_to_another_page() -> Result {
    let mut view = App::open(APP).await?.browser().live("/forms").await?;
    view.form("#native").fill("q", "a b").submit().await?;
    view.assert_redirect("/sink?q=a+b")?;
    view.follow().await?;
    view.assert_path("/sink?q=a+b")?;
    view.assert_has("#plants", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_says_that_the_form_has_changed_goes_along_with_it() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#person").fill("person[name]", "Bob").change().await?;
    view.element("#more", None).click().await?;
    view.assert_has(
        "#said",
        "validate token=t person[name]=Bob person[_unused_about]= person[about]=gardens \
         person[_unused_news]= person[news]=false person[_unused_size]= person[size]=small \
         person[_unused_colour]= person[colour]=green person[_unused_tags][]= person[tags][]=b \
         _unused_code= code=3 _unused_own= own= lines_sort[]=new _target=lines_sort[] page=one",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_resets_a_form_forgets_what_was_typed_and_says_so() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#person").fill("person[name]", "Bob").change().await?;
    view.element("#again", None).click().await?;
    view.assert_has("#said", "validate token=t person[_unused_name]= person[name]=Ann")?;
    view.assert_has("#said", "reset= _target=reset")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_takes_the_focus_from_a_field() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#person").fill("person[name]", "Bob").change().await?;
    assert_eq!(view.form("#person").values("person[name]")?, ["Bob"]);
    view.element("#commands", None).click().await?;
    assert_eq!(view.form("#person").values("person[name]")?, ["Ann"], "the view has rendered another one");
    Ok(())
}
