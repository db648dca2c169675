//! Rows of inputs that are added, removed and moved.

use super::super::{Button, Glyph, Icon, Variant};
use crate::form::FormRow;
use crate::prelude::*;

/// What the form needs to know of a row, besides its inputs: which it is, and where it stands. Each row has it once.
///
/// ```
/// use hothouse_sdk::form::{Form, Params};
/// use hothouse_sdk::kit::{AddRow, HiddenInput, Input, MoveRow, RemoveRow, RowInputs};
/// use hothouse_sdk::prelude::*;
///
/// # struct Order;
/// #[derive(Event)]
/// enum OrderEvent {
///     Validate(Params),
///     /// `self.form.move_row("lines", from, to)`
///     Move { from: usize, to: usize },
/// }
///
/// fn lines(form: &Form<Order>) -> Html {
///     let rows = form.rows("lines");
///     html! {
///         <form id={form.id()} phx-change={OrderEvent::VALIDATE}>
///             <HiddenInput name={form.drop_name("lines")}/>
///             <div>
///                 for row in &rows key={row.id()} {
///                     <fieldset id={row.id()}>
///                         <legend>"Line " {row.index() + 1}</legend>
///                         <RowInputs row={row}/>
///                         <Input field={row.field("item")} label="Item"/>
///                         <MoveRow row={row} rows={rows.len()} event={OrderEvent::MOVE}/>
///                         <RemoveRow row={row}>"Remove"</RemoveRow>
///                     </fieldset>
///                 }
///             </div>
///             <AddRow name={form.sort_name("lines")}>"Add a line"</AddRow>
///         </form>
///     }
/// }
/// ```
///
/// Renders two `<input type="hidden">`. The element around all rows keeps the button behind them in its place, and the focus on
/// it, when one comes.
#[component]
pub fn RowInputs(
    /// The row.
    row: &FormRow<'_>,
) -> Html {
    html! {
        <input type="hidden" name={row.sort_name()} value={row.index()}>
        <input type="hidden" name={row.id_name()} value={row.number()}>
    }
}

/// A button that adds a row to a list of a form: what has been typed is sent with it, as a change of the form.
///
/// Renders `<button type="button" class="hh-button">`. Everything that elements have is passed on, and `form`.
#[component]
pub fn AddRow(
    /// `sort_name` of the form, or of a row for a list within it.
    name: &str,
    /// How much it stands out.
    #[prop(default)]
    variant: Variant,
    /// Cannot be pressed.
    #[prop(default)]
    disabled: bool,
    children: Slot,
    #[prop(rest = "form")] rest: Attrs,
) -> Html {
    html! {
        <Button variant={variant} disabled={disabled} name={name} value="new" phx-click={JS::new().dispatch("change")} {..rest}>
            {render_slot(children)}
        </Button>
    }
}

/// A button that removes a row: what has been typed is sent with it, as a change of the form.
///
/// Renders `<button type="button" class="hh-button">`. Everything that elements have is passed on, and `form`.
///
/// Accessibility: with an icon alone it needs an `aria-label`.
#[component]
pub fn RemoveRow(
    /// The row.
    row: &FormRow<'_>,
    /// How much it stands out.
    #[prop(default = Variant::Quiet)]
    variant: Variant,
    /// Cannot be pressed.
    #[prop(default)]
    disabled: bool,
    children: Slot,
    #[prop(rest = "form")] rest: Attrs,
) -> Html {
    html! {
        <Button
            variant={variant}
            disabled={disabled}
            name={row.drop_name()}
            value={row.index()}
            phx-click={JS::new().dispatch("change")}
            {..rest}
        >
            {render_slot(children)}
        </Button>
    }
}

/// Two buttons that move a row up and down, by an event with `from` and `to` for
/// [`Form::move_row`](crate::form::Form::move_row).
///
/// Renders `<span class="hh-move-row">` with two buttons, whose ids are the row's with `-up` and `-down`. Everything that
/// elements have is passed on to the `<span>`.
///
/// Accessibility: at the ends of the list the button stays and says `aria-disabled`. A row that is moved downwards is taken out
/// of the page and put in again, which loses the focus: the view gives it back with
/// `socket.push_js(JS::new().focus("#order_lines_2-down"))`.
#[component]
pub fn MoveRow(
    /// The row.
    row: &FormRow<'_>,
    /// How many rows there are.
    rows: usize,
    /// The event.
    event: String,
    /// The name of the button that moves it up.
    #[prop(default = "Move up")]
    up_label: &str,
    /// The name of the button that moves it down.
    #[prop(default = "Move down")]
    down_label: &str,
    #[prop(rest)] rest: Attrs,
) -> Html {
    let from = row.index();
    let up = from.checked_sub(1).map(|to| moved(&event, from, to));
    let down = (from + 1 < rows).then(|| moved(&event, from, from + 1));
    html! {
        <span class="hh-move-row" {..rest}>
            <Button id={format!("{}-up", row.id())} variant={Variant::Quiet} aria-label={up_label} aria-disabled?={up.is_none().then_some("true")} phx-click?={&up}>
                <Icon glyph={Glyph::ArrowUp}/>
            </Button>
            <Button id={format!("{}-down", row.id())} variant={Variant::Quiet} aria-label={down_label} aria-disabled?={down.is_none().then_some("true")} phx-click?={&down}>
                <Icon glyph={Glyph::ArrowDown}/>
            </Button>
        </span>
    }
}

fn moved(event: &str, from: usize, to: usize) -> JS {
    JS::new().push(event).value(json!({ "from": from, "to": to })).done()
}
