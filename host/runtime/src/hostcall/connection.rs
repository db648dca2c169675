//! `connection`: who is at the other end, as far as the manifest grants it.

use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{connection, types};
use crate::contract::failure_to_wit;
use crate::state::State;

impl connection::Host for State {
    fn peer_address(&mut self) -> Result<Option<String>, types::Failure> {
        granted(self.grants.connect_info.peer_address, "peer-address")?;
        Ok(self.connection.peer_address.map(|address| address.to_string()))
    }

    fn user_agent(&mut self) -> Result<Option<String>, types::Failure> {
        granted(self.grants.connect_info.user_agent, "user-agent")?;
        Ok(self.connection.user_agent.clone())
    }

    fn languages(&mut self) -> Result<Vec<String>, types::Failure> {
        granted(self.grants.connect_info.languages, "languages")?;
        Ok(self.connection.languages.clone())
    }

    fn time_zone(&mut self) -> Result<Option<String>, types::Failure> {
        granted(self.grants.connect_info.time_zone, "time-zone")?;
        Ok(self.connection.time_zone.clone())
    }

    fn assets_changed(&mut self) -> bool {
        self.connection.assets_changed
    }
}

fn granted(is_granted: bool, name: &str) -> Result<(), types::Failure> {
    if is_granted {
        return Ok(());
    }
    let message = format!("`{name}` was not granted: name it under `connect_info` of the component");
    Err(failure_to_wit(Failure::new(FailureKind::Forbidden, message)))
}
