//! A view's state as bytes, from which the view is made again.

mod format;
mod tracked;

use crate::failure::Result;

pub use format::{Fields, Snapshot};

/// A snapshot has at most 256 KiB.
pub(crate) const MAX_SNAPSHOT_BYTES: usize = 256 * 1024;

/// State that outlives its instance: it is written down, and a new instance begins with it instead of
/// [`mount`](crate::LiveView::mount).
///
/// Derived for the struct of a view. Every field is kept, so its type has to be of
/// [serde](https://serde.rs)'s `Serialize` and `Deserialize`; [`Assign`](crate::Assign), [`List`](crate::List) and
/// [`Map`](crate::Map) are if what is in them is.
///
/// * `#[live(skip)]` leaves a field out: it is its type's `Default` afterwards. `#[live(skip = expression)]` says what it is
///   then; the expression sees the fields that are kept, by their names. A [`Stream`](crate::Stream) is always left out,
///   because nobody but the page has its rows; the expression fills it. A [`Temporary`](crate::Temporary) is kept as its
///   default.
/// * `#[live(version = 2)]` on the struct says that its fields are others than those of version 1, which is what a struct
///   without it has. A snapshot of another version is refused, and the view is mounted instead. So is one whose fields
///   have other names, or another order, than the struct's: a version that was forgotten.
/// * `#[live(version = 2, from = Old)]` takes snapshots of older versions over: `Old` is a struct with the fields of before,
///   which derives `State` with the version of before, and this struct is `From<Old>`.
///
/// Types that serde reads by looking at what is there (`serde_json::Value`, untagged enums, `#[serde(flatten)]`) are not
/// restored.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(State)]
/// #[live(version = 2, from = TasksOf1)]
/// struct Tasks {
///     tasks: List<Task>,
///     next_id: u32,
///     #[live(skip = tasks.len())]
///     count: usize,
/// }
///
/// #[derive(Serialize, Deserialize)]
/// struct Task { id: u32, title: String }
///
/// /// As it was before tasks had ids.
/// #[derive(State)]
/// struct TasksOf1 { titles: Vec<String> }
///
/// impl From<TasksOf1> for Tasks {
///     fn from(old: TasksOf1) -> Self {
///         let count = old.titles.len();
///         let tasks = (1..).zip(old.titles).map(|(id, title)| Task { id, title });
///         Self { tasks: tasks.collect(), next_id: count as u32 + 1, count }
///     }
/// }
///
/// let old = TasksOf1 { titles: vec!["Water the palms".to_owned()] };
/// let tasks = Tasks::restore(&old.snapshot()?)?;
/// assert_eq!((tasks.next_id, tasks.count), (2, 1));
/// # Ok::<(), Failure>(())
/// ```
pub trait State: Sized {
    /// The state as bytes: at most 256 KiB.
    ///
    /// # Errors
    ///
    /// `limit` when there are more, `internal` when a field cannot be written; both name the field.
    fn snapshot(&self) -> Result<Vec<u8>>;

    /// The state that a snapshot was taken of.
    ///
    /// # Errors
    ///
    /// `bad-input` when the bytes are no snapshot, or one of another version that this one does not know.
    fn restore(snapshot: &[u8]) -> Result<Self>;
}
