//! From what was typed to values: every field that is not what it should be is told of, not only the first one.
//!
//! A reader of serde's: it puts a value of the right type in the place of what it cannot read, and goes on. What it
//! answers is of use only when it has told of nothing.

mod access;
mod arrange;

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeOwned, Visitor};

use super::path::Path;
use super::tree::Node;
use super::words::Words;
use crate::event::FromValue as _;
use access::{Choice, Elements, Entries, Members};
use arrange::arranged;

/// Rows that a form has, in all its lists together. More of them are nobody's who fills one in, and would be the end of a
/// view that shows them.
pub(super) const MAX_ROWS: usize = 200;

/// What is wrong, by path.
pub(super) type Errors = Vec<(String, String)>;

/// Reads a value. Lists become lists in the tree as well, and sort and drop parameters are carried out in it.
///
/// None, if a type that reads texts by its own rules did not accept one.
pub(super) fn cast<T: DeserializeOwned, W: Words>(tree: &mut Node, words: &W) -> (Option<T>, Errors) {
    let mut cast = Cast::new(words);
    loop {
        let asked = cast.absent.len();
        cast.errors.clear();
        cast.path = Path::default();
        cast.rows = 0;
        match T::deserialize(Field { node: Some(tree), cast: &mut cast }) {
            Ok(value) => return (Some(value), cast.errors),
            Err(Refused::Absent(_)) if cast.absent.len() > asked => {}
            Err(refused) => {
                cast.refuse(refused);
                return (None, cast.errors);
            }
        }
    }
}

struct Cast<'w, W> {
    words: &'w W,
    path: Path,
    errors: Errors,
    /// Rows so far.
    rows: usize,
    /// Members of structs that have no default, by the struct's name: they are read although they are not there.
    absent: Vec<(&'static str, &'static str)>,
}

impl<'w, W: Words> Cast<'w, W> {
    fn new(words: &'w W) -> Self {
        Self { words, path: Path::default(), errors: Errors::new(), rows: 0, absent: Vec::new() }
    }

    fn tell(&mut self, message: impl Into<String>) {
        self.errors.push((self.path.as_str().to_owned(), message.into()));
    }

    /// Tells of what a type has said.
    fn refuse(&mut self, refused: Refused) {
        match refused {
            Refused::Said(message) => self.tell(message),
            Refused::Absent(_) | Refused::Blank => self.tell(self.words.required_not_set()),
            Refused::Told => {}
        }
    }

    /// Reads what is at a part of the path.
    fn within<T>(
        &mut self,
        segment: impl fmt::Display,
        read: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        let outer = self.path.push(segment);
        let read = match read(self) {
            Err(refused @ (Refused::Said(_) | Refused::Blank)) => {
                self.refuse(refused);
                Err(Refused::Told)
            }
            read => read,
        };
        self.path.pop(outer);
        read
    }
}

/// Why there is no value.
#[derive(Debug)]
enum Refused {
    /// A type has said so.
    Said(String),
    /// This member is not there and has no default.
    Absent(&'static str),
    /// Nothing is there.
    Blank,
    /// It is among the errors already.
    Told,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(message) => formatter.write_str(message),
            Self::Absent(field) => write!(formatter, "{field} is missing"),
            Self::Blank | Self::Told => formatter.write_str("there is no value"),
        }
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Said(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Absent(field)
    }
}

/// What is typed at one place; none if nothing is there.
struct Field<'c, 'n, 'w, W> {
    node: Option<&'n mut Node>,
    cast: &'c mut Cast<'w, W>,
}

impl<W: Words> Field<'_, '_, '_, W> {
    fn text(&self) -> &str {
        self.node.as_ref().map_or("", |node| node.text())
    }

    fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// Tells what is wrong, or that nothing is there.
    fn wrong(&mut self, message: impl FnOnce(&W, &str) -> Cow<'static, str>) {
        let words = self.cast.words;
        let message = if self.is_blank() { words.required_not_set() } else { message(words, self.text()) };
        self.cast.tell(message);
    }
}

