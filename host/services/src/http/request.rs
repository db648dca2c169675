//! What a request may be.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::hop::Hop;
use super::{MAX_BODY_BYTES, Request};
use crate::{Failure, FailureKind};

/// Bytes of a URL: part of the contract.
const MAX_URL_BYTES: usize = 8 * 1024;
/// Headers of a request, and their bytes: part of the contract.
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Headers that belong to the connection, and so to the host.
const OF_THE_CONNECTION: [&str; 12] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A request that is one. Where it leads is not looked at.
pub(super) fn checked(request: Request) -> Result<Hop, Failure> {
    let Request { method, url, headers, body, .. } = request;
    let method = match Method::from_bytes(method.as_bytes()) {
        Ok(Method::CONNECT | Method::TRACE) | Err(_) => {
            return Err(Failure::new(FailureKind::BadInput, "the method of the request is none"));
        }
        Ok(method) => method,
    };
    if body.len() > MAX_BODY_BYTES {
        let message =
            format!("the body of the request has {} bytes, the limit is {MAX_BODY_BYTES}", body.len());
        return Err(Failure::new(FailureKind::Limit, message));
    }
    let (url, headers) = (checked_url(&url)?, checked_headers(headers)?);
    Ok(Hop::new(method, url, headers, body))
}

/// A URL to which a request may go, as far as can be told from its form.
pub(super) fn checked_url(text: &str) -> Result<Url, Failure> {
    if text.len() > MAX_URL_BYTES {
        let message = format!("the URL has {} bytes, the limit is {MAX_URL_BYTES}", text.len());
        return Err(Failure::new(FailureKind::Limit, message));
    }
    let no_url = || Failure::new(FailureKind::BadInput, "the URL is none");
    let mut url = Url::parse(text).map_err(|_| no_url())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(no_url());
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = "the URL has a user or a password: use the header `authorization`";
        return Err(Failure::new(FailureKind::BadInput, message));
    }
    url.set_fragment(None);
    Ok(url)
}

fn checked_headers(headers: Vec<(String, String)>) -> Result<HeaderMap, Failure> {
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
        let message = format!(
            "the request has {} headers, of {bytes} bytes, the limits are {MAX_HEADERS} and {MAX_HEADER_BYTES}",
            headers.len()
        );
        return Err(Failure::new(FailureKind::Limit, message));
    }
    let mut checked = HeaderMap::new();
    for (name, value) in headers {
        let bad = |what: &str| Failure::new(FailureKind::BadInput, format!("the {what} of a header is none"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("name"))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| bad("value"))?;
        if OF_THE_CONNECTION.contains(&name.as_str()) {
            let message = format!("the header `{name}` belongs to the connection: leave it out");
            return Err(Failure::new(FailureKind::Forbidden, message));
        }
        checked.append(name, value);
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            method: "POST".to_owned(),
            url: "https://a.example/".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: None,
        }
    }

    fn kind(request: Request) -> Option<FailureKind> {
        checked(request).err().map(|failure| failure.kind)
    }

    fn headers(count: usize, bytes: usize) -> Vec<(String, String)> {
        vec![("x-a".to_owned(), "v".repeat(bytes - 3)); count]
    }

    #[test]
    fn every_size_is_taken_up_to_its_limit_and_not_beyond() {
        assert_eq!(kind(Request { body: vec![0; MAX_BODY_BYTES], ..request() }), None);
        assert_eq!(
            kind(Request { body: vec![0; MAX_BODY_BYTES + 1], ..request() }),
            Some(FailureKind::Limit)
        );
        let url = |bytes: usize| format!("https://a.example/{}", "x".repeat(bytes - 18));
        assert_eq!(kind(Request { url: url(MAX_URL_BYTES), ..request() }), None);
        assert_eq!(kind(Request { url: url(MAX_URL_BYTES + 1), ..request() }), Some(FailureKind::Limit));
        assert_eq!(kind(Request { headers: headers(MAX_HEADERS, 10), ..request() }), None);
        assert_eq!(
            kind(Request { headers: headers(MAX_HEADERS + 1, 10), ..request() }),
            Some(FailureKind::Limit)
        );
        assert_eq!(kind(Request { headers: headers(1, MAX_HEADER_BYTES), ..request() }), None);
        assert_eq!(
            kind(Request { headers: headers(1, MAX_HEADER_BYTES + 1), ..request() }),
            Some(FailureKind::Limit)
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for method in ["", "GE T", "GET\r\nX: y", "CONNECT", "TRACE"] {
            let method = method.to_owned();
            assert_eq!(kind(Request { method, ..request() }), Some(FailureKind::BadInput));
        }
        for url in [
            "",
            "/a",
            "//a.example",
            "file:///etc/passwd",
            "ftp://a.example",
            "https://",
            "data:,x",
            "https://user@a.example/",
            "https://:secret@a.example/",
            "unix:/run/x",
        ] {
            assert_eq!(
                kind(Request { url: url.to_owned(), ..request() }),
                Some(FailureKind::BadInput),
                "{url}"
            );
        }
        for (name, value) in [("", "x"), ("a b", "x"), ("a\r\nb", "x"), ("a", "x\r\ny: z"), ("a", "x\0")] {
            let headers = vec![(name.to_owned(), value.to_owned())];
            assert_eq!(
                kind(Request { headers, ..request() }),
                Some(FailureKind::BadInput),
                "{name:?} {value:?}"
            );
        }
    }

    #[test]
    fn headers_of_the_connection_are_the_hosts() {
        for name in OF_THE_CONNECTION {
            for name in [name.to_owned(), name.to_uppercase()] {
                let headers = vec![(name, "x".to_owned())];
                assert_eq!(kind(Request { headers, ..request() }), Some(FailureKind::Forbidden));
            }
        }
        let headers = vec![("authorization".to_owned(), "Bearer x".to_owned())];
        assert_eq!(kind(Request { headers, ..request() }), None);
    }
}
