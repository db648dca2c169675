//! Cookies of requests and answers.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use cookie::Cookie;

/// The value of the first cookie of this name in a `Cookie` header.
pub(crate) fn cookie(header: Option<&str>, name: &str) -> Option<String> {
    let cookie = Cookie::split_parse(header?).filter_map(Result::ok).find(|cookie| cookie.name() == name)?;
    Some(cookie.value().to_owned())
}

/// The value of a `Set-Cookie` header by which a browser forgets a cookie.
pub(crate) fn expired(name: &str) -> String {
    format!("{name}=; Max-Age=0; Path=/; SameSite=Lax")
}

/// Adds values of `Set-Cookie` headers to an answer.
pub(crate) fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}
