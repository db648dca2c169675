//! One of many, or several.

use super::choice::{Choice, ToChoice};
use super::control::Control;
use super::layout::FieldLayout;
use crate::form::Field;
use crate::prelude::*;

/// A list to choose from, with its label.
///
/// ```
/// use hothouse_sdk::form::Field;
/// use hothouse_sdk::kit::Select;
/// use hothouse_sdk::prelude::*;
///
/// const COUNTRIES: &[(&str, &str)] = &[("fr", "France"), ("it", "Italy")];
///
/// fn select(country: Field) -> Html {
///     html! { <Select field={country} label="Country" options={COUNTRIES} prompt="Choose a country"/> }
/// }
/// ```
///
/// One of `field` and `name` is given. Renders a [`FieldLayout`] around `<select class="hh-input">`; with `multiple` a hidden
/// input of the same name as well, so that something is sent when nothing is chosen: an empty text, which a form takes for
/// nothing. Everything that elements have is passed on to the select, and what selects have.
///
/// Accessibility: as of an [`Input`](super::Input).
#[component]
pub fn Select<O: ToChoice>(
    /// A field of a form: its id, name, values and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What can be chosen.
    options: &[O],
    /// What stands there as long as nothing is chosen, with an empty value.
    prompt: Option<&str>,
    /// Several may be chosen: their values are sent as a list.
    #[prop(default)]
    multiple: bool,
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
    #[prop(rest = "autocomplete disabled form required size")] rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, value, errors);
    let name = if multiple { control.list_name() } else { control.name.into() };
    let groups = groups(options);
    html! {
        <FieldLayout id={&*control.id} label={label} description?={description} errors={control.errors()}>
            <input :if={multiple} type="hidden" name={&*name} value="">
            <select
                class="hh-input"
                id={&*control.id}
                name={&*name}
                multiple={multiple}
                aria-describedby={control.described_by(description)}
                aria-invalid?={control.invalid()}
                {..rest}
            >
                <option :if={let Some(prompt) = prompt} value="">{prompt}</option>
                for group in &groups {
                    match group.first().and_then(|choice| choice.group.as_deref()) {
                        Some(label) => {
                            <optgroup label={label}><Options choices={&**group} control={&control}/></optgroup>
                        }
                        None => { <Options choices={&**group} control={&control}/> }
                    }
                }
            </select>
        </FieldLayout>
    }
}

#[component]
fn Options(choices: &[Choice<'_>], control: &Control<'_>) -> Html {
    html! {
        for choice in choices {
            <option value={&*choice.value} selected={control.has(&choice.value)} disabled={choice.is_disabled}>{&*choice.label}</option>
        }
    }
}

/// Neighbours of the same group.
fn groups<O: ToChoice>(options: &[O]) -> Vec<Vec<Choice<'_>>> {
    let mut groups: Vec<Vec<Choice<'_>>> = Vec::new();
    for choice in options.iter().map(ToChoice::to_choice) {
        match groups.last_mut() {
            Some(group) if group.first().is_some_and(|first| first.group == choice.group) => {
                group.push(choice)
            }
            _ => groups.push(vec![choice]),
        }
    }
    groups
}
