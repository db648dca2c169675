//! Links, patches, redirects and those who may not go there.

use hothouse_test::{App, Code, Result};
use serde_json::json;

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn the_view_patches_and_the_address_follows() -> Result {
    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.push("patch:/asks?page=2#end", json!({})).await?;
    view.assert_path("/asks?page=2#end")?;
    let elsewhere = view.assert_path("/asks");
    assert_fails(elsewhere, Code::Assertion, &["the page was to be at /asks: it is at /asks?page=2#end"]);
    let stayed = view.assert_redirect("/sink");
    assert_fails(stayed, Code::Assertion, &["it still is at /asks?page=2#end"]);
    assert_fails(view.follow().await, Code::Left, &["the page has not been left"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_left_is_followed_on_the_same_socket_or_by_loading_the_next_one() -> Result {
    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.push("navigate:/sink", json!({})).await?;
    let (elsewhere, late) = (view.assert_redirect("/forms"), view.push("echo", json!({})).await);
    assert_fails(elsewhere, Code::Assertion, &["was left for /sink (navigation on the same socket)"]);
    assert_fails(late, Code::Left, &["the page has been left for /sink", "`follow` goes along"]);
    view.follow().await?;
    view.assert_path("/sink")?;
    view.assert_has("#plants", None)?;

    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.push("redirect:/forms?again", json!({})).await?;
    view.assert_redirect("/forms?again")?;
    view.follow().await?;
    view.form("#person").submit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flash_goes_along() -> Result {
    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.push("leave:/asks?b", json!({})).await?;
    view.follow().await?;
    view.push("flash", json!({})).await?;
    assert_eq!(view.reply(), Some(&json!("info=left")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_no_live_page_are_asserted() -> Result {
    let app = App::open(APP).await?;
    assert_fails(app.browser().live("/nowhere").await, Code::Answered, &["/nowhere was answered with 404"]);
    let page = app.browser().get("/nowhere").await?;
    assert_eq!(page.status(), 404);
    let staff = app.browser().live("/staff").await;
    assert_fails(staff, Code::Answered, &["/staff was answered with 302, a redirect to /forms"]);
    let mut stranger = app.browser().get("/staff").await?;
    stranger.assert_redirect("/forms")?;
    stranger.follow().await?;
    stranger.assert_has("#person", None)?;
    let mut ann = app.browser().session("ann", [("role", "staff")]).live("/staff").await?;
    ann.push("echo", json!(1)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_render_is_asserted_and_joined_later() -> Result {
    let mut view = App::open(APP).await?.browser().get("/sink").await?;
    view.assert_has("#plant-1", "fern: 0")?;
    let early = view.element("#plant-1 button", None).click().await;
    assert_fails(early, Code::NotJoined, &["the page is not live: `join` makes it so"]);
    view.join().await?;
    view.element("#plant-1 button", None).click().await?;
    view.assert_has("#plant-1", "fern: 1")
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_params_and_headers_reach_the_view() -> Result {
    let browser = App::open(APP).await?.browser().connect_param("colour", "green");
    let mut view = browser.live("/asks").await?;
    view.push("connect-params", json!({})).await?;
    let params = view.reply().and_then(|reply| reply.as_str()).unwrap_or_default().to_owned();
    assert!(params.contains("\"colour\":\"green\"") && params.contains("\"_mounts\":0"), "{params}");
    Ok(())
}
