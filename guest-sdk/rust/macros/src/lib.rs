//! Macros of the Hothouse SDK for Rust: entry points only.
//!
//! `html!` runs parse → check → lower → emit, one file each; `#[derive(Event)]` lives in `event`.
//! This crate knows the template language and the names that its output calls in `hothouse_sdk::macro_support`;
//! it does not know the contract with the host.

mod ast;
mod check;
mod diagnostic;
mod elements;
mod emit;
mod event;
mod lower;
mod parse;
mod reads;

use proc_macro::TokenStream;

/// Writes markup that is checked at compile time and rendered piece by piece.
///
/// The language and its rules are described in the front page of `hothouse_sdk`.
#[proc_macro]
pub fn html(input: TokenStream) -> TokenStream {
    let mut problems = diagnostic::Problems::default();
    let template = parse::template(input.into(), &mut problems);
    check::template(&template, &mut problems);
    match problems.into_compile_errors() {
        Some(errors) => errors.into(),
        None => emit::template(&lower::template(template)).into(),
    }
}

/// Makes an enum the events of a view: each variant is one event.
///
/// A variant is called `snake_case` in the browser, unless `#[event(name = "…")]` says otherwise.
/// Named fields are read from the event's payload by their names.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
