//! A tenant's account: its CPU time, its share of it, its slow calls, and the memory of its views.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::notice::Watermark;

/// Length of the window in which a tenant's share is counted.
const WINDOW_MS: u64 = 1_000;

/// Whose views they are. Cheap to clone; all clones are the same account.
#[derive(Clone)]
pub struct Tenant(Arc<Account>);

struct Account {
    name: String,
    slow_calls: Arc<Semaphore>,
    max_slow_calls: usize,
    total_ns: AtomicU64,
    /// The window that `window_ns` counts, as milliseconds of the engine's clock.
    window_from_ms: AtomicU64,
    window_ns: AtomicU64,
    share_ns: u64,
    memory_bytes: AtomicUsize,
    max_memory_bytes: AtomicUsize,
    memory_mark: Watermark,
}

impl Tenant {
    pub(crate) fn new(name: &str, max_slow_calls: usize, share_of_one_core: f64) -> Self {
        let share = Duration::from_millis(WINDOW_MS).mul_f64(share_of_one_core.max(0.0));
        Self(Arc::new(Account {
            name: name.to_owned(),
            slow_calls: Arc::new(Semaphore::new(max_slow_calls)),
            max_slow_calls,
            total_ns: AtomicU64::new(0),
            window_from_ms: AtomicU64::new(0),
            window_ns: AtomicU64::new(0),
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

    /// Charges a call. Windows are fixed: what a window loses by a race between two threads is one call's time.
    pub(crate) fn charge(&self, used: Duration, now_ms: u64) {
        let used = nanoseconds(used);
        let account = &*self.0;
        account.total_ns.fetch_add(used, Ordering::Relaxed);
        if now_ms.wrapping_sub(account.window_from_ms.load(Ordering::Relaxed)) >= WINDOW_MS {
            account.window_from_ms.store(now_ms, Ordering::Relaxed);
            account.window_ns.store(used, Ordering::Relaxed);
        } else {
            account.window_ns.fetch_add(used, Ordering::Relaxed);
        }
    }

    /// Whether the tenant has used up its share of the present window.
    pub(crate) fn is_over_share(&self, now_ms: u64) -> bool {
        let account = &*self.0;
        account.window_ns.load(Ordering::Relaxed) > account.share_ns
            && now_ms.wrapping_sub(account.window_from_ms.load(Ordering::Relaxed)) < WINDOW_MS
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
    fn a_tenant_is_over_its_share_beyond_it_and_until_the_window_ends() {
        let tenant = Tenant::new("acme", 2, 0.5);
        tenant.charge(Duration::from_millis(500), 1_000);
        assert!(!tenant.is_over_share(1_001));
        tenant.charge(Duration::from_millis(1), 1_002);
        assert!(tenant.is_over_share(1_999));
        assert!(!tenant.is_over_share(2_000));
        tenant.charge(Duration::from_millis(1), 2_001);
        assert!(!tenant.is_over_share(2_001));
        assert_eq!(tenant.cpu_time(), Duration::from_millis(502));
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
