//! Connections that are lost, views that end, and news from elsewhere.

use std::time::Duration;

use hothouse_test::{App, Code, Result};
use serde_json::json;

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_sent_again_when_the_connection_comes_back() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    view.form("#recovered").fill("text", "half a sen").change().await?;
    view.form("#left-alone").fill("text", "gone").change().await?;
    view.disconnect();
    let offline = view.element("#commands", None).click().await;
    assert_fails(offline, Code::NotJoined, &["the socket is closed: `reconnect` opens another"]);
    view.reconnect().await?;
    assert_eq!(view.element("#said", None).text()?, "recover text=half a sen _target=text");
    assert_fails(view.reconnect().await, Code::NotJoined, &["the view has not been disconnected"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_view_is_told_how_often_it_was_mounted() -> Result {
    let mut view = hothouse_test::live(APP, "/asks").await?;
    view.disconnect();
    view.reconnect().await?;
    view.push("connect-params", json!({})).await?;
    let params = view.reply().and_then(|reply| reply.as_str()).unwrap_or_default();
    assert!(params.contains("\"_mounts\":1"), "{params}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_ends_fails_the_step_and_is_joined_again() -> Result {
    let mut view = hothouse_test::live(APP, "/traps").await?;
    view.element("#increment", None).click().await?;
    view.assert_has("#count", "1")?;
    let crashed = view.element("#boom", None).click().await;
    assert_fails(
        crashed,
        Code::Crashed,
        &["the view of /traps has ended: a trap or a limit", "id=\"count\""],
    );
    let after = view.element("#increment", None).click().await;
    assert_fails(after, Code::Crashed, &["`reconnect` joins it again"]);
    view.reconnect().await?;
    view.assert_has("#count", "0")?;
    view.element("#increment", None).click().await?;
    view.assert_has("#count", "1")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_does_another_sees() -> Result {
    let app = App::open(APP).await?;
    let mut ann = app.browser().live("/asks").await?;
    let mut bob = app.browser().live("/asks").await?;
    bob.push("subscribe:garden", json!({})).await?;
    ann.push("broadcast:garden/trap", json!({})).await?;
    // Bob's view ends at what it hears, whenever that is.
    let waited = bob.wait_for("#never", None).await;
    assert_fails(waited, Code::Crashed, &["the view of /asks has ended"]);
    ann.settled().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_is_not_waited_for_for_ever() -> Result {
    let browser = App::open(APP).await?.browser().patience(Duration::from_millis(50));
    let mut view = browser.live("/sink").await?;
    let waited = view.wait_for("#plant-1", "fern: 7").await;
    assert_fails(
        waited,
        Code::Late,
        &["nothing is `#plant-1` with the text \"fern: 7\"", "(waited for 50ms)"],
    );
    view.wait_until_gone("#plant-9", None).await
}
