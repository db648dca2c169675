//! One turn of a view: a callback, its effects, a render, the diff.
//!
//! A guest that breaks ends the view ([`Crashed`]). A guest that refuses, or whose document is refused, does
//! not: the page is told, nothing of the refused answer is carried out, and the next render is asked for
//! everything.

use std::time::Instant;

use hothouse_diff::{Extras, Fault, Held, Limits, Scope, Templates, Update};
use hothouse_runtime::{
    CallError, Context, Effect, EndCause, Event, Failure, FailureKind, LeaveReason, Message, RenderScope,
    View,
};

use super::effects::{EffectRefused, Topics};
use crate::app::LiveView;
use crate::places::Place;
use crate::site::Site;
use crate::telemetry::metrics::{Kind, Step};
use crate::telemetry::{InstanceTelemetry, Refused, kind_name};

/// Name of the client event that tells the page of a failure (`client/page.js` shows it).
const FAILURE_EVENT: &str = "hothouse:failure";

/// A mounted view and what its browser holds.
pub(super) struct Live {
    pub(super) view: View,
    pub(super) telemetry: InstanceTelemetry,
    pub(super) templates: Templates,
    /// After a document was refused no page is held: the browser's is then replaced as a whole.
    pub(super) held: Held,
    /// Given up after the view.
    _place: Place,
    /// Whether the last render was accepted. If not, the guest is asked for everything.
    in_step: bool,
    pub(super) limits: Limits,
    topics: Topics,
    /// Whether messages were dropped before.
    lagged: bool,
}

/// The view ended; the cause is logged.
pub(super) struct Crashed;

/// Why there is no view after a join that was let in; the log has been told.
pub(crate) enum MountError {
    /// The guest declared a failure.
    Refused(Failure),
    /// The guest broke.
    Crashed,
    /// The app's views have as much memory as they may together.
    NoMemory,
    /// The first document was refused.
    DocumentRefused,
}

