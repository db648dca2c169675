//! Background work of a view: what it has started, and what it is told of it.
//!
//! A task is known by its key as long as its view counts on it. One that was cancelled, or replaced by another under its
//! key, may take a moment to end; nothing that it tells reaches the view any more.

use std::sync::Arc;

use hothouse_runtime::{
    Cancel, Effect, EndCause, Failure, FailureKind, MAX_TASK_BYTES, Reported, Reporter, Reports, TaskEnd,
    TaskOutcome, View, cancel, reports,
};
use tokio::sync::Semaphore;

use crate::site::Site;
use crate::telemetry::{InstanceTelemetry, Refused};

/// Tasks of a view at once: part of the contract.
const MAX_TASKS: usize = 4;
/// Bytes of a task's name, and of its key: part of the contract.
const MAX_NAME_BYTES: usize = 255;

/// Of one view. Nothing is there until it starts a task.
#[derive(Default)]
pub(super) struct Tasks(Option<Box<Started>>);

struct Started {
    /// Those that the view counts on.
    running: Vec<Running>,
    /// Ends that nothing is waited for.
    ended: Vec<(Box<str>, TaskOutcome)>,
    reporter: Reporter,
    reports: Reports,
    /// For instances: one that was cancelled has its place until it is gone.
    places: Arc<Semaphore>,
    last_task: u64,
}

struct Running {
    key: Box<str>,
    task: u64,
    /// Dropped, it cancels the task.
    _cancel: Cancel,
}

/// What a callback asks for of tasks.
pub(super) enum TaskDeed {
    Start { name: String, key: Box<str>, input: Vec<u8> },
    Cancel { key: Box<str> },
}

/// What a view is told of its tasks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TaskMessage {
    Progress { key: Box<str>, data: Vec<u8> },
    Ended { key: Box<str>, outcome: TaskOutcome },
}

/// Why a task is not started, nor anything else that was asked for with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TaskRefused {
    /// A name or a key is none.
    #[error("{what} has {bytes} bytes: it has 1 to {MAX_NAME_BYTES}")]
    Name {
        /// Of which of the two.
        what: &'static str,
        /// How many.
        bytes: usize,
    },
    /// The input is too much.
    #[error(
        "the input of a task has {bytes} bytes, the limit is {MAX_TASK_BYTES}: give it less, or where to read it"
    )]
    Input {
        /// How many.
        bytes: usize,
    },
    /// There are too many at once.
    #[error("more than {MAX_TASKS} tasks of one view at once: wait for one, or cancel one")]
    TooMany,
}

impl Refused for TaskRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "bad-task-name",
            Self::Input { .. } => "task-input-too-large",
            Self::TooMany => "too-many-tasks",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::Name { .. } => false,
            Self::Input { .. } | Self::TooMany => true,
        }
    }
}

impl Tasks {
    /// Takes what is asked for of tasks out of all effects.
    pub(super) fn split(effects: Vec<Effect>) -> (Vec<Effect>, Vec<TaskDeed>) {
        let mut deeds = Vec::new();
        let mut others = Vec::with_capacity(effects.len());
        for effect in effects {
            match effect {
                Effect::StartTask { name, key, input } => {
                    deeds.push(TaskDeed::Start { name, key: key.into(), input });
                }
                Effect::CancelTask(key) => deeds.push(TaskDeed::Cancel { key: key.into() }),
                other => others.push(other),
            }
        }
        (others, deeds)
    }

    /// Whether all of it can be carried out, one after the other.
    pub(super) fn check(&self, deeds: &[TaskDeed]) -> Result<(), TaskRefused> {
        let mut keys: Vec<&str> = self.running().map(|running| &*running.key).collect();
        for deed in deeds {
            match deed {
                TaskDeed::Start { name, key, input } => {
                    check_name("the name of a task", name)?;
                    check_name("the key of a task", key)?;
                    if input.len() > MAX_TASK_BYTES {
                        return Err(TaskRefused::Input { bytes: input.len() });
                    }
                    if keys.contains(&&**key) {
                        continue;
                    }
                    if keys.len() >= MAX_TASKS {
                        return Err(TaskRefused::TooMany);
                    }
                    keys.push(key);
                }
                TaskDeed::Cancel { key } => keys.retain(|running| *running != &**key),
            }
        }
        Ok(())
    }

