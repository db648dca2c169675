//! The club as strangers and members use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result, View};

/// Answers the steps up to the last one.
async fn answered(view: &mut View) -> Result {
    view.form("#sign-up").fill("name", "Ann").submit().await?;
    view.assert_path("/sign-up/garden")?;
    view.form("#sign-up").fill("garden", "balcony").submit().await?;
    view.assert_path("/sign-up/confirm")?;
    view.assert_has("#summary", "Ann, with plants on a balcony.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_is_not_answered_does_not_lead_on() -> Result {
    let mut view = hothouse_test::live(".", "/sign-up").await?;
    view.form("#sign-up").submit().await?;
    view.assert_path("/sign-up")?;
    view.assert_has("[role=alert]", "Tell us your name.")?;
    view.form("#sign-up").fill("name", "Ann").submit().await?;
    view.form("#sign-up").submit().await?;
    view.assert_path("/sign-up/garden")?;
    view.assert_has("[role=alert]", "Choose one.")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_up_is_signed_in() -> Result {
    let mut view = hothouse_test::live(".", "/sign-up").await?;
    answered(&mut view).await?;
    view.element("button", "Become a member").click().await?;
    view.follow().await?;
    view.assert_path("/account")?;
    view.assert_has("#member", "with a balcony")?;
    view.assert_has("[role=status]", "Welcome, Ann.")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_lost_connection() -> Result {
    let mut view = hothouse_test::live(".", "/sign-up").await?;
    answered(&mut view).await?;
    view.disconnect();
    view.reconnect().await?;
    view.assert_has("#summary", "Ann, with plants on a balcony.")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_for_those_who_are_signed_in() -> Result {
    let app = App::open(".").await?;
    let mut view = app.browser().get("/account").await?;
    view.assert_redirect("/sign-in")?;
    view.follow().await?;
    view.form("#sign-in").fill("name", "ann").fill("password", "fern").submit().await?;
    view.assert_has("[role=alert]", "Name or password is wrong.")?;
    view.form("#sign-in").fill("name", "ann").fill("password", "monstera").submit().await?;
    view.follow().await?;
    view.assert_path("/account")?;
    view.assert_has("h1", "Hello, ann")?;
    view.element("button", "Sign out").click().await?;
    view.follow().await?;
    view.assert_path("/")?;
    view.assert_has("[role=status]", "See you soon.")?;
    view.refute_has("main", "signed in")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_signs_out_without_asking_a_view() -> Result {
    let mut view = hothouse_test::live(".", "/sign-in").await?;
    view.form("#sign-in").fill("name", "bob").fill("password", "fern").submit().await?;
    view.follow().await?;
    view.element("a", "Front page").click().await?;
    view.follow().await?;
    view.assert_has("main", "You are signed in as bob.")?;
    view.element("button", "Sign out").click().await?;
    view.follow().await?;
    view.assert_path("/")?;
    view.refute_has("main", "signed in")
}
