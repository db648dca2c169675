//! The library as its readers use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result};

#[tokio::test(flavor = "multi_thread")]
async fn a_book_is_opened_from_the_list() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.assert_has("#detail", "Choose a book.")?;
    view.element("#books a", "Book 60").click().await?;
    view.assert_path("/books/60")?;
    view.assert_has("#detail h2", "Book 60")?;
    assert_eq!(view.page_title(), "Book 60 · Sections");
    view.element("button", "Next").click().await?;
    view.assert_path("/books/1")?;
    view.element("a", "Notes").click().await?;
    view.assert_has("#part", "notes")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borrowed_book_is_told_of_at_the_desk() -> Result {
    let mut view = hothouse_test::live(".", "/books/7").await?;
    view.element("button", "Borrow").click().await?;
    view.assert_redirect("/desk")?;
    view.follow().await?;
    view.assert_has("[role=status]", "Book 7 is yours for two weeks.")?;
    view.assert_has("#came-from", "/books/7")?;
    view.element("[role=status] button", None).click().await?;
    view.refute_has("[role=status]", "Book 7")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_the_list_is_in_the_address() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.assert_has("#books li:first-child", "Book 1")?;
    view.element("a", "Turn around").click().await?;
    view.assert_path("/?newest=true")?;
    view.assert_has("#books li:first-child", "Book 60")?;
    // The anchor is the browser's business.
    view.element("a", "To the last book").click().await?;
    view.assert_path("/?newest=true#last")
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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_on_the_shelves_is_not_found() -> Result {
    let app = App::open(".").await?;
    for path in ["/books/700", "/books/seven", "/cellar"] {
        let page = app.browser().get(path).await?;
        assert_eq!(page.status(), 404, "{path}");
        page.assert_has("h1", "Not on our shelves")?;
    }
    Ok(())
}
