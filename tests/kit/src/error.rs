//! Why a step of a test failed: what was looked for, what there is instead, the page, and the line of the test.

use std::fmt;
use std::panic::Location;

/// What a step of a test gives.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// A step of a test that failed. It reads the same with `{}` and with `{:?}`, so that a test can end with `?`.
pub struct Error(Box<Failed>);

struct Failed {
    problem: Problem,
    at: &'static Location<'static>,
}

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// The app cannot be opened: no manifest, a component that has not been built, …
    App,
    /// A page was answered with something else than a page that has a live view.
    Answered,
    /// The live view may not be joined, or does not take part any more.
    NotJoined,
    /// A view ended at what was asked of it: a trap, or a limit.
    Crashed,
    /// The page has been left for another one, and nobody followed.
    Left,
    /// A selector is no selector.
    Selector,
    /// Nothing on the page is what was looked for.
    Missing,
    /// More on the page is what was looked for than one thing.
    Ambiguous,
    /// A person could not do that with this element.
    Unusable,
    /// An assertion does not hold.
    Assertion,
    /// Nothing came in time.
    Late,
    /// The page has faults that a browser does not forgive: duplicate ids, forms without one, unknown bindings.
    Faults,
    /// The server sent what no client could take, or nothing at all.
    Protocol,
}

/// A failure that does not know yet at which line of the test it is.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    text: String,
}

impl Problem {
    pub(crate) fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// The server broke the protocol, or was not there.
    pub(crate) fn protocol(error: impl fmt::Display) -> Self {
        Self::new(Code::Protocol, format!("{error:#}"))
    }

    /// With more lines beneath what it says.
    pub(crate) fn and(mut self, more: &str) -> Self {
        if !more.is_empty() {
            self.text.push('\n');
            self.text.push_str(more);
        }
        self
    }

    /// The same, of something that was waited for.
    pub(crate) fn late(self, waited: &str) -> Self {
        Self { code: Code::Late, ..self }.and(waited)
    }

    pub(crate) fn at(self, at: &'static Location<'static>) -> Error {
        Error(Box::new(Failed { problem: self, at }))
    }
}

impl Error {
    /// What kind of failure it is.
    pub fn code(&self) -> Code {
        self.0.problem.code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.at, self.0.problem.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for Error {}
