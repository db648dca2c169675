//! Reads JSON into types of a view: what others have announced, what it has sent to itself, who is there.
//!
//! On [`serde`], and small on purpose, for the same reason as the reader of events: the tables of `serde_json`'s parser
//! would take 28 KB of every instance. Code for fractions is there only where a type has them.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, Unexpected, VariantAccess,
    Visitor,
};
use serde::{Deserializer, forward_to_deserialize_any};

use crate::event::json;
use crate::failure::{Failure, Result};

/// Reads JSON text as a type of the view's: what it has sent to itself, for example.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// use hothouse_sdk::read_json;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Next { page: u32, words: Vec<String> }
///
/// let next: Next = read_json(r#"{"page":2,"words":["a"]}"#)?;
/// assert_eq!((next.page, next.words.len()), (2, 1));
/// assert!(read_json::<Next>(r#"{"page":-2,"words":[]}"#).is_err());
/// # Ok::<(), Failure>(())
/// ```
///
/// # Errors
///
/// `bad-input`, saying what does not fit.
pub fn read_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    T::deserialize(Text(text.trim())).map_err(|Unfit(problem)| Failure::bad_input(problem))
}

/// The JSON text of one value.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

/// What does not fit.
#[derive(Debug)]
struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl serde::de::Error for Unfit {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self(problem.to_string())
    }
}

type Read<T> = std::result::Result<T, Unfit>;

impl<'a> Text<'a> {
    fn quoted(self) -> Option<String> {
        json::text(self.0)
    }

    fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// That it is something else than was expected.
    fn unfit<'de, V: Visitor<'de>>(self, visitor: &V) -> Unfit {
        let found = match self.0.as_bytes().first() {
            Some(b'"') => Unexpected::Other("text"),
            Some(b'{') => Unexpected::Map,
            Some(b'[') => Unexpected::Seq,
            Some(b't' | b'f') => Unexpected::Other("true or false"),
            Some(b'n') => Unexpected::Unit,
            _ => Unexpected::Other("a number"),
        };
        Unfit::invalid_type(found, visitor)
    }

    fn whole_number<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match (self.0.parse::<i64>(), self.0.parse::<u64>()) {
            (Ok(number), _) => visitor.visit_i64(number),
            (_, Ok(number)) => visitor.visit_u64(number),
            _ => Err(self.unfit(&visitor)),
        }
    }

    fn fraction<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let is_number = self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        match self.0.parse::<f64>() {
            Ok(number) if is_number && number.is_finite() => visitor.visit_f64(number),
            _ => Err(self.unfit(&visitor)),
        }
    }
}

