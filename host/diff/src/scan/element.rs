//! Elements: which may stand where, and that each is closed.

use super::{Scanner, State, Step};
use crate::policy::{self, PLAIN_TEXT_ELEMENTS, RAW_TEXT_ELEMENTS, VOID_ELEMENTS};

/// Deepest nesting of elements in one template.
const MAX_ELEMENT_DEPTH: usize = 64;

/// An element that is open.
pub(super) struct Open {
    /// Lower case.
    pub(super) tag: String,
    pub(super) is_stream: bool,
    pub(super) is_portal: bool,
    /// Of a portal: its one element has been seen.
    pub(super) has_content: bool,
}

impl Scanner<'_> {
    pub(super) fn check_element(&self) -> Step {
        let is_allowed = self.policy.raw_markup || policy::allows_element(&self.tag) || self.is_portal();
        if self.tag == "plaintext" || !is_allowed {
            return Err(format!("element `{}` is not allowed here", self.tag));
        }
        if self.tag == "col" && self.open.last().is_some_and(|open| open.tag == "template") {
            return Err("`col` directly inside `template`, where browsers drop what follows it".to_owned());
        }
        let is_text = |tag| PLAIN_TEXT_ELEMENTS.contains(&tag) || RAW_TEXT_ELEMENTS.contains(&tag);
        let foreign = ["svg", "math", "select"].into_iter().find(|element| self.is_inside(element));
        if let Some(foreign) = foreign.filter(|_| self.is_portal()) {
            return Err(format!("a portal inside `{foreign}`, where browsers have none"));
        }
        if let Some(foreign) = foreign.filter(|_| is_text(self.tag.as_str())) {
            return Err(format!(
                "`{}` inside `{foreign}`, where browsers take its text for markup",
                self.tag
            ));
        }
        Ok(())
    }

    pub(super) fn open_element(&mut self) -> Step {
        self.check_element()?;
        self.check_portal()?;
        self.count_root();
        self.state = State::Data;
        let tag = self.tag.as_str();
        if VOID_ELEMENTS.contains(&tag) {
            return Ok(());
        }
        if self.open.len() == MAX_ELEMENT_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_ELEMENT_DEPTH}"));
        }
        self.open.push(Open {
            tag: self.tag.clone(),
            is_stream: self.has_id && self.updates_as_stream,
            is_portal: self.is_portal(),
            has_content: false,
        });
        if PLAIN_TEXT_ELEMENTS.contains(&tag) {
            self.state = State::RawText(true);
        } else if RAW_TEXT_ELEMENTS.contains(&tag) {
            self.state = State::RawText(false);
        }
        Ok(())
    }

    pub(super) fn close_element(&mut self) -> Step {
        self.state = State::Data;
        match self.open.pop() {
            Some(open) if open.is_portal && !open.has_content => {
                Err("a portal without an element in it: the client has nothing to move".to_owned())
            }
            Some(open) if open.tag == self.tag => Ok(()),
            Some(open) => Err(format!("`</{}>` closes `<{}>`", self.tag, open.tag)),
            None => Err(format!("`</{}>` closes nothing", self.tag)),
        }
    }

    pub(super) fn count_root(&mut self) {
        if self.open.is_empty() {
            self.roots += 1;
            // What has not changed the client skips, and a choice that it has marked as selected by itself stays so.
            self.trackable &= !matches!(self.tag.as_str(), "option" | "optgroup");
        }
    }

    pub(super) fn is_inside(&self, element: &str) -> bool {
        self.open.iter().any(|open| open.tag == element)
    }
}
