//! What travels in a diff beside the tree: title, text to append, events for the page, the reply to the event's sender.

use serde::de::IgnoredAny;

use crate::encode::{encode_events, push_json_string};
use crate::fault::Fault;
use crate::stream::check_element_id;

/// Longest name of an event for the page, in bytes.
const MAX_EVENT_NAME_BYTES: usize = 255;
/// Longest title, in bytes; what is longer is cut.
const MAX_TITLE_BYTES: usize = 1024;

/// Name of the event that appends text to an element; `client/page/append.js` of the server does it.
const APPEND_EVENT: &str = "hothouse:append";
/// What an event with text weighs beside the text and the element's id.
const APPEND_BYTES: usize = r#"["hothouse:append",{"to":"","text":"","replace":true}],"#.len();

/// Title, appended text, events and reply. Payloads are checked when they are added; nothing can be written that is not JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// JSON string text.
    pub(crate) title: Option<String>,
    /// What is appended, one piece for each element.
    appends: Vec<Append>,
    /// JSON text of the events' array, without its brackets.
    events: String,
    /// JSON text.
    pub(crate) reply: Option<String>,
}

/// Text for one element.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Append {
    /// Its id.
    element: String,
    text: String,
    /// Whether it takes the place of what was appended before.
    replace: bool,
}

impl Extras {
    /// Sets the page's title; the last one counts.
    pub fn set_title(&mut self, title: &str) {
        let title = title.get(..title.floor_char_boundary(MAX_TITLE_BYTES)).unwrap_or_default();
        let mut json = String::new();
        push_json_string(&mut json, title);
        self.title = Some(json);
    }

    /// Adds an event for the page's hooks and window listeners.
    ///
    /// # Errors
    /// [`Fault::Payload`] when the payload is not a JSON object, [`Fault::TooLong`] for the name.
    pub fn push_event(&mut self, name: &str, payload: &str) -> Result<(), Fault> {
        self.push(name, payload, false)
    }

    /// As [`Extras::push_event`], for an event that the page is told before it is changed.
    ///
    /// # Errors
    /// As [`Extras::push_event`].
    pub fn push_event_before(&mut self, name: &str, payload: &str) -> Result<(), Fault> {
        self.push(name, payload, true)
    }

    fn push(&mut self, name: &str, payload: &str, is_before: bool) -> Result<(), Fault> {
        if name.len() > MAX_EVENT_NAME_BYTES {
            return Err(Fault::TooLong {
                what: "the name of an event",
                found: name.len(),
                limit: MAX_EVENT_NAME_BYTES,
            });
        }
        let payload = payload.trim();
        if !payload.starts_with('{') || !is_json(payload) {
            return Err(Fault::Payload { what: "`push-event`", expected: "a JSON object" });
        }
        encode_events(&mut self.events, name, payload, is_before);
        Ok(())
    }

    /// Appends text to an element of the page, once that was changed and before it is told of events; or in the place of
    /// all that was appended to it before. What is appended to one element in one diff is one piece.
    ///
    /// # Errors
    /// [`Fault::ElementId`].
    pub fn append_text(&mut self, element: String, text: String, replace: bool) -> Result<(), Fault> {
        check_element_id(&element).map_err(|problem| Fault::ElementId { what: "`append-text`", problem })?;
        self.add(Append { element, text, replace });
        Ok(())
    }

    fn add(&mut self, later: Append) {
        match self.appends.iter_mut().find(|present| present.element == later.element) {
            Some(present) if later.replace => *present = later,
            Some(present) => present.text.push_str(&later.text),
            None if later.text.is_empty() && !later.replace => {}
            None => self.appends.push(later),
        }
    }

    /// Writes the events' array without its brackets, what is appended first.
    pub(crate) fn write_events(&self, out: &mut String) {
        for (index, append) in self.appends.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push('[');
            push_json_string(out, APPEND_EVENT);
            out.push_str(",{\"to\":");
            push_json_string(out, &append.element);
            out.push_str(",\"text\":");
            push_json_string(out, &append.text);
            out.push_str(if append.replace { ",\"replace\":true}]" } else { "}]" });
        }
        if !self.appends.is_empty() && !self.events.is_empty() {
            out.push(',');
        }
        out.push_str(&self.events);
    }

    /// Whether there are events or text to append.
    pub(crate) fn has_events(&self) -> bool {
        !self.events.is_empty() || !self.appends.is_empty()
    }

    /// Sets the reply to the event's sender; the last one counts.
    ///
    /// # Errors
    /// [`Fault::Payload`] when it is not JSON.
    pub fn set_reply(&mut self, json: &str) -> Result<(), Fault> {
        if !is_json(json) {
            return Err(Fault::Payload { what: "`reply`", expected: "JSON" });
        }
        self.reply = Some(json.to_owned());
        Ok(())
    }

    /// Adds what came after: later titles and replies count, events follow.
    pub fn append(&mut self, later: Self) {
        for append in later.appends {
            self.add(append);
        }
        if !self.events.is_empty() && !later.events.is_empty() {
            self.events.push(',');
        }
        self.events.push_str(&later.events);
        self.title = later.title.or(self.title.take());
        self.reply = later.reply.or(self.reply.take());
    }

    /// Bytes of what is to be sent.
    pub fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let appended = |append: &Append| APPEND_BYTES + append.element.len() + append.text.len();
        let appends: usize = self.appends.iter().map(appended).sum();
        text(&self.title) + appends + self.events.len() + text(&self.reply)
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && !self.has_events() && self.reply.is_none()
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}
