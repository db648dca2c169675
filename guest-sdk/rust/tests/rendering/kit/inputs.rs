//! Inputs: their markup, from a field of a form and without one, and what is sent when an error comes or goes.

use garde::Validate;
use hothouse_sdk::form::{Form, Params, email_address};
use hothouse_sdk::kit::*;
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use super::{escaped, has, html};
use crate::markup::shows;
use crate::support::{change, mount};

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Order {
    #[garde(custom(email_address))]
    email: String,
    #[garde(skip)]
    size: String,
    #[garde(length(max = 1))]
    tags: Vec<String>,
    #[garde(skip)]
    news: bool,
    #[garde(length(min = 1), dive)]
    lines: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Line {
    #[garde(skip)]
    item: String,
}

const SIZES: &[(&str, &str)] = &[("s", "Small"), ("l", "Large")];

/// A form to which this was sent.
fn sent(pairs: &[(&str, &str)]) -> Form<Order> {
    let mut form = Form::new("order");
    form.validate(&Params::new(pairs.iter().copied()));
    form
}

#[test]
fn an_input_has_a_label_a_description_and_room_for_errors() {
    shows(
        || {
            let form = sent(&[("order[email]", "a & b")]);
            html! {
                <Input
                    field={form.field("email")}
                    type="email"
                    label="Email"
                    description="For the receipt"
                    required
                    autocomplete="email"
                    phx-debounce="300"
                />
            }
        },
        "<div class=\"hh-field\"><label for=\"order_email\">Email</label>\
         <p id=\"order_email-description\" class=\"hh-description\">For the receipt</p>\
         <input type=\"email\" class=\"hh-input\" id=\"order_email\" name=\"order[email]\" value=\"a &amp; b\" \
         aria-describedby=\"order_email-description order_email-errors\" aria-invalid=\"true\" required autocomplete=\"email\" phx-debounce=\"300\">\
         <div id=\"order_email-errors\" class=\"hh-errors\" aria-live=\"polite\"><p>is not an email address</p></div></div>",
    );
}

#[test]
fn an_input_needs_no_form() {
    let bare = |attributes: &str, id: &str| {
        format!(
            "<div class=\"hh-field\"><label for=\"{id}\">Search</label>\
             <input type=\"search\" class=\"hh-input\" id=\"{id}\" {attributes} aria-describedby=\"{id}-errors\">\
             <div id=\"{id}-errors\" class=\"hh-errors\" aria-live=\"polite\"></div></div>"
        )
    };
    shows(
        || html! { <Input name="filter[q]" value="moss" type="search" label="Search"/> },
        &bare("name=\"filter[q]\" value=\"moss\"", "filter_q"),
    );
    shows(
        || html! { <Input id="mine" name="q" type="search" label="Search"/> },
        &bare("name=\"q\" value=\"\"", "mine"),
    );
    let wrong = html(|| {
        let errors = vec!["is taken".to_owned(), "is short".to_owned()];
        html! { <Input name="q" label="Name" errors={errors}/> }
    });
    has(&wrong, "aria-invalid=\"true\"");
    has(&wrong, "<p>is taken</p><p>is short</p>");
}

#[test]
fn what_is_said_wins_over_the_field() {
    let page = html(|| {
        let form = sent(&[("order[email]", "a")]);
        html! { <Input field={form.field("email")} id="i" name="n" value="v" label="L"/> }
    });
    has(
        &page,
        "<label for=\"i\">L</label><input type=\"text\" class=\"hh-input\" id=\"i\" name=\"n\" value=\"v\"",
    );
}

#[test]
fn the_first_line_break_of_a_text_is_not_lost() {
    shows(
        || html! { <Textarea name="note" value="<b>" label="Note" rows={2} maxlength="9"/> },
        "<div class=\"hh-field\"><label for=\"note\">Note</label>\
         <textarea class=\"hh-input\" id=\"note\" name=\"note\" rows=\"2\" aria-describedby=\"note-errors\" maxlength=\"9\">\n&lt;b&gt;</textarea>\
         <div id=\"note-errors\" class=\"hh-errors\" aria-live=\"polite\"></div></div>",
    );
}

#[test]
fn a_select_has_options_of_which_the_fields_value_is_selected() {
    let page = html(|| {
        let form = sent(&[("order[size]", "l")]);
        html! { <Select field={form.field("size")} label="Size" options={SIZES} prompt="Which?" required/> }
    });
    has(
        &page,
        "<select class=\"hh-input\" id=\"order_size\" name=\"order[size]\" aria-describedby=\"order_size-errors\" required>\
         <option value=\"\">Which?</option><option value=\"s\">Small</option><option value=\"l\" selected>Large</option></select>",
    );
    let grouped = html(|| {
        let choices = vec![
            Choice::new("p", "Palm"),
            Choice::new("m", "Moss").in_group("Shade"),
            Choice::new("f", "Fern").in_group("Shade").disabled(true),
        ];
        html! { <Select name="plant" value="m" label="Plant" options={choices}/> }
    });
    has(
        &grouped,
        "<option value=\"p\">Palm</option><optgroup label=\"Shade\"><option value=\"m\" selected>Moss</option>\
         <option value=\"f\" disabled>Fern</option></optgroup></select>",
    );
}

#[test]
fn several_of_a_select_are_sent_as_a_list_and_something_when_none_is() {
    let page = html(|| {
        let form = sent(&[("order[tags][]", ""), ("order[tags][]", "s"), ("order[tags][]", "l")]);
        html! { <Select field={form.field("tags")} label="Tags" options={["s", "m", "l"]} multiple/> }
    });
    has(
        &page,
        "<input type=\"hidden\" name=\"order[tags][]\" value=\"\"><select class=\"hh-input\" id=\"order_tags\" name=\"order[tags][]\" multiple",
    );
    has(
        &page,
        "<option value=\"s\" selected>s</option><option value=\"m\">m</option><option value=\"l\" selected>l</option>",
    );
}

#[test]
fn a_checkbox_sends_false_when_it_is_not_checked() {
    shows(
        || {
            let form = sent(&[("order[news]", "false"), ("order[news]", "true")]);
            html! { <Checkbox field={form.field("news")} label="News"/> }
        },
        "<div class=\"hh-field hh-check\"><input type=\"hidden\" name=\"order[news]\" value=\"false\">\
         <input type=\"checkbox\" id=\"order_news\" name=\"order[news]\" value=\"true\" checked aria-describedby=\"order_news-errors\">\
         <label for=\"order_news\">News</label><div id=\"order_news-errors\" class=\"hh-errors\" aria-live=\"polite\"></div></div>",
    );
    let off = html(|| html! { <Checkbox name="a" checked={false} label="A" disabled={true} required/> });
    has(&off, "<input type=\"hidden\" name=\"a\" value=\"false\" disabled>");
    has(
        &off,
        "<input type=\"checkbox\" id=\"a\" name=\"a\" value=\"true\" disabled aria-describedby=\"a-errors\" required>",
    );
}

#[test]
fn a_group_of_checkboxes_sends_a_list_and_something_when_none_is_checked() {
    shows(
        || {
            let mut form = sent(&[("order[tags][]", ""), ("order[tags][]", "s")]);
            form.add_error("tags", "are too few");
            html! { <CheckboxGroup field={form.field("tags")} label="Tags" options={SIZES} class="mine"/> }
        },
        "<fieldset class=\"hh-field hh-group\" id=\"order_tags\" aria-describedby=\"order_tags-errors\">\
         <legend id=\"order_tags-legend\">Tags</legend><input type=\"hidden\" name=\"order[tags][]\" value=\"\">\
         <div class=\"hh-check\"><input type=\"checkbox\" id=\"order_tags-0\" name=\"order[tags][]\" value=\"s\" checked aria-invalid=\"true\">\
         <label for=\"order_tags-0\">Small</label></div>\
         <div class=\"hh-check\"><input type=\"checkbox\" id=\"order_tags-1\" name=\"order[tags][]\" value=\"l\" aria-invalid=\"true\">\
         <label for=\"order_tags-1\">Large</label></div>\
         <div id=\"order_tags-errors\" class=\"hh-errors\" aria-live=\"polite\"><p>are too few</p></div></fieldset>",
    );
}

#[test]
fn of_radio_buttons_one_is_chosen() {
    shows(
        || {
            let choices = [
                Choice::new("s", "Small").described("Up to 10 cm"),
                Choice::new("l", "Large").disabled(true),
            ];
            html! { <RadioGroup name="size" value="s" label="Size" options={choices} description="Of the pot" required/> }
        },
        "<fieldset class=\"hh-field hh-group\" id=\"size\" aria-describedby=\"size-description size-errors\" role=\"radiogroup\" \
         aria-labelledby=\"size-legend\" data-required><legend id=\"size-legend\">Size</legend>\
         <p id=\"size-description\" class=\"hh-description\">Of the pot</p>\
         <div class=\"hh-check\"><input type=\"radio\" id=\"size-0\" name=\"size\" value=\"s\" checked required aria-describedby=\"size-0-description\">\
         <label for=\"size-0\">Small</label><p id=\"size-0-description\" class=\"hh-description\">Up to 10 cm</p></div>\
         <div class=\"hh-check\"><input type=\"radio\" id=\"size-1\" name=\"size\" value=\"l\" disabled required><label for=\"size-1\">Large</label></div>\
         <div id=\"size-errors\" class=\"hh-errors\" aria-live=\"polite\"></div></fieldset>",
    );
}

#[test]
fn hidden_inputs_send_each_value() {
    shows(
        || html! { <HiddenInput name="token" value="t" form="f"/> },
        "<input type=\"hidden\" name=\"token\" value=\"t\" form=\"f\">",
    );
    shows(
        || {
            let form = sent(&[("order[tags][]", "a"), ("order[tags][]", "b"), ("order[size]", "l")]);
            html! { <HiddenInput field={form.field("tags")}/><HiddenInput field={form.field("size")}/> }
        },
        "<input type=\"hidden\" name=\"order[tags][]\" value=\"a\"><input type=\"hidden\" name=\"order[tags][]\" value=\"b\">\
         <input type=\"hidden\" name=\"order[size]\" value=\"l\">",
    );
}

#[test]
fn rows_say_who_they_are_and_have_buttons() {
    let page = html(|| {
        let form = sent(&[("order[lines][0][item]", "a"), ("order[lines][1][item]", "b")]);
        let rows = form.rows("lines");
        html! {
            for row in &rows key={row.id()} {
                <RowInputs row={row}/>
                <MoveRow row={row} rows={rows.len()} event="move"/>
                <RemoveRow row={row} aria-label="Remove">"×"</RemoveRow>
            }
            <AddRow name={form.sort_name("lines")} disabled={true}>"Add"</AddRow>
        }
    });
    has(
        &page,
        "<input type=\"hidden\" name=\"order[lines_sort][]\" value=\"1\"><input type=\"hidden\" name=\"order[lines][1][_persistent_id]\" value=\"1\">",
    );
    let change = escaped(r#"[["dispatch",{"event":"change"}]]"#);
    has(
        &page,
        &format!(
            "<button type=\"button\" class=\"hh-button hh-button-quiet\" name=\"order[lines_drop][]\" value=\"1\" phx-click=\"{change}\" aria-label=\"Remove\">×</button>"
        ),
    );
    has(
        &page,
        &format!(
            "<button type=\"button\" class=\"hh-button\" disabled name=\"order[lines_sort][]\" value=\"new\" phx-click=\"{change}\">Add</button>"
        ),
    );
    let moved = escaped(r#"[["push",{"event":"move","value":{"from":1,"to":0}}]]"#);
    has(&page, &format!("id=\"order_lines_1-up\" aria-label=\"Move up\" phx-click=\"{moved}\""));
    has(&page, "id=\"order_lines_1-down\" aria-label=\"Move down\" aria-disabled=\"true\">");
    has(&page, "id=\"order_lines_0-up\" aria-label=\"Move up\" aria-disabled=\"true\">");
}

struct Orders(Assign<Form<Order>>);

impl LiveView for Orders {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self(Form::new("order").into()))
    }

    fn render(&self) -> Html {
        html! {
            <Input field={self.0.field("email")} type="email" label="Email" description="For the receipt" required/>
            <Select field={self.0.field("size")} label="Size" options={SIZES} prompt="Which?"/>
            <CheckboxGroup field={self.0.field("tags")} label="Tags" options={SIZES}/>
        }
    }
}

#[test]
fn errors_come_and_go_with_what_was_typed() {
    let mut view = mount::<Orders>();
    for (email, errors) in [("a", 1), ("a@b.c", 0), ("", 1)] {
        let pairs = [("order[email]", email), ("order[size]", "l"), ("order[tags][]", "")];
        change(&mut view, |view| view.0.validate(&Params::new(pairs)));
        let merged = view.html();
        assert_eq!(merged.matches("aria-invalid").count(), errors, "{merged}");
        has(&merged, "<option value=\"l\" selected>");
        view.everything().unwrap();
        assert_eq!(merged, view.html(), "the page after the changes is not the page of a whole render");
    }
}
