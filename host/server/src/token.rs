//! Signed or sealed, expiring tokens. Each kind has its own key, so that none can stand in for another, and covers
//! everything it vouches for. Knows nothing of HTTP or of views.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

pub(crate) mod keys;
pub(crate) mod sealed;

use keys::SigningKeys;

/// Format of the payloads below; a token of another format does not verify.
const VERSION: u8 = 1;
/// Longest token that is looked at, in bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = 4 * 1024;
const MAC_BYTES: usize = 32;

/// A kind of token.
pub(crate) trait Claims: Serialize + DeserializeOwned {
    /// What the token is for; part of its key.
    const PURPOSE: &'static str;
    /// How long it is good for after signing.
    const MAX_AGE: Duration;
}

/// Why a token is not accepted. Which of these it was is for the log, never for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not of the form that this server signs.
    #[error("token is malformed")]
    Malformed,
    /// Signed by another key or for another purpose, or changed.
    #[error("token's signature does not match")]
    Signature,
    /// Signed longer ago than its kind allows, or in the future.
    #[error("token has expired")]
    Expired,
}

/// Signs `claims` as of now: `base64url(version, seconds since 1970, JSON) "." base64url(HMAC-SHA-256)`.
pub(crate) fn sign<C: Claims>(keys: &SigningKeys, claims: &C) -> String {
    sign_at(keys, claims, SystemTime::now())
}

fn sign_at<C: Claims>(keys: &SigningKeys, claims: &C, now: SystemTime) -> String {
    let payload = payload(claims, now);
    let mac = keys.primary().mac(C::PURPOSE, &payload).finalize().into_bytes();
    let mut token = URL_SAFE_NO_PAD.encode(&payload);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(mac, &mut token);
    token
}

/// Checks signature, purpose and age, in that order, and returns what the token vouches for.
///
/// # Errors
/// [`TokenError`]; comparing the signature takes the same time wherever it differs.
pub(crate) fn verify<C: Claims>(keys: &SigningKeys, token: &str) -> Result<C, TokenError> {
    verify_at(keys, token, C::MAX_AGE, SystemTime::now())
}

/// As [`verify`], for tokens that are good for `max_age`, if that is less than their kind allows.
///
/// # Errors
/// As [`verify`].
pub(crate) fn verify_within<C: Claims>(
    keys: &SigningKeys,
    token: &str,
    max_age: Duration,
) -> Result<C, TokenError> {
    verify_at(keys, token, max_age.min(C::MAX_AGE), SystemTime::now())
}

fn verify_at<C: Claims>(
    keys: &SigningKeys,
    token: &str,
    max_age: Duration,
    now: SystemTime,
) -> Result<C, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong);
    }
    let (payload, mac) = token.split_once('.').ok_or(TokenError::Malformed)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| TokenError::Malformed)?;
    let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| TokenError::Malformed)?;
    if mac.len() != MAC_BYTES {
        return Err(TokenError::Malformed);
    }
    if !keys.all().any(|key| key.mac(C::PURPOSE, &payload).verify_slice(&mac).is_ok()) {
        return Err(TokenError::Signature);
    }
    claims(&payload, max_age, now)
}

/// What is signed or sealed: version, seconds since 1970, JSON.
fn payload<C: Claims>(claims: &C, now: SystemTime) -> Vec<u8> {
    let mut payload = vec![VERSION];
    payload.extend_from_slice(&seconds(now).to_be_bytes());
    // Claims are plain structs of strings and numbers: writing them to memory does not fail. Were it to, the
    // token would be one that never verifies.
    if serde_json::to_writer(&mut payload, claims).is_err() {
        payload.clear();
    }
    payload
}

/// What a payload says that is known to be ours, if it is not too old.
fn claims<C: Claims>(payload: &[u8], max_age: Duration, now: SystemTime) -> Result<C, TokenError> {
    let (&[version], rest) = payload.split_first_chunk::<1>().ok_or(TokenError::Malformed)?;
    let (signed_at, claims) = rest.split_first_chunk::<8>().ok_or(TokenError::Malformed)?;
    if version != VERSION {
        return Err(TokenError::Malformed);
    }
    let signed_at = u64::from_be_bytes(*signed_at);
    let age = seconds(now).checked_sub(signed_at).ok_or(TokenError::Expired)?;
    if age > max_age.as_secs() {
        return Err(TokenError::Expired);
    }
    serde_json::from_slice(claims).map_err(|_| TokenError::Malformed)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// HMAC-SHA-256 with a key that is bound to the token's purpose.
pub(crate) type PurposeMac = Hmac<Sha256>;

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use serde::{Deserialize, Serialize};

    use super::keys::SigningKeys;
    use super::{Claims, MAX_TOKEN_BYTES, TokenError, sign, sign_at, verify, verify_at};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Seat(u32);
    impl Claims for Seat {
        const PURPOSE: &'static str = "seat";
        const MAX_AGE: Duration = Duration::from_secs(60);
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Coat(u32);
    impl Claims for Coat {
        const PURPOSE: &'static str = "coat";
        const MAX_AGE: Duration = Duration::from_secs(60);
    }

    fn keys(secret: &str) -> SigningKeys {
        SigningKeys::from_secrets([secret]).unwrap()
    }

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const OTHER: &str = "fedcba9876543210fedcba9876543210";

    #[test]
    fn a_token_verifies_to_what_was_signed() {
        assert_eq!(verify::<Seat>(&keys(SECRET), &sign(&keys(SECRET), &Seat(7))), Ok(Seat(7)));
    }

    #[test]
    fn a_token_of_one_kind_is_not_accepted_for_another() {
        assert_eq!(verify::<Coat>(&keys(SECRET), &sign(&keys(SECRET), &Seat(7))), Err(TokenError::Signature));
    }

    #[test]
    fn a_token_of_another_key_is_not_accepted() {
        assert_eq!(verify::<Seat>(&keys(OTHER), &sign(&keys(SECRET), &Seat(7))), Err(TokenError::Signature));
    }

    #[test]
    fn a_token_of_the_former_key_is_accepted_after_rotation() {
        let rotated = SigningKeys::from_secrets([OTHER, SECRET]).unwrap();
        assert_eq!(verify::<Seat>(&rotated, &sign(&keys(SECRET), &Seat(7))), Ok(Seat(7)));
        assert_eq!(verify::<Seat>(&keys(OTHER), &sign(&rotated, &Seat(7))), Ok(Seat(7)));
    }

    #[test]
    fn a_changed_token_is_not_accepted() {
        let token = sign(&keys(SECRET), &Seat(7));
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            if changed != token {
                assert!(verify::<Seat>(&keys(SECRET), &changed).is_err(), "byte {index}");
            }
        }
    }

    #[test]
    fn a_token_is_good_until_its_age_and_not_beyond() {
        let now = SystemTime::now();
        let token = sign_at(&keys(SECRET), &Seat(7), now);
        let at = |age, now| verify_at::<Seat>(&keys(SECRET), &token, age, now);
        let after = |seconds| at(Seat::MAX_AGE, now + Duration::from_secs(seconds));
        assert_eq!(after(60), Ok(Seat(7)));
        assert_eq!(after(61), Err(TokenError::Expired));
        let before = at(Seat::MAX_AGE, now - Duration::from_secs(5));
        assert_eq!(before, Err(TokenError::Expired));
    }

    #[test]
    fn nonsense_is_refused_without_a_panic() {
        for nonsense in ["", ".", "a.b", "====.====", &"a".repeat(MAX_TOKEN_BYTES + 1)] {
            assert!(verify::<Seat>(&keys(SECRET), nonsense).is_err());
        }
    }
}