/// Why a text is not a number from `min` to `max`.
fn not_a_whole_number(words: &impl Words, text: &str, min: i128, max: i128) -> Cow<'static, str> {
    match text.trim().parse::<i128>() {
        Ok(number) if number < min => words.range_lower_than(&min),
        Ok(_) => words.range_greater_than(&max),
        Err(_) => words.not_a_whole_number(),
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $number:ident;)*) => {
        $(
            fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
                let number = $number::from_text(self.text());
                if number.is_none() {
                    self.wrong(|words, text| {
                        not_a_whole_number(words, text, $number::MIN.into(), $number::MAX.into())
                    });
                }
                visitor.$visit(number.unwrap_or_default())
            }
        )*
    };
}

macro_rules! fractions {
    ($($method:ident $visit:ident $number:ident;)*) => {
        $(
            fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
                let number = $number::from_text(self.text());
                if number.is_none() {
                    self.wrong(|words, _| words.not_a_number());
                }
                visitor.$visit(number.unwrap_or_default())
            }
        )*
    };
}

macro_rules! texts {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
                let read = visitor.visit_str(self.text());
                // What types say of an empty text helps nobody.
                if read.is_err() && self.is_blank() { Err(Refused::Blank) } else { read }
            }
        )*
    };
}

impl<'de, W: Words> de::Deserializer<'de> for Field<'_, '_, '_, W> {
    type Error = Refused;

    whole_numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fractions! {
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    texts! { deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        // A checkbox that is not checked sends nothing.
        let value = if self.text().is_empty() { Some(false) } else { bool::from_text(self.text()) };
        if value.is_none() {
            self.wrong(|words, _| words.not_readable());
        }
        visitor.visit_bool(value.unwrap_or_default())
    }

    fn deserialize_char<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        let mut characters = self.text().chars();
        let one = characters.next().filter(|_| characters.next().is_none());
        if one.is_none() {
            self.wrong(|words, _| words.not_readable());
        }
        visitor.visit_char(one.unwrap_or_default())
    }

    /// Nothing, and an empty text, is none.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.node {
            None => visitor.visit_none(),
            Some(Node::Text(text)) if text.is_empty() => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let Self { node, cast } = self;
        let mut nothing = Node::List(Vec::new());
        let elements = node.unwrap_or(&mut nothing).elements();
        elements.retain(|element| match element {
            // What a form sends for a group of which nothing is chosen.
            Node::Text(text) => !text.is_empty(),
            Node::List(_) | Node::Map(_) => {
                cast.rows += 1;
                cast.rows <= MAX_ROWS
            }
        });
        visitor.visit_seq(Elements { elements: elements.iter_mut().enumerate(), cast })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let Self { node, cast } = self;
        let mut nothing = Node::empty();
        let members = node.unwrap_or(&mut nothing).members();
        let said = members.iter_mut().filter(|(name, _)| !name.starts_with('_'));
        visitor.visit_map(Entries { members: said, value: None, cast })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let Self { node, cast } = self;
        let mut nothing = Node::empty();
        let members = node.unwrap_or(&mut nothing).members();
        for field in fields {
            let mut take = |suffix: &str| {
                let parameter = format!("{field}{suffix}");
                if fields.contains(&parameter.as_str()) { None } else { members.remove(&parameter) }
            };
            let (sort, drop) = (take("_sort"), take("_drop"));
            if sort.is_some() || drop.is_some() {
                let rows = members.remove(*field).unwrap_or_else(Node::empty);
                members.insert((*field).to_owned(), arranged(rows, sort, drop));
            }
        }
        let read = visitor.visit_map(Members { name, fields: fields.iter(), members, field: "", cast });
        if let Err(Refused::Absent(field)) = &read {
            let absent = (name, *field);
            if !cast.absent.contains(&absent) {
                cast.absent.push(absent);
            }
        }
        read
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let chosen = variants.iter().find(|variant| **variant == self.text()).copied();
        if chosen.is_none() {
            self.wrong(|words, _| words.not_a_choice());
        }
        let first = || variants.first().copied().unwrap_or_default();
        visitor.visit_enum(Choice(chosen.unwrap_or_else(first)))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.node {
            None => visitor.visit_unit(),
            Some(Node::Text(_)) => self.deserialize_str(visitor),
            Some(Node::List(_)) => self.deserialize_seq(visitor),
            Some(Node::Map(_)) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }
}
