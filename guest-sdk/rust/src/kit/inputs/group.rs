//! Buttons of which one is chosen, and boxes of which several are.

use super::choice::{Choice, ToChoice};
use super::control::Control;
use super::layout::ErrorList;
use crate::form::Field;
use crate::prelude::*;

/// Radio buttons under a heading: one of them is chosen.
///
/// ```
/// use hothouse_sdk::form::Field;
/// use hothouse_sdk::kit::{Choice, RadioGroup};
/// use hothouse_sdk::prelude::*;
///
/// fn delivery(delivery: Field) -> Html {
///     html! {
///         <RadioGroup
///             field={delivery}
///             label="Delivery"
///             options={[Choice::new("post", "By post").described("Three days"), Choice::new("shop", "From the shop")]}
///         />
///     }
/// }
/// ```
///
/// One of `field` and `name` is given. Renders `<fieldset class="hh-field hh-group" role="radiogroup">` with a `<legend>` and an
/// `<input type="radio">` for each choice. Everything that elements have is passed on to the fieldset, and `disabled` and
/// `form`.
///
/// Accessibility: the group has its heading as its name, its description, its errors, and says `aria-invalid`.
#[component]
pub fn RadioGroup<O: ToChoice>(
    /// A field of a form: its id, name, value and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What can be chosen.
    options: &[O],
    /// What helps to choose.
    description: Option<&str>,
    /// One has to be chosen.
    #[prop(default)]
    required: bool,
    /// Another id.
    id: Option<&str>,
    /// Another name.
    name: Option<&str>,
    /// Another value.
    value: Option<&str>,
    /// Other errors.
    #[prop(default = &[])]
    errors: &[String],
    #[prop(rest = "disabled form")] rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, value, errors);
    let rest = rest
        .with("role", "radiogroup")
        .with("aria-labelledby", format!("{}-legend", control.id))
        .with_flag("data-required", required);
    let rest = control.invalid().into_iter().fold(rest, |rest, invalid| rest.with("aria-invalid", invalid));
    html! {
        <Group control={&control} label={label} description?={description} rest={&rest}>
            for (index, choice) in options.iter().map(ToChoice::to_choice).enumerate() {
                <ChoiceInput
                    kind="radio"
                    id={format!("{}-{index}", control.id)}
                    name={control.name}
                    is_chosen={control.has(&choice.value)}
                    choice={choice}
                    required={required}
                />
            }
        </Group>
    }
}

/// Checkboxes under a heading: any number of them is chosen, and their values are sent as a list.
///
/// One of `field` and `name` is given. Renders `<fieldset class="hh-field hh-group">` with a `<legend>`, an
/// `<input type="checkbox">` for each choice, and a hidden input, so that something is sent when nothing is chosen: an empty
/// text, which a form takes for nothing. Everything that elements have is passed on to the fieldset, and `disabled` and
/// `form`.
///
/// Accessibility: the group has its heading as its name, its description and its errors; `aria-invalid` is on each box.
#[component]
pub fn CheckboxGroup<O: ToChoice>(
    /// A field of a form: its id, name, values and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What can be chosen.
    options: &[O],
    /// What helps to choose.
    description: Option<&str>,
    /// Another id.
    id: Option<&str>,
    /// Another name.
    name: Option<&str>,
    /// Another value.
    value: Option<&str>,
    /// Other errors.
    #[prop(default = &[])]
    errors: &[String],
    #[prop(rest = "disabled form")] rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, value, errors);
    let list_name = control.list_name();
    html! {
        <Group control={&control} label={label} description?={description} rest={&rest}>
            <input type="hidden" name={&*list_name} value="">
            for (index, choice) in options.iter().map(ToChoice::to_choice).enumerate() {
                <ChoiceInput
                    kind="checkbox"
                    id={format!("{}-{index}", control.id)}
                    name={&*list_name}
                    is_chosen={control.has(&choice.value)}
                    choice={choice}
                    invalid?={control.invalid()}
                />
            }
        </Group>
    }
}

/// A heading, a description and errors around several boxes.
#[component]
fn Group(
    control: &Control<'_>,
    label: &str,
    description: Option<&str>,
    rest: &Attrs,
    children: Slot,
) -> Html {
    html! {
        <fieldset class="hh-field hh-group" id={&*control.id} aria-describedby={control.described_by(description)} {..rest}>
            <legend id={format!("{}-legend", control.id)}>{label}</legend>
            <p :if={let Some(description) = description} id={format!("{}-description", control.id)} class="hh-description">
                {description}
            </p>
            {render_slot(children)}
            <ErrorList id={format!("{}-errors", control.id)} errors={control.errors()}/>
        </fieldset>
    }
}

/// One of the boxes.
#[component]
fn ChoiceInput(
    kind: &'static str,
    id: String,
    name: &str,
    choice: Choice<'_>,
    is_chosen: bool,
    #[prop(default)] required: bool,
    invalid: Option<&'static str>,
) -> Html {
    html! {
        <div class="hh-check">
            <input
                type={kind}
                id={id}
                name={name}
                value={&*choice.value}
                checked={is_chosen}
                disabled={choice.is_disabled}
                required={required}
                aria-describedby?={choice.description.as_ref().map(|_| format!("{id}-description"))}
                aria-invalid?={invalid}
            >
            <label for={id}>{&*choice.label}</label>
            <p :if={let Some(description) = &choice.description} id={format!("{id}-description")} class="hh-description">
                {&**description}
            </p>
        </div>
    }
}
