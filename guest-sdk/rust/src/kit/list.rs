//! Names and what they stand for.

use crate::prelude::*;

/// A list of names with their values.
///
/// Renders `<dl class="hh-list">` with a `<div>` of `<dt>` and `<dd>` for each `<:item label="…">`. Everything that elements
/// have is passed on.
#[component]
pub fn DescriptionList(
    /// One name with its value.
    item: Vec<Slot<(), ListItem<'_>>>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <dl class="hh-list" {..rest}>
            <div :for={item in &item}>
                <dt>{item.label}</dt>
                <dd>{render_slot(item)}</dd>
            </div>
        </dl>
    }
}

/// What an `<:item>` of a [`DescriptionList`] says about itself.
#[derive(Debug, SlotAttributes)]
pub struct ListItem<'a> {
    /// The name.
    pub label: &'a str,
}
