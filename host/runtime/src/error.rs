//! What can go wrong, and whose fault it is.

use std::fmt;
use std::time::Duration;

use hothouse_services::Failure;

use crate::artifacts::ArtifactError;
use crate::compiler::CompileError;
use crate::scan::ScanError;

/// The runtime does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Not inside tokio's multi-thread scheduler.
    #[error(
        "guest calls need tokio's multi-thread runtime (a slow call hands its worker over): use `flavor = \"multi_thread\"`"
    )]
    NotMultiThread,
    /// wasmtime refused the configuration.
    #[error("wasm engine: {0}")]
    Engine(String),
    /// The epoch ticker's thread could not be started.
    #[error("epoch ticker: {0}")]
    Ticker(std::io::Error),
    /// The threads that run tasks could not be started.
    #[error("threads for tasks: {0}")]
    TaskThreads(std::io::Error),
    /// The folder for machine code cannot be used.
    #[error("folder for machine code: {0}")]
    Artifacts(#[from] ArtifactError),
}

/// A component is refused. Always names the component and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is no component, or larger than one may be.
    #[error("component `{component}`: {cause}")]
    Scan {
        /// The component's name.
        component: String,
        /// What was found.
        cause: ScanError,
    },
    /// It was not compiled.
    #[error("component `{component}`: {cause}")]
    Compile {
        /// The component's name.
        component: String,
        /// Why.
        cause: ArtifactError,
    },
    /// It imports what this host does not serve.
    #[error("component `{component}` imports `{import}`, which this host does not serve{hint}")]
    Import {
        /// The component's name.
        component: String,
        /// The import's name.
        import: String,
        /// What would serve instead, or nothing.
        hint: &'static str,
    },
    /// It was built against another version of the contract.
    #[error(
        "component `{component}` was built for {found}, this host speaks {expected}: build it again with the SDK of this host"
    )]
    Version {
        /// The component's name.
        component: String,
        /// The package it names.
        found: String,
        /// The package of this host.
        expected: &'static str,
    },
    /// It does not export what a view exports.
    #[error("component `{component}` is not a view: {reason}")]
    NotAView {
        /// The component's name.
        component: String,
        /// Which export is missing or of another type.
        reason: String,
    },
    /// It cannot be instantiated, or its start functions break.
    #[error("component `{component}` does not start: {cause}")]
    DoesNotStart {
        /// The component's name.
        component: String,
        /// What ended the instance that was tried out.
        cause: EndCause,
    },
}

impl LoadError {
    /// The code of a folder for machine code that cannot be used.
    pub const MACHINE_CODE: &'static str = "machine-code-folder";
    /// Every code that [`LoadError::code`] gives, beside those of [`EndCause`] for what does not start.
    pub const CODES: &'static [&'static str] = &[
        "component-scan",
        "component-refused",
        "compile-time",
        "compile-memory",
        "compile-failed",
        Self::MACHINE_CODE,
        "component-import",
        "component-version",
        "component-no-view",
    ];

    /// A short name that stays the same, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scan { .. } => "component-scan",
            Self::Compile { cause, .. } => match cause {
                ArtifactError::Compile(CompileError::Refused(_)) => "component-refused",
                ArtifactError::Compile(CompileError::Time { .. }) => "compile-time",
                ArtifactError::Compile(CompileError::Memory { .. }) => "compile-memory",
                ArtifactError::Compile(
                    CompileError::Died { .. } | CompileError::Start { .. } | CompileError::NotACompiler,
                )
                | ArtifactError::Load(_) => "compile-failed",
                ArtifactError::NotPrivate { .. } | ArtifactError::Io { .. } => Self::MACHINE_CODE,
            },
            Self::Import { .. } => "component-import",
            Self::Version { .. } => "component-version",
            Self::NotAView { .. } => "component-no-view",
            Self::DoesNotStart { cause, .. } => cause.code(),
        }
    }

    /// Whose fault it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Compile { cause: ArtifactError::Compile(cause), .. } => match cause {
                CompileError::Refused(_) | CompileError::Time { .. } | CompileError::Memory { .. } => {
                    Blame::Guest
                }
                CompileError::Start { .. } | CompileError::NotACompiler => Blame::Operator,
                CompileError::Died { .. } => Blame::Host,
            },
            Self::Compile { .. } => Blame::Operator,
            Self::DoesNotStart { cause, .. } => cause.blame(),
            Self::Scan { .. } | Self::Import { .. } | Self::Version { .. } | Self::NotAView { .. } => {
                Blame::Guest
            }
        }
    }
}

