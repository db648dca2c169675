//! Write Hothouse views in Rust.
//!
//! A view is a struct with state, an enum of events and a template; see [`LiveView`] for a whole one.
//! [`export!`] makes it the component of its crate. This crate knows the contract in `wit/` and nothing of the host.
//!
//! # Templates
//!
//! [`html!`] is HTML, checked when the view is compiled. All mistakes of a template are reported at once.
//!
//! ```
//! use hothouse_sdk::prelude::*;
//!
//! enum Light { Off, Dimmed(u8) }
//!
//! struct Room { name: Assign<String>, light: Assign<Light>, locked: Assign<bool>, plants: List<(u32, String)> }
//!
//! impl Room {
//!     fn show(&self) -> Html {
//!         html! {
//!             <h1 class="room" title={self.name}>"The " {self.name} " room"</h1>
//!             <button phx-click="toggle" disabled={self.locked}>"Light"</button>
//!             match *self.light {
//!                 Light::Off => { <p>"It is dark."</p> }
//!                 Light::Dimmed(percent) => { <p>{percent} " %"</p> }
//!             }
//!             if self.plants.is_empty() {
//!                 <br>
//!             } else {
//!                 <ul>
//!                     for plant in self.plants {
//!                         <li id={format!("plant-{}", plant.0)}>{plant.1}</li>
//!                     }
//!                 </ul>
//!             }
//!         }
//!     }
//! }
//! ```
//!
//! * Text stands in quotes, exactly as it is shown. White space outside of quotes means nothing: line breaks and
//!   indentation are never shown, and a space between two words or elements is `" "`.
//! * Comments are Rust's, `// …` and `/* … */`. They are not sent.
//! * A template may have several elements side by side, or none.
//! * `{expression}` shows anything that is [`ToHtml`]: text of all kinds, which the host escapes, and markup.
//! * `if`, `if let`, `match` and `for` are Rust's, with markup in their braces.
//! * `for … in … key={expression}` tells rows apart by a [`Key`], so that they keep their elements when they move.
//!   Rows of a [`List`] need none. Without keys, rows are told apart by their index.
//! * `for (dom_id, item) in self.items`, directly in an element with an id and `phx-update="stream"`, is a [`Stream`]: its rows
//!   are elements with `id={dom_id}`, which the page keeps and the view does not.
//! * `<li :for={item in self.items} :key={item.id} :if={item.shown}>` is the same for one element or component: the
//!   condition is asked for each row.
//! * `{raw(expression)}` is markup as it stands. The host cleans it, unless the view may emit raw markup.
//! * Elements of SVG are written with their own case (`linearGradient`, `viewBox`) and may close themselves (`<path/>`).
//!
//! # Attributes
//!
//! * `name={expression}` takes anything that is [`ToText`]. An attribute that HTML calls boolean, such as `disabled`,
//!   takes a `bool` and is there or not.
//! * `name?={option}` is left out when there is none.
//! * `class={["card", ("open", self.open), self.size]}` is a list of names, some with a condition; empty ones are left
//!   out.
//! * `{..attributes}` puts [`Attrs`] into a tag. What the tag names itself wins.
//! * `phx-click={Event::Saved}` sends an event, `phx-click={JS::new().hide("#menu").push(Event::Saved)}` runs commands
//!   of the client: see [`JS`].
//!
//! # Components
//!
//! A function with [`component`](macro@component) is a tag, checked like a call: an attribute that is missing, unknown
//! or of another type is a mistake at its place. They may be private, generic, in modules (`<ui::Card>`), in loops and
//! inside of themselves.
//!
//! ```
//! use hothouse_sdk::prelude::*;
//!
//! /// Rows of anything, under headings.
//! #[component]
//! fn Table<T>(
//!     rows: &List<T>,
//!     column: Vec<Slot<T, Column<'_>>>,
//!     note: Option<&str>,
//!     #[prop(default = 1)] border: u8,
//!     #[prop(rest)] rest: Attrs,
//!     empty: Option<Slot>,
//! ) -> Html {
//!     html! {
//!         <table class={["table", format!("border-{border}")]} {..rest}>
//!             <caption :if={let Some(note) = note}>{note}</caption>
//!             <tr><th :for={column in &column}>{column.label}</th></tr>
//!             <tr :for={row in rows}>
//!                 <td :for={column in &column} class?={column.class}>{render_slot(column, row)}</td>
//!             </tr>
//!         </table>
//!         if rows.is_empty() { {render_slot(empty)} }
//!     }
//! }
//!
//! /// What a column says about itself.
//! #[derive(SlotAttributes)]
//! struct Column<'a> { label: &'a str, class: Option<&'a str> }
//!
//! struct Garden { plants: List<Plant>, unit: Assign<String>, note: Assign<Option<String>> }
//! struct Plant { name: String, height: u32 }
//!
//! impl Garden {
//!     fn show(&self) -> Html {
//!         html! {
//!             <Table rows={self.plants} note?={self.note} id="plants" phx-click="sort">
//!                 <:column :let={plant} label="Name">{plant.name}</:column>
//!                 <:column :let={plant} label="Height" class="number">{plant.height} " " {self.unit}</:column>
//!                 <:empty><p>"No plants yet."</p></:empty>
//!             </Table>
//!         }
//!     }
//! }
//! ```
//!
//! * A field or value goes to an attribute as a reference to it, so a `String` fits `&str`, a [`List`] fits `&List`, an
//!   [`Assign`] what is in it, and what can be cloned its own type.
//! * `#[prop(rest)]` takes `id`, `class`, `phx-*`, `aria-*`, `data-*` and what else every element has; it is put on an
//!   element with `{..rest}`.
//! * What is between the tags is the slot `children`, `<:name>` fills a slot with that name. A slot is shown with
//!   `{render_slot(slot)}`, as often as it is written; see [`Slot`].
//! * All uses of a component share its literal parts: the host receives them once.
//! * `<Todo.live id={todo.id} title={todo.title}/>` is a component with state and events of its own: see
//!   [`LiveComponent`].
//!
//! # What is evaluated
//!
//! After a callback the host asks what changed. A slot is evaluated again if one of the fields it reads is an
//! [`Assign`], a [`List`], a [`Map`], a [`Stream`], a [`Temporary`] or a [`GrowingText`] that was written since the last document. What it
//! reads is found by its words:
//!
//! * `self.field` reads that field; a field of another type counts as changed every time;
//! * `self.field.field`, however deep, reads the inner one, if it is tracked and what is around it are structs: no
//!   pointers, and no tracked value, which counts as a whole;
//! * literals, constants, `Type::Variant`, and names bound by an `if let`, `match` or `for` of the template read nothing
//!   beyond what bound them;
//! * a method answers from its receiver and its arguments: `self.name.len()` reads `name`;
//! * `JS::new()` reads nothing;
//! * everything else (`self.method()`, functions, local variables) is evaluated every time.
//!
//! [`Assign::set`] compares: an equal value is no change. Every other mutable access is one.
//!
//! A [`Stream`] is written when something happens to it; its rows are evaluated when they are put in, and never again.
//! A component is evaluated when something was written that its attributes or its content read; then, of the `html!`
//! at its end, only what depends on the attributes that changed. That does not hold for a component that returns early
//! or ends in anything but `html!`: it is evaluated whole. Where it names an attribute, that is what it was given, unless
//! a `let` has given the name another meaning.
//!
//! A live component is evaluated when it was mounted, updated or sent an event: then what depends on its fields, as in a
//! view. It is updated when its tag is evaluated and gives it something else than before.
//!
//! A branch is evaluated whole when its condition has changed, a row when it has; markup from functions always.
//! Being evaluated too often costs time in the view, but sends nothing: the host compares what it gets with what the
//! browser has.
//!
//! # State that outlives its instance
//!
//! A view that derives [`State`](trait@State) is written down as bytes, from which another instance makes it again.
//!
//! # What else is here
//!
//! [`testing`] drives a view on the developer's machine. [`environment`] is the log, the time and randomness, [`kv`] what
//! outlives a view, [`presence`] who is there, [`task`] background work, and [`http`] what it may ask other servers.
//! [`uploads`] and [`services`] are the imports of the contract as they are. The one type of a dependency in the interface
//! is `serde_json::Value`, made by [`json!`].

