//! Section 3: who may join what, and what the answer is.

use hothouse_protocol_tests::TestServer;
use hothouse_test_client::{Client, Page, Socket, View};
use serde_json::{Value, json};

const ROUTES: &[(&str, &str)] = &[("/", "asks-everything"), ("/other", "showcase-counter")];

struct Visitor {
    _server: TestServer,
    client: Client,
    page: Page,
    socket: Socket,
}

async fn visitor(path: &str) -> anyhow::Result<Visitor> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let page = client.get(path).await?;
    let socket = Socket::connect(&client, &page).await?;
    Ok(Visitor { _server: server, client, page, socket })
}

impl Visitor {
    /// Joins with a changed payload; the reason of the refusal.
    async fn refusal(
        &mut self,
        topic: Option<&str>,
        change: impl FnOnce(&mut Value),
    ) -> anyhow::Result<Value> {
        let mut payload = View::join_payload(&self.client, &self.page)?;
        change(&mut payload);
        let own = format!("lv:{}", self.page.view()?.id);
        let message = View::try_join(&mut self.socket, topic.unwrap_or(&own), payload).await?;
        let (status, response) = message.reply()?;
        assert_eq!(status, "error", "{}", message.text);
        Ok(response["reason"].clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn join_reply_is_a_full_tree() -> anyhow::Result<()> {
    let Visitor { _server, client, page, mut socket, .. } = visitor("/").await?;
    let topic = format!("lv:{}", page.view()?.id);
    let reply = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    let response = &reply.payload["response"];
    assert_eq!(response["rendered"]["s"], json!(["<main><p id=\"count\">", "</p>", "</main>"]));
    assert_eq!(response["liveview_version"], json!("1.2.12"));
    assert_eq!(View::from_reply(&reply)?.html()?, page.view()?.content, "the same as the page");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_of_another_topic_is_stale() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    assert_eq!(visitor.refusal(Some("lv:phx-another"), |_| {}).await?, json!("stale"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_with_anothers_static_token_is_stale() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    let others = visitor.client.get("/").await?.view()?.static_token;
    assert_eq!(visitor.refusal(None, |payload| payload["static"] = json!(others)).await?, json!("stale"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_without_a_static_token_is_served() -> anyhow::Result<()> {
    let Visitor { _server, client, page, mut socket, .. } = visitor("/").await?;
    let mut payload = View::join_payload(&client, &page)?;
    payload["static"] = Value::Null;
    let topic = format!("lv:{}", page.view()?.id);
    View::from_reply(&View::try_join(&mut socket, &topic, payload).await?)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_with_a_changed_token_is_stale() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    let view = visitor.page.view()?;
    for (field, token) in [
        ("session", format!("{}x", view.session)),
        ("session", view.static_token.clone()),
        ("session", String::new()),
        ("static", view.session.clone()),
        ("static", "forged.token".to_owned()),
    ] {
        let reason = visitor.refusal(None, |payload| payload[field] = json!(token)).await?;
        assert_eq!(reason, json!("stale"), "{field} {token}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_for_another_url_is_unauthorized() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    for url in ["http://127.0.0.1/other", "http://127.0.0.1/nowhere", "not a url"] {
        let reason = visitor.refusal(None, |payload| payload["url"] = json!(url)).await?;
        assert_eq!(reason, json!("unauthorized"), "{url}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn navigation_to_what_no_view_answers_is_unauthorized() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    for url in ["http://127.0.0.1/nowhere", "not a url", "data:text/html,x"] {
        let reason = visitor
            .refusal(None, |payload| {
                payload["redirect"] = json!(url);
                payload.as_object_mut().map(|payload| payload.remove("url"));
            })
            .await?;
        assert_eq!(reason, json!("unauthorized"), "{url}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_another_server_are_stale() -> anyhow::Result<()> {
    let mut visitor = visitor("/").await?;
    let app = hothouse_protocol_tests::AppFolder::new(ROUTES)?;
    let other = TestServer::start_with(app, "quite another secret, also 32 bytes").await?;
    let foreign = Client::new(other.address).get("/").await?.view()?;
    let reason = visitor
        .refusal(Some(&format!("lv:{}", foreign.id)), |payload| {
            payload["session"] = json!(foreign.session);
            payload["static"] = json!(foreign.static_token);
        })
        .await?;
    assert_eq!(reason, json!("stale"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mount_failure_at_join_asks_for_a_reload_with_its_status() -> anyhow::Result<()> {
    let Visitor { _server, client, page, mut socket, .. } = visitor("/?connected=fail:not-found").await?;
    let topic = format!("lv:{}", page.view()?.id);
    let message = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    let (status, response) = message.reply()?;
    assert_eq!((status, &response["reason"], &response["status"]), ("error", &json!("reload"), &json!(404)));
    assert!(response["token"].as_str().is_some_and(|token| !token.is_empty()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mount_crash_at_join_is_join_crashed_and_the_next_join_is_fine() -> anyhow::Result<()> {
    let Visitor { _server, mut client, page, mut socket, .. } = visitor("/?connected=trap").await?;
    let topic = format!("lv:{}", page.view()?.id);
    let message = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    assert_eq!(message.reply()?, ("error", &json!({ "reason": "join crashed" })));
    let fine = client.get("/").await?;
    View::join(&mut socket, &client, &fine).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn rejoin_is_a_new_mount() -> anyhow::Result<()> {
    let Visitor { _server, client, page, mut socket, .. } = visitor("/").await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    view.click(&mut socket, "count", json!({})).await?;
    let seed = view.click(&mut socket, "seed", json!({})).await?;
    socket.cut();
    let mut socket = Socket::connect(&client, &page).await?;
    let mut again = View::join(&mut socket, &client, &page).await?;
    assert_eq!(again.rendered["s"], view.rendered["s"], "all statics are sent again");
    assert!(again.html()?.contains(">0<"));
    assert_ne!(again.click(&mut socket, "seed", json!({})).await?, seed, "another instance");
    let connected = again.click(&mut socket, "connected", json!({})).await?;
    assert_eq!(connected["diff"]["r"], json!("1"), "`connected` is called once a join");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejoin_is_at_the_url_of_now_and_takes_its_form_at_once() -> anyhow::Result<()> {
    let Visitor { _server, client, page, socket, .. } = visitor("/?a=b").await?;
    socket.cut();
    let mut socket = Socket::connect(&client, &page).await?;
    let topic = format!("lv:{}", page.view()?.id);
    let mut payload = View::join_payload(&client, &page)?;
    payload["url"] = json!(format!("http://{}/?tab=notes", client.address()));
    payload["params"]["_mounts"] = json!(1);
    let join_ref = socket.make_ref();
    let join = json!([join_ref, join_ref, topic, "phx_join", payload]);
    socket.send_raw(&join.to_string()).await?;
    let form = json!({
        "type": "form", "event": "echo", "value": "subject=Palms", "meta": { "_target": "subject" }, "uploads": {},
    });
    let message_ref = socket.send(Some(&join_ref), &topic, "event", form).await?;
    let mut view = View::from_reply(&socket.receive().await?)?;
    let recovered = socket.receive().await?;
    assert_eq!(recovered.message_ref, Some(message_ref));
    assert_eq!(
        recovered.payload["response"]["diff"]["r"][0],
        json!(["subject", "Palms"]),
        "{}",
        recovered.text
    );
    let uri = view.click(&mut socket, "uri", json!({})).await?;
    assert_eq!(uri["diff"]["r"], json!("/?tab=notes"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_carries_several_views_up_to_its_limit() -> anyhow::Result<()> {
    let Visitor { _server, mut client, mut socket, .. } = visitor("/").await?;
    for _ in 0..100 {
        let page = client.get("/").await?;
        View::join(&mut socket, &client, &page).await?;
    }
    let page = client.get("/").await?;
    let topic = format!("lv:{}", page.view()?.id);
    let message = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    assert_eq!(message.reply()?.0, "error");
    Ok(())
}
