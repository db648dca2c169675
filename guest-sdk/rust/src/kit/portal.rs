//! Markup that stands elsewhere in the page than in its view.

use crate::prelude::*;

/// Shows its content at the end of another element of the page, out of reach of what surrounds it: of `overflow: hidden`,
/// of a stacking order, of a form.
///
/// The content is the view's as before: it changes with it, its events and live components, streams and forms are the
/// view's, and it goes when this does. It is there once the view is connected: the first page has none of it.
///
/// * `id` tells the portals of a page apart: letters, digits, `-` and `_`.
/// * `target` is `body`, as long as nothing else is said, or `#` and the id of an element that is always there, such as one
///   of the app's layout. If there is none, the client stops in the middle of what it shows.
///
/// Renders `<template>` around `<div id="_lv_portal_wrap_{id}">` with the content and, in `class`, the classes of that `div`.
/// Portals stand in portals, five deep at most.
///
/// ```
/// use hothouse_sdk::kit::Portal;
/// use hothouse_sdk::prelude::*;
///
/// fn cell(hint: &str) -> Html {
///     html! { <td>"Palm" <Portal id="hint" class="hint"><p role="tooltip">{hint}</p></Portal></td> }
/// }
/// ```
///
/// Accessibility: what is read and reached with Tab follows the page, so the content comes last. Where it is a dialog or a
/// hint, say what it belongs to (`aria-describedby`, `aria-controls`) and move the focus with it.
#[component]
pub fn Portal(
    /// Its id, of which that of the content is made.
    id: &str,
    /// Where the content goes: `body`, or `#` and an id.
    #[prop(default = "body")]
    target: &str,
    /// Classes of the element around the content.
    class: Option<&str>,
    children: Slot,
) -> Html {
    html! {
        <template id={id} data-phx-portal={target}>
            <div id={format!("_lv_portal_wrap_{id}")} class?={class}>{render_slot(children)}</div>
        </template>
    }
}
