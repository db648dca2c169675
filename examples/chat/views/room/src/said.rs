//! What is said in a room, and how it is kept.

use hothouse_sdk::kv::Collection;
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// By room, and in it the last first.
const SAID: Collection<Said> = Collection::new("said/");
const WEEK_S: u32 = 7 * 24 * 60 * 60;
/// The longest message, in characters.
pub(crate) const MAX_TEXT: usize = 500;

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Ids of a room are in the order of time, backwards.
    pub(crate) id: String,
    pub(crate) by: String,
    pub(crate) text: String,
    pub(crate) at_ms: f64,
}

/// What is announced in a room.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoomMessage {
    Said(Said),
}

impl Said {
    pub(crate) fn now(by: &str, text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_TEXT {
            return Err(Failure::bad_input(format!("Say something, in {MAX_TEXT} characters at most.")));
        }
        const LAST_MS: f64 = 9_999_999_999_999.0;
        let at_ms = environment::now_ms();
        let chance: String = environment::random(4).iter().map(|byte| format!("{byte:02x}")).collect();
        let id = format!("{:013.0}-{chance}", LAST_MS - at_ms);
        Ok(Self { id, by: by.to_owned(), text: text.to_owned(), at_ms })
    }

    /// Keeps it for a week.
    pub(crate) fn keep(&self, room: &str) -> Result<()> {
        SAID.put_for(WEEK_S, format_args!("{room}/{}", self.id), self)
    }

    /// The last that was said in a room, the first of it first.
    pub(crate) fn last(room: &str, count: u32) -> Result<Vec<Self>> {
        let of_room = format!("{room}/");
        let page = SAID.page(Some(&of_room), count)?;
        let mut last: Vec<Self> = page
            .entries
            .into_iter()
            .take_while(|(id, _)| id.starts_with(&of_room))
            .map(|(_, said)| said)
            .collect();
        last.reverse();
        Ok(last)
    }
}
