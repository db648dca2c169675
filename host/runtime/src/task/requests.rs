//! `http` in a task: as far as its component was granted it.

use std::time::Duration;

use hothouse_services::http::{Body, Head, MAX_READ_BYTES, Outbound, Request};
use hothouse_services::{Failure, FailureKind};
use wasmtime::component::Linker;
use wasmtime::{Result, StoreContextMut};

use super::imports::working;
use crate::contract::bindings::hothouse::live::{http, types};
use crate::contract::failure_to_wit;
use crate::state::State;

const HTTP: &str = "hothouse:live/http@0.1.0";
/// Bodies that a task may have open at once: part of the contract.
const MAX_OPEN: usize = 4;

type Store<'a> = StoreContextMut<'a, State>;
/// The bodies that a task reads, by number.
#[derive(Default)]
pub(crate) struct Bodies {
    open: Vec<(u32, Body)>,
    last: u32,
}

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    let mut http = linker.instance(HTTP)?;
    http.func_wrap_async("send", |mut cx: Store<'_>, (request,): (http::Request,)| {
        Box::new(async move { Ok((send(&mut cx, request).await?.map_err(failure_to_wit),)) })
    })?;
    http.func_wrap_async("open", |mut cx: Store<'_>, (request,): (http::Request,)| {
        Box::new(async move { Ok((open(&mut cx, request).await?.map_err(failure_to_wit),)) })
    })?;
    http.func_wrap_async("read", |mut cx: Store<'_>, (body, max_bytes): (u32, u32)| {
        Box::new(async move { Ok((read(&mut cx, body, max_bytes).await?.map_err(failure_to_wit),)) })
    })?;
    http.func_wrap("close", |mut cx: Store<'_>, (body,): (u32,)| {
        working(&mut cx)?.bodies.open.retain(|(number, _)| *number != body);
        Ok(())
    })
}

async fn send(
    cx: &mut Store<'_>,
    request: http::Request,
) -> Result<std::result::Result<http::Response, Failure>> {
    let outbound = match granted(cx) {
        Ok(outbound) => outbound,
        Err(failure) => return Ok(Err(failure)),
    };
    let answer = working(cx)?.wait(outbound.send(from_wit(request))).await?;
    cx.data_mut().call.goes_on();
    Ok(answer.flatten().map(|(Head { status, headers }, body)| http::Response {
        status,
        headers: pairs(headers),
        body,
    }))
}

async fn open(
    cx: &mut Store<'_>,
    request: http::Request,
) -> Result<std::result::Result<http::Head, Failure>> {
    let outbound = match granted(cx) {
        Ok(outbound) => outbound,
        Err(failure) => return Ok(Err(failure)),
    };
    let working = working(cx)?;
    if working.bodies.open.len() >= MAX_OPEN {
        let message = format!("a task has at most {MAX_OPEN} bodies open at once: close one");
        return Ok(Err(Failure::new(FailureKind::Limit, message)));
    }
    let answer = working.wait(outbound.open(from_wit(request))).await?.flatten();
    let answer = answer.map(|(Head { status, headers }, body)| {
        let bodies = &mut working.bodies;
        bodies.last = bodies.last.wrapping_add(1);
        bodies.open.push((bodies.last, body));
        http::Head { status, headers: pairs(headers), body: bodies.last }
    });
    cx.data_mut().call.goes_on();
    Ok(answer)
}

async fn read(
    cx: &mut Store<'_>,
    body: u32,
    max_bytes: u32,
) -> Result<std::result::Result<Vec<u8>, Failure>> {
    let working = working(cx)?;
    let Some(index) = working.bodies.open.iter().position(|(number, _)| *number == body) else {
        return Ok(Err(Failure::new(FailureKind::NotFound, "no body of this number is open")));
    };
    // Taken out while it is waited for: a read that fails closes it.
    let (_, mut open) = working.bodies.open.swap_remove(index);
    let max_bytes = usize::try_from(max_bytes).unwrap_or(MAX_READ_BYTES);
    let bytes = working.wait(open.read(max_bytes)).await?.flatten();
    if bytes.as_ref().is_ok_and(|bytes| !bytes.is_empty()) {
        working.bodies.open.push((body, open));
    }
    cx.data_mut().call.goes_on();
    Ok(bytes)
}

fn granted(cx: &Store<'_>) -> std::result::Result<Outbound, Failure> {
    cx.data().grants.http.clone().ok_or_else(|| {
        Failure::new(
            FailureKind::Forbidden,
            "requests were not granted: name origins under `http` of the component",
        )
    })
}

fn from_wit(request: http::Request) -> Request {
    let http::Request { method, url, headers, body, timeout_ms } = request;
    let headers = headers.into_iter().map(|types::Pair { name, value }| (name, value)).collect();
    let timeout = (timeout_ms > 0).then(|| Duration::from_millis(timeout_ms.into()));
    Request { method, url, headers, body, timeout }
}

fn pairs(pairs: Vec<(String, String)>) -> Vec<types::Pair> {
    pairs.into_iter().map(|(name, value)| types::Pair { name, value }).collect()
}
