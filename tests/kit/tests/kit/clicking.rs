//! Elements, and what a person does with them.

use hothouse_test::{Code, Result};
use serde_json::json;

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_answered_and_the_page_shows_it() -> Result {
    let mut view = hothouse_test::live(APP, "/sink").await?;
    view.element("#plant-2 button", "water").click().await?;
    view.element("#plant-2 button", None).click().await?;
    view.assert_has("#plant-2", "palm: 2")?;
    view.refute_has("#plant-1", "fern: 1")?;
    assert_eq!(view.element("#plant-2", None).text()?, "palm: 2water");
    assert_eq!(view.element("#literal", None).attribute("title")?.as_deref(), Some("<b> & \"it's\""));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_fails_names_the_line_of_the_test_and_prints_the_page() -> Result {
    let mut view = hothouse_test::live(APP, "/sink").await?;
    let missing = view.element("#plant-9 button", None).click().await;
    let line = line!() - 1;
    let place = format!("tests/kit/clicking.rs:{line}:");
    let said = ["nothing is `#plant-9 button`", "did you mean `#plant-", "<ol id=\"plants\">", &place];
    assert_fails(missing, Code::Missing, &said);
    let said = [
        "3 elements are `ol button`",
        "<button phx-click=\"water\" phx-value-id=\"1\">water   in li#plant-1 > button",
    ];
    assert_fails(view.element("ol button", None).click().await, Code::Ambiguous, &said);
    let said = ["`#plant-1` finds, with other text:\n  <li id=\"plant-1\">fern: 0water"];
    assert_fails(view.assert_has("#plant-1", "fern: 1"), Code::Missing, &said);
    let said = ["nothing was to be `ol li`:\n  <li id=\"plant-1\">", "3 elements"];
    assert_fails(view.refute_has("ol li", None), Code::Assertion, &said[..1]);
    assert_fails(view.assert_has("li[", None), Code::Selector, &["`li[` is no CSS selector"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_click_on_is_refused() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    let disabled = view.element("#never", None).click().await;
    assert_fails(disabled, Code::Unusable, &["it is disabled", "<button type=\"button\" id=\"never\""]);
    let inert = view.element("#said", None).click().await;
    assert_fails(inert, Code::Unusable, &["a click on it does nothing"]);
    let field = view.element("input[name=code]", None).click().await;
    assert_fails(field, Code::Unusable, &["use `form(…).fill(…).change()`"]);
    view.assert_has("#said", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_focus_are_sent_with_the_elements_value() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.element("#keys", None).key_down("Enter").await?;
    view.assert_has("#said", "key {\"key\":\"Enter\",\"value\":\"typed\"}")?;
    let other = view.element("#keys", None).key_down("a").await;
    assert_fails(other, Code::Unusable, &["it hears of the key \"Enter\" alone, not of \"a\""]);
    let deaf = view.element("#keys", None).key_up("Enter").await;
    assert_fails(deaf, Code::Unusable, &["it has no `phx-keyup` and no `phx-window-keyup`"]);
    view.element("#keys", None).blur().await?;
    view.assert_has("#said", "left {\"value\":\"typed\"}")
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_do_their_part_over_the_wire_and_in_the_page() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.element("#commands", None).click_with(json!({ "by": "script" })).await?;
    view.assert_has("#said", "pushed {\"by\":\"script\",\"value\":\"\"}")?;
    view.assert_has("#said[style*=none]", None)?;
    view.assert_has("#native.loud", None)?;
    view.element("#toggle", None).click().await?;
    view.assert_has("#said[style*=block]", None)?;
    // What commands have done stays when the view renders anew.
    view.element("#keys", None).blur().await?;
    view.assert_has("#said[style*=block]", "left")?;
    view.assert_has("#native.loud", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_does_what_the_browser_does_as_well() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.element("#menu", None).click_away().await?;
    view.assert_has("#menu.closed", None)?;
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.element("#box", None).click().await?;
    view.assert_has("#said", "boxed {\"value\":\"on\"}")?;
    view.element("#ticked", None).click().await?;
    view.assert_has("#said", "boxed {}")?;
    view.assert_has("#menu.closed", None)?;
    view.element("#out", None).click().await?;
    view.assert_has("#said", "leaving {}")?;
    view.assert_redirect("/sink")
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_and_events_are_asserted() -> Result {
    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.push("echo", json!({ "a": [1, "b"] })).await?;
    assert_eq!(view.reply(), Some(&json!({ "a": [1, "b"] })));
    view.push("leave:/forms", json!({})).await?;
    let other = view.assert_event("other", json!({ "a": 1 }));
    assert_fails(
        other,
        Code::Assertion,
        &["the event `other` {\"a\":1} was to be pushed; what was:\n  bye {}"],
    );
    view.assert_event("bye", json!({}))?;
    assert_fails(view.assert_event("bye", json!({})), Code::Assertion, &["nothing was pushed"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_hears_its_own_events_and_those_that_select_it() -> Result {
    let mut view = hothouse_test::live(APP, "/cards?cards=1,2").await?;
    view.element("#row-2 section > button", None).click().await?;
    view.assert_has("#row-2 button", "card 2 1")?;
    view.assert_has("#row-1 button", "card 1 0")?;
    view.refute_has("main > div section[data-phx-component]", "card")
}
