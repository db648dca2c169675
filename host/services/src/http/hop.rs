//! One request of those that redirects make of one.

use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION,
};
use reqwest::{Method, StatusCode};
use url::Url;

use super::request::checked_url;
use crate::{Failure, FailureKind};

/// A request that is about to be sent.
#[derive(Debug)]
pub(super) struct Hop {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Hop {
    pub(super) fn new(method: Method, url: Url, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { method, url, headers, body }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn to_request(&self, client: &reqwest::Client) -> reqwest::RequestBuilder {
        let request = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        if self.body.is_empty() { request } else { request.body(self.body.clone()) }
    }

    /// Where the answer sends it, if it does. As browsers do: what was posted is asked for, and credentials stay with
    /// their origin.
    pub(super) fn next(&self, answer: &reqwest::Response) -> Result<Option<Self>, Failure> {
        let Some(location) = answer.headers().get(LOCATION) else { return Ok(None) };
        let location = location.to_str().unwrap_or_default();
        self.redirected(answer.status(), location)
    }

    fn redirected(&self, status: StatusCode, location: &str) -> Result<Option<Self>, Failure> {
        let becomes_get = match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => self.method != Method::HEAD && self.method != Method::GET,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return Ok(None),
        };
        let nowhere = || Failure::new(FailureKind::Unavailable, "the answer redirects to what is no URL");
        let url = self.url.join(location).map_err(|_| nowhere())?;
        let url = checked_url(url.as_str()).map_err(|_| nowhere())?;
        let mut headers = self.headers.clone();
        if url.origin() != self.url.origin() {
            [AUTHORIZATION, COOKIE].iter().for_each(|name| drop(headers.remove(name)));
        }
        if !becomes_get {
            return Ok(Some(Self { method: self.method.clone(), url, headers, body: self.body.clone() }));
        }
        [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE].iter().for_each(|name| drop(headers.remove(name)));
        Ok(Some(Self { method: Method::GET, url, headers, body: Vec::new() }))
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn post() -> Hop {
        let headers = [(AUTHORIZATION, "Bearer x"), (COOKIE, "a=b"), (CONTENT_TYPE, "text/plain")];
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let url = Url::parse("https://a.example/one?two").unwrap();
        Hop::new(Method::POST, url, HeaderMap::from_iter(headers), b"body".to_vec())
    }

    fn redirected(status: u16, location: &str) -> Option<Hop> {
        post().redirected(StatusCode::from_u16(status).unwrap(), location).unwrap()
    }

    #[test]
    fn what_was_posted_is_asked_for_after_some_redirects_and_posted_again_after_others() {
        for (status, method, length) in [
            (301, Method::GET, 0),
            (302, Method::GET, 0),
            (303, Method::GET, 0),
            (307, Method::POST, 4),
            (308, Method::POST, 4),
        ] {
            let next = redirected(status, "/next").unwrap();
            assert_eq!((next.method, next.body.len()), (method, length), "{status}");
            assert_eq!(next.url.as_str(), "https://a.example/next");
            assert_eq!(next.headers.contains_key(CONTENT_TYPE), length > 0);
            assert!(next.headers.contains_key(AUTHORIZATION), "the same origin");
        }
        for status in [200, 300, 304, 305, 404] {
            assert!(redirected(status, "/next").is_none(), "{status}");
        }
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        for elsewhere in
            ["https://b.example/", "http://a.example/", "https://a.example:8443/", "//b.example/x"]
        {
            let next = redirected(307, elsewhere).unwrap();
            assert!(
                !next.headers.contains_key(AUTHORIZATION) && !next.headers.contains_key(COOKIE),
                "{elsewhere}"
            );
            assert!(next.headers.contains_key(CONTENT_TYPE));
        }
    }

    #[test]
    fn a_redirect_to_what_is_no_url_of_a_server_is_a_failure() {
        for nowhere in ["https://", "file:///etc/passwd", "data:,x", "https://user:secret@a.example/"] {
            let next = post().redirected(StatusCode::FOUND, nowhere);
            assert_eq!(next.err().map(|failure| failure.kind), Some(FailureKind::Unavailable), "{nowhere}");
        }
    }
}
