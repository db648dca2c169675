//! Where requests may go: what manifests and operators write.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// An origin that a manifest grants: `api.example.com`, which is `https`, or `https://api.example.com:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    is_https: bool,
    host: Host<String>,
    port: u16,
}

/// A name or an address, and a port, that an operator allows though it is not public: `127.0.0.1:4010`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateHost {
    host: Host<String>,
    port: u16,
}

/// Not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write `api.example.com`, or `https://api.example.com:8443`, without a path")]
pub struct OriginError(String);

/// Not a host with a port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no host with a port: write `127.0.0.1:4010`, `[::1]:4010` or `api.internal:443`")]
pub struct PrivateHostError(String);

impl Origin {
    /// That of a URL; none if it is neither `http` nor `https`.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self { is_https, host: url.host()?.to_owned(), port: url.port_or_known_default()? })
    }
}

impl PrivateHost {
    /// Whether a URL leads to it.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        url.host().is_some_and(|host| host.to_owned() == self.host)
            && url.port_or_known_default() == Some(self.port)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let error = || OriginError(text.to_owned());
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| error())?;
        let is_bare = url.path() == "/"
            && !with_scheme.ends_with('/')
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && !text.contains(['@', '?', '#', '*', '\\'])
            && !text.chars().any(char::is_whitespace);
        Self::of(&url).filter(|_| is_bare).ok_or_else(error)
    }
}

impl FromStr for PrivateHost {
    type Err = PrivateHostError;

    fn from_str(text: &str) -> Result<Self, PrivateHostError> {
        let error = || PrivateHostError(text.to_owned());
        let has_port = text.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        if text.contains('/') || !has_port {
            return Err(error());
        }
        let origin: Origin = format!("http://{text}").parse().map_err(|_| error())?;
        Ok(Self { host: origin.host, port: origin.port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, default) = if self.is_https { ("https", 443) } else { ("http", 80) };
        write!(formatter, "{scheme}://{}", self.host)?;
        if self.port == default { Ok(()) } else { write!(formatter, ":{}", self.port) }
    }
}

impl fmt::Display for PrivateHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Origin, PrivateHost};

    #[test]
    fn an_origin_is_a_host_or_more() {
        for (text, shown) in [
            ("api.example.com", "https://api.example.com"),
            ("api.example.com:8443", "https://api.example.com:8443"),
            ("https://API.example.com:443", "https://api.example.com"),
            ("http://api.example.com", "http://api.example.com"),
            ("http://127.1:4010", "http://127.0.0.1:4010"),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ] {
            assert_eq!(text.parse::<Origin>().map(|origin| origin.to_string()).as_deref(), Ok(shown));
        }
        for text in [
            "",
            "https://",
            "ftp://a.example",
            "a.example/",
            "a.example/path",
            "https://a.example?x",
            "https://a.example#x",
            "user@a.example",
            "*.example.com",
            "a.example:99999",
            "https://a b.example",
            "a.example\\x",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn origins_differ_by_scheme_host_and_port() {
        let granted: Origin = "api.example.com".parse().unwrap();
        let of = |url: &str| Origin::of(&Url::parse(url).unwrap());
        assert_eq!(of("https://api.example.com/a?b#c"), Some(granted.clone()));
        for other in [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://example.com/",
            "https://evil.api.example.com/",
            "https://api.example.com.evil.example/",
            "https://api.example.com./",
        ] {
            assert_ne!(of(other), Some(granted.clone()), "{other}");
        }
        assert_eq!(of("data:,x"), None);
    }

    #[test]
    fn a_private_host_is_one_with_its_port() {
        for text in ["127.0.0.1:4010", "[::1]:4010", "api.internal:443"] {
            assert_eq!(text.parse::<PrivateHost>().map(|host| host.to_string()).as_deref(), Ok(text));
        }
        for text in ["127.0.0.1", "api.internal", "http://a:1", "a:1/", "::1", "a:x", ":1", "u@a:1"] {
            assert!(text.parse::<PrivateHost>().is_err(), "{text}");
        }
        let host: PrivateHost = "127.0.0.1:4010".parse().unwrap();
        let is_of = |url: &str| host.is_of(&Url::parse(url).unwrap());
        assert!(is_of("http://127.0.0.1:4010/a") && is_of("http://2130706433:4010/"));
        assert!(!is_of("http://127.0.0.1:4011/") && !is_of("http://127.0.0.1/"));
        assert!(!is_of("http://localhost:4010/"));
    }
}
