//! What views may use besides their own state: messages between them, keys and values that outlive them, and services of
//! the application that embeds the host. Knows nothing of wasm, HTTP or views.
//!
//! | service | unit | bounds |
//! | --- | --- | --- |
//! | [`pubsub`] | one per tenant | names of [`pubsub::MAX_NAME_BYTES`], payloads of [`pubsub::MAX_PAYLOAD_BYTES`], [`pubsub::MAX_TOPICS`] topics for a subscriber, [`pubsub::MAX_WAITING`] messages that wait for it |
//! | [`kv`] | one store per tenant | keys of [`kv::MAX_KEY_BYTES`], values of [`kv::MAX_VALUE_BYTES`], [`kv::MAX_WRITES`] writes in a transaction, and all together what the tenant may have |
//! | [`registered`] | one table per host | named in the manifest of the component that calls |

mod failure;
pub mod kv;
pub mod pubsub;
pub mod registered;

pub use failure::{Failure, FailureKind};
