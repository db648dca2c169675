//! The browser's session: what views put in, and how it gets into its cookie.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hothouse::{AppSession, Handle, Server};
use hothouse_protocol_tests::{AppFolder, SECRET, TestServer, settings};
use hothouse_test_client::{Client, Handshake, Message, Page, Socket, View};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

const TABLES: &str = r#"
put_session = true
redirects = ["https://pay.example"]
[[routes]]
path = "/"
component = "asks-everything"
[[routes]]
path = "/desk"
component = "asks-everything"
[live_sessions.members]
on_mount = { signed_in = true, otherwise = "/?sign-in" }
[[routes]]
path = "/members"
component = "asks-everything"
live_session = "members"
[live_sessions.staff]
on_mount = { roles = ["staff"] }
[[routes]]
path = "/staff"
component = "asks-everything"
live_session = "staff"
"#;

/// A browser with a page that is joined.
struct Tab {
    page: Page,
    socket: Socket,
    view: View,
}

impl Tab {
    async fn open(client: &mut Client, path: &str) -> anyhow::Result<Self> {
        let page = client.get(path).await?;
        anyhow::ensure!(page.status == 200, "{path} is answered with {}", page.status);
        let mut socket = Socket::connect(client, &page).await?;
        let view = View::join(&mut socket, client, &page).await?;
        Ok(Self { page, socket, view })
    }

    async fn reply(&mut self, event: &str) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, event, json!({})).await?;
        Ok(response.pointer("/diff/r").cloned().unwrap_or_default())
    }

    async fn click(&mut self, event: &str) -> anyhow::Result<Vec<Message>> {
        self.view.click_for_all(&mut self.socket, event).await
    }

    /// The ticket that a click is answered with.
    async fn ticket(&mut self, event: &str) -> anyhow::Result<String> {
        let messages = self.click(event).await?;
        let answer = messages.last().map(|message| message.payload.clone()).unwrap_or_default();
        let events = answer.pointer("/response/diff/e").cloned().unwrap_or_default();
        let ticket = events.pointer("/0/1/ticket").and_then(Value::as_str).unwrap_or_default().to_owned();
        let expected = json!([["hothouse:ticket", { "ticket": ticket }, true], ["hothouse:session", {}]]);
        anyhow::ensure!(events == expected, "no ticket in {answer}");
        Ok(ticket)
    }

    /// Does what the page does with a ticket.
    async fn fetch(&self, client: &mut Client, ticket: &str) -> anyhow::Result<Page> {
        post(client, &self.page.csrf_token()?, &format!("&ticket={ticket}")).await
    }
}

async fn post(client: &mut Client, csrf_token: &str, more: &str) -> anyhow::Result<Page> {
    let origin = format!("http://{}", client.address());
    let body = format!("_csrf_token={csrf_token}{more}");
    client.post("/_hothouse/session", &[("origin", &origin)], &body).await
}

