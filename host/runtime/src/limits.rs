//! What one view may cost. All limits are hard: crossing one ends the call, and with it the view.

use std::time::Duration;

use crate::error::CallKind;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallBudget {
    /// CPU time after which the log is told.
    pub warn_cpu: Duration,
    /// CPU time after which the call is killed.
    pub max_cpu: Duration,
    /// Time on the wall after which the call is killed, whatever it used.
    pub max_wall: Duration,
}

/// Limits of one view. The defaults are those of an untrusted tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For `handle-event`, `handle-params`, `handle-info`, `connected`, `snapshot`, `terminate`.
    pub event: CallBudget,
    /// For instantiation with `mount` or `restore`: guests set themselves up in it.
    pub mount: CallBudget,
    /// For `render`.
    pub render: CallBudget,
    /// For a task: instantiation with `run-task`. Its time on the wall is what it may wait, all in all.
    pub task: CallBudget,
    /// Linear memory, in bytes. `None`: what the component's [`Profile`](crate::Profile) gives, 4 or 64 MiB. More than
    /// 4 MiB makes the profile roomy.
    pub max_memory_bytes: Option<usize>,
    /// What one call may copy between guest and host, in bytes of host memory.
    pub max_copy_bytes: usize,
    /// Effects of one callback.
    pub max_effects: usize,
    /// Lines a view may log in a second.
    pub max_log_lines_per_second: u32,
    /// Bytes of a log line that are kept.
    pub max_log_line_bytes: usize,
}

/// Bytes that a task is given, and that it answers: part of the contract.
pub const MAX_TASK_BYTES: usize = 256 * 1024;

/// Bytes of a snapshot: part of the contract.
pub const MAX_SNAPSHOT_BYTES: usize = 256 * 1024;

/// Resource handles of one store; the contract has none.
pub(crate) const MAX_HANDLES: usize = 1_000;

impl Default for Limits {
    fn default() -> Self {
        let event = CallBudget {
            warn_cpu: Duration::from_millis(50),
            max_cpu: Duration::from_millis(250),
            max_wall: Duration::from_secs(2),
        };
        Self {
            event,
            mount: CallBudget {
                warn_cpu: Duration::from_millis(250),
                max_cpu: Duration::from_secs(1),
                max_wall: Duration::from_secs(5),
            },
            render: event,
            task: CallBudget {
                warn_cpu: Duration::from_secs(1),
                max_cpu: Duration::from_secs(5),
                max_wall: Duration::from_secs(60),
            },
            max_memory_bytes: None,
            max_copy_bytes: 2 * 1024 * 1024,
            max_effects: 256,
            max_log_lines_per_second: 64,
            max_log_line_bytes: 4 * 1024,
        }
    }
}

impl Limits {
    pub(crate) fn budget(&self, call: CallKind) -> CallBudget {
        match call {
            CallKind::Load | CallKind::Mount | CallKind::Restore => self.mount,
            CallKind::Render => self.render,
            CallKind::RunTask => self.task,
            CallKind::Connected
            | CallKind::HandleParams
            | CallKind::HandleEvent
            | CallKind::HandleInfo
            | CallKind::HandleTask
            | CallKind::ComponentsRemoved
            | CallKind::Snapshot
            | CallKind::Terminate => self.event,
        }
    }
}
