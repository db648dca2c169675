//! Attributes: what each may be called and hold, and what a slot in one is.

use super::{Scanner, Step, portal};
use crate::attributes::{check_commands, is_static_url_allowed, resolved};
use crate::commands;
use crate::context::Context;
use crate::policy::{self, Policy, URL_ATTRIBUTES};

const PART_OF_A_HOOK: &str = "a slot as a part of `phx-hook`: make it all of the value";

/// What a checked attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    Plain,
    Url,
    /// The name of a hook.
    Hook,
    /// What makes a `template` a portal, which only literal parts may have as well.
    Portal,
}

impl Scanner<'_> {
    pub(super) fn end_attribute_name(&mut self) -> Step {
        let name = &self.attribute;
        if self.attributes.contains(name) {
            return Err(format!("attribute `{name}` stands twice"));
        }
        check_attribute(name, self.policy)?;
        self.attributes.push(name.clone());
        Ok(())
    }

    pub(super) fn end_value(&mut self) -> Step {
        let is_url = URL_ATTRIBUTES.contains(&self.attribute.as_str());
        if is_url && !self.value_has_slot && !self.policy.raw_markup && !is_static_url_allowed(&self.value) {
            return Err(format!("the URL of `{}` has a scheme that is not allowed", self.attribute));
        }
        if self.value_has_slot {
            self.whole_value = self.value_slot.filter(|_| self.value.is_empty());
            if resolved(&self.value).starts_with(commands::BEGIN) {
                return Err(format!(
                    "a slot in `{}` behind a `[`: make the slot all of the value, or put a space before the `[`",
                    self.attribute
                ));
            }
        } else {
            check_commands(&self.value, self.policy)?;
        }
        match self.attribute.as_str() {
            "id" => {
                self.has_id = self.value_has_slot || !self.value.is_empty();
                if !self.value_has_slot && self.has_id {
                    self.portal.id(&self.value);
                }
                // Attributes in a slot before it could be another id, and browsers take the first.
                if self.open.is_empty() && self.roots == 0 && self.trackable && self.value.is_empty() {
                    self.id_slot = self.value_slot;
                }
            }
            "phx-update" => self.updates_as_stream = !self.value_has_slot && self.value == "stream",
            portal::ATTRIBUTE => {
                let is_slot = self.value_slot.is_some() && self.value.is_empty();
                if !is_slot && (self.value_has_slot || !portal::is_target(&self.value)) {
                    return Err(format!("`{}` is not {}", self.value, portal::TARGETS));
                }
                self.portal.target();
            }
            "phx-hook" if !self.value_has_slot => self.policy.hooks.check(&self.value)?,
            "phx-hook" if !self.value.is_empty() => return Err(PART_OF_A_HOOK.to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// A slot stands in a value: its context, or why it may not.
    pub(super) fn slot_in_value(&mut self) -> Result<Context, String> {
        let is_url = URL_ATTRIBUTES.contains(&self.attribute.as_str());
        let is_first = !self.value_has_slot;
        if self.after_url_slot {
            return Err(format!("two slots at the beginning of the URL `{}`: make them one", self.attribute));
        }
        if self.value.starts_with('&') && !self.value.contains(';') {
            return Err("a slot inside of a character reference".to_owned());
        }
        if is_first && self.attribute == "id" {
            self.portal.id(&self.value);
        }
        self.value_slot = (is_first && self.value.is_empty()).then_some(self.slots);
        self.value_has_slot = true;
        if self.attribute == portal::ATTRIBUTE {
            return Ok(Context::PortalTarget);
        }
        if self.attribute == "phx-hook" {
            return self.value_slot.map(|_| Context::Hook).ok_or_else(|| PART_OF_A_HOOK.to_owned());
        }
        if self.attribute == "id" && self.value_slot.is_some() && self.is_directly_in_portal() {
            self.portal.content_id();
            return Ok(Context::PortalContent);
        }
        if !is_url || !is_first {
            let is_begin = self.value.is_empty();
            return Ok(if is_begin { Context::ValueBegin } else { Context::AttributeValue });
        }
        if self.value.is_empty() {
            self.after_url_slot = true;
            return Ok(Context::Url);
        }
        // The literal beginning must have decided the scheme.
        let decided = self.value.contains(['/', '?', '#'])
            || policy::URL_SCHEMES
                .iter()
                .any(|scheme| self.value.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(':')));
        if decided && is_static_url_allowed(&self.value) {
            Ok(Context::AttributeValue)
        } else {
            Err(format!(
                "a slot in the scheme of the URL `{}`: put the scheme into the slot too",
                self.attribute
            ))
        }
    }
}

/// What makes a link one that the client follows over its socket.
const LINK_ATTRIBUTES: [&str; 2] = ["data-phx-link", "data-phx-link-state"];

/// Whether an attribute may be written, by its name in lower case.
pub(crate) fn check_attribute(name: &str, policy: &Policy) -> Result<Checked, String> {
    let name = name.to_ascii_lowercase();
    if LINK_ATTRIBUTES.contains(&name.as_str()) {
        return Ok(Checked::Plain);
    }
    if name == portal::ATTRIBUTE {
        return Ok(Checked::Portal);
    }
    if name.starts_with("data-phx-") {
        return Err(format!("attribute `{name}`: `data-phx-` belongs to the client"));
    }
    if name == "phx-hook" {
        return Ok(Checked::Hook);
    }
    if name.starts_with("on") || name == "srcdoc" {
        return Err(format!("attribute `{name}` runs code: use a `phx-` binding"));
    }
    if !policy.raw_markup && !policy::allows_attribute(&name) {
        return Err(format!("attribute `{name}` is not allowed here"));
    }
    Ok(if URL_ATTRIBUTES.contains(&name.as_str()) { Checked::Url } else { Checked::Plain })
}
