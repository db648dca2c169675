//! A value that a task brings.

use crate::failure::Failure;
use crate::prelude::*;
use crate::task::Async;

/// Shows an [`Async`]: its value once there is one, and until then that it is loaded. A failure is shown beside the value
/// that was there before.
///
/// Renders what its slots hold, and nothing around it; see [`Async`] for an example.
///
/// Accessibility: who wants that the value is read out when it comes puts this into an element with `aria-live="polite"`,
/// and `aria-busy={self.report.is_loading()}`.
#[component]
pub fn AsyncResult<T>(
    /// The value.
    assign: &Async<T>,
    /// What is shown while there is no value yet.
    loading: Option<Slot>,
    /// What is shown of the value.
    shown: Slot<T>,
    /// What is shown of a failure.
    failed: Option<Slot<Failure>>,
) -> Html {
    html! {
        if let Some(value) = assign.value() {
            {render_slot(shown, value)}
        } else if assign.is_loading() {
            {render_slot(loading)}
        }
        if let Some(failure) = assign.failure() {
            {render_slot(failed, failure)}
        }
    }
}
