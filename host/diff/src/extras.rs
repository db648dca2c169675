//! What travels in a diff beside the tree: title, events for the page, the reply to the event's sender.

use serde::de::IgnoredAny;

use crate::encode::{encode_events, push_json_string};
use crate::fault::Fault;

/// Longest name of an event for the page, in bytes.
const MAX_EVENT_NAME_BYTES: usize = 255;
/// Longest title, in bytes; what is longer is cut.
const MAX_TITLE_BYTES: usize = 1024;

/// Title, events and reply. Payloads are checked when they are added; nothing can be written that is not JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// JSON string text.
    pub(crate) title: Option<String>,
    /// JSON text of the events' array, without its brackets.
    pub(crate) events: String,
    /// JSON text.
    pub(crate) reply: Option<String>,
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
        text(&self.title) + self.events.len() + text(&self.reply)
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.events.is_empty() && self.reply.is_none()
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}