/// A guest call did not answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The guest declared a failure, or asked for what this host does not serve. The view lives on.
    #[error("{0}")]
    Refused(Failure),
    /// The view is over; its store is dropped.
    #[error("{0}")]
    Ended(EndCause),
}

/// Which call it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// Instantiation, to see whether a component starts.
    Load,
    /// Instantiation and `mount`.
    Mount,
    /// Instantiation and `restore`.
    Restore,
    /// `connected`.
    Connected,
    /// `handle-params`.
    HandleParams,
    /// `handle-event`.
    HandleEvent,
    /// `handle-info`.
    HandleInfo,
    /// `handle-task`.
    HandleTask,
    /// `components-removed`.
    ComponentsRemoved,
    /// `render`.
    Render,
    /// `snapshot`.
    Snapshot,
    /// `terminate`.
    Terminate,
    /// Instantiation and `run-task`, in an instance of the task's own.
    RunTask,
}

impl fmt::Display for CallKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Load => "load",
            Self::Mount => "mount",
            Self::Restore => "restore",
            Self::Connected => "connected",
            Self::HandleParams => "handle-params",
            Self::HandleEvent => "handle-event",
            Self::HandleInfo => "handle-info",
            Self::HandleTask => "handle-task",
            Self::ComponentsRemoved => "components-removed",
            Self::Render => "render",
            Self::Snapshot => "snapshot",
            Self::Terminate => "terminate",
            Self::RunTask => "run-task",
        })
    }
}

/// Whose fault it is: decides the log level, the metric and what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Whoever sits at the other end of a socket.
    Client,
    /// The view's author.
    Guest,
    /// Whoever runs this server.
    Operator,
    /// This host.
    Host,
}

/// Why a view ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EndCause {
    /// The guest trapped. Its own message, if it had one, is in the log before this.
    #[error("`{call}` trapped: {trap}")]
    Trap {
        /// Which call.
        call: CallKind,
        /// wasmtime's name for it.
        trap: String,
    },
    /// The call used more CPU time than it may.
    #[error(
        "`{call}` used {used:?} of CPU time, the limit is {limit:?}: do less in one callback, or move the work to a task"
    )]
    CpuLimit {
        /// Which call.
        call: CallKind,
        /// CPU time of the executing thread.
        used: Duration,
        /// The limit.
        limit: Duration,
    },
    /// The call took longer than it may.
    #[error(
        "`{call}` took {used:?}, the limit is {limit:?}: do less in one callback, or move the work to a task"
    )]
    WallLimit {
        /// Which call.
        call: CallKind,
        /// Time since the call began.
        used: Duration,
        /// The limit.
        limit: Duration,
    },
    /// A slow call found as many slow calls running as may.
    #[error(
        "`{call}` was slow while {limit} slow calls of {whom} were running, which is the limit: make callbacks quick"
    )]
    TooManySlowCalls {
        /// Which call.
        call: CallKind,
        /// Whose limit it is.
        whom: &'static str,
        /// The limit.
        limit: usize,
    },
    /// The guest asked for more memory than it may have, and then gave up.
    #[error(
        "`{call}` ended after asking for {wanted} bytes of memory, the limit is {limit}: keep less state in the view"
    )]
    Memory {
        /// Which call.
        call: CallKind,
        /// What it asked for.
        wanted: usize,
        /// The limit.
        limit: usize,
    },
    /// The guest asked for more memory than was left for its tenant's views, and then gave up.
    #[error(
        "`{call}` ended after asking for {wanted} bytes of memory: the views of this tenant may have {limit} together: keep less state in views, or allow more"
    )]
    TotalMemory {
        /// Which call.
        call: CallKind,
        /// What it asked for.
        wanted: usize,
        /// The limit.
        limit: usize,
    },
    /// The call's arguments or result are more than may be copied.
    #[error(
        "`{call}` copied more than {limit} bytes between guest and host, which is the limit: render and return less"
    )]
    Copy {
        /// Which call.
        call: CallKind,
        /// The limit.
        limit: usize,
    },
    /// The guest wanted to wait.
    #[error("`{call}` wanted to wait, but a view callback may not sleep or wait; use a timer or a task")]
    Waits {
        /// Which call.
        call: CallKind,
    },
    /// The guest wanted to end the program.
    #[error("`{call}` called `exit`: a view does not end itself; return, or refuse with a failure")]
    Exits {
        /// Which call.
        call: CallKind,
    },
    /// The callback returned more effects than it may.
    #[error("`{call}` returned {found} effects, the limit is {limit}")]
    Effects {
        /// Which call.
        call: CallKind,
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The view had ended before this call.
    #[error("`{call}` was called on a view that has ended")]
    Gone {
        /// Which call.
        call: CallKind,
    },
    /// The host failed.
    #[error("`{call}` failed in the host: {reason}")]
    Host {
        /// Which call.
        call: CallKind,
        /// What happened.
        reason: String,
    },
}

