//! Requests: the dead render of a view, the scripts of its page, the handshake of its socket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::Cookie;
use hothouse_diff::Templates;
use hothouse_runtime::{
    CallError, Context, Effect, EndCause, Failure, LeaveReason, Phase, RenderScope, View,
};

use crate::app::Routed;
use crate::app_session::AppSession;
use crate::browser_session::BrowserSession;
use crate::caller::Caller;
use crate::claims::{ReloadClaims, StaticClaims, ViewClaims};
use crate::limits::Limit;
use crate::page::{Page, error_page, status_of};
use crate::site::Site;
use crate::telemetry::metrics::{Kind, Step};
use crate::telemetry::{self, InstanceTelemetry, Refused};
use crate::{socket, token};

/// Longest path and query that are looked at, in bytes: what the client may send as its URL.
const MAX_URL_BYTES: usize = 8 * 1024;
/// As many random bits as Phoenix puts into the id of a view: 96, 16 characters.
const VIEW_ID_BYTES: usize = 12;
/// Set by the client after a join was refused with `reload` (wire protocol 1.4).
const RELOAD_COOKIE: &str = "__phoenix_reload_status__";

/// All that one app answers.
pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new().route("/live/websocket", get(socket::upgrade)).fallback(get(file_or_page)).with_state(site)
}

/// Answers what pages load, or a page.
async fn file_or_page(
    site: State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    match site.app.assets.respond(uri.path(), &headers) {
        Some(file) => file,
        None => page(site, uri, headers, extensions).await,
    }
}

/// Answers a page request: mounts the view, renders it once, and lets it go.
async fn page(
    State(site): State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let caller = Caller::of(&headers, &extensions, &site.proxies);
    if let Some(address) = caller.address
        && !site.pages.take(address, Instant::now())
    {
        let limit = site.app.limits.get(Limit::Pages);
        site.telemetry.page_refused(&PageRefused::TooOften { limit });
        let message = "Too many pages were asked for at once. Try again in a moment.";
        return later(StatusCode::TOO_MANY_REQUESTS, message, 1);
    }
    if uri.path_and_query().is_some_and(|path| path.as_str().len() > MAX_URL_BYTES) {
        site.telemetry.page_refused(&PageRefused::UrlTooLong { limit: MAX_URL_BYTES });
        return error_page(StatusCode::URI_TOO_LONG, "This address is too long.");
    }
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    if let Some(refused) = refused_by_reload_cookie(&site, cookies) {
        return refused;
    }
    let Some(routed) = site.app.route(uri.path(), uri.query()) else {
        return error_page(StatusCode::NOT_FOUND, "There is no page at this address.");
    };
    let (view, address) = (routed.view.clone(), uri.path_and_query().map_or("/", |path| path.as_str()));
    if let Some(rest) = view.crash_loops.rest(address, Instant::now()) {
        return resting(&site, rest);
    }
    let session = extensions.get::<AppSession>();
    let Some(place) = site.instances.take(&site.telemetry) else {
        site.telemetry.page_refused(&PageRefused::TooManyInstances { limit: site.instances.max() });
        return full();
    };
    let outcome = render_page(&site, &uri, cookies, session, &caller, routed).await;
    drop(place);
    match &outcome {
        Ok(_) | Err(PageError::Call(CallError::Refused(_)) | PageError::Random) => {
            view.crash_loops.mounted(Phase::Dead, address);
        }
        // Not this view's fault.
        Err(PageError::Call(CallError::Ended(EndCause::TotalMemory { .. }))) => return full(),
        Err(PageError::Call(CallError::Ended(_)) | PageError::Document) => {
            view.crash_loops.crashed(Phase::Dead, address, Instant::now());
        }
    }
    outcome.unwrap_or_else(|error| match error {
        PageError::Call(CallError::Refused(failure)) => error_page(status_of(failure.kind), &failure.message),
        PageError::Call(CallError::Ended(_)) | PageError::Document | PageError::Random => error_page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "This page stopped working while it was being made. Try again in a moment.",
        ),
    })
}

