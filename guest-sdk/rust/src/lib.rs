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
//! * Text stands in quotes, exactly as it is shown; there is no other white space between tags.
//! * `{expression}` shows anything that is [`ToHtml`]: text of all kinds, which the host escapes, and markup.
//! * `name={expression}` takes anything that is [`ToText`]. An attribute that HTML calls boolean, such as `disabled`,
//!   takes a `bool` and is there or not.
//! * `if`, `if let`, `match` and `for` are Rust's, with markup in their braces.
//! * `for … in … key={expression}` tells rows apart by a [`Key`], so that they keep their elements when they move.
//!   Rows of a [`List`] need none. Without keys, rows are told apart by their index.
//! * `{raw(expression)}` is markup as it stands. The host cleans it, unless the view may emit raw markup.
//!
//! # What is evaluated
//!
//! After a callback the host asks what changed. A slot is evaluated again if one of the fields it reads is an
//! [`Assign`] or a [`List`] that was written since the last document. What it reads is found by its words:
//!
//! * `self.field` reads that field; a field of another type counts as changed every time;
//! * literals, constants, `Type::Variant`, and names bound by an `if let`, `match` or `for` of the template read nothing
//!   beyond what bound them;
//! * a method answers from its receiver and its arguments: `self.name.len()` reads `name`;
//! * everything else (`self.method()`, functions, local variables) is evaluated every time.
//!
//! A branch is evaluated whole when its condition has changed, a row when it has; markup from functions always.
//! Being evaluated too often costs time in the view, but sends nothing: the host compares what it gets with what the
//! browser has.
//!
//! # What else is here
//!
//! [`testing`] drives a view on the developer's machine. [`environment`] is the log, the time and randomness;
//! [`kv`], [`presence`], [`uploads`], [`services`], [`http`] and [`task_control`] are the imports of the contract as they
//! are. The one type of a dependency in the interface is `serde_json::Value`, made by [`json!`].

#[cfg(any(test, all(target_family = "wasm", target_os = "unknown")))]
mod allocator;
mod assign;
#[doc(hidden)]
pub mod bindings;
mod component;
mod context;
pub mod environment;
mod event;
mod export;
mod failure;
mod html;
pub mod js;
mod json;
mod key;
mod list;
#[doc(hidden)]
pub mod macro_support;
mod rendering;
mod socket;
mod template;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
mod tracking;
mod view;

pub use assign::Assign;
pub use bindings::hothouse::live::types::{
    LeaveReason, Message, Pair, PresenceChange, Publication, TaskOutcome, TaskProgress, TaskResult,
};
pub use bindings::hothouse::live::{http, kv, presence, services, task_control, uploads};
pub use component::Slot;
pub use context::{Context, Phase};
pub use event::{Event, Fields, FromValue, Payload, RawEvent};
pub use failure::{Failure, FailureKind, Result};
pub use hothouse_sdk_macros::{Event, SlotAttributes, component, html};
pub use html::{Attrs, Html, ToHtml, ToText};
pub use js::{JS, To};
pub use json::Json;
pub use key::Key;
pub use list::{Iter, List, RowId};
pub use serde_json::json;
pub use socket::{Audience, History, Socket, UploadRules};
pub use view::LiveView;

/// What a view's file begins with: `use hothouse_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Assign, Attrs, Context, Event, Failure, FailureKind, FromValue, Html, JS, Json, Key, LeaveReason,
        List, LiveView, Message, Payload, RawEvent, Result, RowId, Slot, SlotAttributes, Socket, TaskOutcome,
        TaskResult, To, ToHtml, ToText, component, environment, export, html, json,
    };
}
