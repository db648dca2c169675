//! `presence`: who is there, from memory.

use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{presence, types};
use crate::contract::{failure_to_wit, unavailable};
use crate::error::CallKind;
use crate::state::State;

impl presence::Host for State {
    fn members(&mut self, topic: String) -> Result<Vec<presence::Member>, types::Failure> {
        if self.call.kind == CallKind::Load {
            let message = "a component that is being loaded has nobody around it";
            return Err(failure_to_wit(Failure::new(FailureKind::NotHere, message)));
        }
        let Some(tracker) = &self.grants.presence else {
            return Err(failure_to_wit(unavailable("`presence.members`")));
        };
        let members = tracker.members(&topic).into_iter();
        Ok(members.map(|member| presence::Member { key: member.key, metas: member.metas }).collect())
    }
}
