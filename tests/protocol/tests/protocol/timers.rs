//! What a view is told because time has passed, or because it told itself.

use std::time::{Duration, Instant};

use hothouse_protocol_tests::TestServer;
use serde_json::{Value, json};

use crate::visitor::Visitor;

async fn server() -> anyhow::Result<TestServer> {
    TestServer::start(&[("/", "room")]).await
}

async fn hears_one(visitor: &mut Visitor) -> anyhow::Result<String> {
    Ok(visitor.hears().await?.join(", "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_goes_off_until_it_is_cancelled() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let began = Instant::now();
    ann.click("every", json!({ "name": "tick", "ms": 100 })).await?;
    for count in 1..=4 {
        assert_eq!(hears_one(&mut ann).await?, "tick");
        assert!(began.elapsed() >= Duration::from_millis(100 * count), "{count} after {:?}", began.elapsed());
    }
    assert!(ann.view.html()?.contains(r#"<p id="heard">4</p>"#));
    ann.click("cancel", json!({ "name": "tick" })).await?;
    ann.click("after", json!({ "name": "once", "ms": 100 })).await?;
    let mut heard = hears_one(&mut ann).await?;
    if heard == "tick" {
        // It had gone off while the click was on its way.
        heard = hears_one(&mut ann).await?;
    }
    assert_eq!(heard, "once");
    ann.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_of_the_same_name_takes_its_place() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    ann.click("every", json!({ "name": "save", "ms": 60_000 })).await?;
    ann.click("after", json!({ "name": "save", "ms": 100 })).await?;
    assert_eq!(hears_one(&mut ann).await?, "save");
    ann.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_and_messages_to_itself_are_refused_beyond_their_limits() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let refused = |diff: &Value| diff["e"][0][0] == json!("hothouse:failure");
    for name in 0..8 {
        let diff = ann.click("every", json!({ "name": name.to_string(), "ms": 60_000 })).await?;
        assert!(!refused(&diff), "{diff}");
    }
    for (event, value) in [
        ("every", json!({ "name": "one more", "ms": 60_000 })),
        ("every", json!({ "name": "0", "ms": 99 })),
        ("after", json!({ "name": "", "ms": 60_000 })),
        ("send", json!({ "text": "x", "times": 33, "again": 0 })),
        ("send", json!({ "text": "x".repeat(65_536), "times": 1, "again": 0 })),
    ] {
        let diff = ann.click(event, value).await?;
        assert!(refused(&diff), "{event}: {diff}");
    }
    let diff = ann.click("every", json!({ "name": "0", "ms": 100 })).await?;
    assert!(!refused(&diff), "that one is replaced: {diff}");
    assert_eq!(hears_one(&mut ann).await?, "0");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_view_sends_to_itself_comes_after_the_answer_and_in_order() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let diff = ann.click("send", json!({ "text": "later", "times": 32, "again": 0 })).await?;
    assert_eq!(diff, Value::Null, "the click is answered first");
    assert_eq!(ann.hears().await?, vec!["later"; 32]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_view_that_sends_itself_messages_for_ever_answers_and_can_be_left() -> anyhow::Result<()> {
    let server = server().await?;
    let (mut ann, mut bob) = (Visitor::open(&server, "/").await?, Visitor::open(&server, "/").await?);
    ann.click("send", json!({ "text": "again", "times": 1, "again": u32::MAX })).await?;
    for _ in 0..3 {
        assert_eq!(hears_one(&mut ann).await?, "again");
    }
    for _ in 0..50 {
        bob.click("members", json!({ "topic": "room" })).await?;
    }
    let began = Instant::now();
    let series = r#"hothouse_step_duration_seconds_count{tenant="test",view="room",step="handle-info"}"#;
    let before = server.metrics().await?.get(series);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let heard = server.metrics().await?.get(series) - before;
    assert!(heard <= 2.0 + began.elapsed().as_secs_f64() / 0.05, "{heard} messages in {:?}", began.elapsed());
    ann.socket.cut();
    let gone = async {
        while server.metrics().await?.get(r#"hothouse_instances{tenant="test",view="room"}"#) > 1.0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await?
}

#[tokio::test(flavor = "multi_thread")]
async fn what_begins_while_the_page_is_made_is_nothing_and_at_the_join_it_is_heard() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    let mut client = hothouse_test_client::Client::new(server.address);
    client.get("/?track=ghost").await?;
    watch.socket.stays_silent().await?;
    let mut ann = Visitor::open(&server, "/?track=ann").await?;
    assert_eq!(ann.hears().await?.first().map(String::as_str), Some("mounted"), "what it has sent to itself");
    assert_eq!(watch.hears().await?, ["+ann=ann"]);
    Ok(())
}
