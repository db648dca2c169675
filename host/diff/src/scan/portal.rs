//! The one form that `template` may have: a portal, whose content the client moves to another place of the page.
//!
//! The client shows the one element in it, which it finds by its id, and would take any element of the page for it that
//! has the same: so its id begins with what is kept for portals. Where it moves it to is `body`, or an element by its id.

use super::{Scanner, Step};

/// The attribute that makes a `template` a portal, and holds its target.
pub(crate) const ATTRIBUTE: &str = "data-phx-portal";
/// What the id of a portal's one element begins with.
const CONTENT_ID: &str = "_lv_portal_wrap_";
/// Longest target, in bytes.
const MAX_TARGET_BYTES: usize = 128;
/// What that id may be, for messages.
pub(crate) const CONTENT_IDS: &str =
    "the id of a portal's content: only one that begins with `_lv_portal_wrap_` may";
/// What a target may be, for messages.
pub(crate) const TARGETS: &str = "the target of a portal: only `body`, or `#` and the id of an element (letters, digits, `-`, \
    `_`) that is not the host's, may";

/// Whether a portal may lead there.
pub(crate) fn is_target(selector: &str) -> bool {
    let is_id = |id: &str| {
        id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && id.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
            && !["hothouse-", "phx-"].iter().any(|hosts| id.starts_with(hosts))
    };
    selector == "body"
        || (selector.len() <= MAX_TARGET_BYTES && selector.strip_prefix('#').is_some_and(is_id))
}

/// Whether an id, as far as it is known, is one for a portal's content.
pub(crate) fn is_content_id(begin: &str) -> bool {
    begin.starts_with(CONTENT_ID)
}

/// What is known of a tag, as far as portals go.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// Attributes in a slot have been seen, which may be another id: browsers take the first.
    has_attribute_slot: bool,
    /// It has an id, before any such slot.
    has_id: bool,
    /// That id is one for a portal's content, or will be held to it.
    has_content_id: bool,
    /// It has a target.
    has_target: bool,
}

impl Tag {
    /// A slot between its attributes.
    pub(super) fn attribute_slot(&mut self) {
        self.has_attribute_slot = true;
    }

    /// Its id begins so, and it is not empty.
    pub(super) fn id(&mut self, begin: &str) {
        self.has_id = !self.has_attribute_slot;
        self.has_content_id = self.has_id && is_content_id(begin);
    }

    /// Its id is a slot that is held to be one for a portal's content.
    pub(super) fn content_id(&mut self) {
        self.has_content_id = self.has_id;
    }

    /// It has a target.
    pub(super) fn target(&mut self) {
        self.has_target = true;
    }
}

impl Scanner<'_> {
    /// The element that was just read, which may be a portal or the one inside of a portal.
    pub(super) fn check_portal(&mut self) -> Step {
        if self.attributes.iter().any(|name| name == ATTRIBUTE) && !self.is_portal() {
            return Err(format!(
                "`{ATTRIBUTE}` without a target, on another element than `template`, or without an id before it"
            ));
        }
        self.portal_as_root |= self.open.is_empty() && self.is_portal();
        match self.open.last_mut() {
            Some(open) if open.is_portal => {
                if std::mem::replace(&mut open.has_content, true) {
                    return Err("a second element in a portal: it holds one".to_owned());
                }
                if !self.portal.has_content_id {
                    return Err(format!(
                        "the element in a portal has no id that begins with `{CONTENT_ID}`: the client moves it by its id"
                    ));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether the tag that was just read opens a portal.
    pub(super) fn is_portal(&self) -> bool {
        self.tag == "template" && self.portal.has_target && self.portal.has_id
    }

    /// Whether what is read now stands directly inside of a portal.
    pub(super) fn is_directly_in_portal(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_portal)
    }

    /// Text or a slot between tags: the client sees one element in a portal and nothing else.
    pub(super) fn refuse_beside_content(&self) -> Step {
        if self.is_directly_in_portal() {
            return Err("text or a slot directly inside a portal: put it into the one element that it holds"
                .to_owned());
        }
        Ok(())
    }
}
