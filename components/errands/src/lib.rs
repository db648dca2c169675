//! Background work of all kinds. What the view is told of it is shown, as it came.
//!
//! The event `start` starts the errand `{key, what, input}`, `cancel` cancels the one of a key, `ask` asks for what only a
//! task may have. `several` starts so many under one key each.

use std::hint::black_box;

use hothouse_sdk::prelude::*;
use hothouse_sdk::task;

mod errand;

use errand::Errand;

struct Errands {
    told: List<String>,
    clicks: Assign<u32>,
    progress: Assign<u32>,
    /// What somebody types meanwhile.
    note: Assign<String>,
}

#[derive(Event)]
enum ErrandsEvent {
    Click,
    Write {
        note: String,
    },
    Start {
        key: String,
        what: String,
        input: String,
    },
    /// In one callback.
    Twice {
        key: String,
        what: String,
        input: String,
    },
    Several {
        count: u32,
        what: String,
        input: String,
    },
    Cancel {
        key: String,
    },
    /// Keeps the view busy for a while.
    Busy,
    Ask,
    Leave,
}

impl LiveView for Errands {
    type Event = ErrandsEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        if context.param("start").is_some() {
            socket.start_task("mounted", Errand::new("echo", "mounted"));
        }
        Ok(Self { told: List::new(), clicks: 0.into(), progress: 0.into(), note: String::new().into() })
    }

    fn handle_event(&mut self, event: ErrandsEvent, socket: &mut Socket) -> Result<()> {
        match event {
            ErrandsEvent::Click => *self.clicks += 1,
            ErrandsEvent::Write { note } => self.note.set(note),
            ErrandsEvent::Start { key, what, input } => socket.start_task(key, Errand::new(&what, &input)),
            ErrandsEvent::Twice { key, what, input } => {
                socket.start_task(key.clone(), Errand::new(&what, &input));
                socket.start_task(key, Errand::new(&what, &format!("{input} again")));
            }
            ErrandsEvent::Several { count, what, input } => {
                for number in 1..=count {
                    socket.start_task(number.to_string(), Errand::new(&what, &input));
                }
            }
            ErrandsEvent::Cancel { key } => socket.cancel_task(key),
            ErrandsEvent::Busy => {
                black_box((0..30_000_000_u64).fold(0, |sum, next| sum ^ black_box(next)));
            }
            ErrandsEvent::Ask => {
                self.told.push(errand::asked_in_a_view());
            }
            ErrandsEvent::Leave => socket.push_navigate("/elsewhere"),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(progress) = message {
            *self.progress += 1;
            let report = progress.value::<Errand>()?;
            if !report.is_empty() {
                self.told.push(format!("{}: {report}", progress.key));
            }
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
        let key = &done.key;
        let told = match (&done.outcome, done.output::<Errand>()) {
            (TaskOutcome::Done(_), answer) => format!("{key} done {}", shortened(answer?)),
            (TaskOutcome::Failed(failure), _) => {
                format!("{key} failed {:?} {}", failure.kind, failure.message)
            }
            (TaskOutcome::Cancelled, _) => format!("{key} cancelled"),
            (TaskOutcome::TimedOut, _) => format!("{key} timed out"),
            (TaskOutcome::Crashed, _) => format!("{key} crashed"),
        };
        self.told.push(told);
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Errand,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <p id="clicks">{self.clicks}</p>
                <p id="progress">{self.progress}</p>
                <form id="form" phx-change="write"><input id="note" name="note" value={self.note}></form>
                <p id="written">{self.note}</p>
                <button phx-click={JS::new().push("start").value(json!({ "key": "long", "what": "sleep", "input": "10000" }))}>
                    "Ten seconds"
                </button>
                <button phx-click={JS::new().push("start").value(json!({ "key": "count", "what": "count", "input": "20" }))}>
                    "Count"
                </button>
                <ol id="told">for told in self.told { <li>{told}</li> }</ol>
            </main>
        }
    }
}

fn shortened(answer: String) -> String {
    if answer.len() > 1_000 { format!("{} bytes", answer.len()) } else { answer }
}

hothouse_sdk::export!(Errands);
