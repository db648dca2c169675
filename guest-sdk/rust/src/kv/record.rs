//! JSON to a record, by what its type asks for.
//!
//! Not by the JSON crate: what it says about mistakes brings tables of 24 KB along, for fractions and for what can be
//! printed, which every instance of a view would keep in memory. Writing brings nothing of that.

use std::fmt::{self, Display};
use std::vec;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer as _,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};

use crate::event::json;

/// Why it is no record of the type.
#[derive(Debug)]
pub(super) struct Unreadable(String);

pub(super) fn read<T: DeserializeOwned>(value: &[u8]) -> Result<T, Unreadable> {
    let json = std::str::from_utf8(value).map_err(|_| Unreadable::not("text"))?;
    T::deserialize(Value(json.trim()))
}

impl Unreadable {
    fn not(expected: impl Display) -> Self {
        Self(format!("it is not {expected}"))
    }
}

impl Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// What was found instead is not said: it may be a fraction.
impl serde::de::Error for Unreadable {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(_found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::not(expected)
    }

    fn invalid_value(_found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::not(expected)
    }
}

/// One value, without white space around it.
struct Value<'a>(&'a str);

/// A number, by its digits.
fn number<T: std::str::FromStr>(digits: &str) -> Result<T, Unreadable> {
    digits.parse().map_err(|_| Unreadable::not(std::any::type_name::<T>()))
}

macro_rules! numbers {
    ($($method:ident $visit:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(number(self.digits())?)
        })*
    };
}

macro_rules! all_numbers {
    () => {
        numbers! {
            deserialize_i8 visit_i8; deserialize_i16 visit_i16; deserialize_i32 visit_i32; deserialize_i64 visit_i64;
            deserialize_u8 visit_u8; deserialize_u16 visit_u16; deserialize_u32 visit_u32; deserialize_u64 visit_u64;
            deserialize_f32 visit_f32; deserialize_f64 visit_f64;
        }
    };
}

macro_rules! like {
    ($($method:ident($($argument:ident: $type:ty),*) $as:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Unreadable> {
            $(let _ = $argument;)*
            self.$as(visitor)
        })*
    };
}

impl<'a> Value<'a> {
    fn digits(&self) -> &str {
        self.0
    }

    fn text(&self) -> Result<String, Unreadable> {
        json::text(self.0).ok_or_else(|| Unreadable::not("a text"))
    }

    fn members(&self) -> Result<Members<'a>, Unreadable> {
        let members = json::members(self.0).ok_or_else(|| Unreadable::not("an object"))?;
        Ok(Members { rest: members.into_iter(), value: None })
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0.as_bytes().first() {
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'"') => self.deserialize_string(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            _ if self.0.contains(['.', 'e', 'E']) => self.deserialize_f64(visitor),
            _ if self.0.starts_with('-') => self.deserialize_i64(visitor),
            _ => self.deserialize_u64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Unreadable::not("`true` or `false`")),
        }
    }

    all_numbers! {}

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0 == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0 == "null" { visitor.visit_unit() } else { Err(Unreadable::not("`null`")) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let elements = json::elements(self.0).ok_or_else(|| Unreadable::not("a list"))?;
        visitor.visit_seq(Elements(elements.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.members()?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if self.0.starts_with('"') {
            return visitor.visit_enum(name_of(self.text()?));
        }
        let mut members = self.members()?;
        match (members.rest.next(), members.rest.next()) {
            (Some((name, value)), None) => visitor.visit_enum(Variant { name, value: Value(value) }),
            _ => Err(Unreadable::not("a variant")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    like! {
        deserialize_str() deserialize_string;
        deserialize_char() deserialize_string;
        deserialize_identifier() deserialize_string;
        deserialize_bytes() deserialize_seq;
        deserialize_byte_buf() deserialize_seq;
        deserialize_unit_struct(name: &'static str) deserialize_unit;
        deserialize_tuple(length: usize) deserialize_seq;
        deserialize_tuple_struct(name: &'static str, length: usize) deserialize_seq;
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) deserialize_map;
    }
}

fn name_of(name: String) -> StringDeserializer<Unreadable> {
    name.into_deserializer()
}

struct Elements<'a>(vec::IntoIter<&'a str>);

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|element| seed.deserialize(Value(element))).transpose()
    }
}

struct Members<'a> {
    rest: vec::IntoIter<(String, &'a str)>,
    value: Option<&'a str>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Name(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        let value = self.value.take().ok_or_else(|| Unreadable::custom("a value without its name"))?;
        seed.deserialize(Value(value))
    }
}

