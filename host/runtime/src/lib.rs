//! Sandboxed live views: wasmtime, its limits, and every function that a guest may call. The only crate that
//! names wasmtime. Knows nothing of HTTP, topics, frames or diffs' keys.
//!
//! # Threads
//!
//! A guest call runs *inline*, on the tokio worker that asked for it. One ticker thread advances the engine's epoch
//! each millisecond. A call that is still running after one or two ticks *steps aside* from its epoch callback: it
//! hands its worker's queue to another thread (`block_in_place`), waits until that thread has been seen to run, and
//! goes on where it is until its budget ends it. Fast calls pay nothing for this; a guest that spins stalls nobody
//! for longer than two ticks. A view that was slow starts aside the next time. Slow calls are bounded, globally and
//! per tenant, and take turns.
//!
//! # Who owns a store
//!
//! A [`View`] owns its store alone and is itself owned by one actor; all calls on it are serial. A store that
//! trapped or ran out of its budget is dropped before the error is returned: it cannot be used again.
//!
//! Calls need tokio's multi-thread scheduler; [`Runtime::new`] checks.

mod artifacts;
mod compiler;
mod contract;
mod engine;
mod error;
mod grants;
mod hostcall;
mod instance;
mod limits;
mod notice;
mod profile;
mod registry;
mod scan;
mod slow_lane;
mod state;
mod task;
mod tenant;
mod view;
mod wasi;
mod writes;

pub use artifacts::ArtifactError;
pub use compiler::{CompileError, CompileLimits, Compiler, run_as_compiler};
pub use contract::types::{
    Connection, Context, Document, Effect, Event, LeaveReason, Message, Payload, Phase, RenderScope,
    TaskOutcome,
};
pub use engine::{Runtime, Settings};
pub use error::{Blame, CallError, CallKind, EndCause, LoadError, StartError};
pub use grants::{ConnectInfo, Grants};
pub use hothouse_services::{Failure, FailureKind};
pub use limits::{CallBudget, Limits, MAX_SNAPSHOT_BYTES, MAX_TASK_BYTES};
pub use notice::{Bound, Notice, Watermark, is_near};
pub use profile::{Choice, Profile};
pub use registry::{Component, Given, Report};
pub use scan::ScanError;
pub use task::{
    Cancel, Cancelled, MAX_REPORT_BYTES, Ran, Reported, Reporter, Reports, Task, TaskEnd, TaskReport, cancel,
    reports,
};
pub use tenant::Tenant;
pub use view::View;
pub use writes::{NotCommitted, Writes};
