//! An independent client of the LiveView protocol, for tests.
//!
//! Written from the protocol's description; shares no code with the host, so that a mistake of the host's cannot hide
//! itself. [`Client`] gets pages and keeps cookies, [`Socket`] speaks frames, [`View`] joins and clicks, and
//! [`Tree`] merges diffs and makes HTML of them.

use std::time::Duration;

mod error;
mod http;
mod merge;
mod socket;
mod view;

pub use error::MergeError;
pub use http::{Client, Page, ViewElement};
pub use merge::Tree;
pub use socket::{Handshake, Message, Refused, Socket};
pub use view::View;

/// How long a test waits for the host before it fails.
const PATIENCE: Duration = Duration::from_secs(10);
