//! The library as its readers use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result};

#[tokio::test(flavor = "multi_thread")]
async fn a_book_is_opened_from_the_list() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.assert_has("#detail", "Choose a book.")?;
    view.element("#books a", "Book 60").click().await?;
    view.assert_path("/books/60")?;
    view.assert_has("#detail h2", "Book 60")?;
    assert_eq!(view.page_title(), "Book 60 · Library");
    view.element("button", "Next").click().await?;
    view.assert_path("/books/1")?;
    view.element("a", "Notes").click().await?;
    view.assert_has("#part", "notes")
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
async fn what_is_not_on_the_shelves_is_not_found() -> Result {
    let app = App::open(".").await?;
    for path in ["/books/700", "/books/seven", "/cellar"] {
        let page = app.browser().get(path).await?;
        assert_eq!(page.status(), 404, "{path}");
        page.assert_has("h1", "Not on our shelves")?;
    }
    Ok(())
}
