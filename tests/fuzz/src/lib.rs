//! Hostile input for everything that strangers and guests send, in a loop.
//!
//! A [`Target`] is a function of bytes that says what became of them, or which property does not hold.
//! The loop ([`fuzz`]) makes inputs out of seeds, keeps those that have an outcome which no other had, and stops at the
//! first input whose property does not hold, made as small as it can. It knows nothing of what the targets test.

mod choices;
mod engine;
mod mutate;
mod outcome;
mod record;
pub mod targets;
mod watch;

pub use engine::{Budget, Failure, Report, fuzz, replay};
pub use outcome::{Outcome, Verdict};
pub use record::Record;
pub use watch::watch;

/// One thing that takes hostile input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also that of its folder of seeds.
    pub name: &'static str,
    /// Takes one input. An error is a property that does not hold.
    pub run: fn(&[u8]) -> Verdict,
    /// Longest input, in bytes: beyond the longest that the code under test looks at.
    pub max_bytes: usize,
    /// What inputs are made of: words, and what is special to the code under test.
    pub dictionary: &'static [&'static str],
    /// Lengths at which a limit lies: parts of inputs are repeated up to these.
    pub lengths: &'static [usize],
}
