//! What became of an input, as coarse as the loop needs it.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// What a target says of an input. An error names the property that does not hold.
pub type Verdict = anyhow::Result<Outcome>;

/// What became of an input. Two inputs with the same outcome most likely took the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the code under test took the input for good.
    pub accepted: bool,
    /// The way that the input took.
    pub kind: u64,
}

impl Outcome {
    /// The input was taken; `kind` says how.
    pub fn accepted(kind: impl Hash) -> Self {
        Self { accepted: true, kind: hashed(&kind) }
    }

    /// The input was refused; `kind` says why, without numbers and names that vary.
    pub fn refused(kind: impl Hash) -> Self {
        Self { accepted: false, kind: hashed(&kind) }
    }
}

/// A number of something, coarse: 0, 1, 2, 3 and 4, up to 8, and so on.
pub(crate) fn magnitude(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

/// A message without what varies in it: numbers, and what stands in backticks.
pub(crate) fn shape_of(message: &str) -> String {
    let outside = message.split('`').step_by(2);
    outside.flat_map(str::chars).filter(|character| !character.is_ascii_digit()).collect()
}

fn hashed(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{magnitude, shape_of};

    #[test]
    fn what_varies_does_not_make_another_outcome() {
        assert_eq!(shape_of("part 1: `</p>` closes `<b>`"), "part :  closes ");
        assert_eq!([0, 1, 2, 3, 4, 255].map(magnitude), [0, 1, 2, 2, 3, 8]);
    }
}
