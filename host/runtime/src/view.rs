//! One instance of a view: its life cycle, call by call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hothouse_services::{Failure, FailureKind};
use tracing::Span;

use crate::contract::exports::Lifecycle;
use crate::contract::types::{
    Context, Document, Effect, Event, LeaveReason, Message, RenderScope, TaskOutcome,
};
use crate::contract::{
    context_to_wit, document_from_wit, effects_from_wit, event_to_wit, failure_from_wit, message_to_wit,
    reason_to_wit, scope_to_wit, task_result_to_wit,
};
use crate::error::{CallError, CallKind, EndCause};
use crate::instance::Instance;
use crate::limits::MAX_SNAPSHOT_BYTES;
use crate::notice::{Bound, Notice};
use crate::registry::Loaded;
use crate::task::Task;
use crate::tenant::Tenant;
use crate::writes::Writes;

const SEED_BYTES: usize = 32;

/// A mounted view. Calls are serial. After [`CallError::Ended`] its store is gone and every call says so.
///
/// Cancel-safety, of all calls: a call that has begun runs to its end, since nothing in it awaits; before that,
/// dropping the future leaves no trace.
pub struct View(Instance);

impl View {
    pub(crate) async fn mount(
        component: Arc<Loaded>,
        tenant: &Tenant,
        context: Context,
    ) -> Result<(Self, Vec<Effect>), CallError> {
        let instance = Instance::new(component, tenant, &context);
        let context = context_to_wit(context, tenant.name(), seed()?);
        Self::begin(instance, CallKind::Mount, |guest, store| guest.mount(store, &context)).await
    }

    pub(crate) async fn restore(
        component: Arc<Loaded>,
        tenant: &Tenant,
        snapshot: &[u8],
        context: Context,
    ) -> Result<(Self, Vec<Effect>), CallError> {
        check_snapshot(snapshot)?;
        let instance = Instance::new(component, tenant, &context);
        let context = context_to_wit(context, tenant.name(), seed()?);
        Self::begin(instance, CallKind::Restore, |guest, store| guest.restore(store, snapshot, &context))
            .await
    }

    async fn begin<F>(instance: Instance, call: CallKind, run: F) -> Result<(Self, Vec<Effect>), CallError>
    where
        F: FnOnce(&Lifecycle<'_>, &mut crate::instance::GuestStore) -> wasmtime::Result<(WitOutcome,)>,
    {
        let mut view = Self(instance);
        let effects = view.callback(call, run).await?;
        Ok((view, effects))
    }

    /// Calls `connected`.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn connected(&mut self, context: Context) -> Result<Vec<Effect>, CallError> {
        let context = context_to_wit(context, self.0.tenant().name(), seed()?);
        self.callback(CallKind::Connected, |guest, store| guest.connected(store, &context)).await
    }

