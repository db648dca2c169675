//! Something to press.

use crate::prelude::*;

/// How much a button stands out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// What is most likely meant: at most one at a place.
    Primary,
    /// One of several.
    #[default]
    Secondary,
    /// What cannot be undone.
    Danger,
    /// Without a border, for rows of small buttons.
    Quiet,
}

impl Variant {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "hh-button-primary",
            Self::Secondary => "",
            Self::Danger => "hh-button-danger",
            Self::Quiet => "hh-button-quiet",
        }
    }
}

/// A button, or with `href` a link that looks like one.
///
/// Renders `<button type="button" class="hh-button">`, or `<a class="hh-button" href="…">`. Everything that elements have
/// is passed on, and `form`, `name`, `value`, `target`, `rel` and `download`.
///
/// Accessibility: a button whose content is an icon alone needs `aria-label`. A link that is `disabled` has no address and
/// says `aria-disabled`.
#[component]
pub fn Button(
    /// `button`, `submit` or `reset`.
    #[prop(default = "button")]
    r#type: &str,
    /// How much it stands out.
    #[prop(default)]
    variant: Variant,
    /// Cannot be pressed.
    #[prop(default)]
    disabled: bool,
    /// Where it leads: then it is a link.
    href: Option<&str>,
    #[prop(rest = "form name value target rel download")] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        match href {
            Some(href) => {
                if disabled {
                    <a class={["hh-button", variant.class()]} role="link" aria-disabled="true" {..rest}>
                        {render_slot(children)}
                    </a>
                } else {
                    <a class={["hh-button", variant.class()]} href={href} {..rest}>{render_slot(children)}</a>
                }
            }
            None => {
                <button type={r#type} class={["hh-button", variant.class()]} disabled={disabled} {..rest}>
                    {render_slot(children)}
                </button>
            }
        }
    }
}
