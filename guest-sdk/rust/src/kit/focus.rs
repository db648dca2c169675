//! Keeping the focus where it belongs.

use crate::prelude::*;

/// Content that the focus does not leave by Tab: what is in front of the page, such as a dialog of your own.
///
/// It is the client's own hook, which needs no grant. When it is added to the page and is not hidden, the focus goes into
/// it; [`JS::focus_first`] does the same later. [`JS::push_focus`] and [`JS::pop_focus`] remember where the focus was and give it
/// back. A [`Modal`](super::Modal) does all of it.
///
/// Renders a `<div>` with an element before and one behind the content that pass the focus on. Everything that elements
/// have is passed on.
///
/// Accessibility: Tab behind the last thing inside that can have the focus goes to the first, and back from the first to
/// the last. People must be able to leave it by other means, such as Escape or a button.
#[component]
pub fn FocusWrap(
    /// Its id, which the hook needs.
    id: &str,
    children: Slot,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div id={id} phx-hook="Phoenix.FocusWrap" {..rest}>
            <span tabindex="0" aria-hidden="true"></span>
            {render_slot(children)}
            <span tabindex="0" aria-hidden="true"></span>
        </div>
    }
}
