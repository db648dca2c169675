//! Section 9, with what belongs to it of 1.4, 1.5, 3.5 and 6.4: where pages go, and what goes along.

use hothouse_protocol_tests::{AppFolder, SECRET, TestServer};
use hothouse_test_client::{Client, Message, Page, Socket, View};
use serde_json::{Value, json};

const ROUTES: &str = r#"
[[routes]]
path = "/"
component = "asks-everything"
[[routes]]
path = "/items/{id:int}"
component = "asks-everything"
[[routes]]
path = "/counter"
component = "showcase-counter"
[live_sessions.other]
[[routes]]
path = "/other"
component = "asks-everything"
live_session = "other"
[live_sessions.staff]
on_mount = { roles = ["staff"], otherwise = "/?sign-in" }
[[routes]]
path = "/staff"
component = "asks-everything"
live_session = "staff"
[live_sessions.members]
on_mount = { signed_in = true }
[[routes]]
path = "/members"
component = "asks-everything"
live_session = "members"
"#;

struct Visitor {
    _server: TestServer,
    client: Client,
    page: Page,
    socket: Socket,
    view: View,
}

impl Visitor {
    async fn open(path: &str) -> anyhow::Result<Self> {
        let server = server("", "").await?;
        let mut client = Client::new(server.address);
        let page = client.get(path).await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Self { _server: server, client, page, socket, view })
    }

    async fn reply(&mut self, event: &str) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, event, json!({})).await?;
        Ok(response.pointer("/diff/r").cloned().unwrap_or_default())
    }

    async fn patch(&mut self, path: &str) -> anyhow::Result<Vec<Message>> {
        let url = format!("http://{}{path}", self.client.address());
        self.view.patch(&mut self.socket, &url).await
    }

    async fn click(&mut self, event: &str) -> anyhow::Result<Vec<Message>> {
        self.view.click_for_all(&mut self.socket, event).await
    }

    /// Navigates, and is at the view that answers.
    async fn navigate(&mut self, path: &str, flash: Option<&str>) -> anyhow::Result<()> {
        let (socket, former) = (&mut self.socket, Some(&self.view));
        let reply = View::navigate(socket, former, &self.client, &self.page, path, flash).await?;
        self.view = View::from_reply(&reply)?;
        Ok(())
    }
}

async fn server(top: &str, more: &str) -> anyhow::Result<TestServer> {
    let app =
        AppFolder::described(&["asks-everything", "showcase-counter"], top, &format!("{ROUTES}{more}"))?;
    TestServer::start_with(app, SECRET).await
}

fn events(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.event.as_str()).collect()
}

