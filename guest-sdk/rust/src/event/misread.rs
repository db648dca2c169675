//! What is wrong with a value of an event, and where in it.

use std::fmt;

/// A value that is not of its type: the way to the part that is wrong, and what is wrong with it.
///
/// The way is made of names that the view itself has given, and of numbers: nothing of a stranger's is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    way: String,
    problem: String,
}

impl Misread {
    /// It is something else than what was expected, such as `a whole number`.
    pub fn not(expected: impl fmt::Display) -> Self {
        Self { way: String::new(), problem: format!("is not {expected}") }
    }

    /// There is nothing.
    pub fn missing() -> Self {
        Self { way: String::new(), problem: "is missing".to_owned() }
    }

    /// The same, of a member of an object.
    #[must_use]
    pub fn of(self, member: &str) -> Self {
        let dot = if self.way.is_empty() || self.way.starts_with('[') { "" } else { "." };
        Self { way: format!("{member}{dot}{}", self.way), ..self }
    }

    /// The same, of an element of a list.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.of(&format!("[{index}]"))
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}", self.way, self.problem)
    }
}
