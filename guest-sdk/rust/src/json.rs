//! JSON text on its way to the browser.

use serde_json::Value;

/// A JSON value as text.
///
/// ```
/// use hothouse_sdk::{Json, json};
/// let payload = Json::from(json!({ "points": [1, 2, 3] }));
/// assert_eq!(payload.as_str(), r#"{"points":[1,2,3]}"#);
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
        Self { text: value.to_string() }
    }
}
