//! Timers of one view: each goes off at the moments that were planned when it was started, however late it is heard.

use std::future::pending;
use std::time::Duration;

use hothouse_runtime::Message;
use tokio::time::{Instant, sleep_until};

use crate::telemetry::Refused;

/// Timers that a view may have.
pub(crate) const MAX_TIMERS: usize = 8;
/// What a timer waits at least.
const MIN_WAIT: Duration = Duration::from_millis(100);
/// Longest name, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// Of one view.
#[derive(Default)]
pub(super) struct Timers(Vec<Timer>);

struct Timer {
    name: Box<str>,
    due: Instant,
    /// How long after that it is due again.
    every: Option<Duration>,
}

/// What a callback asks for of timers.
pub(super) enum TimerDeed {
    Start { name: Box<str>, wait: Duration, repeat: bool },
    Cancel(Box<str>),
}

/// Why a timer is not started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TimerRefused {
    /// Its name is empty or too long.
    #[error("the name of a timer has {bytes} bytes, it must have 1 to {MAX_NAME_BYTES}")]
    Name {
        /// Its length.
        bytes: usize,
    },
    /// It would go off too soon.
    #[error("a timer of {ms} ms: it must be {} ms at least", MIN_WAIT.as_millis())]
    TooSoon {
        /// What was asked for.
        ms: u32,
    },
    /// One timer too many.
    #[error("{MAX_TIMERS} timers run already, which is the limit: cancel one, or let one timer do more")]
    TooMany,
}

impl Refused for TimerRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "bad-timer-name",
            Self::TooSoon { .. } => "timer-too-soon",
            Self::TooMany => "too-many-timers",
        }
    }

    fn is_limit(&self) -> bool {
        !matches!(self, Self::Name { .. })
    }
}

impl TimerDeed {
    pub(super) fn start(name: String, after_ms: u32, repeat: bool) -> Result<Self, TimerRefused> {
        let wait = Duration::from_millis(after_ms.into());
        match name.len() {
            1..=MAX_NAME_BYTES if wait >= MIN_WAIT => Ok(Self::Start { name: name.into(), wait, repeat }),
            1..=MAX_NAME_BYTES => Err(TimerRefused::TooSoon { ms: after_ms }),
            bytes => Err(TimerRefused::Name { bytes }),
        }
    }
}

