//! The rooms as people use them, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Browser, Result, View};

/// Somebody's page, and their browser for more tabs.
async fn enter(app: &App, room: &str, name: &str) -> Result<(View, Browser)> {
    let browser = app.browser();
    let mut view = browser.clone().live(room).await?;
    view.form("#enter").fill("name", name).submit().await?;
    view.follow().await?;
    view.wait_for("#people li", name).await?;
    Ok((view, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_and_see_each_other() -> Result {
    let app = App::open(".").await?;
    let (mut ann, _) = enter(&app, "/garden", "Ann").await?;
    let (mut bob, _) = enter(&app, "/garden", "Bob").await?;
    ann.wait_for("#people li", "Bob").await?;
    ann.form("#say").fill("text", "Have you <watered> the palms?").submit().await?;
    ann.assert_has("#said li", "Ann Have you <watered> the palms?")?;
    bob.wait_for("#said li", "Ann Have you <watered> the palms?").await?;
    bob.disconnect();
    ann.wait_until_gone("#people li", "Bob").await?;
    bob.reconnect().await?;
    ann.wait_for("#people li", "Bob").await?;
    bob.assert_has("#said li", "Ann Have you <watered> the palms?")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_is_seen_to_type_until_they_stop() -> Result {
    let app = App::open(".").await?;
    let (mut ann, _) = enter(&app, "/", "Ann").await?;
    let (mut bob, _) = enter(&app, "/", "Bob").await?;
    ann.form("#say").fill("text", "Hel").change().await?;
    bob.wait_for("#typing", "Ann is typing …").await?;
    ann.refute_has("#typing", "typing")?;
    ann.form("#say").fill("text", "Hello").submit().await?;
    bob.wait_for("#said li", "Ann Hello").await?;
    bob.wait_until_gone("#typing", "typing").await?;
    ann.form("#say").fill("text", "and").change().await?;
    bob.wait_for("#typing", "Ann is typing …").await?;
    // Three seconds later.
    bob.wait_until_gone("#typing", "typing").await
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_apart() -> Result {
    let app = App::open(".").await?;
    let (mut ann, _) = enter(&app, "/one", "Ann").await?;
    ann.form("#say").fill("text", "Only here").submit().await?;
    let other = app.browser().live("/two").await?;
    other.refute_has("#said li", "Only here")?;
    other.refute_has("#people li", None)?;
    app.browser().live("/one").await?.assert_has("#said li", "Only here")?;
    assert_eq!(app.browser().get("/no%20room").await?.status(), 404);
    Ok(())
}