/// The name of a member: a text, of which a map may make a number.
struct Name(String);

impl Name {
    fn digits(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserializer<'de> for Name {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.0)
    }

    all_numbers! {}

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(name_of(self.0))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

struct Variant<'a> {
    name: String,
    value: Value<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Unreadable;
    type Variant = Value<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value<'a>), Unreadable> {
        Ok((seed.deserialize(name_of(self.name))?, self.value))
    }
}

impl<'de> VariantAccess<'de> for Value<'_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.0 == "null" { Ok(()) } else { Err(Unreadable::not("a variant without values")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::read;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Everything {
        truth: bool,
        small: (i8, u8),
        large: (i64, u64),
        fraction: f64,
        letter: char,
        text: String,
        maybe: Option<String>,
        list: Vec<Shape>,
        by_name: BTreeMap<String, u16>,
        by_number: BTreeMap<i32, Vec<u8>>,
        nothing: (),
        wrapped: Wrapped,
        #[serde(flatten)]
        rest: Rest,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Wrapped(u32);

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Rest {
        flat: String,
        numbers: Vec<i64>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Nothing,
        Circle(u32),
        Line(i32, i32),
        Named { name: String, inner: Option<Box<Shape>> },
    }

    fn shape() -> impl Strategy<Value = Shape> {
        let leaf = prop_oneof![
            Just(Shape::Nothing),
            any::<u32>().prop_map(Shape::Circle),
            any::<(i32, i32)>().prop_map(|(x, y)| Shape::Line(x, y)),
        ];
        leaf.prop_recursive(3, 8, 1, |inner| {
            (any::<String>(), proptest::option::of(inner))
                .prop_map(|(name, inner)| Shape::Named { name, inner: inner.map(Box::new) })
        })
    }

    fn everything() -> impl Strategy<Value = Everything> {
        let scalars = (
            any::<(bool, (i8, u8), (i64, u64), char, String, Option<String>, u32)>(),
            (-1_000_000_i32..1_000_000),
        );
        let lists = (
            proptest::collection::vec(shape(), 0..4),
            proptest::collection::btree_map(any::<String>(), any::<u16>(), 0..4),
            proptest::collection::btree_map(any::<i32>(), any::<Vec<u8>>(), 0..3),
            any::<(String, Vec<i64>)>(),
        );
        (scalars, lists).prop_map(|((scalars, eighths), (list, by_name, by_number, (flat, numbers)))| {
            let (truth, small, large, letter, text, maybe, wrapped) = scalars;
            let fraction = f64::from(eighths) / 8.0;
            let (wrapped, rest) = (Wrapped(wrapped), Rest { flat, numbers });
            let nothing = ();
            #[rustfmt::skip]
            let all = Everything {
                truth, small, large, fraction, letter, text, maybe, list, by_name, by_number, nothing, wrapped, rest,
            };
            all
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_written_is_read(all in everything(), pretty: bool) {
            let json = if pretty { serde_json::to_vec_pretty(&all) } else { serde_json::to_vec(&all) };
            prop_assert_eq!(read::<Everything>(&json.unwrap()).unwrap(), all);
        }

        #[test]
        fn whatever_is_there_is_read_or_refused(json: Vec<u8>, text: String) {
            let _ = (read::<Everything>(&json), read::<Shape>(text.as_bytes()), read::<Vec<Shape>>(&json));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |json: &str| read::<Rest>(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(said(r#"{"flat":"x"}"#), "missing field `numbers`");
        assert_eq!(said(r#"{"flat":1,"numbers":[]}"#), "it is not a text");
        assert_eq!(said(r#"{"flat":"x","numbers":[1.5]}"#), "it is not i64");
        assert_eq!(said("[]"), "it is not an object");
        assert_eq!(
            read::<Shape>(b"\"Square\"").unwrap_err().to_string().split(',').next(),
            Some("unknown variant `Square`")
        );
        assert!(read::<Rest>(b"\xff").is_err() && read::<Shape>(br#"{"Circle":1,"Line":[1,2]}"#).is_err());
    }
}
