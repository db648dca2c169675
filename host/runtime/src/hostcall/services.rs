//! `services`: what the embedding application has registered and the manifest has granted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use hothouse_services::registered::Caller;
use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{services, types};
use crate::contract::failure_to_wit;
use crate::error::CallKind;
use crate::state::State;

/// An answer that takes longer is told to the operator, whose service it is.
const SLOW: Duration = Duration::from_millis(50);

/// So much of a name that a guest made up is repeated to it.
const MAX_SHOWN_BYTES: usize = 64;

impl services::Host for State {
    fn call(&mut self, name: String, input: Vec<u8>) -> Result<Vec<u8>, types::Failure> {
        self.call_service(&name, &input).map_err(failure_to_wit)
    }
}

impl State {
    fn call_service(&self, name: &str, input: &[u8]) -> Result<Vec<u8>, Failure> {
        if self.call.kind == CallKind::Load {
            return Err(Failure::new(
                FailureKind::NotHere,
                "a component that is being loaded has no services",
            ));
        }
        let Some(service) = self.grants.services.get(name) else {
            return Err(Failure::new(
                FailureKind::Forbidden,
                format!(
                    "service `{}` was not granted: name it under `services` of the component",
                    name.get(..name.floor_char_boundary(MAX_SHOWN_BYTES)).unwrap_or_default()
                ),
            ));
        };
        let Ok(_place) = self.grants.service_calls.try_acquire() else {
            return Err(Failure::new(
                FailureKind::Limit,
                "too many calls of services at once: try again later",
            ));
        };
        let caller = Caller::new(self.tenant.name(), &self.view, &self.session);
        let began = Instant::now();
        // Should the service block, then not a thread that runs views.
        let answer = tokio::task::block_in_place(|| {
            // A panic is the application's own; the view only hears that there is no answer.
            catch_unwind(AssertUnwindSafe(|| service.call(&caller, input)))
        });
        let took = began.elapsed();
        if took > SLOW {
            tracing::warn!(
                parent: &self.span, code = "slow-service",
                tenant = self.tenant.name(), view = %self.view, call = %self.call.kind, service = name, ?took, limit = ?SLOW,
                "service is slow: a view waits for it, answer from memory"
            );
        }
        answer.unwrap_or_else(|_| {
            tracing::error!(
                parent: &self.span, code = "service-panicked",
                tenant = self.tenant.name(), view = %self.view, call = %self.call.kind, service = name,
                "service panicked"
            );
            Err(Failure::new(FailureKind::Internal, "The service did not answer."))
        })
    }
}
