//! An independent client of the LiveView protocol, for tests.
//!
//! Written from the protocol's description; shares no code with the host, so that a mistake of the host's cannot hide
//! itself. [`Client`] gets pages and keeps cookies, [`Socket`] speaks frames, [`View`] joins and clicks, and
//! [`Tree`] merges diffs and makes HTML of them.

mod http;
mod merge;
mod socket;
mod view;

pub use http::{Client, Page, ViewElement};
pub use merge::{MergeError, Tree};
pub use socket::{Handshake, Message, Refused, Socket};
pub use view::View;
