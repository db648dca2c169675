//! What a template evaluates after a change, and what it leaves out.

use std::cell::Cell;

use crate::support::{change, check, mount};
use hothouse_sdk::prelude::*;
use hothouse_sdk::testing;

thread_local! {
    static EVALUATIONS: Cell<u32> = const { Cell::new(0) };
}

/// Counts how often a template evaluates what goes through it.
fn counted<T>(value: T) -> T {
    EVALUATIONS.set(EVALUATIONS.get() + 1);
    value
}

macro_rules! view {
    ($name:ident { $($field:ident: $kind:ty = $initial:expr),* $(,)? } $self:ident => $html:expr) => {
        struct $name { $($field: $kind),* }

        impl LiveView for $name {
            type Event = ();

            fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
                Ok(Self { $($field: $initial),* })
            }

            fn render(&$self) -> Html {
                $html
            }
        }
    };
}

view!(Two { first: Assign<u32> = 1.into(), second: Assign<u32> = 2.into() } self => html! {
    <p class="constant" title={"constant"} lang={LANGUAGE}>{self.first} " and " {self.second}</p>
});
const LANGUAGE: &str = "en";

#[test]
fn the_first_document_has_everything() {
    let view = mount::<Two>();
    assert_eq!(view.changes(), r#"["en", "1", "2"]"#);
    assert_eq!(view.html(), r#"<p class="constant" title="constant" lang="en">1 and 2</p>"#);
}

#[test]
fn only_what_depends_on_a_changed_field_is_evaluated() {
    let mut view = mount::<Two>();
    check(&mut view, |view| *view.second = 3, r#"[=, =, "3"]"#);
    check(&mut view, |view| *view.first = 4, r#"[=, "4", =]"#);
}

#[test]
fn rendering_again_without_a_change_says_nothing() {
    let mut view = mount::<Two>();
    check(&mut view, |_| {}, "=");
    check(&mut view, |_| {}, "=");
}

#[test]
fn a_change_is_not_forgotten_while_other_documents_are_made() {
    let mut view = mount::<Two>();
    view.everything().unwrap();
    assert_eq!(view.changes(), r#"["en", "1", "2"]"#);
    check(&mut view, |view| *view.first = 5, r#"[=, "5", =]"#);
}

#[test]
fn setting_an_equal_value_is_no_change_and_every_other_access_is_one() {
    let mut view = mount::<Two>();
    check(&mut view, |view| view.first.set(1), "=");
    check(&mut view, |view| view.first.set(2), r#"[=, "2", =]"#);
    check(&mut view, |view| *view.first = 2, r#"[=, "2", =]"#);
    check(&mut view, |view| view.first.update(|first| *first = 2), r#"[=, "2", =]"#);
}

#[test]
fn values_that_were_exchanged_are_evaluated() {
    let mut view = mount::<Two>();
    check(&mut view, |view| std::mem::swap(&mut view.first, &mut view.second), r#"[=, "2", "1"]"#);
    check(&mut view, |_| {}, "=");
}

#[test]
fn a_replaced_field_is_evaluated() {
    let mut view = mount::<Two>();
    check(&mut view, |view| view.first = Assign::new(9), r#"[=, "9", =]"#);
}

view!(Expressions { count: Assign<u32> = 1.into(), other: Assign<u32> = 1.into(), plain: u32 = 1 } self => {
    let local = *self.count * 100;
    html! {
        <p>{counted(*self.count)}</p>
        <p>{format!("{}", self.count)}</p>
        <p>{self.double()}</p>
        <p>{self.plain}</p>
        <p>{format!("{local}")}</p>
        <p>{[1, 2, 3].iter().map(|number| number + *self.count).sum::<u32>()}</p>
        <p>{{ let sum = *self.count + 1; sum + sum }}</p>
        <p>{u32::MAX}</p>
    }
});

impl Expressions {
    fn double(&self) -> u32 {
        *self.count * 2
    }
}

#[test]
fn what_cannot_be_tracked_is_evaluated_every_time() {
    let mut view = mount::<Expressions>();
    // A function, a method of `self`, a field that is not tracked, a local name inside a literal.
    check(&mut view, |_| {}, r#"["1", =, "2", "1", "100", =, =, =]"#);
    check(&mut view, |view| *view.other = 7, r#"["1", =, "2", "1", "100", =, =, =]"#);
    check(&mut view, |view| *view.count = 2, r#"["2", "2", "4", "1", "200", "12", "6", =]"#);
}

view!(Choice { shown: Assign<bool> = false.into(), count: Assign<u32> = 1.into(), other: Assign<u32> = 1.into() } self => html! {
    if *self.shown {
        <b title="constant" lang={LANGUAGE}>{self.count}</b>
    } else {
        <i>{self.other}</i>
    }
});

#[test]
fn a_branch_is_whole_after_its_condition_changed_and_tracked_otherwise() {
    let mut view = mount::<Choice>();
    check(&mut view, |view| *view.count += 1, "[[=]]");
    check(&mut view, |view| *view.other += 1, r#"[["2"]]"#);
    check(&mut view, |view| *view.shown = true, r#"[["en", "2"]]"#);
    check(&mut view, |view| *view.count += 1, r#"[[=, "3"]]"#);
    check(&mut view, |view| *view.shown = true, r#"[["en", "3"]]"#);
    check(&mut view, |view| *view.shown = false, r#"[["2"]]"#);
}

view!(Without { shown: Assign<bool> = false.into() } self => html! { <p>if *self.shown { "yes" }</p> });

#[test]
fn a_branch_that_is_not_there_is_empty() {
    let mut view = mount::<Without>();
    assert_eq!(view.changes(), "[-]");
    check(&mut view, |view| *view.shown = true, "[[]]");
    check(&mut view, |view| *view.shown = false, "[-]");
    assert_eq!(view.html(), "<p></p>");
}

view!(Bound { name: Assign<Option<String>> = Some("ann".to_owned()).into(), count: Assign<u32> = 1.into() } self => html! {
    if let Some(name) = &*self.name && !name.is_empty() {
        <p title={name}>{name.to_uppercase()} {self.count}</p>
    }
    match &*self.name {
        Some(name) if name.len() > 5 => { <p class="long">{name} {self.count}</p> }
        Some(name) => { <p>{name} {self.count}</p> }
        None => {}
    }
});

#[test]
fn names_bound_by_a_condition_are_unchanged_while_it_is() {
    let mut view = mount::<Bound>();
    check(&mut view, |view| *view.count = 2, r#"[[=, =, "2"], [=, "2"]]"#);
    check(&mut view, |view| *view.name = Some("bob".into()), r#"[["bob", "BOB", "2"], ["bob", "2"]]"#);
    check(
        &mut view,
        |view| *view.name = Some("matilda".into()),
        r#"[["matilda", "MATILDA", "2"], ["matilda", "2"]]"#,
    );
    check(&mut view, |view| *view.name = None, "[-, []]");
}

view!(Shadow { name: Assign<Option<u32>> = Some(1).into(), outer: u32 = 1 } self => {
    let number = self.outer;
    html! {
        {number}
        if let Some(number) = *self.name { <b>{number} {elsewhere::number()}</b> }
        {[1].iter().map(|number| number + 1).sum::<u32>() + number}
    }
});

mod elsewhere {
    pub(super) fn number() -> u32 {
        8
    }
}

#[test]
fn a_name_is_known_only_where_it_is_bound() {
    let mut view = mount::<Shadow>();
    check(&mut view, |view| view.outer = 5, r#"["5", [=, "8"], "7"]"#);
}

view!(Flags { locked: Assign<bool> = true.into(), other: Assign<u32> = 1.into() } self => html! {
    <input type="text" disabled={self.locked} readonly={!*self.locked} value={self.other}>
});

#[test]
fn a_boolean_attribute_is_there_or_not() {
    let mut view = mount::<Flags>();
    assert_eq!(view.html(), r#"<input type="text" disabled value="1">"#);
    check(&mut view, |view| *view.locked = false, "[-, < readonly>, =]");
    assert_eq!(view.html(), r#"<input type="text" readonly value="1">"#);
    check(&mut view, |view| *view.other = 2, r#"[=, =, "2"]"#);
}

view!(Helpers { count: Assign<u32> = 1.into(), other: Assign<u32> = 1.into() } self => html! {
    <p>{self.other}</p>
    {self.helper()}
});

impl Helpers {
    fn helper(&self) -> Html {
        html! { <b>{self.count}</b> }
    }
}

#[test]
fn markup_of_a_function_is_always_whole() {
    let mut view = mount::<Helpers>();
    check(&mut view, |view| *view.other = 2, r#"["2", ["1"]]"#);
}

view!(Pages { page: u32 = 1, count: Assign<u32> = 1.into() } self => match self.page {
    1 => html! { <h1>{self.count}</h1> },
    _ => self.second(),
});

impl Pages {
    fn second(&self) -> Html {
        html! { <h2>{self.count}</h2> }
    }
}

#[test]
fn another_root_is_whole() {
    let mut view = mount::<Pages>();
    check(&mut view, |_| {}, "=");
    check(&mut view, |view| view.page = 2, r#"["1"]"#);
    check(&mut view, |_| {}, "=");
    check(&mut view, |view| view.page = 1, r#"["1"]"#);
    assert_eq!(view.html(), "<h1>1</h1>");
}

view!(Wrapped { deep: Assign<bool> = false.into(), count: Assign<u32> = 1.into() } self => self.level(2));

impl Wrapped {
    /// The same template inside of itself, the inner one made first.
    fn level(&self, depth: u32) -> Html {
        let inner = if depth > 0 && *self.deep { self.level(depth - 1) } else { Html::empty() };
        html! { <div>{self.count} {inner}</div> }
    }
}

#[test]
fn a_root_met_inside_of_another_is_whole() {
    let mut view = mount::<Wrapped>();
    check(&mut view, |view| *view.deep = true, r#"["1", ["1", ["1", -]]]"#);
    assert_eq!(view.html(), "<div>1<div>1<div>1</div></div></div>");
    check(&mut view, |view| *view.deep = false, "[=, -]");
}

struct Panes {
    panes: [Pane; 2],
    current: usize,
}

struct Pane {
    title: Assign<&'static str>,
}

impl LiveView for Panes {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { panes: [Pane { title: "left".into() }, Pane { title: "right".into() }], current: 0 })
    }

    fn render(&self) -> Html {
        self.panes.get(self.current).map_or_else(Html::empty, Pane::render)
    }
}

impl Pane {
    fn render(&self) -> Html {
        html! { <h1>{self.title}</h1> }
    }
}

#[test]
fn the_same_root_of_another_value_is_whole() {
    let mut view = mount::<Panes>();
    check(&mut view, |view| view.current = 1, r#"["right"]"#);
    check(&mut view, |_| {}, "=");
    check(&mut view, |view| view.current = 0, r#"["left"]"#);
}

view!(TextOnly {} self => Html::text("<just> text"));

#[test]
fn a_root_without_a_template_is_a_page_too() {
    let mut view = mount::<TextOnly>();
    assert_eq!(view.html(), "&lt;just&gt; text");
    check(&mut view, |_| {}, r#"["<just> text"]"#);
}

view!(Twice { count: Assign<u32> = 1.into() } self => {
    let number = html! { <b>{self.count}</b> };
    html! { {number} "=" {number} }
});

#[test]
fn markup_may_be_used_twice() {
    let mut view = mount::<Twice>();
    assert_eq!(view.html(), "<b>1</b>=<b>1</b>");
    check(&mut view, |view| *view.count = 2, r#"[["2"], ["2"]]"#);
}

#[test]
fn nothing_is_evaluated_that_no_change_asks_for() {
    struct Counted {
        first: Assign<u32>,
        second: Assign<u32>,
    }
    struct Loud(u32);
    impl ToText for Loud {
        fn to_text(&self) -> String {
            counted(self.0).to_string()
        }
    }
    impl LiveView for Counted {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { first: 1.into(), second: 2.into() })
        }
        fn render(&self) -> Html {
            html! { {Loud(*self.first)} {Loud(*self.second)} {Loud(7)} if *self.second > 1 { {Loud(*self.first)} } }
        }
    }
    let mut view = mount::<Counted>();
    assert_eq!(EVALUATIONS.take(), 4);
    change(&mut view, |_| {});
    assert_eq!(EVALUATIONS.take(), 0);
    change(&mut view, |view| *view.first += 1);
    assert_eq!(EVALUATIONS.take(), 2);
    change(&mut view, |view| *view.second += 1);
    assert_eq!(EVALUATIONS.take(), 2, "its own slot, and the branch whose condition reads it");
}

#[test]
fn a_refused_callback_renders_nothing() {
    let mut view = mount::<Two>();
    let refused = view.callback(|view, _| {
        *view.first = 9;
        Err(Failure::limit("no more"))
    });
    assert_eq!(refused, Err(Failure::limit("no more")));
    check(&mut view, |_| {}, r#"[=, "9", =]"#);
}

#[test]
fn a_test_of_an_ended_view_says_so() {
    let mut first = mount::<Two>();
    let _second = testing::View::<Two>::mount(&testing::context().build()).unwrap();
    assert_eq!(first.everything().unwrap_err().kind, FailureKind::NotHere);
}

view!(Pieces {
    open: Assign<bool> = false.into(),
    title: Assign<Option<String>> = None.into(),
    attributes: Assign<Attrs> = Attrs::new().with("id", "a").into(),
    other: Assign<u32> = 1.into(),
} self => html! {
    <p
        class={["a", ("open", self.open)]}
        title?={self.title}
        phx-click={JS::new().push("go").toggle_class(counted("open"))}
        phx-blur={JS::new().push("blur").hide("#menu")}
        {..self.attributes}
    >
        <b :if={*self.open}>{self.other}</b>
        <i :for={number in 0..2}>{number} {self.other}</i>
    </p>
});

#[test]
fn attributes_are_tracked_in_all_their_forms() {
    let mut view = mount::<Pieces>();
    let click = r#""[[\"push\",{\"event\":\"go\"}],[\"toggle_class\",{\"names\":[\"open\"]}]]""#;
    let check = |view: &mut testing::View<Pieces>, changes: fn(&mut Pieces), expected: &str| {
        check(view, changes, &expected.replace("CLICK", click));
    };
    check(&mut view, |_| {}, "[=, =, CLICK, =, =, =, =]");
    check(&mut view, |view| *view.open = true, r#"["a open", =, CLICK, =, =, ["1"], =]"#);
    check(&mut view, |view| *view.title = Some("t".into()), r#"[=, < title="t">, CLICK, =, =, =, =]"#);
    check(&mut view, |view| view.attributes.update(|it| *it = Attrs::new()), "[=, =, CLICK, =, -, =, =]");
    check(&mut view, |view| *view.other = 2, r#"[=, =, CLICK, =, =, ["2"], {0: [=, "2"]; 1: [=, "2"]}]"#);
    check(&mut view, |view| *view.title = None, "[=, -, CLICK, =, =, =, =]");
}
