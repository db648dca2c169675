//! The loop: make an input, try it, keep it if what became of it is new.

use std::cell::Cell;
use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::time::{Duration, Instant};
use std::{fmt, io};

use crate::mutate::{Random, mutated};
use crate::outcome::Verdict;
use crate::record::Record;
use crate::{Target, watch};

/// Most inputs that are kept to make others of.
const MAX_KNOWN: usize = 4_096;
/// Longest input that is kept, in bytes: long ones are made of short ones again, now and then.
const MAX_KEPT_BYTES: usize = 4_096;
/// Most outcomes that are told apart.
const MAX_OUTCOMES: usize = 65_536;
/// Most inputs that are tried to make a failing one smaller.
const MAX_SHRINKING: usize = 20_000;
const SHRINKING_TIME: Duration = Duration::from_secs(5);

thread_local! {
    /// Whether this thread is trying an input: its panics are not for the screen.
    static TRYING: Cell<bool> = const { Cell::new(false) };
    /// What it panicked with.
    static PANIC: Cell<Option<String>> = const { Cell::new(None) };
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// After this time.
    Time(Duration),
    /// After so many inputs.
    Executions(u64),
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    /// Inputs tried, seeds included.
    pub executions: u64,
    /// How many of them were taken.
    pub accepted: u64,
    /// How many outcomes were told apart.
    pub outcomes: usize,
    /// How long it took.
    pub took: Duration,
    /// The input at which it stopped.
    pub failure: Option<Failure>,
}

/// An input whose property does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The input, made as small as it can be.
    pub input: Vec<u8>,
    /// What does not hold, or the panic.
    pub message: String,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { executions, accepted, outcomes, took, .. } = self;
        let seconds = took.as_secs_f64().max(f64::MIN_POSITIVE);
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let (per_second, share) =
            (*executions as f64 / seconds, *accepted as f64 * 100.0 / (*executions).max(1) as f64);
        write!(
            formatter,
            "{executions} executions in {seconds:.1} s, {per_second:.0} a second; {share:.0} % accepted, \
             {outcomes} outcomes"
        )
    }
}

/// Tries the seeds, then inputs made of them, until the budget is used up or a property does not hold.
///
/// # Errors
/// When the record of the present input cannot be written.
pub fn fuzz(
    target: &Target,
    seeds: Vec<Vec<u8>>,
    seed: u64,
    budget: Budget,
    record: &mut Record,
) -> io::Result<Report> {
    let began = Instant::now();
    let mut random = Random::new(seed);
    let mut known = seeds;
    let mut outcomes = HashSet::new();
    let seed_count = known.len();
    let mut report = Report { executions: 0, accepted: 0, outcomes: 0, took: Duration::ZERO, failure: None };
    while match budget {
        Budget::Time(time) => began.elapsed() < time,
        Budget::Executions(executions) => report.executions < executions,
    } {
        let seed = usize::try_from(report.executions).ok().filter(|index| *index < seed_count);
        let input = match seed.and_then(|index| known.get(index)) {
            Some(seed) => seed.clone(),
            None => mutated(&mut random, &known, target),
        };
        record.keep(&input)?;
        report.executions += 1;
        match replay(target, &input) {
            Ok(outcome) => {
                report.accepted += u64::from(outcome.accepted);
                let is_new = outcomes.len() < MAX_OUTCOMES
                    && outcomes.insert(outcome.kind ^ u64::from(outcome.accepted));
                if is_new && seed.is_none() && input.len() <= MAX_KEPT_BYTES {
                    keep(&mut random, &mut known, seed_count, input);
                }
            }
            Err(error) => {
                let (input, message) = smaller(target, input, error, record)?;
                report.failure = Some(Failure { input, message });
                break;
            }
        }
    }
    report.outcomes = outcomes.len();
    report.took = began.elapsed();
    Ok(report)
}

