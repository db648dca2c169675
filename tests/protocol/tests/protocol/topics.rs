//! What one view announces and others hear: subscriptions, order, bursts, views that do not keep up.

use std::time::Instant;

use hothouse_protocol_tests::TestServer;
use serde_json::{Value, json};

use crate::visitor::Visitor;

async fn server() -> anyhow::Result<TestServer> {
    TestServer::start(&[("/", "asks-everything")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_reaches_every_subscriber_and_nobody_else() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::subscribed(&server, "rain").await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    let mut cy = Visitor::subscribed(&server, "sun").await?;
    assert_eq!(ann.click("broadcast:rain", json!({ "mm": 3 })).await?, Value::Null, "its own comes later");
    for visitor in [&mut ann, &mut bob] {
        assert_eq!(visitor.hears().await?, [r#"rain said {"mm":3}"#]);
        assert_eq!(visitor.view.html()?, r#"<main><p id="count">1</p></main>"#);
    }
    cy.socket.stays_silent().await?;
    bob.click("unsubscribe:rain", json!({})).await?;
    ann.click("broadcast:rain", json!(1)).await?;
    assert_eq!(ann.hears().await?, ["rain said 1"]);
    bob.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_can_leave_itself_out() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::subscribed(&server, "rain").await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    ann.click("whisper:rain", json!(1)).await?;
    assert_eq!(bob.hears().await?, ["rain said 1"]);
    ann.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_arrive_in_order_and_a_burst_in_few_renders() -> anyhow::Result<()> {
    const COUNT: usize = 100;
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    let began = Instant::now();
    for number in 0..COUNT {
        let payload = json!({ "type": "click", "event": "broadcast:rain", "value": number });
        ann.socket.send(Some(&ann.view.join_ref), &ann.view.topic, "event", payload).await?;
    }
    let (mut all, mut diffs) = (Vec::new(), 0);
    while all.len() < COUNT {
        all.extend(bob.hears().await?);
        diffs += 1;
    }
    let expected: Vec<String> = (0..COUNT).map(|number| format!("rain said {number}")).collect();
    assert_eq!(all, expected);
    // One at once, and then one in 50 ms at most.
    assert!(diffs <= 2 + began.elapsed().as_millis() / 50, "{diffs} diffs in {:?}", began.elapsed());
    assert_eq!(bob.view.html()?, format!(r#"<main><p id="count">{COUNT}</p></main>"#));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_does_not_keep_up_is_told_and_nothing_grows() -> anyhow::Result<()> {
    let server = server().await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    let all: Vec<String> = (0..128).map(|number| format!("rain said {number}")).collect();
    bob.click("shout:128", json!({})).await?;
    assert_eq!(bob.hears().await?, all, "as many as may wait");
    // More is announced in one callback than may wait for the view: it ends on the newest.
    bob.click("shout:200", json!({})).await?;
    let newest = (72..200).map(|number| format!("rain said {number}")).collect();
    assert_eq!(bob.hears().await?, [vec!["lagged rain".to_owned()], newest].concat());
    let series =
        r#"hothouse_limits_reached_total{tenant="test",view="asks-everything",limit="messages-lagged"}"#;
    assert_eq!(server.metrics().await?.get(series), 1.0);
    bob.click("broadcast:rain", json!("again")).await?;
    assert_eq!(bob.hears().await?, [r#"rain said "again""#]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_announced_is_refused_and_the_view_lives() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    for (event, payload) in [
        ("broadcast:", json!(1)),
        ("subscribe:", json!(1)),
        ("broadcast:t/", json!(1)),
        ("broadcast:t", json!("x".repeat(65_535))),
    ] {
        let diff = ann.click(event, payload).await?;
        assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{event}: {diff}");
    }
    for topic in 0..32 {
        assert_eq!(ann.click(&format!("subscribe:{topic}"), json!({})).await?, Value::Null);
    }
    let diff = ann.click("subscribe:one-more", json!({})).await?;
    assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{diff}");
    ann.click("broadcast:31", json!(1)).await?;
    assert_eq!(ann.hears().await?, ["31 said 1"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_gone_has_unsubscribed() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    ann.click("broadcast:rain/trap", json!(1)).await?;
    assert_eq!(bob.socket.receive().await?.event, "phx_error", "it broke over what it heard");
    ann.click("broadcast:rain", json!(1)).await?;
    bob.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_refuses_a_message_hears_the_next() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::subscribed(&server, "rain").await?;
    ann.click("whisper:sun", json!(1)).await?;
    ann.click("broadcast:rain/fail", json!(1)).await?;
    let diff = ann.view.pushed(&mut ann.socket).await?;
    let failure = json!([["hothouse:failure", { "kind": "internal", "message": "would not listen" }]]);
    assert_eq!(diff, json!({ "e": failure }));
    ann.click("broadcast:rain", json!(1)).await?;
    assert_eq!(ann.hears().await?, ["rain said 1"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_view_that_talks_to_itself_for_ever_leaves_the_thread_to_others() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::subscribed(&server, "rain").await?;
    let mut bob = Visitor::open(&server, "/").await?;
    ann.click("broadcast:rain/for-ever", json!(1)).await?;
    for count in 1..=200 {
        bob.click("count", json!({})).await?;
        assert_eq!(bob.view.html()?, format!(r#"<main><p id="count">{count}</p></main>"#));
    }
    let series =
        r#"hothouse_step_duration_seconds_count{tenant="test",view="asks-everything",step="handle-info"}"#;
    let turns = server.metrics().await?.get(series);
    assert!(turns < 20_000.0, "{turns} turns while 200 events were answered");
    ann.click("count", json!({})).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_read_is_told_the_newest_once_it_does() -> anyhow::Result<()> {
    const COUNT: usize = 400;
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let mut bob = Visitor::subscribed(&server, "rain").await?;
    // 24 MB, more than what waits for a page and in the system's buffers together.
    for number in 0..COUNT {
        let payload = json!([number, "x".repeat(60_000)]);
        ann.click("broadcast:rain", payload).await?;
    }
    let (mut all, mut lagged) = (Vec::new(), 0);
    loop {
        for heard in bob.hears().await? {
            match heard.strip_prefix("rain said [").and_then(|said| said.split_once(',')) {
                Some((number, _)) => all.push(number.parse::<usize>()?),
                None => lagged += usize::from(heard == "lagged rain"),
            }
        }
        if all.last() == Some(&(COUNT - 1)) {
            break;
        }
    }
    assert!(all.is_sorted() && all.len() < COUNT, "{} of {COUNT}", all.len());
    assert!(lagged > 0 && lagged <= all.len(), "{lagged}");
    bob.click("count", json!({})).await?;
    Ok(())
}
