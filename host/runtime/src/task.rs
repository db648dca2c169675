//! Background work: `run-task` in an instance of its own, on threads of its own.
//!
//! A task runs on a fiber: while it waits for another server, for its view or for a while, it holds no thread. It gives
//! way to other tasks at each tick of the epoch. It is never cancelled by dropping what it waits in: whoever cancels it
//! closes its [`Cancel`], of which it hears from all functions that wait; one that goes on regardless is ended by the
//! epoch a moment later.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hothouse_services::{Failure, FailureKind};
use tokio::sync::watch;
use tracing::{Instrument as _, Span};
use wasmtime::{StoreContextMut, Trap, UpdateDeadline};

use crate::contract::failure_from_wit;
use crate::error::{CallKind, EndCause};
use crate::instance::{GuestStore, end_cause, milliseconds, new_store};
use crate::limits::MAX_TASK_BYTES;
use crate::notice::{Bound, Notice};
use crate::registry::Loaded;
use crate::state::{Call, State, Visit};
use crate::tenant::Tenant;

mod imports;
mod lane;
mod meter;
mod reports;
mod requests;
mod working;

pub(crate) use imports::add_to_linker;
pub(crate) use lane::TaskLane;
use meter::Meter;
pub use reports::{MAX_REPORT_BYTES, Reported, Reporter, Reports, TaskReport, reports};
pub(crate) use working::Working;

/// How long a task that was cancelled may go on without waiting for anything.
const GRACE: Duration = Duration::from_millis(100);

/// A task that is about to run.
pub struct Task {
    pub(crate) component: Arc<Loaded>,
    pub(crate) tenant: Tenant,
    pub(crate) visit: Visit,
    pub(crate) name: String,
    pub(crate) input: Vec<u8>,
    /// Where its lines of log belong.
    pub(crate) span: Span,
}

/// Whoever holds it keeps a task running; dropped, it cancels it.
#[derive(Debug)]
pub struct Cancel {
    _open: watch::Sender<()>,
}

/// The task's side of it.
#[derive(Debug, Clone)]
pub struct Cancelled(watch::Receiver<()>);

/// A [`Cancel`] and its other side.
pub fn cancel() -> (Cancel, Cancelled) {
    let (open, closed) = watch::channel(());
    (Cancel { _open: open }, Cancelled(closed))
}

impl Cancelled {
    /// Whether the task is to end.
    pub fn is_closed(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Waits until it is to end. Cancel-safe.
    pub async fn closed(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

/// How a task ended.
#[derive(Debug)]
pub enum TaskEnd {
    /// It answered.
    Done(Vec<u8>),
    /// It declared a failure.
    Failed(Failure),
    /// It was cancelled: what it did since is nobody's business.
    Cancelled,
    /// It broke, or ran longer than it may.
    Broke(EndCause),
}

/// What became of a task.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub end: TaskEnd,
    /// How long it took on the clock.
    pub took: Duration,
    /// What has to be told of it.
    pub notices: Vec<Notice>,
}

impl Task {
    /// Runs it to its end, which is told to nobody but the caller. To be polled on the task lane, see [`Task::spawn`].
    pub async fn run(self, cancelled: Cancelled, reporter: Reporter) -> Ran {
        let began = Instant::now();
        if cancelled.is_closed() {
            return Ran { end: TaskEnd::Cancelled, took: Duration::ZERO, notices: Vec::new() };
        }
        let kind = CallKind::RunTask;
        let budget = self.component.limits.budget(kind);
        let meter = Arc::new(Meter::default());
        let mut store = new_store(&self.component, &self.tenant, &self.visit, Call::new(kind, budget), look);
        let state = store.data_mut();
        state.span = self.span;
        state.working = Some(Box::new(Working::new(cancelled.clone(), reporter, meter.clone(), budget)));
        let answer = meter.measure(run_task(&mut store, &self.component, self.name, self.input)).await;
        let end = match answer {
            _ if cancelled.is_closed() => TaskEnd::Cancelled,
            Ok(answer) => match committed(answer.and_then(checked), &mut store).await {
                Ok(answer) => TaskEnd::Done(answer),
                Err(failure) => TaskEnd::Failed(failure),
            },
            Err(error) => TaskEnd::Broke(end_cause(kind, &error, Some(store.data()), &self.component.limits)),
        };
        let state = store.data_mut();
        state.conclude();
        Ran { end, took: began.elapsed(), notices: state.notices.take() }
    }

    /// Does something with the task on the task lane: beside other tasks, behind all views.
    pub fn spawn<F>(self, what: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (component, span) = (self.component.clone(), self.span.clone());
        component.shared.task_lane.spawn(what(self).instrument(span));
    }
}

async fn run_task(
    store: &mut GuestStore,
    component: &Loaded,
    name: String,
    input: Vec<u8>,
) -> wasmtime::Result<Result<Vec<u8>, Failure>> {
    let guest = component.task_pre.instantiate_async(&mut *store).await?;
    let run_task = component.exports.run_task(&guest, store)?;
    let (answer,) = run_task.call_async(store, (name, input)).await?;
    Ok(answer.map_err(failure_from_wit))
}

/// What a task answers is kept until its view takes it.
fn checked(answer: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let bytes = answer.len();
    if bytes <= MAX_TASK_BYTES {
        return Ok(answer);
    }
    let message = format!(
        "the task answered {bytes} bytes, the limit is {MAX_TASK_BYTES}: answer less, or keep it elsewhere"
    );
    Err(Failure::new(FailureKind::Limit, message))
}

/// An answer whose writes were committed, if the task has written anything.
async fn committed(answer: Result<Vec<u8>, Failure>, store: &mut GuestStore) -> Result<Vec<u8>, Failure> {
    let answer = answer?;
    if let Some(writes) = store.data_mut().take_writes() {
        writes.commit().await?;
    }
    Ok(answer)
}

/// The epoch callback: at each tick the task may be ended, and gives way to others.
fn look(mut store: StoreContextMut<'_, State>, _component: &Loaded) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    let (call, span) = (&mut state.call, &state.span);
    let Some(working) = &mut state.working else { return Ok(UpdateDeadline::Interrupt) };
    let (kind, budget) = (call.kind, call.budget);
    let used = working.meter().used();
    if working.cancelled_for().is_some_and(|since| since > GRACE) {
        return Err(Trap::Interrupt.into());
    }
    call.check(used).map_err(wasmtime::Error::new)?;
    if used > budget.warn_cpu && !call.warned {
        call.warned = true;
        tracing::info!(
            parent: span, code = "slow-call",
            tenant = state.tenant.name(), view = %state.view, call = %kind, ?used, limit = ?budget.max_cpu,
            "task is busy"
        );
    }
    state.notices.used(Bound::Cpu, kind, milliseconds(used), milliseconds(budget.max_cpu));
    Ok(UpdateDeadline::Yield(1))
}

impl fmt::Debug for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Task").field("view", &self.component.name).finish_non_exhaustive()
    }
}