/// A page for which there is no place, or no memory.
fn full() -> Response {
    let message = "Too many pages of this app are open at once. Try again in a moment.";
    later(StatusCode::SERVICE_UNAVAILABLE, message, 1)
}

/// A page whose view broke several times in a row.
fn resting(site: &Site, rest: Duration) -> Response {
    let seconds = rest.as_secs() + 1;
    site.telemetry.page_refused(&PageRefused::Resting { seconds });
    let message =
        format!("This page stopped working several times in a row and is resting. Try again in {seconds} s.");
    later(StatusCode::SERVICE_UNAVAILABLE, &message, seconds)
}

/// A page that may be had after so many seconds.
fn later(status: StatusCode, message: &str, seconds: u64) -> Response {
    let mut response = error_page(status, message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Why a page is refused before its view is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageRefused {
    /// The path and query are too long.
    #[error("path and query have more than {limit} bytes")]
    UrlTooLong {
        /// The limit.
        limit: usize,
    },
    /// The app has as many instances as it may.
    #[error("the app has {limit} instances of its views already: see `instances`")]
    TooManyInstances {
        /// The limit.
        limit: u64,
    },
    /// The address asks too often.
    #[error("more than {limit} pages a second for one address: see `pages_per_second`")]
    TooOften {
        /// The limit.
        limit: u64,
    },
    /// Its view broke several times in a row.
    #[error("the view broke several times in a row at this address, which rests for {seconds} s")]
    Resting {
        /// For how long.
        seconds: u64,
    },
}

impl Refused for PageRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::UrlTooLong { .. } => "url-too-long",
            Self::TooManyInstances { .. } => "page-instances",
            Self::TooOften { .. } => "page-rate",
            Self::Resting { .. } => "page-resting",
        }
    }

    fn is_limit(&self) -> bool {
        true
    }
}

/// Why there is no page; the log has been told.
enum PageError {
    Call(CallError),
    Document,
    Random,
}

impl PageError {
    fn of_call(error: CallError, telemetry: &InstanceTelemetry) -> Self {
        telemetry.call_failed(&error);
        Self::Call(error)
    }
}

impl From<getrandom::Error> for PageError {
    fn from(error: getrandom::Error) -> Self {
        telemetry::no_randomness(&error);
        Self::Random
    }
}

