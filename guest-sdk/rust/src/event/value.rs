//! Types that the values of an event can be read into.

use serde_json::Value;

use super::json;
use super::misread::Misread;

/// A type that one value of an event's payload can be.
///
/// Derive it for an enum whose variants are words, and for a struct that is an object of values; implement it for what is
/// written as text in a way of its own, by `from_text` and `expected`.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// #[derive(Debug, PartialEq, FromValue)]
/// enum Colour { Red, Green }
///
/// /// `#a0b1c2`
/// #[derive(Debug, PartialEq)]
/// struct Hex(u32);
///
/// impl FromValue for Hex {
///     fn from_text(text: &str) -> Option<Self> {
///         u32::from_str_radix(text.strip_prefix('#')?, 16).ok().map(Self)
///     }
///     fn expected() -> String {
///         "a colour such as #a0b1c2".to_owned()
///     }
/// }
///
/// #[derive(Debug, PartialEq, Event)]
/// enum PaintEvent { Paint { colour: Colour, edge: Option<Hex> } }
///
/// let payload = Payload::Json(r##"{"colour":"green","edge":"#ff","value":""}"##.into());
/// let event = PaintEvent::decode(RawEvent { name: "paint".into(), target: None, payload })?;
/// assert_eq!(event, PaintEvent::Paint { colour: Colour::Green, edge: Some(Hex(255)) });
/// # Ok::<(), Failure>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a value of an event cannot be read as `{Self}`",
    note = "derive `FromValue` for it, or use text, a whole number, `bool`, or an `Option` or `Vec` of these"
)]
pub trait FromValue: Sized {
    /// Reads the text of a form's field or of a `phx-value-…` attribute; none when it is not one of this type.
    fn from_text(text: &str) -> Option<Self>;

    /// Reads a value from its JSON text; by itself, what is in the quotes of a JSON text.
    fn from_json(json: &str) -> Option<Self> {
        Self::from_text(&json::text(json)?)
    }

    /// The same, saying what is wrong and where: what holds other values says in which of them.
    ///
    /// # Errors
    ///
    /// The JSON text is not one of this type.
    fn read_json(json: &str) -> Result<Self, Misread> {
        Self::from_json(json).ok_or_else(|| Misread::not(Self::expected()))
    }

    /// What the event has when its payload has no such value; none refuses the event.
    fn when_missing() -> Option<Self> {
        None
    }

    /// What to tell whoever sent something else, such as `a whole number`.
    fn expected() -> String;
}

impl FromValue for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    /// A number is also text.
    fn from_json(json: &str) -> Option<Self> {
        if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Some(json.to_owned());
        }
        json::text(json)
    }

    fn expected() -> String {
        "text".to_owned()
    }
}

impl FromValue for bool {
    fn from_text(text: &str) -> Option<Self> {
        match text {
            "true" | "on" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn from_json(json: &str) -> Option<Self> {
        match json {
            "true" => Some(true),
            "false" => Some(false),
            _ => Self::from_text(&json::text(json)?),
        }
    }

    fn expected() -> String {
        "true or false".to_owned()
    }
}

macro_rules! numbers {
    ($($number:ty => $expected:expr;)*) => {
        $(
            impl FromValue for $number {
                fn from_text(text: &str) -> Option<Self> {
                    text.trim().parse().ok().filter(|number| <$number>::MIN <= *number && *number <= <$number>::MAX)
                }

                fn from_json(json: &str) -> Option<Self> {
                    if json.starts_with('"') { Self::from_text(&json::text(json)?) } else { Self::from_text(json) }
                }

                fn expected() -> String {
                    $expected
                }
            }
        )*
    };
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {
        numbers! { $($number => format!("a whole number from {} to {}", <$number>::MIN, <$number>::MAX);)* }
    };
}

whole_numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

numbers! {
    f32 => "a number".to_owned();
    f64 => "a number".to_owned();
}

/// Missing, `null` and the empty text of a form's field are `None`.
impl<T: FromValue> FromValue for Option<T> {
    fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::from_text(text).map(Some) }
    }

    fn from_json(json: &str) -> Option<Self> {
        Self::read_json(json).ok()
    }

    fn read_json(json: &str) -> Result<Self, Misread> {
        if matches!(json, "null" | "\"\"") { Ok(None) } else { T::read_json(json).map(Some) }
    }

    fn when_missing() -> Option<Self> {
        Some(None)
    }

    fn expected() -> String {
        T::expected()
    }
}

/// The one text of a form's field is a list of one.
impl<T: FromValue> FromValue for Vec<T> {
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(|one| vec![one])
    }

    fn from_json(json: &str) -> Option<Self> {
        Self::read_json(json).ok()
    }

    fn read_json(json: &str) -> Result<Self, Misread> {
        let elements = json::elements(json).ok_or_else(|| Misread::not(Self::expected()))?;
        let read = |(index, element)| T::read_json(element).map_err(|misread| misread.at(index));
        elements.into_iter().enumerate().map(read).collect()
    }

    fn expected() -> String {
        format!("a list of: {}", T::expected())
    }
}

/// Any JSON.
impl FromValue for Value {
    fn from_text(text: &str) -> Option<Self> {
        Some(Self::String(text.to_owned()))
    }

    fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn expected() -> String {
        "a value".to_owned()
    }
}

/// The members of a value that is an object. What `#[derive(FromValue)]` reads a struct with.
#[derive(Debug)]
pub struct Members<'a>(Vec<(String, &'a str)>);

impl<'a> Members<'a> {
    /// Of a JSON text.
    ///
    /// # Errors
    ///
    /// It is no object.
    pub fn read(json: &'a str, expected: &str) -> Result<Self, Misread> {
        json::members(json).map(Self).ok_or_else(|| Misread::not(expected))
    }

    /// One of them by its name; of several the last.
    ///
    /// # Errors
    ///
    /// It is missing, or of another type.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T, Misread> {
        let found = self.0.iter().rev().find(|(member, _)| member == name);
        let read = match found {
            Some((_, json)) => T::read_json(json),
            None => T::when_missing().ok_or_else(Misread::missing),
        };
        read.map_err(|misread| misread.of(name))
    }
}
