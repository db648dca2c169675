//! Who is there: in all tabs, until the last of them is gone, however it goes.

use std::time::Duration;

use hothouse_protocol_tests::TestServer;
use serde_json::{Value, json};

use crate::visitor::Visitor;

async fn server() -> anyhow::Result<TestServer> {
    TestServer::start(&[("/", "room")]).await
}

/// What the visitor's page shows of those who are there.
fn members(visitor: &Visitor) -> anyhow::Result<String> {
    let html = visitor.view.html()?;
    let shown = html.split_once(r#"<p id="members">"#).and_then(|(_, rest)| rest.split_once("</p>"));
    Ok(shown.map(|(members, _)| members.to_owned()).unwrap_or_default())
}

/// Waits until the page shows these.
async fn shows(visitor: &mut Visitor, expected: &str) -> anyhow::Result<()> {
    let shown = async {
        while members(visitor)? != expected {
            visitor.hears().await?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(10), shown).await?
}

fn entry(key: &str, name: &str) -> Value {
    json!({ "topic": "room", "key": key, "name": name })
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tabs_of_one_person_are_one_member() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    let (mut first, mut second) = (Visitor::open(&server, "/").await?, Visitor::open(&server, "/").await?);
    first.click("track", entry("ann", "one")).await?;
    assert_eq!(watch.hears().await?, ["+ann=one"]);
    second.click("track", entry("ann", "two")).await?;
    assert_eq!(watch.hears().await?, ["+ann=two"]);
    assert_eq!(members(&watch)?, "ann=one+two");
    first.click("untrack", json!({ "topic": "room", "key": "ann" })).await?;
    assert_eq!(watch.hears().await?, ["-ann=one"]);
    second.click("update", entry("ann", "three")).await?;
    assert_eq!(watch.hears().await?, ["-ann=two +ann=three"], "an update is both");
    assert_eq!(members(&watch)?, "ann=three");
    first.click("members", json!({ "topic": "hall" })).await?;
    assert_eq!(members(&first)?, "", "another topic has its own");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presence_ends_with_its_view_however_that_ends() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    for end in ["cut", "break", "leave"] {
        let mut ann = Visitor::open(&server, "/?track=ann").await?;
        shows(&mut watch, "ann=ann").await?;
        match end {
            "cut" => ann.socket.cut(),
            "break" => {
                let payload = json!({ "type": "click", "event": "break", "value": {} });
                ann.socket.send(Some(&ann.view.join_ref), &ann.view.topic, "event", payload).await?;
            }
            _ => {
                ann.socket.send(Some(&ann.view.join_ref), &ann.view.topic, "phx_leave", json!({})).await?;
            }
        }
        shows(&mut watch, "").await.map_err(|error| error.context(end))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_names_and_nothing_else() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let long = "k".repeat(255);
    for key in ["__proto__", "constructor", "<b>&\"", "\u{0}\u{1b}\n", "ключ", &long] {
        ann.click("track", entry(key, "x")).await?;
        assert_eq!(watch.hears().await?, [format!("+{key}=x")]);
        ann.click("untrack", json!({ "topic": "room", "key": key })).await?;
        assert_eq!(watch.hears().await?, [format!("-{key}=x")]);
    }
    ann.click("track", entry("<b>", "<i>")).await?;
    watch.hears().await?;
    assert_eq!(members(&watch)?, "&lt;b&gt;=&lt;i&gt;");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn presences_are_refused_beyond_their_limits_and_nothing_of_them_is_known() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    let mut ann = Visitor::open(&server, "/").await?;
    let (long_key, long_name) = ("k".repeat(256), "n".repeat(1_024));
    for (event, value) in [
        ("track", entry("", "x")),
        ("track", entry(&long_key, "x")),
        ("track", entry("ann", &long_name)),
        ("track", json!({ "topic": "", "key": "ann", "name": "x" })),
        ("update", entry("ann", "x")),
    ] {
        let diff = ann.click(event, value).await?;
        assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{event}: {diff}");
    }
    watch.socket.stays_silent().await?;
    for key in 0..32 {
        ann.click("track", entry(&key.to_string(), "x")).await?;
    }
    let diff = ann.click("track", entry("one more", "x")).await?;
    assert_eq!(diff["e"][0][0], json!("hothouse:failure"), "{diff}");
    ann.click("untrack", json!({ "topic": "room", "key": "7" })).await?;
    let diff = ann.click("track", entry("one more", "x")).await?;
    assert_eq!(diff, Value::Null);
    shows(&mut watch, &expected_of_32()).await
}

/// 0 to 31 without 7, and one more: by key.
fn expected_of_32() -> String {
    let mut keys: Vec<String> = (0..32).filter(|key| *key != 7).map(|key| key.to_string()).collect();
    keys.push("one more".to_owned());
    keys.sort();
    keys.iter().map(|key| format!("{key}=x")).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_comes_at_once_is_told_of_in_few_messages() -> anyhow::Result<()> {
    let server = server().await?;
    let mut watch = Visitor::in_room(&server, "room").await?;
    let mut crowd = Vec::new();
    for _ in 0..4 {
        crowd.push(Visitor::open(&server, "/").await?);
    }
    for (number, one) in crowd.iter_mut().enumerate() {
        for key in 0..30 {
            let value = entry(&format!("{number}-{key:02}"), "x");
            let payload = json!({ "type": "click", "event": "track", "value": value });
            one.socket.send(Some(&one.view.join_ref), &one.view.topic, "event", payload).await?;
        }
    }
    let began = std::time::Instant::now();
    let (mut joined, mut renders) = (0, 0);
    while joined < 120 {
        joined += watch.hears().await?.iter().map(|heard| heard.matches('+').count()).sum::<usize>();
        renders += 1;
    }
    assert!(renders <= 2 + began.elapsed().as_millis() / 50, "{renders} renders in {:?}", began.elapsed());
    assert_eq!(members(&watch)?.split(' ').count(), 120);
    Ok(())
}