impl Timers {
    /// Whether there would be too many at some moment, before the first of them is started.
    pub(super) fn check<'a>(
        &'a self,
        deeds: impl Iterator<Item = &'a TimerDeed>,
    ) -> Result<(), TimerRefused> {
        let mut names: Vec<&str> = self.0.iter().map(|timer| &*timer.name).collect();
        for deed in deeds {
            match deed {
                TimerDeed::Start { name, .. } if names.contains(&&**name) => {}
                TimerDeed::Start { .. } if names.len() >= MAX_TIMERS => return Err(TimerRefused::TooMany),
                TimerDeed::Start { name, .. } => names.push(name),
                TimerDeed::Cancel(name) => names.retain(|known| *known != &**name),
            }
        }
        Ok(())
    }

    /// Carries one out that was checked.
    pub(super) fn carry_out(&mut self, deed: TimerDeed, now: Instant) {
        match deed {
            TimerDeed::Start { name, wait, repeat } => {
                self.0.retain(|timer| timer.name != name);
                self.0.push(Timer { name, due: now + wait, every: repeat.then_some(wait) });
            }
            TimerDeed::Cancel(name) => self.0.retain(|timer| timer.name != name),
        }
    }

    /// Waits until one is due; for ever without any. Cancel-safe.
    pub(super) async fn due(&self) {
        match self.0.iter().map(|timer| timer.due).min() {
            // In a box: what waits here is part of each view's task, and most have no timers.
            Some(due) => Box::pin(sleep_until(due)).await,
            None => pending().await,
        }
    }

    /// Takes those that are due, in the order in which they are. One that repeats is due again at the next of its own
    /// moments that is to come: what was missed does not pile up, and what is late makes nothing later.
    pub(super) fn take(&mut self, now: Instant) -> Vec<Message> {
        let mut due: Vec<(Instant, Box<str>)> = Vec::new();
        self.0.retain_mut(|timer| {
            if timer.due > now {
                return true;
            }
            let Some(every) = timer.every else {
                due.push((timer.due, std::mem::take(&mut timer.name)));
                return false;
            };
            due.push((timer.due, timer.name.clone()));
            let late = now.duration_since(timer.due).as_nanos();
            // Less than one interval, which fits.
            let into = u64::try_from(late % every.as_nanos()).unwrap_or_default();
            timer.due = now - Duration::from_nanos(into) + every;
            true
        });
        due.sort_by_key(|(due, _)| *due);
        due.into_iter().map(|(_, name)| Message::Timer(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hothouse_runtime::Message;
    use tokio::time::{Instant, timeout};

    use super::{MAX_NAME_BYTES, MAX_TIMERS, TimerDeed, TimerRefused, Timers};

    fn start(name: &str, ms: u32, repeat: bool) -> TimerDeed {
        TimerDeed::start(name.to_owned(), ms, repeat).unwrap()
    }

    fn names(messages: Vec<Message>) -> Vec<String> {
        let name = |message| match message {
            Message::Timer(name) => name.into(),
            other => format!("{other:?}"),
        };
        messages.into_iter().map(name).collect()
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_timer_goes_off_once_and_one_that_repeats_at_its_own_moments() {
        let (mut timers, now) = (Timers::default(), Instant::now());
        timers.carry_out(start("tick", 100, true), now);
        timers.carry_out(start("once", 250, false), now);
        assert!(timers.take(now + ms(99)).is_empty());
        assert_eq!(names(timers.take(now + ms(130))), ["tick"], "30 ms late");
        assert!(timers.take(now + ms(199)).is_empty());
        assert_eq!(names(timers.take(now + ms(200))), ["tick"], "and the next not a moment later");
        assert_eq!(names(timers.take(now + ms(260))), ["once"]);
        assert_eq!(names(timers.take(now + ms(1_950))), ["tick"], "what was missed does not pile up");
        assert!(timers.take(now + ms(1_999)).is_empty());
        assert_eq!(names(timers.take(now + ms(2_000))), ["tick"]);
    }

    #[test]
    fn what_is_due_comes_in_the_order_in_which_it_is() {
        let (mut timers, now) = (Timers::default(), Instant::now());
        for (name, wait) in [("c", 300), ("a", 100), ("b", 200)] {
            timers.carry_out(start(name, wait, false), now);
        }
        assert_eq!(names(timers.take(now + ms(300))), ["a", "b", "c"]);
        assert!(timers.take(now + ms(9_000)).is_empty());
    }

    #[test]
    fn a_timer_of_the_same_name_takes_its_place_and_a_cancelled_one_is_silent() {
        let (mut timers, now) = (Timers::default(), Instant::now());
        timers.carry_out(start("save", 100, true), now);
        timers.carry_out(start("save", 500, false), now);
        assert!(timers.take(now + ms(499)).is_empty());
        timers.carry_out(TimerDeed::Cancel("save".into()), now);
        timers.carry_out(TimerDeed::Cancel("never".into()), now);
        assert!(timers.take(now + ms(9_000)).is_empty(), "though it was due");
    }

    #[test]
    fn timers_are_started_up_to_their_limits_and_not_beyond() {
        let refused = |name: &str, ms| TimerDeed::start(name.to_owned(), ms, true).err();
        assert_eq!(refused("n", 100), None);
        assert_eq!(refused("n", u32::MAX), None);
        assert_eq!(refused("n", 99), Some(TimerRefused::TooSoon { ms: 99 }));
        assert_eq!(refused(&"n".repeat(MAX_NAME_BYTES), 100), None);
        for name in ["", &"n".repeat(MAX_NAME_BYTES + 1)] {
            assert_eq!(refused(name, 100), Some(TimerRefused::Name { bytes: name.len() }));
        }
        let (mut timers, now) = (Timers::default(), Instant::now());
        let mut deeds: Vec<_> = (0..MAX_TIMERS).map(|name| start(&name.to_string(), 100, true)).collect();
        deeds.push(start("0", 200, false));
        assert_eq!(timers.check(deeds.iter()), Ok(()), "that one is replaced");
        deeds.push(start("one more", 100, true));
        assert_eq!(timers.check(deeds.iter()), Err(TimerRefused::TooMany));
        deeds.pop();
        deeds.into_iter().for_each(|deed| timers.carry_out(deed, now));
        let one_more = [start("one more", 100, true)];
        assert_eq!(timers.check(one_more.iter()), Err(TimerRefused::TooMany));
        let another = [TimerDeed::Cancel("1".into()), start("another", 100, true)];
        assert_eq!(timers.check(another.iter()), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_that_is_due_is_waited_for() {
        let (mut timers, began) = (Timers::default(), Instant::now());
        assert!(timeout(ms(9_000), timers.due()).await.is_err());
        let began = began + ms(9_000);
        timers.carry_out(start("late", 400, false), began);
        timers.carry_out(start("soon", 200, false), began);
        timers.due().await;
        assert_eq!(names(timers.take(Instant::now())), ["soon"]);
        timers.due().await;
        assert_eq!(began.elapsed(), ms(400));
    }
}
