//! Views rendered natively: what is evaluated, and what the page is in the end.

mod any_sequence;
mod lists;
mod markup;
mod support;
mod tracking;
