//! The instruments as somebody watches them, on the real server. Needs `cargo xtask build-examples`.

use std::time::Duration;

use hothouse_test::{Result, View};

fn readings(view: &View) -> Result<u32> {
    Ok(view.texts("#readings")?.concat().parse().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn instruments_are_read_again_and_again_until_somebody_pauses() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    assert_eq!(view.texts(".gauge")?.len(), 4);
    view.element("button", "0.25 s").click().await?;
    view.assert_has("[aria-pressed=true]", "0.25 s")?;
    let curve = view.html();
    view.wait_for("#readings", "3").await?;
    assert_ne!(view.html(), curve);
    view.element("#pause", None).click().await?;
    let paused = readings(&view)?;
    tokio::time::sleep(Duration::from_millis(600)).await;
    view.settled().await?;
    assert_eq!(readings(&view)?, paused);
    view.element("#resume", None).click().await?;
    view.wait_for("#readings", &*(paused + 2).to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_begins_anew() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.element("button", "0.25 s").click().await?;
    view.wait_for("#readings", "2").await?;
    view.disconnect();
    view.reconnect().await?;
    view.wait_for("#readings", "1").await
}
