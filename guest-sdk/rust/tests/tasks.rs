//! Tasks of a view, and values that they bring, without a host.

use hothouse_sdk::kit::AsyncResult;
use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{self, Progress, Task};
use hothouse_sdk::testing::{self, Effect, View};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Measure {
    plant: String,
}

impl Task for Measure {
    const NAME: &'static str = "measure";
    type Output = u32;
    type Progress = u32;

    fn run(self, progress: &Progress<u32>) -> Result<u32> {
        if self.plant.is_empty() {
            return Err(Failure::not_found("there is no such plant"));
        }
        for height in 1..=3 {
            progress.report(&height)?;
        }
        Ok(self.plant.len() as u32)
    }
}

#[derive(State)]
struct Garden {
    height: Async<u32>,
    other: Async<u32>,
    #[live(skip)]
    seen: Vec<u32>,
    #[live(skip)]
    outcomes: Vec<TaskOutcome>,
}

#[derive(Event)]
enum GardenEvent {
    Measure { plant: String },
    Both,
    Cancel,
    Start,
}

impl LiveView for Garden {
    type Event = GardenEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let (height, other) = (Async::default(), Async::default());
        Ok(Self { height, other, seen: Vec::new(), outcomes: Vec::new() })
    }

    fn handle_event(&mut self, event: GardenEvent, socket: &mut Socket) -> Result<()> {
        let measure = |plant: &str| Measure { plant: plant.to_owned() };
        match event {
            GardenEvent::Measure { plant } => socket.assign_async(&mut self.height, Measure { plant }),
            GardenEvent::Both => {
                socket.assign_async(&mut self.height, measure("fern"));
                socket.assign_async(&mut self.other, measure("ivy"));
            }
            GardenEvent::Cancel => socket.cancel_async(&self.height),
            GardenEvent::Start => socket.start_task("own", measure("palm")),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(progress) = message {
            self.seen.push(progress.value::<Measure>()?);
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
        let is_assigned =
            self.height.handle_task::<Measure>(&done) || self.other.handle_task::<Measure>(&done);
        if !is_assigned {
            self.outcomes.push(done.outcome);
        }
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Measure,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <AsyncResult assign={self.height}>
                <:loading>"loading"</:loading>
                <:shown :let={height}>{height} " cm"</:shown>
                <:failed :let={failure}>{failure.message}</:failed>
            </AsyncResult>
            <p aria-busy={if self.other.is_loading() { "true" } else { "false" }}>{self.other.value().copied().unwrap_or(0)}</p>
        }
    }
}

#[expect(clippy::unwrap_used, reason = "what all tests begin with")]
fn garden() -> View<Garden> {
    View::mount(&testing::context().build()).unwrap()
}

fn shown(view: &View<Garden>) -> String {
    view.html().split("<p").next().unwrap_or_default().to_owned()
}

