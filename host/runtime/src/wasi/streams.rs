//! `wasi:io/streams` and the standard streams: input is closed, output goes to the view's bounded log.

use wasmtime::component::{ComponentType, Lower, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};

use super::output::Stream;
use super::{Pollable, READY, Wasi};
use crate::state::State;

/// Bytes that a stream offers to take at once.
const WRITE_BYTES: u64 = 4 * 1024;
/// What a stream of zeroes may hold: nobody logs more.
const MAX_ZEROES: u64 = WRITE_BYTES;

struct InputStream;
struct OutputStream;
struct IoError;

#[derive(ComponentType, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    #[expect(dead_code, reason = "a case of the type that cannot happen here")]
    LastOperationFailed(Resource<IoError>),
    #[component(name = "closed")]
    Closed,
}

type Answer<T> = std::result::Result<T, StreamError>;
type Output = Resource<OutputStream>;
type Input = Resource<InputStream>;
type Store<'a> = StoreContextMut<'a, State>;

impl Wasi<'_> {
    pub(super) fn streams(&mut self) -> Result<()> {
        let mut error = self.interface("wasi:io/error")?;
        error.resource("error", ResourceType::host::<IoError>(), |_, _| Ok(()))?;
        error
            .func_wrap("[method]error.to-debug-string", |_: Store<'_>, (_this,): (Resource<IoError>,)| {
                Ok((String::new(),))
            })?;
        let mut streams = self.interface("wasi:io/streams")?;
        streams.resource("input-stream", ResourceType::host::<InputStream>(), |_, _| Ok(()))?;
        streams.resource("output-stream", ResourceType::host::<OutputStream>(), |_, _| Ok(()))?;
        for name in ["read", "blocking-read"] {
            streams.func_wrap(
                &format!("[method]input-stream.{name}"),
                |_: Store<'_>, (_this, _length): (Input, u64)| {
                    Ok((Answer::<Vec<u8>>::Err(StreamError::Closed),))
                },
            )?;
        }
        for name in ["skip", "blocking-skip"] {
            streams.func_wrap(
                &format!("[method]input-stream.{name}"),
                |_: Store<'_>, (_this, _length): (Input, u64)| Ok((Answer::<u64>::Err(StreamError::Closed),)),
            )?;
        }
        streams.func_wrap("[method]input-stream.subscribe", |_: Store<'_>, (_this,): (Input,)| {
            Ok((Resource::<Pollable>::new_own(READY),))
        })?;
        streams.func_wrap("[method]output-stream.subscribe", |_: Store<'_>, (_this,): (Output,)| {
            Ok((Resource::<Pollable>::new_own(READY),))
        })?;
        streams.func_wrap("[method]output-stream.check-write", |_: Store<'_>, (_this,): (Output,)| {
            Ok((Answer::Ok(WRITE_BYTES),))
        })?;
        // Writing never has to wait: what is too much is dropped. So the blocking forms are the same.
        for name in ["write", "blocking-write-and-flush"] {
            streams.func_wrap(
                &format!("[method]output-stream.{name}"),
                |mut cx: Store<'_>, (this, bytes): (Output, Vec<u8>)| {
                    write(&mut cx, &this, &bytes);
                    Ok((Answer::Ok(()),))
                },
            )?;
        }
        for name in ["write-zeroes", "blocking-write-zeroes-and-flush"] {
            streams.func_wrap(
                &format!("[method]output-stream.{name}"),
                |mut cx: Store<'_>, (this, length): (Output, u64)| {
                    let length = usize::try_from(length.min(MAX_ZEROES)).unwrap_or_default();
                    write(&mut cx, &this, &vec![0; length]);
                    Ok((Answer::Ok(()),))
                },
            )?;
        }
        for name in ["flush", "blocking-flush"] {
            streams.func_wrap(
                &format!("[method]output-stream.{name}"),
                |_: Store<'_>, (_this,): (Output,)| Ok((Answer::Ok(()),)),
            )?;
        }
        for name in ["splice", "blocking-splice"] {
            streams.func_wrap(
                &format!("[method]output-stream.{name}"),
                |_: Store<'_>, (_this, _from, _length): (Output, Input, u64)| {
                    Ok((Answer::<u64>::Err(StreamError::Closed),))
                },
            )?;
        }
        self.interface("wasi:cli/stdin")?
            .func_wrap("get-stdin", |_: Store<'_>, (): ()| Ok((Input::new_own(0),)))?;
        for (name, stream) in [("stdout", Stream::Out), ("stderr", Stream::Err)] {
            self.interface(&format!("wasi:cli/{name}"))?
                .func_wrap(&format!("get-{name}"), move |_: Store<'_>, (): ()| {
                    Ok((Output::new_own(stream as u32),))
                })?;
        }
        Ok(())
    }
}

fn write(cx: &mut Store<'_>, this: &Output, bytes: &[u8]) {
    let stream = if this.rep() == Stream::Err as u32 { Stream::Err } else { Stream::Out };
    cx.data_mut().write(stream, bytes);
}
