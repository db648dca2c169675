//! What views may use besides their own state: messages between them, other servers, and services of the application that embeds
//! the host. Knows nothing of wasm, nor of views.
//!
//! | service | unit | bounds |
//! | --- | --- | --- |
//! | [`pubsub`] | one per tenant | names of [`pubsub::MAX_NAME_BYTES`], payloads of [`pubsub::MAX_PAYLOAD_BYTES`], [`pubsub::MAX_TOPICS`] topics for a subscriber, [`pubsub::MAX_WAITING`] messages that wait for it |
//! | [`http`] | one client per host | origins named in the manifest of the component, public addresses, bodies of [`http::MAX_BODY_BYTES`] |
//! | [`registered`] | one table per host | named in the manifest of the component that calls |

mod failure;
pub mod http;
pub mod pubsub;
pub mod registered;

pub use failure::{Failure, FailureKind};
