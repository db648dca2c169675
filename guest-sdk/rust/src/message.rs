//! What views announce to each other, as types of theirs: an enum for a topic, of which each variant is an announcement.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings::hothouse::live::types::{PresenceChange, Publication};
use crate::event::json;
use crate::failure::{Failure, Result};
use crate::json::read_json;

/// Name and payload of an announcement.
pub(crate) fn announced(topic: &str, message: &impl Serialize) -> Result<(String, String)> {
    let text = written(message).map_err(|failure| about(topic, &failure))?;
    if let Some(name) = json::text(&text) {
        return Ok((name, "null".to_owned()));
    }
    match json::members(&text).as_deref() {
        Some([(name, payload)]) => Ok((name.clone(), (*payload).to_owned())),
        _ => Err(about(topic, &Failure::internal("what is announced is no variant of an enum"))),
    }
}

/// Anything as JSON text.
pub(crate) fn written(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Failure::internal(format!("it is no JSON: {error}")))
}

fn about(topic: &str, failure: &Failure) -> Failure {
    Failure { kind: failure.kind, message: format!("topic {topic:?}: {}", failure.message) }
}

impl Publication {
    /// What was announced, as the topic's type: an enum whose variants are the names of announcements, as those who
    /// [`broadcast`](crate::Socket::broadcast) it have.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize, PartialEq, Debug)]
    /// #[serde(rename_all = "snake_case")]
    /// enum RoomMessage { Said { by: String }, Closed }
    ///
    /// let said = Publication { topic: "room".into(), name: "said".into(), payload: r#"{"by":"Ann"}"#.into() };
    /// assert_eq!(said.read::<RoomMessage>()?, RoomMessage::Said { by: "Ann".into() });
    ///
    /// let sung = Publication { name: "sung".into(), ..said };
    /// let refused = sung.read::<RoomMessage>().unwrap_err();
    /// assert_eq!(refused.message, r#"topic "room": unknown variant `sung`, expected `said` or `closed`"#);
    /// # Ok::<(), Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `bad-input`, naming the topic and what does not fit.
    pub fn read<M: DeserializeOwned>(&self) -> Result<M> {
        let mut text = String::with_capacity(self.name.len() + self.payload.len() + 5);
        text.push('{');
        crate::json::write_text(&self.name, &mut text);
        text.push(':');
        text.push_str(&self.payload);
        text.push('}');
        read_json(&text).map_err(|failure| about(&self.topic, &failure))
    }
}

/// Who came and who went under a topic, with what is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed<M> {
    /// Who came, after those who went.
    pub joined: Vec<(String, M)>,
    /// Who went. One whose meta was updated has left with the former one and joined with the new.
    pub left: Vec<(String, M)>,
}

impl PresenceChange {
    /// Who came and went, with their metas as the topic's type.
    ///
    /// # Errors
    ///
    /// `bad-input`, naming the topic and what does not fit.
    pub fn read<M: DeserializeOwned>(&self) -> Result<Changed<M>> {
        let read = |pairs: &[crate::Pair]| {
            let pairs = pairs.iter().map(|pair| Ok((pair.name.clone(), read_json(&pair.value)?)));
            pairs.collect::<Result<Vec<_>>>().map_err(|failure| about(&self.topic, &failure))
        };
        Ok(Changed { joined: read(&self.joined)?, left: read(&self.left)? })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Message {
        Plain,
        One(u8),
        Many { text: String },
    }

    #[test]
    fn what_is_announced_is_read_again() {
        for (message, name, payload) in [
            (Message::Plain, "Plain", "null"),
            (Message::One(7), "One", "7"),
            (Message::Many { text: "\"{\n".to_owned() }, "Many", r#"{"text":"\"{\n"}"#),
        ] {
            let announced = announced("t", &message).unwrap();
            assert_eq!(announced, (name.to_owned(), payload.to_owned()));
            let (name, payload) = announced;
            let publication = Publication { topic: "t".to_owned(), name, payload };
            assert_eq!(publication.read(), Ok(message));
        }
    }

    #[test]
    fn what_has_no_name_cannot_be_announced() {
        let refused = Err(Failure::internal("topic \"t\": what is announced is no variant of an enum"));
        assert_eq!(announced("t", &1), refused);
        assert_eq!(announced("t", &serde_json::json!({ "a": 1, "b": 2 })), refused);
        let no_json = announced("t", &BTreeMap::from([((1, 2), 3)])).unwrap_err();
        assert!(no_json.message.starts_with("topic \"t\": it is no JSON"), "{}", no_json.message);
    }
}
