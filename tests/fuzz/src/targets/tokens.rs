//! Cookies of requests, through the server's router: nothing is a session but the very token that the server signed or
//! sealed for one, and nothing that a stranger can write passes for a token of a refused join.
//!
//! An input names a token that the server did sign, edits it, and says what stands around it in the header.

use std::sync::LazyLock;

use anyhow::{Context as _, bail, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use hothouse::Server;
use hothouse_protocol_tests::{AppFolder, SECRET, settings};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude};

const SESSION_COOKIE: &str = "hothouse_session";
const RELOAD_COOKIE: &str = "__phoenix_reload_status__";
/// A view that costs little: it is rendered for most inputs.
const COMPONENT: &str = "bench-counter";
/// A token is at most so long, in bytes.
pub(super) const MAX_TOKEN_BYTES: usize = 4 * 1024;
pub(super) const MAX_PAGE_BYTES: usize = 64 * 1024;

pub(super) const TARGET: Target = Target {
    name: "tokens",
    run,
    max_bytes: 2 * MAX_TOKEN_BYTES,
    dictionary: &[
        "\u{0}",
        "\u{1}",
        "\u{2}",
        "\u{3}",
        "\u{4}",
        "=",
        ".",
        "..",
        "; ",
        ";",
        "\"",
        " ",
        "%",
        "hothouse_session=",
        "__Host-hothouse_session=",
        "__phoenix_reload_status__=",
        "A",
        "AQ",
        "AAAA",
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
    /// The value of the cookie of a session.
    session: String,
    /// What inputs begin with: tokens of other kinds and of another server, and the session.
    others: Vec<String>,
    // The router's sockets ask it whether the server is still there.
    _server: Server,
}

fn run(input: &[u8]) -> Verdict {
    static SIGNED: LazyLock<anyhow::Result<Signed>> = LazyLock::new(|| Signed::new(""));
    static SEALED: LazyLock<anyhow::Result<Signed>> =
        LazyLock::new(|| Signed::new("session = { encrypted = true }"));
    let is_sealed = input.get(1).is_some_and(|around| around & 32 == 32);
    let asked = if is_sealed { &SEALED } else { &SIGNED };
    let signed = asked.as_ref().map_err(|error| anyhow::anyhow!("no server to ask: {error:#}"))?;
    let (header, kind) = signed.header(input);
    let Ok(value) = HeaderValue::from_bytes(&header) else { return Ok(Outcome::refused("header")) };
    let shown = || String::from_utf8_lossy(&header).into_owned();
    let response = signed.runtime.block_on(ask(&signed.router, Some(value)))?;
    match response.status() {
        StatusCode::OK => {}
        // There was a token of a refused join, and it was none.
        StatusCode::INTERNAL_SERVER_ERROR if has(&header, RELOAD_COOKIE) => {
            return Ok(Outcome::refused((kind, "reload")));
        }
        status => bail!("the page is {status}: {}", shown()),
    }
    let is_new = session_of(&response).is_some();
    if !is_new {
        ensure!(signed.stands_in(&header), "a session that was never signed: {}", shown());
        return Ok(Outcome::accepted(kind));
    }
    let is_right = header == format!("{SESSION_COOKIE}={}", signed.session).as_bytes();
    ensure!(!is_right, "the session that was signed is refused: {}", shown());
    Ok(Outcome::refused((kind, magnitude(header.len()))))
}

impl Signed {
    /// A server whose manifest says this of its sessions.
    fn new(top: &str) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let (server, session, page) = runtime.block_on(open(SECRET, top))?;
        let (_, foreign, _) = runtime.block_on(open("another secret for tests, 32 bytes or more", top))?;
        let mut others = vec![session.clone(), foreign, String::new()];
        for name in ["data-phx-session", "data-phx-static", "content"] {
            // The last one is the CSRF token: the other `content` is not before it.
            let found = page.rsplit_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
            others.push(found.context("a page without its tokens")?.0.to_owned());
        }
        Ok(Self { runtime, router: server.router(), session, others, _server: server })
    }

    /// A `Cookie` header out of an input, and which kind it is.
    fn header(&self, input: &[u8]) -> (Vec<u8>, u8) {
        let Some(([which, around, edits], mut rest)) = input.split_first_chunk::<3>() else {
            return (input.to_vec(), u8::MAX);
        };
        let count = u8::try_from(self.others.len()).unwrap_or(u8::MAX);
        // The session, which comes first, most often.
        let which = if which.is_multiple_of(2) { 0 } else { which % count };
        let mut token = self.others.get(usize::from(which)).cloned().unwrap_or_default().into_bytes();
        for _ in 0..edits / 64 {
            let Some(([kind, at, byte], after)) = rest.split_first_chunk::<3>() else { break };
            rest = after;
            edit(&mut token, kind % 8, usize::from(*at), *byte);
        }
        let name = if around & 16 == 16 { RELOAD_COOKIE } else { SESSION_COOKIE };
        let around = around % 16;
        let mut header = Vec::new();
        if around & 1 == 1 {
            header.extend_from_slice(rest);
        }
        if around != 8 {
            header.extend_from_slice(name.as_bytes());
            header.push(b'=');
        }
        header.extend_from_slice(if around & 4 == 4 { b"\"" } else { b"" });
        header.extend_from_slice(&token);
        header.extend_from_slice(if around & 4 == 4 { b"\"" } else { b"" });
        if around & 2 == 2 {
            header.extend_from_slice(rest);
        }
        (header, which * 16 + around)
    }

    /// Whether the token of the session stands in a header, whole and by itself.
    fn stands_in(&self, header: &[u8]) -> bool {
        let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        header.split(|byte| !is_of_token(byte)).any(|run| run == self.session.as_bytes())
    }
}

