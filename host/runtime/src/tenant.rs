//! A tenant's account: its CPU time, its share of it, its slow calls, and the memory of its views.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::notice::Watermark;

/// CPU time that a tenant may use beyond its share before all its calls count as slow.
const BURST: Duration = Duration::from_millis(50);
/// So much longer its calls count as slow at most, once it uses nothing any more.
const MEMORY_MS: u64 = 1_000;

/// Whose views they are. Cheap to clone; all clones are the same account.
#[derive(Clone)]
pub struct Tenant(Arc<Account>);

struct Account {
    name: String,
    slow_calls: Arc<Semaphore>,
    max_slow_calls: usize,
    total_ns: AtomicU64,
    /// CPU time used beyond the share, as of `as_of_ms` on the engine's clock: a bucket that leaks.
    beyond_ns: AtomicU64,
    as_of_ms: AtomicU64,
    /// The share of each millisecond.
    share_ns: u64,
    memory_bytes: AtomicUsize,
    max_memory_bytes: AtomicUsize,
    memory_mark: Watermark,
}

impl Tenant {
    pub(crate) fn new(name: &str, max_slow_calls: usize, share_of_one_core: f64) -> Self {
        let share = Duration::from_millis(1).mul_f64(share_of_one_core.max(0.0));
        Self(Arc::new(Account {
            name: name.to_owned(),
            slow_calls: Arc::new(Semaphore::new(max_slow_calls)),
            max_slow_calls,
            total_ns: AtomicU64::new(0),
            beyond_ns: AtomicU64::new(0),
            as_of_ms: AtomicU64::new(0),
            share_ns: nanoseconds(share),
            memory_bytes: AtomicUsize::new(0),
            max_memory_bytes: AtomicUsize::new(usize::MAX),
            memory_mark: Watermark::default(),
        }))
    }

    /// The tenant's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Time that this tenant's calls have spent on threads that run views.
    pub fn cpu_time(&self) -> Duration {
        Duration::from_nanos(self.0.total_ns.load(Ordering::Relaxed))
    }

    /// Linear memory of this tenant's views together, in bytes: what they were given, whether they use it or not.
    pub fn memory_bytes(&self) -> usize {
        self.0.memory_bytes.load(Ordering::Relaxed)
    }

    /// Sets what its views may have together; without it there is no bound but that of each view. Views that have more
    /// already keep it.
    pub fn limit_memory(&self, max_bytes: usize) {
        self.0.max_memory_bytes.store(max_bytes, Ordering::Relaxed);
    }

    pub(crate) fn max_memory_bytes(&self) -> usize {
        self.0.max_memory_bytes.load(Ordering::Relaxed)
    }

    /// Takes memory for a view, if there is as much left. Whether it was taken, and then the total if that is near to
    /// its limit and has to be told of.
    pub(crate) fn take_memory(&self, bytes: usize) -> (bool, Option<usize>) {
        let (account, max) = (&*self.0, self.max_memory_bytes());
        let taken = account.memory_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |total| {
            total.checked_add(bytes).filter(|total| *total <= max)
        });
        match taken {
            Ok(former) => {
                let total = former + bytes;
                let is_told = account.memory_mark.rises(total as u64, max as u64);
                (true, is_told.then_some(total))
            }
            Err(_) => (false, None),
        }
    }

    pub(crate) fn give_back_memory(&self, bytes: usize) {
        self.0.memory_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(crate) fn slow_calls(&self) -> &Arc<Semaphore> {
        &self.0.slow_calls
    }

    pub(crate) fn max_slow_calls(&self) -> usize {
        self.0.max_slow_calls
    }

    /// Charges a call.
    pub(crate) fn charge(&self, used: Duration, now_ms: u64) {
        let used = nanoseconds(used);
        let account = &*self.0;
        account.total_ns.fetch_add(used, Ordering::Relaxed);
        if now_ms > account.as_of_ms.load(Ordering::Relaxed) {
            let since_ms = now_ms.saturating_sub(account.as_of_ms.fetch_max(now_ms, Ordering::Relaxed));
            let leaked = since_ms.saturating_mul(account.share_ns);
            let most = nanoseconds(BURST).saturating_add(account.share_ns.saturating_mul(MEMORY_MS));
            let _ = account.beyond_ns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |beyond| {
                Some(beyond.min(most).saturating_sub(leaked))
            });
        }
        account.beyond_ns.fetch_add(used, Ordering::Relaxed);
    }

    /// Whether the tenant uses more than its share, and has used up what it may beyond it.
    pub(crate) fn is_over_share(&self, now_ms: u64) -> bool {
        let account = &*self.0;
        let since_ms = now_ms.saturating_sub(account.as_of_ms.load(Ordering::Relaxed));
        let leaked = since_ms.saturating_mul(account.share_ns);
        account.beyond_ns.load(Ordering::Relaxed) > nanoseconds(BURST).saturating_add(leaked)
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tenant")
            .field("name", &self.0.name)
            .field("cpu_time", &self.cpu_time())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Tenant;

    #[test]
    fn a_tenant_is_over_its_share_for_as_long_as_it_uses_more() {
        let tenant = Tenant::new("acme", 2, 0.5);
        let ms = Duration::from_millis;
        tenant.charge(ms(50), 1_000);
        assert!(!tenant.is_over_share(1_000), "that much it may use at once");
        tenant.charge(ms(10), 1_000);
        assert!(tenant.is_over_share(1_000) && tenant.is_over_share(1_019));
        assert!(!tenant.is_over_share(1_020), "half of the time pays it off");
        for now in 1_020..3_000 {
            // Twice its share, without a pause.
            tenant.charge(ms(1), now);
            assert!(now < 1_130 || tenant.is_over_share(now), "{now}");
        }
        assert!(tenant.is_over_share(3_500));
        assert!(!tenant.is_over_share(4_001), "nothing is held against it for longer than a second");
        assert_eq!(tenant.cpu_time(), ms(60 + 1_980));
    }

    #[test]
    fn a_tenant_that_keeps_to_its_share_never_is_over_it() {
        let tenant = Tenant::new("acme", 2, 0.5);
        for now in (0..10_000).step_by(10) {
            tenant.charge(Duration::from_millis(5), now);
            assert!(!tenant.is_over_share(now), "{now}");
        }
    }

    #[test]
    fn memory_is_taken_up_to_the_tenants_limit_and_not_beyond() {
        let tenant = Tenant::new("acme", 2, 0.5);
        tenant.limit_memory(100);
        assert_eq!(tenant.take_memory(79), (true, None));
        assert_eq!(tenant.take_memory(1), (true, Some(80)), "four fifths are told of");
        assert_eq!(tenant.take_memory(20), (true, None), "once");
        assert_eq!(tenant.take_memory(1), (false, None));
        tenant.give_back_memory(1);
        assert_eq!(tenant.take_memory(1), (true, None));
        assert_eq!(tenant.take_memory(usize::MAX), (false, None));
        assert_eq!(tenant.memory_bytes(), 100);
    }
}
