//! A tenant's account: its CPU time, its share of it, and its slow calls.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

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
}
