//! The flash that a request brings in its cookie, through the server's router: a page begins with a message only if the
//! cookie is the very token that was signed for this browser, and it is taken away in any case.
//!
//! An input says how the token is edited, and what stands around it.

use std::sync::LazyLock;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hothouse::Server;
use hothouse_protocol_tests::{AppFolder, SECRET, settings};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::tokens::{MAX_PAGE_BYTES, MAX_TOKEN_BYTES, edit};
use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude};

const COOKIE: &str = "__phoenix_flash__";
/// What the view puts in that leaves.
const MESSAGE: &str = "\"left\"";
const COMPONENT: &str = "asks-everything";

pub(super) const TARGET: Target = Target {
    name: "flash",
    run,
    max_bytes: 2 * MAX_TOKEN_BYTES,
    dictionary: &[
        "\u{0}",
        "\u{1}",
        "\u{2}",
        "\u{3}",
        "=",
        ".",
        "; ",
        ";",
        "\"",
        " ",
        "%",
        "__phoenix_flash__=",
        "A",
        "AQ",
        "_",
        "-",
        "==",
    ],
    lengths: &[43, 255, MAX_TOKEN_BYTES],
};

/// A server, and what it signed.
struct Signed {
    runtime: Runtime,
    router: Router,
    session: String,
    /// Of this browser; of another; of another kind.
    tokens: [String; 3],
    // The router's sockets ask it whether the server is still there.
    _server: Server,
}

fn run(input: &[u8]) -> Verdict {
    static SIGNED: LazyLock<anyhow::Result<Signed>> = LazyLock::new(Signed::new);
    let signed = SIGNED.as_ref().map_err(|error| anyhow::anyhow!("no server to ask: {error:#}"))?;
    let (cookie, kind) = signed.cookie(input);
    let header = [format!("hothouse_session={}; {COOKIE}=", signed.session).as_bytes(), &cookie].concat();
    let Ok(header) = HeaderValue::from_bytes(&header) else { return Ok(Outcome::refused("header")) };
    let shown = || String::from_utf8_lossy(&cookie).into_owned();
    let response = signed.runtime.block_on(ask(&signed.router, "/", Some(header)))?;
    ensure!(response.status() == StatusCode::OK, "the page is {}: {}", response.status(), shown());
    let expired = cookies(&response).any(|cookie| cookie.starts_with(COOKIE) && cookie.contains("Max-Age=0"));
    // Bytes that are no text are no cookie either.
    ensure!(
        expired || std::str::from_utf8(&cookie).is_err() || !cookie.is_ascii(),
        "it is not taken away: {}",
        shown()
    );
    let page = signed.runtime.block_on(axum::body::to_bytes(response.into_body(), MAX_PAGE_BYTES))?;
    let has_message = payload(&page, "data-phx-static")?.contains(MESSAGE);
    let own = signed.tokens.first().map(String::as_bytes).unwrap_or_default();
    if has_message {
        let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let stands_in = cookie.split(|byte| !is_of_token(byte)).any(|run| run == own);
        ensure!(stands_in, "a message that was never signed: {}", shown());
        return Ok(Outcome::accepted(kind));
    }
    ensure!(cookie != own, "the message that was signed is not shown");
    Ok(Outcome::refused((kind, magnitude(cookie.len()))))
}

impl Signed {
    fn new() -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let app = AppFolder::new(&[("/", COMPONENT)])?;
        let server = runtime.block_on(Server::open(settings(&app, SECRET)?))?;
        let router = server.router();
        let left = || -> anyhow::Result<(String, String)> {
            let response = runtime.block_on(ask(&router, "/?then=leave:/", None))?;
            let value = |name: &str| {
                let mut found =
                    cookies(&response).filter_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='));
                found.next().and_then(|value| value.split(';').next()).map(str::to_owned)
            };
            Ok((value("hothouse_session").context("no session")?, value(COOKIE).context("no flash")?))
        };
        let ((session, own), (_, foreign)) = (left()?, left()?);
        let tokens = [own, foreign, session.clone()];
        Ok(Self { runtime, router, session, tokens, _server: server })
    }

    fn cookie(&self, input: &[u8]) -> (Vec<u8>, u8) {
        let Some(([which, edits], mut rest)) = input.split_first_chunk::<2>() else {
            return (input.to_vec(), u8::MAX);
        };
        // That of the browser most often.
        let which = if which.is_multiple_of(2) { 0 } else { which % 3 };
        let mut token = self.tokens.get(usize::from(which)).cloned().unwrap_or_default().into_bytes();
        for _ in 0..edits / 64 {
            let Some(([kind, at, byte], after)) = rest.split_first_chunk::<3>() else { break };
            rest = after;
            edit(&mut token, kind % 8, usize::from(*at), *byte);
        }
        if edits % 2 == 1 {
            token.extend_from_slice(rest);
        }
        (token, which)
    }
}

async fn ask(router: &Router, path: &str, cookies: Option<HeaderValue>) -> anyhow::Result<Response<Body>> {
    let mut request = Request::get(path).body(Body::empty())?;
    if let Some(cookies) = cookies {
        request.headers_mut().insert(header::COOKIE, cookies);
    }
    Ok(router.clone().oneshot(request).await?)
}

fn cookies(response: &Response<Body>) -> impl Iterator<Item = &str> {
    response.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok())
}

/// What a token on the page says: it is signed, and no secret.
fn payload(page: &[u8], attribute: &str) -> anyhow::Result<String> {
    let page = String::from_utf8_lossy(page);
    let (_, rest) = page.split_once(&format!("{attribute}=\"")).context("a page without its token")?;
    let token = rest.split(['"', '.']).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(token)?).into_owned())
}
