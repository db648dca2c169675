//! Section 1.6: who may open a socket.

use hothouse_protocol_tests::TestServer;
use hothouse_test_client::{Client, Handshake, Page, Refused, Socket, View};

async fn server_and_page() -> anyhow::Result<(TestServer, Client, Page)> {
    let server = TestServer::start(&[("/", "asks-everything")]).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    Ok((server, client, page))
}

async fn join_reason(socket: &mut Socket, client: &Client, page: &Page) -> anyhow::Result<String> {
    let topic = format!("lv:{}", page.view()?.id);
    let refused = View::try_join(socket, &topic, View::join_payload(client, page)?).await?;
    let (status, response) = refused.reply()?;
    assert_eq!(status, "error", "{}", refused.text);
    Ok(response["reason"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn handshake_of_another_version_is_refused() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    for query in ["vsn=1.0.0", "", "vsn=2.1.0"] {
        handshake.query = query.to_owned();
        assert_eq!(handshake.open().await?.err(), Some(Refused(403)), "{query}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn request_that_is_no_handshake_is_told_so() -> anyhow::Result<()> {
    let (_server, mut client, _page) = server_and_page().await?;
    let answer = client.get("/live/websocket?vsn=2.0.0").await?;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("upgrade"), "{}", answer.body);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn handshake_from_a_foreign_origin_is_refused() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        handshake.origin = Some(origin.to_owned());
        assert_eq!(handshake.open().await?.err(), Some(Refused(403)), "{origin}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_without_a_csrf_token_is_stale() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    for query in ["vsn=2.0.0", "_csrf_token=wrong&vsn=2.0.0"] {
        handshake.query = query.to_owned();
        let mut socket = handshake.open().await?.expect("a failed CSRF check does not refuse the upgrade");
        assert_eq!(join_reason(&mut socket, &client, &page).await?, "stale");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_without_the_session_cookie_is_stale() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.cookies = None;
    let mut socket = handshake.open().await?.expect("upgraded");
    assert_eq!(join_reason(&mut socket, &client, &page).await?, "stale");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn join_with_another_browsers_page_is_stale() -> anyhow::Result<()> {
    let (server, _client, page) = server_and_page().await?;
    let mut other = Client::new(server.address);
    let others_page = other.get("/").await?;
    let mut socket = Socket::connect(&other, &others_page).await?;
    assert_eq!(join_reason(&mut socket, &other, &page).await?, "stale");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn handshake_ignores_leaked_join_params() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.query.push_str("&_track_static[0]=x&_mounts=0&_mount_attempts=0&_live_referer=undefined");
    let mut socket = handshake.open().await?.expect("upgraded");
    View::join(&mut socket, &client, &page).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn handshake_without_an_origin_is_not_a_browsers_and_allowed() -> anyhow::Result<()> {
    let (_server, client, page) = server_and_page().await?;
    let mut handshake = Handshake::new(&client, &page)?;
    handshake.origin = None;
    let mut socket = handshake.open().await?.expect("upgraded");
    View::join(&mut socket, &client, &page).await?;
    Ok(())
}
