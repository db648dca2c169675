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

/// Expects markup of a template that reads nothing.
#[track_caller]
pub(crate) fn shows(template: fn() -> Html, expected: &str) {
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

#[test]
fn an_optional_attribute_is_left_out_when_there_is_none() {
    shows(
        || {
            let (some, none) = (Some("a & \"b\""), None::<String>);
            html! { <p title?={some} lang?={none} id?={Some(3)}>"text"</p> }
        },
        "<p title=\"a &amp; &quot;b&quot;\" id=\"3\">text</p>",
    );
}

#[test]
fn an_optional_url_is_never_one_that_the_host_refuses() {
    fn link(url: &str) -> Html {
        html! { <a href?={Some(url)}>"x"</a> }
    }
    shows(|| link("/a?b=1&c='d'"), "<a href=\"/a?b=1&amp;c=&#39;d&#39;\">x</a>");
    shows(|| link("mailto:o'neil@example.com"), "<a href=\"mailto:o'neil@example.com\">x</a>");
    shows(|| link("a&b\"<"), "<a href=\"a%26b%22%3C\">x</a>");
    shows(|| link("HTTPS://example.com"), "<a href=\"HTTPS://example.com\">x</a>");
    shows(|| link("java\nscript:alert(1)"), "<a href=\"#blocked-scheme\">x</a>");
    shows(
        || html! { <form {..Attrs::new().with("ACTION", "javascript:x")}></form> },
        "<form ACTION=\"#blocked-scheme\"></form>",
    );
    shows(|| link("data:text/html,x"), "<a href=\"#blocked-scheme\">x</a>");
}

#[test]
fn classes_are_a_list_with_conditions() {
    shows(
        || {
            let (open, extra, size) = (true, "", 3);
            html! { <p class={["card", ("open", open), ("closed", !open), extra, format!("p-{size}")]}>"text"</p> }
        },
        "<p class=\"card open p-3\">text</p>",
    );
    shows(|| html! { <p class={[("a", false)]}></p> }, "<p class=\"\"></p>");
}

#[test]
fn attributes_of_a_value_stand_behind_those_of_the_tag_which_win() {
    shows(
        || {
            let more = Attrs::new().with("phx-click", "go").with_flag("hidden", true);
            let attributes =
                Attrs::new().with("ID", "no").with("title", "<\"&'>").with_flag("inert", false).and(&more);
            html! { <p id="yes" {..attributes}>"text"</p> }
        },
        "<p id=\"yes\" title=\"&lt;&quot;&amp;&#39;&gt;\" phx-click=\"go\" hidden>text</p>",
    );
    shows(|| html! { <br {..Attrs::new()}> }, "<br>");
}

#[test]
fn elements_are_shown_and_repeated_by_attributes() {
    shows(
        || {
            let (yes, no, rows) = (true, false, ["a", "b"]);
            html! {
                <p :if={yes} class="x">"yes"</p>
                <p disabled :if={no}>"no"</p>
                <ul><li :for={(index, row) in rows.iter().enumerate()} :key={row} :if={index > 0}>{row}</li></ul>
                <br :if={let Some(_) = Some(1)}>
            }
        },
        "<p class=\"x\">yes</p><ul><li>b</li></ul><br>",
    );
}

#[test]
fn drawings_keep_the_case_of_their_names() {
    shows(
        || {
            html! {
                <svg xmlns="http://www.w3.org/2000/svg" viewBox={"0 0 1 1"} preserveAspectRatio="none">
                    <clipPath id="clip"><circle r={0.5}/></clipPath>
                    <foreignObject><p>"text"</p></foreignObject>
                </svg>
            }
        },
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" preserveAspectRatio=\"none\">\
         <clipPath id=\"clip\"><circle r=\"0.5\"></circle></clipPath>\
         <foreignObject><p>text</p></foreignObject></svg>",
    );
}

#[test]
fn a_template_may_have_several_roots_or_text_alone() {
    shows(|| html! { <p>"a"</p> "b" <p>"c"</p> }, "<p>a</p>b<p>c</p>");
}

#[test]
fn comments_of_rust_are_not_sent() {
    shows(
        || {
            html! {
                // It's dropped, apostrophe and all.
                <p>/* in the middle */"text" // "not shown"
                </p>
            }
        },
        "<p>text</p>",
    );
}

#[test]
fn line_breaks_and_indentation_are_not_spaces() {
    shows(
        || {
            html! {
                <p>
                    "a"
                    "b "
                    {"c"}
                    <pre>" d\n  e"</pre>
                </p>
            }
        },
        "<p>ab c<pre> d\n  e</pre></p>",
    );
}

#[test]
fn commands_of_the_client_are_values_of_bindings() {
    shows(
        || html! { <p phx-click={JS::new().push("a").hide("#b")}></p> },
        "<p phx-click=\"[[&quot;push&quot;,{&quot;event&quot;:&quot;a&quot;}],[&quot;hide&quot;,{&quot;to&quot;:&quot;#b&quot;}]]\"></p>",
    );
}
