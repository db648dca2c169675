//! Requests: pages with the dead render of their view, the files that they load, the handshake of their socket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hothouse_runtime::{CallError, EndCause, Failure, Phase};

use crate::app::Routed;
use crate::app_session::AppSession;
use crate::browser_session::{BrowserSession, Values, request};
use crate::caller::Caller;
use crate::claims::{ReloadClaims, StaticClaims, ViewClaims};
use crate::cookies::{cookie, expired, with_cookies};
use crate::flash::{self, FLASH_COOKIE, Flash};
use crate::limits::Limit;
use crate::local_address::MAX_ADDRESS_BYTES as MAX_URL_BYTES;
use crate::navigation::Course;
use crate::page::{Page, status_of};
use crate::site::Site;
use crate::telemetry::Refused;
use crate::visitor::Visitor;
use crate::{socket, token};

pub(crate) mod dead_render;

use dead_render::{Dead, PageError, dead_render};

/// What the page says that could not be made.
const STOPPED: &str = "This page stopped working while it was being made. Try again in a moment.";
/// As many random bits as Phoenix puts into the id of a view: 96, 16 characters. There is nothing before them, since each
/// frame says the id, and the client looks for a prefix nowhere.
const VIEW_ID_BYTES: usize = 12;
/// Set by the client after a join was refused with `reload` (wire protocol 1.4).
const RELOAD_COOKIE: &str = "__phoenix_reload_status__";

/// All that one app answers.
pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/live/websocket", get(socket::upgrade))
        .route(request::PATH, post(request::answer))
        .fallback(get(file_or_page))
        .with_state(site)
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
    if let Some(refused) = refused_by_rate(&site, &caller) {
        return refused;
    }
    if uri.path_and_query().is_some_and(|path| path.as_str().len() > MAX_URL_BYTES) {
        site.telemetry.page_refused(&PageRefused::UrlTooLong { limit: MAX_URL_BYTES });
        return site.error_page(StatusCode::URI_TOO_LONG, "This address is too long.");
    }
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    if let Some(refused) = refused_by_reload_cookie(&site, cookies) {
        return refused;
    }
    let Some(routed) = site.app.route(uri.path(), uri.query()) else {
        return site.error_page(StatusCode::NOT_FOUND, "There is no page at this address.");
    };
    let (view, address) =
        (routed.target.view.clone(), uri.path_and_query().map_or("/", |path| path.as_str()));
    if let Some(rest) = view.crash_loops.rest(address, Instant::now()) {
        return resting(&site, rest);
    }
    let known = site.session_cookie.read(cookies);
    let is_new = known.is_none();
    let new = || BrowserSession::new(Values::default()).map_err(PageError::from);
    let Ok(browser) = known.map_or_else(new, Ok) else {
        return site.error_page(StatusCode::INTERNAL_SERVER_ERROR, STOPPED);
    };
    let session = extensions.get::<AppSession>().cloned();
    let visitor = Visitor { browser, session, caller, let_in: Instant::now() };
    let live_session = &routed.target.session;
    if !live_session.admits(visitor.known()) {
        return match &live_session.otherwise {
            Some(to) => redirect_to(to.as_str()),
            None => site.error_page(StatusCode::FORBIDDEN, "You may not come in here."),
        };
    }
    let Some(place) = site.instances.take(&site.telemetry) else {
        site.telemetry.page_refused(&PageRefused::TooManyInstances { limit: site.instances.max() });
        return full(&site);
    };
    let outcome = render_page(&site, &uri, cookies, visitor, is_new, routed).await;
    drop(place);
    match &outcome {
        Ok(_) | Err(PageError::Call(CallError::Refused(_)) | PageError::Random) => {
            view.crash_loops.mounted(Phase::Dead, address);
        }
        // Not this view's fault.
        Err(PageError::Call(CallError::Ended(EndCause::TotalMemory { .. }))) => return full(&site),
        Err(PageError::Call(CallError::Ended(_)) | PageError::Document) => {
            view.crash_loops.crashed(Phase::Dead, address, Instant::now());
        }
    }
    outcome.unwrap_or_else(|error| match error {
        PageError::Call(CallError::Refused(failure)) => {
            site.error_page(status_of(failure.kind), &failure.message)
        }
        PageError::Call(CallError::Ended(_)) | PageError::Document | PageError::Random => {
            site.error_page(StatusCode::INTERNAL_SERVER_ERROR, STOPPED)
        }
    })
}

/// Whoever asks too often is told so.
pub(crate) fn refused_by_rate(site: &Site, caller: &Caller) -> Option<Response> {
    let address = caller.address?;
    if site.pages.take(address, Instant::now()) {
        return None;
    }
    let limit = site.app.limits.get(Limit::Pages);
    site.telemetry.page_refused(&PageRefused::TooOften { limit });
    let message = "Too many pages were asked for at once. Try again in a moment.";
    Some(later(site, StatusCode::TOO_MANY_REQUESTS, message, 1))
}

