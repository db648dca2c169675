//! One turn of a view: a callback, its effects, a render, the diff.
//!
//! A guest that breaks ends the view ([`Crashed`]). A guest that refuses, or whose document is refused, does
//! not: the page is told, nothing of the refused answer is carried out, and the next render is asked for
//! everything.

use std::sync::Arc;
use std::time::Instant;

use hothouse_diff::{Extras, Held, Limits, Scope, Templates, Update};
use hothouse_runtime::{
    CallError, Context, Effect, EndCause, Event, Failure, FailureKind, LeaveReason, RenderScope, View,
};

use super::effects::{EffectRefused, without_reply};
use super::not_rendered::{Crashed, MountError, NotRendered, not_mounted, notice};
use super::surroundings::Surroundings;
use super::tasks::Tasks;
use crate::commit::commit;
use crate::local_address::LocalAddress;
use crate::navigation::{Course, Following, GoingRefused, MAX_FOLLOWING, Patch, Sent};
use crate::places::Place;
use crate::site::Site;
use crate::telemetry::metrics::{Kind, Step};
use crate::telemetry::{InstanceTelemetry, Refused};

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
    pub(super) surroundings: Surroundings,
    pub(super) tasks: Tasks,
    /// Whether messages were dropped before.
    pub(super) lagged: bool,
    /// Its flash and session, and where it sends its page.
    pub(super) course: Course,
    /// Addresses that it has changed to in this turn.
    patches: Vec<Patch>,
    /// Path and query of its page.
    pub(super) uri: String,
    pub(super) site: Arc<Site>,
    /// The browser session that it is for.
    pub(super) browser: String,
}

/// What a page is told after a turn.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Addresses that the view has changed to, in order.
    pub(super) patches: Vec<Patch>,
    /// What changed.
    pub(super) diff: Option<String>,
    /// Where the page goes: then the view ends.
    pub(super) sent: Option<Sent>,
}

/// A view that was mounted, or what it asked for instead.
pub(super) enum Mounted {
    /// It lives; what is told has the join's `rendered` as its diff.
    Live(Box<Live>, Told),
    /// It has sent its page away, and ended.
    Sent(Sent),
}

impl Live {
    /// Mounts the view and renders it for the first time: `mount`, `handle-params`, `connected`, `render`.
    pub(super) async fn mount(
        site: &Arc<Site>,
        course: Course,
        context: Context,
        browser: String,
        telemetry: InstanceTelemetry,
        place: Place,
    ) -> Result<Mounted, MountError> {
        let (is_again, live_view) = (context.joins > 0, course.target().view.clone());
        let (view, effects) = match live_view.mount(&site.app.tenant, context.clone(), &telemetry).await {
            Ok(mounted) => mounted,
            Err(error) => return Err(not_mounted(&telemetry, error.into())),
        };
        let mut live = Self {
            view,
            telemetry,
            templates: Templates::new(live_view.interner.clone()),
            held: Held::default(),
            _place: place,
            in_step: false,
            limits: live_view.documents.clone(),
            surroundings: Surroundings::new(site.app.pubsub.clone(), site.app.tracker.clone()),
            tasks: Tasks::default(),
            lagged: false,
            course,
            patches: Vec::new(),
            uri: context.uri.clone(),
            site: site.clone(),
            browser,
        };
        let rendered = live.first_render(context, effects).await;
        live.telemetry.noticed(live.view.notices());
        match rendered {
            Ok(Told { sent: Some(sent), .. }) => {
                live.terminate(LeaveReason::Navigated).await;
                Ok(Mounted::Sent(sent))
            }
            Ok(told) => {
                live.telemetry.rendered(Kind::Full, told.diff.as_ref().map_or(0, String::len));
                live.telemetry.joined(is_again);
                Ok(Mounted::Live(Box::new(live), told))
            }
            Err(error) => Err(not_mounted(&live.telemetry, error)),
        }
    }

    async fn first_render(&mut self, context: Context, effects: Vec<Effect>) -> Result<Told, NotRendered> {
        let mut extras = Extras::default();
        self.carry_out(effects, &mut extras).await?;
        self.follow(&mut extras).await?;
        // Whoever has changed the address in `mount` was told of the new one.
        if self.patches.is_empty() && !self.course.leaves() {
            let handled = self.view.handle_params(&context.uri, &context.params).await;
            self.telemetry.step(Step::HandleParams, self.view.last_call());
            self.carry_out(handled?, &mut extras).await?;
            self.follow(&mut extras).await?;
        }
        if !self.course.leaves() {
            let connected = self.view.connected(context).await;
            self.telemetry.step(Step::Connected, self.view.last_call());
            self.carry_out(connected?, &mut extras).await?;
            self.follow(&mut extras).await?;
        }
        let put = self.course.take_put();
        if self.course.leaves() {
            return Ok(self.told(None));
        }
        let (update, began) = self.render().await?;
        self.hand_out(put, &mut extras);
        let mut rendered = String::new();
        update.encode_into(&extras, &mut rendered);
        self.telemetry.step(Step::Diff, began.elapsed());
        Ok(self.told(Some(rendered)))
    }

    /// Changes the address to one that the client has asked for. None: another view answers it.
    pub(super) async fn patch(&mut self, url: &str) -> Result<Option<Told>, Crashed> {
        let Some(address) = LocalAddress::of_url(url) else { return Ok(None) };
        let Some(params) = self.course.own(&self.site.app, &address) else { return Ok(None) };
        self.course.clear_flash(None);
        address.uri().clone_into(&mut self.uri);
        let outcome = self.view.handle_params(address.uri(), &params).await;
        self.telemetry.step(Step::HandleParams, self.view.last_call());
        let mut extras = Extras::default();
        self.conclude(outcome, &mut extras).await?;
        self.show(extras).await.map(Some)
    }

