//! What others do, and what time brings: waited for, in real time.

use std::time::Duration;

use hothouse_test::{App, Code, Result};
use serde_json::json;

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_and_goes_is_seen_by_those_who_are_there() -> Result {
    let app = App::open(APP).await?;
    let mut ann = app.browser().live("/room?track=ann").await?;
    ann.wait_for("#members", "ann=ann").await?;
    let browser = app.browser();
    let mut bob = browser.clone().live("/room?track=bob").await?;
    let mut tab = browser.live("/room?track=bob").await?;
    ann.wait_for("#members", "ann=ann bob=bob+bob").await?;
    bob.disconnect();
    ann.wait_for("#members", "ann=ann bob=bob").await?;
    tab.disconnect();
    ann.wait_until_gone("#members", "bob").await?;
    bob.reconnect().await?;
    ann.wait_for("#members", "ann=ann bob=bob").await?;
    bob.wait_for("#members", "ann=ann bob=bob").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_is_waited_for_as_long_as_patience_lasts() -> Result {
    let app = App::open(APP).await?;
    let mut view = app.browser().patience(Duration::from_secs(10)).live("/room").await?;
    view.push("after", json!({ "name": "soon", "ms": 100 })).await?;
    view.wait_for("#heard", "1").await?;
    view.assert_event("heard", json!({ "heard": "soon" }))?;
    let mut view = app.browser().patience(Duration::from_millis(300)).live("/room").await?;
    view.push("after", json!({ "name": "late", "ms": 60_000 })).await?;
    let late = view.wait_for("#heard", "1").await;
    assert_fails(late, Code::Late, &["waited for 300ms"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_application_announces_is_waited_for() -> Result {
    let app = App::open(APP).await?;
    let mut view = app.browser().live("/room").await?;
    view.push("subscribe", json!({ "topic": "rain" })).await?;
    let told = app.handle().broadcast("rain", "said", &json!({ "by": "the radio", "text": "soon" })).await;
    assert_eq!(told.ok(), Some(1));
    view.wait_for("#heard", "1").await?;
    view.assert_event("heard", json!({ "heard": "rain the radio: soon" }))
}
