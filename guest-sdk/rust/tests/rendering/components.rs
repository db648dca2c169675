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

#[test]
fn all_uses_of_a_component_share_their_literal_parts() {
    // The view's own, those of a card once, and what stands between the tags of each.
    assert_eq!(mount::<Cards>().templates(), 4);
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

/// A view with two numbers, a list and a choice, whose markup is given.
macro_rules! numbers {
    ($name:ident $self:ident => $html:expr) => {
        #[allow(dead_code, reason = "few views show all of it")]
        struct $name {
            first: Assign<u32>,
            second: Assign<u32>,
            open: Assign<bool>,
            rows: List<u32>,
            others: List<u32>,
        }

        impl LiveView for $name {
            type Event = ();

            fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
                Ok(Self {
                    first: 1.into(),
                    second: 2.into(),
                    open: false.into(),
                    rows: vec![10, 20].into(),
                    others: vec![30].into(),
                })
            }

            fn render(&$self) -> Html {
                $html
            }
        }
    };
}

#[component]
fn Give(number: u32, other: u32, children: Slot<u32>) -> Html {
    html! { <p>{other} {render_slot(children, &number)}</p> }
}

numbers!(Given self => html! {
    <Give :let={number} number={self.first} other={self.second}>{Counted(number)} {self.open}</Give>
});

#[test]
fn what_a_slot_is_given_is_evaluated_when_it_changes() {
    let mut view = mount::<Given>();
    assert_eq!(view.html(), "<p>21false</p>");
    check_only(&mut view, |view| *view.first = 3, 1);
    check_only(&mut view, |view| *view.second = 4, 0);
    check_only(&mut view, |view| *view.open = true, 0);
    assert_eq!(view.html(), "<p>43true</p>");
}

#[component]
fn Either(open: bool, yes: Slot, no: Slot) -> Html {
    html! { <p>{render_slot(if open { &yes } else { &no })}</p> }
}

numbers!(Chosen self => html! {
    <Either open={self.open}>
        <:yes><b>{Counted(*self.first)}</b></:yes>
        <:no><i>{Counted(*self.first)}</i></:no>
    </Either>
});

#[test]
fn another_slot_at_the_same_place_is_whole() {
    let mut view = mount::<Chosen>();
    check_only(&mut view, |view| *view.open = true, 1);
    assert_eq!(view.html(), "<p><b>1</b></p>");
    check_only(&mut view, |view| *view.first = 2, 1);
    check_only(&mut view, |view| *view.second = 2, 0);
}

/// The last `html!` is not the only one: what it answers may be another template each time.
#[component]
fn Switch(open: bool, number: u32) -> Html {
    if open {
        return html! { <b>{number}</b> };
    }
    html! { <i>{number}</i> }
}

#[component]
fn Matched(open: bool, number: u32) -> Html {
    match open {
        true => html! { <b>{number}</b> },
        false => Html::empty(),
    }
}

numbers!(Switched self => html! {
    <Switch open={self.open} number={self.first}/>
    <Matched open={self.open} number={self.first}/>
});

