//! The template language: what it writes.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{View, context};

thread_local! {
    static TEMPLATE: std::cell::Cell<fn() -> Html> = const { std::cell::Cell::new(Html::empty) };
}

/// A page that shows what a function makes.
struct Shown;

impl LiveView for Shown {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Html {
        (TEMPLATE.get())()
    }
}

#[track_caller]
fn shows(template: fn() -> Html, expected: &str) {
    TEMPLATE.set(template);
    assert_eq!(View::<Shown>::mount(&context().build()).unwrap().html(), expected);
}

#[test]
fn spaces_between_tags_are_those_in_quotes() {
    shows(|| html! { <p> "a" " " <b> "b" </b> </p> "c" }, "<p>a <b>b</b></p>c");
}

#[test]
fn literal_text_is_escaped_as_the_host_escapes_slots() {
    shows(
        || html! { <p title="a \"b\" & 'c'">"<i> & \"quotes\" 'too'"</p> {"<literal>"} },
        "<p title=\"a &quot;b&quot; &amp; &#39;c&#39;\">&lt;i&gt; &amp; &quot;quotes&quot; &#39;too&#39;</p>&lt;literal&gt;",
    );
    let text = "<i> & \"quotes\" 'too'";
    TEMPLATE.set(|| html! { {String::from("<i> & \"quotes\" 'too'")} });
    let slot = View::<Shown>::mount(&context().build()).unwrap().html();
    shows(|| html! { "<i> & \"quotes\" 'too'" }, &slot);
    assert_ne!(slot, text);
}

#[test]
fn void_elements_are_written_either_way() {
    shows(|| html! { <br><hr/><img src="a.png" alt=""> }, "<br><hr><img src=\"a.png\" alt=\"\">");
}

#[test]
fn names_may_be_keywords_and_have_hyphens_colons_and_numbers() {
    shows(
        || html! { <label for="a" type="b" aria-label="c" xlink:href="d" data-2x="e" phx-value-1="f" x-on:click.once="g"></label> },
        "<label for=\"a\" type=\"b\" aria-label=\"c\" xlink:href=\"d\" data-2x=\"e\" phx-value-1=\"f\" x-on:click.once=\"g\"></label>",
    );
    shows(|| html! { <my-element></my-element> }, "<my-element></my-element>");
}

#[test]
fn drawings_may_close_themselves() {
    shows(
        || html! { <svg viewBox="0 0 1 1"><path d="M0 0"/><linearGradient/></svg> },
        "<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"></path><linearGradient></linearGradient></svg>",
    );
}

#[test]
fn attributes_stand_between_single_spaces() {
    shows(
        || {
            let id = 7;
            html! {
                <input
                    type="text"   id={id}
                    required>
            }
        },
        "<input type=\"text\" id=\"7\" required>",
    );
}

#[test]
fn scripts_and_styles_stand_as_they_are_written() {
    shows(|| html! { <style>"a > b { color: red }"</style> }, "<style>a > b { color: red }</style>");
}

#[test]
fn many_types_are_text() {
    shows(
        || {
            let (text, name) = ("a", String::from("b"));
            let nothing: Option<&str> = None;
            html! { {text} {name} {&name} {'c'} {1.5} {true} {Some(2)} {nothing} {Box::new("d")} {format_args!("{}", 3)} {-4_i64} }
        },
        "abbc1.5true2d3-4",
    );
}

#[test]
fn markup_is_placed_whole_or_not_at_all() {
    fn bold(text: &str) -> Html {
        html! { <b>{text}</b> }
    }
    shows(
        || html! { {bold("a")} {Some(bold("b"))} {None::<Html>} {Html::empty()} {Html::text("<")} },
        "<b>a</b><b>b</b>&lt;",
    );
    shows(
        || html! { <p>{raw("<i>as it is</i>")} {Html::raw("<u>too</u>")}</p> },
        "<p><i>as it is</i><u>too</u></p>",
    );
}

#[test]
fn choices_and_loops_nest() {
    shows(
        || {
            let rows = [1, 2, 3, 4];
            html! {
                <ul>
                    for row in rows {
                        if row == 1 { <li>"one"</li> } else if let 2 | 3 = row { <li>{row}</li> } else {
                            match row % 2 { 0 => { "even" }, _ => {} }
                        }
                    }
                </ul>
            }
        },
        "<ul><li>one</li><li>2</li><li>3</li>even</ul>",
    );
}

#[test]
fn an_empty_template_is_an_empty_page() {
    shows(|| html! {}, "");
}

#[test]
fn names_of_the_author_do_not_meet_those_of_the_macro() {
    shows(
        || {
            let (fresh, owner, row, iterable, changed_fresh) = (1, 2, 3, [4], 5);
            html! { {fresh} {owner} {row} {changed_fresh} for row in iterable { {row} {fresh} } }
        },
        "123541",
    );
}
