//! Several panels of which one is shown.

use crate::prelude::*;

/// Several panels, of which the browser shows one; nothing is sent.
///
/// ```
/// use hothouse_sdk::kit::Tabs;
/// use hothouse_sdk::prelude::*;
///
/// fn page() -> Html {
///     html! {
///         <Tabs id="care" label="Care">
///             <:tab label="Water"><p>"Twice a week."</p></:tab>
///             <:tab label="Light" select={JS::new().push("light_shown")}><p>"Half shade."</p></:tab>
///         </Tabs>
///     }
/// }
/// ```
///
/// Renders `<div class="hh-tabs">` with buttons in a `role="tablist"`, and a `role="tabpanel"` for each. Everything that
/// elements have is passed on. Which panel is shown is the browser's business: another `selected` later does not change
/// what a person has chosen.
///
/// Accessibility: one tab can be reached by Tab, the others by the arrow keys, Home and End, and are shown at once.
#[component]
pub fn Tabs(
    /// Its id; those of tabs and panels begin with it.
    id: &str,
    /// The name of the choice.
    label: &str,
    /// The number of the panel that is shown first, from 0.
    #[prop(default)]
    selected: usize,
    /// One tab and its panel.
    tab: Vec<Slot<(), Tab<'_>>>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    let keys = Keys::new(&format!("#{id} > [role=tablist]"));
    html! {
        <div id={id} class="hh-tabs" data-reset={none_selected(id)} {..rest}>
            <div class="hh-tabs-list" role="tablist" aria-label={label}>
                for (index, tab) in tab.iter().enumerate() {
                    <button
                        type="button"
                        id={format!("{id}-tab-{index}")}
                        role="tab"
                        aria-selected={index == selected}
                        aria-controls={format!("{id}-panel-{index}")}
                        tabindex={if index == selected { "0" } else { "-1" }}
                        phx-click={show(id, index, tab.select.clone())}
                    >
                        {tab.label}
                    </button>
                }
            </div>
            for (index, tab) in tab.iter().enumerate() {
                <div
                    id={format!("{id}-panel-{index}")}
                    class="hh-tabs-panel"
                    role="tabpanel"
                    aria-labelledby={format!("{id}-tab-{index}")}
                    tabindex="0"
                    hidden={index != selected}
                >
                    {render_slot(tab)}
                </div>
            }
            for (key, tab) in [
                ("ArrowRight", keys.next),
                ("ArrowLeft", keys.previous),
                ("Home", keys.first),
                ("End", keys.last),
            ] {
                <span hidden phx-key={key} phx-window-keydown={JS::new().exec("phx-click").to(tab.clone()).focus(tab)}></span>
            }
        </div>
    }
}

/// What a `<:tab>` of [`Tabs`] says about itself.
#[derive(Debug, SlotAttributes)]
pub struct Tab<'a> {
    /// The words on the tab.
    pub label: &'a str,
    /// Commands to run when it is chosen, such as an event for the view.
    pub select: Option<JS>,
}

fn none_selected(id: &str) -> JS {
    let tabs = format!("#{id} > [role=tablist] > *");
    let panels = format!("#{id} > [role=tabpanel]");
    JS::new()
        .set_attr("aria-selected", "false")
        .to(&tabs)
        .set_attr("tabindex", "-1")
        .to(&tabs)
        .set_attr("hidden", "")
        .to(panels)
        .done()
}

fn show(id: &str, index: usize, then: Option<JS>) -> JS {
    JS::new()
        .exec("data-reset")
        .to(format!("#{id}"))
        .set_attr("aria-selected", "true")
        .set_attr("tabindex", "0")
        .remove_attr("hidden")
        .to(format!("#{id}-panel-{index}"))
        .and(then.unwrap_or_default())
}

/// Where the keys lead from the child that has the focus: selectors that find nothing when none has it. So a command
/// may listen to the keys of the whole page, and needs no script that compares.
pub(super) struct Keys {
    pub(super) next: String,
    pub(super) previous: String,
    pub(super) first: String,
    pub(super) last: String,
}

impl Keys {
    /// Among the children of an element.
    pub(super) fn new(list: &str) -> Self {
        Self {
            next: format!("{list} > :focus + *, {list}:has(> :last-child:focus) > :first-child"),
            previous: format!("{list} > :has(+ :focus), {list}:has(> :first-child:focus) > :last-child"),
            first: format!("{list}:has(> :focus) > :first-child"),
            last: format!("{list}:has(> :focus) > :last-child"),
        }
    }
}
