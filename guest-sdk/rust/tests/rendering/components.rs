//! Function components: what they write, and what is evaluated after a change.

use std::cell::Cell;

use crate::support::{change, check, mount};
use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::View;

thread_local! {
    static EVALUATIONS: Cell<u32> = const { Cell::new(0) };
}

/// Text that counts how often it is shown.
struct Counted<T>(T);

impl<T: ToText> ToText for Counted<T> {
    fn to_text(&self) -> String {
        EVALUATIONS.set(EVALUATIONS.get() + 1);
        self.0.to_text()
    }
}

/// A box with a heading.
#[component]
fn Card(
    /// The heading.
    title: &str,
    #[prop(default = 3)] level: u8,
    note: Option<&str>,
    #[prop(rest)] rest: Attrs,
    children: Slot,
) -> Html {
    html! {
        <section class="card" {..rest}>
            <h1>{Counted(title)} " " {Counted(level)}</h1>
            if let Some(note) = note { <i>{note}</i> }
            {render_slot(children)}
        </section>
    }
}

struct Cards {
    title: Assign<String>,
    other: Assign<u32>,
    note: Assign<Option<String>>,
}

impl LiveView for Cards {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { title: "Plants".to_owned().into(), other: 1.into(), note: None.into() })
    }

    fn render(&self) -> Html {
        html! {
            <Card title={self.title} note?={self.note} phx-click="open" id="first">
                <p>{Counted(*self.other)}</p>
            </Card>
            <Card title="Fish" level={2}>"none"</Card>
        }
    }
}

#[test]
fn a_component_shows_its_attributes_and_its_content() {
    let view = mount::<Cards>();
    assert_eq!(
        view.html(),
        "<section class=\"card\" phx-click=\"open\" id=\"first\"><h1>Plants 3</h1><p>1</p></section>\
         <section class=\"card\"><h1>Fish 2</h1>none</section>"
    );
}

#[test]
fn only_what_depends_on_a_changed_attribute_is_evaluated_in_a_component() {
    let mut view = mount::<Cards>();
    check_only(&mut view, |_| {}, 0);
    check_only(&mut view, |view| *view.title = "Palms".to_owned(), 1);
    check_only(&mut view, |view| *view.other = 2, 1);
    check_only(&mut view, |view| *view.note = Some("new".to_owned()), 0);
    check(&mut view, |view| *view.title = "Ferns".to_owned(), r#"[[=, "Ferns", =, =, =], =]"#);
    check(&mut view, |view| *view.note = None, "[[=, =, =, -, =], =]");
    check(&mut view, |view| *view.other = 3, r#"[[=, =, =, =, ["3"]], =]"#);
}

#[component]
fn Table<T>(
    rows: &List<T>,
    column: Vec<Slot<T, Column<'_>>>,
    empty: Option<Slot>,
    #[prop(rest = "border disabled")] rest: Attrs,
) -> Html {
    html! {
        <table {..rest}>
            <tr><th :for={column in &column} class?={column.class}>{column.label}</th></tr>
            <tr :for={row in rows}>
                <td :for={column in &column}>{render_slot(column, row)}</td>
            </tr>
        </table>
        if rows.is_empty() { {render_slot(empty)} }
    }
}

#[derive(SlotAttributes)]
struct Column<'a> {
    label: &'a str,
    class: Option<&'a str>,
}

struct Plant {
    name: String,
    height: u32,
}

struct Plants {
    plants: List<Plant>,
    unit: Assign<&'static str>,
    other: Assign<u32>,
}

impl LiveView for Plants {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let plants = [("Palm", 3), ("Fern", 1)].map(|(name, height)| Plant { name: name.to_owned(), height });
        Ok(Self { plants: plants.into_iter().collect(), unit: "m".into(), other: 1.into() })
    }

    fn render(&self) -> Html {
        html! {
            <p>{self.other}</p>
            <Table rows={self.plants} id="plants" border="0" disabled={*self.other > 1}>
                <:column :let={plant} label="Name">{Counted(&plant.name)}</:column>
                <:column :let={plant} label="Height" class="number">{plant.height} " " {self.unit}</:column>
                <:empty>"No plants."</:empty>
            </Table>
        }
    }
}

#[test]
fn a_slot_is_given_many_times_with_attributes_and_shown_with_arguments() {
    let view = mount::<Plants>();
    assert_eq!(
        view.html(),
        "<p>1</p><table id=\"plants\" border=\"0\">\
         <tr><th>Name</th><th class=\"number\">Height</th></tr>\
         <tr><td>Palm</td><td>3 m</td></tr><tr><td>Fern</td><td>1 m</td></tr></table>"
    );
}

#[test]
fn rows_of_a_list_are_tracked_through_a_component() {
    let mut view = mount::<Plants>();
    EVALUATIONS.set(0);
    check_only(&mut view, |view| view.plants.get_mut(0).unwrap().height = 4, 1);
    check_only(&mut view, |view| view.plants.swap(0, 1), 0);
    check_only(&mut view, |_| {}, 0);
    check_only(&mut view, |view| view.plants.clear(), 0);
    assert!(view.html().ends_with("</table>No plants."));
}

#[test]
fn what_a_slot_reads_around_the_component_is_tracked() {
    let mut view = mount::<Plants>();
    change(&mut view, |view| *view.unit = "cm");
    assert!(view.html().contains("3 cm"));
    check(&mut view, |view| *view.other = 2, r#"["2", [< id="plants" border="0" disabled>, =, =, =]]"#);
}

/// Changes a view, and expects so many evaluations of [`Counted`], and the page of a whole render.
#[track_caller]
fn check_only<V: LiveView>(view: &mut View<V>, changes: impl FnOnce(&mut V), evaluations: u32) {
    EVALUATIONS.set(0);
    change(view, changes);
    assert_eq!(EVALUATIONS.take(), evaluations, "{}", view.changes());
    let merged = view.html();
    view.everything().unwrap();
    assert_eq!(merged, view.html(), "the page after the changes is not the page of a whole render");
}