// The macros write paths from outside, and this crate has components itself.
extern crate self as hothouse_sdk;

/// The guide's code, compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/components.md")]
#[doc = include_str!("../../../docs/guide/kit.md")]
#[doc = include_str!("../../../docs/guide/hooks.md")]
#[doc = include_str!("../../../docs/guide/navigation.md")]
#[doc = include_str!("../../../docs/guide/lifecycle.md")]
#[doc = include_str!("../../../docs/guide/sessions.md")]
#[doc = include_str!("../../../docs/guide/storage.md")]
#[doc = include_str!("../../../docs/guide/events.md")]
#[doc = include_str!("../../../docs/guide/forms.md")]
#[doc = include_str!("../../../docs/guide/real-time.md")]
#[doc = include_str!("../../../docs/guide/presence.md")]
#[doc = include_str!("../../../docs/guide/background-work.md")]
#[doc = include_str!("../../../docs/guide/streaming.md")]
mod guide {}

mod address;
#[cfg(any(test, all(target_family = "wasm", target_os = "unknown")))]
mod allocator;
mod assign;
#[doc(hidden)]
pub mod bindings;
mod component;
pub mod connection;
mod context;
pub mod environment;
mod event;
mod export;
mod failure;
mod flash;
pub mod form;
mod growing_text;
mod html;
pub mod http;
pub mod js;
mod json;
mod key;
pub mod kit;
pub mod kv;
mod list;
mod live_component;
#[doc(hidden)]
pub mod macro_support;
mod map;
mod message;
pub mod page;
pub mod presence;
mod registry;
mod rendering;
mod socket;
mod state;
mod stream;
pub mod task;
mod template;
mod temporary;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
mod tracking;
mod view;