impl MountError {
    /// A short name that stays the same, for metrics.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "mount-refused",
            Self::Crashed => "mount-crashed",
            Self::NoMemory => "mount-no-memory",
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
        place: Place,
    ) -> Result<(Self, String), MountError> {
        let is_again = context.joins > 0;
        let mounted = Self::first_render(site, live_view, context, &telemetry).await;
        match mounted {
            Ok((view, topics, templates, held, rendered)) => {
                telemetry.rendered(Kind::Full, rendered.len());
                telemetry.joined(is_again);
                let limits = live_view.documents.clone();
                let live = Self {
                    view,
                    telemetry,
                    templates,
                    held,
                    _place: place,
                    in_step: true,
                    limits,
                    topics,
                    lagged: false,
                };
                Ok((live, rendered))
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
                        match cause {
                            EndCause::TotalMemory { .. } => MountError::NoMemory,
                            _ => MountError::Crashed,
                        }
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
    ) -> Result<(View, Topics, Templates, Held, String), NotRendered> {
        let (mut view, effects) = live_view.mount(&site.app.tenant, context.clone(), telemetry).await?;
        let mut topics = Topics::new(site.app.pubsub.clone());
        let rendered =
            Self::render_mounted(live_view, context, telemetry, &mut view, &mut topics, effects).await;
        telemetry.noticed(view.notices());
        let (templates, held, rendered) = rendered?;
        Ok((view, topics, templates, held, rendered))
    }

    async fn render_mounted(
        live_view: &LiveView,
        context: Context,
        telemetry: &InstanceTelemetry,
        view: &mut View,
        topics: &mut Topics,
        effects: Vec<Effect>,
    ) -> Result<(Templates, Held, String), NotRendered> {
        let (uri, params) = (context.uri.clone(), context.params.clone());
        let limits = &live_view.documents;
        let mut extras = topics.carry_out(effects, limits.max_diff_bytes).await?;
        let handled = view.handle_params(&uri, &params).await;
        telemetry.step(Step::HandleParams, view.last_call());
        extras.append(topics.carry_out(handled?, limits.max_diff_bytes).await?);
        let connected = view.connected(context).await;
        telemetry.step(Step::Connected, view.last_call());
        extras.append(topics.carry_out(connected?, limits.max_diff_bytes).await?);
        let document = view.render(RenderScope::Everything).await;
        telemetry.step(Step::Render, view.last_call());
        let document = document?;
        let began = Instant::now();
        let mut templates = Templates::new(live_view.interner.clone());
        let mut held = Held::default();
        let update = hothouse_diff::compute(document, &mut templates, &mut held, Scope::Everything, limits)?;
        telemetry.document(update.used(), limits);
        let mut rendered = String::new();
        update.encode_into(&extras, &mut rendered);
        telemetry.step(Step::Diff, began.elapsed());
        Ok((templates, held, rendered))
    }

    /// Hands an event to the guest. The diff, if there is anything to tell the browser.
    pub(super) async fn handle_event(&mut self, event: Event) -> Result<Option<String>, Crashed> {
        if let Some(cid) = event.target.filter(|cid| !self.held.has_component(*cid)) {
            // It was removed while the event was on its way.
            self.telemetry.unknown_component(cid);
            return Ok(None);
        }
        let outcome = self.view.handle_event(event).await;
        self.telemetry.step(Step::HandleEvent, self.view.last_call());
        let mut extras = Extras::default();
        self.conclude(outcome, &mut extras).await?;
        self.show(extras).await
    }

    /// Waits until messages have arrived. Cancel-safe.
    pub(super) async fn messages_arrived(&self) {
        self.topics.arrived().await;
    }

    /// Hands all messages that have arrived to the guest, then renders once. The diff, if there is anything to tell.
    pub(super) async fn handle_messages(&mut self) -> Result<Option<String>, Crashed> {
        let mut extras = Extras::default();
        let mut messages = self.topics.take().peekable();
        if messages.peek().is_none() {
            return Ok(None);
        }
        for message in messages {
            if let Message::Lagged(_) = message {
                self.telemetry.lagged(!self.lagged);
                self.lagged = true;
            }
            let mut outcome = self.view.handle_info(message).await;
            self.telemetry.step(Step::HandleInfo, self.view.last_call());
            if let Ok(effects) = &mut outcome {
                // No event waits for it.
                effects.retain(|effect| !matches!(effect, Effect::Reply(_)));
            }
            self.conclude(outcome, &mut extras).await?;
        }
        self.show(extras).await
    }

    /// Tells the guest that it is over.
    pub(super) async fn terminate(mut self, reason: LeaveReason) {
        let cause = self.view.terminate(reason).await;
        self.telemetry.step(Step::Terminate, self.view.last_call());
        self.telemetry.noticed(self.view.notices());
        if let Some(cause) = cause {
            self.telemetry.ended(&cause);
        }
    }

    /// Carries out what a callback asked for. What is to travel with the diff goes into `extras`.
    pub(super) async fn conclude(
        &mut self,
        outcome: Result<Vec<Effect>, CallError>,
        extras: &mut Extras,
    ) -> Result<(), Crashed> {
        self.telemetry.noticed(self.view.notices());
        let room = self.limits.max_diff_bytes.saturating_sub(extras.bytes());
        let more = match outcome {
            Ok(effects) => {
                let carried_out = self.topics.carry_out(effects, room).await;
                carried_out.unwrap_or_else(|refused| self.refused(&refused))
            }
            Err(CallError::Refused(failure)) => self.failed(&failure),
            Err(CallError::Ended(cause)) => return Err(self.crashed(&cause)),
        };
        extras.append(more);
        Ok(())
    }

    /// Renders, and puts together what the browser is told, if anything.
    pub(super) async fn show(&mut self, mut extras: Extras) -> Result<Option<String>, Crashed> {
        let (update, began) = match self.render().await {
            Ok((update, began)) => {
                let surplus = self.held.remove_surplus(&self.limits);
                if !surplus.is_empty() {
                    Box::pin(self.tell_removed(&surplus, &mut extras)).await?;
                }
                (update, Some(began))
            }
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
        self.telemetry.noticed(self.view.notices());
        let document = document?;
        let began = Instant::now();
        let mut update =
            hothouse_diff::compute(document, &mut self.templates, &mut self.held, scope, &self.limits)?;
        if !update.missing().is_empty() {
            // In a box, as all that is rare: what waits here is part of each view's task.
            Box::pin(self.complete(&mut update)).await?;
        }
        self.telemetry.document(update.used(), &self.limits);
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
    fn refused(&self, refused: &impl Refused) -> Extras {
        self.telemetry.document_refused(refused);
        notice(FailureKind::Internal, "This did not work.")
    }
}

pub(super) enum NotRendered {
    Failed(Failure),
    Refused(EffectRefused),
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
        Self::Refused(fault.into())
    }
}

impl From<EffectRefused> for NotRendered {
    fn from(refused: EffectRefused) -> Self {
        Self::Refused(refused)
    }
}

fn notice(kind: FailureKind, message: &str) -> Extras {
    let payload = serde_json::json!({ "kind": kind_name(kind), "message": message }).to_string();
    let mut extras = Extras::default();
    // The payload is an object that was written just now: it cannot be refused.
    let _ = extras.push_event(FAILURE_EVENT, &payload);
    extras
}