impl<'de> IntoDeserializer<'de, Unfit> for Text<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! whole_numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            self.whole_number(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Unfit;

    /// For types that look at what is there.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.0.as_bytes().first() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            _ if self.0.contains(['.', 'e', 'E']) => self.fraction(visitor),
            _ => self.whole_number(visitor),
        }
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.fraction(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.fraction(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.quoted() {
            Some(text) => visitor.visit_string(text),
            None => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.is_null() { visitor.visit_unit() } else { Err(self.unfit(&visitor)) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let Some(elements) = json::elements(self.0) else { return Err(self.unfit(&visitor)) };
        let mut elements = SeqDeserializer::new(elements.into_iter().map(Text));
        let read = visitor.visit_seq(&mut elements)?;
        elements.end()?;
        Ok(read)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let Some(members) = json::members(self.0) else { return Err(self.unfit(&visitor)) };
        let members = members.into_iter().map(|(name, value)| (name, Text(value)));
        visitor.visit_map(MapDeserializer::new(members))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if self.0.starts_with('[') { self.deserialize_seq(visitor) } else { self.deserialize_map(visitor) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let variant = match self.quoted() {
            Some(name) => Some((name, Text("null"))),
            None => json::members(self.0)
                .filter(|members| members.len() == 1)
                .and_then(|mut members| members.pop())
                .map(|(name, content)| (name, Text(content))),
        };
        match variant {
            Some((name, content)) => visitor.visit_enum(Variant { name, content }),
            None => Err(self.unfit(&visitor)),
        }
    }

    /// Nobody looks at it.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf }
}

/// A variant of an enum: its name, and what it carries.
struct Variant<'a> {
    name: String,
    content: Text<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Unfit;
    type Variant = Text<'a>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<(S::Value, Text<'a>)> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Text<'_> {
    type Error = Unfit;

    fn unit_variant(self) -> Read<()> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<S::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Move {
        Pass,
        Say(String),
        Swap(u8, i64),
        Put {
            x: i32,
            at: Option<f64>,
            tags: Vec<String>,
            #[serde(default)]
            last: bool,
        },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Turn {
        by: Wrapped,
        moves: Vec<Move>,
        marks: BTreeMap<String, (char, u64)>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Wrapped(String);

    fn any_move() -> impl Strategy<Value = Move> {
        let at = proptest::option::of(any::<i32>().prop_map(|eighths| f64::from(eighths) / 8.0));
        prop_oneof![
            Just(Move::Pass),
            any::<String>().prop_map(Move::Say),
            any::<(u8, i64)>().prop_map(|(a, b)| Move::Swap(a, b)),
            (any::<i32>(), at, any::<Vec<String>>(), any::<bool>())
                .prop_map(|(x, at, tags, last)| Move::Put { x, at, tags, last }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_serde_json_writes_is_read(
            by in any::<String>(),
            moves in proptest::collection::vec(any_move(), 0..4),
            marks in proptest::collection::btree_map(any::<String>(), any::<(char, u64)>(), 0..3),
        ) {
            let turn = Turn { by: Wrapped(by), moves, marks };
            let text = serde_json::to_string(&turn).unwrap();
            prop_assert_eq!(read_json::<Turn>(&text).unwrap(), turn);
        }

        #[test]
        fn whatever_is_read_nothing_panics(text in r#"[\[\]{}":,0-9a-z\\ .-]{0,24}"#) {
            let _ = read_json::<Turn>(&text);
            let _ = read_json::<Move>(&text);
            let _ = read_json::<Vec<Option<f32>>>(&text);
            let _ = read_json::<serde_json::Value>(&text);
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        #[track_caller]
        fn refused<T: DeserializeOwned + fmt::Debug>(text: &str, expected: &str) {
            assert_eq!(read_json::<T>(text).unwrap_err(), Failure::bad_input(expected));
        }
        refused::<u8>("300", "invalid value: integer `300`, expected u8");
        refused::<u32>("-1", "invalid value: integer `-1`, expected u32");
        refused::<u32>("\"1\"", "invalid type: text, expected u32");
        refused::<String>("7", "invalid type: a number, expected a string");
        refused::<f64>("nan", "invalid type: unit value, expected f64");
        refused::<f64>("1e999", "invalid type: a number, expected f64");
        refused::<(u8, u8)>("[1,2,3]", "invalid length 3, expected 2 elements in sequence");
        refused::<Wrapped>("{", "invalid type: map, expected a string");
        refused::<Move>("\"Fly\"", "unknown variant `Fly`, expected one of `Pass`, `Say`, `Swap`, `Put`");
        refused::<Move>("{\"Put\":{\"x\":1,\"at\":null}}", "missing field `tags`");
    }

    #[test]
    fn members_that_nobody_knows_are_left_out_and_a_number_may_be_a_whole_one() {
        let put = read_json::<Move>(r#" {"Put":{"x":1,"more":{"y":[1]},"at":2,"tags":[]}} "#);
        assert_eq!(put, Ok(Move::Put { x: 1, at: Some(2.0), tags: Vec::new(), last: false }));
        assert_eq!(read_json::<Move>("{\"Pass\":{}}"), Ok(Move::Pass));
        let value = serde_json::json!({ "a": [1, -2.5, null, true, "x"] });
        assert_eq!(read_json::<serde_json::Value>(&value.to_string()), Ok(value));
    }
}