    /// The client has closed a message of the flash, or all.
    pub(super) async fn clear_flash(&mut self, kind: Option<&str>) -> Result<Told, Crashed> {
        self.course.clear_flash(kind);
        let mut extras = Extras::default();
        self.conclude(Ok(Vec::new()), &mut extras).await?;
        self.show(extras).await
    }

    /// Hands an event to the guest. The diff, if there is anything to tell the browser.
    pub(super) async fn handle_event(&mut self, event: Event) -> Result<Told, Crashed> {
        if let Some(cid) = event.target.filter(|cid| !self.held.has_component(*cid)) {
            // It was removed while the event was on its way.
            self.telemetry.unknown_component(cid);
            return Ok(Told::default());
        }
        let outcome = self.view.handle_event(event).await;
        self.telemetry.step(Step::HandleEvent, self.view.last_call());
        let mut extras = Extras::default();
        self.conclude(outcome, &mut extras).await?;
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

    /// Carries out what a callback asked for, and what follows from it. What is to travel with the diff goes into
    /// `extras`; a failure or a refusal is told to the page.
    pub(super) async fn conclude(
        &mut self,
        outcome: Result<Vec<Effect>, CallError>,
        extras: &mut Extras,
    ) -> Result<(), Crashed> {
        self.telemetry.noticed(self.view.notices());
        let carried_out = match outcome {
            Ok(effects) => self.carry_out(effects, extras).await,
            Err(error) => Err(error.into()),
        };
        self.told_to_the_page(carried_out, extras)?;
        let followed = self.follow(extras).await;
        self.told_to_the_page(followed, extras)
    }

    fn told_to_the_page(&self, outcome: Result<(), NotRendered>, extras: &mut Extras) -> Result<(), Crashed> {
        match outcome {
            Ok(()) => {}
            Err(NotRendered::Failed(failure)) => extras.append(self.failed(&failure)),
            Err(NotRendered::Refused(refused)) => extras.append(self.refused(&refused)),
            Err(NotRendered::Ended(cause)) => return Err(self.crashed(&cause)),
        }
        Ok(())
    }

    /// Commits what the callback has written, and carries out its effects: all or none.
    async fn carry_out(&mut self, effects: Vec<Effect>, extras: &mut Extras) -> Result<(), NotRendered> {
        // Whatever is refused from here on, they are dropped with it.
        let writes = self.view.take_writes();
        self.course.permit(&effects).map_err(NotRendered::Failed)?;
        let room = self.limits.max_diff_bytes.saturating_sub(extras.bytes());
        let changed = self.course.check(&self.site.app, &effects)?;
        let (effects, of_tasks) = Tasks::split(effects);
        self.tasks.check(&of_tasks)?;
        let (travelling, deeds) = self.surroundings.permit(effects, self.templates.policy(), room)?;
        if let Some(writes) = writes
            && !Box::pin(commit(writes, &mut self.course, &self.telemetry))
                .await
                .map_err(NotRendered::Failed)?
        {
            return Ok(());
        }
        extras.append(travelling);
        self.surroundings.carry_out(deeds).await?;
        self.course.change(changed);
        self.tasks.carry_out(of_tasks, &self.view, &self.site, &self.telemetry);
        Ok(())
    }

    /// Tells the view where it has changed the address to, and of its flash, until there is nothing more to tell.
    async fn follow(&mut self, extras: &mut Extras) -> Result<(), NotRendered> {
        for _ in 0..=MAX_FOLLOWING {
            let Some(following) = self.course.next() else { return Ok(()) };
            let outcome = match following {
                Following::Patch(patch) => {
                    let outcome = self.view.handle_params(patch.to.uri(), &patch.params).await;
                    self.telemetry.step(Step::HandleParams, self.view.last_call());
                    patch.to.uri().clone_into(&mut self.uri);
                    self.patches.push(patch);
                    outcome
                }
                Following::Message(message) => {
                    let outcome = self.view.handle_info(message).await;
                    self.telemetry.step(Step::HandleInfo, self.view.last_call());
                    outcome
                }
            };
            self.telemetry.noticed(self.view.notices());
            self.carry_out(without_reply(outcome?), extras).await?;
        }
        self.course.stay();
        Err(EffectRefused::Going(GoingRefused::TooMany { limit: MAX_FOLLOWING }).into())
    }

    /// Renders, unless the page is sent away, and puts together what it is told.
    pub(super) async fn show(&mut self, mut extras: Extras) -> Result<Told, Crashed> {
        let put = self.course.take_put();
        let (update, began) = if self.course.leaves() {
            (Update::default(), None)
        } else {
            match self.render().await {
                Ok((update, began)) => {
                    let surplus = self.held.remove_surplus(&self.limits);
                    if !surplus.is_empty() {
                        Box::pin(self.tell_removed(&surplus, &mut extras)).await?;
                    }
                    self.hand_out(put, &mut extras);
                    (update, Some(began))
                }
                Err(error) => {
                    extras = Extras::default();
                    self.told_to_the_page(Err(error), &mut extras)?;
                    (Update::default(), None)
                }
            }
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
        Ok(self.told(diff))
    }

    /// The end of a turn.
    fn told(&mut self, diff: Option<String>) -> Told {
        let flash = self.course.flash.fresh_token(&self.site.keys, &self.browser);
        self.course.flash.settle();
        Told {
            patches: std::mem::take(&mut self.patches),
            diff,
            sent: Sent::from_going(self.course.going.take(), flash),
        }
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
