//! When a view is handed what has arrived: not more often than anybody could see, and never while its page has not
//! taken what it was told before. Answers to the person know nothing of it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::outgoing::Written;

/// From one time that a view is handed messages to the next.
const REST: Duration = Duration::from_millis(50);

/// Of one view. Costs nothing while nothing arrives.
#[derive(Default)]
pub(super) struct Pace {
    rests_until: Option<Instant>,
    unwritten: Option<Written>,
}

impl Pace {
    /// Waits until messages may be handed over; at once after a rest. Cancel-safe.
    pub(super) async fn ready(&mut self) {
        if let Some(written) = &mut self.unwritten {
            written.wait().await;
            self.unwritten = None;
        }
        if let Some(until) = self.rests_until {
            // In a box: what waits here is part of each view's task, and most have nothing to wait for.
            Box::pin(sleep_until(until)).await;
            self.rests_until = None;
        }
    }

    /// Messages were handed over; what the page is told of them is on its way.
    pub(super) fn heard(&mut self, unwritten: Option<Written>) {
        self.rests_until = Some(Instant::now() + REST);
        self.unwritten = unwritten;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep, timeout};

    use super::{Pace, REST};
    use crate::outgoing::queue;

    #[tokio::test(start_paused = true)]
    async fn the_first_is_heard_at_once_and_the_next_after_a_rest() {
        let (mut pace, began) = (Pace::default(), Instant::now());
        pace.ready().await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        pace.heard(None);
        assert!(timeout(REST / 2, pace.ready()).await.is_err());
        pace.ready().await;
        assert_eq!(began.elapsed(), REST, "whoever stops waiting waits no longer for it");
        pace.heard(None);
        sleep(REST * 2).await;
        let began = Instant::now();
        pace.ready().await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_heard_before_the_page_was_told_of_the_last() {
        let (outgoing, mut waiting) = queue();
        let Ok(written) = outgoing.send_watched("diff".into()).await else { panic!("there is room") };
        let mut pace = Pace::default();
        pace.heard(Some(written));
        assert!(timeout(Duration::from_secs(60), pace.ready()).await.is_err());
        let frame = waiting.recv().await.unwrap();
        assert!(timeout(Duration::from_secs(60), pace.ready()).await.is_err(), "taken is not written");
        drop(frame);
        timeout(Duration::from_secs(60), pace.ready()).await.expect("now it is");
    }
}
