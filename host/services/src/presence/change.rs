//! Who came and went, in as few words as say the same.

use std::sync::Arc;

use super::Presence;

/// Longest change that is told at once; in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Who came and went under a topic: first take away who has left, then add who has joined. An update is both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    topic: Box<str>,
    joined: Vec<Arc<Presence>>,
    left: Vec<Arc<Presence>>,
    bytes: usize,
}

impl Change {
    pub(super) fn new(topic: &str) -> Self {
        Self { topic: topic.into(), joined: Vec::new(), left: Vec::new(), bytes: topic.len() }
    }

    /// The topic.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Who came.
    pub fn joined(&self) -> impl ExactSizeIterator<Item = &Presence> {
        self.joined.iter().map(|presence| &**presence)
    }

    /// Who went.
    pub fn left(&self) -> impl ExactSizeIterator<Item = &Presence> {
        self.left.iter().map(|presence| &**presence)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn join(&mut self, presence: Arc<Presence>) {
        self.bytes += presence.bytes();
        self.joined.push(presence);
    }

    /// Who came and went since anybody was told is not worth a word.
    pub(super) fn leave(&mut self, presence: &Arc<Presence>) {
        if let Some(place) = self.joined.iter().position(|joined| Arc::ptr_eq(joined, presence)) {
            self.joined.remove(place);
            self.bytes -= presence.bytes();
        } else {
            self.bytes += presence.bytes();
            self.left.push(presence.clone());
        }
    }

    /// Whether [`Change::append`] makes one of both that is not too long.
    pub(crate) fn takes(&self, next: &Self) -> bool {
        self.topic == next.topic && self.bytes + next.bytes <= MAX_BYTES
    }

    /// Takes over what has changed after it.
    pub(crate) fn append(&mut self, next: &Self) {
        next.left.iter().for_each(|presence| self.leave(presence));
        next.joined.iter().for_each(|presence| self.join(presence.clone()));
    }

    /// The same in parts that are not too long.
    pub(super) fn split(self) -> Vec<Self> {
        if self.bytes <= MAX_BYTES {
            return vec![self];
        }
        let left = self.left.into_iter().map(|presence| (presence, false));
        let joined = self.joined.into_iter().map(|presence| (presence, true));
        let (mut parts, mut part) = (Vec::new(), Self::new(&self.topic));
        for (presence, has_joined) in left.chain(joined) {
            if part.bytes + presence.bytes() > MAX_BYTES {
                parts.push(std::mem::replace(&mut part, Self::new(&self.topic)));
            }
            if has_joined {
                part.join(presence);
            } else {
                part.leave(&presence);
            }
        }
        parts.push(part);
        parts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Change, MAX_BYTES};
    use crate::presence::Presence;

    fn presence(key: &str) -> Arc<Presence> {
        Arc::new(Presence::new(key, "{}").unwrap())
    }

    fn keys(change: &Change) -> (Vec<&str>, Vec<&str>) {
        (change.joined().map(Presence::key).collect(), change.left().map(Presence::key).collect())
    }

    #[test]
    fn who_came_and_went_in_the_meantime_is_not_told_of() {
        let (ann, tab, bob) = (presence("ann"), presence("ann"), presence("bob"));
        let mut change = Change::new("room");
        change.join(ann.clone());
        change.join(bob);
        change.leave(&tab);
        assert_eq!(keys(&change), (vec!["ann", "bob"], vec!["ann"]), "the other tab was there before");
        let mut next = Change::new("room");
        next.leave(&ann);
        assert!(change.takes(&next) && !change.takes(&Change::new("hall")));
        change.append(&next);
        assert_eq!(keys(&change), (vec!["bob"], vec!["ann"]));
        assert_eq!(change.bytes(), "room".len() + "bob{}".len() + "ann{}".len());
    }

    #[test]
    fn a_long_change_is_told_in_parts_that_say_the_same() {
        let meta = format!(r#"{{"x":"{}"}}"#, "x".repeat(1_000));
        let mut change = Change::new("room");
        let all: Vec<_> =
            (0..200).map(|key| Arc::new(Presence::new(key.to_string(), &*meta).unwrap())).collect();
        all.iter().take(100).for_each(|presence| change.leave(presence));
        all.iter().skip(100).for_each(|presence| change.join(presence.clone()));
        let parts = change.clone().split();
        assert!(parts.len() > 2 && parts.iter().all(|part| part.bytes() <= MAX_BYTES));
        let mut whole = Change::new("room");
        parts.iter().for_each(|part| whole.append(part));
        assert_eq!(whole, change);
        assert_eq!(Change::new("room").split().len(), 1);
    }
}