    /// Calls `handle-params` with path and query, and their parameters.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn handle_params(
        &mut self,
        uri: &str,
        params: &[(String, String)],
    ) -> Result<Vec<Effect>, CallError> {
        self.callback(CallKind::HandleParams, |guest, store| guest.handle_params(store, uri, params)).await
    }

    /// Calls `handle-event`.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn handle_event(&mut self, event: Event) -> Result<Vec<Effect>, CallError> {
        let event = event_to_wit(event);
        self.callback(CallKind::HandleEvent, |guest, store| guest.handle_event(store, &event)).await
    }

    /// Calls `handle-info`.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn handle_info(&mut self, message: Message) -> Result<Vec<Effect>, CallError> {
        let message = message_to_wit(message);
        self.callback(CallKind::HandleInfo, |guest, store| guest.handle_info(store, &message)).await
    }

    /// Calls `handle-task` with the key that a task was started under, and how it ended.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn handle_task(&mut self, key: String, outcome: TaskOutcome) -> Result<Vec<Effect>, CallError> {
        let done = task_result_to_wit(key, outcome);
        self.callback(CallKind::HandleTask, |guest, store| guest.handle_task(store, &done)).await
    }

    /// Background work of this view: an instance of its own, for the same person, which runs beside the view once it is
    /// spawned.
    pub fn task(&self, name: String, input: Vec<u8>) -> Task {
        let instance = &self.0;
        Task {
            component: instance.component().clone(),
            tenant: instance.tenant().clone(),
            visit: instance.visit().clone(),
            name,
            input,
            span: Span::current(),
        }
    }

    /// Calls `components-removed`.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn components_removed(&mut self, cids: &[u32]) -> Result<Vec<Effect>, CallError> {
        self.callback(CallKind::ComponentsRemoved, |guest, store| guest.components_removed(store, cids)).await
    }

    /// Calls `render`.
    ///
    /// # Errors
    /// [`CallError`]; a document that needs what this host does not serve is refused.
    pub async fn render(&mut self, scope: RenderScope) -> Result<Document, CallError> {
        let scope = scope_to_wit(scope);
        self.0
            .call(CallKind::Render, |guest, store| guest.render(store, &scope))
            .await?
            .0
            .map_err(failure_from_wit)
            .and_then(document_from_wit)
            .map_err(CallError::Refused)
    }

    /// Calls `snapshot`: the view's state as bytes, for [`Component::restore`](crate::Component::restore); none if it is not
    /// to be kept.
    ///
    /// # Errors
    /// [`CallError`]; more than [`MAX_SNAPSHOT_BYTES`] are refused, and the view lives on.
    pub async fn snapshot(&mut self) -> Result<Option<Vec<u8>>, CallError> {
        let snapshot = self.0.call(CallKind::Snapshot, |guest, store| guest.snapshot(store)).await?.0;
        if let Some(snapshot) = &snapshot {
            check_snapshot(snapshot)?;
        }
        Ok(snapshot)
    }

    /// Calls `terminate` and lets the instance go; every later call answers that it is gone. What ended it, if it broke
    /// in this call; nothing can be done about it but to tell an operator.
    pub async fn terminate(&mut self, reason: LeaveReason) -> Option<EndCause> {
        let reason = reason_to_wit(reason);
        let outcome = self.0.call(CallKind::Terminate, |guest, store| guest.terminate(store, reason)).await;
        self.0.end();
        match outcome {
            Err(CallError::Ended(cause)) if !matches!(cause, EndCause::Gone { .. }) => Some(cause),
            _ => None,
        }
    }

    /// What has to be told of the calls since this was last asked, of a view that has ended as well: to be asked after
    /// each turn. A few are kept, then no more.
    pub fn notices(&mut self) -> Vec<Notice> {
        self.0.notices()
    }

    /// What the view has told of its page since this was last asked: names and values, each name once.
    pub fn take_metadata(&mut self) -> Vec<(String, String)> {
        self.0.take_metadata()
    }

    /// What the last callback has written to the key-value store, if it answered ok: to be committed before its effects are
    /// carried out. Dropped, or left here until the next call, it was never written.
    pub fn take_writes(&mut self) -> Option<Writes> {
        self.0.take_writes()
    }

    /// How long the last call took on the clock, whether it answered or not. A slow call's wait for its place among
    /// the slow ones does not count.
    pub fn last_call(&self) -> Duration {
        self.0.last_call()
    }

    async fn callback<F>(&mut self, call: CallKind, run: F) -> Result<Vec<Effect>, CallError>
    where
        F: FnOnce(&Lifecycle<'_>, &mut crate::instance::GuestStore) -> wasmtime::Result<(WitOutcome,)>,
    {
        let outcome = self.0.call(call, run).await?.0;
        let effects = outcome.map_err(failure_from_wit).and_then(effects_from_wit).map_err(|failure| {
            drop(self.0.take_writes());
            CallError::Refused(failure)
        })?;
        self.check_count(call, &effects)?;
        Ok(effects)
    }

    fn check_count(&mut self, call: CallKind, effects: &[Effect]) -> Result<(), CallError> {
        let limit = self.0.limits().max_effects;
        if effects.len() > limit {
            self.0.end();
            return Err(CallError::Ended(EndCause::Effects { call, found: effects.len(), limit }));
        }
        self.0.used(Bound::Effects, call, effects.len(), limit);
        Ok(())
    }
}

type WitOutcome = Result<
    crate::contract::bindings::hothouse::live::types::Outcome,
    crate::contract::bindings::hothouse::live::types::Failure,
>;

fn check_snapshot(snapshot: &[u8]) -> Result<(), CallError> {
    let length = snapshot.len();
    if length <= MAX_SNAPSHOT_BYTES {
        return Ok(());
    }
    Err(CallError::Refused(Failure::new(
        FailureKind::Limit,
        format!("the snapshot has {length} bytes, the limit is {MAX_SNAPSHOT_BYTES}: keep less of the state"),
    )))
}

fn seed() -> Result<Vec<u8>, CallError> {
    let mut seed = vec![0; SEED_BYTES];
    getrandom::fill(&mut seed).map_err(|error| {
        CallError::Ended(EndCause::Host {
            call: CallKind::Mount,
            reason: format!("no random bytes: {error}"),
        })
    })?;
    Ok(seed)
}

impl fmt::Debug for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("View").field("name", &self.0.name()).finish_non_exhaustive()
    }
}
