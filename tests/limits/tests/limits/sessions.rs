//! Forms for the session that no page of the app has sent, and views that put in what they may not.

use std::time::Duration;

use anyhow::Context as _;
use hothouse_limits_tests::{ROUTES, Server, Visitor};
use hothouse_protocol_tests::AppFolder;
use hothouse_test_client::{Client, Handshake, Socket, View};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const SESSIONS: &str = "hothouse_sessions_refused_total";
const DOCUMENTS: &str = "hothouse_documents_refused_total";
const JOINS: &str = "hothouse_joins_total";
const PATH: &str = "/_hothouse/session";

fn start() -> anyhow::Result<Server> {
    let app = AppFolder::new(ROUTES)?;
    app.grant("put_session = true\nredirects = [\"https://pay.example\"]")?;
    Server::of(app)
}

/// The ticket for a change of a visitor's session.
async fn ticket(visitor: &mut Visitor) -> anyhow::Result<String> {
    let answer = visitor.view.click(&mut visitor.socket, "put-session:user=ann", json!({})).await?;
    let ticket = answer.pointer("/diff/e/0/1/ticket").and_then(Value::as_str);
    Ok(ticket.context("no ticket in the answer")?.to_owned())
}

/// The form with which a visitor's page fetches it.
fn fetching(visitor: &Visitor, ticket: &str) -> anyhow::Result<String> {
    Ok(format!("_csrf_token={}&ticket={ticket}", visitor.page.csrf_token()?))
}

/// Sends a form; the status of the answer.
async fn send(client: &mut Client, form: &str, origin: &str) -> anyhow::Result<u16> {
    Ok(client.post(PATH, &[("origin", origin)], form).await?.status)
}

/// The form that fetches a ticket's change works, and is then refused as it is changed.
async fn form_is_refused(
    code: &str,
    status: u16,
    change: fn(form: &str, server: &Server) -> (String, String),
) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        for is_attack in [false, true] {
            let mut visitor = server.visit("/").await?;
            let number = ticket(&mut visitor).await?;
            let form = fetching(&visitor, &number)?;
            let (changed, origin) = if is_attack { change(&form, server) } else { (form, own(server)) };
            let expected = if is_attack { status } else { 303 };
            assert_eq!(send(&mut visitor.client, &changed, &origin).await?, expected);
        }
        Ok(())
    };
    start()?.endure(SESSIONS, code, attack).await
}

fn own(server: &Server) -> String {
    format!("http://{}", server.address)
}

/// A ticket and its form as a thief has them: with another browser, or a second time.
async fn replayed(by_another: bool) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut victim = server.visit("/").await?;
        let number = ticket(&mut victim).await?;
        let good = fetching(&victim, &number)?;
        let own = own(server);
        // With the cookie of before, so that the ticket alone is what is wrong.
        let mut again = victim.client.clone();
        if by_another {
            let mut thief = server.visit("/").await?;
            let form = fetching(&thief, &number)?;
            assert_eq!(send(&mut thief.client, &form, &own).await?, 403);
            assert_eq!(
                send(&mut victim.client, &good, &own).await?,
                303,
                "the victim's is as good as before"
            );
        } else {
            assert_eq!(send(&mut victim.client, &good, &own).await?, 303);
            assert_eq!(send(&mut again, &good, &own).await?, 403);
        }
        Ok(())
    };
    start()?.endure(SESSIONS, "session-bad-ticket", attack).await
}

async fn never_finished() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let visitor = server.visit("/").await?;
        let cookie = visitor.client.cookie_header().unwrap_or_default();
        let mut stream = TcpStream::connect(server.address).await?;
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\nconnection: close\r\ncontent-length: 1000\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n_csrf_token=",
            server.address
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await??;
        assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
        Ok(())
    };
    start()?.endure(SESSIONS, "session-form-too-slow", attack).await
}

