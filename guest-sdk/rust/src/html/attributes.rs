//! Attributes as a value.

use std::borrow::Cow;

use super::ToText;

/// Attributes of an element, to be handed on: `{..attributes}` in a tag.
///
/// An attribute that the tag names itself wins over one of the same name in here.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// fn field(name: &str, attributes: &Attrs) -> Html {
///     html! { <input name={name} {..attributes}> }
/// }
/// let attributes = Attrs::new().with("type", "email").with_flag("required", true);
/// let field = field("address", &attributes);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attrs {
    /// Names and values, each name once.
    list: Vec<(Cow<'static, str>, Option<String>)>,
}

impl Attrs {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute, or replaces its value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToText) -> Self {
        self.put(name, Some(value.into_text()));
        self
    }

    /// Adds an attribute without a value if the condition holds, and removes it if not.
    #[must_use]
    pub fn with_flag(mut self, name: impl Into<Cow<'static, str>>, is_set: bool) -> Self {
        let name = name.into();
        if is_set {
            self.put(name, None);
        } else {
            self.list.retain(|(known, _)| *known != name);
        }
        self
    }

    /// Adds all of the others; those of the same name are replaced.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        self.add_all(others);
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn put(&mut self, name: impl Into<Cow<'static, str>>, value: Option<String>) {
        let name = name.into();
        match self.list.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.list.push((name, value)),
        }
    }

    pub(crate) fn add_all(&mut self, others: &Self) {
        for (name, value) in &others.list {
            self.put(name.clone(), value.clone());
        }
    }

    /// ` name="value"` for each, but for names in `without`.
    pub(crate) fn markup(&self, without: &[&str]) -> String {
        let mut out = String::new();
        for (name, value) in &self.list {
            if without.iter().any(|given| given.eq_ignore_ascii_case(name)) {
                continue;
            }
            out.push(' ');
            out.push_str(name);
            if let Some(value) = value {
                out.push_str("=\"");
                if is_url(name) {
                    push_url(&mut out, value)
                } else {
                    push_escaped(&mut out, value)
                }
                out.push('"');
            }
        }
        out
    }
}

fn is_url(name: &str) -> bool {
    ["action", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"]
        .iter()
        .any(|url| name.eq_ignore_ascii_case(url))
}

/// The host refuses a document with a URL that it cannot tell the scheme of; a link of a visitor must not do that.
fn push_url(out: &mut String, url: &str) {
    let (head, tail) = url.split_at(url.find(['/', '?', '#']).unwrap_or(url.len()));
    let is_allowed = head.split_once(':').is_none_or(|(scheme, _)| {
        ["http", "https", "mailto", "tel"].iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed))
    });
    if !is_allowed {
        return out.push_str("#blocked-scheme");
    }
    for character in head.chars() {
        match character {
            '&' => out.push_str("%26"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '"' => out.push_str("%22"),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    push_escaped(out, tail);
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}
