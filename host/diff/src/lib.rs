//! Rendered tree to smallest diff.
//!
//! A view renders a [`Tree`]: literal parts (templates), sent by the guest once, and slots between them. The browser
//! holds the same shape. [`compute`] takes the tree and what the browser [`Held`], and gives the [`Update`] that brings
//! the browser up to date; afterwards `Held` is what it holds then. Nothing else is kept: the same input gives the same
//! output.
//!
//! ```
//! use std::sync::Arc;
//! use hothouse_diff::{Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Scope, Slot, Templates, Tree, compute};
//!
//! let mut templates = Templates::new(Arc::new(Interner::new(Policy::default())));
//! let tree = |count: &str, new: Vec<NewTemplate>| Tree {
//!     root: Slot::Node(0),
//!     nodes: vec![Node { template: 1, slots: vec![Slot::Text(count.to_owned())] }],
//!     templates: new,
//!     ..Tree::default()
//! };
//! let statics = NewTemplate { id: 1, statics: vec!["<p>Count: ".to_owned(), "</p>".to_owned()] };
//!
//! let mut held = Held::default();
//! let first = tree("0", vec![statics]);
//! let update = compute(first, &mut templates, &mut held, Scope::Everything, &Limits::default())?;
//! assert_eq!(update.to_json(&Extras::default()), r#"{"0":"0","s":["<p>Count: ","</p>"]}"#);
//!
//! let second = tree("1", vec![]);
//! let update = compute(second, &mut templates, &mut held, Scope::Changes, &Limits::default())?;
//! assert_eq!(update.to_json(&Extras::default()), r#"{"0":"1"}"#);
//! # Ok::<(), hothouse_diff::Fault>(())
//! ```
//!
//! Everything in a tree is hostile: literal parts are parsed once, when first seen, and each slot remembers the
//! context in which its value stands; values are escaped for it here. Knows no frames, sockets or guests.

mod arena;
mod attributes;
mod commands;
mod components;
mod compute;
mod context;
mod document;
mod encode;
pub mod escape;
mod extras;
mod fault;
mod held;
mod hooks;
mod html;
mod keyed;
mod plain;
mod policy;
mod rendered;
mod scan;
mod stream;
mod template;
mod update;

pub use arena::{Limits, Used};
pub use components::complete;
pub use compute::{Scope, compute};
pub use document::Document;
pub use extras::Extras;
pub use fault::Fault;
pub use held::Held;
pub use hooks::{Hooks, MAX_HOOK_NAME_BYTES, is_hook_name};
pub use html::html;
pub use policy::Policy;
pub use rendered::{ComponentEntry, Each, NewTemplate, Node, Row, Slot, StreamChange, StreamInsert, Tree};
pub use template::{Interner, Template, Templates};
pub use update::Update;
