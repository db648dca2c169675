//! Background work that waits, of the benchmarks: four tasks, each started again when it has ended.

use std::time::Duration;

use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{self, Progress, Task};
use serde::{Deserialize, Serialize};

/// Tasks of a page, as many as it may have.
const TASKS: u32 = 4;
/// How long each of them waits: less than a task may take.
const WAIT: Duration = Duration::from_secs(50);

struct Waiting {
    /// Tasks that have said that they wait.
    waiting: Assign<u32>,
}

#[derive(Serialize, Deserialize)]
struct Wait;

impl Task for Wait {
    const NAME: &'static str = "wait";
    type Output = ();
    type Progress = ();

    fn run(self, progress: &Progress<()>) -> Result<()> {
        progress.report(&())?;
        progress.sleep(WAIT)
    }
}

impl LiveView for Waiting {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { waiting: 0.into() })
    }

    fn connected(&mut self, _context: &Context, socket: &mut Socket) -> Result<()> {
        for key in 1..=TASKS {
            socket.start_task(key.to_string(), Wait);
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(_) = message {
            *self.waiting += 1;
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, socket: &mut Socket) -> Result<()> {
        *self.waiting -= 1;
        socket.start_task(done.key, Wait);
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Wait,)>(name, input)
    }

    fn render(&self) -> Html {
        html! { <p>{self.waiting}</p> }
    }
}

export!(Waiting);
