//! The named values of one event.

use serde_json::Value;

use super::value::FromValue;
use crate::bindings::hothouse::live::types::Payload;
use crate::failure::{Failure, Result};

/// Values of an event by name: the members of its JSON object, or the fields of its form.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// let event = RawEvent {
///     name: "rename".into(),
///     target: None,
///     payload: Payload::Json(r#"{"id":"7","title":"Water the palms"}"#.into()),
/// };
/// let fields = event.fields()?;
/// let id: u32 = fields.get("id")?;
/// assert_eq!(id, 7);
/// # Ok::<(), Failure>(())
/// ```
#[derive(Debug)]
pub struct Fields {
    event: String,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Json(serde_json::Map<String, Value>),
    Form(Vec<(String, String)>),
}

impl Fields {
    pub(super) fn read(event: &str, payload: &Payload) -> Result<Self> {
        let values = match payload {
            Payload::Json(text) => match serde_json::from_str(text) {
                Ok(Value::Object(members)) => Values::Json(members),
                Ok(_) => return Err(refusal(event, "the payload is not an object")),
                Err(_) => return Err(refusal(event, "the payload is not JSON")),
            },
            Payload::Form(pairs) => {
                Values::Form(pairs.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect())
            }
        };
        Ok(Self { event: event.to_owned(), values })
    }

    /// Reads one value. Numbers and truth values may come as strings, as `phx-value-…` sends them.
    ///
    /// # Errors
    ///
    /// `bad-input` naming the event and the value, when it is missing or of another type.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        let found = match &self.values {
            Values::Json(members) => members.get(name).map(T::from_value),
            Values::Form(pairs) => {
                pairs.iter().rev().find(|(field, _)| field == name).map(|(_, value)| T::from_text(value))
            }
        };
        match found {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(refusal(&self.event, &format!("{name:?} is not {}", T::expected()))),
            None => T::when_missing().ok_or_else(|| refusal(&self.event, &format!("{name:?} is missing"))),
        }
    }
}

fn refusal(event: &str, problem: &str) -> Failure {
    Failure::bad_input(format!("event {event:?}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::hothouse::live::types::Pair;

    fn json(text: &str) -> Fields {
        Fields::read("save", &Payload::Json(text.into())).unwrap()
    }

    #[test]
    fn numbers_and_truth_values_may_come_as_strings() {
        let fields = json(r#"{"a":"7","b":7,"c":"true","d":false,"e":"-1.5"}"#);
        assert_eq!(fields.get::<u32>("a"), Ok(7));
        assert_eq!(fields.get::<i64>("b"), Ok(7));
        assert_eq!(fields.get::<bool>("c"), Ok(true));
        assert_eq!(fields.get::<bool>("d"), Ok(false));
        assert_eq!(fields.get::<f64>("e"), Ok(-1.5));
    }

    #[test]
    fn a_number_is_also_text() {
        assert_eq!(json(r#"{"value":3}"#).get::<String>("value"), Ok("3".into()));
    }

    #[test]
    fn a_missing_value_is_named_unless_it_is_optional() {
        let refused = json("{}").get::<u32>("id").unwrap_err();
        assert_eq!(refused, Failure::bad_input("event \"save\": \"id\" is missing"));
        assert_eq!(json("{}").get::<Option<u32>>("id"), Ok(None));
        assert_eq!(json(r#"{"id":null}"#).get::<Option<u32>>("id"), Ok(None));
    }

    #[test]
    fn a_value_out_of_range_is_refused() {
        let refused = json(r#"{"id":300}"#).get::<u8>("id").unwrap_err();
        assert_eq!(refused, Failure::bad_input("event \"save\": \"id\" is not a whole number from 0 to 255"));
    }

    #[test]
    fn the_last_field_of_a_form_wins() {
        let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
        let fields =
            Fields::read("save", &Payload::Form(vec![pair("done", "false"), pair("done", "true")])).unwrap();
        assert_eq!(fields.get::<bool>("done"), Ok(true));
    }

    #[test]
    fn a_payload_that_is_no_object_is_refused() {
        assert!(Fields::read("save", &Payload::Json("[1]".into())).is_err());
        assert!(Fields::read("save", &Payload::Json("{".into())).is_err());
    }
}
