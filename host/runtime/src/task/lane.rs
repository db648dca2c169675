//! The threads that run tasks.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// How much lower than that of views the priority of these threads is. A busy machine gives them a tenth of what it
/// gives to views; an idle one all that they want.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;
/// Threads for what blocks: names that are resolved, and services of an embedding application.
const MAX_BLOCKING_THREADS: usize = 64;

/// Tasks run with the priority of views, which the system did not let them give up.
#[cfg(target_os = "linux")]
const TASK_PRIORITY: &str = "task-priority";

/// A scheduler of its own: what tasks do delays no view.
pub(crate) struct TaskLane {
    /// There until it is dropped.
    scheduler: Option<Runtime>,
}

impl TaskLane {
    pub(crate) fn new(threads: usize) -> io::Result<Self> {
        let scheduler = Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .max_blocking_threads(MAX_BLOCKING_THREADS)
            .thread_name("hothouse-task")
            .on_thread_start(step_back)
            .enable_all()
            .build()?;
        Ok(Self { scheduler: Some(scheduler) })
    }

    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        if let Some(scheduler) = &self.scheduler {
            scheduler.spawn(future);
        }
    }
}

impl Drop for TaskLane {
    fn drop(&mut self) {
        // Perhaps inside of a scheduler, where nothing may wait for its threads.
        if let Some(scheduler) = self.scheduler.take() {
            scheduler.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread.
fn step_back() {
    // Elsewhere it would be that of the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(code = TASK_PRIORITY, %error, "tasks run with the priority of views");
    }
}
