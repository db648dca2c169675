//! Sections 1 and 13.16: the page that is there before any socket.

use hothouse_protocol_tests::TestServer;
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;

const ROUTES: &[(&str, &str)] =
    &[("/", "asks-everything"), ("/counter", "showcase-counter"), ("/item/{id}", "asks-everything")];

#[tokio::test(flavor = "multi_thread")]
async fn page_shows_the_first_render_without_a_socket() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let page = Client::new(server.address).get("/").await?;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.view()?.content, "<main><p id=\"count\">0</p></main>");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn page_has_one_main_view_with_id_session_and_static() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let page = Client::new(server.address).get("/").await?;
    let view = page.view()?;
    assert!(!view.session.is_empty() && !view.static_token.is_empty());
    assert!(!page.csrf_token()?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn view_ids_are_random_and_plain() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let mut ids = Vec::new();
    for _ in 0..20 {
        let id = client.get("/").await?.view()?.id;
        assert_eq!(id.len(), 16, "96 bits and no more: {id}");
        assert!(
            id.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)),
            "{id}"
        );
        assert!(!ids.contains(&id), "{id} twice");
        ids.push(id);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn page_has_no_client_only_attributes() -> anyhow::Result<()> {
    let server = TestServer::start(&[("/", "kitchen-sink")]).await?;
    let body = Client::new(server.address).get("/").await?.body;
    for attribute in
        ["data-phx-id", "data-phx-skip", "data-phx-component", "data-phx-view", "data-phx-root-id"]
    {
        assert!(!body.contains(attribute), "{attribute} in {body}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn page_title_is_the_views_or_the_apps() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    assert_eq!(client.get("/").await?.title(), Some("Test app"));
    let page = client.get("/?mount=effect:title").await?;
    assert_eq!(page.title(), Some("A &lt;title&gt;"));
    assert!(page.body.contains("<title data-default=\"Test app\">"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn page_is_not_cached_and_carries_its_policy() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let page = Client::new(server.address).get("/").await?;
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let policy = page.header("content-security-policy").unwrap_or_default();
    for directive in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"]
    {
        assert!(policy.contains(directive), "{policy}");
    }
    let cookie = page.header("set-cookie").unwrap_or_default();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_script_and_style_of_a_page_can_be_loaded() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let body = client.get("/").await?.body;
    let links: Vec<&str> = body.split('"').filter(|part| part.starts_with("/_hothouse/")).collect();
    assert_eq!(links.len(), 6, "{links:?}");
    for link in links {
        let file = client.get(link).await?;
        assert_eq!(file.status, 200, "{link}");
        assert!(file.header("cache-control").unwrap_or_default().contains("immutable"));
        let small = client.get_with(link, &[("accept-encoding", "gzip, br")]).await?;
        assert_eq!(small.header("content-encoding"), Some("br"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_are_404() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let page = Client::new(server.address).get("/nowhere").await?;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("There is no page at this address."));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_failures_decide_the_status() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    for (kind, status) in [
        ("not-found", 404),
        ("forbidden", 403),
        ("bad-input", 400),
        ("unavailable", 503),
        ("limit", 429),
        ("internal", 500),
    ] {
        let page = client.get(&format!("/?mount=fail:{kind}")).await?;
        assert_eq!(page.status, status, "{kind}");
        assert!(page.body.contains(&format!("declared &lt;{kind}&gt;")), "{}", page.body);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_breaks_while_its_page_is_made_is_a_500_and_the_next_page_is_fine() -> anyhow::Result<()>
{
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    for broken in
        ["/?mount=trap", "/?document=trap", "/?document=bogus-node", "/?document=script", "/?document=flood"]
    {
        assert_eq!(client.get(broken).await?.status, 500, "{broken}");
        assert_eq!(client.get("/").await?.status, 200);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn params_of_path_and_query_reach_the_view() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/item/a%20b?x=1%262").await?;
    assert_eq!(page.status, 200);
    let mut socket = Socket::connect(&client, &page).await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    let response = view.click(&mut socket, "uri", json!({})).await?;
    assert_eq!(response["diff"]["r"], json!("/item/a%20b?x=1%262"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn reload_cookie_shows_the_status_once() -> anyhow::Result<()> {
    let server = TestServer::start(ROUTES).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/?connected=fail:forbidden").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let topic = format!("lv:{}", page.view()?.id);
    let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    let token = refused.payload["response"]["token"].as_str().unwrap_or_default().to_owned();
    client.set_cookie("__phoenix_reload_status__", &token);
    let page = client.get("/").await?;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("declared &lt;forbidden&gt;"), "{}", page.body);
    assert_eq!(client.get("/").await?.status, 200, "the cookie is expired");
    client.set_cookie("__phoenix_reload_status__", "forged");
    assert_eq!(client.get("/").await?.status, 500);
    Ok(())
}
