//! The shop as its customers and suppliers use it, with a client that shares no code with the server.
//! Needs `cargo xtask build-examples`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::net::SocketAddr;
use std::path::Path;

use hothouse::{Compiler, Settings, SigningKeys};
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;
use tokio::net::TcpListener;

/// Serves the shop on a free port, until the test ends.
async fn serve() -> SocketAddr {
    let keys = SigningKeys::from_secrets(["a secret for tests, 32 bytes or more"]).unwrap();
    let mut settings = Settings::new(embed::folder(), keys);
    settings.runtime.compiler = Compiler::InProcess;
    settings.runtime.artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/compiled");
    let (shop, _live) = embed::shop(settings).await.expect("run `cargo xtask build-examples`");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let service = shop.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).await.unwrap();
        drop(_live);
    });
    address
}

async fn logged_in(address: SocketAddr, user: &str, password: &str) -> Client {
    let mut client = Client::new(address);
    let answer = client.post("/login", &[], &format!("user={user}&password={password}")).await.unwrap();
    assert_eq!((answer.status, answer.header("location")), (303, Some("/stock")));
    client
}

/// Opens the live page.
async fn look(client: &mut Client) -> (Socket, View) {
    let page = client.get("/stock").await.unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    let mut socket = Socket::connect(client, &page).await.unwrap();
    let view = View::join(&mut socket, client, &page).await.unwrap();
    (socket, view)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_page_is_for_those_who_have_logged_in_and_the_view_is_told_who_it_is() {
    let address = serve().await;
    let mut stranger = Client::new(address);
    assert_eq!(stranger.get("/stock").await.unwrap().header("location"), Some("/login"));
    assert!(stranger.get("/").await.unwrap().body.contains("You are not logged in."));
    let wrong = stranger.post("/login", &[], "user=ann&password=fern").await.unwrap();
    assert_eq!(wrong.status, 403);

    let mut ann = logged_in(address, "ann", "monstera").await;
    let page = ann.get("/stock").await.unwrap();
    assert!(
        page.body.contains("<b id=\"user\">ann</b>") && page.body.contains("Boston fern"),
        "{}",
        page.body
    );
    let (_, view) = look(&mut ann).await;
    assert!(view.html().unwrap().contains("<b id=\"user\">ann</b>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_customer_takes_all_others_see_at_once() {
    let address = serve().await;
    let (mut ann, mut bob) =
        (logged_in(address, "ann", "monstera").await, logged_in(address, "bob", "fern").await);
    let ((mut anns, mut anns_view), (mut bobs, mut bobs_view)) = (look(&mut ann).await, look(&mut bob).await);
    for left in [2, 1, 0] {
        anns_view.click(&mut anns, "take", json!({ "id": 1 })).await.unwrap();
        assert!(anns_view.html().unwrap().contains("ann took a Monstera."), "the service knows who asks");
        anns_view.pushed(&mut anns).await.unwrap();
        bobs_view.pushed(&mut bobs).await.unwrap();
        let row = format!("<span class=\"grow\">Monstera</span><span class=\"count\">{left}</span>");
        assert!(anns_view.html().unwrap().contains(&row) && bobs_view.html().unwrap().contains(&row));
        assert_eq!(anns_view.html().unwrap().contains("disabled"), left == 0);
    }
    let answer = bobs_view.click(&mut bobs, "take", json!({ "id": 1 })).await.unwrap();
    let failure = &answer["diff"]["e"][0];
    assert_eq!(failure[0], "hothouse:failure");
    assert_eq!(failure[1], json!({ "kind": "limit", "message": "The last Monstera has just been taken." }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_applications_own_api_changes_every_page() {
    let address = serve().await;
    let mut ann = logged_in(address, "ann", "monstera").await;
    let (mut socket, mut view) = look(&mut ann).await;
    let body = json!({ "id": 3, "count": 7 }).to_string();
    let supplier = [("content-type", "application/json"), ("authorization", "Bearer greenhouse-and-sons")];
    let mut client = Client::new(address);
    assert_eq!(client.post("/api/deliveries", &supplier[..1], &body).await.unwrap().status, 401);
    let answer = client.post("/api/deliveries", &supplier, &body).await.unwrap();
    assert_eq!(answer.body, json!({ "count": 10, "told": 1 }).to_string());
    let diff = view.pushed(&mut socket).await.unwrap();
    assert!(diff.to_string().len() < 40, "one number: {diff}");
    assert!(view.html().unwrap().contains("Boston fern</span><span class=\"count\">10</span>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_closes_the_sockets_of_that_session_and_their_pages_are_stale() {
    let address = serve().await;
    let (mut ann, mut bob) =
        (logged_in(address, "ann", "monstera").await, logged_in(address, "bob", "fern").await);
    let page = ann.get("/stock").await.unwrap();
    let (mut anns, _) = look(&mut ann).await;
    let (mut bobs, mut bobs_view) = look(&mut bob).await;
    let before = ann.clone();
    ann.post("/logout", &[], "").await.unwrap();
    assert_eq!(anns.closed().await.unwrap(), Some(1008));

    // The client connects again by itself, with the page that it has: nobody is logged in any more.
    for client in [&ann, &before] {
        let mut socket = Socket::connect(client, &page).await.unwrap();
        let topic = format!("lv:{}", page.view().unwrap().id);
        let payload = View::join_payload(client, &page).unwrap();
        let answer = View::try_join(&mut socket, &topic, payload).await.unwrap();
        assert_eq!(answer.reply().unwrap(), ("error", &json!({ "reason": "stale" })));
    }
    // Nor may another who has logged in since then take the page over.
    let mut taken_over = ann.clone();
    taken_over.post("/login", &[], "user=bob&password=fern").await.unwrap();
    let mut socket = Socket::connect(&taken_over, &page).await.unwrap();
    let topic = format!("lv:{}", page.view().unwrap().id);
    let payload = View::join_payload(&taken_over, &page).unwrap();
    let answer = View::try_join(&mut socket, &topic, payload).await.unwrap();
    assert_eq!(answer.reply().unwrap(), ("error", &json!({ "reason": "stale" })));

    bobs_view.click(&mut bobs, "take", json!({ "id": 2 })).await.unwrap();
}
