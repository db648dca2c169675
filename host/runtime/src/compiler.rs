//! Compiling, in a process of its own.
//!
//! What is compiled is hostile: a file of 0.3 MB can make the compiler ask for 26 GB of memory, and the compiler cannot
//! be interrupted. So it runs in a child with a bound on its address space and on its time. The child reads a component
//! on its standard input and writes machine code to the file that it was given; it knows nothing else and opens
//! nothing else.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, Signal, nice, set_parent_process_death_signal, setrlimit};
use wasmtime::Engine;

use crate::profile::Profile;

/// First argument of a child.
const CHILD: &str = "__hothouse-compile";
/// What is read of what a child says.
const MAX_REASON_BYTES: u64 = 1_000;
/// How often a parent looks whether its child is done.
const POLL: Duration = Duration::from_millis(2);
/// How far a child steps back behind those that serve.
const NICENESS: i32 = 10;
/// What a child says that has no memory left: Rust's allocation, the compiler's own, and the system.
const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "out of memory", "Cannot allocate memory"];

/// Where components are compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiler {
    /// In a child of a program that calls [`run_as_compiler`] first thing; within limits.
    Child {
        /// The program: [`Compiler::this_program`], or another that has the same version of this library.
        program: PathBuf,
        /// What a child may use.
        limits: CompileLimits,
    },
    /// In this process, without limits: for components that are trusted not to be made to harm a compiler.
    InProcess,
}

/// What compiling one component may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileLimits {
    /// Time on the wall, and of the processor for each thread.
    pub max_time: Duration,
    /// Address space of the child, in bytes.
    pub max_memory_bytes: u64,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self { max_time: Duration::from_secs(60), max_memory_bytes: 2 * 1024 * 1024 * 1024 }
    }
}

/// Why there is no machine code.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The compiler refuses the component.
    #[error("{0}")]
    Refused(String),
    /// It took too long.
    #[error("compiling took longer than {limit:?}, which is the limit: split the view's largest functions")]
    Time {
        /// The limit.
        limit: Duration,
    },
    /// It took too much memory.
    #[error(
        "compiling took more than {limit} bytes of memory, which is the limit: split the view's largest functions"
    )]
    Memory {
        /// The limit.
        limit: u64,
    },
    /// The compiler died of something else.
    #[error("the compiler died ({status}): {said}")]
    Died {
        /// How.
        status: ExitStatus,
        /// What it said last.
        said: String,
    },
    /// The compiler cannot be started or given its files.
    #[error("the compiler `{}` cannot be run: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The program of the children does not call [`run_as_compiler`].
    #[error(
        "the program that was started to compile did something else: call `run_as_compiler` first in its `main`"
    )]
    NotACompiler,
}

impl Compiler {
    /// A child of the program that runs: it must call [`run_as_compiler`] first in its `main`.
    pub fn this_program() -> Self {
        // Not its path: the file there may have been replaced since.
        Self::Child { program: PathBuf::from("/proc/self/exe"), limits: CompileLimits::default() }
    }

    /// Compiles for `profile` into `output`, a new file.
    pub(crate) fn compile(
        &self,
        engine: &Engine,
        profile: Profile,
        bytes: &[u8],
        output: &Path,
    ) -> Result<(), CompileError> {
        match self {
            Self::InProcess => {
                let started = |source| CompileError::Start { program: PathBuf::from("(in process)"), source };
                let code = machine_code(engine, bytes).map_err(refused)?;
                write_synced(output, &code).map_err(started)
            }
            Self::Child { program, limits } => {
                // A program that is not one of ours must not start children without end.
                if std::env::args_os().nth(1).as_deref() == Some(OsStr::new(CHILD)) {
                    return Err(CompileError::NotACompiler);
                }
                compile_in_child(program, *limits, profile, bytes, output)
            }
        }
    }
}

