//! Background work: what takes longer than a callback may.
//!
//! A [`Task`] is started with [`Socket::start_task`](crate::Socket::start_task), or with
//! [`Socket::assign_async`](crate::Socket::assign_async) for a value that the view shows. It runs in an instance of its
//! own: it knows what is in its fields, and nothing of the view, which goes on meanwhile.
//!
//! ```
//! use hothouse_sdk::prelude::*;
//! use hothouse_sdk::task::{self, Progress, Task};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Count { to: u32 }
//!
//! impl Task for Count {
//!     const NAME: &'static str = "count";
//!     type Output = u64;
//!     type Progress = u32;
//!
//!     fn run(self, progress: &Progress<u32>) -> Result<u64> {
//!         let mut sum = 0;
//!         for number in 1..=self.to {
//!             sum += u64::from(number);
//!             progress.report(&number)?;
//!         }
//!         Ok(sum)
//!     }
//! }
//!
//! struct Counting { at: Assign<u32>, sum: Assign<u64> }
//!
//! impl LiveView for Counting {
//!     type Event = RawEvent;
//!
//!     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
//!         Ok(Self { at: 0.into(), sum: 0.into() })
//!     }
//!
//!     fn handle_event(&mut self, _event: RawEvent, socket: &mut Socket) -> Result<()> {
//!         socket.start_task("counting", Count { to: 3 });
//!         Ok(())
//!     }
//!
//!     fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
//!         if let Message::TaskProgress(progress) = message {
//!             self.at.set(progress.value::<Count>()?);
//!         }
//!         Ok(())
//!     }
//!
//!     fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
//!         self.sum.set(done.output::<Count>()?);
//!         Ok(())
//!     }
//!
//!     fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
//!         task::run::<(Count,)>(name, input)
//!     }
//!
//!     fn render(&self) -> Html {
//!         html! { <p>{self.at} ": " {self.sum}</p> }
//!     }
//! }
//!
//! let mut view = hothouse_sdk::testing::View::<Counting>::mount(&hothouse_sdk::testing::context().build())?;
//! view.event("count", "{}")?;
//! view.run_tasks()?;
//! assert_eq!(view.html(), "<p>3: 6</p>");
//! # Ok::<(), Failure>(())
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings::hothouse::live::types::{TaskOutcome, TaskProgress, TaskResult};
use crate::failure::{Failure, Result};

mod assigned;
mod control;
mod tuple;

pub use assigned::Async;
#[cfg(not(target_family = "wasm"))]
pub(crate) use control::reported_natively;
pub use tuple::Tasks;

/// Background work: its fields are what it is given, of types of [serde](https://serde.rs)'s. See [the module](self).
pub trait Task: Serialize + DeserializeOwned {
    /// Its name among the tasks of its view.
    const NAME: &'static str;

    /// What it answers, at most 256 KiB.
    type Output: Serialize + DeserializeOwned;

    /// What it reports while it runs; `()` if it does not.
    type Progress: Serialize + DeserializeOwned;

    /// Does it. It may use 5 s of processor time and take 60 s on the clock.
    ///
    /// # Errors
    ///
    /// Arrive at the view as its outcome. What a cancelled task answers arrives nowhere.
    fn run(self, progress: &Progress<Self::Progress>) -> Result<Self::Output>;
}

/// How a task that runs is connected with its view.
pub struct Progress<T>(PhantomData<fn(&T)>);

impl<T: Serialize> Progress<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }

    /// Tells the view something, at most 64 KiB: it arrives as `Message::TaskProgress`, in order. Waits while the view has
    /// not taken what was reported before.
    ///
    /// # Errors
    ///
    /// `unavailable` when the task was cancelled: end it, with `?`.
    pub fn report(&self, value: &T) -> Result<()> {
        control::progress(encode("what a task reports", value)?)
    }

    /// Waits.
    ///
    /// # Errors
    ///
    /// `unavailable` as soon as the task is cancelled.
    pub fn sleep(&self, length: Duration) -> Result<()> {
        control::sleep(u32::try_from(length.as_millis()).unwrap_or(u32::MAX))
    }

    /// Whether the task was cancelled: its view has said so, has started another one in its place, or is gone. One that
    /// computes for long without waiting asks now and then.
    pub fn is_cancelled(&self) -> bool {
        control::is_cancelled()
    }
}

