//! Which pages may open a socket: the app's own, and no others.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use url::{Host, Url};

use crate::browser_session::Transport;

/// The origins that an app's sockets are opened from.
#[derive(Debug, Clone)]
pub(crate) struct OriginPolicy {
    public: Option<Url>,
}

/// A `public_url` that cannot be one.
#[derive(Debug, thiserror::Error)]
#[error("`public_url` is `{found}`: {reason}; write for example https://shop.example")]
pub struct PublicUrlError {
    found: String,
    reason: &'static str,
}

impl OriginPolicy {
    /// The policy for an app that browsers reach at `public_url`; without one only loopback origins that equal
    /// the request's own `Host` are allowed.
    ///
    /// # Errors
    /// When `public_url` is not an http or https URL without a path.
    pub(crate) fn new(public_url: Option<&str>) -> Result<Self, PublicUrlError> {
        let Some(found) = public_url else { return Ok(Self { public: None }) };
        let refused = |reason| PublicUrlError { found: found.chars().take(200).collect(), reason };
        let url = Url::parse(found).map_err(|_| refused("it is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("its scheme is neither http nor https"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refused("it has a path, query or fragment"));
        }
        Ok(Self { public: Some(url) })
    }

    /// How cookies travel.
    pub(crate) fn transport(&self) -> Transport {
        match &self.public {
            Some(url) if url.scheme() == "https" => Transport::Https,
            _ => Transport::Http,
        }
    }

    /// Whether browsers other than those on this machine can be served at all.
    pub(crate) fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// Where browsers reach the app, if it was said.
    pub(crate) fn public_url(&self) -> Option<&Url> {
        self.public.as_ref()
    }

    /// Whether a handshake with these headers may open a socket, or a form be sent. An `Origin` that is no text is foreign.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_readable = !headers.contains_key(header::ORIGIN) || text(header::ORIGIN).is_some();
        is_readable && self.allows(text(header::ORIGIN), text(header::HOST))
    }

    /// A missing `Origin` is allowed: browsers always send one, and without a browser there is no foreign page to defend
    /// against.
    fn allows(&self, origin: Option<&str>, host: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        let Ok(origin) = Url::parse(origin) else { return false };
        match &self.public {
            Some(public) => origin.origin() == public.origin(),
            None => {
                let same_host = host
                    .and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok())
                    .is_some_and(|host| host.origin() == origin.origin());
                same_host && is_loopback(&origin)
            }
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::OriginPolicy;
    use crate::browser_session::Transport;

    #[test]
    fn an_origin_that_is_no_text_is_foreign() {
        let policy = OriginPolicy::new(None).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:4000"));
        assert!(policy.admits(&headers));
        headers.insert(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:4000"));
        assert!(policy.admits(&headers));
        headers.insert(header::ORIGIN, HeaderValue::from_bytes(b"http://127.0.0.1:4000\xff").unwrap());
        assert!(!policy.admits(&headers));
    }

    #[track_caller]
    fn check(public_url: Option<&str>, origin: Option<&str>, host: &str, expected: bool) {
        let policy = OriginPolicy::new(public_url).unwrap();
        assert_eq!(policy.allows(origin, Some(host)), expected, "{public_url:?} {origin:?} {host}");
    }

    #[test]
    fn without_a_public_url_only_the_same_loopback_host_is_allowed() {
        check(None, Some("http://127.0.0.1:4000"), "127.0.0.1:4000", true);
        check(None, Some("http://localhost:4000"), "localhost:4000", true);
        check(None, Some("http://[::1]:4000"), "[::1]:4000", true);
        check(None, Some("http://127.0.0.1:4001"), "127.0.0.1:4000", false);
        check(None, Some("http://evil.example"), "127.0.0.1:4000", false);
        // A foreign name that resolves to this machine.
        check(None, Some("http://evil.example:4000"), "evil.example:4000", false);
        check(None, Some("null"), "127.0.0.1:4000", false);
        check(None, None, "127.0.0.1:4000", true);
    }

    #[test]
    fn with_a_public_url_only_its_origin_is_allowed() {
        let public = Some("https://shop.example");
        check(public, Some("https://shop.example"), "10.0.0.1", true);
        check(public, Some("http://shop.example"), "shop.example", false);
        check(public, Some("https://shop.example:444"), "shop.example", false);
        check(public, Some("https://shop.example.evil.example"), "shop.example", false);
        check(public, Some("null"), "shop.example", false);
        check(public, Some("http://127.0.0.1:4000"), "127.0.0.1:4000", false);
    }

    #[test]
    fn https_makes_cookies_secure() {
        assert_eq!(OriginPolicy::new(Some("https://shop.example")).unwrap().transport(), Transport::Https);
        assert_eq!(OriginPolicy::new(None).unwrap().transport(), Transport::Http);
    }

    #[test]
    fn a_public_url_that_is_none_is_refused_with_an_example() {
        for wrong in
            ["shop.example", "ftp://shop.example", "https://shop.example/path", "https://shop.example/?x"]
        {
            let error = OriginPolicy::new(Some(wrong)).unwrap_err().to_string();
            assert!(error.contains("https://shop.example"), "{error}");
        }
    }
}
