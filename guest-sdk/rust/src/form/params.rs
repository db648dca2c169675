//! What a form sends.

use serde_json::Value;

use crate::bindings::hothouse::live::types::{Pair, Payload};
use crate::event::RawEvent;
use crate::failure::{Failure, Result};

/// A type that a whole payload can be read into: `Validate(Params)` in an enum of events.
#[diagnostic::on_unimplemented(
    message = "the payload of an event cannot be read as `{Self}`",
    note = "write `Variant(Params)` for what a form sends, `Variant(Json)` for JSON, or name the values: `Variant {{ name: Type }}`"
)]
pub trait FromPayload: Sized {
    /// Reads the payload of an event.
    ///
    /// # Errors
    ///
    /// `bad-input`, naming the event and what is wrong with its payload.
    fn from_payload(event: RawEvent) -> Result<Self>;
}

/// The fields of a form, as they came: names and texts in their order, for a [`Form`](super::Form).
#[derive(Debug, Clone, Default)]
pub struct Params(Vec<Pair>);

impl Params {
    /// Params that say this: for tests.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pair = |(name, value): (&str, &str)| Pair { name: name.to_owned(), value: value.to_owned() };
        Self(pairs.into_iter().map(pair).collect())
    }

    /// The last text of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|pair| pair.name == name).map(|pair| pair.value.as_str())
    }

    /// The name of the input that has changed, on `phx-change`.
    pub fn target(&self) -> Option<&str> {
        self.get("_target")
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|pair| (pair.name.as_str(), pair.value.as_str()))
    }
}

impl FromPayload for Params {
    fn from_payload(event: RawEvent) -> Result<Self> {
        match event.payload {
            Payload::Form(pairs) => Ok(Self(pairs)),
            Payload::Json(_) => Err(Failure::bad_input(format!(
                "event {:?}: the payload is not a form's: bind it with phx-change or phx-submit",
                event.name
            ))),
        }
    }
}

/// Any JSON: what a hook pushes.
impl FromPayload for Value {
    fn from_payload(event: RawEvent) -> Result<Self> {
        let json = match &event.payload {
            Payload::Json(json) => serde_json::from_str(json).ok(),
            Payload::Form(_) => None,
        };
        json.ok_or_else(|| Failure::bad_input(format!("event {:?}: the payload is not JSON", event.name)))
    }
}