pub(super) fn edit(token: &mut Vec<u8>, kind: u8, at: usize, byte: u8) {
    // Places are counted from both ends: what is signed stands first, and the signature last.
    let from_end = (token.len() + at).saturating_sub(256);
    let at = if at < 128 { at.min(token.len()) } else { from_end };
    match kind {
        0 | 1 => {
            const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let letter = LETTERS.get(usize::from(byte) % LETTERS.len()).copied().unwrap_or(b'A');
            token.splice(at..(at + 1).min(token.len()), [letter]);
        }
        2 => {
            if let Some(found) = token.get_mut(at) {
                *found ^= 1 << (byte % 8);
            }
        }
        3 => token.insert(at, byte),
        4 => drop(token.drain(at..(at + usize::from(byte)).min(token.len()))),
        5 => token.truncate(at),
        6 => token.rotate_left(at),
        _ => token.extend(std::iter::repeat_n(byte, at)),
    }
}

async fn open(secret: &str, top: &str) -> anyhow::Result<(Server, String, String)> {
    let routes = format!("[[routes]]\npath = \"/\"\ncomponent = \"{COMPONENT}\"\n");
    let app = AppFolder::described(&[COMPONENT], top, &routes)?;
    let server = Server::open(settings(&app, secret)?).await?;
    let response = ask(&server.router(), None).await?;
    let session = session_of(&response).context("a page without a session")?;
    let page = axum::body::to_bytes(response.into_body(), MAX_PAGE_BYTES).await?;
    Ok((server, session, String::from_utf8(page.to_vec())?))
}

async fn ask(router: &Router, cookies: Option<HeaderValue>) -> anyhow::Result<Response<Body>> {
    let mut request = Request::get("/").body(Body::empty())?;
    if let Some(cookies) = cookies {
        request.headers_mut().insert(header::COOKIE, cookies);
    }
    Ok(router.clone().oneshot(request).await?)
}

/// The session that a response begins.
fn session_of(response: &Response<Body>) -> Option<String> {
    let mut cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let value =
        cookies.find_map(|cookie| cookie.to_str().ok()?.strip_prefix(SESSION_COOKIE)?.strip_prefix('='))?;
    value.split(';').next().map(str::to_owned)
}

fn has(header: &[u8], word: &str) -> bool {
    header.windows(word.len()).any(|part| part == word.as_bytes())
}
