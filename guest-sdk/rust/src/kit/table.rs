//! Rows of anything, under headings.

use crate::prelude::*;

/// How the rows of a table are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl Sorted {
    fn aria(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }

    /// The other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// Rows of a [`List`](crate::List), with a column for each `<:column label="…">`.
///
/// ```
/// use hothouse_sdk::kit::{Sorted, Table};
/// use hothouse_sdk::prelude::*;
///
/// struct Plant { id: u32, name: String, height: u32 }
///
/// fn page(plants: &List<Plant>) -> Html {
///     html! {
///         <Table id="plants" caption="Plants" rows={plants} row_id={|plant: &Plant| format!("plant-{}", plant.id)}>
///             <:column :let={plant} label="Name" sort={JS::new().push("sort_by_name")} sorted={Sorted::Ascending}>
///                 {plant.name}
///             </:column>
///             <:column :let={plant} label="Height" numeric>{plant.height} " cm"</:column>
///             <:action :let={plant}><button phx-click="water" phx-value-id={plant.id}>"Water"</button></:action>
///             <:empty>"Nothing grows here."</:empty>
///         </Table>
///     }
/// }
/// ```
///
/// Renders `<div class="hh-table">` around the `<table>`. Rows keep their elements when they move. Everything that elements have
/// is passed on.
///
/// Accessibility: the table has its caption as its name, its columns are `<th scope="col">`, a column that can be sorted
/// is a button in its heading, and the one by which the rows are sorted says so with `aria-sort`. A table that is wider
/// than the page can be scrolled with the keyboard.
#[component]
pub fn Table<T, F: Fn(&T) -> String>(
    /// Its id; that of its caption begins with it.
    id: &str,
    /// What the table shows.
    caption: &str,
    /// The rows.
    rows: &List<T>,
    /// The id of a row's element.
    row_id: F,
    /// A column: its heading, and what it shows of a row.
    column: Vec<Slot<T, Column<'_>>>,
    /// What can be done with a row, in a column of its own at the end.
    action: Option<Slot<T>>,
    /// The heading of that column, for those who do not see it.
    #[prop(default = "Actions")]
    action_label: &str,
    /// What is shown when there are no rows.
    empty: Option<Slot>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div id={id} class="hh-table" role="region" aria-labelledby={format!("{id}-caption")} tabindex="0" {..rest}>
            <table>
                <caption id={format!("{id}-caption")}>{caption}</caption>
                <thead>
                    <tr>
                        <th
                            :for={column in &column}
                            scope="col"
                            class?={column.numeric.then_some("hh-table-number")}
                            aria-sort?={column.sorted.map(Sorted::aria)}
                        >
                            match &column.sort {
                                Some(sort) => {
                                    <button type="button" class="hh-table-sort" phx-click={sort}>{column.label}</button>
                                }
                                None => { {column.label} }
                            }
                        </th>
                        <th :if={action.is_some()} scope="col"><span class="hh-unseen">{action_label}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <tr :for={row in rows} id={row_id(row)}>
                        <td :for={column in &column} class?={column.numeric.then_some("hh-table-number")}>
                            {render_slot(column, row)}
                        </td>
                        <td :if={action.is_some()} class="hh-table-actions">{render_slot(action, row)}</td>
                    </tr>
                </tbody>
            </table>
            if rows.is_empty() {
                <div class="hh-table-empty">{render_slot(empty)}</div>
            }
        </div>
    }
}

/// What a `<:column>` of a [`Table`] says about itself.
#[derive(Debug, SlotAttributes)]
pub struct Column<'a> {
    /// The heading.
    pub label: &'a str,
    /// Commands that sort by this column.
    pub sort: Option<JS>,
    /// How the rows are sorted by this column, if they are.
    pub sorted: Option<Sorted>,
    /// Its values are numbers, which stand at the right.
    #[prop(default)]
    pub numeric: bool,
}
