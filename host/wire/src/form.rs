//! `application/x-www-form-urlencoded` values of form events (protocol 5.3).
//!
//! As the URL standard decodes them, except that bytes which are not UTF-8 are an error and not replaced.

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
        let json = value.get();
        let text = if json.starts_with('"') {
            // Half of a surrogate pair is the one thing that is JSON and not text.
            serde_json::from_str(json).map_err(|_| DecodeError::NotUtf8)?
        } else {
            json.to_owned()
        };
        add(name.clone().into_owned(), text)?;
    }
    Ok(pairs)
}

/// `+` is a space, `%XX` a byte; the bytes must be UTF-8. A `%` that begins no escape stands for itself.
fn unescape(text: &str) -> Result<String, DecodeError> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (hexadecimal(*high), hexadecimal(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high * 16 + low
                }
                _ => b'%',
            },
            (other, _) => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| DecodeError::NotUtf8)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::decode;
    use crate::DecodeError;

    #[track_caller]
    fn check(value: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(decode(value, None), Ok(expected), "{value}");
    }

    #[test]
    fn escapes_are_resolved_and_broken_ones_kept() {
        check("", &[]);
        check("a=1&&b=2&", &[("a", "1"), ("b", "2")]);
        check("a=b=c&x&=y&=", &[("a", "b=c"), ("x", ""), ("", "y"), ("", "")]);
        check("user%5Bname%5D=J%C3%B6+B", &[("user[name]", "Jö B")]);
        check(
            "a=%&b=%4&c=%zz&d=%+1&e=%c3%b6",
            &[("a", "%"), ("b", "%4"), ("c", "%zz"), ("d", "% 1"), ("e", "ö")],
        );
        assert_eq!(decode("a=%FF", None), Err(DecodeError::NotUtf8));
        assert_eq!(decode("%C3=%B6", None), Err(DecodeError::NotUtf8));
    }

    proptest! {
        #[test]
        fn pairs_are_those_of_the_url_standard(value in "([a-z=&+%]|%[0-9a-fA-F]{2}|\\PC){0,40}") {
            let standard = form_urlencoded::parse(value.as_bytes()).into_owned().collect::<Vec<_>>();
            match decode(&value, None) {
                Ok(pairs) => prop_assert_eq!(pairs, standard),
                Err(error) => {
                    prop_assert_eq!(error, DecodeError::NotUtf8);
                    let replaced = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
                    prop_assert!(standard.iter().any(|(name, value)| replaced(name) || replaced(value)));
                }
            }
        }
    }
}
