//! `POST /_hothouse/session`: the form with which a page fetches a change of its session, or logs out.
//!
//! A browser sends it as any form, so that the answer can set a cookie. What a foreign page could have it send is
//! refused: by its origin, and without the token that only the app's own pages have.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::Response;
use tokio::time::timeout;

use super::Values;
use super::tickets::Change;
use crate::app_session::AppSession;
use crate::caller::Caller;
use crate::cookies::with_cookies;
use crate::flash;
use crate::http::{redirect, refused_by_rate};
use crate::local_address::{LocalAddress, NotLocal};
use crate::site::Site;
use crate::telemetry::{self, Refused};

/// Where pages send their forms.
pub(crate) const PATH: &str = "/_hothouse/session";
/// Longest form, in bytes: it may have fields of the view's.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// How long a form may take to arrive.
const MAX_BODY_TIME: Duration = Duration::from_secs(10);
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a session stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionRefused {
    /// The form is of another site.
    #[error("the form is of another origin: see `public_url`")]
    ForeignOrigin,
    /// The embedding application has a session of its own.
    #[error("the session is the embedding application's")]
    OfApplication,
    /// There is no session to be changed.
    #[error("no session cookie came along")]
    NoSession,
    /// It is no form, or one that asks for nothing.
    #[error("no form with a `ticket` or `_method=delete`")]
    Form,
    /// The form is too large.
    #[error("the form has more than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    /// The form did not arrive.
    #[error("the form did not arrive within {MAX_BODY_TIME:?}")]
    TooSlow,
    /// The page's token is missing, or is another session's.
    #[error("no CSRF token of this session")]
    Csrf,
    /// The ticket is of nobody, of another browser, or was used or too late: which of these is not said.
    #[error("the ticket is not good, or not any more")]
    Ticket,
    /// The address is none of the app's.
    #[error("`to`: {0}")]
    NotLocal(#[from] NotLocal),
}

impl Refused for SessionRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::ForeignOrigin => "session-foreign-origin",
            Self::OfApplication => "session-of-application",
            Self::NoSession => "session-without-cookie",
            Self::Form => "session-bad-form",
            Self::TooLarge => "session-form-too-large",
            Self::TooSlow => "session-form-too-slow",
            Self::Csrf => "session-bad-csrf-token",
            Self::Ticket => "session-bad-ticket",
            Self::NotLocal(_) => "session-bad-address",
        }
    }

    fn is_limit(&self) -> bool {
        matches!(self, Self::TooLarge | Self::TooSlow)
    }
}

impl SessionRefused {
    fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Form | Self::NotLocal(_) => StatusCode::BAD_REQUEST,
            Self::ForeignOrigin | Self::OfApplication | Self::NoSession | Self::Csrf | Self::Ticket => {
                StatusCode::FORBIDDEN
            }
        }
    }
}

/// Answers the form: another session, and the page that its view has named.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Body,
) -> Response {
    let caller = Caller::of(&headers, &extensions, &site.proxies);
    if let Some(refused) = refused_by_rate(&site, &caller) {
        return refused;
    }
    let refused = match change(&site, &headers, &extensions, body).await {
        Ok(Some(response)) => return response,
        Ok(None) => {
            let message = "The server is not able to do this now. Try again in a moment.";
            return site.error_page(StatusCode::INTERNAL_SERVER_ERROR, message);
        }
        Err(refused) => refused,
    };
    site.telemetry.session_refused(&refused);
    let message =
        "This form came too late, or from elsewhere. Go back, load the page again, and try once more.";
    site.error_page(refused.status(), message)
}

/// What the form leads to; none without randomness.
async fn change(
    site: &Site,
    headers: &HeaderMap,
    extensions: &Extensions,
    body: Body,
) -> Result<Option<Response>, SessionRefused> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if !site.origins.admits(headers) {
        return Err(SessionRefused::ForeignOrigin);
    }
    if extensions.get::<AppSession>().is_some() {
        return Err(SessionRefused::OfApplication);
    }
    let browser = site.session_cookie.read(text(header::COOKIE)).ok_or(SessionRefused::NoSession)?;
    let kind = text(header::CONTENT_TYPE).and_then(|kind| kind.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case(FORM) {
        return Err(SessionRefused::Form);
    }
    let body = timeout(MAX_BODY_TIME, to_bytes(body, MAX_BODY_BYTES))
        .await
        .map_err(|_| SessionRefused::TooSlow)?
        .map_err(|_| SessionRefused::TooLarge)?;
    let field = |wanted: &str| {
        url::form_urlencoded::parse(&body).find(|(name, _)| name == wanted).map(|(_, value)| value)
    };
    if !field("_csrf_token").is_some_and(|token| browser.accepts_csrf_token(&token)) {
        return Err(SessionRefused::Csrf);
    }
    let change = match (field("ticket"), field("_method").as_deref()) {
        (Some(ticket), _) => {
            site.tickets.take(&ticket, &browser.id, Instant::now()).ok_or(SessionRefused::Ticket)?
        }
        (None, Some("delete")) => {
            let to = LocalAddress::parse(field("to").as_deref().unwrap_or("/"))?;
            Change { values: Values::default(), to, flash: Vec::new() }
        }
        (None, _) => return Err(SessionRefused::Form),
    };
    let Change { values, to, flash } = change;
    let renewed = site.renew(&browser, values);
    let cookies = renewed.and_then(|renewed| {
        let mut cookies = vec![site.session_cookie.set(&renewed)?];
        cookies.extend(flash::cookie_for(&site.keys, &renewed.id, flash));
        Ok(cookies)
    });
    match cookies {
        Ok(cookies) => Ok(Some(with_cookies(redirect(StatusCode::SEE_OTHER, to.as_str()), &cookies))),
        Err(error) => {
            telemetry::no_randomness(&error);
            Ok(None)
        }
    }
}