/// A page for which there is no place, or no memory.
fn full(site: &Site) -> Response {
    let message = "Too many pages of this app are open at once. Try again in a moment.";
    later(site, StatusCode::SERVICE_UNAVAILABLE, message, 1)
}

/// A page whose view broke several times in a row.
fn resting(site: &Site, rest: Duration) -> Response {
    let seconds = rest.as_secs() + 1;
    site.telemetry.page_refused(&PageRefused::Resting { seconds });
    let message =
        format!("This page stopped working several times in a row and is resting. Try again in {seconds} s.");
    later(site, StatusCode::SERVICE_UNAVAILABLE, &message, seconds)
}

/// A page that may be had after so many seconds.
fn later(site: &Site, status: StatusCode, message: &str, seconds: u64) -> Response {
    let mut response = site.error_page(status, message);
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

async fn render_page(
    site: &Site,
    uri: &Uri,
    cookies: Option<&str>,
    visitor: Visitor,
    is_new: bool,
    routed: Routed,
) -> Result<Response, PageError> {
    let mut id = [0; VIEW_ID_BYTES];
    getrandom::fill(&mut id)?;
    let view_id = URL_SAFE_NO_PAD.encode(id);

    let flash_cookie = cookie(cookies, FLASH_COOKIE);
    let flash = flash_cookie
        .as_deref()
        .map_or_else(Flash::default, |token| Flash::from_token(&site.keys, token, &visitor.browser.id));
    let began_with = flash.pairs().to_vec();
    let telemetry = routed.target.view.telemetry.instance(&view_id);
    let mut course = Course::new(routed.target.clone(), flash, visitor.own_values());
    let (values, caller) = (visitor.values(), &visitor.caller);
    let rendered = dead_render(site, uri, values, caller, &routed, &mut course, &telemetry).await?;
    let Visitor { mut browser, session, .. } = visitor;
    let mut cookies_set = Vec::new();
    let put = course.take_put();
    if is_new || put.is_some() {
        if let Some(put) = put {
            browser = site.renew(&browser, put.values)?;
        }
        cookies_set.push(site.session_cookie.set(&browser)?);
    }
    let rendered = match rendered {
        Dead::Rendered(rendered) => rendered,
        Dead::Sent(to) => {
            // What the page was made with has not been shown: it goes on with what was put in.
            match flash::cookie_for(&site.keys, &browser.id, course.flash.fresh()) {
                Some(cookie) => cookies_set.push(cookie),
                None if flash_cookie.is_some() => cookies_set.push(expired(FLASH_COOKIE)),
                None => {}
            }
            return Ok(with_cookies(redirect_to(&to), &cookies_set));
        }
    };
    if flash_cookie.is_some() {
        cookies_set.push(expired(FLASH_COOKIE));
    }
    let session_token = token::sign(
        &site.keys,
        &ViewClaims {
            id: view_id.clone(),
            view: routed.target.view.name.clone(),
            browser: browser.id.clone(),
            app_session: session.as_ref().map(AppSession::fingerprint),
            live_session: routed.target.session.name.clone(),
        },
    );
    let static_token = token::sign(&site.keys, &StaticClaims { id: view_id.clone(), flash: began_with });
    let response = Page {
        titles: &site.app.title,
        layout: &site.app.layout,
        assets: &site.app.assets,
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
    Ok(with_cookies(response, &cookies_set))
}

/// A redirect to an address that was checked.
fn redirect_to(to: &str) -> Response {
    redirect(StatusCode::FOUND, to)
}

/// As [`redirect_to`], with another status.
pub(crate) fn redirect(status: StatusCode, to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // Addresses are percent-encoded: they are header values.
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(header::LOCATION, to);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// After a join was refused with `reload`, the client loads the page again with the reason in a cookie.
fn refused_by_reload_cookie(site: &Site, cookies: Option<&str>) -> Option<Response> {
    let token = cookie(cookies, RELOAD_COOKIE)?;
    let response = match token::verify::<ReloadClaims>(&site.keys, &token) {
        Ok(claims) => site.error_page(
            StatusCode::from_u16(claims.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            &claims.message,
        ),
        Err(_) => site.error_page(StatusCode::INTERNAL_SERVER_ERROR, "This page stopped working."),
    };
    Some(with_cookies(response, &[expired(RELOAD_COOKIE)]))
}

/// The reload token for a view that refused to mount at join.
pub(crate) fn reload_token(site: &Site, failure: &Failure) -> (u16, String) {
    let status = status_of(failure.kind).as_u16();
    (status, token::sign(&site.keys, &ReloadClaims { status, message: failure.message.clone() }))
}
