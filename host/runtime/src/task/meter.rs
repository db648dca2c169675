//! The CPU time of a task, which runs on one thread and then on another.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::state::thread_cpu_time;

/// What a task has used, counted from poll to poll.
#[derive(Default)]
pub(crate) struct Meter {
    /// In polls that are over.
    used_ns: AtomicU64,
    /// The thread's CPU time when the present poll began.
    poll_began_ns: AtomicU64,
}

impl Meter {
    /// CPU time so far. To be asked within a poll.
    pub(crate) fn used(&self) -> Duration {
        let in_this_poll = now_ns().saturating_sub(self.poll_began_ns.load(Ordering::Relaxed));
        Duration::from_nanos(self.used_ns.load(Ordering::Relaxed).saturating_add(in_this_poll))
    }

    /// Counts what a future uses.
    pub(crate) async fn measure<F: Future>(self: Arc<Self>, future: F) -> F::Output {
        let mut future = pin!(future);
        std::future::poll_fn(|context| self.poll(future.as_mut(), context)).await
    }

    fn poll<F: Future>(&self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
        let began = now_ns();
        self.poll_began_ns.store(began, Ordering::Relaxed);
        let poll = future.poll(context);
        self.used_ns.fetch_add(now_ns().saturating_sub(began), Ordering::Relaxed);
        poll
    }
}

fn now_ns() -> u64 {
    u64::try_from(thread_cpu_time().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::Meter;

    #[tokio::test]
    async fn what_is_done_counts_and_what_is_waited_for_does_not() {
        let meter = Arc::new(Meter::default());
        let busy = meter.clone().measure(async {
            for _ in 0..4 {
                let began = Instant::now();
                while began.elapsed() < Duration::from_millis(5) {}
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            meter.used()
        });
        let used = busy.await;
        assert!(used < Duration::from_millis(150), "{used:?}");
        assert!(used > Duration::from_millis(1), "{used:?}");
    }
}
