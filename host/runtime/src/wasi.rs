//! The part of WASI 0.2 that a view may import: clocks, random bytes, output to the log, settings as environment.
//!
//! There are no files and no sockets, and in a view nothing to wait for: a task may sleep. A stock component of Rust, Python, JavaScript or Go starts
//! and runs; what it has no use for answers that it is closed or empty, and what would hold up the thread that runs
//! views ends the call. Names and shapes are those of WASI 0.2 (<https://github.com/WebAssembly/WASI>); any 0.2 version
//! is served, as the linker matches them.

use std::time::{Duration, Instant};

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, LinkerInstance, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};

use crate::error::EndCause;
use crate::instance::Killed;
use crate::state::{Call, State};

mod output;
mod streams;

pub(crate) use output::{Output, Stream};

/// Interfaces that are served, whatever their 0.2 version.
const SERVED: [&str; 18] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
];
/// Interfaces that may be imported and give nothing: there is no folder to open, so nothing of them can be reached.
const EMPTY: [&str; 2] = ["wasi:filesystem/preopens", FILES];
const FILES: &str = "wasi:filesystem/types";
/// Most random bytes of one call.
const MAX_RANDOM_BYTES: u64 = 64 * 1024;

/// Whether an import is of this set.
pub(crate) fn serves(import: &str) -> bool {
    import.split_once('@').is_some_and(|(interface, version)| {
        version.starts_with("0.2.") && (SERVED.contains(&interface) || EMPTY.contains(&interface))
    })
}

/// Something that a guest may wait for. Its number says all that there is to know about it: [`READY`], or how many
/// milliseconds after the beginning of the call it is.
pub(crate) struct Pollable;

const READY: u32 = 0;

impl Pollable {
    /// One that is ready when the guest's clock shows `at_ms`.
    fn at(at_ms: u64, call: &Call) -> Resource<Self> {
        let after_ms = at_ms.saturating_sub(call.began_ms());
        Resource::new_own(u32::try_from(after_ms).unwrap_or(u32::MAX).max(1))
    }

    /// When it is ready.
    pub(crate) fn ready_at(this: &Resource<Self>, call: &Call) -> Instant {
        call.began + Duration::from_millis(this.rep().into())
    }

    /// Whether it is ready by now, in a task, where time goes on.
    pub(crate) fn is_ready_in_task(this: &Resource<Self>, call: &Call) -> bool {
        this.rep() == READY || Self::ready_at(this, call) <= Instant::now()
    }
}

/// A terminal; there is none.
struct Terminal;

/// Defines what `component`, which imports these interfaces, may call. Types are compared when it is instantiated.
pub(crate) fn add_to_linker(
    linker: &mut Linker<State>,
    component: &Component,
    imports: &[String],
) -> Result<()> {
    let mut wasi = Wasi { linker, imports };
    wasi.clocks()?;
    wasi.random()?;
    wasi.poll()?;
    wasi.streams()?;
    wasi.cli()?;
    wasi.folders(component)
}

/// The name under which an interface is imported, or its own if it is not.
pub(crate) fn imported<'a>(imports: &'a [String], name: &'a str) -> &'a str {
    let is_it = |import: &&String| import.split_once('@').is_some_and(|(interface, _)| interface == name);
    imports.iter().find(is_it).map_or(name, String::as_str)
}

/// A folder; there is none.
struct Folder;

/// The definitions, under the versions by which a component imports them.
struct Wasi<'a> {
    linker: &'a mut Linker<State>,
    imports: &'a [String],
}

