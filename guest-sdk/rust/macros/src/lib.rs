//! Macros of the Hothouse SDK for Rust: entry points only.
//!
//! `html!` runs parse → check → lower → emit, one file each; `#[derive(Event)]` lives in `event`, `#[derive(FromValue)]` in `value`, `#[derive(State)]` in `state`,
//! `#[component]` in `component`, and what components and entries of slots share in `attributes`.
//! This crate knows the template language and the names that its output calls in `hothouse_sdk::macro_support`;
//! it does not know the contract with the host.

mod ast;
mod attributes;
mod check;
mod component;
mod diagnostic;
mod elements;
mod emit;
mod event;
mod lower;
mod parse;
mod reads;
mod state;
mod value;
mod within;

use proc_macro::TokenStream;

/// Writes markup that is checked at compile time and rendered piece by piece.
///
/// The language and its rules are described in the front page of `hothouse_sdk`.
#[proc_macro]
pub fn html(input: TokenStream) -> TokenStream {
    let mut problems = diagnostic::Problems::default();
    let (within, input) = within::split(input.into());
    let template = parse::template(input, &mut problems);
    check::template(&template, &mut problems);
    match problems.into_compile_errors() {
        Some(errors) => errors.into(),
        None => emit::template(&lower::template(template, within.as_ref()), within.as_ref()).into(),
    }
}

/// Makes an enum the events of a view: each variant is one event.
///
/// A variant is called `snake_case` in the browser, unless `#[event(name = "…")]` says otherwise.
/// Named fields are read from the event's payload by their names; what is wrong with any of them is told in one refusal.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a type one that a value of an event can be.
///
/// A struct is read from an object, its fields by their names; an enum without fields from a word, which is its variant's name
/// in `snake_case`. `#[event(name = "…")]` gives a field or a variant another name.
#[proc_macro_derive(FromValue, attributes(event))]
pub fn derive_from_value(input: TokenStream) -> TokenStream {
    value::derive(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a function a component: `<Card title={self.title}>…</Card>` in templates.
///
/// The parameters are its attributes and slots, each with the type that its function sees:
///
/// * `title: &str` has to be given; a value of another type is a mistake at its place.
/// * `#[prop(default = 3)] level: u8`, or `#[prop(default)]` for the default of its type, may be left out, and so may
///   an `Option<…>`. `title?={option}` gives one that may be none.
/// * `#[prop(rest)] rest: Attrs` takes what any element has (`id`, `class`, `phx-*`, `aria-*`, `data-*`, …), and with
///   `#[prop(rest = "disabled form")]` the attributes that are named there as well.
/// * `children: Slot` is what stands between the tags, any other `Slot` is `<:name>…</:name>`. An `Option<Slot>` may be
///   left out, a `Vec<Slot>` given many times. `Slot<T>` is shown with a `&T`, `Slot<T, A>` has attributes of its own.
#[proc_macro_attribute]
pub fn component(arguments: TokenStream, input: TokenStream) -> TokenStream {
    component::expand(arguments.into(), input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct the attributes of a live component: `<Todo.live id={todo.id} title={todo.title}/>`.
///
/// Fields are as the parameters of a component. What stands between the tags is the field `children: Html`, `<:name>` the
/// field `name: Html`.
#[proc_macro_derive(Attributes, attributes(prop))]
pub fn derive_attributes(input: TokenStream) -> TokenStream {
    component::derive_slot_attributes(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct the attributes that an entry of a slot has: `<:column label="Title">`.
///
/// Fields are as the parameters of a component, without slots and `rest`.
#[proc_macro_derive(SlotAttributes, attributes(prop))]
pub fn derive_slot_attributes(input: TokenStream) -> TokenStream {
    component::derive_slot_attributes(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Writes a view's state down and makes it again: see `hothouse_sdk::State`.
#[proc_macro_derive(State, attributes(live))]
pub fn derive_state(input: TokenStream) -> TokenStream {
    state::derive(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
