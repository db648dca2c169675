//! What the browser sends: names and payloads, and how they become a view's own events.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;

mod fields;
pub(crate) mod json;
mod misread;
mod value;

use crate::bindings::hothouse::live::types;
use crate::failure::{Failure, Result};
use crate::html::ToText;
use crate::{js, registry};

pub use fields::{Fields, Problems};
pub use misread::Misread;
pub use types::Payload;
pub use value::{FromValue, Members};

/// An event as it came from the browser.
///
/// A view whose `Event` is this type gets every event by its name.
#[derive(Debug, Clone)]
pub struct RawEvent {
    /// What the binding calls it: `increment` for `phx-click="increment"`.
    pub name: String,
    /// The live component it is meant for; none for the view itself.
    pub target: Option<u32>,
    /// JSON text, or the fields of a form in their order.
    pub payload: Payload,
}

impl RawEvent {
    pub(crate) fn new(event: types::Event) -> Self {
        Self { name: event.name, target: event.target, payload: event.payload }
    }

    /// The payload's values by name.
    ///
    /// # Errors
    ///
    /// `bad-input` when the payload is not an object.
    pub fn fields(&self) -> Result<Fields<'_>> {
        Fields::read(&self.name, &self.payload)
    }
}

/// Events of a view. Derive it for an enum; see [`macro@crate::Event`].
pub trait Event: Sized {
    /// Understands an event.
    ///
    /// # Errors
    ///
    /// `bad-input`, naming the event that is unknown or the value that is missing or wrong.
    fn decode(event: RawEvent) -> Result<Self>;
}

impl Event for RawEvent {
    fn decode(event: RawEvent) -> Result<Self> {
        Ok(event)
    }
}

/// For views without events.
impl Event for () {
    fn decode(event: RawEvent) -> Result<Self> {
        Err(Failure::bad_input(format!("this view has no events, got {:?}", event.name)))
    }
}

/// What an event is called in the browser: for bindings of events that take values from the page, such as
/// `phx-submit={TaskEvent::ADD}`. Made by [`macro@crate::Event`].
pub struct EventName<E> {
    name: &'static str,
    event: PhantomData<fn() -> E>,
}

impl<E> EventName<E> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, event: PhantomData }
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.name
    }
}

impl<E> Clone for EventName<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for EventName<E> {}

impl<E> fmt::Debug for EventName<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("EventName").field(&self.name).finish()
    }
}

impl<E: 'static> ToText for EventName<E> {
    fn to_text(&self) -> String {
        event_text::<E>(self.name)
    }
}

/// An event as text, for a binding. One of the live component whose template is evaluated brings its target along.
pub fn event_text<E: 'static>(name: &str) -> String {
    let Some(cid) = registry::target_of(TypeId::of::<E>()) else { return name.to_owned() };
    js::targeted(name, cid)
}

/// The refusal of an event that no variant is called by.
pub fn unknown_event(name: &str, known: &[&str]) -> Failure {
    Failure::bad_input(format!("there is no event {name:?}: this view knows {}", known.join(", ")))
}
