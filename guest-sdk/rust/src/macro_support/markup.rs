//! Attributes of elements that a template writes piece by piece.

use super::{Content, Probe};
use crate::assign::Assign;
use crate::html::{Attrs, ToText};

/// An attribute that is always there.
#[derive(Debug)]
pub struct TextAttribute;

impl TextAttribute {
    /// The value.
    pub fn text(self, value: impl ToText) -> String {
        value.into_text()
    }
}

/// An attribute that may be none, which has a form of its own.
#[derive(Debug)]
pub struct OptionAttribute;

impl OptionAttribute {
    /// Never called: nothing is `AlwaysThere`.
    pub fn text(self, value: impl AlwaysThere) -> String {
        drop(value);
        String::new()
    }
}

/// Attributes of most types.
pub trait AttributeOfText {
    /// How to make their text.
    fn attribute(&self) -> TextAttribute {
        TextAttribute
    }
}

impl<T: ?Sized> AttributeOfText for &Probe<'_, T> {}

/// Attributes of an `Option`.
pub trait AttributeOfOption {
    /// How not to make their text.
    fn attribute(&self) -> OptionAttribute {
        OptionAttribute
    }
}

impl<T> AttributeOfOption for Probe<'_, Option<T>> {}
impl<T> AttributeOfOption for Probe<'_, &Option<T>> {}
impl<T> AttributeOfOption for Probe<'_, &Assign<Option<T>>> {}

/// Implemented by nothing: its absence has the words of a mistake.
#[diagnostic::on_unimplemented(
    message = "the value of this attribute may be none",
    label = "an `Option`",
    note = "write `name?={{…}}` to leave the attribute out when there is no value"
)]
pub trait AlwaysThere {}

/// What `name?={…}` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is always there",
    label = "not an `Option` of text",
    note = "write `name={{…}}` for an attribute that is always there"
)]
pub trait OptionalText {
    /// The value, if there is one.
    fn optional_text(&self) -> Option<String>;
}

impl<T: ToText> OptionalText for Option<T> {
    fn optional_text(&self) -> Option<String> {
        self.as_ref().map(ToText::to_text)
    }
}

impl<T: OptionalText> OptionalText for Assign<T> {
    fn optional_text(&self) -> Option<String> {
        (**self).optional_text()
    }
}

impl<T: OptionalText + ?Sized> OptionalText for &T {
    fn optional_text(&self) -> Option<String> {
        (**self).optional_text()
    }
}

/// The attribute with its value, or nothing.
pub fn optional_attribute(name: &'static str, value: &(impl OptionalText + ?Sized)) -> Content {
    let mut attributes = Attrs::new();
    if let Some(value) = value.optional_text() {
        attributes.put(name, Some(value));
    }
    spread(&attributes, &[])
}

/// All attributes but those that the element names itself.
pub fn spread(attributes: &Attrs, given: &[&str]) -> Content {
    let markup = attributes.markup(given);
    if markup.is_empty() { Content::Empty } else { Content::Markup(markup) }
}

/// The value of `class`, name by name.
#[derive(Debug, Default)]
pub struct Classes {
    text: String,
}

impl Classes {
    /// Adds a name, unless it is empty.
    #[must_use]
    pub fn name(mut self, name: &(impl ToText + ?Sized)) -> Self {
        let name = name.to_text();
        if !name.is_empty() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(&name);
        }
        self
    }

    /// Adds a name if the condition holds.
    #[must_use]
    pub fn name_if(self, name: &(impl ToText + ?Sized), condition: bool) -> Self {
        if condition { self.name(name) } else { self }
    }

    /// The value.
    pub fn into_text(self) -> String {
        self.text
    }
}
