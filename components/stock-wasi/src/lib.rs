//! A view on the standard library, built for `wasm32-wasip2`: it prints, asks for the time, for random numbers and for
//! its environment, and tries to sleep, to read a file and to leave. Each event replies with what it got; `nap` sleeps in
//! a task, where it may, and the page shows for how long.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{self, Progress, Task};
use serde::{Deserialize, Serialize};

struct StockWasi {
    count: Assign<u32>,
    naps: List<u64>,
}

/// Sleeps as any program does, and answers how many milliseconds have gone by.
#[derive(Serialize, Deserialize)]
struct Nap {
    ms: u64,
}

impl Task for Nap {
    const NAME: &'static str = "nap";
    type Output = u64;
    type Progress = ();

    fn run(self, _progress: &Progress<()>) -> Result<u64> {
        let began = Instant::now();
        std::thread::sleep(Duration::from_millis(self.ms));
        Ok(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl LiveView for StockWasi {
    type Event = RawEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { count: Assign::new(0), naps: List::new() })
    }

    fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()> {
        let (name, argument) = event.name.split_once(':').unwrap_or((&event.name, ""));
        match name {
            "out" => writes(writeln!(std::io::stdout(), "{argument}"))?,
            "err" => writes(writeln!(std::io::stderr(), "{argument}"))?,
            "partial" => {
                writes(write!(std::io::stdout(), "{argument}"))?;
                writes(std::io::stdout().flush())?;
            }
            "lines" => {
                for line in 0..argument.parse::<u32>().unwrap_or(0) {
                    writes(writeln!(std::io::stdout(), "line {line}"))?;
                }
            }
            "long" => writes(writeln!(std::io::stdout(), "{}", "x".repeat(argument.parse().unwrap_or(0))))?,
            "wall" => socket.reply(json!(millis(SystemTime::now().duration_since(UNIX_EPOCH).ok()))),
            "twice" => {
                // The same throughout a callback, however long it takes.
                let (began, at) = (Instant::now(), SystemTime::now());
                let mut sum = 0_u64;
                for number in 0..3_000_000_u64 {
                    sum = std::hint::black_box(sum.wrapping_add(number * number));
                }
                let same = began.elapsed().is_zero() && at.elapsed().is_ok_and(|elapsed| elapsed.is_zero());
                socket.reply(json!(same && sum > 0));
            }
            "random" => socket.reply(json!(RandomState::new().build_hasher().finish().to_string())),
            "env" => socket.reply(json!(std::env::vars().collect::<Vec<_>>())),
            "args" => socket.reply(json!(std::env::args().count())),
            "stdin" => {
                let mut byte = [0];
                socket.reply(json!(std::io::stdin().read(&mut byte).ok()));
            }
            "file" => socket.reply(json!(std::fs::read("/etc/passwd").is_err())),
            "sleep" => std::thread::sleep(Duration::from_millis(argument.parse().unwrap_or(1))),
            "nap" => socket.start_task("nap", Nap { ms: argument.parse().unwrap_or(1) }),
            "exit" => std::process::exit(argument.parse().unwrap_or(0)),
            #[expect(clippy::panic, reason = "its message is what this event is for")]
            "panic" => panic!("as asked: {argument}"),
            _ => *self.count += 1,
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
        self.naps.push(done.output::<Nap>()?);
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Nap,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <p id="count">{self.count}</p>
            <ol>for nap in self.naps { <li>{nap}</li> }</ol>
        }
    }
}

fn writes(result: std::io::Result<()>) -> Result<()> {
    result.map_err(|error| Failure::internal(error.to_string()))
}

fn millis(duration: Option<Duration>) -> Option<f64> {
    duration.map(|duration| duration.as_secs_f64() * 1_000.0)
}

export!(StockWasi);
