//! JSON text on its way to the browser.
//!
//! Values are written here and not by their own crate, whose tables for fractions every instance of a view would
//! keep in memory: 18 KB.

use std::fmt::Write as _;

use serde_json::Value;

mod read;

pub use read::read_json;

/// A JSON value as text.
///
/// ```
/// use hothouse_sdk::{Json, json};
/// let payload = Json::from(json!({ "points": [1, 2.5, null], "label": "a \"b\"" }));
/// assert_eq!(payload.as_str(), r#"{"label":"a \"b\"","points":[1,2.5,null]}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json {
    text: String,
}

impl Json {
    /// Takes text that already is JSON. The host refuses the callback's answer when it is not.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        let mut text = String::new();
        write_value(&value, &mut text);
        Self { text }
    }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(element, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_value(member, out);
            }
            out.push('}');
        }
    }
}

fn write_number(number: &serde_json::Number, out: &mut String) {
    // Writing to a string cannot fail; a number of JSON is finite.
    let _ = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(signed), _, _) => write!(out, "{signed}"),
        (_, Some(unsigned), _) => write!(out, "{unsigned}"),
        (_, _, Some(fraction)) => write!(out, "{fraction:?}"),
        (None, None, None) => write!(out, "null"),
    };
}

pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value) {
        let text = Json::from(value.clone()).into_text();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        check(json!(null));
        check(json!([true, false, [], {}]));
        check(json!([0, -1, i64::MIN, u64::MAX, 0.1, -2.5e-300, 1e300, 1e21, 3.0]));
        check(
            json!({ "a \"quoted\" name": "\\ / \n \r \t \u{8} \u{1f} \u{7f} é \u{1f33f}", "b": { "c": [1, { "d": 2 }] } }),
        );
    }
}
