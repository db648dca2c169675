//! Live sessions with an `on_mount` policy, beneath an application that says who is signed in.

use std::net::SocketAddr;

use axum::extract::Request;
use axum::http::header;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hothouse::{AppSession, Server};
use hothouse_protocol_tests::{AppFolder, SECRET, settings};
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;
use tokio::net::TcpListener;

const TABLES: &str = r#"
[live_sessions.staff]
on_mount = { roles = ["staff", "admin"], otherwise = "/open" }
[live_sessions.members]
on_mount = { signed_in = true }
[[routes]]
path = "/staff"
component = "asks-everything"
live_session = "staff"
[[routes]]
path = "/members"
component = "asks-everything"
live_session = "members"
[[routes]]
path = "/open"
component = "asks-everything"
"#;

/// Whoever has a cookie `role` is signed in, with that role.
async fn signed_in(mut request: Request, next: Next) -> Response {
    let cookies = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
    let role = cookies.and_then(|cookies| cookies.split("; ").find_map(|pair| pair.strip_prefix("role=")));
    if let Some(role) = role.map(str::to_owned) {
        request.extensions_mut().insert(AppSession::new("ann", [("role", role)]));
    }
    next.run(request).await
}

async fn serve() -> anyhow::Result<(SocketAddr, AppFolder)> {
    let app = AppFolder::described(&["asks-everything"], "", TABLES)?;
    let server = Server::open(settings(&app, SECRET)?).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = server.router().layer(from_fn(signed_in));
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let _ = axum::serve(listener, service).await;
        drop(server);
    });
    Ok((address, app))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_for_those_whom_the_policy_admits() -> anyhow::Result<()> {
    let (address, _app) = serve().await?;
    for (role, staff, members) in [(None, 302, 403), (Some("guest"), 302, 200), (Some("admin"), 200, 200)] {
        let mut client = Client::new(address);
        if let Some(role) = role {
            client.set_cookie("role", role);
        }
        // A view that ran for strangers would break their page.
        assert_eq!(client.get("/staff").await?.status, staff, "{role:?}");
        assert_eq!(client.get("/members").await?.status, members, "{role:?}");
        assert_eq!(client.get("/open").await?.status, 200, "{role:?}");
    }
    let mut stranger = Client::new(address);
    assert_eq!(stranger.get("/staff?mount=trap").await?.header("location"), Some("/open"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_are_asked_again_whoever_the_page_was_made_for() -> anyhow::Result<()> {
    let (address, _app) = serve().await?;
    let mut client = Client::new(address);
    client.set_cookie("role", "staff");
    let page = client.get("/staff").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    View::join(&mut socket, &client, &page).await?;
    // Ann is signed in as before, and no longer one of the staff.
    client.set_cookie("role", "guest");
    let topic = format!("lv:{}", page.view()?.id);
    let mut socket = Socket::connect(&client, &page).await?;
    let reply = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
    assert_eq!(reply.reply()?, ("error", &json!({ "reason": "unauthorized" })));
    let reply = View::navigate(&mut socket, None, &client, &page, "/staff", None).await?;
    assert_eq!(reply.reply()?, ("error", &json!({ "reason": "unauthorized" })));
    // The page that the client then loads leads elsewhere.
    assert_eq!(client.get("/staff").await?.header("location"), Some("/open"));
    Ok(())
}