/// What a component is compiled to: its core modules are merged first, for instances that are made faster and take less.
fn machine_code(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Vec<u8>> {
    match hothouse_merge::merge(bytes) {
        // What is wrong with a component is told of what its author has.
        Ok(merged) => engine.precompile_component(&merged).or_else(|_| engine.precompile_component(bytes)),
        Err(_) => engine.precompile_component(bytes),
    }
}

fn refused(error: wasmtime::Error) -> CompileError {
    let mut reason = format!("{error:#}");
    reason.truncate(reason.floor_char_boundary(MAX_REASON_BYTES as usize));
    CompileError::Refused(reason)
}

fn write_synced(output: &Path, code: &[u8]) -> std::io::Result<()> {
    let mut file = File::create_new(output)?;
    file.write_all(code)?;
    file.sync_all()
}

fn compile_in_child(
    program: &Path,
    limits: CompileLimits,
    profile: Profile,
    bytes: &[u8],
    output: &Path,
) -> Result<(), CompileError> {
    let failed = |source| CompileError::Start { program: program.to_owned(), source };
    // Files without names rather than pipes: nobody has to read while the other writes.
    let folder = output.parent().unwrap_or(Path::new("."));
    let (mut component, mut said) = (unnamed(folder).map_err(failed)?, unnamed(folder).map_err(failed)?);
    component.write_all(bytes).and_then(|()| component.rewind()).map_err(failed)?;
    let child = Command::new(program)
        .arg(CHILD)
        .arg(profile.to_string())
        .arg(limits.max_memory_bytes.to_string())
        .arg(limits.max_time.as_secs().max(1).to_string())
        .arg(output)
        .env_clear()
        // Each thread of the compiler reserves address space, whatever the machine has.
        .env("RAYON_NUM_THREADS", "4")
        .env("MALLOC_ARENA_MAX", "2")
        .env("MIMALLOC_ARENA_RESERVE", "0")
        .current_dir("/")
        .stdin(component)
        .stdout(Stdio::null())
        .stderr(said.try_clone().map_err(failed)?)
        .spawn()
        .map_err(failed)?;
    let status = wait(child, limits.max_time).map_err(failed)?;
    let Some(status) = status else { return Err(CompileError::Time { limit: limits.max_time }) };
    if status.success() {
        return if output.is_file() { Ok(()) } else { Err(CompileError::NotACompiler) };
    }
    let mut text = Vec::new();
    said.rewind().and_then(|()| (&said).take(MAX_REASON_BYTES).read_to_end(&mut text)).map_err(failed)?;
    let said = String::from_utf8_lossy(&text).trim().to_owned();
    if status.code() == Some(REFUSED) {
        return Err(CompileError::Refused(said));
    }
    if OUT_OF_MEMORY.iter().any(|words| said.contains(words)) {
        return Err(CompileError::Memory { limit: limits.max_memory_bytes });
    }
    if status.signal() == Some(Signal::XCPU.as_raw()) || status.signal() == Some(Signal::KILL.as_raw()) {
        return Err(CompileError::Time { limit: limits.max_time });
    }
    Err(CompileError::Died { status, said })
}

fn unnamed(folder: &Path) -> std::io::Result<File> {
    tempfile::tempfile_in(folder)
}

/// Waits for the child's end; kills it at the limit and then answers `None`.
fn wait(mut child: Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if began.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// Exit code of a child whose compiler refuses the component.
const REFUSED: i32 = 3;

/// To be called first in `main` by every program that loads components: if it was started to compile one, it does that
/// and this is its exit code.
///
/// Starts no thread and reads nothing before it knows.
pub fn run_as_compiler() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(CHILD)) {
        return None;
    }
    let arguments: Vec<_> = arguments.collect();
    Some(match compile_standard_input(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // Nobody is left to be told when this fails.
            let _ = writeln!(std::io::stderr(), "{reason}");
            ExitCode::from(u8::try_from(REFUSED).unwrap_or(1))
        }
    })
}

fn compile_standard_input(arguments: &[std::ffi::OsString]) -> Result<(), String> {
    let [profile, memory, seconds, output] = arguments else {
        return Err("arguments: profile, bytes of memory, seconds, output".to_owned());
    };
    let number =
        |text: &OsStr| text.to_str().and_then(|text| text.parse::<u64>().ok()).ok_or("a number is none");
    let (memory, seconds) = (number(memory)?, number(seconds)?);
    let profile: Profile = profile.to_str().unwrap_or_default().parse()?;
    confine(memory, seconds).map_err(|error| format!("cannot set limits: {error}"))?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let engine = Engine::new(&profile.config()).map_err(|error| format!("{error:#}"))?;
    let code = machine_code(&engine, &bytes).map_err(|error| format!("{error:#}"))?;
    write_synced(Path::new(output), &code).map_err(|error| error.to_string())
}

/// Bounds what this process may use, and ends it with its parent.
fn confine(memory: u64, seconds: u64) -> std::io::Result<()> {
    let set = |resource, limit: u64| {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })
            .map_err(std::io::Error::from)
    };
    set(Resource::As, memory)?;
    // Of all threads together; the parent has the time on the wall.
    set(Resource::Cpu, seconds.saturating_mul(4))?;
    set(Resource::Core, 0)?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // To be polite is not worth failing for.
    let _ = nice(NICENESS);
    Ok(())
}
