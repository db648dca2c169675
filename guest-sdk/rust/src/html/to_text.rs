//! What becomes text, between tags and in attributes.

use std::borrow::Cow;
use std::cell::Ref;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::assign::Assign;
use crate::temporary::Temporary;

/// Something that can be shown as plain text. The host escapes it for the place where it stands.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// enum Filter { All, Open }
/// impl ToText for Filter {
///     fn to_text(&self) -> String {
///         match self { Self::All => "all", Self::Open => "open" }.to_owned()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown as text",
    label = "not text",
    note = "implement `ToText` for it, or turn it into text here, for example with `format!`"
)]
pub trait ToText {
    /// The text.
    fn to_text(&self) -> String;

    /// The text of something that is not needed any longer.
    fn into_text(self) -> String
    where
        Self: Sized,
    {
        self.to_text()
    }
}

impl ToText for str {
    fn to_text(&self) -> String {
        self.to_owned()
    }
}

impl ToText for String {
    fn to_text(&self) -> String {
        self.clone()
    }

    fn into_text(self) -> String {
        self
    }
}

impl ToText for Cow<'_, str> {
    fn to_text(&self) -> String {
        self.as_ref().to_owned()
    }

    fn into_text(self) -> String {
        self.into_owned()
    }
}

macro_rules! displayed {
    ($($kind:ty),*) => {
        $(
            impl ToText for $kind {
                fn to_text(&self) -> String {
                    self.to_string()
                }
            }
        )*
    };
}

displayed!(
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    f32,
    f64,
    char,
    bool,
    fmt::Arguments<'_>
);

/// Nothing is the empty text.
impl<T: ToText> ToText for Option<T> {
    fn to_text(&self) -> String {
        self.as_ref().map_or_else(String::new, ToText::to_text)
    }

    fn into_text(self) -> String {
        self.map_or_else(String::new, ToText::into_text)
    }
}

impl<T: ToText> ToText for Assign<T> {
    fn to_text(&self) -> String {
        (**self).to_text()
    }
}

impl<T: ToText> ToText for Temporary<T> {
    fn to_text(&self) -> String {
        self.get().to_text()
    }
}

macro_rules! pointers {
    ($($pointer:ty),*) => {
        $(
            impl<T: ToText + ?Sized> ToText for $pointer {
                fn to_text(&self) -> String {
                    (**self).to_text()
                }
            }
        )*
    };
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>, Ref<'_, T>);

/// What a boolean attribute accepts.
#[diagnostic::on_unimplemented(
    message = "a boolean attribute is there or not: `{Self}` is not `bool`",
    label = "not `bool`"
)]
pub trait Flag {
    /// Whether the attribute is there.
    fn is_set(&self) -> bool;
}

impl Flag for bool {
    fn is_set(&self) -> bool {
        *self
    }
}

impl<T: Flag + ?Sized> Flag for &T {
    fn is_set(&self) -> bool {
        (**self).is_set()
    }
}

impl<T: Flag> Flag for Assign<T> {
    fn is_set(&self) -> bool {
        (**self).is_set()
    }
}
