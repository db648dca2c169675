//! New inputs out of known ones. The same numbers give the same inputs.

use crate::Target;

/// Numbers at the edges of what integers and limits may be.
const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "255",
    "256",
    "1000",
    "1001",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "1e999",
];
/// Bytes that something may give a meaning to.
const BYTES: &[u8] = b"\0\x01\x1f \t\n\r\"&'+-./0:;<=>?@A[\\]`a{|}~\x7f\x80\xc3\xed\xf0\xff";

/// A small generator of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`; 0 when that is 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(count).unwrap_or(0)).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// A range within `length`, most often a short one.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { length.min(8) };
        start..(start + self.below(most + 1)).min(length)
    }
}

/// An input made of one or two of those that are known.
pub(crate) fn mutated(random: &mut Random, known: &[Vec<u8>], target: &Target) -> Vec<u8> {
    let mut input = match random.below(256) {
        0 => (0..random.below(64)).map(|_| random.byte()).collect(),
        _ => random.pick(known).cloned().unwrap_or_default(),
    };
    let steps = 1 + random.below(2) + random.below(2) * random.below(8);
    for _ in 0..steps {
        step(random, &mut input, known, target);
    }
    input.truncate(target.max_bytes);
    input
}

fn step(random: &mut Random, input: &mut Vec<u8>, known: &[Vec<u8>], target: &Target) {
    let range = random.range(input.len());
    let at = range.start;
    let nothing: &[u8] = &[];
    match random.below(32) {
        0..3 => {
            let bit = 1 << random.below(8);
            if let Some(byte) = input.get_mut(at) {
                *byte ^= bit;
            }
        }
        3..5 => {
            let byte = random.pick(BYTES).copied().unwrap_or_default();
            input.splice(at..(at + random.below(2)).min(input.len()), [byte]);
        }
        5..8 => {
            let byte = random.byte();
            input.splice(at..(at + random.below(2)).min(input.len()), [byte]);
        }
        8..10 => drop(input.drain(range)),
        10..12 => {
            let part: Vec<u8> = input.get(range).unwrap_or(nothing).to_vec();
            let to = random.below(input.len() + 1);
            input.splice(to..to, part);
        }
        12..14 => {
            let part: Vec<u8> = input.get(range).unwrap_or(nothing).to_vec();
            let to = random.range(input.len());
            input.splice(to, part);
        }
        14..17 => {
            let other = random.pick(known).map_or(nothing, Vec::as_slice);
            let part = other.get(random.range(other.len())).unwrap_or(nothing).to_vec();
            input.splice(range, part);
        }
        17..19 => {
            let other = random.pick(known).map_or(nothing, Vec::as_slice);
            let tail = other.get(random.below(other.len() + 1)..).unwrap_or(nothing);
            input.truncate(at);
            input.extend_from_slice(tail);
        }
        19..23 => {
            let word = random.pick(target.dictionary).copied().unwrap_or_default();
            input.splice(at..at, word.bytes());
        }
        23..27 => {
            let word = random.pick(target.dictionary).copied().unwrap_or_default();
            input.splice(range, word.bytes());
        }
        27..30 => {
            let number = random.pick(&NUMBERS).copied().unwrap_or_default();
            input.splice(digits_from(input, at), number.bytes());
        }
        30 => input.truncate(at),
        _ => repeat(random, input, range, target),
    }
}

/// The first number at or after a place; what stands there, if there is none.
fn digits_from(input: &[u8], at: usize) -> std::ops::Range<usize> {
    let tail = input.get(at..).unwrap_or_default();
    let Some(start) = tail.iter().position(u8::is_ascii_digit) else { return at..at };
    let count = tail.iter().skip(start).take_while(|byte| byte.is_ascii_digit()).count();
    at + start..at + start + count
}

/// Repeats a part until it is about as long as a limit, or there are about as many as a limit has it.
fn repeat(random: &mut Random, input: &mut Vec<u8>, range: std::ops::Range<usize>, target: &Target) {
    // Long inputs are slow, and few of them say what many do.
    if random.below(8) > 0 {
        return;
    }
    let part = input.get(range.clone()).unwrap_or_default().to_vec();
    let limit = random.pick(target.lengths).copied().unwrap_or_default();
    let limit = (limit + random.below(3)).saturating_sub(1);
    let count = if random.below(2) == 0 { limit / part.len().max(1) } else { limit };
    if part.is_empty() || part.len().saturating_mul(count) > target.max_bytes {
        return;
    }
    input.splice(range, part.repeat(count));
}

#[cfg(test)]
mod tests {
    use super::{Random, mutated};
    use crate::{Outcome, Target};

    const TARGET: Target = Target {
        name: "none",
        run: |_| Ok(Outcome::accepted(())),
        max_bytes: 300,
        dictionary: &["word"],
        lengths: &[100],
    };

    #[test]
    fn the_same_seed_gives_the_same_inputs_and_none_is_too_long() {
        let known = [b"one two 12".to_vec(), b"three".to_vec(), Vec::new()];
        let inputs = |seed| {
            let mut random = Random::new(seed);
            (0..2_000).map(|_| mutated(&mut random, &known, &TARGET)).collect::<Vec<_>>()
        };
        let first = inputs(7);
        assert_eq!(first, inputs(7));
        assert_ne!(first, inputs(8));
        assert!(first.iter().all(|input| input.len() <= 300));
        for part in ["word", "65536", "one", "three"] {
            let found = first.iter().any(|input| input.windows(part.len()).any(|at| at == part.as_bytes()));
            assert!(found, "{part}");
        }
        assert!(first.iter().any(|input| input.len() > 90), "parts are repeated up to a limit");
    }
}