async fn render_page(
    site: &Site,
    uri: &Uri,
    cookies: Option<&str>,
    session: Option<&AppSession>,
    caller: &Caller,
    routed: Routed,
) -> Result<Response, PageError> {
    let known = BrowserSession::from_cookies(cookies, &site.keys, site.origins.transport());
    let is_new = known.is_none();
    let browser = match known {
        Some(browser) => browser,
        None => BrowserSession::new()?,
    };
    let mut id = [0; VIEW_ID_BYTES];
    getrandom::fill(&mut id)?;
    let view_id = format!("phx-{}", URL_SAFE_NO_PAD.encode(id));

    let telemetry = routed.view.telemetry.instance(&view_id);
    let rendered = dead_render(site, uri, session, caller, &routed, &telemetry).await?;
    let session_token = token::sign(
        &site.keys,
        &ViewClaims {
            id: view_id.clone(),
            view: routed.view.name.clone(),
            browser: browser.id.clone(),
            app_session: session.map(AppSession::fingerprint),
        },
    );
    let static_token = token::sign(&site.keys, &StaticClaims { id: view_id.clone() });
    let mut response = Page {
        layout: &site.app.layout,
        assets: &site.app.assets,
        default_title: &site.app.title,
        title: rendered.title.as_deref(),
        metadata: &rendered.metadata,
        public_url: site.origins.public_url(),
        asks_time_zone: site.app.asks_time_zone,
        csrf_token: &browser.csrf_token()?,
        view_id: &view_id,
        session_token: &session_token,
        static_token: &static_token,
        content: &rendered.html,
    }
    .into_response();
    if is_new
        && let Ok(cookie) = HeaderValue::from_str(&browser.set_cookie(&site.keys, site.origins.transport()))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

struct DeadRender {
    html: String,
    title: Option<String>,
    metadata: Vec<(String, String)>,
}

async fn dead_render(
    site: &Site,
    uri: &Uri,
    session: Option<&AppSession>,
    caller: &Caller,
    routed: &Routed,
    telemetry: &InstanceTelemetry,
) -> Result<DeadRender, PageError> {
    let call_failed = |error| PageError::of_call(error, telemetry);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let context = Context {
        params: routed.params.clone(),
        session: session.map(AppSession::values).cloned().unwrap_or_default(),
        connection: Arc::new(caller.connection()),
        ..Context::new(Phase::Dead, &routed.view.name, path)
    };
    let (mut view, effects) =
        routed.view.mount(&site.app.tenant, context, telemetry).await.map_err(call_failed)?;
    let rendered = render_mounted(path, routed, telemetry, &mut view, effects).await;
    telemetry.noticed(view.notices());
    rendered
}

async fn render_mounted(
    path: &str,
    routed: &Routed,
    telemetry: &InstanceTelemetry,
    view: &mut View,
    mut effects: Vec<Effect>,
) -> Result<DeadRender, PageError> {
    let call_failed = |error| PageError::of_call(error, telemetry);
    let handled = view.handle_params(path, &routed.params).await;
    telemetry.step(Step::HandleParams, view.last_call());
    effects.extend(handled.map_err(call_failed)?);
    let document = view.render(RenderScope::Everything).await;
    telemetry.step(Step::Render, view.last_call());
    let document = document.map_err(call_failed)?;
    let metadata = view.take_metadata();
    let cause = view.terminate(LeaveReason::Left).await;
    telemetry.step(Step::Terminate, view.last_call());
    if let Some(cause) = cause {
        telemetry.ended(&cause);
    }
    let began = Instant::now();
    let mut templates = Templates::new(routed.view.interner.clone());
    let (html, used) =
        hothouse_diff::html(document, &mut templates, &routed.view.documents).map_err(|fault| {
            telemetry.document_refused(&fault);
            PageError::Document
        })?;
    telemetry.document(used, &routed.view.documents);
    telemetry.step(Step::Diff, began.elapsed());
    telemetry.rendered(Kind::Page, html.len());
    // Nothing but the title can be carried out where there is no socket.
    let title = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Title(title) => Some(title),
        Effect::Reply(_)
        | Effect::PushEvent { .. }
        | Effect::Subscribe(_)
        | Effect::Unsubscribe(_)
        | Effect::Broadcast { .. } => None,
    });
    Ok(DeadRender { html, title, metadata })
}

/// After a join was refused with `reload`, the client loads the page again with the reason in a cookie.
fn refused_by_reload_cookie(site: &Site, cookies: Option<&str>) -> Option<Response> {
    let cookie =
        Cookie::split_parse(cookies?).filter_map(Result::ok).find(|cookie| cookie.name() == RELOAD_COOKIE)?;
    let mut response = match token::verify::<ReloadClaims>(&site.keys, cookie.value()) {
        Ok(claims) => error_page(
            StatusCode::from_u16(claims.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            &claims.message,
        ),
        Err(_) => error_page(StatusCode::INTERNAL_SERVER_ERROR, "This page stopped working."),
    };
    response.headers_mut().append(
        header::SET_COOKIE,
        HeaderValue::from_static("__phoenix_reload_status__=; Max-Age=0; Path=/; SameSite=Lax"),
    );
    Some(response)
}

/// The reload token for a view that refused to mount at join.
pub(crate) fn reload_token(site: &Site, failure: &Failure) -> (u16, String) {
    let status = status_of(failure.kind).as_u16();
    (status, token::sign(&site.keys, &ReloadClaims { status, message: failure.message.clone() }))
}
