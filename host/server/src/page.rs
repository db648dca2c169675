//! The HTML around a view: head, tokens, scripts; and the pages that say why there is no view.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hothouse_diff::escape;
use hothouse_runtime::FailureKind;

use crate::app::PageTitle;
use crate::assets::CLIENT_ASSETS;

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

/// A view's first render and what the client needs to join it.
pub(crate) struct Page<'a> {
    /// What stands around titles, and in the place of one.
    pub(crate) titles: &'a PageTitle,
    /// The URL of the app's style sheet.
    pub(crate) stylesheet: Option<&'a str>,
    pub(crate) title: Option<&'a str>,
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
        let mut document = String::with_capacity(self.content.len() + 2048);
        push_title(&mut document, self.titles, self.title);
        close_title(&mut document, self.stylesheet);
        push_all(&mut document, &["<meta name=\"csrf-token\" content=\"", self.csrf_token, "\">"]);
        for asset in CLIENT_ASSETS.iter().filter(|asset| asset.path.ends_with(".js")) {
            push_all(&mut document, &["<script defer phx-track-static src=\"", asset.path, "\"></script>"]);
        }
        push_all(
            &mut document,
            &[
                "</head><body><div id=\"",
                self.view_id,
                "\" data-phx-main data-phx-session=\"",
                self.session_token,
                "\" data-phx-static=\"",
                self.static_token,
                "\">",
                self.content,
                "</div><div id=\"hothouse-connection\" role=\"status\"><p>Reconnecting…</p></div>",
                "<div id=\"hothouse-notices\" role=\"alert\"></div></body></html>",
            ],
        );
        respond(StatusCode::OK, document)
    }
}

/// A page without a view, around content that is escaped already.
pub(crate) fn without_view(
    status: StatusCode,
    title: &str,
    stylesheet: Option<&str>,
    content: &str,
) -> Response {
    let mut document = String::with_capacity(1024);
    open_document(&mut document, "");
    escape::push_escaped(&mut document, title);
    close_title(&mut document, stylesheet);
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

/// Up to the title, of which attributes are given.
fn open_document(document: &mut String, attributes: &str) {
    push_all(
        document,
        &[
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title",
            attributes,
            ">",
        ],
    );
}

fn close_title(document: &mut String, stylesheet: Option<&str>) {
    document.push_str("</title><link rel=\"icon\" href=\"data:,\">");
    for asset in CLIENT_ASSETS.iter().filter(|asset| asset.path.ends_with(".css")) {
        push_stylesheet(document, asset.path);
    }
    // Last: its rules win.
    if let Some(path) = stylesheet {
        push_stylesheet(document, path);
    }
}

/// The title as the client would make it of what the view has set, and what it needs for that (wire protocol 1.3).
fn push_title(document: &mut String, title: &PageTitle, set: Option<&str>) {
    let mut attributes = String::new();
    for (name, value) in [("default", &title.default), ("prefix", &title.prefix), ("suffix", &title.suffix)] {
        if !value.is_empty() {
            push_all(&mut attributes, &[" data-", name, "=\""]);
            escape::push_escaped(&mut attributes, value);
            attributes.push('"');
        }
    }
    open_document(document, &attributes);
    let set = set.filter(|set| !set.trim().is_empty()).unwrap_or(&title.default);
    for part in [title.prefix.as_str(), set, title.suffix.as_str()] {
        escape::push_escaped(document, part);
    }
}

fn push_stylesheet(document: &mut String, path: &str) {
    push_all(document, &["<link phx-track-static rel=\"stylesheet\" href=\"", path, "\">"]);
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
