//! Runs the targets, as many at once as there are cores, each in a process of its own. The last line is `N passed, N failed`.
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, anyhow, bail};
use clap::Parser;
use hothouse_fuzz::{Budget, Record, Target, fuzz, replay, targets, watch};

/// A target whose inputs are all refused tests little; so many must have been tried to say so.
const ENOUGH: u64 = 10_000;
/// As much stack as the server's threads have.
const STACK_BYTES: usize = 2 * 1024 * 1024;
/// Most bytes of a failing input that are printed; the file has all of them.
const MAX_PRINTED_BYTES: usize = 4 * 1024;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz", about = "Hostile input for everything that strangers and guests send")]
struct Arguments {
    /// Run the targets whose name contains this; all of them without.
    target: Option<String>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Inputs for each target, however long they take.
    #[arg(long)]
    executions: Option<u64>,
    /// Makes the same inputs as an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Try the input in this file and no other.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// This is the process of one target.
    #[arg(long, hide = true)]
    alone: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(seed_of_the_moment);
    arguments.seed = Some(seed);
    let word = arguments.target.clone().unwrap_or_default();
    let mut wanted = targets::ALL.iter().filter(|target| match arguments.alone {
        true => target.name == word,
        false => target.name.contains(&word),
    });
    if arguments.alone {
        let target = wanted.next().context("no such target")?;
        let alone = thread::Builder::new().stack_size(STACK_BYTES);
        let result = alone.spawn(move || run_alone(target, &arguments, seed))?.join();
        return match result {
            Ok(result) => result,
            Err(_) => bail!("the loop itself panicked"),
        };
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let wanted = Mutex::new(wanted);
    let one_after_another = || -> anyhow::Result<Vec<bool>> {
        let next = || wanted.lock().unwrap_or_else(PoisonError::into_inner).next();
        std::iter::from_fn(next).map(|target| run(target, &arguments, seed)).collect()
    };
    let outcomes: Vec<bool> = thread::scope(|scope| {
        let runners: Vec<_> = (0..cores).map(|_| scope.spawn(one_after_another)).collect();
        let joined =
            runners.into_iter().map(|runner| runner.join().map_err(|_| anyhow!("a runner panicked"))?);
        joined.collect::<anyhow::Result<Vec<_>>>()
    })?
    .concat();
    let passed = outcomes.iter().filter(|passed| **passed).count();
    let failed = outcomes.len() - passed;
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a target in a process of its own, and says what it ended with, even if that is a signal.
fn run(target: &Target, arguments: &Arguments, seed: u64) -> anyhow::Result<bool> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([target.name, "--alone", "--seed", &seed.to_string()]);
    command.args(["--seconds", &arguments.seconds.to_string()]);
    if let Some(executions) = arguments.executions {
        command.args(["--executions", &executions.to_string()]);
    }
    if let Some(file) = &arguments.replay {
        command.arg("--replay").arg(file);
    }
    let status = command.status()?;
    if status.success() {
        return Ok(true);
    }
    let input = Record::read(&current(target)).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let name = format!("{:016x}", hasher.finish());
    fs::write(folder(target).join(&name), &input)?;
    let (shown, rest) = input.split_at(input.len().min(MAX_PRINTED_BYTES));
    println!("{} failed ({status}); seed {seed}; {} bytes:", target.name, input.len());
    println!("  b\"{}\"{}", shown.escape_ascii(), if rest.is_empty() { "" } else { " and so on" });
    println!("  again: cargo xtask fuzz {0} --replay target/fuzz/{0}/{name}", target.name);
    Ok(false)
}

fn run_alone(target: &'static Target, arguments: &Arguments, seed: u64) -> anyhow::Result<ExitCode> {
    let name = target.name;
    let mut record = Record::create(&current(target))?;
    watch(move |reason| {
        println!("{name}: {reason}");
        std::process::exit(2);
    });
    if let Some(file) = &arguments.replay {
        let input = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        record.keep(&input)?;
        return Ok(match replay(target, &input) {
            Ok(outcome) => {
                println!("{name}: {}", if outcome.accepted { "accepted" } else { "refused" });
                ExitCode::SUCCESS
            }
            Err(error) => {
                println!("{name}: {error:#}");
                ExitCode::FAILURE
            }
        });
    }
    let budget = match arguments.executions {
        Some(executions) => Budget::Executions(executions),
        None => Budget::Time(Duration::from_secs(arguments.seconds)),
    };
    let report = fuzz(target, targets::seeds(target)?, seed, budget, &mut record)?;
    println!("{name}: {report}, seed {seed}");
    if let Some(failure) = report.failure {
        println!("{name}: {}", failure.message);
        return Ok(ExitCode::FAILURE);
    }
    if report.executions > ENOUGH && report.accepted == 0 {
        println!("{name}: no input was accepted: its seeds in tests/fuzz/corpus/{name} are out of date");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Where failing inputs are put.
fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz").join(target.name)
}

/// The input that is being tried.
fn current(target: &Target) -> PathBuf {
    folder(target).join("current")
}

fn seed_of_the_moment() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos()) ^ since.as_secs()
}
