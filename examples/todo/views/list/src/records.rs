//! What is kept, and what is announced when it changes.

use hothouse_sdk::kv::Collection;
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// What is to be done, in the order in which it was written down.
pub(crate) const OPEN: Collection<Todo> = Collection::new("open/");
/// What was done, the last first.
pub(crate) const DONE: Collection<Todo> = Collection::new("done/");

/// The topic under which changes are announced.
pub(crate) const TOPIC: &str = "todos";

/// One todo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Todo {
    pub(crate) title: String,
}

/// A change that everybody's list makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    Added {
        id: String,
        title: String,
    },
    Renamed {
        id: String,
        title: String,
    },
    Removed {
        id: String,
    },
    /// It is under another id where it is done.
    Done {
        id: String,
        done: String,
        title: String,
    },
    Reopened {
        done: String,
        id: String,
        title: String,
    },
    /// All that was done is forgotten.
    Cleared,
}

/// What a todo may say.
pub(crate) fn checked_title(title: &str) -> Result<String> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 80 {
        return Err(Failure::bad_input("A todo has 1 to 80 characters."));
    }
    Ok(title.to_owned())
}

/// An id behind all others.
pub(crate) fn last_id() -> String {
    id(environment::now_ms())
}

/// An id before all others.
pub(crate) fn first_id() -> String {
    const LAST_MS: f64 = 9_999_999_999_999.0;
    id(LAST_MS - environment::now_ms())
}

/// Two in one moment are told apart by chance.
fn id(ms: f64) -> String {
    let chance: String = environment::random(4).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{ms:013.0}-{chance}")
}