/// What a click is answered with when it is refused: the words of the notice.
fn notice(messages: &[Message]) -> Value {
    messages.last().map_or(Value::Null, |answer| {
        answer.payload.pointer("/response/diff/e/0/1/message").cloned().unwrap_or_default()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_link_calls_handle_params_in_the_same_view() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    visitor.click("count").await?;
    let messages = visitor.patch("/items/7?tab=notes#here").await?;
    assert_eq!(events(&messages), ["phx_reply"], "the client changes the address by itself");
    assert_eq!(visitor.reply("uri").await?, json!("/items/7?tab=notes"));
    assert_eq!(visitor.reply("params").await?, json!("id=7 tab=notes"));
    assert_eq!(visitor.reply("connected").await?, json!("1"), "once for each join");
    assert!(visitor.view.html()?.contains(">1<"), "the same instance");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_to_another_view_is_a_link_redirect() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    for path in ["/counter", "/nowhere", "/items/seven", "/other"] {
        let messages = visitor.patch(path).await?;
        let answer = &messages[0].payload["response"];
        assert_eq!(answer, &json!({ "link_redirect": true }), "{path}");
    }
    let messages = visitor.view.patch(&mut visitor.socket, "not a url").await?;
    assert_eq!(messages[0].payload["response"], json!({ "link_redirect": true }));
    assert_eq!(visitor.reply("uri").await?, json!("/"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_of_the_view_is_pushed_before_its_diff() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    for (event, kind) in [("patch:/items/7?a=b c#d", "push"), ("replace:/items/7?a=b c#d", "replace")] {
        let messages = visitor.click(event).await?;
        assert_eq!(events(&messages), ["live_patch", "phx_reply"]);
        assert_eq!(messages[0].payload, json!({ "to": "/items/7?a=b%20c#d", "kind": kind }));
        assert_eq!(messages[0].message_ref, None);
        assert_eq!(visitor.reply("params").await?, json!("id=7 a=b c"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_at_mount_is_in_the_joins_answer() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    let path = "/?connected=patch:/items/3";
    let (socket, former) = (&mut visitor.socket, Some(&visitor.view));
    let reply = View::navigate(socket, former, &visitor.client, &visitor.page, path, None).await?;
    assert_eq!(reply.payload["response"]["live_patch"], json!({ "to": "/items/3", "kind": "push" }));
    visitor.view = View::from_reply(&reply)?;
    assert_eq!(visitor.reply("params").await?, json!("id=3"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_patches_ends_and_the_view_lives() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    let messages = visitor.click("patch:/?then=circle").await?;
    let patches = messages.iter().filter(|message| message.event == "live_patch").count();
    assert_eq!(patches, 21);
    assert_eq!(notice(&messages), json!("This did not work."));
    let messages = visitor.patch("/items/1?then=circle").await?;
    assert_eq!(notice(&messages), json!("This did not work."));
    let messages = visitor.click("put:info=again").await?;
    assert_eq!(notice(&messages), json!("This did not work."), "a chain of changes of the flash");
    visitor.click("count").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_that_lead_where_they_may_not_are_refused() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    for to in [
        "//evil.example",
        "/\\evil.example",
        "/.//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "items",
        "",
        "/a\u{0}",
        "/a\nb",
    ] {
        for effect in ["patch", "replace", "navigate", "redirect", "leave"] {
            let messages = visitor.click(&format!("{effect}:{to}")).await?;
            assert_eq!(events(&messages), ["phx_reply"], "{effect} {to:?}");
            assert_eq!(notice(&messages), json!("This did not work."), "{effect} {to:?}");
        }
    }
    for to in ["/counter", "/nowhere", "/other", "/items/seven"] {
        let messages = visitor.click(&format!("patch:{to}")).await?;
        assert_eq!(notice(&messages), json!("This did not work."), "{to}");
    }
    assert_eq!(visitor.reply("flash").await?, json!(""), "of a refused outcome nothing is carried out");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn navigation_joins_another_view_on_the_same_socket() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    visitor.navigate("/counter", None).await?;
    assert!(visitor.view.html()?.contains("number"), "{}", visitor.view.html()?);
    // Back again, with the tokens of the page that was loaded.
    visitor.navigate("/items/5", None).await?;
    assert_eq!(visitor.reply("params").await?, json!("id=5"));
    let connect_params = visitor.reply("connect-params").await?;
    let referer = format!("http://{}/", visitor.client.address());
    let params: Value = serde_json::from_str(connect_params.as_str().unwrap_or_default())?;
    assert_eq!(params["_live_referer"], json!(referer));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn navigation_out_of_the_live_session_is_unauthorized() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    for path in ["/other", "/staff", "/members", "/nowhere"] {
        let reply =
            View::navigate(&mut visitor.socket, None, &visitor.client, &visitor.page, path, None).await?;
        assert_eq!(reply.reply()?, ("error", &json!({ "reason": "unauthorized" })), "{path}");
    }
    let mut other = Visitor::open("/other").await?;
    let reply = View::navigate(&mut other.socket, None, &other.client, &other.page, "/", None).await?;
    assert_eq!(reply.reply()?.1["reason"], json!("unauthorized"));
    other.navigate("/other?again", None).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_sends_its_page_on_and_ends() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    let messages = visitor.click("leave:/items/9").await?;
    assert_eq!(events(&messages), ["diff", "phx_reply"]);
    assert_eq!(messages[0].payload, json!({ "e": [["bye", {}]] }), "events come before it goes");
    let going = messages[1].payload["response"]["live_redirect"].clone();
    assert_eq!((&going["to"], &going["kind"]), (&json!("/items/9"), &json!("replace")));
    assert_eq!(visitor.socket.receive().await?.event, "phx_close");
    let flash = going["flash"].as_str().map(str::to_owned);
    visitor.navigate("/items/9", flash.as_deref()).await?;
    assert_eq!(visitor.reply("flash").await?, json!("info=left"));
    let messages = visitor.click("redirect:/counter").await?;
    let answer = &messages[0].payload["response"];
    assert_eq!(answer, &json!({ "redirect": { "to": "/counter" } }), "the flash was from before");
    assert_eq!(visitor.socket.receive().await?.event, "phx_close");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leave_of_a_view_that_has_sent_its_page_on_is_answered() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    visitor.click("navigate:/counter").await?;
    assert_eq!(visitor.socket.receive().await?.event, "phx_close");
    let (join_ref, topic) = (visitor.view.join_ref.clone(), visitor.view.topic.clone());
    let leave = visitor.socket.send(Some(&join_ref), &topic, "phx_leave", json!({})).await?;
    let answer = visitor.socket.receive().await?;
    assert_eq!(answer.message_ref, Some(leave));
    assert_eq!(answer.reply()?.0, "ok");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_goes_on_at_its_join_refuses_it_with_the_address() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    for (effect, key) in [("navigate", "live_redirect"), ("redirect", "redirect")] {
        let path = format!("/?connected={effect}:/counter");
        let (socket, client, page) = (&mut visitor.socket, &visitor.client, &visitor.page);
        let reply = View::navigate(socket, None, client, page, &path, None).await?;
        let (status, response) = reply.reply()?;
        assert_eq!((status, &response[key]["to"]), ("error", &json!("/counter")), "{}", reply.text);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn events_before_a_navigation_are_answered_before_it() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    let Visitor { socket, view, .. } = &mut visitor;
    let mut sent = Vec::new();
    for event in ["count", "count", "navigate:/counter", "count"] {
        let payload = json!({ "type": "click", "event": event, "value": {} });
        sent.push(socket.send(Some(&view.join_ref), &view.topic, "event", payload).await?);
    }
    for message_ref in sent.iter().take(3) {
        let answer = socket.receive().await?;
        assert_eq!(answer.message_ref.as_ref(), Some(message_ref));
    }
    assert_eq!(socket.receive().await?.event, "phx_close");
    socket.send(None, "phoenix", "heartbeat", json!({})).await?;
    assert_eq!(socket.receive().await?.topic, "phoenix", "what came later is not answered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_to_other_hosts_need_a_grant() -> anyhow::Result<()> {
    let component = hothouse_protocol_tests::component("asks-everything")?;
    let tables = format!(
        "[components.shop]\npath = {:?}\nredirects = [\"https://pay.example\"]\n\
         [[routes]]\npath = \"/\"\ncomponent = \"shop\"\n",
        component.display().to_string()
    );
    let server = TestServer::start_with(AppFolder::described(&[], "", &tables)?, SECRET).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    for to in [
        "http://pay.example/",
        "https://pay.example.evil.example/",
        "https://pay.example:444/",
        "https://ann@pay.example/",
        "javascript://pay.example/",
    ] {
        let messages = view.click_for_all(&mut socket, &format!("redirect:{to}")).await?;
        assert_eq!(notice(&messages), json!("This did not work."), "{to}");
    }
    let messages = view.click_for_all(&mut socket, "redirect:https://pay.example/order?id=7").await?;
    let to = &messages[0].payload["response"]["redirect"]["to"];
    assert_eq!(to, &json!("https://pay.example/order?id=7"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_goes_on_is_an_http_redirect_with_its_flash() -> anyhow::Result<()> {
    let server = server("", "").await?;
    for effect in ["navigate:/items/1", "redirect:/items/1", "patch:/items/1", "leave:/items/1"] {
        let mut client = Client::new(server.address);
        for path in [format!("/?mount={effect}"), format!("/?then={effect}")] {
            let page = client.get(&path).await?;
            assert_eq!((page.status, page.header("location")), (302, Some("/items/1")), "{path}");
            let page = client.get("/items/1").await?;
            let mut socket = Socket::connect(&client, &page).await?;
            let mut view = View::join(&mut socket, &client, &page).await?;
            let flash = view.click(&mut socket, "flash", json!({})).await?["diff"]["r"].clone();
            let expected = if effect.starts_with("leave") { "info=left" } else { "" };
            assert_eq!(flash, json!(expected), "{path}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn flash_goes_with_a_redirect_in_the_clients_cookie_once() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    let messages = visitor.click("leave:/items/1").await?;
    let token = messages[1].payload["response"]["live_redirect"]["flash"].as_str().unwrap_or_default();
    // As the client does before it loads a page.
    visitor.client.set_cookie("__phoenix_flash__", token);
    let page = visitor.client.get("/items/1").await?;
    let cookie = page.headers.iter().find(|(name, value)| name == "set-cookie" && value.contains("flash"));
    assert!(cookie.is_some_and(|(_, value)| value.contains("Max-Age=0")), "{:?}", page.headers);
    let mut socket = Socket::connect(&visitor.client, &page).await?;
    let mut view = View::join(&mut socket, &visitor.client, &page).await?;
    let flash = view.click(&mut socket, "flash", json!({})).await?;
    assert_eq!(flash["diff"]["r"], json!("info=left"), "the joined view begins with the page's");
    // A later join of the same page has seen it.
    let mut payload = View::join_payload(&visitor.client, &page)?;
    payload["params"]["_mounts"] = json!(1);
    let mut again = Socket::connect(&visitor.client, &page).await?;
    let reply = View::try_join(&mut again, &view.topic, payload).await?;
    let mut rejoined = View::from_reply(&reply)?;
    assert_eq!(rejoined.click(&mut again, "flash", json!({})).await?["diff"]["r"], json!(""));
    // Another browser has nothing of it, and neither has a forger.
    for token in [token, "forged"] {
        let mut stranger = Client::new(visitor.client.address());
        stranger.get("/").await?;
        stranger.set_cookie("__phoenix_flash__", token);
        let page = stranger.get("/items/1").await?;
        let mut socket = Socket::connect(&stranger, &page).await?;
        let mut view = View::join(&mut socket, &stranger, &page).await?;
        assert_eq!(view.click(&mut socket, "flash", json!({})).await?["diff"]["r"], json!(""));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn flash_is_the_hosts_by_kind_and_the_client_clears_it() -> anyhow::Result<()> {
    let mut visitor = Visitor::open("/").await?;
    visitor.click("put:info=one").await?;
    visitor.click("put:error=two").await?;
    visitor.click("put:info=three").await?;
    assert_eq!(visitor.reply("flash").await?, json!("info=three error=two"));
    visitor.view.click(&mut visitor.socket, "lv:clear-flash", json!({ "key": "info" })).await?;
    assert_eq!(visitor.reply("flash").await?, json!("error=two"));
    visitor.click("put:info=four").await?;
    visitor.click("clear:error").await?;
    assert_eq!(visitor.reply("flash").await?, json!("info=four"));
    visitor.view.click(&mut visitor.socket, "lv:clear-flash", json!({})).await?;
    assert_eq!(visitor.reply("flash").await?, json!(""));
    // A patch of the view keeps it, a link begins anew.
    visitor.click("put:info=five").await?;
    visitor.click("patch:/items/1").await?;
    assert_eq!(visitor.reply("flash").await?, json!("info=five"));
    visitor.patch("/items/2").await?;
    assert_eq!(visitor.reply("flash").await?, json!(""));
    for put in ["put:Info=x".to_owned(), "put:=x".to_owned(), format!("put:info={}", "x".repeat(3_000))] {
        let messages = visitor.click(&put).await;
        assert!(messages.is_err() || notice(&messages?) == json!("This did not work."), "{put}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_come_in_is_refused_before_any_guest_runs() -> anyhow::Result<()> {
    let server = server("", "").await?;
    let mut client = Client::new(server.address);
    // A view that ran would break the page.
    let page = client.get("/staff?mount=trap").await?;
    assert_eq!((page.status, page.header("location")), (302, Some("/?sign-in")));
    let page = client.get("/members?mount=trap").await?;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("You may not come in here."));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_have_a_prefix_and_a_suffix() -> anyhow::Result<()> {
    let server = server("title_prefix = \"<\"\ntitle_suffix = \" · Shop\"", "").await?;
    let page = Client::new(server.address).get("/?mount=effect:title").await?;
    assert_eq!(page.title(), Some("&lt;A &lt;title&gt; · Shop"));
    let tag = "<title data-default=\"Test app\" data-prefix=\"&lt;\" data-suffix=\" · Shop\">";
    assert!(page.body.contains(tag), "{}", page.body);
    let page = Client::new(server.address).get("/").await?;
    assert_eq!(page.title(), Some("&lt;Test app · Shop"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_error_pages_of_its_own() -> anyhow::Result<()> {
    let app = AppFolder::described(
        &["asks-everything", "showcase-counter"],
        "",
        &format!("{ROUTES}[error_pages]\n404 = \"lost.html\"\nany = \"any.html\"\n"),
    )?;
    std::fs::write(app.path().join("lost.html"), "<h1>Lost</h1><p>{message}</p>")?;
    std::fs::write(app.path().join("any.html"), "<h1>{status} {reason}</h1>")?;
    let server = TestServer::start_with(app, SECRET).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/nowhere").await?;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("<h1>Lost</h1><p>There is no page at this address.</p>"), "{}", page.body);
    let page = client.get("/?mount=fail:not-found").await?;
    assert!(page.body.contains("<p>declared &lt;not-found&gt;</p>"), "{}", page.body);
    for (path, expected) in [
        ("/?mount=fail:forbidden", "<h1>403 Forbidden</h1>"),
        ("/?mount=trap", "<h1>500 Internal Server Error</h1>"),
        ("/members", "<h1>403 Forbidden</h1>"),
    ] {
        let page = client.get(path).await?;
        assert!(page.body.contains(expected), "{path}: {}", page.body);
    }
    Ok(())
}
