//! The browser's session: a signed cookie with an id and a CSRF secret, read again at the socket's handshake.
//! Knows nothing of views.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};

use crate::cookies::cookie;
use crate::token::keys::SigningKeys;
use crate::token::{self, Claims};

const SECRET_BYTES: usize = 16;

/// What the cookie vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BrowserSession {
    /// Random; page tokens are bound to it.
    pub(crate) id: String,
    csrf: [u8; SECRET_BYTES],
}

impl Claims for BrowserSession {
    const PURPOSE: &'static str = "browser-session";
    const MAX_AGE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
}

/// Whether cookies may travel over plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// `public_url` is https: `Secure` and the `__Host-` prefix.
    Https,
    /// Loopback or plain HTTP.
    Http,
}

impl BrowserSession {
    /// A new session.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut id = [0; SECRET_BYTES];
        let mut csrf = [0; SECRET_BYTES];
        getrandom::fill(&mut id)?;
        getrandom::fill(&mut csrf)?;
        Ok(Self { id: URL_SAFE_NO_PAD.encode(id), csrf })
    }

    /// The session in a `Cookie` header, if there is one and it verifies.
    pub(crate) fn from_cookies(
        header: Option<&str>,
        keys: &SigningKeys,
        transport: Transport,
    ) -> Option<Self> {
        token::verify(keys, &cookie(header, cookie_name(transport))?).ok()
    }

    /// The value of a `Set-Cookie` header.
    pub(crate) fn set_cookie(&self, keys: &SigningKeys, transport: Transport) -> String {
        Cookie::build((cookie_name(transport), token::sign(keys, self)))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(transport == Transport::Https)
            .build()
            .to_string()
    }

    /// A fresh masking of the CSRF secret, so that no two pages carry the same text.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn csrf_token(&self) -> Result<String, getrandom::Error> {
        let mut token = [0; 2 * SECRET_BYTES];
        let (mask, masked) = token.split_at_mut(SECRET_BYTES);
        getrandom::fill(mask)?;
        for ((masked, mask), secret) in masked.iter_mut().zip(mask).zip(self.csrf) {
            *masked = *mask ^ secret;
        }
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// Whether `token` is a masking of this session's CSRF secret. Takes the same time wherever it differs.
    pub(crate) fn accepts_csrf_token(&self, token: &str) -> bool {
        let mut decoded = [0; 2 * SECRET_BYTES];
        if URL_SAFE_NO_PAD.decode_slice(token, &mut decoded) != Ok(decoded.len()) {
            return false;
        }
        let (mask, masked) = decoded.split_at(SECRET_BYTES);
        let differing = mask
            .iter()
            .zip(masked)
            .zip(self.csrf)
            .fold(0, |differing, ((mask, masked), secret)| differing | (mask ^ masked ^ secret));
        std::hint::black_box(differing) == 0
    }
}

fn cookie_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Https => "__Host-hothouse_session",
        Transport::Http => "hothouse_session",
    }
}

#[cfg(test)]
mod tests {
    use super::{BrowserSession, Transport};
    use crate::token::keys::SigningKeys;

    fn keys() -> SigningKeys {
        SigningKeys::from_secrets(["0123456789abcdef0123456789abcdef"]).unwrap()
    }

    #[test]
    fn a_session_comes_back_from_its_cookie() {
        let session = BrowserSession::new().unwrap();
        for transport in [Transport::Http, Transport::Https] {
            let set = session.set_cookie(&keys(), transport);
            let (pair, attributes) = set.split_once(';').unwrap();
            assert_eq!(
                BrowserSession::from_cookies(Some(&format!("other=1; {pair}")), &keys(), transport),
                Some(session.clone())
            );
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{set}");
            assert_eq!(attributes.contains("Secure"), transport == Transport::Https, "{set}");
            assert_eq!(pair.starts_with("__Host-"), transport == Transport::Https, "{set}");
        }
    }

    #[test]
    fn a_forged_cookie_is_no_session() {
        let header = "hothouse_session=AXX.YY";
        assert_eq!(BrowserSession::from_cookies(Some(header), &keys(), Transport::Http), None);
        assert_eq!(BrowserSession::from_cookies(None, &keys(), Transport::Http), None);
    }

    #[test]
    fn only_the_sessions_own_csrf_tokens_are_accepted_and_no_two_are_alike() {
        let session = BrowserSession::new().unwrap();
        let other = BrowserSession::new().unwrap();
        let first = session.csrf_token().unwrap();
        let second = session.csrf_token().unwrap();
        assert_ne!(first, second);
        assert!(session.accepts_csrf_token(&first) && session.accepts_csrf_token(&second));
        assert!(!other.accepts_csrf_token(&first));
        for wrong in ["", "short", &first[1..], &format!("{first}AA"), "!!!!"] {
            assert!(!session.accepts_csrf_token(wrong), "{wrong}");
        }
    }
}
