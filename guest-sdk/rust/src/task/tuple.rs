//! The tasks of a view, as one type.

use super::{Task, run_one};
use crate::failure::Result;

/// All tasks of a view: a tuple of one to eight [`Task`]s.
pub trait Tasks {
    /// Runs the one of this name, if there is one.
    fn run(name: &str, input: &[u8]) -> Option<Result<Vec<u8>>>;
}

macro_rules! tuples {
    ($(($($task:ident),+);)+) => {
        $(impl<$($task: Task),+> Tasks for ($($task,)+) {
            fn run(name: &str, input: &[u8]) -> Option<Result<Vec<u8>>> {
                $(if name == $task::NAME {
                    return Some(run_one::<$task>(input));
                })+
                None
            }
        })+
    };
}

tuples! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
    (A, B, C, D, E, F, G);
    (A, B, C, D, E, F, G, H);
}