#[test]
fn a_component_of_several_templates_is_whole() {
    let mut view = mount::<Switched>();
    assert_eq!(view.html(), "<i>1</i>");
    check(&mut view, |view| *view.open = true, r#"[["1"], ["1"]]"#);
    check(&mut view, |view| *view.first = 5, r#"[["5"], ["5"]]"#);
    check(&mut view, |view| *view.second = 5, "=");
}

/// Names that the body gives another meaning are not those of the attributes.
#[component]
fn Shadows(number: u32, mut other: u32, text: &str) -> Html {
    let number = number + other;
    other += 1;
    let length = text.len();
    html! { {number} " " {other} " " {length} " " {text} }
}

numbers!(Shadowed self => html! { <Shadows number={self.first} other={self.second} text="abc"/> });

#[test]
fn names_with_another_meaning_are_evaluated_every_time() {
    let mut view = mount::<Shadowed>();
    assert_eq!(view.html(), "3 3 3 abc");
    check(&mut view, |view| *view.second = 4, r#"[["5", "5", "3", =]]"#);
    check(&mut view, |view| *view.first = 0, r#"[["4", "5", "3", =]]"#);
}

#[component]
fn Outer(rows: &List<u32>, shown: bool, children: Slot) -> Html {
    html! {
        <Inner rows={rows}>{render_slot(children)}</Inner>
        <Inner :if={shown} rows={rows}>"again"</Inner>
    }
}

#[component]
fn Inner(rows: &List<u32>, children: Slot) -> Html {
    html! { <ul><li :for={row in rows}>{Counted(row)}</li></ul> {render_slot(children)} }
}

numbers!(Nested self => html! {
    <Outer rows={self.rows} shown={self.open}>{Counted(*self.first)}</Outer>
    if *self.second > 2 { <Outer rows={&self.others} shown={false}>"more"</Outer> }
});

#[test]
fn lists_and_slots_are_tracked_through_several_components() {
    let mut view = mount::<Nested>();
    assert_eq!(view.html(), "<ul><li>10</li><li>20</li></ul>1");
    check_only(&mut view, |view| *view.rows.get_mut(1).unwrap() = 21, 1);
    check_only(&mut view, |view| *view.first = 7, 1);
    check_only(&mut view, |view| *view.open = true, 2);
    check_only(&mut view, |view| *view.rows.get_mut(0).unwrap() = 11, 2);
    check_only(&mut view, |view| *view.second = 3, 1);
    check_only(&mut view, |view| std::mem::swap(&mut view.rows, &mut view.others), 4);
    assert_eq!(
        view.html(),
        "<ul><li>30</li></ul>7<ul><li>30</li></ul>again<ul><li>11</li><li>21</li></ul>more"
    );
}

numbers!(InLoops self => html! {
    for row in self.rows {
        <Card title={format!("{row}")} level={1}>{Counted(row)} {self.first}</Card>
    }
    <Card :for={row in self.others} title="b" id={format!("card-{row}")}>{row}</Card>
});

#[test]
fn components_in_loops_are_evaluated_for_the_rows_that_changed() {
    let mut view = mount::<InLoops>();
    // The title and the level of a card, and what is between its tags.
    check_only(&mut view, |view| *view.rows.get_mut(1).unwrap() = 21, 3);
    check_only(&mut view, |_| {}, 0);
    check_only(&mut view, |view| *view.others.get_mut(0).unwrap() = 31, 2);
    assert!(view.html().contains("id=\"card-31\""));
}

/// A component inside of itself.
#[component]
fn Tree(depth: u32, number: u32) -> Html {
    html! { <div>{Counted(number)} <Tree :if={depth > 0} depth={depth - 1} number={number}/></div> }
}

numbers!(Recursive self => html! { <Tree depth={2} number={self.first}/> });

#[test]
fn a_component_may_stand_in_itself() {
    let mut view = mount::<Recursive>();
    assert_eq!(view.html(), "<div>1<div>1<div>1</div></div></div>");
    check_only(&mut view, |view| *view.first = 2, 3);
    check_only(&mut view, |view| *view.second = 3, 0);
}

mod parts {
    use hothouse_sdk::prelude::*;

    /// A button that passes on what it does not know.
    #[component]
    pub(super) fn Button(
        r#type: Option<&str>,
        #[prop(rest = "disabled form")] rest: Attrs,
        children: Slot,
    ) -> Html {
        html! { <button type?={r#type} class="button" {..rest}>{render_slot(children)}</button> }
    }
}

#[component]
fn Toolbar(#[prop(rest)] rest: Attrs) -> Html {
    html! { <parts::Button type="submit" {..rest}>"Save"</parts::Button> }
}

numbers!(PassedOn self => html! {
    <parts::Button phx-click={JS::new().push("go")} disabled={self.open} aria-label?={None::<&str>} hidden>"Go"</parts::Button>
    <Toolbar id="save" title={self.first} class="lost"/>
});

#[test]
fn attributes_that_a_component_does_not_know_are_passed_on() {
    let mut view = mount::<PassedOn>();
    assert_eq!(
        view.html(),
        "<button class=\"button\" phx-click=\"[[&quot;push&quot;,{&quot;event&quot;:&quot;go&quot;}]]\" hidden>Go</button>\
         <button type=\"submit\" class=\"button\" id=\"save\" title=\"1\">Save</button>"
    );
    check(&mut view, |view| *view.first = 2, r#"[=, [[=, < id="save" title="2">, =]]]"#);
    change(&mut view, |view| *view.open = true);
    assert!(view.html().contains(" disabled"));
}

/// A cell that shows an entry of somebody else's slot.
#[component]
fn GridCell(column: &Slot<u32, Column<'_>>, row: &u32) -> Html {
    html! { <td title={column.label}>{render_slot(column, row)}</td> }
}

#[component]
fn Grid(rows: &List<u32>, column: Vec<Slot<u32, Column<'_>>>) -> Html {
    html! {
        <tr :for={row in rows}>
            for column in &column {
                <th>{Counted(column.label)} {render_slot(column, row)}</th>
                <GridCell column={column} row={row}/>
            }
        </tr>
    }
}

fn double(number: u32) -> u32 {
    number * 2
}

numbers!(Gridded self => html! {
    <Grid rows={self.rows}>
        <:column :let={row} label="a">{Counted(row)}</:column>
        <:column :let={row} label={if *self.open { "open" } else { "closed" }}>{self.first} {double(*row)}</:column>
    </Grid>
});

#[test]
fn content_that_changed_in_one_entry_leaves_the_others_alone() {
    let mut view = mount::<Gridded>();
    assert!(view.html().starts_with("<tr><th>a10</th><td title=\"a\">10</td><th>closed120</th>"));
    check_only(&mut view, |view| *view.first = 2, 0);
    check_only(&mut view, |view| *view.second = 3, 0);
    // Two rows of two headings, and of two cells in one column.
    check_only(&mut view, |view| *view.open = true, 8);
    check_only(&mut view, |view| *view.rows.get_mut(0).unwrap() = 11, 4);
    assert!(view.html().contains("<td title=\"open\">222</td>"));
}

/// A type with methods that are called like attributes.
struct Named(&'static str);

impl Named {
    fn id(&self) -> &str {
        self.0
    }

    fn children(&self) -> usize {
        self.0.len()
    }

    fn address(&self) -> &str {
        "here"
    }
}

#[component]
fn Shown(named: &Named, rest: &std::rc::Rc<Named>) -> Html {
    html! { <p id={named.id()}>{named.children()} {rest.id()} {rest.address()}</p> }
}

#[test]
fn methods_of_values_may_be_called_like_attributes() {
    struct Page;

    impl LiveView for Page {
        type Event = ();

        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self)
        }

        fn render(&self) -> Html {
            html! { <Shown named={Named("ab")} rest={std::rc::Rc::new(Named("c"))}/> }
        }
    }

    assert_eq!(mount::<Page>().html(), "<p id=\"ab\">2chere</p>");
}
