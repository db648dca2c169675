//! What tasks tell their view: in order, and no more at a time than it takes.

use std::sync::Arc;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};

use super::TaskEnd;

/// Reports of all tasks of a view that may wait for it.
const MAX_WAITING: usize = 64;
/// Bytes of progress that may wait.
const MAX_WAITING_BYTES: usize = 256 * 1024;
/// Bytes of one report: part of the contract.
pub const MAX_REPORT_BYTES: usize = 64 * 1024;

/// Something that a task tells.
#[derive(Debug)]
pub struct TaskReport {
    /// Which task, as its reporter was told.
    pub task: u64,
    /// What it tells.
    pub reported: Reported,
    /// Room that it takes until it is taken.
    _room: Option<OwnedSemaphorePermit>,
}

/// What a task tells.
#[derive(Debug)]
pub enum Reported {
    /// How far it is; passed on as it is.
    Progress(Vec<u8>),
    /// That it has ended. The last that it tells.
    Ended(TaskEnd),
}

/// A task's end of it.
#[derive(Debug, Clone)]
pub struct Reporter {
    task: u64,
    sender: mpsc::Sender<TaskReport>,
    room: Arc<Semaphore>,
    arrived: Arc<Notify>,
}

/// The view's end of it.
#[derive(Debug)]
pub struct Reports {
    receiver: mpsc::Receiver<TaskReport>,
    arrived: Arc<Notify>,
}

/// The two ends. The reporter is made for task 0: see [`Reporter::of`].
pub fn reports() -> (Reporter, Reports) {
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    let room = Arc::new(Semaphore::new(MAX_WAITING_BYTES));
    let arrived = Arc::new(Notify::new());
    (Reporter { task: 0, sender, room, arrived: arrived.clone() }, Reports { receiver, arrived })
}

impl Reporter {
    /// The same for another task.
    pub fn of(&self, task: u64) -> Self {
        Self { task, ..self.clone() }
    }

    /// Tells the view how far the task is; waits for room. At most [`MAX_REPORT_BYTES`].
    pub(crate) async fn progress(&self, data: Vec<u8>) {
        let bytes = u32::try_from(data.len()).unwrap_or(u32::MAX);
        // Never closed.
        let Ok(room) = self.room.clone().acquire_many_owned(bytes).await else { return };
        self.send(Reported::Progress(data), Some(room)).await;
    }

    /// Tells the view that the task has ended; waits for room.
    pub async fn ended(&self, end: TaskEnd) {
        self.send(Reported::Ended(end), None).await;
    }

    async fn send(&self, reported: Reported, room: Option<OwnedSemaphorePermit>) {
        // Nobody listens when the view is gone.
        let _ = self.sender.send(TaskReport { task: self.task, reported, _room: room }).await;
        self.arrived.notify_one();
    }
}

impl Reports {
    /// Waits until there is one. Cancel-safe.
    pub async fn arrived(&self) {
        while self.receiver.is_empty() {
            self.arrived.notified().await;
        }
    }

    /// Takes all that there are.
    pub fn take(&mut self) -> Vec<TaskReport> {
        let waiting = self.receiver.len();
        std::iter::from_fn(|| self.receiver.try_recv().ok()).take(waiting).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn so_many_reports_wait_and_the_next_waits_until_one_is_taken() {
        let (reporter, mut reports) = reports();
        let (one, two) = (reporter.of(1), reporter.of(2));
        for number in 0..MAX_WAITING {
            let task = if number % 2 == 0 { &one } else { &two };
            assert!(timeout(SHORT, task.progress(vec![1])).await.is_ok(), "{number}");
        }
        assert!(timeout(SHORT, one.progress(vec![2])).await.is_err());
        reports.arrived().await;
        let tasks: Vec<u64> = reports.take().into_iter().map(|report| report.task).collect();
        assert_eq!(tasks.len(), MAX_WAITING);
        assert!(tasks.starts_with(&[1, 2, 1, 2]));
        assert!(timeout(SHORT, one.progress(vec![2])).await.is_ok());
        assert!(timeout(SHORT, reports.arrived()).await.is_ok());
    }

    #[tokio::test]
    async fn so_many_bytes_wait_and_the_next_report_waits_until_there_is_room() {
        let (reporter, mut reports) = reports();
        for _ in 0..MAX_WAITING_BYTES / MAX_REPORT_BYTES {
            assert!(timeout(SHORT, reporter.progress(vec![0; MAX_REPORT_BYTES])).await.is_ok());
        }
        assert!(timeout(SHORT, reporter.progress(vec![0])).await.is_err());
        assert!(
            timeout(SHORT, reporter.ended(TaskEnd::Cancelled)).await.is_ok(),
            "an end takes no such room"
        );
        drop(reports.take());
        assert!(timeout(SHORT, reporter.progress(vec![0])).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_for_a_view_that_is_gone() {
        let (reporter, reports) = reports();
        drop(reports);
        for _ in 0..=MAX_WAITING {
            assert!(timeout(SHORT, reporter.progress(vec![0; MAX_REPORT_BYTES])).await.is_ok());
        }
    }
}
