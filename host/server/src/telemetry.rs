//! What operators are told, in one place: for each refusal and each crash one line of log and one step of a counter,
//! by whose fault it is. Never what a client or a guest sent, but for the message of a declared failure.
//!
//! A line belongs to the span of its instance. The span is not entered for each event, which would cost more than
//! most events do: it is named as the parent of what is logged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hothouse_diff::{Fault, Used};
use hothouse_runtime::{Blame, CallError, CallKind, EndCause, Failure, FailureKind, Notice};
use hothouse_services::kv::CommitError;
use hothouse_services::pubsub::MAX_WAITING;
use hothouse_wire::DecodeError;
use tracing::Span;

pub(crate) mod metrics;
mod near;
mod tasks;

use crate::limits::Limit;
use metrics::{Kind, Metrics, Step, TenantMetrics, ViewMetrics};
use near::NEAR_LIMIT;

/// Characters of a view's random id that its log lines carry.
const SHORT_ID_CHARACTERS: usize = 8;
/// No random bytes could be had.
const NO_RANDOMNESS: &str = "no-randomness";
/// A view logs more than it may.
const LOG_LINES: &str = "log-lines";
/// A guest declared a failure.
const FAILURE_DECLARED: &str = "failure-declared";
/// An event for a live component that is not there.
const UNKNOWN_COMPONENT: &str = "unknown-component";
/// Messages were dropped.
const LAGGED: &str = "messages-lagged";

/// Something that a client or a guest asked for and is not given.
pub(crate) trait Refused: std::error::Error {
    /// A short name that stays the same, for logs and metrics.
    fn code(&self) -> &'static str;

    /// Whether a limit was reached.
    fn is_limit(&self) -> bool;
}

impl Refused for Fault {
    fn code(&self) -> &'static str {
        Fault::code(self)
    }

    fn is_limit(&self) -> bool {
        Fault::is_limit(self)
    }
}

impl Refused for DecodeError {
    fn code(&self) -> &'static str {
        DecodeError::code(self)
    }

    fn is_limit(&self) -> bool {
        DecodeError::is_limit(self)
    }
}

impl Refused for CommitError {
    fn code(&self) -> &'static str {
        CommitError::code(self)
    }

    fn is_limit(&self) -> bool {
        CommitError::is_limit(self)
    }
}

/// What concerns an app, but none of its views.
pub(crate) struct AppTelemetry(TenantMetrics);

/// What concerns one view of an app; shared by its instances.
pub(crate) struct ViewTelemetry(ViewMetrics);

/// One instance of a view, from before it is mounted until it is let go: its span, and its place in the gauge.
pub(crate) struct InstanceTelemetry {
    view: Arc<ViewTelemetry>,
    span: Span,
    /// A bit for each limit that a document came near to.
    told: AtomicU64,
    /// Whether an event was for a live component that is not there.
    unknown_told: AtomicBool,
}

/// An open socket's place in the gauge.
pub(crate) struct OpenSocket<'a>(&'a TenantMetrics);

impl AppTelemetry {
    pub(crate) fn new(metrics: &Arc<Metrics>, tenant: &str) -> Self {
        Self(metrics.tenant(tenant))
    }

