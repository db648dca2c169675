//! Where one goes next.

use crate::prelude::*;

/// A link: `patch` stays in this view, whose `handle_params` is told of the address; `navigate` goes to another view over
/// the same socket; `href` loads the page, and leads anywhere.
///
/// Renders `<a class="hh-link" href="…">`. One of the three is given; without any it leads nowhere. Everything that
/// elements have is passed on, and `target`, `rel` and `download`. Without a socket, and without scripts, all three load
/// the page.
///
/// Accessibility: the link to the page that is shown says `aria-current="page"`.
#[component]
pub fn Link(
    /// An address that this view answers.
    patch: Option<&str>,
    /// An address of the app.
    navigate: Option<&str>,
    /// Any address.
    href: Option<&str>,
    /// Replaces the present entry of the browser's history.
    #[prop(default)]
    replace: bool,
    #[prop(rest = "target rel download")] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        match (patch, navigate) {
            (Some(to), _) => {
                <a class="hh-link" href={to} data-phx-link="patch" data-phx-link-state={state(replace)} {..rest}>
                    {render_slot(children)}
                </a>
            }
            (None, Some(to)) => {
                <a class="hh-link" href={to} data-phx-link="redirect" data-phx-link-state={state(replace)} {..rest}>
                    {render_slot(children)}
                </a>
            }
            (None, None) => {
                <a class="hh-link" href?={href} {..rest}>{render_slot(children)}</a>
            }
        }
    }
}

fn state(replace: bool) -> &'static str {
    if replace { "replace" } else { "push" }
}
