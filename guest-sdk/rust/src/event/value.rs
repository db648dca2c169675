//! Types that the values of an event can be read into.

use serde_json::Value;

/// A type that one value of an event's payload can be.
pub trait FromValue: Sized {
    /// Reads a JSON value; none when it is of another type or out of range.
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().and_then(Self::from_text)
    }

    /// Reads the text of a form's field or of a `phx-value-…` attribute.
    fn from_text(text: &str) -> Option<Self>;

    /// What the payload stands for when it has no such value; none refuses the event.
    fn when_missing() -> Option<Self> {
        None
    }

    /// What to tell whoever sent something else, such as `a whole number`.
    fn expected() -> String;
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn expected() -> String {
        "text".to_owned()
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool().or_else(|| value.as_str().and_then(Self::from_text))
    }

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "true" | "on" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn expected() -> String {
        "true or false".to_owned()
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {
        $(
            impl FromValue for $number {
                fn from_value(value: &Value) -> Option<Self> {
                    match value {
                        Value::Number(number) => match number.as_i64() {
                            Some(signed) => Self::try_from(signed).ok(),
                            None => number.as_u64().and_then(|unsigned| Self::try_from(unsigned).ok()),
                        },
                        Value::String(text) => Self::from_text(text),
                        _ => None,
                    }
                }

                fn from_text(text: &str) -> Option<Self> {
                    text.trim().parse().ok()
                }

                fn expected() -> String {
                    format!("a whole number from {} to {}", <$number>::MIN, <$number>::MAX)
                }
            }
        )*
    };
}

whole_numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_f64().or_else(|| value.as_str().and_then(Self::from_text))
    }

    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn expected() -> String {
        "a number".to_owned()
    }
}

/// Missing, `null` and the empty text of a form's field are `None`.
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_value(value).map(Some) }
    }

    fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::from_text(text).map(Some) }
    }

    fn when_missing() -> Option<Self> {
        Some(None)
    }

    fn expected() -> String {
        T::expected()
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::from_value).collect()
    }

    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(|one| vec![one])
    }

    fn expected() -> String {
        format!("a list of: {}", T::expected())
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(Value::String(text.to_owned()))
    }

    fn expected() -> String {
        "a value".to_owned()
    }
}