impl<T> fmt::Debug for Progress<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Progress")
    }
}

/// Runs the task of a name: what [`LiveView::run_task`](crate::LiveView::run_task) of a view answers, with all its tasks.
///
/// ```
/// # use hothouse_sdk::prelude::*;
/// # use hothouse_sdk::task::{Progress, Task};
/// # #[derive(serde::Serialize, serde::Deserialize)] struct Sum(u32, u32);
/// # impl Task for Sum {
/// #     const NAME: &'static str = "sum"; type Output = u32; type Progress = ();
/// #     fn run(self, _: &Progress<()>) -> Result<u32> { Ok(self.0 + self.1) }
/// # }
/// # #[derive(serde::Serialize, serde::Deserialize)] struct Product(u32, u32);
/// # impl Task for Product {
/// #     const NAME: &'static str = "product"; type Output = u32; type Progress = ();
/// #     fn run(self, _: &Progress<()>) -> Result<u32> { Ok(self.0 * self.1) }
/// # }
/// fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
///     hothouse_sdk::task::run::<(Sum, Product)>(name, input)
/// }
/// # assert_eq!(run_task("product", &[2, 3])?, [6]);
/// # assert_eq!(run_task("quotient", &[]).unwrap_err().kind, FailureKind::NotFound);
/// # Ok::<(), Failure>(())
/// ```
///
/// # Errors
///
/// What the task declares; `not-found` when there is none of this name, `bad-input` when it is given something else.
pub fn run<T: Tasks>(name: &str, input: &[u8]) -> Result<Vec<u8>> {
    T::run(name, input)
        .unwrap_or_else(|| Err(Failure::not_found(format!("there is no task {name:?} in this view"))))
}

/// Runs one that was found by its name.
fn run_one<T: Task>(input: &[u8]) -> Result<Vec<u8>> {
    let task: T = decode("what a task is given", input)?;
    encode("what a task answers", &task.run(&Progress::new())?)
}

impl TaskProgress {
    /// What a task of this type has reported.
    ///
    /// # Errors
    ///
    /// `bad-input` when it was a task of another type.
    pub fn value<T: Task>(&self) -> Result<T::Progress> {
        decode("what a task reports", &self.data)
    }
}

impl TaskResult {
    /// What a task of this type has answered.
    ///
    /// # Errors
    ///
    /// The failure that it has declared. `unavailable` when it was cancelled, took too long or broke, in words for the
    /// person at the page: [`outcome`](Self::outcome) tells them apart. `bad-input` when it was a task of another type.
    pub fn output<T: Task>(&self) -> Result<T::Output> {
        match &self.outcome {
            TaskOutcome::Done(answer) => decode("what a task answers", answer),
            TaskOutcome::Failed(failure) => Err(failure.clone()),
            TaskOutcome::Cancelled => Err(Failure::unavailable("This was cancelled.")),
            TaskOutcome::TimedOut => Err(Failure::unavailable("This took too long.")),
            TaskOutcome::Crashed => Err(Failure::unavailable("This did not work.")),
        }
    }
}

pub(crate) fn encode(what: &str, value: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_allocvec(value)
        .map_err(|error| Failure::internal(format!("{what} cannot be written: {error}")))
}

fn decode<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok(_) => Err(Failure::bad_input(format!("{what} is of another type: there is more of it"))),
        Err(error) => Err(Failure::bad_input(format!("{what} is of another type: {error}"))),
    }
}
