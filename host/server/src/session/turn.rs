//! One turn of a view: a callback, its effects, a render, the diff.
//!
//! A guest that breaks ends the view ([`Crashed`]). A guest that refuses, or whose document is refused, does
//! not: the page is told, nothing of the refused answer is carried out, and the next render is asked for
//! everything.

use std::time::Instant;

use hothouse_diff::{Extras, Fault, Held, Limits, Scope, Templates, Update};
use hothouse_runtime::{
    CallError, Context, Effect, EndCause, Event, Failure, FailureKind, LeaveReason, RenderScope, View,
};

use crate::app::LiveView;
use crate::site::Site;
use crate::telemetry::metrics::{Kind, Step};
use crate::telemetry::{InstanceTelemetry, kind_name};

/// Name of the client event that tells the page of a failure (`client/page.js` shows it).
const FAILURE_EVENT: &str = "hothouse:failure";

/// A mounted view and what its browser holds.
pub(super) struct Live {
    view: View,
    telemetry: InstanceTelemetry,
    templates: Templates,
    /// `None` after a document was refused: the browser's page is then replaced as a whole.
    held: Option<Held>,
    /// Whether the last render was accepted. If not, the guest is asked for everything.
    in_step: bool,
    limits: Limits,
}

/// The view ended; the cause is logged.
pub(super) struct Crashed;

/// Why there is no view after a join that was let in; the log has been told.
pub(crate) enum MountError {
    /// The guest declared a failure.
    Refused(Failure),
    /// The guest broke.
    Crashed,
    /// The first document was refused.
    DocumentRefused,
}

impl MountError {
    /// A short name that stays the same, for metrics.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "mount-refused",
            Self::Crashed => "mount-crashed",
            Self::DocumentRefused => "mount-document-refused",
        }
    }
}

impl Live {
    /// Mounts the view and renders it for the first time: `mount`, `handle-params`, `connected`, `render`.
    /// The string is the join's `rendered`.
    pub(super) async fn mount(
        site: &Site,
        live_view: &LiveView,
        context: Context,
        telemetry: InstanceTelemetry,
    ) -> Result<(Self, String), MountError> {
        let is_again = context.joins > 0;
        let mounted = Self::first_render(site, live_view, context, &telemetry).await;
        match mounted {
            Ok((view, templates, held, rendered)) => {
                telemetry.rendered(Kind::Full, rendered.len());
                telemetry.joined(is_again);
                let (held, limits) = (Some(held), live_view.documents.clone());
                Ok((Self { view, telemetry, templates, held, in_step: true, limits }, rendered))
            }
            Err(error) => {
                let error = match error {
                    NotRendered::Failed(failure) => {
                        telemetry.failure_declared(&failure);
                        MountError::Refused(failure)
                    }
                    NotRendered::Refused(fault) => {
                        telemetry.document_refused(&fault);
                        MountError::DocumentRefused
                    }
                    NotRendered::Ended(cause) => {
                        telemetry.ended(&cause);
                        MountError::Crashed
                    }
                };
                telemetry.mount_failed(error.code());
                Err(error)
            }
        }
    }

    async fn first_render(
        site: &Site,
        live_view: &LiveView,
        context: Context,
        telemetry: &InstanceTelemetry,
    ) -> Result<(View, Templates, Held, String), NotRendered> {
        let (uri, params) = (context.uri.clone(), context.params.clone());
        let (mut view, mut effects) = live_view.mount(&site.app.tenant, context.clone(), telemetry).await?;
        let handled = view.handle_params(&uri, &params).await;
        telemetry.step(Step::HandleParams, view.last_call());
        effects.extend(handled?);
        effects.extend(view.connected(context).await?);
        let document = view.render(RenderScope::Everything).await;
        telemetry.step(Step::Render, view.last_call());
        let document = document?;
        let began = Instant::now();
        let mut templates = Templates::new(live_view.interner.clone());
        let extras = carry_out(effects)?;
        let (update, held) =
            hothouse_diff::compute(document, &mut templates, None, Scope::Everything, &live_view.documents)?;
        let mut rendered = String::new();
        update.encode_into(&extras, &mut rendered);
        telemetry.step(Step::Diff, began.elapsed());
        Ok((view, templates, held, rendered))
    }