/// An event of the view whose outcome is refused.
async fn outcome_is_refused(event: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.counts(3).await?;
        let answer = visitor.view.click(&mut visitor.socket, event, json!({})).await?;
        assert_eq!(answer.pointer("/diff/e/0/0"), Some(&json!("hothouse:failure")));
        visitor.counts(3).await
    };
    start()?.endure(DOCUMENTS, code, attack).await
}

async fn too_much() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let path = |bytes: usize| format!("/?mount=put-session:user={}", "x".repeat(bytes));
        let longest = 2_048 - r#"[["user",""]]"#.len();
        assert_eq!(Client::new(server.address).get(&path(longest)).await?.status, 200);
        assert_eq!(Client::new(server.address).get(&path(longest + 1)).await?.status, 500);
        Ok(())
    };
    start()?.endure(DOCUMENTS, "bad-session", attack).await
}

async fn forged_cookie() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let visitor = server.visit("/?mount=put-session:user=ann").await?;
        let mut client = visitor.client.clone();
        let cookie = client.cookie_header().unwrap_or_default();
        let (name, value) = cookie.split_once('=').unwrap_or_default();
        let (signed, mac) = value.split_once('.').unwrap_or_default();
        let first = if mac.starts_with('A') { "B" } else { "A" };
        client.set_cookie(name, &format!("{signed}.{first}{}", mac.get(1..).unwrap_or_default()));
        let Ok(mut socket) = Handshake::new(&client, &visitor.page)?.open().await? else {
            anyhow::bail!("the handshake itself was refused")
        };
        let payload = View::join_payload(&client, &visitor.page)?;
        let answer = View::try_join(&mut socket, &visitor.view.topic, payload).await?;
        assert_eq!(answer.reply()?.0, "error", "{}", answer.text);
        Ok(())
    };
    start()?.endure(JOINS, "join-without-session", attack).await
}

/// More tickets than there may be, by one browser and by many, are forgotten, and the newest are good.
async fn flood_of_tickets() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut flooding = server.visit("/").await?;
        for _ in 0..3_000 {
            assert!(!ticket(&mut flooding).await?.is_empty());
        }
        let mut visitor = server.visit("/").await?;
        let number = ticket(&mut visitor).await?;
        let form = fetching(&visitor, &number)?;
        assert_eq!(send(&mut visitor.client, &form, &own(server)).await?, 303);
        let mut client = visitor.client;
        let page = client.get("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let mut view = View::join(&mut socket, &client, &page).await?;
        let answer = view.click(&mut socket, "session", json!({})).await?;
        assert_eq!(answer.pointer("/diff/r"), Some(&json!("user=ann")));
        Ok(())
    };
    start()?.shrug_off(attack).await
}

attacks! {
    form_without_a_csrf_token: form_is_refused("session-bad-csrf-token", 403, |form, server| {
        (form.split_once('&').map_or("", |(_, rest)| rest).to_owned(), own(server))
    });
    form_of_a_foreign_origin: form_is_refused("session-foreign-origin", 403, |form, _| {
        (form.to_owned(), "https://evil.example".to_owned())
    });
    form_of_a_null_origin: form_is_refused("session-foreign-origin", 403, |form, _| {
        (form.to_owned(), "null".to_owned())
    });
    form_of_a_megabyte: form_is_refused("session-form-too-large", 413, |form, server| {
        (format!("{form}&x={}", "x".repeat(1024 * 1024)), own(server))
    });
    form_that_is_never_finished: never_finished();
    ticket_that_is_used_twice: replayed(false);
    ticket_of_another_browser: replayed(true);
    flood_of_tickets_for_the_session: flood_of_tickets();
    session_with_a_name_that_is_none: outcome_is_refused("put-session:User=ann", "bad-session");
    session_that_fits_into_no_cookie: too_much();
    redirect_elsewhere_with_a_session: outcome_is_refused("sign-in-elsewhere:https://pay.example/", "session-elsewhere");
    cookie_that_is_forged: forged_cookie();
}
