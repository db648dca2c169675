//! How often something may happen: buckets that fill with time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses that are counted one by one. Those beyond share one bucket.
const MAX_ADDRESSES: usize = 20_000;

/// How often, and how often at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    per_second: f64,
    burst: f64,
}

impl Rate {
    /// So many in `period`, and `burst` times as many at once.
    pub(crate) fn new(count: u64, period: Duration, burst: u32) -> Self {
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        Self { per_second: count / period.as_secs_f64(), burst: count * f64::from(burst) }
    }
}

/// What is left of a rate for one of those whom it concerns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    left: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self { left: rate.burst, filled: now }
    }

    /// Takes one if there is one.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> bool {
        self.fill(rate, now);
        let is_there = self.left >= 1.0;
        if is_there {
            self.left -= 1.0;
        }
        is_there
    }

    /// Takes one whether there is one or not; how long to wait until the debt is paid.
    pub(crate) fn owe(&mut self, rate: Rate, now: Instant) -> Duration {
        self.fill(rate, now);
        self.left -= 1.0;
        Duration::from_secs_f64((-self.left / rate.per_second).max(0.0))
    }

    fn fill(&mut self, rate: Rate, now: Instant) {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * rate.per_second).min(rate.burst);
        self.filled = now;
    }
}

/// A rate for each address.
#[derive(Debug)]
pub(crate) struct Addresses {
    rate: Rate,
    buckets: Mutex<Buckets>,
}

#[derive(Debug)]
struct Buckets {
    known: HashMap<IpAddr, Bucket>,
    others: Bucket,
}

impl Addresses {
    pub(crate) fn new(rate: Rate) -> Self {
        let buckets = Buckets { known: HashMap::new(), others: Bucket::full(rate, Instant::now()) };
        Self { rate, buckets: Mutex::new(buckets) }
    }

    /// Takes one for an address, if there is one.
    pub(crate) fn take(&self, address: IpAddr, now: Instant) -> bool {
        let rate = self.rate;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { known, others } = &mut *buckets;
        let address = network(address);
        if known.len() >= MAX_ADDRESSES && !known.contains_key(&address) {
            // Whoever has a full bucket again need not be remembered.
            known.retain(|_, bucket| {
                bucket.fill(rate, now);
                bucket.left < rate.burst
            });
            if known.len() >= MAX_ADDRESSES {
                return others.take(rate, now);
            }
        }
        known.entry(address).or_insert_with(|| Bucket::full(rate, now)).take(rate, now)
    }
}

/// Who has one address of IPv6 has all of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::{Addresses, Bucket, MAX_ADDRESSES, Rate};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let (rate, began) = (Rate::new(10, SECOND, 2), Instant::now());
        let mut bucket = Bucket::full(rate, began);
        assert_eq!((0..30).filter(|_| bucket.take(rate, began)).count(), 20);
        assert_eq!((0..30).filter(|_| bucket.take(rate, began + SECOND)).count(), 10);
        assert_eq!((0..30).filter(|_| bucket.take(rate, began + 60 * SECOND)).count(), 20);
    }

    #[test]
    fn a_debt_is_waited_for() {
        let (rate, began) = (Rate::new(10, SECOND, 1), Instant::now());
        let mut bucket = Bucket::full(rate, began);
        let waits: Vec<u128> = (0..12).map(|_| bucket.owe(rate, began).as_millis()).collect();
        assert_eq!(waits[..10], [0; 10]);
        assert_eq!(waits[10..], [100, 200]);
    }

    #[test]
    fn each_address_has_its_own_and_networks_of_ipv6_have_one_together() {
        let (addresses, now) = (Addresses::new(Rate::new(1, SECOND, 1)), Instant::now());
        let take = |address: &str| addresses.take(address.parse::<IpAddr>().unwrap(), now);
        assert!(take("10.0.0.1") && !take("10.0.0.1") && !take("::ffff:10.0.0.1"));
        assert!(take("10.0.0.2"));
        assert!(take("2001:db8::1") && !take("2001:db8::2"));
        assert!(take("2001:db8:0:1::1"));
    }

    #[test]
    fn addresses_beyond_the_number_that_is_counted_share_one_bucket() {
        let (addresses, now) = (Addresses::new(Rate::new(2, SECOND, 1)), Instant::now());
        let address = |number: usize| IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(number).unwrap()));
        assert!((0..MAX_ADDRESSES).all(|number| addresses.take(address(number), now)));
        let beyond =
            (MAX_ADDRESSES..MAX_ADDRESSES + 10).filter(|number| addresses.take(address(*number), now));
        assert_eq!(beyond.count(), 2);
        assert!(addresses.take(address(MAX_ADDRESSES + 20), now + SECOND), "the others have been forgotten");
    }
}
