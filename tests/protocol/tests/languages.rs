//! One view in every language, each driven by the same clicks: the frames are the same, and so is what becomes of it
//! when it refuses and when it breaks.

use hothouse_protocol_tests::Joined;
use serde_json::json;

const LANGUAGES: [&str; 6] = [
    "language-c",
    "language-rust",
    "language-typescript",
    "language-spidermonkey",
    "language-python",
    "language-go",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_answered_with_the_same_diff() -> anyhow::Result<()> {
    for language in LANGUAGES {
        let mut open = Joined::open(language).await?;
        println!("{}", open.view.rendered);
        println!("{}", open.click("increment", json!({})).await?);
        println!("{}", open.click("increment", json!({})).await?);
        println!("{}", open.click("remove", json!({"id":"1"})).await?);
        println!("{}", open.click("refuse", json!({})).await?);
        println!("{}", open.view.html()?);
    }
    Ok(())
}
