//! Where a slot stands, and what a value becomes there.

use url::Url;

use crate::escape::escaped;
use crate::fault::Fault;
use crate::policy::Policy;
use crate::rendered::Slot;
use crate::scan::portal;
use crate::{attributes, commands, policy};

/// The position of a slot, known from its template's literal parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// Between tags.
    Text,
    /// The same, directly inside an element with an id and `phx-update="stream"`: here a stream may stand.
    Stream,
    /// Inside `textarea` or `title`, where there is no markup.
    PlainText,
    /// In a quoted attribute value.
    AttributeValue,
    /// The same, being all of the value.
    WholeValue,
    /// The same, with nothing before it but other slots.
    ValueBegin,
    /// At the beginning of a quoted attribute value that is a URL.
    Url,
    /// All of a quoted attribute value that is the name of a hook.
    Hook,
    /// The whole target of a portal.
    PortalTarget,
    /// The beginning of the id of a portal's content.
    PortalContent,
    /// Between the attributes of a tag.
    AttributeList,
    /// Anywhere in a document of HTML in which it was found, and where nodes and lists stand only between tags.
    Found,
}

/// What a URL with a scheme that is not allowed becomes.
const BLOCKED_URL: &str = "about:invalid#blocked-scheme";

/// Where a value belongs, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) template: u32,
    pub(crate) slot: usize,
}

impl Context {
    /// Whether nodes and lists may stand here.
    pub(crate) fn takes_markup(self) -> bool {
        matches!(self, Self::Text | Self::Stream | Self::Found)
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Text | Self::Stream | Self::Found => "text",
            Self::PlainText => "`textarea` or `title`: only text may",
            Self::AttributeValue | Self::WholeValue | Self::ValueBegin | Self::Url | Self::Hook => {
                "an attribute's value: only text may"
            }
            Self::PortalTarget => portal::TARGETS,
            Self::PortalContent => portal::CONTENT_IDS,
            Self::AttributeList => {
                "a tag, between attributes: only `empty`, or markup that is attributes, may"
            }
        }
    }

    /// The refusal of a value here.
    pub(crate) fn refuse(self, found: &'static str, place: Place) -> Fault {
        Fault::Position { template: place.template, slot: place.slot, found, place: self.describe() }
    }

    /// The HTML that a leaf (`empty`, `text`, `markup`) becomes here.
    pub(crate) fn html(self, slot: Slot, policy: &Policy, place: Place) -> Result<String, Fault> {
        match (self, slot) {
            (Self::PortalTarget, Slot::Text(target)) if portal::is_target(&target) => Ok(target),
            (Self::PortalContent, Slot::Text(id)) if portal::is_content_id(&id) => Ok(escaped(id)),
            (Self::PortalTarget | Self::PortalContent, Slot::Empty) => Err(self.refuse("empty", place)),
            (_, Slot::Empty) => Ok(String::new()),
            (Self::Text | Self::Stream | Self::PlainText | Self::AttributeValue, Slot::Text(text)) => {
                Ok(escaped(text))
            }
            (Self::WholeValue, Slot::Text(text)) => {
                Ok(escaped(commands::harmless(text.into(), policy).into_owned()))
            }
            (Self::ValueBegin, Slot::Text(text)) if text.starts_with(commands::BEGIN) => {
                Ok(format!(" {}", escaped(text)))
            }
            (Self::ValueBegin, Slot::Text(text)) => Ok(escaped(text)),
            (Self::Url, Slot::Text(text)) if text.starts_with(commands::BEGIN) || !is_allowed_url(&text) => {
                Ok(BLOCKED_URL.to_owned())
            }
            (Self::Url, Slot::Text(text)) => Ok(escaped(text)),
            (Self::Hook, Slot::Text(name)) => match policy.hooks.check(&name) {
                Ok(()) => Ok(name),
                Err(problem) => Err(Fault::Hook { template: place.template, slot: place.slot, problem }),
            },
            // It was part of the document that was cleaned.
            (Self::Found, Slot::Markup(markup)) => Ok(markup),
            (Self::Text | Self::Stream, Slot::Markup(markup)) if policy.raw_markup => Ok(markup),
            (Self::Text | Self::Stream, Slot::Markup(markup)) => Ok(policy::cleaned(&markup)),
            (Self::AttributeList, Slot::Markup(markup)) => attributes::normalised(&markup, policy)
                .map_err(|problem| Fault::Attributes { template: place.template, slot: place.slot, problem }),
            (_, Slot::Text(_)) => Err(self.refuse("text", place)),
            (_, Slot::Markup(_)) => Err(self.refuse("markup", place)),
            (_, Slot::Node(_)) => Err(self.refuse("a node", place)),
            (_, Slot::Each(_)) => Err(self.refuse("a list", place)),
            (_, Slot::Component(_)) => Err(self.refuse("a live component", place)),
            (_, Slot::Unchanged) => Err(Fault::Unchanged {
                template: place.template,
                slot: place.slot,
                reason: "its place held nothing, or everything was asked for",
            }),
        }
    }
}

/// Whether a URL is relative or has a scheme that can do no harm, as browsers read it (WHATWG).
pub(crate) fn is_allowed_url(text: &str) -> bool {
    match Url::parse(text) {
        Ok(url) => policy::URL_SCHEMES.contains(&url.scheme()),
        Err(url::ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed_url;

    #[test]
    fn schemes_are_read_as_browsers_read_them() {
        for good in
            ["", "/a", "a/b", "?x=1", "#top", "//host/a", "https://a.example", "mailto:a@b.example", "tel:1"]
        {
            assert!(is_allowed_url(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            " JavaScript:x",
            "java\nscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "blob:x",
            "http://[",
        ] {
            assert!(!is_allowed_url(bad), "{bad}");
        }
    }
}
