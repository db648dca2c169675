//! What people type.

use super::control::Control;
use super::layout::FieldLayout;
use crate::form::Field;
use crate::prelude::*;

/// An input with its label: text of all types, numbers, dates and times, a range, a colour.
///
/// ```
/// use hothouse_sdk::form::Field;
/// use hothouse_sdk::kit::Input;
/// use hothouse_sdk::prelude::*;
///
/// fn inputs(email: Field, query: &str) -> Html {
///     html! {
///         <Input field={email} type="email" label="Email" description="For the receipt" required autocomplete="email"/>
///         <Input name="q" value={query} type="search" label="Search" phx-debounce="200"/>
///     }
/// }
/// ```
///
/// One of `field` and `name` is given. Renders a [`FieldLayout`] around `<input class="hh-input">`. Everything that elements
/// have is passed on to the input, and what inputs have: `required`, `placeholder`, `min`, `maxlength`, `autocomplete` and
/// the like. Checkboxes, radio buttons and hidden inputs are components of their own.
///
/// Accessibility: as of a [`FieldLayout`]; `aria-invalid` says that something is wrong. The input is the same element, with
/// the same id, whether something is wrong or not, so that the focus and the text stay.
#[component]
pub fn Input(
    /// A field of a form: its id, name, value and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What helps to fill it in.
    description: Option<&str>,
    /// `text`, `email`, `password`, `url`, `tel`, `search`, `number`, `date`, `time`, `datetime-local`, `month`, `week`, `range`
    /// or `color`.
    #[prop(default = "text")]
    r#type: &str,
    /// Another id.
    id: Option<&str>,
    /// Another name.
    name: Option<&str>,
    /// Another value.
    value: Option<&str>,
    /// Other errors.
    #[prop(default = &[])]
    errors: &[String],
    #[prop(
        rest = "autocapitalize autocomplete dirname disabled enterkeyhint form inputmode list max maxlength min minlength \
                   multiple pattern placeholder readonly required size step"
    )]
    rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, value, errors);
    html! {
        <FieldLayout id={&*control.id} label={label} description?={description} errors={control.errors()}>
            <input
                type={r#type}
                class="hh-input"
                id={&*control.id}
                name={control.name}
                value={control.value()}
                aria-describedby={control.described_by(description)}
                aria-invalid?={control.invalid()}
                {..rest}
            >
        </FieldLayout>
    }
}

/// A text of several lines with its label.
///
/// One of `field` and `name` is given. Renders a [`FieldLayout`] around `<textarea class="hh-input">`. Everything that elements
/// have is passed on to the textarea, and what textareas have.
///
/// Accessibility: as of an [`Input`].
#[component]
pub fn Textarea(
    /// A field of a form: its id, name, value and errors.
    field: Option<&Field>,
    /// What it is called.
    label: &str,
    /// What helps to fill it in.
    description: Option<&str>,
    /// Lines that are seen at once.
    #[prop(default = 4)]
    rows: u32,
    /// Another id.
    id: Option<&str>,
    /// Another name.
    name: Option<&str>,
    /// Another text.
    value: Option<&str>,
    /// Other errors.
    #[prop(default = &[])]
    errors: &[String],
    #[prop(
        rest = "autocapitalize autocomplete cols dirname disabled enterkeyhint form inputmode maxlength minlength placeholder \
                   readonly required wrap"
    )]
    rest: Attrs,
) -> Html {
    let control = Control::new(field, id, name, value, errors);
    html! {
        <FieldLayout id={&*control.id} label={label} description?={description} errors={control.errors()}>
            // A browser takes the first line break away.
            <textarea
                class="hh-input"
                id={&*control.id}
                name={control.name}
                rows={rows}
                aria-describedby={control.described_by(description)}
                aria-invalid?={control.invalid()}
                {..rest}
            >"\n" {control.value()}</textarea>
        </FieldLayout>
    }
}

/// A value that nobody sees, or each of several.
///
/// One of `field` and `name` is given. Renders `<input type="hidden">` for each value. Everything that elements have is passed
/// on, and `form`.
#[component]
pub fn HiddenInput(
    /// A field of a form: its name and its values.
    field: Option<&Field>,
    /// Another name.
    name: Option<&str>,
    /// Another value.
    value: Option<&str>,
    #[prop(rest = "form")] rest: Attrs,
) -> Html {
    let control = Control::new(field, None, name, value, &[]);
    let values = match (value, field) {
        (None, Some(field)) if field.values().len() > 1 => field.values(),
        _ => &[],
    };
    html! {
        if values.is_empty() {
            <input type="hidden" name={control.name} value={control.value()} {..rest}>
        } else {
            <input :for={value in values} type="hidden" name={control.list_name()} value={value} {..rest}>
        }
    }
}
