//! What is done in the background, by its name.

use std::hint::black_box;
use std::time::Duration;

use hothouse_sdk::http::Request;
use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{Progress, Task};
use hothouse_sdk::{connection, page};
use serde::{Deserialize, Serialize};

/// What errands keep beyond their end.
const KEPT: kv::Collection<String> = kv::Collection::new("kept/");

#[derive(Serialize, Deserialize)]
pub(crate) struct Errand {
    what: String,
    input: String,
}

impl Errand {
    pub(crate) fn new(what: &str, input: &str) -> Self {
        Self { what: what.to_owned(), input: input.to_owned() }
    }

    fn number(&self) -> u32 {
        self.input.parse().unwrap_or(0)
    }
}

impl Task for Errand {
    const NAME: &'static str = "errand";
    type Output = String;
    type Progress = String;

    fn run(self, progress: &Progress<String>) -> Result<String> {
        let input = &self.input;
        match &*self.what {
            "echo" => Ok(self.input),
            "fail" => Err(Failure::forbidden(self.input)),
            "trap" => trap(),
            "spin" => loop {
                black_box(());
            },
            // So many milliseconds of work.
            "work" => {
                let began = environment::now_ms();
                black_box(
                    (0..u64::from(self.number()) * 100_000).fold(0, |sum: u64, next| sum ^ black_box(next)),
                );
                Ok(format!("{}", environment::now_ms() - began))
            }
            "grow" => {
                let mut all = Vec::new();
                loop {
                    all.push(vec![1_u8; 100_000]);
                    black_box(&all);
                }
            }
            "recurse" => Ok(recurse(1).to_string()),
            "sleep" => {
                progress.sleep(Duration::from_millis(self.number().into())).map(|()| "slept".to_owned())
            }
            "clock" => {
                let before = environment::now_ms();
                progress.sleep(Duration::from_millis(50))?;
                Ok(format!("{}", environment::now_ms() - before >= 50.0))
            }
            "report" => {
                for number in 1..=self.number() {
                    progress.report(&number.to_string())?;
                }
                Ok("reported".to_owned())
            }
            "count" => {
                for number in 1..=self.number() {
                    progress.report(&number.to_string())?;
                    progress.sleep(Duration::from_millis(100))?;
                }
                Ok("counted".to_owned())
            }
            "flood" => loop {
                progress.report(&String::new())?;
            },
            "report-bytes" => {
                progress.report(&"x".repeat(self.number() as usize)).map(|()| "told".to_owned())
            }
            "answer-bytes" => Ok("x".repeat(self.number() as usize)),
            // Goes on when it is cancelled.
            "deaf" => loop {
                let _ = progress.sleep(Duration::from_secs(1));
            },
            // Ends only when it is cancelled.
            "until-cancelled" => {
                while !progress.is_cancelled() {
                    black_box(());
                }
                Ok("nobody hears of this".to_owned())
            }
            "log" => {
                for number in 0..self.number() {
                    environment::info(&format!("line {number}"));
                }
                Ok("logged".to_owned())
            }
            "describe" => page::describe([("author", "a task")]).map(|()| "described".to_owned()),
            "language" => Ok(connection::languages()?.join(" ")),
            "setting" => Ok(environment::config(input).unwrap_or_default()),
            "service" => hothouse_sdk::services::call(input, b"from a task")
                .map(|answer| String::from_utf8_lossy(&answer).into_owned()),
            "keep" => KEPT.put("one", input).map(|()| "kept".to_owned()),
            "keep-and-fail" => {
                KEPT.put("one", input)?;
                Err(Failure::internal("after it has written"))
            }
            "keep-and-trap" => {
                KEPT.put("one", input)?;
                trap()
            }
            "kept" => Ok(KEPT.get("one")?.unwrap_or_default()),
            "get" => fetched(Request::get(input)),
            "stream" => {
                for event in Request::get(input).open()?.ok()?.events() {
                    progress.report(&event?.data)?;
                }
                Ok("streamed".to_owned())
            }
            other => other_request(other, input),
        }
    }
}

/// Requests that are more than a URL.
fn other_request(what: &str, input: &str) -> Result<String> {
    let (url, rest) = input.split_once(' ').unwrap_or((input, ""));
    match what {
        "post" => fetched(Request::post(url).body(rest)),
        "post-bytes" => fetched(Request::post(url).body("x".repeat(rest.parse().unwrap_or(0)))),
        "with-header" => {
            let (name, value) = rest.split_once('=').unwrap_or_default();
            fetched(Request::get(url).header(name, value))
        }
        "measure" => measured(Request::get(url)),
        "in-time" => fetched(Request::get(url).timeout(Duration::from_millis(rest.parse().unwrap_or(0)))),
        "read" => {
            let mut answer = Request::get(url).open()?.ok()?;
            let mut length = 0;
            while let Some(bytes) = Some(answer.read()?).filter(|bytes| !bytes.is_empty()) {
                length += bytes.len();
            }
            Ok(format!("{length} bytes"))
        }
        "open-many" => {
            let mut open = Vec::new();
            for _ in 0..rest.parse().unwrap_or(0) {
                open.push(Request::get(url).open()?);
            }
            Ok(format!("{} open", open.len()))
        }
        other => Err(Failure::not_found(format!("there is no errand {other:?}"))),
    }
}

fn fetched(request: Request) -> Result<String> {
    let response = request.send()?;
    let echoed = response.header("x-echo").map(|echoed| format!(" [{echoed}]")).unwrap_or_default();
    Ok(format!("{}{echoed} {}", response.status(), String::from_utf8_lossy(response.body())))
}

/// How an answer is encoded, and how its bytes begin.
fn measured(request: Request) -> Result<String> {
    let response = request.send()?;
    let header = |name| response.header(name).unwrap_or("none");
    let (encoding, echoed, body) = (header("content-encoding"), header("x-echo"), response.body());
    let begins: String = body.iter().take(2).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{} {encoding} {echoed} {} bytes {begins}", response.status(), body.len()))
}

#[expect(clippy::panic, reason = "that is what is asked for")]
fn trap() -> ! {
    panic!("asked to trap")
}

fn recurse(depth: u64) -> u64 {
    if depth == 0 { 0 } else { black_box(recurse(black_box(depth + 1))) + 1 }
}

/// What a view is answered where only a task is served.
pub(crate) fn asked_in_a_view() -> String {
    let request = || Request::get("http://example.com/");
    let kinds =
        [request().send().err(), request().open().err()].map(|failure| failure.map(|failure| failure.kind));
    format!("{kinds:?}")
}
