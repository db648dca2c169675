//! A value that a task brings.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Task;
use crate::assign::Assign;
use crate::bindings::hothouse::live::types::{TaskOutcome, TaskResult};
use crate::failure::{Failure, Result};

/// A value that a task brings: Phoenix's `AsyncResult`. Tracked like an [`Assign`].
///
/// [`Socket::assign_async`](crate::Socket::assign_async) has a task bring it; then it is loading. When the task has ended,
/// [`handle_task`](Self::handle_task) takes what it brought. While it is loaded again, and when that fails, the former
/// value stays.
///
/// [`kit::AsyncResult`](crate::kit::AsyncResult) shows it:
///
/// ```
/// use hothouse_sdk::kit::AsyncResult;
/// use hothouse_sdk::prelude::*;
/// use hothouse_sdk::task::{self, Progress, Task};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Weather { place: String }
///
/// impl Task for Weather {
///     const NAME: &'static str = "weather";
///     type Output = String;
///     type Progress = ();
///     fn run(self, _progress: &Progress<()>) -> Result<String> {
///         Ok(format!("It is sunny in {}.", self.place))
///     }
/// }
///
/// struct Window { weather: Async<String> }
///
/// impl LiveView for Window {
///     type Event = ();
///     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
///         Ok(Self { weather: Async::default() })
///     }
///     fn connected(&mut self, _context: &Context, socket: &mut Socket) -> Result<()> {
///         socket.assign_async(&mut self.weather, Weather { place: "Bern".to_owned() });
///         Ok(())
///     }
///     fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
///         self.weather.handle_task::<Weather>(&done);
///         Ok(())
///     }
///     fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
///         task::run::<(Weather,)>(name, input)
///     }
///     fn render(&self) -> Html {
///         html! {
///             <AsyncResult assign={self.weather}>
///                 <:loading><p>"…"</p></:loading>
///                 <:shown :let={weather}><p>{weather}</p></:shown>
///                 <:failed :let={failure}><p class="error">{failure.message}</p></:failed>
///             </AsyncResult>
///         }
///     }
/// }
///
/// let context = hothouse_sdk::testing::context().build();
/// let mut view = hothouse_sdk::testing::View::<Window>::mount(&context)?;
/// view.callback(|view, socket| view.connected(&context, socket))?;
/// assert_eq!(view.html(), "<p>…</p>");
/// view.run_tasks()?;
/// assert_eq!(view.html(), "<p>It is sunny in Bern.</p>");
/// # Ok::<(), Failure>(())
/// ```
///
/// In a [`State`](trait@crate::State) it is kept as its value. What was loading is not loading any more when it is
/// restored: have it loaded in [`connected`](crate::LiveView::connected) if there is no value.
pub struct Async<T>(Assign<Loaded<T>>);

struct Loaded<T> {
    value: Option<T>,
    /// The key of the task that is to bring it.
    loading: Option<Box<str>>,
    failure: Option<Failure>,
}

impl<T> Async<T> {
    /// The value, if there is one; while another one is loaded as well.
    pub fn value(&self) -> Option<&T> {
        self.0.value.as_ref()
    }

    /// Whether a task is to bring it.
    pub fn is_loading(&self) -> bool {
        self.0.loading.is_some()
    }

    /// Why the last task has not brought it.
    pub fn failure(&self) -> Option<&Failure> {
        self.0.failure.as_ref()
    }

    /// Takes what a task has brought, if it is the one that was to bring this value; whether it is.
    pub fn handle_task<K: Task<Output = T>>(&mut self, done: &TaskResult) -> bool {
        if self.0.loading.as_deref() != Some(&*done.key) {
            return false;
        }
        self.0.loading = None;
        if !matches!(done.outcome, TaskOutcome::Cancelled) {
            match done.output::<K>() {
                Ok(value) => self.set(value),
                Err(failure) => self.0.failure = Some(failure),
            }
        }
        true
    }

    /// Puts a value in that did not come from a task; one that is still to come is forgotten.
    pub fn set(&mut self, value: T) {
        *self.0 = Loaded { value: Some(value), loading: None, failure: None };
    }

    /// From now on a task is to bring it: under which key.
    pub(crate) fn begin(&mut self, name: &str) -> Box<str> {
        let key = self.0.loading.take().unwrap_or_else(|| key(name));
        self.0.loading = Some(key.clone());
        self.0.failure = None;
        key
    }

    /// The key of the task that is to bring it.
    pub(crate) fn loading(&self) -> Option<&str> {
        self.0.loading.as_deref()
    }

    pub(crate) fn changed(&self) -> bool {
        self.0.changed()
    }
}

/// One that no other value of this view has.
fn key(name: &str) -> Box<str> {
    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    LAST.set(LAST.get().wrapping_add(1));
    format!("{name}#{}", LAST.get()).into()
}

impl<T> Default for Async<T> {
    fn default() -> Self {
        Self(Assign::new(Loaded { value: None, loading: None, failure: None }))
    }
}

impl<T: fmt::Debug> fmt::Debug for Async<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Async")
            .field("value", &self.0.value)
            .field("is_loading", &self.is_loading())
            .field("failure", &self.0.failure)
            .finish()
    }
}

impl<T: Serialize> Serialize for Async<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Async<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(Self(Assign::new(Loaded { value, loading: None, failure: None })))
    }
}

/// For what shows it.
impl<T> From<Result<T>> for Async<T> {
    fn from(result: Result<T>) -> Self {
        let (value, failure) = match result {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(failure)),
        };
        Self(Assign::new(Loaded { value, loading: None, failure }))
    }
}
