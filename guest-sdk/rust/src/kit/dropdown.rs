//! A button with a menu.

use super::tabs::Step;
use super::{Button, Glyph, Icon, Variant};
use crate::prelude::*;

/// A button that opens a menu; nothing is sent until an item is chosen.
///
/// ```
/// use hothouse_sdk::kit::Dropdown;
/// use hothouse_sdk::prelude::*;
///
/// fn page() -> Html {
///     html! {
///         <Dropdown id="palm" label="Palm">
///             <:item select={JS::new().push("water")}>"Water"</:item>
///             <:item href="/plants/palm">"Open"</:item>
///             <:item disabled>"Sell"</:item>
///         </Dropdown>
///     }
/// }
/// ```
///
/// Renders `<div class="hh-dropdown">` with a button and a `role="menu"` of buttons and links. Everything that elements have
/// is passed on.
///
/// Accessibility: the button says that it has a menu and whether it is open. Enter, Space and Arrow Down open it and go
/// to the first item, Arrow Up to the last; the arrow keys, Home and End go through the items, those that are disabled as
/// well; Escape closes it and goes back to the button, Tab and a click elsewhere close it.
#[component]
pub fn Dropdown(
    /// Its id; those of its button and its menu begin with it.
    id: &str,
    /// The words on the button.
    label: &str,
    /// What is on the button instead of the words, which are its name then.
    trigger: Option<Slot>,
    /// How much the button stands out.
    #[prop(default)]
    variant: Variant,
    /// An item of the menu.
    item: Vec<Slot<(), MenuItem<'_>>>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div id={id} class="hh-dropdown" phx-click-away={JS::new().close_menu(id)} {..rest}>
            <Button
                id={format!("{id}-button")}
                variant={variant}
                aria-label?={trigger.is_some().then_some(label)}
                aria-haspopup="menu"
                aria-expanded="false"
                aria-controls={format!("{id}-menu")}
                phx-click={JS::new().toggle_menu(id)}
            >
                if trigger.is_some() {
                    {render_slot(trigger)}
                } else {
                    {label}
                    <Icon glyph={Glyph::ChevronDown}/>
                }
            </Button>
            <div id={format!("{id}-menu")} class="hh-dropdown-menu" role="menu" aria-labelledby={format!("{id}-button")} hidden>
                for item in &item {
                    match item.href.filter(|_| !item.disabled) {
                        Some(href) => {
                            <a role="menuitem" tabindex="-1" href={href}>{render_slot(item)}</a>
                        }
                        None => {
                            <button
                                type="button"
                                role="menuitem"
                                tabindex="-1"
                                aria-disabled?={item.disabled.then_some("true")}
                                phx-click?={(!item.disabled).then(|| JS::new().leave_menu(id).and(item.select.clone().unwrap_or_default()))}
                            >
                                {render_slot(item)}
                            </button>
                        }
                    }
                }
            </div>
            <span hidden phx-key="ArrowDown" phx-window-keydown={JS::new().menu_arrow(id, Step::Next)}></span>
            <span hidden phx-key="ArrowUp" phx-window-keydown={JS::new().menu_arrow(id, Step::Previous)}></span>
            <span hidden phx-key="Home" phx-window-keydown={JS::new().menu_step(id, Step::First)}></span>
            <span hidden phx-key="End" phx-window-keydown={JS::new().menu_step(id, Step::Last)}></span>
            <span hidden phx-key="Escape" phx-window-keydown={JS::new().leave_menu(id)}></span>
            <span hidden phx-key="Tab" phx-window-keydown={JS::new().close_menu(id)}></span>
        </div>
    }
}

/// What an `<:item>` of a [`Dropdown`] says about itself.
#[derive(Debug, SlotAttributes)]
pub struct MenuItem<'a> {
    /// Where it leads: then it is a link.
    pub href: Option<&'a str>,
    /// Commands to run when it is chosen, such as an event for the view, or [`JS::patch`].
    pub select: Option<JS>,
    /// It is there and cannot be chosen.
    #[prop(default)]
    pub disabled: bool,
}

impl JS {
    fn toggle_menu(self, id: &str) -> JS {
        self.toggle_attr_between("aria-expanded", "true", "false")
            .toggle_attr("hidden", "")
            .to(format!("#{id}-menu"))
            .focus(format!("#{id}-menu:not([hidden]) > :first-child"))
            .done()
    }

    fn close_menu(self, id: &str) -> JS {
        self.set_attr("aria-expanded", "false")
            .to(format!("#{id}-button[aria-expanded=true]"))
            .set_attr("hidden", "")
            .to(format!("#{id}-menu:not([hidden])"))
            .done()
    }

    /// Closes the menu if it is open, and goes back to the button.
    fn leave_menu(self, id: &str) -> JS {
        self.focus(format!("#{id}:has(> #{id}-menu:not([hidden])) > :first-child")).done().close_menu(id)
    }

    fn menu_step(self, id: &str, step: Step) -> JS {
        self.focus(step.within(&format!("#{id}-menu"))).done()
    }

    /// One item on; from the button the first or the last one, of a menu that opens.
    fn menu_arrow(self, id: &str, step: Step) -> JS {
        let menu = format!("#{id}-menu");
        let from_button = format!("#{id}:has(> :first-child:focus) > {menu}");
        let end = if step == Step::Previous { ":last-child" } else { ":first-child" };
        self.set_attr("aria-expanded", "true")
            .to(format!("#{id}-button:focus"))
            .remove_attr("hidden")
            .to(&from_button)
            .focus(format!("{}, {from_button} > {end}", step.within(&menu)))
            .done()
    }
}
