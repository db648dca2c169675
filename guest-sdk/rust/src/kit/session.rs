//! Forms for the browser's session, which the browser itself sends to the server.

use crate::kit::{Button, Variant};
use crate::prelude::*;

/// A form with which somebody logs in: its `phx-submit` tells the view, and once that has put something into the session,
/// `trigger` has the browser send the form, which fetches it and loads the next page.
///
/// Renders `<form action="/_hothouse/session" method="post">`. Everything that elements have is passed on, and
/// `autocomplete`. What people type reaches the server a second time, which takes no notice of it.
#[component]
pub fn SessionForm(
    /// Whether the browser sends it now: set it in the callback that calls [`Socket::put_session`].
    trigger: bool,
    #[prop(rest = "autocomplete")] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        <form action="/_hothouse/session" method="post" phx-trigger-action={trigger} {..rest}>
            {render_slot(children)}
        </form>
    }
}

/// A button that empties the browser's session, without any code of the view, and loads a page.
///
/// Renders a `<form class="hh-log-out">` with a `<button type="submit" class="hh-button">`. Everything that elements have
/// is passed on to the button.
#[component]
pub fn LogOut(
    /// The page that is loaded then, an address of the app.
    #[prop(default = "/")]
    to: &str,
    /// How much it stands out.
    #[prop(default)]
    variant: Variant,
    #[prop(rest)] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        <form class="hh-log-out" action="/_hothouse/session" method="post">
            <input type="hidden" name="_method" value="delete">
            <input type="hidden" name="to" value={to}>
            <Button type="submit" variant={variant} {..rest}>{render_slot(children)}</Button>
        </form>
    }
}
