//! Views that break each time they are mounted: they are let rest, longer each time, and their page says so.
//!
//! Counted by address (path and query), apart for pages and joins, since what a stranger asks for may be what breaks the view: others are not to
//! rest for it. A mount that succeeds clears its address.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hothouse_runtime::Phase;

/// Mounts that may break one after another before the address rests.
const MAX_CRASHES: u32 = 5;
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Addresses that are counted. Those beyond are not: what they cost is bounded by the rates of pages and joins.
const MAX_ADDRESSES: usize = 1_000;

/// The addresses of one view that broke lately.
#[derive(Debug, Default)]
pub(crate) struct CrashLoops {
    /// Whether there is any: nobody who is well pays for more than a look.
    any: AtomicBool,
    hasher: RandomState,
    addresses: Mutex<HashMap<u64, Crashes>>,
}

#[derive(Debug)]
struct Crashes {
    count: u32,
    rests_until: Instant,
}

impl CrashLoops {
    /// How long an address still rests, if it does: its page, or the view that joins it.
    pub(crate) fn rest(&self, address: &str, now: Instant) -> Option<Duration> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let addresses = self.lock();
        [Phase::Dead, Phase::Connected]
            .into_iter()
            .filter_map(|phase| addresses.get(&self.key(phase, address)))
            .map(|crashes| crashes.rests_until.saturating_duration_since(now))
            .max()
            .filter(|rest| !rest.is_zero())
    }

    /// A mount broke. How long the address rests now, if it does.
    pub(crate) fn crashed(&self, phase: Phase, address: &str, now: Instant) -> Option<Duration> {
        let mut addresses = self.lock();
        let key = self.key(phase, address);
        if addresses.len() >= MAX_ADDRESSES && !addresses.contains_key(&key) {
            addresses.retain(|_, crashes| now < crashes.rests_until + LONGEST_REST);
            if addresses.len() >= MAX_ADDRESSES {
                return None;
            }
        }
        let crashes = addresses.entry(key).or_insert(Crashes { count: 0, rests_until: now });
        crashes.count = crashes.count.saturating_add(1);
        self.any.store(true, Ordering::Relaxed);
        let beyond = crashes.count.checked_sub(MAX_CRASHES)?;
        let rest = FIRST_REST.saturating_mul(1 << beyond.min(10)).min(LONGEST_REST);
        crashes.rests_until = now + rest;
        Some(rest)
    }

    /// A mount succeeded.
    pub(crate) fn mounted(&self, phase: Phase, address: &str) {
        if self.any.load(Ordering::Relaxed) {
            let mut addresses = self.lock();
            addresses.remove(&self.key(phase, address));
            self.any.store(!addresses.is_empty(), Ordering::Relaxed);
        }
    }

    fn key(&self, phase: Phase, address: &str) -> u64 {
        self.hasher.hash_one((phase == Phase::Dead, address))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Crashes>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use hothouse_runtime::Phase;

    use super::{CrashLoops, MAX_ADDRESSES};

    #[test]
    fn an_address_rests_after_five_crashes_in_a_row_and_longer_each_time() {
        let (loops, now) = (CrashLoops::default(), Instant::now());
        let rests: Vec<_> =
            (0..13).map(|_| loops.crashed(Phase::Dead, "/a", now).map(|rest| rest.as_secs())).collect();
        let expected = [None, None, None, None, Some(1), Some(2), Some(4), Some(8), Some(16), Some(32)];
        assert_eq!(rests[..10], expected);
        assert_eq!(rests[10..], [Some(60); 3]);
        assert_eq!(loops.rest("/a", now), Some(Duration::from_secs(60)));
        assert_eq!(loops.rest("/a", now + Duration::from_secs(60)), None);
        assert_eq!(loops.rest("/b", now), None, "others do not rest for it");
    }

    #[test]
    fn a_mount_that_succeeds_clears_its_address() {
        let (loops, now) = (CrashLoops::default(), Instant::now());
        assert!((0..4).all(|_| loops.crashed(Phase::Dead, "/a", now).is_none()));
        loops.mounted(Phase::Dead, "/a");
        assert_eq!(loops.crashed(Phase::Dead, "/a", now), None);
        assert_eq!(loops.rest("/a", now), None);
    }

    #[test]
    fn so_many_addresses_are_counted_and_no_more() {
        let (loops, now) = (CrashLoops::default(), Instant::now());
        for number in 0..MAX_ADDRESSES {
            loops.crashed(Phase::Dead, &format!("/{number}"), now);
        }
        let beyond = (0..10).filter_map(|_| loops.crashed(Phase::Dead, "/beyond", now));
        assert_eq!(beyond.count(), 0);
        let later = now + Duration::from_secs(120);
        let counted = (0..10).filter_map(|_| loops.crashed(Phase::Dead, "/beyond", later));
        assert_eq!(counted.count(), 6, "the others have been forgotten");
    }
}
