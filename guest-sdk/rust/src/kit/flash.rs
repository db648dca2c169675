//! Short messages above everything else.

use crate::flash::Flash;
use crate::prelude::*;

/// The flash: one box for each kind, with a button that closes it.
///
/// Renders `<div class="hh-flash hh-flash-KIND" id="flash-KIND">` for each message, in a `<div class="hh-flashes">`.
///
/// Accessibility: a message of the kind `error` is an alert, others are a status, so that both are read out.
#[component]
pub fn FlashMessages(
    /// What the host says that it is: see [`LiveView::flash_changed`].
    flash: &Flash,
) -> Html {
    html! {
        <div class="hh-flashes">
            for (kind, message) in flash.iter() key={kind} {
                <div
                    id={format!("flash-{kind}")}
                    class={["hh-flash".to_owned(), format!("hh-flash-{kind}")]}
                    role={if kind == "error" { "alert" } else { "status" }}
                >
                    <p>{message}</p>
                    <button type="button" aria-label="Close" phx-click="lv:clear-flash" phx-value-key={kind}>"×"</button>
                </div>
            }
        </div>
    }
}