impl Wasi<'_> {
    /// An interface by the name under which it is imported, or under its own if it is not.
    fn interface(&mut self, name: &str) -> Result<LinkerInstance<'_, State>> {
        self.linker.instance(imported(self.imports, name))
    }

    fn clocks(&mut self) -> Result<()> {
        #[derive(Clone, Copy, wasmtime::component::ComponentType, wasmtime::component::Lower)]
        #[component(record)]
        struct Datetime {
            seconds: u64,
            nanoseconds: u32,
        }
        const MILLISECOND_NS: u64 = 1_000_000;
        let mut monotonic = self.interface("wasi:clocks/monotonic-clock")?;
        monotonic.func_wrap("now", |cx: StoreContextMut<'_, State>, (): ()| {
            Ok((cx.data().call.monotonic_ms() * MILLISECOND_NS,))
        })?;
        monotonic.func_wrap("resolution", |_: StoreContextMut<'_, State>, (): ()| Ok((MILLISECOND_NS,)))?;
        monotonic.func_wrap("subscribe-instant", |cx: StoreContextMut<'_, State>, (when,): (u64,)| {
            let call = &cx.data().call;
            let is_past = when <= call.monotonic_ms() * MILLISECOND_NS;
            Ok((if is_past {
                Resource::new_own(READY)
            } else {
                Pollable::at(when.div_ceil(MILLISECOND_NS), call)
            },))
        })?;
        // What the clock cannot tell from no time at all is over at once: runtimes give way with such sleeps.
        monotonic.func_wrap("subscribe-duration", |cx: StoreContextMut<'_, State>, (length,): (u64,)| {
            let call = &cx.data().call;
            let at_ms = call.monotonic_ms().saturating_add(length.div_ceil(MILLISECOND_NS));
            let is_over = length <= MILLISECOND_NS;
            Ok((if is_over { Resource::new_own(READY) } else { Pollable::at(at_ms, call) },))
        })?;
        let mut wall = self.interface("wasi:clocks/wall-clock")?;
        wall.func_wrap("now", |mut cx: StoreContextMut<'_, State>, (): ()| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole, and after 1970"
            )]
            let now_ms = cx.data_mut().call.now_ms() as u64;
            let nanoseconds = u32::try_from(now_ms % 1_000 * MILLISECOND_NS).unwrap_or(0);
            Ok((Datetime { seconds: now_ms / 1_000, nanoseconds },))
        })?;
        wall.func_wrap("resolution", |_: StoreContextMut<'_, State>, (): ()| {
            Ok((Datetime { seconds: 0, nanoseconds: 1_000_000 },))
        })
    }

    fn random(&mut self) -> Result<()> {
        fn bytes(length: u64) -> Result<Vec<u8>> {
            if length > MAX_RANDOM_BYTES {
                return Err(wasmtime::Error::msg(format!(
                    "asked for {length} random bytes at once, the limit is {MAX_RANDOM_BYTES}: ask in parts"
                )));
            }
            let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
            getrandom::fill(&mut bytes)
                .map_err(|error| wasmtime::Error::msg(format!("no random bytes: {error}")))?;
            Ok(bytes)
        }
        fn number() -> Result<u64> {
            getrandom::u64().map_err(|error| wasmtime::Error::msg(format!("no random bytes: {error}")))
        }
        // "Insecure" only means that it may be less random than it is.
        for (name, prefix) in
            [("wasi:random/random", "get-random"), ("wasi:random/insecure", "get-insecure-random")]
        {
            let mut random = self.interface(name)?;
            random.func_wrap(
                &format!("{prefix}-bytes"),
                |_: StoreContextMut<'_, State>, (length,): (u64,)| Ok((bytes(length)?,)),
            )?;
            random.func_wrap(&format!("{prefix}-u64"), |_: StoreContextMut<'_, State>, (): ()| {
                Ok((number()?,))
            })?;
        }
        self.interface("wasi:random/insecure-seed")?
            .func_wrap("insecure-seed", |_: StoreContextMut<'_, State>, (): ()| Ok(((number()?, number()?),)))
    }

    fn poll(&mut self) -> Result<()> {
        let mut poll = self.interface("wasi:io/poll")?;
        poll.resource("pollable", ResourceType::host::<Pollable>(), |_, _| Ok(()))?;
        poll.func_wrap(
            "[method]pollable.ready",
            |_: StoreContextMut<'_, State>, (this,): (Resource<Pollable>,)| Ok((this.rep() == READY,)),
        )?;
        poll.func_wrap(
            "[method]pollable.block",
            |cx: StoreContextMut<'_, State>, (this,): (Resource<Pollable>,)| {
                if this.rep() == READY { Ok(()) } else { Err(waits(&cx)) }
            },
        )?;
        poll.func_wrap("poll", |cx: StoreContextMut<'_, State>, (all,): (Vec<Resource<Pollable>>,)| {
            let ready: Vec<u32> = (0..)
                .zip(&all)
                .filter(|(_, pollable)| pollable.rep() == READY)
                .map(|(index, _)| index)
                .collect();
            if ready.is_empty() { Err(waits(&cx)) } else { Ok((ready,)) }
        })
    }

    fn cli(&mut self) -> Result<()> {
        let mut environment = self.interface("wasi:cli/environment")?;
        environment.func_wrap("get-environment", |cx: StoreContextMut<'_, State>, (): ()| {
            Ok((cx.data().settings().collect::<Vec<(String, String)>>(),))
        })?;
        environment.func_wrap("get-arguments", |_: StoreContextMut<'_, State>, (): ()| {
            Ok((Vec::<String>::new(),))
        })?;
        environment
            .func_wrap("initial-cwd", |_: StoreContextMut<'_, State>, (): ()| Ok((None::<String>,)))?;
        self.interface("wasi:cli/exit")?.func_wrap(
            "exit",
            |cx: StoreContextMut<'_, State>, (status,): (std::result::Result<(), ()>,)| -> Result<()> {
                Err(match status {
                    Ok(()) => wasmtime::Error::new(Killed(EndCause::Exits { call: cx.data().call.kind })),
                    // How a runtime such as Go's ends after a panic, or without memory: where others trap.
                    Err(()) => wasmtime::Error::msg("its runtime gave up (`exit` with a failure)"),
                })
            },
        )?;
        for (kind, getter) in [("input", "stdin"), ("output", "stdout"), ("output", "stderr")] {
            let name = format!("terminal-{kind}");
            if getter != "stderr" {
                self.interface(&format!("wasi:cli/{name}"))?.resource(
                    &name,
                    ResourceType::host::<Terminal>(),
                    |_, _| Ok(()),
                )?;
            }
            self.interface(&format!("wasi:cli/terminal-{getter}"))?
                .func_wrap(&format!("get-terminal-{getter}"), |_: StoreContextMut<'_, State>, (): ()| {
                    Ok((None::<Resource<Terminal>>,))
                })?;
        }
        Ok(())
    }

    /// No folder is ever opened, so nothing that takes one can be called; what is imported of it only has to be there.
    fn folders(&mut self, component: &Component) -> Result<()> {
        let engine = self.linker.engine().clone();
        let mut types = self.interface(FILES)?;
        for name in ["descriptor", "directory-entry-stream"] {
            types.resource(name, ResourceType::host::<Folder>(), |_, _| Ok(()))?;
        }
        let imported = component.component_type();
        for (_, item) in imported.imports(&engine).filter(|(name, _)| name.starts_with(FILES)) {
            let ComponentItem::ComponentInstance(interface) = item.ty else { continue };
            for (name, item) in interface.exports(&engine) {
                if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                    types.func_new(name, |_, _, _, _| Err(wasmtime::Error::msg("a view has no files")))?;
                }
            }
        }
        self.interface("wasi:filesystem/preopens")?
            .func_wrap("get-directories", |_: StoreContextMut<'_, State>, (): ()| {
                Ok((Vec::<(Resource<Folder>, String)>::new(),))
            })
    }
}

/// Ends the call: epochs do not interrupt a host function, so none may wait.
fn waits(cx: &StoreContextMut<'_, State>) -> wasmtime::Error {
    wasmtime::Error::new(Killed(EndCause::Waits { call: cx.data().call.kind }))
}

#[cfg(test)]
mod tests {
    use super::serves;

    #[test]
    fn the_set_is_named_and_every_0_2_version_of_it_is_served() {
        assert!(serves("wasi:io/streams@0.2.0") && serves("wasi:io/streams@0.2.12"));
        assert!(serves("wasi:filesystem/types@0.2.6"));
        for other in [
            "wasi:io/streams@0.3.0",
            "wasi:io/streams",
            "wasi:sockets/tcp@0.2.6",
            "wasi:http/types@0.2.6",
            "evil:io/streams@0.2.6",
        ] {
            assert!(!serves(other), "{other}");
        }
    }
}