pub use address::Address;
pub use assign::Assign;
pub use bindings::hothouse::live::types::{
    LeaveReason, Message, Pair, PresenceChange, Publication, TaskOutcome, TaskProgress, TaskResult,
};
pub use bindings::hothouse::live::{services, uploads};
pub use component::Slot;
pub use context::{Context, Phase, param};
pub use event::{Event, EventName, Fields, FromValue, Misread, Payload, RawEvent};
pub use failure::{Failure, FailureKind, Result};
pub use flash::Flash;
pub use form::{Form, Params};
pub use growing_text::GrowingText;
pub use hothouse_sdk_macros::{Attributes, Event, FromValue, SlotAttributes, State, component, html};
pub use html::{Attrs, Html, ToHtml, ToText};
pub use js::{JS, To};
pub use json::{Json, read_json};
pub use key::Key;
pub use list::{Iter, List, RowId};
pub use live_component::{LiveComponent, Myself, myself};
pub use map::Map;
pub use message::Changed;
pub use serde_json::json;
pub use socket::{History, Socket, UploadRules};
pub use state::State;
pub use stream::{Inserted, Stream};
pub use task::{Async, Task};
pub use temporary::Temporary;
pub use view::LiveView;

/// What a view's file begins with: `use hothouse_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Address, Assign, Async, Attributes, Attrs, Context, Event, Failure, FailureKind, Flash, Form,
        FromValue, GrowingText, Html, JS, Json, Key, LeaveReason, List, LiveComponent, LiveView, Map,
        Message, Params, Payload, PresenceChange, Publication, RawEvent, Result, RowId, Slot, SlotAttributes,
        Socket, State, Stream, TaskOutcome, TaskResult, Temporary, To, ToHtml, ToText, component,
        environment, export, html, json, kv, myself, param, presence, read_json,
    };
}
