//! The browser's session: a cookie, signed or sealed, with an id, a CSRF secret and the values that views have put in,
//! read again at the socket's handshake. Whoever changes the values makes another session of it: the same id never
//! stands for others. Knows nothing of views.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};

use crate::cookies::cookie;
use crate::token::keys::SigningKeys;
use crate::token::{self, Claims, sealed};

pub(crate) mod request;
pub(crate) mod tickets;
mod values;

pub(crate) use values::{Values, ValuesRefused};

const SECRET_BYTES: usize = 16;
/// How long a session is good for if the manifest does not say.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// The longest that browsers keep a cookie.
pub(crate) const LONGEST_MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What the cookie vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BrowserSession {
    /// Random; page tokens are bound to it.
    #[serde(rename = "i")]
    pub(crate) id: String,
    #[serde(rename = "c")]
    csrf: [u8; SECRET_BYTES],
    #[serde(rename = "v", default)]
    pub(crate) values: Values,
}

impl Claims for BrowserSession {
    const PURPOSE: &'static str = "browser-session";
    const MAX_AGE: Duration = LONGEST_MAX_AGE;
}

/// Whether cookies may travel over plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// `public_url` is https: `Secure` and the `__Host-` prefix.
    Https,
    /// Loopback or plain HTTP.
    Http,
}

/// How an app's sessions travel.
pub(crate) struct SessionCookie {
    pub(crate) keys: SigningKeys,
    pub(crate) transport: Transport,
    /// Whether nobody but this server can read it.
    pub(crate) is_encrypted: bool,
    /// How long it is good for after it was set; the browser forgets it when it is closed, if that is not said.
    pub(crate) max_age: Option<Duration>,
}

impl SessionCookie {
    /// The session in a `Cookie` header, if there is one and it is ours.
    pub(crate) fn read(&self, header: Option<&str>) -> Option<BrowserSession> {
        let token = cookie(header, self.name())?;
        let max_age = self.max_age.unwrap_or(DEFAULT_MAX_AGE);
        let session = if self.is_encrypted {
            sealed::open(&self.keys, &token, max_age)
        } else {
            token::verify_within(&self.keys, &token, max_age)
        };
        session.ok()
    }

    /// The value of a `Set-Cookie` header.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn set(&self, session: &BrowserSession) -> Result<String, getrandom::Error> {
        let token = if self.is_encrypted {
            sealed::seal(&self.keys, session)?
        } else {
            token::sign(&self.keys, session)
        };
        let mut cookie = Cookie::build((self.name(), token))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.transport == Transport::Https);
        if let Some(max_age) = self.max_age.and_then(|age| age.try_into().ok()) {
            cookie = cookie.max_age(max_age);
        }
        Ok(cookie.build().to_string())
    }

    fn name(&self) -> &'static str {
        match self.transport {
            Transport::Https => "__Host-hothouse_session",
            Transport::Http => "hothouse_session",
        }
    }
}

impl BrowserSession {
    /// A new session with these values. It takes the place of another one whenever those change, so that nobody who
    /// has seen the former one has a part in it.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn new(values: Values) -> Result<Self, getrandom::Error> {
        let mut id = [0; SECRET_BYTES];
        let mut csrf = [0; SECRET_BYTES];
        getrandom::fill(&mut id)?;
        getrandom::fill(&mut csrf)?;
        Ok(Self { id: URL_SAFE_NO_PAD.encode(id), csrf, values })
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::values::MAX_BYTES;
    use super::{BrowserSession, LONGEST_MAX_AGE, SessionCookie, Transport, Values};
    use crate::token::keys::SigningKeys;

    /// The longest cookie that every browser keeps, with its name and attributes, in bytes.
    const MAX_COOKIE_BYTES: usize = 4_096;

    fn cookie(transport: Transport, is_encrypted: bool, max_age: Option<Duration>) -> SessionCookie {
        let keys = SigningKeys::from_secrets(["0123456789abcdef0123456789abcdef"]).unwrap();
        SessionCookie { keys, transport, is_encrypted, max_age }
    }

    fn session(values: &[(&str, &str)]) -> BrowserSession {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let pairs: Vec<_> = values.iter().map(owned).collect();
        BrowserSession::new(Values::default().with(&pairs).unwrap()).unwrap()
    }

    #[test]
    fn a_session_comes_back_from_its_cookie() {
        let session = session(&[("user", "ann"), ("role", "staff")]);
        for transport in [Transport::Http, Transport::Https] {
            for is_encrypted in [false, true] {
                let cookie = cookie(transport, is_encrypted, None);
                let set = cookie.set(&session).unwrap();
                let (pair, attributes) = set.split_once(';').unwrap();
                assert_eq!(cookie.read(Some(&format!("other=1; {pair}"))), Some(session.clone()));
                assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{set}");
                assert_eq!(attributes.contains("Secure"), transport == Transport::Https, "{set}");
                assert_eq!(pair.starts_with("__Host-"), transport == Transport::Https, "{set}");
                assert!(!attributes.contains("Max-Age"), "the browser forgets it when it is closed");
            }
        }
    }

    #[test]
    fn a_cookie_says_how_long_it_is_good_for_if_the_manifest_does() {
        let cookie = cookie(Transport::Http, false, Some(Duration::from_secs(3_600)));
        assert!(cookie.set(&session(&[])).unwrap().contains("Max-Age=3600"));
    }

    #[test]
    fn a_forged_cookie_is_no_session_and_neither_is_one_of_the_other_kind() {
        let [signed, sealed] = [false, true].map(|is_encrypted| cookie(Transport::Http, is_encrypted, None));
        for cookie in [&signed, &sealed] {
            assert_eq!(cookie.read(Some("hothouse_session=AXX.YY")), None);
            assert_eq!(cookie.read(None), None);
        }
        let session = session(&[("user", "ann")]);
        assert_eq!(signed.read(Some(&sealed.set(&session).unwrap())), None);
        assert_eq!(sealed.read(Some(&signed.set(&session).unwrap())), None);
    }

    #[test]
    fn the_largest_session_fits_into_a_cookie() {
        for filling in ["a", "\"", "\u{0}", "é"] {
            let each = serde_json::to_string(filling).unwrap().len() - 2;
            let longest = filling.repeat((MAX_BYTES - r#"[["user",""]]"#.len()) / each);
            let session = session(&[("user", &longest)]);
            for is_encrypted in [false, true] {
                let cookie = cookie(Transport::Https, is_encrypted, Some(LONGEST_MAX_AGE));
                let set = cookie.set(&session).unwrap();
                assert!(set.len() < MAX_COOKIE_BYTES, "{}", set.len());
                assert_eq!(cookie.read(Some(&set)), Some(session.clone()));
            }
        }
    }

    #[test]
    fn only_the_sessions_own_csrf_tokens_are_accepted_and_no_two_are_alike() {
        let [session, other] = [session(&[]), session(&[])];
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
