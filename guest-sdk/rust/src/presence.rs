//! Who is there under a topic: everybody whom views have made known with
//! [`Socket::track_presence`](crate::Socket::track_presence), in all their tabs.
//!
//! Whoever has subscribed to the topic hears of those who come and go by `Message::PresenceChanged`; the simplest answer
//! to it is to ask for all of them again.
//!
//! Outside of a component, in tests on the developer's machine, those are there whom the view under test has made known,
//! and whom the test has let in with [`testing::enter`](crate::testing::enter).
//!
//! ```
//! use hothouse_sdk::prelude::*;
//! use hothouse_sdk::{presence, testing};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Person { name: String }
//!
//! fn names(topic: &str) -> Result<Vec<String>> {
//!     let members = presence::members::<Person>(topic)?;
//!     Ok(members.into_iter().filter_map(|member| member.metas.into_iter().next()).map(|one| one.name).collect())
//! }
//!
//! testing::enter("room", "17", &Person { name: "Ann".into() });
//! assert_eq!(names("room")?, ["Ann"]);
//! # Ok::<(), Failure>(())
//! ```

use serde::de::DeserializeOwned;

use crate::failure::{Failure, Result};
use crate::json::read_json;

#[cfg(target_family = "wasm")]
use crate::bindings::hothouse::live::presence as host;
#[cfg(not(target_family = "wasm"))]
pub(crate) use native as host;

/// One who is there, perhaps in several tabs.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<M> {
    /// Who.
    pub key: String,
    /// What is known of each tab, in the order in which they came; at least one.
    pub metas: Vec<M>,
}

/// All who are there under a topic, by key.
///
/// # Errors
///
/// `bad-input`, naming the topic, when a meta is not of the type.
pub fn members<M: DeserializeOwned>(topic: &str) -> Result<Vec<Member<M>>> {
    let typed = |member: host::Member| {
        let metas =
            member.metas.iter().map(|meta| read_json(meta)).collect::<Result<_>>().map_err(|failure| {
                Failure {
                    kind: failure.kind,
                    message: format!("presence under {topic:?}: {}", failure.message),
                }
            })?;
        Ok(Member { key: member.key, metas })
    };
    host::members(topic)?.into_iter().map(typed).collect()
}

#[cfg(not(target_family = "wasm"))]
pub(crate) mod native {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    pub(crate) use crate::bindings::hothouse::live::presence::Member;
    use crate::bindings::hothouse::live::types::{Effect, Failure, PresenceEntry};

    type Topics = BTreeMap<String, BTreeMap<String, Vec<String>>>;

    thread_local! {
        /// Whom the test has let in, and whom its view has made known.
        static OTHERS: RefCell<Topics> = RefCell::default();
        static OWN: RefCell<Topics> = RefCell::default();
    }

    pub(crate) fn members(topic: &str) -> Result<Vec<Member>, Failure> {
        let mut all = OTHERS.with_borrow(|others| others.get(topic).cloned()).unwrap_or_default();
        for (key, metas) in OWN.with_borrow(|own| own.get(topic).cloned()).unwrap_or_default() {
            all.entry(key).or_default().extend(metas);
        }
        Ok(all.into_iter().map(|(key, metas)| Member { key, metas }).collect())
    }

    pub(crate) fn enter(topic: &str, key: &str, meta: String) {
        OTHERS.with_borrow_mut(|others| {
            others.entry(topic.to_owned()).or_default().entry(key.to_owned()).or_default().push(meta);
        });
    }

    pub(crate) fn leave(topic: &str, key: &str) {
        OTHERS.with_borrow_mut(|others| others.get_mut(topic).and_then(|members| members.remove(key)));
    }

    /// Another view is tested.
    pub(crate) fn forget_own() {
        OWN.with_borrow_mut(Topics::clear);
    }

    /// What a callback has asked for, as a host does it.
    pub(crate) fn carry_out(effects: &[Effect]) {
        OWN.with_borrow_mut(|own| {
            for effect in effects {
                match effect {
                    Effect::TrackPresence(PresenceEntry { topic, key, meta })
                    | Effect::UpdatePresence(PresenceEntry { topic, key, meta }) => {
                        own.entry(topic.clone()).or_default().insert(key.clone(), vec![meta.clone()]);
                    }
                    Effect::UntrackPresence(gone) => {
                        own.get_mut(&gone.topic).and_then(|members| members.remove(&gone.key));
                    }
                    _ => {}
                }
            }
        });
    }
}
