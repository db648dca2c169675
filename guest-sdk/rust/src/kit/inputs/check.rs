//! Yes or no.

use super::control::Control;
use super::layout::ErrorList;
use crate::form::Field;
use crate::prelude::*;

/// A checkbox with its label: `true` is sent when it is checked, and `false` when it is not.
///
/// ```
/// use hothouse_sdk::form::Field;
/// use hothouse_sdk::kit::Checkbox;
/// use hothouse_sdk::prelude::*;
///
/// fn terms(terms: Field) -> Html {
///     html! { <Checkbox field={terms} label="I have read the terms" required/> }
/// }
/// ```
///
/// One of `field` and `name` is given. Renders `<div class="hh-field hh-check">` with a hidden input, the checkbox and its
/// label. Everything that elements have is passed on to the checkbox, and `disabled`, `form` and `required`.
///
/// Accessibility: as of an [`Input`](super::Input).
#[component]
pub fn Checkbox(
    /// A field of a form: its id, name, value and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What helps to decide.
    description: Option<&str>,
    /// Whether it is checked, whatever the field says.
    checked: Option<bool>,
    /// Another id.
    id: Option<&str>,
    /// Another name.
    name: Option<&str>,
    /// Other errors.
    #[prop(default = &[])]
    errors: &[String],
    /// It cannot be changed, and nothing is sent.
    #[prop(default)]
    disabled: bool,
    #[prop(rest = "form required")] rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, None, errors);
    let is_checked = checked.unwrap_or_else(|| control.has("true"));
    html! {
        <div class="hh-field hh-check">
            <input type="hidden" name={control.name} value="false" disabled={disabled}>
            <input
                type="checkbox"
                id={&*control.id}
                name={control.name}
                value="true"
                checked={is_checked}
                disabled={disabled}
                aria-describedby={control.described_by(description)}
                aria-invalid?={control.invalid()}
                {..rest}
            >
            <label for={&*control.id}>{label}</label>
            <p :if={let Some(description) = description} id={format!("{}-description", control.id)} class="hh-description">
                {description}
            </p>
            <ErrorList id={format!("{}-errors", control.id)} errors={control.errors()}/>
        </div>
    }
}
