//! A plant shop: an axum application with pages, a login and an API of its own. One of its pages, `/stock`, is a live
//! view that runs as a WebAssembly component in the same process.
//!
//! What connects the two stands in this file: a [`Service`](hothouse::services::registered::Service) that the view
//! calls, an [`AppSession`] for each request of somebody who is logged in, and a [`Handle`] that announces and
//! disconnects.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::{Json, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hothouse::{AppSession, Handle, Server, Settings};
use serde::Deserialize;
use serde_json::json;

mod login;
mod stock;

use login::Logins;
use stock::Stock;

/// What suppliers authenticate with. A real shop has one for each.
const SUPPLIER: &str = "Bearer greenhouse-and-sons";
/// The topic under which changes of the stock are announced.
const STOCK: &str = "stock";

/// What all requests share.
#[derive(Clone)]
struct Shop {
    logins: Arc<Logins>,
    stock: Arc<Stock>,
    live: Handle,
}

/// The folder with `hothouse.toml`.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shop, and the server of its live pages, which is stopped apart from it.
///
/// # Errors
/// When the live pages cannot be loaded.
pub async fn shop(mut settings: Settings) -> anyhow::Result<(Router, Server)> {
    let stock = Arc::new(Stock::default());
    settings.services.register(STOCK, stock.clone());
    let server = Server::open(settings).await.context("open the live pages")?;
    let shop = Shop { logins: Arc::default(), stock, live: server.handle() };
    let router = Router::new()
        .route("/", get(front_page))
        .route("/login", get(login_page).post(log_in))
        .route("/logout", post(log_out))
        .route("/api/deliveries", post(delivery))
        // What is none of the shop's own pages is the live pages' business.
        .fallback_service(server.router())
        .layer(from_fn_with_state(shop.clone(), with_session))
        .with_state(shop);
    Ok((router, server))
}

/// Tells the live pages who is logged in. Sockets and their scripts pass without; pages are for those who have logged in.
async fn with_session(State(shop): State<Shop>, mut request: Request, next: Next) -> Response {
    match shop.logins.of(request.headers()) {
        Some((id, user)) => {
            request.extensions_mut().insert(AppSession::new(id, [("user", user)]));
        }
        None if request.uri().path() == "/stock" => return Redirect::to("/login").into_response(),
        None => {}
    }
    next.run(request).await
}

async fn front_page(State(shop): State<Shop>, headers: HeaderMap) -> Html<String> {
    let greeting = match shop.logins.of(&headers) {
        Some((_, user)) => format!("Welcome back, {user}."),
        None => "You are not logged in.".to_owned(),
    };
    page(&format!("<h1>Plant shop</h1><p>{greeting}</p><p><a href=\"/stock\">What is in stock</a></p>"))
}

async fn login_page() -> Html<String> {
    page(
        "<h1>Log in</h1><form method=\"post\"><p><label>Name <input name=\"user\" autofocus></label></p>\
         <p><label>Password <input name=\"password\" type=\"password\"></label></p><button>Log in</button></form>",
    )
}

#[derive(Deserialize)]
struct Credentials {
    user: String,
    password: String,
}

async fn log_in(State(shop): State<Shop>, Form(credentials): Form<Credentials>) -> Response {
    match shop.logins.log_in(&credentials.user, &credentials.password) {
        Some(id) => {
            ([(header::SET_COOKIE, login::cookie(Some(&id)))], Redirect::to("/stock")).into_response()
        }
        None => {
            (StatusCode::FORBIDDEN, page("<h1>Log in</h1><p>Name or password is wrong.</p>")).into_response()
        }
    }
}

async fn log_out(State(shop): State<Shop>, headers: HeaderMap) -> Response {
    if let Some((id, _)) = shop.logins.of(&headers) {
        // First the session, then its sockets: they find out at once that nobody is logged in any more.
        shop.logins.log_out(&id);
        shop.live.disconnect(&id);
    }
    ([(header::SET_COOKIE, login::cookie(None))], Redirect::to("/")).into_response()
}

#[derive(Deserialize)]
struct Delivery {
    id: u32,
    count: u32,
}

/// A supplier has brought plants: everybody who looks at the stock sees it.
async fn delivery(State(shop): State<Shop>, headers: HeaderMap, Json(delivery): Json<Delivery>) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given != SUPPLIER) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(count) = shop.stock.deliver(delivery.id, delivery.count) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match shop.live.broadcast(STOCK, "changed", &json!({ "id": delivery.id })).await {
        Ok(told) => Json(json!({ "count": count, "told": told })).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn page(content: &str) -> Html<String> {
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Plant shop</title>\
         <link rel=\"icon\" href=\"data:,\"></head><body><main>{content}</main></body></html>"
    ))
}
