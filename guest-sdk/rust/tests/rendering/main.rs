//! Views rendered natively: what is evaluated, and what the page is in the end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod any_sequence;
mod components;
mod evaluations;
mod growing;
mod kit;
mod lists;
mod live;
mod markup;
mod streams;
mod support;
mod tracking;
mod values;
