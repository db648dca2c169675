//! Tokens that only this server can read: encrypted and authenticated with XChaCha20-Poly1305, whose nonces are long
//! enough to be drawn at random for as long as a secret lives.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::Mac as _;

use super::keys::{Key, SigningKeys};
use super::{Claims, MAX_TOKEN_BYTES, TokenError, claims, payload};

/// What keys for encryption are derived for: no kind of token has this purpose.
const ENCRYPTION: &str = "encryption";
const NONCE_BYTES: usize = 24;

/// Seals `claims` as of now: `base64url(nonce, ciphertext)`, for no other purpose.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn seal<C: Claims>(keys: &SigningKeys, claims: &C) -> Result<String, getrandom::Error> {
    seal_at(keys, claims, SystemTime::now())
}

fn seal_at<C: Claims>(keys: &SigningKeys, claims: &C, now: SystemTime) -> Result<String, getrandom::Error> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    let payload = payload(claims, now);
    let message = Payload { msg: &payload, aad: C::PURPOSE.as_bytes() };
    // Fails for messages of 256 GiB only.
    let sealed = cipher::<C>(keys.primary()).encrypt(&XNonce::from(nonce), message).unwrap_or_default();
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// Opens what was sealed at most `max_age` ago, if that is less than its kind allows.
///
/// # Errors
/// [`TokenError`]; what cannot be opened was never looked at.
pub(crate) fn open<C: Claims>(keys: &SigningKeys, token: &str, max_age: Duration) -> Result<C, TokenError> {
    open_at(keys, token, max_age.min(C::MAX_AGE), SystemTime::now())
}

fn open_at<C: Claims>(
    keys: &SigningKeys,
    token: &str,
    max_age: Duration,
    now: SystemTime,
) -> Result<C, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong);
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| TokenError::Malformed)?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(TokenError::Malformed)?;
    let opened = keys.all().find_map(|key| {
        let message = Payload { msg: sealed, aad: C::PURPOSE.as_bytes() };
        cipher::<C>(key).decrypt(&XNonce::from(*nonce), message).ok()
    });
    claims(&opened.ok_or(TokenError::Signature)?, max_age, now)
}

fn cipher<C: Claims>(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.mac(ENCRYPTION, C::PURPOSE.as_bytes()).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use serde::{Deserialize, Serialize};

    use super::super::{sign, verify};
    use super::{Claims, MAX_TOKEN_BYTES, SigningKeys, TokenError, open, open_at, seal, seal_at};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Letter(String);
    impl Claims for Letter {
        const PURPOSE: &'static str = "letter";
        const MAX_AGE: Duration = Duration::from_secs(60);
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Bill(String);
    impl Claims for Bill {
        const PURPOSE: &'static str = "bill";
        const MAX_AGE: Duration = Duration::from_secs(60);
    }

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const OTHER: &str = "fedcba9876543210fedcba9876543210";

    fn keys(secrets: &[&str]) -> SigningKeys {
        SigningKeys::from_secrets(secrets.iter().copied()).unwrap()
    }

    fn letter() -> Letter {
        Letter("for your eyes only".to_owned())
    }

    fn opened<C: Claims>(secrets: &[&str], token: &str) -> Result<C, TokenError> {
        open(&keys(secrets), token, Duration::MAX)
    }

    #[test]
    fn what_was_sealed_is_opened_by_this_server_for_this_purpose_alone() {
        let token = seal(&keys(&[SECRET]), &letter()).unwrap();
        assert_eq!(opened(&[SECRET], &token), Ok(letter()));
        assert_eq!(opened::<Letter>(&[OTHER], &token), Err(TokenError::Signature));
        assert_eq!(opened::<Bill>(&[SECRET], &token), Err(TokenError::Signature));
        assert!(verify::<Letter>(&keys(&[SECRET]), &token).is_err());
        let signed = sign(&keys(&[SECRET]), &letter());
        assert!(opened::<Letter>(&[SECRET], &signed).is_err(), "what is only signed was not sealed");
    }

    #[test]
    fn nothing_of_it_can_be_read_and_no_two_are_alike() {
        use base64::Engine as _;
        let token = seal(&keys(&[SECRET]), &letter()).unwrap();
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"eyes"));
        assert_ne!(token, seal(&keys(&[SECRET]), &letter()).unwrap());
    }

    #[test]
    fn a_secret_is_replaced_by_another_as_for_signatures() {
        let token = seal(&keys(&[SECRET]), &letter()).unwrap();
        assert_eq!(opened(&[OTHER, SECRET], &token), Ok(letter()));
        let fresh = seal(&keys(&[OTHER, SECRET]), &letter()).unwrap();
        assert_eq!(opened(&[OTHER], &fresh), Ok(letter()));
    }

    #[test]
    fn what_was_changed_is_not_opened() {
        let token = seal(&keys(&[SECRET]), &letter()).unwrap();
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            if changed != token {
                assert!(opened::<Letter>(&[SECRET], &changed).is_err(), "byte {index}");
            }
        }
        for nonsense in ["", "A", "====", &"A".repeat(32), &"A".repeat(MAX_TOKEN_BYTES + 1)] {
            assert!(opened::<Letter>(&[SECRET], nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn it_is_good_until_its_age_and_not_beyond() {
        let now = SystemTime::now();
        let token = seal_at(&keys(&[SECRET]), &letter(), now).unwrap();
        let after = |seconds| {
            let then = now + Duration::from_secs(seconds);
            open_at::<Letter>(&keys(&[SECRET]), &token, Letter::MAX_AGE, then)
        };
        assert_eq!((after(60), after(61)), (Ok(letter()), Err(TokenError::Expired)));
    }
}
