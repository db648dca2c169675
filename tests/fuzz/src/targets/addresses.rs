//! Addresses, through the server's router: which route answers what a stranger asks for, and where a guest may send a page.
//!
//! The first byte of an input says which. Routes are compared with a matcher of our own; where pages are sent, with what a
//! browser would make of it.

use std::sync::LazyLock;

use anyhow::{bail, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, Uri, header};
use hothouse::Server;
use hothouse_protocol_tests::{AppFolder, SECRET, settings};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude};

/// A view that takes any parameters, and one that goes where they say.
const COUNTER: &str = "bench-counter";
const SENDS: &str = "asks-everything";
const PATTERNS: [&str; 7] = [
    "/",
    "/items/{id:int}",
    "/items/new",
    "/keys/{key:uuid}",
    "/log/{year:int?}/{month:int?}",
    "/people/{name}",
    "/files/{*path}",
];

pub(super) const TARGET: Target = Target {
    name: "addresses",
    run,
    max_bytes: 1_024,
    dictionary: &[
        "/",
        "//",
        "/.//",
        "/./",
        "/../",
        "..",
        "%2e",
        "%2F",
        "%2f",
        "%5C",
        "\\",
        "%00",
        "%",
        "?",
        "#",
        "@",
        ":",
        "&",
        "=",
        "+",
        "http://evil.example",
        "evil.example",
        "javascript:",
        "\t",
        "\n",
        "\r\n",
        "é",
        "\u{a0}",
        "/items/",
        "/items/new",
        "/keys/",
        "/log/",
        "/people/",
        "/files/",
        "7",
        "-7",
        "9223372036854775807",
        "9223372036854775808",
        "12345678-1234-1234-1234-123456789abc",
        "then=",
    ],
    lengths: &[255, 1_024],
};

struct Site {
    runtime: Runtime,
    router: Router,
    // The router's sockets ask it whether the server is still there.
    _server: Server,
}

fn run(input: &[u8]) -> Verdict {
    static SITE: LazyLock<anyhow::Result<Site>> = LazyLock::new(Site::new);
    let site = SITE.as_ref().map_err(|error| anyhow::anyhow!("no server to ask: {error:#}"))?;
    match input.split_first() {
        Some((kind, text)) if kind % 2 == 0 => site.routes(text),
        Some((kind, text)) => site.sends(*kind, &String::from_utf8_lossy(text)),
        None => Ok(Outcome::refused("empty")),
    }
}

impl Site {
    fn new() -> anyhow::Result<Self> {
        let mut tables = String::new();
        let routes =
            PATTERNS.iter().map(|path| (*path, COUNTER)).chain([("/go", SENDS), ("/gone/{*to}", SENDS)]);
        for (path, component) in routes {
            tables.push_str(&format!("[[routes]]\npath = {path:?}\ncomponent = {component:?}\n"));
        }
        let runtime = Runtime::new()?;
        let app = AppFolder::described(&[COUNTER, SENDS], "", &tables)?;
        let server = runtime.block_on(Server::open(settings(&app, SECRET)?))?;
        Ok(Self { runtime, router: server.router(), _server: server })
    }

    fn ask(&self, uri: Uri) -> anyhow::Result<Response<Body>> {
        let request = Request::get(uri).body(Body::empty())?;
        Ok(self.runtime.block_on(self.router.clone().oneshot(request))?)
    }

    /// A path and a query of a stranger.
    fn routes(&self, text: &[u8]) -> Verdict {
        let Ok(uri) = Uri::try_from(text) else { return Ok(Outcome::refused("no uri")) };
        let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().len());
        if !path.starts_with('/') || path.starts_with("/go") || path.starts_with("/live/") {
            return Ok(Outcome::refused("another page"));
        }
        let expected = PATTERNS.iter().position(|pattern| matches(pattern, &path));
        match (self.ask(uri)?.status(), expected) {
            (StatusCode::OK, Some(pattern)) => Ok(Outcome::accepted((pattern, magnitude(query)))),
            (StatusCode::NOT_FOUND, None) => {
                let first = path.split('/').nth(1);
                let nearest = PATTERNS.iter().position(|pattern| pattern.split('/').nth(1) == first);
                Ok(Outcome::refused((nearest, magnitude(path.split('/').count()))))
            }
            (status, expected) => bail!("`{path}` is {status}, and answered by {expected:?}"),
        }
    }

    /// An address that a guest writes.
    fn sends(&self, kind: u8, text: &str) -> Verdict {
        let verb = match kind / 2 % 3 {
            0 => "navigate",
            1 => "redirect",
            _ => "patch",
        };
        let then: String = form_urlencoded::byte_serialize(format!("{verb}:{text}").as_bytes()).collect();
        let response = self.ask(Uri::try_from(format!("/go?then={then}"))?)?;
        let Some(to) = response.headers().get(header::LOCATION) else {
            ensure!(!response.status().is_success(), "`{text}` led nowhere and nobody was told");
            ensure!(verb == "patch" || !is_plain(text), "`{text}` is refused: {}", response.status());
            return Ok(Outcome::refused((verb, text.len() > 1, response.status().as_u16())));
        };
        ensure!(response.status().is_redirection(), "a location with {}", response.status());
        let to = to.to_str()?;
        let graphic = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let path = to.split(['?', '#']).next().unwrap_or_default();
        let is_local = path.starts_with('/') && !path.starts_with("//") && graphic;
        ensure!(is_local, "`{}` leads to `{to}`", text.escape_debug());
        // A browser takes dot segments out, and must not find another host then.
        let has_dots =
            path.split('/').any(|segment| matches!(&*segment.to_lowercase().replace("%2e", "."), "." | ".."));
        ensure!(!has_dots, "`{}` leads to `{to}`, which is another address", text.escape_debug());
        ensure!(verb != "patch" || path.starts_with("/go"), "a patch to another view: `{to}`");
        ensure!(!is_plain(text) || to == text, "`{text}` leads to `{to}`");
        Ok(Outcome::accepted((
            verb,
            magnitude(path.len()),
            to.contains('?'),
            to.contains('#'),
            to.contains('%'),
        )))
    }
}

/// An address about which there can be no doubt.
fn is_plain(text: &str) -> bool {
    let segments = text.strip_prefix('/').map(|path| path.split('/'));
    segments.is_some_and(|mut segments| {
        segments
            .all(|segment| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    })
}

/// Whether a pattern answers a path, segment by segment.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        let (wanted, found) = (patterns.next(), segments.next());
        let fits = match (wanted, found) {
            (None, None) => return true,
            (Some("{*path}"), Some(first)) => return !first.is_empty() || segments.next().is_some(),
            (Some("{id:int}" | "{year:int?}" | "{month:int?}"), Some(found)) => is_int(&decoded(found)),
            (Some("{year:int?}"), None) => return true,
            (Some("{month:int?}"), None) => return true,
            (Some("{key:uuid}"), Some(found)) => is_uuid(&decoded(found)),
            (Some("{name}"), Some(found)) => !found.is_empty(),
            (Some(wanted), Some(found)) => wanted == found,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
}

/// Bytes that are encoded, decoded; what is no UTF-8 then is replaced.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let encoded = digits.filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match encoded.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_int(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let value = digits
        .chars()
        .try_fold(0_u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit.to_digit(10)?)));
    let limit = i64::MAX.unsigned_abs() + u64::from(text.starts_with('-'));
    !digits.is_empty() && value.is_some_and(|value| value <= limit)
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