impl EndCause {
    /// Every code that [`EndCause::code`] gives.
    pub const CODES: &'static [&'static str] = &[
        "trap",
        "cpu-limit",
        "wall-limit",
        "slow-calls",
        "memory",
        "total-memory",
        "copy",
        "waits",
        "exits",
        "effects",
        "view-gone",
        "host-failure",
    ];

    /// A short name that stays the same, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Trap { .. } => "trap",
            Self::CpuLimit { .. } => "cpu-limit",
            Self::WallLimit { .. } => "wall-limit",
            Self::TooManySlowCalls { .. } => "slow-calls",
            Self::Memory { .. } => "memory",
            Self::TotalMemory { .. } => "total-memory",
            Self::Copy { .. } => "copy",
            Self::Waits { .. } => "waits",
            Self::Exits { .. } => "exits",
            Self::Effects { .. } => "effects",
            Self::Gone { .. } => "view-gone",
            Self::Host { .. } => "host-failure",
        }
    }

    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        match self {
            Self::CpuLimit { .. }
            | Self::WallLimit { .. }
            | Self::TooManySlowCalls { .. }
            | Self::Memory { .. }
            | Self::TotalMemory { .. }
            | Self::Copy { .. }
            | Self::Effects { .. } => true,
            Self::Trap { .. }
            | Self::Waits { .. }
            | Self::Exits { .. }
            | Self::Gone { .. }
            | Self::Host { .. } => false,
        }
    }

    /// Whose fault it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Trap { .. }
            | Self::CpuLimit { .. }
            | Self::WallLimit { .. }
            | Self::TooManySlowCalls { .. }
            | Self::Memory { .. }
            | Self::TotalMemory { .. }
            | Self::Copy { .. }
            | Self::Waits { .. }
            | Self::Exits { .. }
            | Self::Effects { .. } => Blame::Guest,
            Self::Gone { .. } | Self::Host { .. } => Blame::Host,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CallKind, EndCause};

    #[test]
    fn every_end_has_its_code() {
        let (call, used, limit) = (CallKind::HandleEvent, Duration::ZERO, Duration::ZERO);
        let causes = [
            EndCause::Trap { call, trap: String::new() },
            EndCause::CpuLimit { call, used, limit },
            EndCause::WallLimit { call, used, limit },
            EndCause::TooManySlowCalls { call, whom: "this tenant", limit: 0 },
            EndCause::Memory { call, wanted: 0, limit: 0 },
            EndCause::TotalMemory { call, wanted: 0, limit: 0 },
            EndCause::Copy { call, limit: 0 },
            EndCause::Waits { call },
            EndCause::Exits { call },
            EndCause::Effects { call, found: 0, limit: 0 },
            EndCause::Gone { call },
            EndCause::Host { call, reason: String::new() },
        ];
        let codes: Vec<&str> = causes.iter().map(EndCause::code).collect();
        assert_eq!(codes, EndCause::CODES);
        let limits: Vec<&str> = causes.iter().filter(|cause| cause.is_limit()).map(EndCause::code).collect();
        assert_eq!(
            limits,
            ["cpu-limit", "wall-limit", "slow-calls", "memory", "total-memory", "copy", "effects"]
        );
    }
}
