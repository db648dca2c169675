//! What waits, as it answers a view: never. In a task others stand in the places of these, see [`crate::task`].

use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{http, task_control, types};
use crate::contract::failure_to_wit;
use crate::state::State;

type Answer<T> = Result<T, types::Failure>;

impl task_control::Host for State {
    fn progress(&mut self, _data: Vec<u8>) -> Answer<()> {
        Err(not_here("task-control.progress"))
    }

    fn sleep(&mut self, _ms: u32) -> Answer<()> {
        Err(not_here("task-control.sleep"))
    }

    fn is_cancelled(&mut self) -> bool {
        false
    }
}

impl http::Host for State {
    fn send(&mut self, _request: http::Request) -> Answer<http::Response> {
        Err(not_here("http.send"))
    }

    fn open(&mut self, _request: http::Request) -> Answer<http::Head> {
        Err(not_here("http.open"))
    }

    fn read(&mut self, _body: u32, _max_bytes: u32) -> Answer<Vec<u8>> {
        Err(not_here("http.read"))
    }

    fn close(&mut self, _body: u32) {}
}

fn not_here(function: &str) -> types::Failure {
    let message = format!("`{function}` waits, which a view may not: start a task");
    failure_to_wit(Failure::new(FailureKind::NotHere, message))
}
