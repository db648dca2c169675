//! Write Hothouse views in Rust.
//!
//! A view is a struct with state, an enum of events and a template. `html!` tracks what each piece of the
//! template reads: after an event only what depends on a changed [`Assign`] or [`List`] is evaluated.
//!
//! See [`LiveView`] for a whole view.

#![deny(missing_docs)]

mod assign;
#[doc(hidden)]
pub mod bindings;
mod context;
pub mod environment;
mod event;
mod export;
mod failure;
mod html;
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
pub use context::{Context, Phase};
pub use event::{Event, Fields, FromValue, Payload, RawEvent};
pub use failure::{Failure, FailureKind, Result};
pub use hothouse_sdk_macros::{Event, html};
pub use html::{Html, ToHtml, ToText};
pub use json::Json;
pub use key::Key;
pub use list::{Iter, List, RowId};
pub use serde_json::json;
pub use socket::{Audience, History, Socket, UploadRules};
pub use view::LiveView;

/// What a view's file begins with: `use hothouse_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Assign, Context, Event, Failure, FailureKind, FromValue, Html, Json, Key, LeaveReason, List,
        LiveView, Message, Payload, RawEvent, Result, RowId, Socket, TaskOutcome, TaskResult, ToHtml, ToText,
        environment, export, html, json,
    };
}
