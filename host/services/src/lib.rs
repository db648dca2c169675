//! What views may use besides their own state: messages between them, keys and values that outlive them, other servers,
//! and services of the application that embeds the host. Knows nothing of wasm, nor of views.
//!
//! | service | unit | bounds |
//! | --- | --- | --- |
//! | [`pubsub`] | one per tenant | names of [`pubsub::MAX_NAME_BYTES`], payloads of [`pubsub::MAX_PAYLOAD_BYTES`], [`pubsub::MAX_TOPICS`] topics for a subscriber, [`pubsub::MAX_WAITING`] messages that wait for it |
//! | [`http`] | one client per host | origins named in the manifest of the component, public addresses, bodies of [`http::MAX_BODY_BYTES`] |
//! | [`kv`] | one store per tenant | keys of [`kv::MAX_KEY_BYTES`], values of [`kv::MAX_VALUE_BYTES`], [`kv::MAX_WRITES`] writes in a transaction, and all together what the tenant may have |
//! | [`presence`] | one per tenant | metas of [`presence::MAX_META_BYTES`], [`presence::MAX_PRESENCES`] for a view, [`presence::MAX_TOPIC_BYTES`] for a topic, [`presence::MAX_TENANT_PRESENCES`] in all |
//! | [`http`] | one client per host | origins named in the manifest of the component, public addresses, bodies of [`http::MAX_BODY_BYTES`] |
//! | [`registered`] | one table per host | named in the manifest of the component that calls |

use std::sync::{Mutex, MutexGuard, PoisonError};

mod failure;
pub mod http;
pub mod kv;
pub mod presence;
pub mod pubsub;
pub mod registered;

pub use failure::{Failure, FailureKind};

/// No code that holds one of these locks can panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
