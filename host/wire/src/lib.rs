//! The Phoenix channel protocol 2.0.0 and the LiveView payloads in it, as closed types.
//!
//! Pure: text in, [`Frame`] out; [`Outbound`] in, text out. Everything that comes from a client is bounded and
//! nothing panics. Knows no sockets, no diffs (they arrive as JSON text) and no guests.
//!
//! Source: the published client `phoenix` 1.8.16 (`assets/js/phoenix/serializer.js`) and `phoenix_live_view`
//! 1.2.12 (`assets/js/phoenix_live_view/view.ts`, `constants.ts`).

mod decode;
mod error;
mod form;
mod inbound;
mod keys;
mod outbound;

pub use decode::decode;
pub use error::DecodeError;
pub use inbound::{Event, EventValue, Frame, Inbound, Join, JoinParams, TopicKind};
pub use outbound::{Away, Destination, Outbound, Push, Refusal, Response};

/// Version of the client that this crate speaks to; the join reply carries it.
pub const LIVEVIEW_VERSION: &str = "1.2.12";
/// Longest text frame that is decoded, in bytes. Forms are the largest thing that a client sends.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;
/// Longest topic, in bytes: `lv:` and an element's id. Binary frames give its length one byte.
pub const MAX_TOPIC_BYTES: usize = 255;
/// Longest ref, in bytes: the digits of any 64-bit counter.
pub const MAX_REF_BYTES: usize = 20;
/// Longest name of an event, in bytes; the same for the app's events and the protocol's. Binary frames give its
/// length one byte.
pub const MAX_EVENT_NAME_BYTES: usize = 255;
/// Longest token, in bytes: twice what fits into a cookie.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Longest URL, in bytes: what common servers take in a request line.
pub const MAX_URL_BYTES: usize = 8 * 1024;
/// Most assets that a page tracks: far more than the scripts and styles of a page.
pub const MAX_TRACKED_ASSETS: usize = 256;
/// Most pairs in a form, those of `meta` included: each is two strings for a guest to take.
pub const MAX_FORM_PAIRS: usize = 1_000;
/// Most component ids in one message: what one patch may remove.
pub const MAX_COMPONENT_IDS: usize = 1_000;
/// Deepest nesting of arrays and objects in an event's value, a form's `meta` and a join's `params`, so that whoever
/// reads them may recurse.
pub const MAX_JSON_DEPTH: usize = 64;
