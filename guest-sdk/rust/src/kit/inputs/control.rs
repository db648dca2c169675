//! What an input is called and shows: a field of a form, and what is said instead.

use std::borrow::Cow;

use crate::form::{Field, id_of};

/// An input's id, name, values and errors.
pub(super) struct Control<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) name: &'a str,
    value: Option<&'a str>,
    field: Option<&'a Field>,
    errors: &'a [String],
}

impl<'a> Control<'a> {
    /// What is said wins over the field's own; without an id there is one that the name makes.
    pub(super) fn new(
        field: Option<&'a Field>,
        id: Option<&'a str>,
        name: Option<&'a str>,
        value: Option<&'a str>,
        errors: &'a [String],
    ) -> Self {
        let name = name.or(field.map(Field::name)).unwrap_or_default();
        let id = match (id, field) {
            (Some(id), _) => id.into(),
            (None, Some(field)) => field.id().into(),
            // `tags[]` is `tags`, `user[name]` is `user_name`.
            (None, None) => id_of(name.strip_suffix("[]").unwrap_or(name)).into(),
        };
        let errors = if errors.is_empty() { field.map(Field::errors).unwrap_or_default() } else { errors };
        Self { id, name, value, field, errors }
    }

    pub(super) fn value(&self) -> &str {
        self.value.or(self.field.map(Field::value)).unwrap_or_default()
    }

    /// Whether this is its value, or one of them.
    pub(super) fn has(&self, value: &str) -> bool {
        match (self.value, self.field) {
            (Some(chosen), _) => chosen == value,
            (None, field) => field.is_some_and(|field| field.has(value)),
        }
    }

    pub(super) fn errors(&self) -> &'a [String] {
        self.errors
    }

    /// `aria-invalid`: there if something is wrong.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        (!self.errors.is_empty()).then_some("true")
    }

    /// `aria-describedby`: the same whether something is wrong or not, as its elements are.
    pub(super) fn described_by(&self, description: Option<&str>) -> String {
        let id = &self.id;
        match description {
            Some(_) => format!("{id}-description {id}-errors"),
            None => format!("{id}-errors"),
        }
    }

    /// The name of inputs that send several values.
    pub(super) fn list_name(&self) -> Cow<'a, str> {
        match self.name.is_empty() || self.name.ends_with("[]") {
            true => self.name.into(),
            false => format!("{}[]", self.name).into(),
        }
    }
}
