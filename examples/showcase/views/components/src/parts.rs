//! What the page is made of.

use hothouse_sdk::prelude::*;

/// One tab of several.
#[component]
pub(crate) fn Tab<E: ToText>(
    event: E,
    #[prop(default)] selected: bool,
    #[prop(rest)] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        <button
            role="tab"
            class={[("primary", selected)]}
            aria-selected={selected}
            phx-click={event}
            {..rest}
        >
            {render_slot(children)}
        </button>
    }
}

/// Rows of anything, under headings.
#[component]
pub(crate) fn Table<T>(
    rows: &List<T>,
    column: Vec<Slot<T, Column<'_>>>,
    empty: Option<Slot>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <table {..rest}>
            <thead>
                <tr><th :for={column in &column}>{column.label}</th></tr>
            </thead>
            <tbody>
                <tr :for={row in rows}>
                    <td :for={column in &column}>{render_slot(column, row)}</td>
                </tr>
            </tbody>
        </table>
        if rows.is_empty() { {render_slot(empty)} }
    }
}

/// What a column says about itself.
#[derive(SlotAttributes)]
pub(crate) struct Column<'a> {
    pub(crate) label: &'a str,
}

/// A question in front of the page. The browser opens and closes it by itself.
#[component]
pub(crate) fn Dialog(id: &str, title: &str, children: Slot, actions: Slot) -> Html {
    html! {
        <section
            id={id}
            hidden
            role="dialog"
            aria-label={title}
            phx-key="Escape"
            phx-window-keydown={close(&format!("#{id}"))}
        >
            <h2>{title}</h2>
            {render_slot(children)}
            <p class="row">
                {render_slot(actions)}
                <button phx-click={close(&format!("#{id}"))}>"Cancel"</button>
            </p>
        </section>
    }
}

/// Opens a dialog, and remembers what had the focus.
pub(crate) fn open(dialog: &str) -> JS {
    JS::new().push_focus(To::This).show(dialog).focus_first(dialog).done()
}

/// Closes a dialog, and gives the focus back.
pub(crate) fn close(dialog: &str) -> JS {
    JS::new().hide(dialog).pop_focus().done()
}
