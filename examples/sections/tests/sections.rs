//! The sections as those use them who may and who may not. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_from_the_hall_is_told_at_the_desk() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.element("button", "Take a number").click().await?;
    view.assert_redirect("/desk")?;
    view.follow().await?;
    view.assert_has("[role=status]", "You are number 7.")?;
    view.assert_has("#came-from", "/")?;
    view.element("[role=status] button", None).click().await?;
    view.refute_has("[role=status]", "You are number 7.")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_into_the_office_loads_the_page_and_leaving_the_desk_says_good_bye() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.element("#to-office", None).click().await?;
    view.assert_redirect("/office")?;
    view.follow().await?;
    view.assert_has("#place", "/office")?;
    view.element("button", "Ask").click().await?;
    view.assert_has("[role=alert]", "Nobody knows.")?;
    view.element("button", "Leave").click().await?;
    view.follow().await?;
    view.assert_path("/")?;
    view.assert_has("[role=status]", "Come again.")
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_come_in() -> Result {
    let app = App::open(".").await?;
    let mut stranger = app.browser().get("/staff").await?;
    stranger.assert_redirect("/desk?staff-only")?;
    stranger.follow().await?;
    stranger.assert_path("/desk?staff-only")?;

    let mut ann = app.browser().session("ann", [("user", "Ann"), ("role", "staff")]).live("/").await?;
    ann.element("#to-staff", None).click().await?;
    ann.follow().await?;
    ann.assert_has("#place", "/staff")
}
