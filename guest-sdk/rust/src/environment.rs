//! What every view may ask of the host: the log, its configuration, the time, random bytes.
//!
//! Outside of a component, in tests on the developer's machine, there is no host: log lines are dropped,
//! there is no configuration, time and randomness are the machine's.

#[cfg(target_family = "wasm")]
use crate::bindings::hothouse::live::environment as host;
#[cfg(not(target_family = "wasm"))]
use native as host;

/// Writes a line for developers to the view's log.
pub fn debug(message: &str) {
    host::log(host::Level::Debug, message);
}

/// Writes a line about the ordinary course of things to the view's log.
pub fn info(message: &str) {
    host::log(host::Level::Info, message);
}

/// Writes a line about something suspicious to the view's log.
pub fn warn(message: &str) {
    host::log(host::Level::Warn, message);
}

/// Writes a line about something that went wrong to the view's log.
pub fn error(message: &str) {
    host::log(host::Level::Error, message);
}

/// One value of the configuration that the operator gave to this view.
pub fn config(name: &str) -> Option<String> {
    host::config(name)
}

/// Milliseconds since 1970-01-01 UTC. Stands still during a callback.
pub fn now_ms() -> f64 {
    host::now_ms()
}

/// Random bytes from the host's generator; at most 4,096 at once.
pub fn random(length: u32) -> Vec<u8> {
    host::random(length)
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::hash::{BuildHasher as _, RandomState};
    use std::time::{SystemTime, UNIX_EPOCH};

    pub(super) use crate::bindings::hothouse::live::environment::Level;

    pub(super) fn log(_level: Level, _message: &str) {}

    pub(super) fn config(_name: &str) -> Option<String> {
        None
    }

    pub(super) fn now_ms() -> f64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (since.as_secs_f64() * 1000.0).floor()
    }

    pub(super) fn random(length: u32) -> Vec<u8> {
        let bytes = std::iter::repeat_with(|| RandomState::new().hash_one(0_u8).to_le_bytes()).flatten();
        bytes.take(length as usize).collect()
    }
}