    /// Carries out what was checked.
    pub(super) fn carry_out(
        &mut self,
        deeds: Vec<TaskDeed>,
        view: &View,
        site: &Site,
        telemetry: &InstanceTelemetry,
    ) {
        for deed in deeds {
            match deed {
                TaskDeed::Start { name, key, input } => {
                    self.0.get_or_insert_default().start((name, key, input), view, site, telemetry);
                }
                TaskDeed::Cancel { key } => {
                    if let Some(started) = &mut self.0
                        && started.forget(&key)
                    {
                        started.ended.push((key, TaskOutcome::Cancelled));
                    }
                }
            }
        }
    }

    /// Waits until there is something to tell; for ever without tasks. Cancel-safe. In a box: what waits here is part of
    /// each view, with tasks or without.
    pub(super) async fn arrived(&self) {
        match &self.0 {
            Some(started) if started.ended.is_empty() => Box::pin(started.reports.arrived()).await,
            Some(_) => {}
            None => std::future::pending().await,
        }
    }

    /// Takes all that there is to tell.
    pub(super) fn take(&mut self) -> Vec<TaskMessage> {
        self.0.as_deref_mut().map(Started::take).unwrap_or_default()
    }

    fn running(&self) -> impl Iterator<Item = &Running> {
        self.0.iter().flat_map(|started| &started.running)
    }
}

impl Default for Started {
    fn default() -> Self {
        let (reporter, reports) = reports();
        let (running, ended) = (Vec::new(), Vec::new());
        let places = Arc::new(Semaphore::new(MAX_TASKS));
        Self { running, ended, reporter, reports, places, last_task: 0 }
    }
}

impl Started {
    fn start(
        &mut self,
        (name, key, input): (String, Box<str>, Vec<u8>),
        view: &View,
        site: &Site,
        telemetry: &InstanceTelemetry,
    ) {
        self.forget(&key);
        self.ended.retain(|(ended, _)| *ended != key);
        let Some(place) = site.tasks.take(&site.telemetry) else {
            telemetry.task_refused(site.tasks.max());
            let failure =
                Failure::new(FailureKind::Limit, "Too much is being done at once: try again later.");
            return self.ended.push((key, TaskOutcome::Failed(failure)));
        };
        self.last_task += 1;
        let (cancel, mut cancelled) = cancel();
        let (reporter, places, telemetry) =
            (self.reporter.of(self.last_task), self.places.clone(), telemetry.task());
        view.task(name, input).spawn(|task| async move {
            let _of_view = tokio::select! {
                place = places.acquire_owned() => place.ok(),
                () = cancelled.closed() => None,
            };
            let ran = task.run(cancelled, reporter.clone()).await;
            // Whoever hears of the end finds a place for the next.
            drop(place);
            telemetry.ended(&ran);
            if !matches!(ran.end, TaskEnd::Cancelled) {
                reporter.ended(ran.end).await;
            }
        });
        self.running.push(Running { key, task: self.last_task, _cancel: cancel });
    }

    /// Cancels a task, if there is one.
    fn forget(&mut self, key: &str) -> bool {
        let before = self.running.len();
        self.running.retain(|running| &*running.key != key);
        self.running.len() < before
    }

    /// What nothing was waited for comes first: no task that was started since is told of before it.
    fn take(&mut self) -> Vec<TaskMessage> {
        let ended = self.ended.drain(..).map(|(key, outcome)| TaskMessage::Ended { key, outcome });
        let mut messages: Vec<TaskMessage> = ended.collect();
        for report in self.reports.take() {
            let Some(index) = self.running.iter().position(|running| running.task == report.task) else {
                continue;
            };
            messages.push(match report.reported {
                Reported::Progress(data) => {
                    let Some(running) = self.running.get(index) else { continue };
                    TaskMessage::Progress { key: running.key.clone(), data }
                }
                Reported::Ended(end) => {
                    let Running { key, .. } = self.running.swap_remove(index);
                    TaskMessage::Ended { key, outcome: outcome(end) }
                }
            });
        }
        messages
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), TaskRefused> {
    let bytes = name.len();
    if (1..=MAX_NAME_BYTES).contains(&bytes) { Ok(()) } else { Err(TaskRefused::Name { what, bytes }) }
}

fn outcome(end: TaskEnd) -> TaskOutcome {
    match end {
        TaskEnd::Done(answer) => TaskOutcome::Done(answer),
        TaskEnd::Failed(failure) => TaskOutcome::Failed(failure),
        TaskEnd::Cancelled => TaskOutcome::Cancelled,
        TaskEnd::Broke(EndCause::CpuLimit { .. } | EndCause::WallLimit { .. }) => TaskOutcome::TimedOut,
        TaskEnd::Broke(_) => TaskOutcome::Crashed,
    }
}
