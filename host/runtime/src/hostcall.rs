//! What guests may call. The environment, the connection, the page, the key-value store, presence
//! and registered services are served; what waits is served to tasks alone ([`crate::task`]); every other interface answers
//! `unavailable` until it has a service. No function here blocks a thread that runs views.

use crate::contract::bindings::hothouse::live::{environment, types, uploads};
use crate::contract::{failure_to_wit, unavailable};
use crate::state::State;

mod connection;
mod kv;
mod page;
mod presence;
mod services;
mod waiting;

/// Most random bytes of one call.
const MAX_RANDOM_BYTES: u32 = 4 * 1024;

impl types::Host for State {}

impl environment::Host for State {
    fn log(&mut self, level: environment::Level, message: String) {
        // A line break would let a guest write lines of ours.
        for line in message.lines().filter(|line| !line.is_empty()) {
            self.log_line(level, line);
        }
    }

    fn config(&mut self, name: String) -> Option<String> {
        self.setting(&name)
    }

    fn now_ms(&mut self) -> f64 {
        self.call.now_ms()
    }

    fn random(&mut self, length: u32) -> Vec<u8> {
        let length = usize::try_from(length.min(MAX_RANDOM_BYTES)).unwrap_or_default();
        let mut bytes = vec![0; length];
        match getrandom::fill(&mut bytes) {
            Ok(()) => bytes,
            Err(error) => {
                // Nothing rather than something that can be guessed.
                tracing::error!(parent: &self.span, code = "no-randomness", %error, "no random bytes");
                Vec::new()
            }
        }
    }
}

impl State {
    fn log_line(&mut self, level: environment::Level, line: &str) {
        if !self.may_log() {
            return;
        }
        let line = line.get(..line.floor_char_boundary(self.log.max_line_bytes)).unwrap_or_default();
        let (span, tenant, view, call) = (&self.span, self.tenant.name(), &*self.view, self.call.kind);
        // A guest's fault is never our error.
        match level {
            environment::Level::Debug => {
                tracing::debug!(target: "guest", parent: span, tenant, view, %call, "{line}")
            }
            environment::Level::Info => {
                tracing::info!(target: "guest", parent: span, tenant, view, %call, "{line}")
            }
            environment::Level::Warn | environment::Level::Error => {
                tracing::warn!(target: "guest", parent: span, tenant, view, %call, "{line}");
            }
        }
    }
}

/// There is no service for uploads yet.
impl uploads::Host for State {
    fn entries(&mut self, _name: String) -> Result<Vec<uploads::Entry>, types::Failure> {
        Err(failure_to_wit(unavailable("`uploads.entries`")))
    }

    fn read(&mut self, _entry: String, _offset: f64, _length: u32) -> Result<Vec<u8>, types::Failure> {
        Err(failure_to_wit(unavailable("`uploads.read`")))
    }

    fn keep(&mut self, _entry: String, _place: String) -> Result<String, types::Failure> {
        Err(failure_to_wit(unavailable("`uploads.keep`")))
    }
}