    /// Hands an event to the guest. The diff, if there is anything to tell the browser.
    pub(super) async fn handle_event(&mut self, event: Event) -> Result<Option<String>, Crashed> {
        let outcome = self.view.handle_event(event).await;
        self.telemetry.step(Step::HandleEvent, self.view.last_call());
        self.finish(outcome).await
    }

    /// Tells the guest that it is over.
    pub(super) async fn terminate(self, reason: LeaveReason) {
        if let Some(cause) = self.view.terminate(reason).await {
            self.telemetry.ended(&cause);
        }
    }

    async fn finish(&mut self, outcome: Result<Vec<Effect>, CallError>) -> Result<Option<String>, Crashed> {
        let mut extras = match outcome {
            Ok(effects) => carry_out(effects).unwrap_or_else(|fault| self.refused(&fault)),
            Err(CallError::Refused(failure)) => self.failed(&failure),
            Err(CallError::Ended(cause)) => return Err(self.crashed(&cause)),
        };
        let (update, began) = match self.render().await {
            Ok((update, began)) => (update, Some(began)),
            Err(NotRendered::Failed(failure)) => {
                extras = self.failed(&failure);
                (Update::default(), None)
            }
            Err(NotRendered::Refused(fault)) => {
                extras = self.refused(&fault);
                (Update::default(), None)
            }
            Err(NotRendered::Ended(cause)) => return Err(self.crashed(&cause)),
        };
        let diff = (!update.is_empty() || !extras.is_empty()).then(|| {
            let mut diff = String::new();
            update.encode_into(&extras, &mut diff);
            self.telemetry.rendered(if update.is_full() { Kind::Full } else { Kind::Diff }, diff.len());
            diff
        });
        if let Some(began) = began {
            self.telemetry.step(Step::Diff, began.elapsed());
        }
        Ok(diff)
    }

    /// What changed, and when the render was done.
    async fn render(&mut self) -> Result<(Update, Instant), NotRendered> {
        let (asked, scope) = if self.in_step {
            (RenderScope::Changes, Scope::Changes)
        } else {
            (RenderScope::Everything, Scope::Everything)
        };
        self.in_step = false;
        let document = self.view.render(asked).await;
        self.telemetry.step(Step::Render, self.view.last_call());
        let document = document?;
        let began = Instant::now();
        let held = self.held.take();
        let (update, held) =
            hothouse_diff::compute(document, &mut self.templates, held, scope, &self.limits)?;
        self.held = Some(held);
        self.in_step = true;
        Ok((update, began))
    }

    fn crashed(&self, cause: &EndCause) -> Crashed {
        self.telemetry.ended(cause);
        Crashed
    }

    /// The guest declared a failure: what it says is for the person at the page.
    fn failed(&self, failure: &Failure) -> Extras {
        self.telemetry.failure_declared(failure);
        notice(failure.kind, &failure.message)
    }

    /// The host refused what the guest answered: the details are for the log.
    fn refused(&self, fault: &Fault) -> Extras {
        self.telemetry.document_refused(fault);
        notice(FailureKind::Internal, "This did not work.")
    }
}

enum NotRendered {
    Failed(Failure),
    Refused(Fault),
    Ended(EndCause),
}

impl From<CallError> for NotRendered {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(failure) => Self::Failed(failure),
            CallError::Ended(cause) => Self::Ended(cause),
        }
    }
}

impl From<Fault> for NotRendered {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
}

/// Turns effects into what travels with the next diff.
fn carry_out(effects: Vec<Effect>) -> Result<Extras, Fault> {
    let mut extras = Extras::default();
    for effect in effects {
        match effect {
            Effect::Title(title) => extras.set_title(&title),
            Effect::Reply(json) => extras.set_reply(&json)?,
            Effect::PushEvent { name, payload } => extras.push_event(&name, &payload)?,
        }
    }
    Ok(extras)
}

fn notice(kind: FailureKind, message: &str) -> Extras {
    let payload = serde_json::json!({ "kind": kind_name(kind), "message": message }).to_string();
    let mut extras = Extras::default();
    // The payload is an object that was written just now: it cannot be refused.
    let _ = extras.push_event(FAILURE_EVENT, &payload);
    extras
}
