//! The chat as two people use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result, View};

/// A browser whose person has said who they are.
async fn enter(app: &App, name: &str) -> Result<View> {
    let mut view = app.browser().live("/").await?;
    view.form("#enter").fill("name", name).submit().await?;
    view.follow().await?;
    view.wait_for("#people li", name).await?;
    Ok(view)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_says_the_other_reads() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (enter(&app, "Ann").await?, enter(&app, "Bob").await?);
    ann.wait_for("#people li", "Bob").await?;
    ann.form("#say").fill("text", "Is the kettle on?").submit().await?;
    for view in [&mut ann, &mut bob] {
        view.wait_for("#said li", "Ann Is the kettle on?").await?;
        view.refute_has("#writing", "is writing")?;
    }
    assert_eq!(ann.form("#say").values("text")?, [""], "the next thing to say begins empty");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_is_seen_writing_by_the_others() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (enter(&app, "Ann").await?, enter(&app, "Bob").await?);
    ann.form("#say").fill("text", "Is the ke").change().await?;
    bob.wait_for("#writing", "Ann is writing …").await?;
    ann.settled().await?;
    ann.refute_has("#writing", "is writing")?;
    ann.form("#say").fill("text", "").change().await?;
    bob.wait_until_gone("#writing", "Ann is writing …").await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_closes_the_page_is_gone_and_comes_back_with_it() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (enter(&app, "Ann").await?, enter(&app, "Bob").await?);
    ann.wait_for("#people li", "Bob").await?;
    bob.disconnect();
    ann.wait_until_gone("#people li", "Bob").await?;
    bob.reconnect().await?;
    ann.wait_for("#people li", "Bob").await
}
