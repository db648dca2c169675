//! Slow calls: how many may run, and how they take turns.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{CallKind, EndCause};
use crate::tenant::Tenant;

/// How long a slow call rests after each tick while another waits for its turn.
const REST: Duration = Duration::from_millis(1);

/// The bound on slow calls, and their turns.
pub(crate) struct SlowLane {
    permits: Arc<Semaphore>,
    max_calls: usize,
    turns: Mutex<Turns>,
    next: Condvar,
}

/// A fair lock: tickets are served in order.
#[derive(Default)]
struct Turns {
    next_ticket: u64,
    serving: u64,
}

/// A place in the lane; given up when dropped.
pub(crate) struct SlowCall {
    lane: Arc<SlowLane>,
    /// Held while this call has its turn.
    has_turn: bool,
    _tenant: OwnedSemaphorePermit,
    _global: OwnedSemaphorePermit,
}

impl SlowLane {
    pub(crate) fn new(max_calls: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(max_calls)),
            max_calls,
            turns: Mutex::default(),
            next: Condvar::new(),
        }
    }

    /// Waits for a place; for calls that are expected to be slow. The tenant's bound comes first, so that its own
    /// calls queue behind each other and not before others.
    pub(crate) async fn enter(self: &Arc<Self>, tenant: &Tenant) -> Option<SlowCall> {
        // Neither semaphore is ever closed.
        let of_tenant = tenant.slow_calls().clone().acquire_owned().await.ok()?;
        let global = self.permits.clone().acquire_owned().await.ok()?;
        Some(self.call(of_tenant, global))
    }

    /// Takes a place at once; for calls that turned out to be slow.
    pub(crate) fn try_enter(self: &Arc<Self>, tenant: &Tenant, call: CallKind) -> Result<SlowCall, EndCause> {
        let of_tenant = tenant.slow_calls().clone().try_acquire_owned().map_err(|_| {
            EndCause::TooManySlowCalls { call, whom: "this tenant", limit: tenant.max_slow_calls() }
        })?;
        let global = self.permits.clone().try_acquire_owned().map_err(|_| EndCause::TooManySlowCalls {
            call,
            whom: "all tenants",
            limit: self.max_calls,
        })?;
        Ok(self.call(of_tenant, global))
    }

    fn call(self: &Arc<Self>, of_tenant: OwnedSemaphorePermit, global: OwnedSemaphorePermit) -> SlowCall {
        SlowCall { lane: self.clone(), has_turn: false, _tenant: of_tenant, _global: global }
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SlowCall {
    /// At each tick of a slow call: when others wait for their turn, rest and let them have it. Blocks the thread,
    /// which has stepped aside before.
    pub(crate) fn take_turns(&mut self) {
        let mut turns = self.lane.turns();
        if self.has_turn {
            let someone_waits = turns.next_ticket > turns.serving + 1;
            if !someone_waits {
                return;
            }
            turns.serving += 1;
            self.lane.next.notify_all();
            drop(turns);
            thread::sleep(REST);
            turns = self.lane.turns();
        }
        let ticket = turns.next_ticket;
        turns.next_ticket += 1;
        while turns.serving != ticket {
            turns = self.lane.next.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
        self.has_turn = true;
    }
}

impl Drop for SlowCall {
    fn drop(&mut self) {
        if self.has_turn {
            self.lane.turns().serving += 1;
            self.lane.next.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::SlowLane;
    use crate::error::{CallKind, EndCause};
    use crate::tenant::Tenant;

    #[test]
    fn a_tenant_has_its_own_bound_and_all_have_one_together() {
        let lane = Arc::new(SlowLane::new(3));
        let (acme, other) = (Tenant::new("acme", 2, 1.0), Tenant::new("other", 2, 1.0));
        let enter = |tenant| lane.try_enter(tenant, CallKind::HandleEvent);
        let first = enter(&acme).unwrap_or_else(|_| panic!("first"));
        let _second = enter(&acme).unwrap_or_else(|_| panic!("second"));
        assert!(matches!(
            enter(&acme),
            Err(EndCause::TooManySlowCalls { whom: "this tenant", limit: 2, .. })
        ));
        let _third = enter(&other).unwrap_or_else(|_| panic!("third"));
        assert!(matches!(
            enter(&other),
            Err(EndCause::TooManySlowCalls { whom: "all tenants", limit: 3, .. })
        ));
        drop(first);
        assert!(enter(&acme).is_ok());
    }

    #[test]
    fn slow_calls_run_one_at_a_time() {
        let lane = Arc::new(SlowLane::new(4));
        let tenant = Tenant::new("acme", 4, 1.0);
        let running = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                let mut call =
                    lane.try_enter(&tenant, CallKind::HandleEvent).unwrap_or_else(|_| panic!("place"));
                let running = &running;
                scope.spawn(move || {
                    for _ in 0..20 {
                        call.take_turns();
                        assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        running.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
    }
}
