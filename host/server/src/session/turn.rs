//! One turn of a view: a callback, its effects, a render, the diff.
//!
//! A guest that breaks ends the view ([`Crashed`]). A guest that refuses, or whose document is refused, does
//! not: the page is told, nothing of the refused answer is carried out, and the next render is asked for
//! everything.

use hothouse_diff::{Extras, Fault, Held, Limits, Scope, Templates, Update};
use hothouse_runtime::{
    CallError, Context, Document, Effect, Event, Failure, FailureKind, LeaveReason, RenderScope, View,
};

use crate::app::LiveView;
use crate::site::Site;
use crate::telemetry;

/// Name of the client event that tells the page of a failure (`client/page.js` shows it).
const FAILURE_EVENT: &str = "hothouse:failure";

/// A mounted view and what its browser holds.
pub(super) struct Live {
    view: View,
    name: Box<str>,
    templates: Templates,
    /// `None` after a document was refused: the browser's page is then replaced as a whole.
    held: Option<Held>,
    /// Whether the last render was accepted. If not, the guest is asked for everything.
    in_step: bool,
    limits: Limits,
}

/// The view ended; the cause is logged.
pub(super) struct Crashed;

impl Live {
    /// Mounts the view and renders it for the first time: `mount`, `handle-params`, `connected`, `render`.
    /// The string is the join's `rendered`. An error of `None` means that the first document was refused.
    pub(super) async fn mount(
        site: &Site,
        live_view: &LiveView,
        context: Context,
    ) -> Result<(Self, String), Option<CallError>> {
        let name: Box<str> = live_view.name.as_str().into();
        let log = |error: CallError| {
            telemetry::call_failed(&name, &error);
            Some(error)
        };
        let (uri, params) = (context.uri.clone(), context.params.clone());
        let (mut view, mut effects) =
            live_view.component.mount(&site.app.tenant, context.clone()).await.map_err(log)?;
        effects.extend(view.handle_params(&uri, &params).await.map_err(log)?);
        effects.extend(view.connected(context).await.map_err(log)?);
        let Document::Tree(tree) = view.render(RenderScope::Everything).await.map_err(log)?;
        let mut templates = Templates::new(live_view.interner.clone());
        let first = carry_out(effects).and_then(|extras| {
            let computed =
                hothouse_diff::compute(tree, &mut templates, None, Scope::Everything, &live_view.documents)?;
            Ok((extras, computed))
        });
        let (extras, (update, held)) = first.map_err(|fault| {
            telemetry::document_refused(&name, &fault);
            None
        })?;
        let mut rendered = String::new();
        update.encode_into(&extras, &mut rendered);
        let live = Self {
            view,
            name,
            templates,
            held: Some(held),
            in_step: true,
            limits: live_view.documents.clone(),
        };
        Ok((live, rendered))
    }

    /// Hands an event to the guest. The diff, if there is anything to tell the browser.
    pub(super) async fn handle_event(&mut self, event: Event) -> Result<Option<String>, Crashed> {
        let outcome = self.view.handle_event(event).await;
        self.finish(outcome).await
    }

    /// Tells the guest that it is over.
    pub(super) async fn terminate(self, reason: LeaveReason) {
        self.view.terminate(reason).await;
    }

    async fn finish(&mut self, outcome: Result<Vec<Effect>, CallError>) -> Result<Option<String>, Crashed> {
        let mut extras = match outcome {
            Ok(effects) => carry_out(effects).unwrap_or_else(|fault| self.refused(&fault)),
            Err(CallError::Refused(failure)) => self.failed(&failure),
            Err(ended @ CallError::Ended(_)) => return Err(self.crashed(&ended)),
        };
        let update = match self.render().await {
            Ok(update) => update,
            Err(NotRendered::Failed(failure)) => {
                extras = self.failed(&failure);
                Update::default()
            }
            Err(NotRendered::Refused(fault)) => {
                extras = self.refused(&fault);
                Update::default()
            }
            Err(NotRendered::Ended(ended)) => return Err(self.crashed(&ended)),
        };
        if update.is_empty() && extras.is_empty() {
            return Ok(None);
        }
        let mut diff = String::new();
        update.encode_into(&extras, &mut diff);
        Ok(Some(diff))
    }

    async fn render(&mut self) -> Result<Update, NotRendered> {
        let (asked, scope) = if self.in_step {
            (RenderScope::Changes, Scope::Changes)
        } else {
            (RenderScope::Everything, Scope::Everything)
        };
        self.in_step = false;
        let Document::Tree(tree) = self.view.render(asked).await.map_err(|error| match error {
            CallError::Refused(failure) => NotRendered::Failed(failure),
            ended @ CallError::Ended(_) => NotRendered::Ended(ended),
        })?;
        let held = self.held.take();
        let (update, held) = hothouse_diff::compute(tree, &mut self.templates, held, scope, &self.limits)
            .map_err(NotRendered::Refused)?;
        self.held = Some(held);
        self.in_step = true;
        Ok(update)
    }

    fn crashed(&self, ended: &CallError) -> Crashed {
        telemetry::call_failed(&self.name, ended);
        Crashed
    }

    /// The guest declared a failure: what it says is for the person at the page.
    fn failed(&self, failure: &Failure) -> Extras {
        telemetry::failure_declared(&self.name, failure);
        notice(failure.kind, &failure.message)
    }

    /// The host refused what the guest answered: the details are for the log.
    fn refused(&self, fault: &Fault) -> Extras {
        telemetry::document_refused(&self.name, fault);
        notice(FailureKind::Internal, "This did not work.")
    }
}

enum NotRendered {
    Failed(Failure),
    Refused(Fault),
    Ended(CallError),
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
    let payload = serde_json::json!({ "kind": telemetry::kind_name(kind), "message": message }).to_string();
    let mut extras = Extras::default();
    // The payload is an object that was written just now: it cannot be refused.
    let _ = extras.push_event(FAILURE_EVENT, &payload);
    extras
}