fn keep(random: &mut Random, known: &mut Vec<Vec<u8>>, seed_count: usize, input: Vec<u8>) {
    if known.len() < MAX_KNOWN.max(seed_count) {
        known.push(input);
        return;
    }
    let at = seed_count + random.below(known.len() - seed_count);
    if let Some(former) = known.get_mut(at) {
        *former = input;
    }
}

/// Tries one input. A panic is a property that does not hold.
///
/// # Errors
/// What does not hold.
pub fn replay(target: &Target, input: &[u8]) -> Verdict {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |panic| match TRYING.get() {
            true => PANIC.set(Some(panic.to_string())),
            false => default(panic),
        }));
    });
    watch::begin();
    TRYING.set(true);
    let verdict = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    TRYING.set(false);
    verdict.unwrap_or_else(|_| Err(anyhow::anyhow!("{}", PANIC.take().unwrap_or_default())))
}

/// Takes out of a failing input what it also fails without.
fn smaller(
    target: &Target,
    mut input: Vec<u8>,
    error: anyhow::Error,
    record: &mut Record,
) -> io::Result<(Vec<u8>, String)> {
    let began = Instant::now();
    let mut message = format!("{error:#}");
    let mut tries = 0;
    let mut size = input.len().next_power_of_two();
    while size > 0 {
        let mut at = 0;
        let mut has_shrunk = false;
        while at < input.len() {
            tries += 1;
            if tries > MAX_SHRINKING || began.elapsed() > SHRINKING_TIME {
                record.keep(&input)?;
                return Ok((input, message));
            }
            let mut candidate = input.clone();
            candidate.drain(at..(at + size).min(input.len()));
            record.keep(&candidate)?;
            match replay(target, &candidate) {
                Ok(_) => at += size,
                Err(error) => {
                    message = format!("{error:#}");
                    input = candidate;
                    has_shrunk = true;
                }
            }
        }
        if !(has_shrunk && size == 1) {
            size /= 2;
        }
    }
    record.keep(&input)?;
    Ok((input, message))
}

#[cfg(test)]
mod tests {
    use super::{Budget, fuzz, replay};
    use crate::{Outcome, Record, Target, Verdict};

    const EXECUTIONS: Budget = Budget::Executions(200_000);

    fn target(run: fn(&[u8]) -> Verdict) -> Target {
        Target { name: "planted", run, max_bytes: 64, dictionary: &["ab"], lengths: &[] }
    }

    fn record(name: &str) -> Record {
        let folder = std::env::temp_dir().join(format!("hothouse-fuzz-{}", std::process::id()));
        Record::create(&folder.join(name)).unwrap()
    }

    /// Five bytes, each found only by who notices that the one before it was right.
    fn ladder(input: &[u8]) -> Verdict {
        let steps = input.iter().zip(b"ab<&/").take_while(|(found, wanted)| found == wanted).count();
        assert!(steps < 5, "all steps");
        Ok(Outcome::refused(steps))
    }

    #[test]
    fn a_panic_behind_several_steps_is_found_and_made_small() {
        let target = target(ladder);
        let report = fuzz(&target, vec![b"xyz".to_vec()], 1, EXECUTIONS, &mut record("ladder")).unwrap();
        let failure = report.failure.expect("found");
        assert_eq!(failure.input, b"ab<&/");
        assert!(failure.message.contains("all steps") && failure.message.contains("engine.rs"));
        assert_eq!(report.accepted, 0);
    }

    #[test]
    fn an_error_is_a_failure_and_the_budget_an_end() {
        let never = target(|input| {
            anyhow::ensure!(input.len() < 40, "40 bytes");
            Ok(Outcome::accepted(()))
        });
        assert_eq!(replay(&never, &[0; 40]).unwrap_err().to_string(), "40 bytes");
        let report = fuzz(&never, Vec::new(), 1, Budget::Executions(100), &mut record("never")).unwrap();
        assert_eq!((report.executions, report.accepted, report.outcomes), (100, 100, 1));
        assert!(report.failure.is_none());
    }
}
