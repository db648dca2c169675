//! Types that the values of an event can be read into.

use serde_json::Value;

use super::json;

/// A type that one value of an event's payload can be.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// #[derive(Debug, PartialEq)]
/// enum Colour { Red, Green }
///
/// impl FromValue for Colour {
///     fn from_text(text: &str) -> Option<Self> {
///         match text {
///             "red" => Some(Self::Red),
///             "green" => Some(Self::Green),
///             _ => None,
///         }
///     }
///     fn expected() -> String {
///         "red or green".to_owned()
///     }
/// }
///
/// #[derive(Debug, PartialEq, Event)]
/// enum PaintEvent { Paint { colour: Colour } }
///
/// let payload = Payload::Json(r#"{"colour":"green","value":""}"#.into());
/// let event = PaintEvent::decode(RawEvent { name: "paint".into(), target: None, payload })?;
/// assert_eq!(event, PaintEvent::Paint { colour: Colour::Green });
/// # Ok::<(), Failure>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a value of an event cannot be read as `{Self}`",
    note = "implement `FromValue` for it, or use text, a whole number, `bool`, or an `Option` or `Vec` of these"
)]
pub trait FromValue: Sized {
    /// Reads the text of a form's field or of a `phx-value-…` attribute; none when it is not one of this type.
    fn from_text(text: &str) -> Option<Self>;

    /// Reads a value from its JSON text; by itself, what is in the quotes of a JSON text.
    fn from_json(json: &str) -> Option<Self> {
        Self::from_text(&json::text(json)?)
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
        if matches!(json, "null" | "\"\"") { Some(None) } else { T::from_json(json).map(Some) }
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
        json::elements(json)?.into_iter().map(T::from_json).collect()
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
