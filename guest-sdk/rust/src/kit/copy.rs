//! Something to take along.

use super::{Button, Variant};
use crate::prelude::*;

/// A button that copies the value of a field, or the text of another element; nothing is sent.
///
/// ```
/// use hothouse_sdk::kit::CopyButton;
/// use hothouse_sdk::prelude::*;
///
/// fn invitation(link: &str) -> Html {
///     html! {
///         <input id="invitation" readonly value={link}>
///         <CopyButton id="copy-invitation" of="#invitation">"Copy the link"</CopyButton>
///     }
/// }
/// ```
///
/// Renders `<span class="hh-copy">` with a `<button class="hh-button">` and what is said once it was pressed, for two seconds.
/// Everything that elements have is passed on to the button. Browsers copy only on pages that came over `https`, or from
/// this very machine.
///
/// Accessibility: what is said is a `role="status"`, so those who listen hear it as well.
#[component]
pub fn CopyButton(
    /// Its id.
    id: &str,
    /// The element to copy, by its selector.
    of: &str,
    /// How much it stands out.
    #[prop(default)]
    variant: Variant,
    /// What is said when it was copied.
    #[prop(default = "Copied")]
    copied: &str,
    /// What is said when the browser did not let it.
    #[prop(default = "Could not be copied")]
    failed: &str,
    #[prop(rest)] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        <span class="hh-copy">
            <Button id={id} variant={variant} phx-click={JS::new().copy(of)} {..rest}>{render_slot(children)}</Button>
            <span
                id={format!("{id}-status")}
                class="hh-copy-status"
                role="status"
                phx-update="ignore"
                data-copied={copied}
                data-failed={failed}
            ></span>
        </span>
    }
}

impl<Last> JS<Last> {
    /// Copies the value of a field, or the text of another element, to the clipboard. An element with `data-copied` beside or
    /// in the one of the binding says what that is for a moment; so does a [`CopyButton`].
    pub fn copy(self, of: impl Into<To>) -> JS {
        self.dispatch("hothouse:copy").to(of).done()
    }
}