    /// A socket is open, until what is returned is dropped.
    pub(crate) fn socket_opened(&self) -> OpenSocket<'_> {
        self.0.sockets.inc();
        OpenSocket(&self.0)
    }

    /// A handshake was refused. Which origins there are is the operator's to say: a wrong one may be a wrong setting.
    pub(crate) fn socket_refused(&self, refused: &impl Refused) {
        tracing::warn!(code = refused.code(), error = %refused, "socket refused");
        self.0.socket_refused(refused.code());
        self.limit(refused);
    }

    /// A frame was refused and its socket is closed.
    pub(crate) fn frame_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "frame refused");
        self.0.frame_refused(refused.code());
        self.limit(refused);
    }

    /// A join was refused before any guest was called.
    pub(crate) fn join_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "join refused");
        self.0.join_refused(refused.code());
        self.limit(refused);
    }

    /// A page was refused before any guest was called.
    pub(crate) fn page_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "page refused");
        self.limit(refused);
    }

    /// A form for the session was refused.
    pub(crate) fn session_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "form for the session refused");
        self.0.session_refused(refused.code());
        self.limit(refused);
    }

    /// An announcement from outside was refused.
    pub(crate) fn broadcast_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "announcement refused");
        self.limit(refused);
    }

    /// A connection was closed before it had asked for anything.
    pub(crate) fn request_refused(&self, refused: &impl Refused) {
        tracing::info!(code = refused.code(), error = %refused, "request refused");
        self.limit(refused);
    }

    /// Four fifths of a limit of the whole app are used.
    pub(crate) fn near_limit(&self, limit: Limit, used: u64, max: u64) {
        let (name, unit, advice) = (limit.name(), limit.unit(), near::advice(limit));
        tracing::warn!(
            code = NEAR_LIMIT,
            limit = name,
            tenant = self.0.tenant(),
            "{used} of {max} {unit} are in use: {advice}, or raise `{name}`"
        );
        self.0.near_limit(name);
    }

    fn limit(&self, refused: &impl Refused) {
        if refused.is_limit() {
            self.0.limit_reached(refused.code());
        }
    }
}

impl Drop for OpenSocket<'_> {
    fn drop(&mut self) {
        self.0.sockets.dec();
    }
}

impl ViewTelemetry {
    pub(crate) fn new(metrics: &Arc<Metrics>, tenant: &str, view: &str) -> Self {
        Self(metrics.view(tenant, view, EndCause::CODES))
    }

    /// An instance is about to be made for the view's element `id`, which is one of this server's.
    pub(crate) fn instance(self: &Arc<Self>, id: &str) -> InstanceTelemetry {
        self.0.instances.inc();
        let id = id.get(..SHORT_ID_CHARACTERS).unwrap_or(id);
        // Of the highest level, so that a filter which shows errors only still shows whose they are.
        let span = tracing::error_span!("view", tenant = self.0.tenant(), view = self.0.view(), id);
        InstanceTelemetry {
            view: self.clone(),
            span,
            told: AtomicU64::new(0),
            unknown_told: AtomicBool::new(false),
        }
    }

    fn noticed(&self, span: &Span, notices: Vec<Notice>) {
        for notice in notices {
            match notice {
                Notice::Near { bound, call, used, limit } => {
                    self.near_limit(span, near::limit(bound, call), call, used, limit);
                }
                Notice::LinesDropped { call, limit } => {
                    tracing::warn!(
                        parent: span, code = LOG_LINES, %call,
                        "the view logs more than {limit} lines in a second, which is the limit: the rest is dropped; log less"
                    );
                    self.0.limit_reached(LOG_LINES);
                }
            }
        }
    }

    fn near_limit(&self, span: &Span, limit: Limit, call: CallKind, used: u64, max: u64) {
        let (name, unit, advice) = (limit.name(), limit.unit(), near::advice(limit));
        tracing::warn!(
            parent: span, code = NEAR_LIMIT, limit = name, %call,
            "`{call}` came to {used} of {max} {unit}: {advice}, or ask for a higher `{name}`"
        );
        self.0.near_limit(name);
    }
}

