//! The HTML around a view: head, tokens, scripts; and the pages that say why there is no view.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hothouse_diff::escape;
use hothouse_runtime::FailureKind;
use url::Url;

use crate::app::PageTitle;
use crate::assets::{self, Assets};
use crate::layout::Layout;
use crate::metadata;

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

/// What the client's states look like: each is shown by `page.css` while the view's element has its class.
const CONNECTION: &str = "<div id=\"hothouse-connection\" role=\"status\">\
     <p class=\"connecting\">Connecting…</p>\
     <p class=\"offline\">Connection lost. Trying again…</p>\
     <p class=\"failed\">Something went wrong. Trying again…</p></div>";

/// A view's first render and what the client needs to join it.
pub(crate) struct Page<'a> {
    /// What stands around titles, and in the place of one.
    pub(crate) titles: &'a PageTitle,
    pub(crate) layout: &'a Layout,
    pub(crate) assets: &'a Assets,
    pub(crate) title: Option<&'a str>,
    /// What the view tells search engines and previews: names, which are checked, and values.
    pub(crate) metadata: &'a [(String, String)],
    pub(crate) public_url: Option<&'a Url>,
    /// Whether the page's script is to say in which time zone it is.
    pub(crate) asks_time_zone: bool,
    pub(crate) csrf_token: &'a str,
    pub(crate) view_id: &'a str,
    pub(crate) session_token: &'a str,
    pub(crate) static_token: &'a str,
    /// The view's markup, already escaped.
    pub(crate) content: &'a str,
}

impl Page<'_> {
    /// The complete document.
    pub(crate) fn into_response(self) -> Response {
        let Layout { before_head, before_body, after_body } = self.layout;
        let mut document =
            String::with_capacity(self.content.len() + 2048 + before_head.len() + after_body.len());
        document.push_str(before_head);
        let title = push_title(&mut document, self.titles, self.title);
        metadata::push(&mut document, self.metadata, title, self.public_url);
        if self.asks_time_zone {
            document.push_str("<meta name=\"hothouse-time-zone\" content=\"asked\">");
        }
        push_head(&mut document, self.assets.icon(), self.assets.stylesheets());
        push_all(&mut document, &["<meta name=\"csrf-token\" content=\"", self.csrf_token, "\">"]);
        for (component, path) in self.assets.hooks() {
            push_all(&mut document, &["<link rel=\"modulepreload\" phx-track-static href=\"", path]);
            push_all(&mut document, &["\" data-hooks=\"", component, "\">"]);
        }
        for path in assets::scripts() {
            push_all(&mut document, &["<script defer phx-track-static src=\"", path, "\"></script>"]);
        }
        push_all(
            &mut document,
            &[
                before_body,
                "<div id=\"",
                self.view_id,
                "\" data-phx-main data-phx-session=\"",
                self.session_token,
                "\" data-phx-static=\"",
                self.static_token,
                "\">",
                self.content,
                "</div>",
                CONNECTION,
                "<div id=\"hothouse-notices\" role=\"alert\"></div>",
                after_body,
            ],
        );
        respond(StatusCode::OK, document)
    }
}

/// A page without a view, around content that is escaped already.
pub(crate) fn without_view(status: StatusCode, title: &str, assets: &Assets, content: &str) -> Response {
    let mut document = String::with_capacity(1024);
    document.push_str(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>",
    );
    escape::push_escaped(&mut document, title);
    document.push_str("</title>");
    push_head(&mut document, assets.icon(), assets.stylesheets());
    push_all(&mut document, &["</head><body>", content, "</body></html>"]);
    respond(status, document)
}

/// The HTTP status of a failure that a view declared while rendering its page.
pub(crate) fn status_of(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::NotFound => StatusCode::NOT_FOUND,
        FailureKind::Forbidden => StatusCode::FORBIDDEN,
        FailureKind::BadInput => StatusCode::BAD_REQUEST,
        FailureKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::Limit => StatusCode::TOO_MANY_REQUESTS,
        FailureKind::NotHere | FailureKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The title as the client would make it of what the view has set, and what it needs for that (wire protocol 1.3).
/// Answers what the view has set, or what stands in its place.
fn push_title<'t>(document: &mut String, title: &'t PageTitle, set: Option<&'t str>) -> &'t str {
    document.push_str("<title");
    for (name, value) in [("default", &title.default), ("prefix", &title.prefix), ("suffix", &title.suffix)] {
        if !value.is_empty() {
            push_all(document, &[" data-", name, "=\""]);
            escape::push_escaped(document, value);
            document.push('"');
        }
    }
    document.push('>');
    let set = set.filter(|set| !set.trim().is_empty()).unwrap_or(&title.default);
    for part in [title.prefix.as_str(), set, title.suffix.as_str()] {
        escape::push_escaped(document, part);
    }
    document.push_str("</title>");
    set
}

/// What every page has in its head beside its title.
fn push_head<'a>(document: &mut String, icon: &str, stylesheets: impl Iterator<Item = &'a str>) {
    document.push_str("<link rel=\"icon\" href=\"");
    escape::push_escaped(document, icon);
    document.push_str("\">");
    for path in stylesheets {
        push_all(document, &["<link phx-track-static rel=\"stylesheet\" href=\"", path, "\">"]);
    }
}

fn push_all(document: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| document.push_str(part));
}

fn respond(status: StatusCode, document: String) -> Response {
    let mut response = (status, Html(document)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        // Pages carry tokens: no cache that others share may keep them.
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
