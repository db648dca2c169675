//! A box with a picture, a heading, text and buttons.

use crate::prelude::*;

/// A box for one thing of several.
///
/// Renders `<article class="hh-card">` with `hh-card-media`, `hh-card-header`, `hh-card-body` and `hh-card-actions`, each only
/// if it is given. What stands between the tags is the body. Everything that elements have is passed on.
///
/// Accessibility: put a heading into the header, of the level that fits the page; a picture in `media` needs its `alt`.
#[component]
pub fn Card(
    /// A picture or drawing, up to the edges.
    media: Option<Slot>,
    /// The heading.
    header: Option<Slot>,
    children: Option<Slot>,
    /// Buttons and links.
    actions: Option<Slot>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <article class="hh-card" {..rest}>
            <div :if={media.is_some()} class="hh-card-media">{render_slot(media)}</div>
            <header :if={header.is_some()} class="hh-card-header">{render_slot(header)}</header>
            <div :if={children.is_some()} class="hh-card-body">{render_slot(children)}</div>
            <footer :if={actions.is_some()} class="hh-card-actions">{render_slot(actions)}</footer>
        </article>
    }
}
