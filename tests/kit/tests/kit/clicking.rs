//! Elements, and clicks on them.

use hothouse_test::Result;

use crate::example;

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_answered_and_the_page_shows_it() -> Result {
    let mut view = hothouse_test::live(example("showcase"), "/counter").await?;
    view.element("button", "+").click().await?;
    view.element("button", "+").click().await?;
    view.assert_has(".number", "2")
}
