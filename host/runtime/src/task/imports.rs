//! What tasks may call beyond what views may: the functions that wait. Everything else is served as to a view.

use std::time::Duration;

use hothouse_services::{Failure, FailureKind};
use tokio::time::{sleep, sleep_until};
use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut};

use super::{MAX_REPORT_BYTES, Working, requests};
use crate::contract::bindings::hothouse::live::types;
use crate::contract::failure_to_wit;
use crate::state::State;
use crate::wasi::{self, Pollable};

const TASK_CONTROL: &str = "hothouse:live/task-control@0.1.0";

type Store<'a> = StoreContextMut<'a, State>;
type Answer<T> = std::result::Result<T, types::Failure>;

/// Puts them into the places of those that answer views.
pub(crate) fn add_to_linker(linker: &mut Linker<State>, imports: &[String]) -> Result<()> {
    linker.allow_shadowing(true);
    task_control(linker)?;
    requests::add_to_linker(linker)?;
    poll(linker, imports)
}

fn task_control(linker: &mut Linker<State>) -> Result<()> {
    let mut control = linker.instance(TASK_CONTROL)?;
    control.func_wrap_async("progress", |mut cx: Store<'_>, (data,): (Vec<u8>,)| {
        Box::new(async move {
            let bytes = data.len();
            if bytes > MAX_REPORT_BYTES {
                let message =
                    format!("a report has {bytes} bytes, the limit is {MAX_REPORT_BYTES}: report in parts");
                return Ok((Answer::Err(failure_to_wit(Failure::new(FailureKind::Limit, message))),));
            }
            let working = working(&mut cx)?;
            let reporter = working.reporter.clone();
            let told = working.wait(reporter.progress(data)).await?;
            cx.data_mut().call.goes_on();
            Ok((told.map_err(failure_to_wit),))
        })
    })?;
    control.func_wrap_async("sleep", |mut cx: Store<'_>, (ms,): (u32,)| {
        Box::new(async move {
            let slept = working(&mut cx)?.wait(sleep(Duration::from_millis(ms.into()))).await?;
            cx.data_mut().call.goes_on();
            Ok((slept.map_err(failure_to_wit),))
        })
    })?;
    control.func_wrap("is-cancelled", |mut cx: Store<'_>, (): ()| Ok((working(&mut cx)?.is_cancelled(),)))
}

/// Stock runtimes may sleep.
fn poll(linker: &mut Linker<State>, imports: &[String]) -> Result<()> {
    if !imports.iter().any(|import| wasi::serves(import)) {
        return Ok(());
    }
    let mut poll = linker.instance(wasi::imported(imports, "wasi:io/poll"))?;
    poll.func_wrap("[method]pollable.ready", |cx: Store<'_>, (this,): (Resource<Pollable>,)| {
        Ok((Pollable::is_ready_in_task(&this, &cx.data().call),))
    })?;
    poll.func_wrap_async("[method]pollable.block", |mut cx: Store<'_>, (this,): (Resource<Pollable>,)| {
        Box::new(async move { wait_for_first(&mut cx, std::slice::from_ref(&this)).await })
    })?;
    poll.func_wrap_async("poll", |mut cx: Store<'_>, (all,): (Vec<Resource<Pollable>>,)| {
        Box::new(async move {
            wait_for_first(&mut cx, &all).await?;
            let call = &cx.data().call;
            let ready: Vec<u32> = (0..)
                .zip(&all)
                .filter(|(_, pollable)| Pollable::is_ready_in_task(pollable, call))
                .map(|(index, _)| index)
                .collect();
            Ok((ready,))
        })
    })
}

async fn wait_for_first(cx: &mut Store<'_>, all: &[Resource<Pollable>]) -> Result<()> {
    let first = all.iter().map(|pollable| Pollable::ready_at(pollable, &cx.data().call)).min();
    let first = first.ok_or_else(|| wasmtime::Error::msg("`poll` was given nothing to wait for"))?;
    working(cx)?.wait_or_end(sleep_until(first.into())).await?;
    cx.data_mut().call.goes_on();
    Ok(())
}

/// What the task of a store has. Only tasks are linked with these functions.
pub(super) fn working<'a>(cx: &'a mut Store<'_>) -> Result<&'a mut Working> {
    cx.data_mut().working.as_deref_mut().ok_or_else(|| wasmtime::Error::msg("no task"))
}
