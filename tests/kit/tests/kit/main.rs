//! The kit on real apps: what it does, and what it says when something is wrong.
//! Needs `cargo xtask build-components` and `cargo xtask build-examples`.

use hothouse_test::{Code, Error, Result};

mod clicking;
mod faults;
mod forms;
mod going;
mod keeping;
mod others;
mod recovering;
mod rendering;

/// The app of these tests.
const APP: &str = "app";

/// That a step failed, in this way, and said all of this.
#[track_caller]
fn assert_fails<T>(outcome: Result<T>, code: Code, expected: &[&str]) {
    let error = outcome.err();
    assert_eq!(error.as_ref().map(Error::code), Some(code), "{error:?}");
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    for expected in expected {
        assert!(text.contains(expected), "{expected:?} is not in:\n{text}");
    }
}
