//! What stands around an input: its label, its description, its errors.

use crate::prelude::*;

/// A label, a description and errors around an input of one's own. The inputs of the kit bring theirs along.
///
/// ```
/// use hothouse_sdk::form::Field;
/// use hothouse_sdk::kit::FieldLayout;
/// use hothouse_sdk::prelude::*;
///
/// fn colour(field: Field) -> Html {
///     html! {
///         <FieldLayout id={field.id()} label="Colour" description="Of the pot" errors={field.errors()}>
///             <input
///                 type="color"
///                 id={field.id()}
///                 name={field.name()}
///                 value={field.value()}
///                 aria-describedby={format!("{0}-description {0}-errors", field.id())}
///             >
///         </FieldLayout>
///     }
/// }
/// ```
///
/// Renders `<div class="hh-field">` with `<label for="ID">`, `id="ID-description"` if there is one, the content, and
/// `id="ID-errors"`, which is there without errors as well. Everything that elements have is passed on.
///
/// Accessibility: put the id on the input, and both other ids into its `aria-describedby`. Errors are read out when they
/// come. The label is marked where the content is `required`.
#[component]
pub fn FieldLayout(
    /// The id of the input; those of its description and its errors begin with it.
    id: &str,
    /// What it is called.
    label: &str,
    /// What helps to fill it in.
    description: Option<&str>,
    /// What is wrong with what it has.
    #[prop(default = &[])]
    errors: &[String],
    /// The input.
    children: Slot,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div class="hh-field" {..rest}>
            <label for={id}>{label}</label>
            <p :if={let Some(description) = description} id={format!("{id}-description")} class="hh-description">{description}</p>
            {render_slot(children)}
            <ErrorList id={format!("{id}-errors")} errors={errors}/>
        </div>
    }
}

/// What is wrong: with an input, or with a form as a whole.
///
/// Renders `<div class="hh-errors">` with a `<p>` for each. Everything that elements have is passed on.
///
/// Accessibility: it is there without errors as well, so that they are read out when they come (`aria-live`).
#[component]
pub fn ErrorList<E: AsRef<str>>(
    /// Its id.
    id: String,
    /// What is wrong.
    errors: &[E],
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div id={id} class="hh-errors" aria-live="polite" {..rest}>
            <p :for={error in errors}>{error.as_ref()}</p>
        </div>
    }
}