#[test]
fn a_value_is_loading_then_there_and_stays_while_it_is_loaded_again() {
    let mut view = garden();
    assert_eq!(shown(&view), "");
    view.event("measure", r#"{"plant":"palm"}"#).unwrap();
    assert_eq!(shown(&view), "loading");
    view.run_tasks().unwrap();
    assert_eq!(shown(&view), "4 cm");
    view.event("measure", r#"{"plant":""}"#).unwrap();
    assert_eq!(shown(&view), "4 cm");
    assert!(view.state().height.is_loading());
    view.run_tasks().unwrap();
    assert_eq!(shown(&view), "4 cmthere is no such plant");
    view.event("measure", r#"{"plant":"bamboo"}"#).unwrap();
    assert_eq!(shown(&view), "4 cm", "a failure is forgotten when it is tried again");
    view.run_tasks().unwrap();
    assert_eq!(shown(&view), "6 cm");
}

#[test]
fn progress_comes_before_the_end() {
    let mut view = garden();
    view.event("start", "{}").unwrap();
    view.run_tasks().unwrap();
    assert_eq!(view.state().seen, [1, 2, 3]);
    assert_eq!(view.state().outcomes, [TaskOutcome::Done(vec![4])]);
}

#[test]
fn values_of_one_kind_of_task_do_not_meet() {
    let mut view = garden();
    view.event("both", "{}").unwrap();
    let keys: Vec<String> = view.take_effects().into_iter().filter_map(key).collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
    view.end_task(&keys[1], TaskOutcome::Done(vec![9])).unwrap();
    assert_eq!(view.html(), r#"loading<p aria-busy="false">9</p>"#);
    view.end_task(&keys[0], TaskOutcome::Crashed).unwrap();
    assert_eq!(shown(&view), "This did not work.");
}

fn key(effect: Effect) -> Option<String> {
    if let Effect::StartTask(task) = effect { Some(task.key) } else { None }
}

#[test]
fn a_value_takes_what_it_asked_for_last() {
    let mut view = garden();
    view.event("measure", r#"{"plant":"palm"}"#).unwrap();
    view.event("measure", r#"{"plant":"ivy"}"#).unwrap();
    let keys: Vec<String> = view.take_effects().into_iter().filter_map(key).collect();
    assert_eq!(keys[0], keys[1], "the host replaces the first");
    view.end_task("measure#999", TaskOutcome::Done(vec![1])).unwrap();
    assert_eq!(shown(&view), "loading");
    assert_eq!(view.state().outcomes, [TaskOutcome::Done(vec![1])], "it is somebody else's");
    view.end_task(&keys[0], TaskOutcome::Done(vec![3])).unwrap();
    assert_eq!(shown(&view), "3 cm");
}

#[test]
fn what_is_cancelled_is_as_it_was() {
    let mut view = garden();
    view.event("cancel", "{}").unwrap();
    assert!(view.take_effects().is_empty(), "nothing is loading");
    view.event("measure", r#"{"plant":"palm"}"#).unwrap();
    view.event("cancel", "{}").unwrap();
    let effects = view.take_effects();
    let [Effect::StartTask(started), Effect::CancelTask(cancelled)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(started.key, *cancelled);
    view.end_task(cancelled, TaskOutcome::Cancelled).unwrap();
    assert_eq!(shown(&view), "");
    assert!(!view.state().height.is_loading() && view.state().height.failure().is_none());
}

#[test]
fn what_was_loading_is_not_when_it_is_restored() {
    let mut view = garden();
    view.event("measure", r#"{"plant":"palm"}"#).unwrap();
    view.run_tasks().unwrap();
    view.event("both", "{}").unwrap();
    let snapshot = view.snapshot().unwrap();
    let view = View::<Garden>::restore(&snapshot, &testing::context().build()).unwrap();
    assert_eq!(view.html(), r#"4 cm<p aria-busy="false">0</p>"#);
    assert!(!view.state().height.is_loading());
}

#[test]
fn a_value_is_evaluated_when_it_changes_and_not_otherwise() {
    let mut view = garden();
    view.event("measure", r#"{"plant":"palm"}"#).unwrap();
    view.run_tasks().unwrap();
    view.event("start", "{}").unwrap();
    assert!(!view.changes().contains('"'), "{}", view.changes());
}

#[test]
fn bytes_of_another_type_are_refused() {
    let kind = |answer: Result<Vec<u8>>| answer.err().map(|failure| failure.kind);
    assert_eq!(kind(Garden::run_task("measure", &[200])), Some(FailureKind::BadInput));
    assert_eq!(kind(Garden::run_task("measure", &[1, b'x', 7])), Some(FailureKind::BadInput));
    assert_eq!(kind(Garden::run_task("mesure", &[])), Some(FailureKind::NotFound));
    let result = |outcome| TaskResult { key: "k".to_owned(), outcome };
    let output = |outcome| result(outcome).output::<Measure>().map_err(|failure| failure.kind);
    assert_eq!(output(TaskOutcome::Done(vec![7])), Ok(7));
    assert_eq!(output(TaskOutcome::Done(vec![])), Err(FailureKind::BadInput));
    assert_eq!(output(TaskOutcome::Failed(Failure::forbidden("no"))), Err(FailureKind::Forbidden));
    assert_eq!(output(TaskOutcome::TimedOut), Err(FailureKind::Unavailable));
}
