//! A store with one guest in it, and the one function through which every guest call goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Store, StoreContextMut, Trap, UpdateDeadline};

use crate::contract::exports::Lifecycle;
use crate::contract::types::Context;
use crate::engine::Shared;
use crate::error::{CallError, CallKind, EndCause};
use crate::limits::{Limits, MAX_HANDLES};
use crate::notice::{Bound, Notice};
use crate::registry::Loaded;
use crate::state::{Call, Finished, RefusedMemory, State, Visit};
use crate::tenant::Tenant;
use crate::writes::Writes;

pub(crate) type GuestStore = Store<State>;

/// Ticks before the callback looks at a call for the first time: between one and two milliseconds.
const FIRST_LOOK_TICKS: u64 = 2;

/// What an epoch callback does: decides whether a call goes on.
pub(crate) type Look = fn(StoreContextMut<'_, State>, &Loaded) -> wasmtime::Result<UpdateDeadline>;
/// CPU time that shows a call to be slow. A call that was looked at and has used less was kept waiting by a busy
/// machine, which is not its fault.
const SLOW_CPU: Duration = Duration::from_millis(3);
/// CPU time that a slow call may use while the slow lane has no place for it.
const PLACELESS_CPU: Duration = Duration::from_millis(20);

/// An instance, or what is left of it: the store is dropped with the first call that breaks.
pub(crate) struct Instance {
    component: Arc<Loaded>,
    tenant: Tenant,
    visit: Visit,
    /// Boxed: an instance's owner moves, and a store is 300 bytes of handles.
    running: Option<Running>,
    is_over: bool,
    /// How long the last call took.
    last_call: Duration,
    /// What the store that was dropped had to say.
    left: Vec<Notice>,
}

struct Running {
    store: GuestStore,
    guest: wasmtime::component::Instance,
}

/// The callback's verdict on a call, carried out of wasm as an error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Killed(pub(crate) EndCause);

impl Instance {
    /// Makes nothing yet: the store comes with the first call, so that start functions run within its budget.
    pub(crate) fn new(component: Arc<Loaded>, tenant: &Tenant, context: &Context) -> Self {
        let tenant = tenant.clone();
        let (last_call, left) = (Duration::ZERO, Vec::new());
        let visit = Visit::of(context);
        Self { component, tenant, visit, running: None, is_over: false, last_call, left }
    }

    pub(crate) fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    pub(crate) fn name(&self) -> &str {
        &self.component.name
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.component.limits
    }

    pub(crate) fn component(&self) -> &Arc<Loaded> {
        &self.component
    }

    pub(crate) fn visit(&self) -> &Visit {
        &self.visit
    }

    /// How long the last call took on the clock, from when it had its place.
    pub(crate) fn last_call(&self) -> Duration {
        self.last_call
    }

    /// What has to be told since this was last asked.
    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        match &mut self.running {
            Some(running) => running.store.data_mut().notices.take(),
            None => std::mem::take(&mut self.left),
        }
    }

    /// What the guest has told of its page since this was last asked.
    pub(crate) fn take_metadata(&mut self) -> Vec<(String, String)> {
        let running = self.running.as_mut();
        running.and_then(|running| running.store.data_mut().metadata.take()).unwrap_or_default()
    }

    /// What the last call has written and nobody has committed: to be dropped unless the call went well.
    pub(crate) fn take_writes(&mut self) -> Option<Writes> {
        self.running.as_mut()?.store.data_mut().take_writes()
    }

    /// Takes how much of a limit is used.
    pub(crate) fn used(&mut self, bound: Bound, call: CallKind, used: usize, limit: usize) {
        if let Some(running) = &mut self.running {
            running.store.data_mut().notices.used(bound, call, used as u64, limit as u64);
        }
    }

    /// Drops the store.
    pub(crate) fn end(&mut self) {
        if let Some(mut running) = self.running.take() {
            self.left = running.store.data_mut().notices.take();
        }
        self.is_over = true;
    }

    /// Calls the guest, making it first if this is the first call. The only way in.
    pub(crate) async fn call<R, F>(&mut self, kind: CallKind, run: F) -> Result<R, CallError>
    where
        F: FnOnce(&Lifecycle<'_>, &mut GuestStore) -> wasmtime::Result<R>,
    {
        if self.is_over {
            return Err(CallError::Ended(EndCause::Gone { call: kind }));
        }
        let component = self.component.clone();
        let shared = &component.shared;
        let suspect = component.suspicion.is_suspect(shared.now_ms());
        let mut call = Call::new(kind, component.limits.budget(kind));
        let outcome = if suspect || shared.is_crowding(&self.tenant) {
            call.slow = shared.slow_lane.enter(&self.tenant).await;
            call.began = Instant::now();
            tokio::task::block_in_place(|| self.call_now(call, run))
        } else {
            self.call_now(call, run)
        };
        outcome.map_err(|error| {
            let cause = self.cause(kind, &error);
            self.end();
            CallError::Ended(cause)
        })
    }

    /// Makes the instance, whose start functions run, and compares its exports with the contract. For loading: the
    /// outer error is what ended it, the inner one what does not match.
    pub(crate) fn try_out(mut self) -> Result<wasmtime::Result<()>, EndCause> {
        let component = self.component.clone();
        let call = Call::new(CallKind::Load, component.limits.budget(CallKind::Load));
        let outcome = self.call_now(call, |guest, store| Ok(component.exports.check(guest.instance, store)));
        outcome.map_err(|error| self.cause(CallKind::Load, &error))
    }

    /// The part that cannot be cancelled: nothing in it awaits.
    fn call_now<R, F>(&mut self, call: Call, run: F) -> wasmtime::Result<R>
    where
        F: FnOnce(&Lifecycle<'_>, &mut GuestStore) -> wasmtime::Result<R>,
    {
        let kind = call.kind;
        let component = self.component.clone();
        let run = |running: &mut Running| {
            let lifecycle = Lifecycle { instance: &running.guest, exports: &component.exports };
            run(&lifecycle, &mut running.store)
        };
        let result = match &mut self.running {
            Some(running) => {
                let state = running.store.data_mut();
                state.call = call;
                // What an earlier call was refused and lived with does not explain this one's end.
                state.memory.refused = None;
                // Nor is what nobody has committed part of it.
                state.writes = None;
                running.store.set_epoch_deadline(FIRST_LOOK_TICKS);
                run(running)
            }
            None => {
                let mut store = new_store(&self.component, &self.tenant, &self.visit, call, look);
                match self.component.pre.instantiate(&mut store) {
                    Ok(guest) => run(self.running.insert(Running { store, guest })),
                    Err(error) => {
                        let error = explained(error, &store);
                        store.data_mut().conclude();
                        let finished = store.data_mut().call.finish();
                        drop(store);
                        self.finish(kind, &finished);
                        return Err(error);
                    }
                }
            }
        };
        if let Some(running) = &mut self.running {
            let state = running.store.data_mut();
            state.conclude();
            let finished = state.call.finish();
            self.finish(kind, &finished);
        }
        result
    }

    /// Accounts for a call, and for whether it was quick.
    fn finish(&mut self, kind: CallKind, finished: &Finished) {
        let Finished { took, used, slow } = *finished;
        self.last_call = took;
        let shared = &self.component.shared;
        self.tenant.charge(used, shared.now_ms());
        if !slow {
            if self.component.suspicion.is_suspect(shared.now_ms()) {
                self.component.suspicion.was_quick();
            }
        } else {
            tracing::debug!(view = self.name(), call = %kind, ?used, "slow call");
        }
    }

    fn cause(&self, call: CallKind, error: &wasmtime::Error) -> EndCause {
        let state = self.running.as_ref().map(|running| running.store.data());
        end_cause(call, error, state, self.limits())
    }
}

/// Every store is made here: with limits, and with a deadline, by construction.
pub(crate) fn new_store(
    component: &Arc<Loaded>,
    tenant: &Tenant,
    visit: &Visit,
    call: Call,
    look: Look,
) -> GuestStore {
    let Loaded { name, limits, report, grants, shared, .. } = &**component;
    let profile = report.choice.profile;
    let mut state = State::new(
        tenant.clone(),
        name,
        limits,
        report.max_memory_bytes,
        profile.bounds(),
        grants.clone(),
        visit.clone(),
    );
    state.call = call;
    let mut store = Store::new(shared.engine(profile), state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(limits.max_copy_bytes);
    store.set_max_component_handles(MAX_HANDLES);
    store.set_epoch_deadline(FIRST_LOOK_TICKS);
    let component = Arc::downgrade(component);
    store.epoch_deadline_callback(move |store| match component.upgrade() {
        Some(component) => look(store, &component),
        None => Ok(UpdateDeadline::Interrupt),
    });
    store
}

/// What an error out of wasm means.
pub(crate) fn end_cause(
    call: CallKind,
    error: &wasmtime::Error,
    state: Option<&State>,
    limits: &Limits,
) -> EndCause {
    if let Some(Killed(cause)) = error.downcast_ref() {
        return cause.clone();
    }
    if let Some(cause) = state.and_then(|state| memory_cause(call, state)) {
        return cause;
    }
    match error.downcast_ref::<Trap>() {
        Some(trap) => EndCause::Trap { call, trap: trap.to_string() },
        None => {
            let reason = format!("{error:#}");
            if reason.contains("allocated for hostcalls has been exhausted") {
                return EndCause::Copy { call, limit: limits.max_copy_bytes };
            }
            EndCause::Trap { call, trap: reason }
        }
    }
}

fn memory_cause(call: CallKind, state: &State) -> Option<EndCause> {
    state.memory.refused.map(|RefusedMemory { wanted, limit, is_total }| {
        if is_total {
            EndCause::TotalMemory { call, wanted, limit }
        } else {
            EndCause::Memory { call, wanted, limit }
        }
    })
}

/// An instantiation that failed leaves no instance to ask: what its store knows goes into the error.
fn explained(error: wasmtime::Error, store: &GuestStore) -> wasmtime::Error {
    match memory_cause(store.data().call.kind, store.data()) {
        Some(cause) if error.downcast_ref::<Killed>().is_none() => wasmtime::Error::new(Killed(cause)),
        _ => error,
    }
}

/// The epoch callback: a call has run for at least one tick, or one more.
fn look(mut store: StoreContextMut<'_, State>, component: &Loaded) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    let shared = &component.shared;
    let (call, span) = (&mut state.call, &state.span);
    call.ticks = call.ticks.saturating_add(1);
    let (kind, budget) = (call.kind, call.budget);
    if call.ticks == 1 && call.slow.is_none() {
        step_aside(shared);
    }
    let used = call.cpu_at_tick();
    if used > SLOW_CPU {
        component.suspicion.mark(shared.now_ms());
        if call.slow.is_none() {
            match shared.slow_lane.try_enter(&state.tenant, kind) {
                Ok(place) => call.slow = Some(place),
                Err(cause) if used > PLACELESS_CPU => return Err(wasmtime::Error::new(Killed(cause))),
                Err(_) => {}
            }
        }
    }
    call.check(used).map_err(wasmtime::Error::new)?;
    if used > budget.warn_cpu && !call.warned {
        call.warned = true;
        tracing::warn!(
            parent: span, code = "slow-call",
            tenant = state.tenant.name(), view = %state.view, call = %kind, ?used, limit = ?budget.max_cpu,
            "call is slow: do less in one callback"
        );
    }
    state.notices.used(Bound::Cpu, kind, milliseconds(used), milliseconds(budget.max_cpu));
    if let Some(slow) = &mut call.slow {
        slow.take_turns();
    }
    Ok(UpdateDeadline::Continue(1))
}

pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Gives this worker's queue, timers and poller to another thread, and waits until that thread has been seen to run:
/// without the proof a busy core is taken back before the other has woken up.
fn step_aside(shared: &Shared) {
    tokio::task::block_in_place(|| {
        let Ok(handle) = tokio::runtime::Handle::try_current() else { return };
        let runs = Arc::new(AtomicBool::new(false));
        let (seen, waiting) = (runs.clone(), thread::current());
        handle.spawn(async move {
            seen.store(true, Ordering::Release);
            waiting.unpark();
        });
        let began = Instant::now();
        while !runs.load(Ordering::Acquire) && began.elapsed() < shared.settings.hand_over_limit {
            thread::park_timeout(Duration::from_millis(1));
        }
    });
}
