//! More announcements than anybody can show: so many, spread over a second, to every page. Each shows the last number.

use std::time::Duration;

use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

const TOPIC: &str = "numbers";
/// A timer goes off every 100 ms at most, so a tenth of the numbers is announced each time.
const STEPS: u32 = 10;
const STEP: Duration = Duration::from_millis(100);
/// What one callback may announce in each step, with room for what else it asks for.
const MAX_NUMBERS: u32 = 2_000;

struct Burst {
    last: Assign<u32>,
    /// How many are to be announced, and how many were.
    wanted: u32,
    announced: u32,
}

#[derive(Event)]
enum BurstEvent {
    Burst { n: u32 },
}

#[derive(Serialize, Deserialize)]
enum Announcement {
    Number(u32),
}

impl LiveView for Burst {
    type Event = BurstEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.subscribe(TOPIC);
        Ok(Self { last: Assign::new(0), wanted: 0, announced: 0 })
    }

    fn handle_event(&mut self, event: BurstEvent, socket: &mut Socket) -> Result<()> {
        let BurstEvent::Burst { n } = event;
        if n > MAX_NUMBERS {
            return Err(Failure::bad_input(format!("at most {MAX_NUMBERS} numbers")));
        }
        (self.wanted, self.announced) = (n, 0);
        socket.send_every("step", STEP);
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        match message {
            Message::Timer(_) => self.step(socket),
            Message::Published(publication) => {
                let Announcement::Number(number) = publication.read()?;
                self.last.set(number);
            }
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p>{self.last}</p> }
    }
}

impl Burst {
    fn step(&mut self, socket: &mut Socket) {
        let until = (self.announced + self.wanted.div_ceil(STEPS)).min(self.wanted);
        for number in self.announced + 1..=until {
            socket.broadcast(TOPIC, &Announcement::Number(number));
        }
        self.announced = until;
        if until == self.wanted {
            socket.cancel_timer("step");
        }
    }
}

export!(Burst);
