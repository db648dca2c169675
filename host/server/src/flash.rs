//! Flash: a few short messages by kind that the host keeps for a page, and carries to the next one.

use crate::claims::FlashClaims;
use crate::names::is_name;
use crate::token;
use crate::token::keys::SigningKeys;

/// Set by the client before it loads a page, and by redirects of pages (wire protocol 1.4).
pub(crate) const FLASH_COOKIE: &str = "__phoenix_flash__";

/// Most kinds at once.
const MAX_KINDS: usize = 8;
/// Longest name of a kind, in bytes.
const MAX_KIND_BYTES: usize = 32;
/// All of it, as JSON: it travels in a cookie.
const MAX_BYTES: usize = 2 * 1024;

/// Messages by kind, in the order in which the kinds came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Flash {
    pairs: Vec<(String, String)>,
    /// Kinds that were put in during this turn: what goes along when the view sends its page away.
    fresh: Vec<String>,
}

/// Why a message is not put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FlashRefused {
    /// The kind is no name.
    #[error("a kind of flash is 1 to {MAX_KIND_BYTES} lower-case letters, digits, `-` and `_`")]
    Kind,
    /// There are too many.
    #[error("more than {MAX_KINDS} kinds of flash")]
    TooManyKinds,
    /// They are too long.
    #[error("more than {MAX_BYTES} bytes of flash, as JSON: it travels in a cookie")]
    TooLarge,
}

impl Flash {
    /// What a token carries that was made for this browser; nothing if it does not verify.
    pub(crate) fn from_token(keys: &SigningKeys, token: &str, browser: &str) -> Self {
        let claims = token::verify::<FlashClaims>(keys, token);
        let pairs = claims.ok().filter(|claims| claims.browser == browser).map(|claims| claims.pairs);
        Self::from_pairs(pairs.unwrap_or_default())
    }

    /// What the host has kept.
    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, fresh: Vec::new() }
    }

    /// All of it.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// What was put in during this turn.
    pub(crate) fn fresh(&self) -> Vec<(String, String)> {
        let is_fresh = |(kind, _): &&(String, String)| self.fresh.contains(kind);
        self.pairs.iter().filter(is_fresh).cloned().collect()
    }

    /// A token for what was put in during this turn; none if that is nothing.
    pub(crate) fn fresh_token(&self, keys: &SigningKeys, browser: &str) -> Option<String> {
        token_for(keys, browser, self.fresh())
    }

    /// Puts a message in, in the place of the one of its kind.
    ///
    /// # Errors
    /// [`FlashRefused`]; nothing is changed then.
    pub(crate) fn put(&mut self, kind: String, message: String) -> Result<(), FlashRefused> {
        if !is_name(&kind, MAX_KIND_BYTES) {
            return Err(FlashRefused::Kind);
        }
        let mut pairs = self.pairs.clone();
        match pairs.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known = message,
            None => pairs.push((kind.clone(), message)),
        }
        if pairs.len() > MAX_KINDS {
            return Err(FlashRefused::TooManyKinds);
        }
        if serde_json::to_string(&pairs).map_or(usize::MAX, |json| json.len()) > MAX_BYTES {
            return Err(FlashRefused::TooLarge);
        }
        self.pairs = pairs;
        if !self.fresh.contains(&kind) {
            self.fresh.push(kind);
        }
        Ok(())
    }

    /// Takes one kind out, or all.
    pub(crate) fn clear(&mut self, kind: Option<&str>) {
        self.pairs.retain(|(known, _)| kind.is_some_and(|kind| kind != known));
    }

    /// The turn is over.
    pub(crate) fn settle(&mut self) {
        self.fresh.clear();
    }
}

/// A token for messages by kind; none if there are none.
fn token_for(keys: &SigningKeys, browser: &str, pairs: Vec<(String, String)>) -> Option<String> {
    (!pairs.is_empty()).then(|| token::sign(keys, &FlashClaims { browser: browser.to_owned(), pairs }))
}

