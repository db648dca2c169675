//! The named values of one event.

use super::misread::Misread;
use super::value::{FromValue, Members};
use crate::bindings::hothouse::live::types::{Pair, Payload};
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
pub struct Fields<'a> {
    event: &'a str,
    values: Values<'a>,
}

#[derive(Debug)]
enum Values<'a> {
    Json(Members<'a>),
    Form(&'a [Pair]),
}

impl<'a> Fields<'a> {
    pub(super) fn read(event: &'a str, payload: &'a Payload) -> Result<Self> {
        let values = match payload {
            Payload::Json(text) => Values::Json(
                Members::read(text, "").map_err(|_| refusal(event, "the payload is not a JSON object"))?,
            ),
            Payload::Form(pairs) => Values::Form(pairs),
        };
        Ok(Self { event, values })
    }

    /// Reads one value. Numbers and truth values may come as strings, as `phx-value-…` sends them.
    ///
    /// # Errors
    ///
    /// `bad-input` naming the event and the value, when it is missing or of another type.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        self.read_one(name).map_err(|misread| refusal(self.event, &misread.to_string()))
    }

    /// Reads one value of several; what is wrong with it is noted, to be told with what is wrong with the others.
    #[doc(hidden)]
    pub fn note<T: FromValue>(&self, name: &str, problems: &mut Problems) -> Option<T> {
        self.read_one(name).map_err(|misread| problems.0.push(misread)).ok()
    }

    /// The refusal of an event for all that was noted.
    #[doc(hidden)]
    pub fn refuse(&self, Problems(problems): &Problems) -> Failure {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        refusal(self.event, &problems.join(", "))
    }

    fn read_one<T: FromValue>(&self, name: &str) -> std::result::Result<T, Misread> {
        let pairs = match &self.values {
            Values::Json(members) => return members.get(name),
            Values::Form(pairs) => pairs,
        };
        let read = match pairs.iter().rev().find(|pair| pair.name == name) {
            Some(pair) => T::from_text(&pair.value).ok_or_else(|| Misread::not(T::expected())),
            None => T::when_missing().ok_or_else(Misread::missing),
        };
        read.map_err(|misread| misread.of(name))
    }
}

/// What is wrong with the values of an event: one thing for each that it should have had.
#[derive(Debug, Default)]
pub struct Problems(Vec<Misread>);

fn refusal(event: &str, problem: &str) -> Failure {
    Failure::bad_input(format!("event {event:?}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get<T: FromValue>(json: &str, name: &str) -> Result<T> {
        Fields::read("save", &Payload::Json(json.into()))?.get(name)
    }

    #[test]
    fn numbers_and_truth_values_may_come_as_strings() {
        assert_eq!(get(r#"{"a":"7"}"#, "a"), Ok(7_u32));
        assert_eq!(get(r#"{"a":7}"#, "a"), Ok(7_i64));
        assert_eq!(get(r#"{"a":"true"}"#, "a"), Ok(true));
        assert_eq!(get(r#"{"a":false}"#, "a"), Ok(false));
        assert_eq!(get(r#"{"a":"-1.5"}"#, "a"), Ok(-1.5));
        assert_eq!(get(r#"{"a":2e3}"#, "a"), Ok(2000.0_f32));
        assert_eq!(get(r#"{"a":[1,"2"]}"#, "a"), Ok(vec![1_u8, 2]));
        assert_eq!(get(r#"{"a":{"b":[null]}}"#, "a"), Ok(serde_json::json!({ "b": [null] })));
    }

    #[test]
    fn a_number_is_also_text() {
        assert_eq!(get(r#"{"value":-3}"#, "value"), Ok("-3".to_owned()));
    }

    #[test]
    fn a_missing_value_is_named_unless_it_is_optional() {
        let refused = get::<u32>("{}", "id").unwrap_err();
        assert_eq!(refused, Failure::bad_input("event \"save\": \"id\" is missing"));
        assert_eq!(get("{}", "id"), Ok(None::<u32>));
        assert_eq!(get(r#"{"id":null}"#, "id"), Ok(None::<u32>));
        assert_eq!(get(r#"{"id":""}"#, "id"), Ok(None::<u32>));
        assert_eq!(get(r#"{"id":"1"}"#, "id"), Ok(Some(1_u32)));
    }

    #[test]
    fn a_value_out_of_range_or_of_another_type_is_refused() {
        let refused = get::<u8>(r#"{"id":300}"#, "id").unwrap_err();
        assert_eq!(refused, Failure::bad_input("event \"save\": \"id\" is not a whole number from 0 to 255"));
        for json in [r#"{"id":"inf"}"#, r#"{"id":1e999}"#, r#"{"id":"x"}"#, r#"{"id":[1]}"#, r#"{"id":true}"#]
        {
            assert!(get::<f64>(json, "id").is_err(), "{json}");
        }
    }

    #[test]
    fn the_last_field_of_a_form_wins() {
        let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
        let payload = Payload::Form(vec![pair("done", "false"), pair("done", "true")]);
        assert_eq!(Fields::read("save", &payload).and_then(|fields| fields.get("done")), Ok(true));
    }

    #[test]
    fn a_payload_that_is_no_object_is_refused() {
        assert!(Fields::read("save", &Payload::Json("[1]".into())).is_err());
        assert!(Fields::read("save", &Payload::Json("{".into())).is_err());
    }
}
