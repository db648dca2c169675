//! What one view has made known of who is there.

use std::sync::Arc;

use super::{MAX_PRESENCES, Presence, PresenceError, Tracker};

/// Presences of one view. They end when it is dropped.
#[derive(Debug)]
pub struct Presences {
    tracker: Arc<dyn Tracker>,
    tracked: Vec<(Box<str>, Arc<Presence>)>,
}

/// One step that a view takes under a topic.
#[derive(Debug)]
pub enum Step {
    /// Makes a presence known, or changes it if the view has one of this key there.
    Track(Presence),
    /// Changes one.
    Update(Presence),
    /// Ends the one with this key; one that is not there is no fault.
    Untrack(Box<str>),
}

impl Presences {
    /// None yet.
    pub fn new(tracker: Arc<dyn Tracker>) -> Self {
        Self { tracker, tracked: Vec::new() }
    }

    /// Whether all of these steps can be taken, each under its topic; nothing is done.
    ///
    /// # Errors
    /// [`PresenceError`], of the first that cannot.
    pub fn check<'a>(
        &'a self,
        steps: impl Iterator<Item = (&'a str, &'a Step)>,
    ) -> Result<(), PresenceError> {
        let mut known: Vec<_> =
            self.tracked.iter().map(|(topic, presence)| (&**topic, presence.key())).collect();
        // What comes to each topic: presences, and bytes.
        let mut more: Vec<(&str, usize, usize)> = Vec::new();
        for (topic, step) in steps {
            let (presence, is_update) = match step {
                Step::Track(presence) => (presence, false),
                Step::Update(presence) => (presence, true),
                Step::Untrack(key) => {
                    known.retain(|one| *one != (topic, &**key));
                    continue;
                }
            };
            let is_new = !known.contains(&(topic, presence.key()));
            if is_new {
                if is_update {
                    return Err(PresenceError::Unknown);
                }
                if known.len() >= MAX_PRESENCES {
                    return Err(PresenceError::TooMany);
                }
                known.push((topic, presence.key()));
            }
            let former = self.place(topic, presence.key()).and_then(|place| self.tracked.get(place));
            let bytes = presence.bytes().saturating_sub(former.map_or(0, |(_, former)| former.bytes()));
            match more.iter_mut().find(|(known, ..)| *known == topic) {
                Some((_, presences, all)) => {
                    *presences += usize::from(is_new);
                    *all += bytes;
                }
                None => more.push((topic, usize::from(is_new), bytes)),
            }
        }
        more.into_iter().try_for_each(|(topic, new, bytes)| self.tracker.check_room(topic, new, bytes))
    }

    /// Takes a step that was checked.
    pub fn take(&mut self, topic: &str, step: Step) {
        match step {
            Step::Track(presence) | Step::Update(presence) => {
                let presence = Arc::new(presence);
                match self.place(topic, presence.key()).and_then(|place| self.tracked.get_mut(place)) {
                    Some((_, known)) => {
                        let former = std::mem::replace(known, presence.clone());
                        self.tracker.update(topic, &former, presence);
                    }
                    None => {
                        self.tracked.push((topic.into(), presence.clone()));
                        self.tracker.track(topic, presence);
                    }
                }
            }
            Step::Untrack(key) => {
                if let Some(place) = self.place(topic, &key) {
                    let (_, presence) = self.tracked.swap_remove(place);
                    self.tracker.untrack(topic, &presence);
                }
            }
        }
    }

    fn place(&self, topic: &str, key: &str) -> Option<usize> {
        self.tracked.iter().position(|(known, presence)| **known == *topic && presence.key() == key)
    }
}

impl Drop for Presences {
    fn drop(&mut self) {
        for (topic, presence) in &self.tracked {
            self.tracker.untrack(topic, presence);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Presences, Step};
    use crate::presence::{
        LocalTracker, MAX_META_BYTES, MAX_PRESENCES, MAX_TOPIC_BYTES, Presence, PresenceError, Tracker,
    };
    use crate::pubsub::PubSub;

    fn track(key: &str) -> Step {
        Step::Track(Presence::new(key, "{}").unwrap())
    }

    fn check(presences: &Presences, steps: &[Step]) -> Result<(), PresenceError> {
        presences.check(steps.iter().map(|step| ("room", step)))
    }

    #[tokio::test]
    async fn a_view_makes_so_many_presences_known_and_no_more_and_they_end_with_it() {
        let tracker: Arc<dyn Tracker> = Arc::new(LocalTracker::new(PubSub::default()));
        let mut ann = Presences::new(tracker.clone());
        let mut steps: Vec<Step> = (0..MAX_PRESENCES).map(|key| track(&key.to_string())).collect();
        assert_eq!(check(&ann, &steps), Ok(()));
        steps.push(track("0"));
        assert_eq!(check(&ann, &steps), Ok(()), "that one is there already");
        steps.push(track("one more"));
        assert_eq!(check(&ann, &steps), Err(PresenceError::TooMany));
        assert!(tracker.members("room").is_empty(), "nothing was done");
        steps.pop();
        steps.into_iter().for_each(|step| ann.take("room", step));
        assert_eq!(tracker.members("room").len(), MAX_PRESENCES);
        assert_eq!(check(&ann, &[Step::Untrack("0".into()), track("one more")]), Ok(()));
        drop(ann);
        assert!(tracker.members("room").is_empty());
    }

    #[tokio::test]
    async fn what_one_callback_makes_known_together_has_to_fit() {
        let tracker: Arc<dyn Tracker> = Arc::new(LocalTracker::new(PubSub::default()));
        let meta = format!("{{\"x\":\"{}\"}}", "x".repeat(MAX_META_BYTES - 8));
        let large = || Step::Track(Presence::new("k", &*meta).unwrap());
        let others = (MAX_TOPIC_BYTES - 2 * meta.len()) / meta.len();
        let full: Vec<_> = (0..others)
            .map(|_| {
                let mut one = Presences::new(tracker.clone());
                one.take("room", large());
                one
            })
            .collect();
        let ann = Presences::new(tracker.clone());
        let other = |key: &str| Step::Track(Presence::new(key, &*meta).unwrap());
        assert_eq!(check(&ann, &[large()]), Ok(()));
        assert_eq!(check(&ann, &[large(), other("a"), other("b")]), Err(PresenceError::TopicFull));
        drop(full);
        assert_eq!(check(&ann, &[large(), other("a"), other("b")]), Ok(()));
    }

    #[tokio::test]
    async fn only_what_the_view_has_made_known_is_changed() {
        let tracker: Arc<dyn Tracker> = Arc::new(LocalTracker::new(PubSub::default()));
        let (mut ann, bob) = (Presences::new(tracker.clone()), Presences::new(tracker.clone()));
        ann.take("room", track("key"));
        let update = || Step::Update(Presence::new("key", "{\"new\":1}").unwrap());
        assert_eq!(check(&bob, &[update()]), Err(PresenceError::Unknown));
        assert_eq!(check(&bob, &[track("key"), update()]), Ok(()));
        assert_eq!(check(&ann, &[Step::Untrack("key".into()), update()]), Err(PresenceError::Unknown));
        assert_eq!(check(&ann, &[update()]), Ok(()));
        ann.take("room", update());
        assert_eq!(tracker.members("room")[0].metas, ["{\"new\":1}"]);
        ann.take("room", Step::Untrack("other".into()));
        assert_eq!(tracker.members("room").len(), 1);
    }
}