/// The value of a `Set-Cookie` header that carries messages to the next page; none if there are none.
pub(crate) fn cookie_for(keys: &SigningKeys, browser: &str, pairs: Vec<(String, String)>) -> Option<String> {
    let token = token_for(keys, browser, pairs)?;
    Some(format!("{FLASH_COOKIE}={token}; Max-Age=60; Path=/; SameSite=Lax"))
}

/// The kind that `lv:clear-flash` names in its value, JSON text; none is all of them.
pub(crate) fn cleared_kind(value: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Value {
        key: Option<String>,
    }
    serde_json::from_str::<Value>(value).ok()?.key
}

#[cfg(test)]
mod tests {
    use super::{Flash, FlashRefused, MAX_BYTES, MAX_KINDS, cleared_kind};
    use crate::token::MAX_TOKEN_BYTES;
    use crate::token::keys::SigningKeys;

    fn keys() -> SigningKeys {
        SigningKeys::from_secrets(["0123456789abcdef0123456789abcdef"]).unwrap()
    }

    fn put(flash: &mut Flash, kind: &str, message: &str) -> Result<(), FlashRefused> {
        flash.put(kind.to_owned(), message.to_owned())
    }

    #[test]
    fn only_what_this_turn_put_in_goes_along() {
        let mut flash = Flash::default();
        put(&mut flash, "info", "old").unwrap();
        flash.settle();
        assert_eq!(flash.fresh_token(&keys(), "b"), None);
        put(&mut flash, "error", "new").unwrap();
        let token = flash.fresh_token(&keys(), "b").unwrap();
        let carried = Flash::from_token(&keys(), &token, "b");
        assert_eq!(carried.pairs(), [("error".to_owned(), "new".to_owned())]);
        assert_eq!(flash.pairs().len(), 2);
        flash.clear(Some("error"));
        assert_eq!(flash.fresh_token(&keys(), "b"), None, "it was taken out again");
    }

    #[test]
    fn a_token_of_another_browser_or_of_nobody_is_empty() {
        let mut flash = Flash::default();
        put(&mut flash, "info", "hello").unwrap();
        let token = flash.fresh_token(&keys(), "b").unwrap();
        assert!(Flash::from_token(&keys(), &token, "other").pairs().is_empty());
        assert!(Flash::from_token(&keys(), "forged", "b").pairs().is_empty());
    }

    #[test]
    fn kinds_are_names_and_there_are_so_many_and_no_more() {
        let mut flash = Flash::default();
        for wrong in ["", "Info", "a b", "é", &"a".repeat(33)] {
            assert_eq!(put(&mut flash, wrong, ""), Err(FlashRefused::Kind), "{wrong}");
        }
        (0..MAX_KINDS).for_each(|kind| put(&mut flash, &kind.to_string(), "").unwrap());
        assert_eq!(put(&mut flash, "more", ""), Err(FlashRefused::TooManyKinds));
        put(&mut flash, "0", "another").unwrap();
        flash.clear(None);
        assert!(flash.pairs().is_empty());
    }

    #[test]
    fn the_largest_flash_fits_into_a_token_and_no_larger_one_is_taken() {
        for filling in ["a", "\"", "\u{0}", "é"] {
            let mut flash = Flash::default();
            let each = serde_json::to_string(filling).unwrap().len() - 2;
            let message = filling.repeat((MAX_BYTES - r#"[["info",""]]"#.len()) / each);
            put(&mut flash, "info", &message).unwrap();
            assert!(flash.fresh_token(&keys(), &"b".repeat(22)).unwrap().len() <= MAX_TOKEN_BYTES);
            let longer = message + &filling.repeat(MAX_BYTES);
            assert_eq!(put(&mut flash, "info", &longer), Err(FlashRefused::TooLarge));
        }
    }

    #[test]
    fn the_client_names_a_kind_or_means_all() {
        assert_eq!(cleared_kind(r#"{"key":"info","value":"x"}"#).as_deref(), Some("info"));
        for all in ["{}", "null", "[]", "7", r#"{"key":null}"#, r#"{"key":7}"#] {
            assert_eq!(cleared_kind(all), None, "{all}");
        }
    }
}
