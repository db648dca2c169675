//! What can be chosen.

use std::borrow::Cow;

/// One of the things that a [`Select`](super::Select), a [`RadioGroup`](super::RadioGroup) or a
/// [`CheckboxGroup`](super::CheckboxGroup) offers.
///
/// ```
/// use hothouse_sdk::kit::Choice;
///
/// let choice = Choice::new("palm", "Palm").described("Needs half shade").disabled(true);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<'a> {
    pub(super) value: Cow<'a, str>,
    pub(super) label: Cow<'a, str>,
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) group: Option<Cow<'a, str>>,
    pub(super) is_disabled: bool,
}

impl<'a> Choice<'a> {
    /// A value that is sent, and the words that people read.
    pub fn new(value: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self { value: value.into(), label: label.into(), description: None, group: None, is_disabled: false }
    }

    /// What helps to choose, where there is room for it: in groups of radio buttons and checkboxes.
    #[must_use]
    pub fn described(mut self, description: impl Into<Cow<'a, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The heading under which it stands in a select, together with its neighbours of the same group.
    #[must_use]
    pub fn in_group(mut self, group: impl Into<Cow<'a, str>>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Whether it is there and cannot be chosen.
    #[must_use]
    pub fn disabled(mut self, is_disabled: bool) -> Self {
        self.is_disabled = is_disabled;
        self
    }
}

/// Something that can be chosen: a pair of a value and its words, a text that is both, or a type of one's own.
///
/// ```
/// use hothouse_sdk::kit::{Choice, ToChoice};
///
/// struct Country { code: String, name: String }
///
/// impl ToChoice for Country {
///     fn to_choice(&self) -> Choice<'_> {
///         Choice::new(&self.code, &self.name)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing to choose",
    label = "no choice",
    note = "a choice is a pair of a value and its words, a text that is both, a `Choice`, or a type that implements `ToChoice`"
)]
pub trait ToChoice {
    /// The choice.
    fn to_choice(&self) -> Choice<'_>;
}

impl ToChoice for Choice<'_> {
    fn to_choice(&self) -> Choice<'_> {
        self.clone()
    }
}

impl ToChoice for &str {
    fn to_choice(&self) -> Choice<'_> {
        Choice::new(*self, *self)
    }
}

impl ToChoice for String {
    fn to_choice(&self) -> Choice<'_> {
        Choice::new(self, self)
    }
}

impl<V: AsRef<str>, L: AsRef<str>> ToChoice for (V, L) {
    fn to_choice(&self) -> Choice<'_> {
        Choice::new(self.0.as_ref(), self.1.as_ref())
    }
}
