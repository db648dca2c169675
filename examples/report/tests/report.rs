//! The report as people ask for it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::Result;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_by_itself_and_another_one_when_it_is_asked_for() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.wait_for("#report caption", "Yield in 2025").await?;
    assert_eq!(view.texts("#report tbody tr")?.len(), 6);
    view.form("#make").fill("year", "2019").submit().await?;
    view.wait_for("#report caption", "Yield in 2019").await?;
    view.refute_has("#progress", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thorough_report_holds_up_nothing_and_can_be_cancelled() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.wait_for("#report caption", "Yield in 2025").await?;
    view.form("#make").fill("year", "2018").fill("thorough", true).submit().await?;
    view.assert_has("#progress", None)?;
    view.form("#notes").fill("note", "water").change().await?;
    view.assert_has("main", "5 characters")?;
    view.element("button", "Cancel").click().await?;
    view.wait_until_gone("#progress", None).await?;
    view.assert_has("#report caption", "Yield in 2025")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_without_records_is_told_beside_what_was_there() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.wait_for("#report caption", "Yield in 2025").await?;
    view.form("#make").fill("year", "1990").submit().await?;
    view.wait_for("#report [role=alert]", "There are no records of 1990.").await?;
    view.assert_has("#report caption", "Yield in 2025")
}