async fn server(top: &str) -> anyhow::Result<TestServer> {
    TestServer::start_with(AppFolder::described(&["asks-everything"], top, TABLES)?, SECRET).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_joined_view_puts_in_is_in_the_session_of_the_next_page() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let mut tab = Tab::open(&mut client, "/").await?;
    assert_eq!(tab.reply("session").await?, json!(""));
    let ticket = tab.ticket("put-session:user=ann;role=staff").await?;
    let answer = tab.fetch(&mut client, &ticket).await?;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let mut tab = Tab::open(&mut client, "/").await?;
    assert_eq!(tab.reply("session").await?, json!("user=ann role=staff"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_good_once_and_for_its_browser_alone() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut ann = Client::new(server.address);
    let mut tab = Tab::open(&mut ann, "/").await?;
    let ticket = tab.ticket("put-session:user=ann").await?;
    let mut thief = Client::new(server.address);
    let thiefs = Tab::open(&mut thief, "/").await?;
    assert_eq!(thiefs.fetch(&mut thief, &ticket).await?.status, 403, "another browser's");
    assert_eq!(Tab::open(&mut thief, "/").await?.reply("session").await?, json!(""));
    // With the cookie of before, so that nothing but the ticket can be the reason.
    let mut again = ann.clone();
    assert_eq!(tab.fetch(&mut ann, &ticket).await?.status, 303);
    assert_eq!(tab.fetch(&mut again, &ticket).await?.status, 403, "it was used");
    assert_eq!(tab.fetch(&mut again, "made-up").await?.status, 403);
    let refused = r#"hothouse_sessions_refused_total{tenant="test",reason="session-bad-ticket"}"#;
    assert_eq!(server.metrics().await?.get(refused), 3.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_no_page_of_this_session_has_sent_are_refused() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let mut tab = Tab::open(&mut client, "/").await?;
    let ticket = tab.ticket("put-session:user=ann").await?;
    let own = tab.page.csrf_token()?;
    let mut other = Client::new(server.address);
    let others = other.get("/").await?.csrf_token()?;
    let origin = format!("http://{}", server.address);
    let good = format!("_csrf_token={own}&ticket={ticket}");
    let out = format!("_csrf_token={own}&_method=delete");
    let origin = ("origin", origin.as_str());
    for (headers, body, status, code) in [
        (&[("origin", "https://evil.example")][..], good.clone(), 403, "session-foreign-origin"),
        (&[("origin", "null")], good.clone(), 403, "session-foreign-origin"),
        (&[("origin", "\u{e9}")], good.clone(), 403, "session-foreign-origin"),
        (&[origin, ("content-type", "text/plain")], good.clone(), 400, "session-bad-form"),
        (&[origin, ("content-type", "application/json")], good.clone(), 400, "session-bad-form"),
        (&[origin], format!("ticket={ticket}"), 403, "session-bad-csrf-token"),
        (&[origin], format!("_csrf_token={others}&ticket={ticket}"), 403, "session-bad-csrf-token"),
        (&[origin], format!("_csrf_token=&ticket={ticket}"), 403, "session-bad-csrf-token"),
        (&[origin], "_method=delete".to_owned(), 403, "session-bad-csrf-token"),
        (&[origin], format!("_csrf_token={own}"), 400, "session-bad-form"),
        (&[origin], format!("_csrf_token={own}&_method=put"), 400, "session-bad-form"),
        (&[origin], format!("{out}&to=//evil.example"), 400, "session-bad-address"),
        (&[origin], format!("{out}&to=https://evil.example/"), 400, "session-bad-address"),
        (&[origin], format!("{out}&to=/%5Cevil.example"), 400, "session-bad-address"),
    ] {
        let series = format!(r#"hothouse_sessions_refused_total{{tenant="test",reason="{code}"}}"#);
        let before = server.metrics().await?.get(&series);
        let answer = client.post("/_hothouse/session", headers, &body).await?;
        assert_eq!(answer.status, status, "{headers:?} {body}");
        assert!(answer.header("set-cookie").is_none() && answer.body.contains("<h1>"), "{}", answer.body);
        assert_eq!(server.metrics().await?.get(&series), before + 1.0, "{code}: {headers:?} {body}");
    }
    let mut nobody = Client::new(server.address);
    assert_eq!(nobody.post("/_hothouse/session", &[origin], &good).await?.status, 403);
    assert_eq!(client.get(&format!("/_hothouse/session?{good}")).await?.status, 405);
    // None of them has changed anything.
    assert_eq!(tab.reply("count").await?, Value::Null);
    assert_eq!(client.post("/_hothouse/session", &[origin], &good).await?.status, 303);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_has_so_many_bytes_and_no_more() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    for (more, status) in [(1, 413), (0, 303)] {
        let csrf_token = client.get("/").await?.csrf_token()?;
        let form = format!("_csrf_token={csrf_token}&_method=delete&x=");
        let body = format!("{form}{}", "x".repeat(64 * 1024 - form.len() + more));
        assert_eq!(client.post("/_hothouse/session", &[], &body).await?.status, status);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_goes_where_the_view_says_with_its_message_and_is_admitted() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    assert_eq!(client.get("/members").await?.header("location"), Some("/?sign-in"));
    assert_eq!(client.get("/staff").await?.status, 403);
    let mut tab = Tab::open(&mut client, "/").await?;
    let ticket = tab.ticket("sign-in:ann>/members?new=1#top").await?;
    assert_eq!(tab.reply("count").await?, Value::Null, "the view lives until its page goes");
    let answer = tab.fetch(&mut client, &ticket).await?;
    assert_eq!(answer.header("location"), Some("/members?new=1#top"));
    let mut tab = Tab::open(&mut client, "/members?new=1").await?;
    assert_eq!(tab.reply("flash").await?, json!("info=Welcome, ann."));
    assert_eq!(client.get("/staff").await?.status, 403, "ann is nobody of the staff");
    let ticket = tab.ticket("put-session:role=staff").await?;
    tab.fetch(&mut client, &ticket).await?;
    assert_eq!(client.get("/staff").await?.status, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_another_address_the_page_is_loaded_where_it_is() -> anyhow::Result<()> {
    let server = server("").await?;
    for (before, to) in [("count", "/?tab=1"), ("patch:/desk?tab=2#x", "/desk?tab=2"), ("", "/desk?tab=3")] {
        let mut client = Client::new(server.address);
        let mut tab = Tab::open(&mut client, "/?tab=1").await?;
        match before {
            "" => {
                let url = format!("http://{}/desk?tab=3", server.address);
                tab.view.patch(&mut tab.socket, &url).await?;
            }
            _ => drop(tab.click(before).await?),
        }
        let ticket = tab.ticket("put-session:user=ann").await?;
        assert_eq!(tab.fetch(&mut client, &ticket).await?.header("location"), Some(to), "{before}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_logs_out() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let page = client.get("/?mount=put-session:user=ann;role=staff").await?;
    assert_eq!(client.get("/staff").await?.status, 200);
    let answer = post(&mut client, &page.csrf_token()?, "&_method=delete&to=/?gone").await?;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/?gone")));
    assert_eq!(Tab::open(&mut client, "/").await?.reply("session").await?, json!(""));
    assert_eq!(client.get("/staff").await?.status, 403);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_takes_values_away_one_by_one_and_all() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let mut tab = Tab::open(&mut client, "/?mount=put-session:user=ann;role=staff;theme=dark").await?;
    assert_eq!(tab.reply("session").await?, json!("user=ann role=staff theme=dark"));
    let ticket = tab.ticket("put-session:role=;theme=light").await?;
    tab.fetch(&mut client, &ticket).await?;
    let mut tab = Tab::open(&mut client, "/").await?;
    assert_eq!(tab.reply("session").await?, json!("user=ann theme=light"));
    for unchanged in ["put-session:user=ann", "put-session:role=", "put-session:theme=light;user=ann"] {
        assert_eq!(tab.click(unchanged).await?[0].payload["response"], json!({}), "{unchanged}");
    }
    let ticket = tab.ticket("log-out").await?;
    tab.fetch(&mut client, &ticket).await?;
    assert_eq!(Tab::open(&mut client, "/").await?.reply("session").await?, json!(""));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_session_makes_other_pages_stale_and_closes_their_sockets() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let (mut one, mut two) = (Tab::open(&mut client, "/").await?, Tab::open(&mut client, "/desk").await?);
    let mut stranger = Tab::open(&mut Client::new(server.address), "/").await?;
    let before = client.clone();
    let ticket = one.ticket("put-session:user=ann").await?;
    one.fetch(&mut client, &ticket).await?;
    assert_ne!(client.cookie_header(), before.cookie_header());
    assert_eq!(two.socket.closed().await?, Some(1008));
    stranger.reply("count").await?;
    // The second page comes back before its browser has heard of the cookie, and is turned away.
    let mut early = Socket::connect(&before, &two.page).await?;
    assert_eq!(early.closed().await?, Some(1008));
    // Then with the new one: its tokens are of another session.
    let topic = format!("lv:{}", two.page.view()?.id);
    let mut socket = Socket::connect(&client, &two.page).await?;
    let reply = View::try_join(&mut socket, &topic, View::join_payload(&client, &two.page)?).await?;
    assert_eq!(reply.reply()?, ("error", &json!({ "reason": "stale" })));
    // And so is its CSRF token.
    assert_eq!(post(&mut client, &two.page.csrf_token()?, "&_method=delete").await?.status, 403);
    assert_eq!(Tab::open(&mut client, "/desk").await?.reply("session").await?, json!("user=ann"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_in_while_a_page_is_made_goes_with_its_answer() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let mut former = Tab::open(&mut client, "/").await?;
    // The page that has put it in is joined, and puts it in again: it is there already.
    for (path, held) in
        [("/?mount=put-session:user=ann", "user=ann"), ("/?then=put-session:user=bob", "user=bob")]
    {
        let mut tab = Tab::open(&mut client, path).await?;
        assert!(tab.view.rendered.get("e").is_none(), "{}", tab.view.rendered);
        assert_eq!(tab.reply("session").await?, json!(held));
    }
    assert_eq!(former.socket.closed().await?, Some(1008), "it is another session than before");
    // A page that goes on takes it along, and its message.
    let mut client = Client::new(server.address);
    let page = client.get("/?mount=sign-in:ann%3E/members").await?;
    assert_eq!((page.status, page.header("location")), (302, Some("/members")));
    let mut tab = Tab::open(&mut client, "/members").await?;
    assert_eq!(tab.reply("flash").await?, json!("info=Welcome, ann."));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_view_puts_in_at_its_join_is_fetched_with_its_first_document() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let tab = Tab::open(&mut client, "/?connected=sign-in:ann%3E/desk").await?;
    let ticket = tab.view.rendered["e"][0][1]["ticket"].as_str().unwrap_or_default().to_owned();
    let answer = tab.fetch(&mut client, &ticket).await?;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_do_not_fit_into_a_cookie_are_refused() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut tab = Tab::open(&mut Client::new(server.address), "/").await?;
    let longest = "x".repeat(2_048 - r#"[["user",""]]"#.len());
    for bad in ["put-session:User=ann", "put-session:=ann", "sign-in-elsewhere:https://pay.example/"] {
        let messages = tab.click(bad).await?;
        let event = messages[0].payload.pointer("/response/diff/e/0").cloned().unwrap_or_default();
        let notice = json!({ "kind": "internal", "message": "This did not work." });
        assert_eq!(event, json!(["hothouse:failure", notice]), "{bad}");
    }
    tab.ticket("sign-in-elsewhere:/desk").await?;
    // Nothing would change: it is a redirect like any other.
    let mut client = Client::new(server.address);
    let mut signed_in = Tab::open(&mut client, "/?mount=put-session:user=ann").await?;
    let messages = signed_in.click("sign-in-elsewhere:https://pay.example/").await?;
    let to = messages[0].payload.pointer("/response/redirect/to").cloned();
    assert_eq!(to, Some(json!("https://pay.example/")));
    for (value, status) in [(format!("{longest}x"), 500), (longest, 200)] {
        let mut client = Client::new(server.address);
        assert_eq!(client.get(&format!("/?mount=put-session:user={value}")).await?.status, status);
        let held = Tab::open(&mut client, "/").await?.reply("session").await?;
        assert_eq!(held, json!(if status == 200 { format!("user={value}") } else { String::new() }));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_view_that_was_granted_the_session_changes_it() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let mut client = Client::new(server.address);
    let mut tab = Tab::open(&mut client, "/").await?;
    for effect in ["put-session:user=ann", "log-out"] {
        let messages = tab.click(effect).await?;
        let notice = messages[0].payload.pointer("/response/diff/e/0/1").cloned().unwrap_or_default();
        let message = "the session was not granted: write `put_session = true` under the component";
        assert_eq!(notice, json!({ "kind": "forbidden", "message": message }));
    }
    let page = client.get("/?mount=put-session:user=ann").await?;
    assert!(page.status == 403 && page.body.contains("put_session = true"), "{}", page.body);
    Ok(())
}

/// Who is signed in is what a header says.
async fn of_application(mut request: Request, next: Next) -> Response {
    if let Some(user) = request.headers().get("x-user").and_then(|user| user.to_str().ok()) {
        let session = AppSession::new(user.to_owned(), [("user", user.to_owned())]);
        request.extensions_mut().insert(session);
    }
    next.run(request).await
}

/// An application around the server.
async fn embedded() -> anyhow::Result<(SocketAddr, Handle, AppFolder)> {
    let app = AppFolder::described(&["asks-everything"], "", TABLES)?;
    let server = Server::open(settings(&app, SECRET)?).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (router, handle) = (server.router().layer(from_fn(of_application)), server.handle());
    tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
        drop(server);
    });
    Ok((address, handle, app))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_of_an_embedding_application_is_its_own() -> anyhow::Result<()> {
    let (address, _handle, _app) = embedded().await?;
    let mut client = Client::new(address);
    let page = client.get_with("/", &[("x-user", "ann")]).await?;
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.headers.push(("x-user", "ann".to_owned()));
    let Ok(mut socket) = handshake.open().await? else { anyhow::bail!("no socket") };
    let view = View::join(&mut socket, &client, &page).await?;
    let mut tab = Tab { page, socket, view };
    assert_eq!(tab.reply("session").await?, json!("user=ann"));
    let messages = tab.click("put-session:user=bob").await?;
    let notice = messages[0].payload.pointer("/response/diff/e/0/1/kind").cloned();
    assert_eq!(notice, Some(json!("unavailable")));
    let body = format!("_csrf_token={}&_method=delete", tab.page.csrf_token()?);
    assert_eq!(client.post("/_hothouse/session", &[("x-user", "ann")], &body).await?.status, 403);
    let page = client.get_with("/?mount=put-session:user=bob", &[("x-user", "ann")]).await?;
    assert_eq!(page.status, 503);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sockets_of_a_person_are_disconnected_at_once() -> anyhow::Result<()> {
    let (address, handle, _app) = embedded().await?;
    let mut tabs = Vec::new();
    for (user, path) in [(7, "/"), (7, "/desk"), (8, "/")] {
        let mut client = Client::new(address);
        client.get(&format!("/?mount=put-session:user={user};live_socket_id=users:{user}")).await?;
        tabs.push((Tab::open(&mut client, path).await?, client));
    }
    let mut sessions = handle.sessions();
    sessions.sort();
    assert_eq!(sessions, [("users:7".to_owned(), 2), ("users:8".to_owned(), 1)]);
    assert_eq!(handle.disconnect("users:7"), 2);
    for (tab, _) in tabs.iter_mut().take(2) {
        assert_eq!(tab.socket.closed().await?, Some(1008));
    }
    tabs[2].0.reply("count").await?;
    // Their cookies are as good as before: their views are mounted again, and may ask the application.
    let (tab, client) = &mut tabs[0];
    let mut socket = Socket::connect(client, &tab.page).await?;
    View::join(&mut socket, client, &tab.page).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_session_cannot_be_read_and_lasts_as_long_as_the_app_says() -> anyhow::Result<()> {
    for (session, is_readable, age) in
        [("", true, None), ("session = { encrypted = true, max_age_s = 3600 }", false, Some("Max-Age=3600"))]
    {
        let server = server(session).await?;
        let mut client = Client::new(server.address);
        let page = client.get("/?mount=put-session:user=annabel").await?;
        let cookie = page.header("set-cookie").unwrap_or_default();
        assert!(age.is_none_or(|age| cookie.contains(age)), "{cookie}");
        assert_eq!(cookie.contains("Max-Age"), age.is_some(), "{cookie}");
        let value = cookie.split(['=', ';']).nth(1).unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(value.split('.').next().unwrap_or_default())?;
        assert_eq!(bytes.windows(7).any(|window| window == b"annabel"), is_readable);
        assert_eq!(Tab::open(&mut client, "/").await?.reply("session").await?, json!("user=annabel"));
        // Who changes it has no session.
        let changed = format!("{}A", value.get(..value.len() - 1).unwrap_or_default());
        let forged = if changed == value { value.replacen('A', "B", 1) } else { changed };
        client.set_cookie("hothouse_session", &forged);
        assert_eq!(client.get("/members").await?.header("location"), Some("/?sign-in"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_counted_with_the_pages_of_their_address() -> anyhow::Result<()> {
    let app = AppFolder::with_limits(&[("/", "asks-everything")], "pages_per_second = 1")?;
    let server = TestServer::start_with(app, SECRET).await?;
    let mut client = Client::new(server.address);
    let csrf_token = client.get("/").await?.csrf_token()?;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let answer = post(&mut client, &csrf_token, "&ticket=none").await?;
        statuses.push((answer.status, answer.header("retry-after").is_some()));
    }
    assert_eq!(statuses.last(), Some(&(429, true)), "{statuses:?}");
    assert_eq!(statuses.first(), Some(&(403, false)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_age_however_often_it_is_used() -> anyhow::Result<()> {
    let server = server("session = { max_age_s = 2 }").await?;
    let mut client = Client::new(server.address);
    client.get("/?mount=put-session:user=ann").await?;
    let copied = client.clone();
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(3_100) {
        if began.elapsed() < Duration::from_secs(1) {
            assert_eq!(client.get("/members").await?.status, 200);
        }
        client.get("/").await?;
        sleep(Duration::from_millis(200)).await;
    }
    for mut browser in [client, copied] {
        assert_eq!(browser.get("/members").await?.header("location"), Some("/?sign-in"));
    }
    Ok(())
}
