//! `application/x-www-form-urlencoded` values of form events (protocol 5.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::{DecodeError, MAX_FORM_PAIRS};

/// Decodes the pairs of a form's value, then those of its `meta`: strings as they are, anything else as JSON text.
pub(crate) fn decode(
    value: &str,
    meta: Option<&BTreeMap<Cow<'_, str>, &RawValue>>,
) -> Result<Vec<(String, String)>, DecodeError> {
    let mut pairs = Vec::new();
    let mut add = |name: String, value: String| {
        if pairs.len() == MAX_FORM_PAIRS {
            return Err(DecodeError::TooMany { what: "form pairs", limit: MAX_FORM_PAIRS });
        }
        pairs.push((name, value));
        Ok(())
    };
    for pair in value.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(unescape(name)?, unescape(value)?)?;
    }
    for (name, value) in meta.into_iter().flatten() {
        let text = serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned());
        add(name.clone().into_owned(), text)?;
    }
    Ok(pairs)
}

/// `+` is a space, `%XX` a byte; the bytes must be UTF-8. A `%` that begins no escape stands for itself.
fn unescape(text: &str) -> Result<String, DecodeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => match after {
                [high, low, after @ ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => {
                        rest = after;
                        high * 16 + low
                    }
                    _ => b'%',
                },
                _ => b'%',
            },
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| DecodeError::NotUtf8)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
