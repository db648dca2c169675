//! What services announce from outside, with a token.

use hothouse::BroadcastToken;
use hothouse_protocol_tests::{AppFolder, SECRET, TestServer, settings};
use hothouse_test_client::{Client, Page};
use serde_json::json;

use crate::visitor::Visitor;

const TOKEN: &str = "a token of services for tests, 32 bytes or more";

async fn server() -> anyhow::Result<TestServer> {
    let app = AppFolder::new(&[("/", "room")])?;
    let mut settings = settings(&app, SECRET)?;
    settings.broadcast_token = Some(BroadcastToken::new(TOKEN)?);
    TestServer::start_as(app, settings).await
}

async fn post(server: &TestServer, authorization: &str, body: &str) -> anyhow::Result<Page> {
    let headers = [("authorization", authorization), ("content-type", "application/json")];
    Client::new(server.operations).post("/broadcast", &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_the_token_is_heard_by_those_who_have_subscribed() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::in_room(&server, "rain").await?;
    let bearer = format!("Bearer {TOKEN}");
    let body = json!({ "topic": "rain", "name": "said", "payload": { "by": "the radio", "text": "soon" } });
    let answer = post(&server, &bearer, &body.to_string()).await?;
    assert_eq!((answer.status, &*answer.body), (200, "{\"reached\":1}\n"));
    assert_eq!(ann.hears().await?, ["rain the radio: soon"]);
    let body = json!({ "topic": "snow", "name": "said", "payload": null });
    assert_eq!(post(&server, &bearer, &body.to_string()).await?.body, "{\"reached\":0}\n");
    // What the view cannot read is its own business.
    let body = json!({ "topic": "rain", "name": "sung", "payload": 1 });
    assert_eq!(post(&server, &bearer, &body.to_string()).await?.status, 200);
    let diff = ann.view.pushed(&mut ann.socket).await?;
    let message = "topic \"rain\": unknown variant `sung`, expected one of `said`, `moved`, `closed`";
    assert_eq!(diff["e"][0][1], json!({ "kind": "bad-input", "message": message }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_token_announces_nothing() -> anyhow::Result<()> {
    let server = server().await?;
    let mut ann = Visitor::in_room(&server, "rain").await?;
    let body = json!({ "topic": "rain", "name": "closed", "payload": null }).to_string();
    for authorization in ["", "Bearer ", "Basic dXNlcjpwYXNz", &format!("Bearer {TOKEN}x"), TOKEN] {
        let answer = post(&server, authorization, &body).await?;
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, Some("Bearer")),
            "{authorization}"
        );
    }
    let bearer = format!("Bearer {TOKEN}");
    for bad in [
        "",
        "[]",
        "{\"topic\":\"rain\",\"name\":\"closed\"}",
        "{\"topic\":\"rain\",\"name\":\"closed\",\"payload\":}",
        "{\"topic\":\"rain\",\"name\":\"closed\",\"payload\":1,\"more\":1}",
        "{\"topic\":\"\",\"name\":\"closed\",\"payload\":1}",
        "{\"topic\":\"rain\",\"name\":\"\",\"payload\":1}",
    ] {
        assert_eq!(post(&server, &bearer, bad).await?.status, 400, "{bad}");
    }
    for (length, status) in [(65_534, 200), (65_535, 413), (200_000, 413)] {
        let body = json!({ "topic": "snow", "name": "said", "payload": "x".repeat(length) });
        assert_eq!(post(&server, &bearer, &body.to_string()).await?.status, status, "{length}");
    }
    assert_eq!(Client::new(server.operations).get("/broadcast").await?.status, 405);
    let headers = [("authorization", bearer.as_str())];
    let elsewhere = Client::new(server.address).post("/broadcast", &headers, &body).await?;
    assert_eq!(elsewhere.status, 405, "where browsers are answered there is no such thing");
    ann.socket.stays_silent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_announced_from_outside() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "room")]).await?;
    let body = json!({ "topic": "rain", "name": "closed", "payload": null }).to_string();
    assert_eq!(post(&server, &format!("Bearer {TOKEN}"), &body).await?.status, 404);
    Ok(())
}
