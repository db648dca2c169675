//! What operators are told of tasks.

use std::sync::Arc;

use hothouse_runtime::{EndCause, Ran, TaskEnd};
use tracing::Span;

use super::{FAILURE_DECLARED, InstanceTelemetry, ViewTelemetry, kind_name};

/// The app has as many tasks as it may.
pub(super) const APP_TASKS: &str = "app-tasks";

/// One task, from its start to its end, which its view need not see: its place in the gauge.
pub(crate) struct TaskTelemetry {
    view: Arc<ViewTelemetry>,
    span: Span,
}

impl InstanceTelemetry {
    /// A task is about to be started.
    pub(crate) fn task(&self) -> TaskTelemetry {
        self.metrics().tasks.inc();
        TaskTelemetry { view: self.view.clone(), span: self.span.clone() }
    }

    /// A task was not started, because there are as many as may be.
    pub(crate) fn task_refused(&self, limit: u64) {
        tracing::warn!(
            parent: &self.span, code = APP_TASKS,
            "a task is not started: the app has {limit} of them already, which is the limit; start fewer, or ask for a \
             higher `tasks`"
        );
        self.metrics().limit_reached(APP_TASKS);
    }
}

impl TaskTelemetry {
    /// It has ended.
    pub(crate) fn ended(self, Ran { end, took, notices }: &Ran) {
        let (metrics, span) = (&self.view.0, &self.span);
        self.view.noticed(span, notices.clone());
        metrics.task(outcome(end), *took);
        match end {
            TaskEnd::Done(_) => tracing::debug!(parent: span, ?took, "task is done"),
            TaskEnd::Cancelled => tracing::debug!(parent: span, ?took, "task was cancelled"),
            TaskEnd::Failed(failure) => {
                let kind = kind_name(failure.kind);
                tracing::warn!(
                    parent: span, code = FAILURE_DECLARED, kind, message = %failure.message,
                    "task declared a failure"
                );
                metrics.failure_declared(kind);
            }
            TaskEnd::Broke(cause) => {
                let code = cause.code();
                tracing::warn!(parent: span, code, %cause, "task ended");
                if cause.is_limit() {
                    metrics.limit_reached(code);
                }
            }
        }
    }
}

impl Drop for TaskTelemetry {
    fn drop(&mut self) {
        self.view.0.tasks.dec();
    }
}

fn outcome(end: &TaskEnd) -> &'static str {
    match end {
        TaskEnd::Done(_) => "done",
        TaskEnd::Failed(_) => "failed",
        TaskEnd::Cancelled => "cancelled",
        TaskEnd::Broke(EndCause::CpuLimit { .. } | EndCause::WallLimit { .. }) => "timed-out",
        TaskEnd::Broke(_) => "crashed",
    }
}