impl InstanceTelemetry {
    /// What is logged about the instance belongs here.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn step(&self, step: Step, took: Duration) {
        self.metrics().step(step, took);
    }

    pub(crate) fn rendered(&self, kind: Kind, bytes: usize) {
        self.metrics().rendered(kind, bytes);
    }

    /// A join was answered with a tree; `is_again` if the page had been joined before.
    pub(crate) fn joined(&self, is_again: bool) {
        self.metrics().joined("ok");
        if is_again {
            self.metrics().rejoins.inc();
        }
    }

    /// A join that was let in has no view after all; the log has been told why.
    pub(crate) fn mount_failed(&self, outcome: &'static str) {
        self.metrics().joined(outcome);
    }

    /// What the runtime noticed in a view's calls.
    pub(crate) fn noticed(&self, notices: Vec<Notice>) {
        self.view.noticed(&self.span, notices);
    }

    /// What a document came to that was accepted.
    pub(crate) fn document(&self, used: Used, limits: &hothouse_diff::Limits) {
        for (limit, used, max) in near::of_document(used, limits) {
            let bit = 1 << (limit as u64);
            if self.told.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
                self.view.near_limit(&self.span, limit, CallKind::Render, used, max);
            }
        }
    }

    /// A guest call did not answer.
    pub(crate) fn call_failed(&self, error: &CallError) {
        match error {
            CallError::Refused(failure) => self.failure_declared(failure),
            CallError::Ended(cause) => self.ended(cause),
        }
    }

    /// A view broke.
    pub(crate) fn ended(&self, cause: &EndCause) {
        let code = cause.code();
        match cause.blame() {
            // Only what an operator must act on is an error.
            Blame::Host | Blame::Operator => {
                tracing::error!(parent: &self.span, code, %cause, "view ended");
            }
            Blame::Guest => tracing::warn!(parent: &self.span, code, %cause, "view ended"),
            Blame::Client => tracing::info!(parent: &self.span, code, %cause, "view ended"),
        }
        self.metrics().crashed(code);
        if cause.is_limit() {
            self.metrics().limit_reached(code);
        }
    }

    /// A guest declared a failure; the view lives on.
    pub(crate) fn failure_declared(&self, failure: &Failure) {
        let kind = kind_name(failure.kind);
        tracing::warn!(
            parent: &self.span, code = FAILURE_DECLARED, kind, message = %failure.message,
            "view declared a failure"
        );
        self.metrics().failure_declared(kind);
    }

    /// What a guest rendered, or asked to be sent along, was refused; the view lives on.
    pub(crate) fn document_refused(&self, fault: &impl Refused) {
        let code = fault.code();
        tracing::warn!(parent: &self.span, code, %fault, "document refused");
        self.metrics().document_refused(code);
        if fault.is_limit() {
            self.metrics().limit_reached(code);
        }
    }

    /// Writes of a callback were not committed; the view lives on.
    pub(crate) fn not_committed(&self, refused: &impl Refused) {
        let code = refused.code();
        tracing::info!(parent: &self.span, code, error = %refused, "writes not committed");
        self.metrics().not_committed(code);
        if refused.is_limit() {
            self.metrics().limit_reached(code);
        }
    }

    /// An event was for a live component that is not there; nothing was done. Said once for each instance.
    pub(crate) fn unknown_component(&self, cid: u32) {
        if self.unknown_told.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::info!(parent: &self.span, code = UNKNOWN_COMPONENT, cid, "event for a live component that is gone");
    }

    /// Messages for the view were dropped, because more waited than may. `is_first` for this instance: the log is told
    /// once.
    pub(crate) fn lagged(&self, is_first: bool) {
        if is_first {
            tracing::warn!(
                parent: &self.span, code = LAGGED, limit = MAX_WAITING,
                "view does not keep up with its topics: the oldest messages are dropped"
            );
        }
        self.metrics().limit_reached(LAGGED);
    }

    fn metrics(&self) -> &ViewMetrics {
        &self.view.0
    }
}

impl Drop for InstanceTelemetry {
    fn drop(&mut self) {
        self.metrics().instances.dec();
    }
}

/// The system has no random bytes to give.
pub(crate) fn no_randomness(error: &getrandom::Error) {
    tracing::error!(code = NO_RANDOMNESS, %error, "no random bytes");
}

/// A failure kind as the contract spells it.
pub(crate) fn kind_name(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NotFound => "not-found",
        FailureKind::Forbidden => "forbidden",
        FailureKind::BadInput => "bad-input",
        FailureKind::Unavailable => "unavailable",
        FailureKind::NotHere => "not-here",
        FailureKind::Limit => "limit",
        FailureKind::Internal => "internal",
    }
}

#[cfg(test)]
mod tests;
