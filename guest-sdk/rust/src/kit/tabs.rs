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
    html! {
        <div id={id} class="hh-tabs" data-reset={JS::new().select_no_tab(id)} {..rest}>
            <div class="hh-tabs-list" role="tablist" aria-label={label}>
                for (index, tab) in tab.iter().enumerate() {
                    <button
                        type="button"
                        id={format!("{id}-tab-{index}")}
                        role="tab"
                        aria-selected={index == selected}
                        aria-controls={format!("{id}-panel-{index}")}
                        tabindex={if index == selected { "0" } else { "-1" }}
                        phx-click={JS::new().select_tab(id, index).and(tab.select.clone().unwrap_or_default())}
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
            <span hidden phx-key="ArrowRight" phx-window-keydown={JS::new().go_to_tab(id, Step::Next)}></span>
            <span hidden phx-key="ArrowLeft" phx-window-keydown={JS::new().go_to_tab(id, Step::Previous)}></span>
            <span hidden phx-key="Home" phx-window-keydown={JS::new().go_to_tab(id, Step::First)}></span>
            <span hidden phx-key="End" phx-window-keydown={JS::new().go_to_tab(id, Step::Last)}></span>
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

impl JS {
    fn select_no_tab(self, id: &str) -> JS {
        let tabs = format!("#{id} > [role=tablist] > *");
        self.set_attr("aria-selected", "false")
            .to(&tabs)
            .set_attr("tabindex", "-1")
            .to(&tabs)
            .set_attr("hidden", "")
            .to(format!("#{id} > [role=tabpanel]"))
            .done()
    }

    fn select_tab(self, id: &str, index: usize) -> JS {
        self.exec("data-reset")
            .to(format!("#{id}"))
            .set_attr("aria-selected", "true")
            .set_attr("tabindex", "0")
            .remove_attr("hidden")
            .to(format!("#{id}-panel-{index}"))
            .done()
    }

    fn go_to_tab(self, id: &str, step: Step) -> JS {
        let tab = step.within(&format!("#{id} > [role=tablist]"));
        self.exec("phx-click").to(&tab).focus(tab).done()
    }
}

/// Where a key leads from the child that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Next,
    Previous,
    First,
    Last,
}

impl Step {
    /// A selector of the child of `list` where the step leads: it finds nothing when no child has the focus. So commands
    /// may listen to the keys of the whole page, and no script has to compare.
    pub(super) fn within(self, list: &str) -> String {
        match self {
            Self::Next => {
                format!("{list} > :focus + *, {list}:has(> :last-child:focus) > :first-child")
            }
            Self::Previous => {
                format!("{list} > :has(+ :focus), {list}:has(> :first-child:focus) > :last-child")
            }
            Self::First => format!("{list}:has(> :focus) > :first-child"),
            Self::Last => format!("{list}:has(> :focus) > :last-child"),
        }
    }
}
