//! Addresses inside of an app: path, query and fragment. Whatever a guest or a client writes, nothing else comes out.

use std::sync::LazyLock;

use url::{Position, Url};

/// Longest address, in bytes: what the client may send as its URL.
pub(crate) const MAX_ADDRESS_BYTES: usize = 8 * 1024;

static BASE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("http://local.invalid/").ok());

/// A path, with query and fragment if there are any; percent-encoded, so that it may stand in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalAddress(Url);

/// Why an address is not one of the app's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotLocal {
    /// Longer than [`MAX_ADDRESS_BYTES`].
    #[error("an address of more than {MAX_ADDRESS_BYTES} bytes")]
    TooLong,
    /// Anything but a path.
    #[error(
        "an address that is not a local path: it begins with one `/` and has no `\\` and no control characters"
    )]
    Form,
}

impl LocalAddress {
    /// The address that a guest or a manifest has written.
    ///
    /// # Errors
    /// [`NotLocal`] for another host, a scheme, and what browsers might take for one.
    pub(crate) fn parse(text: &str) -> Result<Self, NotLocal> {
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(NotLocal::TooLong);
        }
        let forbidden = |character: char| character == '\\' || character.is_control();
        if !text.starts_with('/') || text.starts_with("//") || text.contains(forbidden) {
            return Err(NotLocal::Form);
        }
        let base = BASE.as_ref().ok_or(NotLocal::Form)?;
        let url = base.join(text).map_err(|_| NotLocal::Form)?;
        // `/.//host` is a path that becomes `//host`.
        if url.host_str() != base.host_str() || url.path().starts_with("//") {
            return Err(NotLocal::Form);
        }
        // What is encoded is longer.
        if url.as_str().len() > MAX_ADDRESS_BYTES {
            return Err(NotLocal::TooLong);
        }
        Ok(Self(url))
    }

    /// The address in an absolute URL of the client, whose host is nobody's business. None: it is no URL.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        Url::parse(url).ok().filter(|url| url.has_host()).map(Self)
    }

    /// All of it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0[Position::BeforePath..]
    }

    /// Path and query: what a view is told.
    pub(crate) fn uri(&self) -> &str {
        &self.0[Position::BeforePath..Position::AfterQuery]
    }

    pub(crate) fn path(&self) -> &str {
        self.0.path()
    }

    pub(crate) fn query(&self) -> Option<&str> {
        self.0.query()
    }
}

#[cfg(test)]
mod tests {
    use super::{LocalAddress, MAX_ADDRESS_BYTES, NotLocal};

    #[test]
    fn a_local_path_is_kept_and_encoded() {
        for (text, expected) in [
            ("/", "/"),
            ("/a/b?c=d&e#f", "/a/b?c=d&e#f"),
            ("/a b/é?q=\"", "/a%20b/%C3%A9?q=%22"),
            ("/a/../b", "/b"),
            ("/a//b", "/a//b"),
            ("/a?to=//b", "/a?to=//b"),
            ("/a:b@c", "/a:b@c"),
        ] {
            assert_eq!(LocalAddress::parse(text).unwrap().as_str(), expected, "{text}");
        }
        let address = LocalAddress::parse("/a?b#c").unwrap();
        assert_eq!((address.uri(), address.path(), address.query()), ("/a?b", "/a", Some("b")));
    }

    #[test]
    fn what_could_lead_to_another_host_is_refused() {
        for text in [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "http://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            " /a",
            "?a",
            "#a",
            "/a\u{0}b",
            "/a\r\nLocation: b",
            "/a\u{7f}",
        ] {
            assert_eq!(LocalAddress::parse(text), Err(NotLocal::Form), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_so_long_and_no_longer() {
        let at = |bytes: usize| LocalAddress::parse(&format!("/{}", "a".repeat(bytes)));
        assert!(at(MAX_ADDRESS_BYTES - 100).is_ok());
        assert_eq!(at(MAX_ADDRESS_BYTES), Err(NotLocal::TooLong));
        assert_eq!(LocalAddress::parse(&format!("/{}", "é".repeat(3_000))), Err(NotLocal::TooLong));
    }

    #[test]
    fn of_a_clients_url_only_the_address_is_left() {
        let of = |url| LocalAddress::of_url(url).map(|address| address.uri().to_owned());
        assert_eq!(of("http://evil.example:1/a?b#c").as_deref(), Some("/a?b"));
        assert_eq!(of("not a url"), None);
        assert_eq!(of("data:text/html,x"), None);
    }
}
