//! A button with a menu.

use super::tabs::Keys;
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
///         </Dropdown>
///     }
/// }
/// ```
///
/// Renders `<div class="hh-dropdown">` with a button and a `role="menu"` of buttons and links. Everything that elements have
/// is passed on.
///
/// Accessibility: the button says that it has a menu and whether it is open. Enter, Space and Arrow Down open it and go
/// to the first item; the arrow keys, Home and End go through the items; Escape closes it and goes back to the button, Tab
/// and a click elsewhere close it.
#[component]
pub fn Dropdown(
    /// Its id; those of its button and its menu begin with it.
    id: &str,
    /// The words on the button.
    label: &str,
    /// An item of the menu.
    item: Vec<Slot<(), MenuItem<'_>>>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    let menu = format!("#{id}-menu");
    let button = format!("#{id}-button");
    let keys = Keys::new(&menu);
    let from_button = format!("#{id}:has(> :first-child:focus) > {menu}");
    let down = JS::new()
        .set_attr("aria-expanded", "true")
        .to(format!("{button}:focus"))
        .remove_attr("hidden")
        .to(&from_button)
        .focus(format!("{}, {from_button} > :first-child", keys.next));
    let escape = JS::new().focus(format!("#{id}:has(> {menu}:not([hidden])) > :first-child")).and(close(id));
    html! {
        <div id={id} class="hh-dropdown" phx-click-away={close(id)} {..rest}>
            <button
                type="button"
                id={format!("{id}-button")}
                class="hh-button"
                aria-haspopup="menu"
                aria-expanded="false"
                aria-controls={format!("{id}-menu")}
                phx-click={toggle(&menu)}
            >
                {label}
                <super::Icon glyph={super::Glyph::ChevronDown}/>
            </button>
            <div id={format!("{id}-menu")} class="hh-dropdown-menu" role="menu" aria-labelledby={format!("{id}-button")} hidden>
                for item in &item {
                    match item.href {
                        Some(href) => {
                            <a role="menuitem" tabindex="-1" href={href}>{render_slot(item)}</a>
                        }
                        None => {
                            <button type="button" role="menuitem" tabindex="-1" phx-click={chosen(id, item.select.clone())}>
                                {render_slot(item)}
                            </button>
                        }
                    }
                }
            </div>
            for (key, commands) in [
                ("ArrowDown", down.done()),
                ("ArrowUp", JS::new().focus(keys.previous).done()),
                ("Home", JS::new().focus(keys.first).done()),
                ("End", JS::new().focus(keys.last).done()),
                ("Escape", escape),
                ("Tab", close(id)),
            ] {
                <span hidden phx-key={key} phx-window-keydown={commands}></span>
            }
        </div>
    }
}

/// What an `<:item>` of a [`Dropdown`] says about itself.
#[derive(Debug, SlotAttributes)]
pub struct MenuItem<'a> {
    /// Where it leads: then it is a link.
    pub href: Option<&'a str>,
    /// Commands to run when it is chosen.
    pub select: Option<JS>,
}

fn toggle(menu: &str) -> JS {
    JS::new()
        .toggle_attr_between("aria-expanded", "true", "false")
        .toggle_attr("hidden", "")
        .to(menu)
        .focus(format!("{menu}:not([hidden]) > :first-child"))
        .done()
}

fn close(id: &str) -> JS {
    JS::new()
        .set_attr("aria-expanded", "false")
        .to(format!("#{id}-button[aria-expanded=true]"))
        .set_attr("hidden", "")
        .to(format!("#{id}-menu:not([hidden])"))
        .done()
}

fn chosen(id: &str, then: Option<JS>) -> JS {
    JS::new().focus(format!("#{id}-button")).and(close(id)).and(then.unwrap_or_default())
}
