//! The kit: the markup of each component, and what is evaluated and sent when something changes.

mod inputs;

use crate::markup::shows;
use crate::support::{change, check, mount};
use hothouse_sdk::kit::*;
use hothouse_sdk::prelude::*;

#[test]
fn a_button_is_a_button_and_says_how_much_it_stands_out() {
    shows(
        || html! { <Button phx-click="go">"Go"</Button> },
        "<button type=\"button\" class=\"hh-button\" phx-click=\"go\">Go</button>",
    );
    shows(
        || html! { <Button type="submit" variant={Variant::Primary} disabled={true} name="a" aria-label="b">"Go"</Button> },
        "<button type=\"submit\" class=\"hh-button hh-button-primary\" disabled name=\"a\" aria-label=\"b\">Go</button>",
    );
}

#[test]
fn a_button_with_an_address_is_a_link() {
    shows(
        || html! { <Button href="/a?b" variant={Variant::Quiet}>"Go"</Button> },
        "<a class=\"hh-button hh-button-quiet\" href=\"/a?b\">Go</a>",
    );
    shows(
        || html! { <Button href="/a" disabled={true}>"Go"</Button> },
        "<a class=\"hh-button\" role=\"link\" aria-disabled=\"true\">Go</a>",
    );
}

#[test]
fn a_link_says_how_it_is_followed() {
    shows(
        || html! { <Link patch="/a?b" id="x">"Go"</Link> },
        "<a class=\"hh-link\" href=\"/a?b\" data-phx-link=\"patch\" data-phx-link-state=\"push\" id=\"x\">Go</a>",
    );
    shows(
        || html! { <Link navigate="/a" replace={true}>"Go"</Link> },
        "<a class=\"hh-link\" href=\"/a\" data-phx-link=\"redirect\" data-phx-link-state=\"replace\">Go</a>",
    );
    shows(
        || html! { <Link href="https://example.org" rel="noopener">"Go"</Link> },
        "<a class=\"hh-link\" href=\"https://example.org\" rel=\"noopener\">Go</a>",
    );
}

#[test]
fn a_copy_button_names_what_it_copies_and_has_a_place_to_say_so() {
    shows(
        || html! { <CopyButton id="c" of="#link" copied="Done" aria-label="x">"Copy"</CopyButton> },
        "<span class=\"hh-copy\"><button type=\"button\" class=\"hh-button\" id=\"c\" \
         phx-click=\"[[&quot;dispatch&quot;,{&quot;event&quot;:&quot;hothouse:copy&quot;,&quot;to&quot;:&quot;#link&quot;}]]\" aria-label=\"x\">Copy</button>\
         <span id=\"c-status\" class=\"hh-copy-status\" role=\"status\" phx-update=\"ignore\" data-copied=\"Done\" data-failed=\"Could not be copied\"></span></span>",
    );
}

#[test]
fn the_focus_is_kept_between_two_elements_that_pass_it_on() {
    shows(
        || html! { <FocusWrap id="f" class="x"><a href="/">"Go"</a></FocusWrap> },
        "<div id=\"f\" phx-hook=\"Phoenix.FocusWrap\" class=\"x\"><span tabindex=\"0\" aria-hidden=\"true\"></span>\
         <a href=\"/\">Go</a><span tabindex=\"0\" aria-hidden=\"true\"></span></div>",
    );
}

#[test]
fn forms_for_the_session_are_sent_by_the_browser() {
    shows(
        || html! { <SessionForm trigger={false} id="in" phx-submit="check"><input name="word"></SessionForm> },
        "<form action=\"/_hothouse/session\" method=\"post\" id=\"in\" phx-submit=\"check\"><input name=\"word\"></form>",
    );
    shows(
        || html! { <SessionForm trigger={true}>"…"</SessionForm> },
        "<form action=\"/_hothouse/session\" method=\"post\" phx-trigger-action>…</form>",
    );
    shows(
        || html! { <LogOut to="/gone" id="out">"Log out"</LogOut> },
        "<form class=\"hh-log-out\" action=\"/_hothouse/session\" method=\"post\"><input type=\"hidden\" name=\"_method\" value=\"delete\">\
         <input type=\"hidden\" name=\"to\" value=\"/gone\"><button type=\"submit\" class=\"hh-button\" id=\"out\">Log out</button></form>",
    );
}

#[test]
fn an_icon_is_decoration_unless_it_has_a_label() {
    shows(
        || html! { <Icon glyph={Glyph::Minus}/> },
        "<svg class=\"hh-icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M5 12h14\"></path></svg>",
    );
    shows(
        || html! { <Icon glyph={Glyph::Minus} label="less" id="less"/> },
        "<svg class=\"hh-icon\" viewBox=\"0 0 24 24\" role=\"img\" aria-label=\"less\" id=\"less\">\
         <path d=\"M5 12h14\"></path></svg>",
    );
}

#[test]
fn a_card_has_the_parts_that_it_is_given() {
    shows(
        || html! { <Card id="a">"text"</Card> },
        "<article class=\"hh-card\" id=\"a\"><div class=\"hh-card-body\">text</div></article>",
    );
    shows(
        || {
            html! {
                <Card>
                    <:media><img src="/a.png" alt=""></:media>
                    <:header><h2>"Palm"</h2></:header>
                    "text"
                    <:actions><Button>"Water"</Button></:actions>
                </Card>
            }
        },
        "<article class=\"hh-card\"><div class=\"hh-card-media\"><img src=\"/a.png\" alt=\"\"></div>\
         <header class=\"hh-card-header\"><h2>Palm</h2></header><div class=\"hh-card-body\">text</div>\
         <footer class=\"hh-card-actions\"><button type=\"button\" class=\"hh-button\">Water</button></footer></article>",
    );
}

#[test]
fn a_list_has_names_with_values() {
    shows(
        || html! { <DescriptionList><:item label="Height">"2 m"</:item><:item label="Age">{3}</:item></DescriptionList> },
        "<dl class=\"hh-list\"><div><dt>Height</dt><dd>2 m</dd></div><div><dt>Age</dt><dd>3</dd></div></dl>",
    );
}

#[test]
fn tabs_belong_to_panels_and_one_can_be_reached() {
    shows(
        || html! { <Tabs id="t" label="Care" selected={1}><:tab label="A">"a"</:tab><:tab label="B" select={JS::new().push("b")}>"b"</:tab></Tabs> },
        &format!(
            "<div id=\"t\" class=\"hh-tabs\" data-reset=\"{}\"><div class=\"hh-tabs-list\" role=\"tablist\" aria-label=\"Care\">\
             <button type=\"button\" id=\"t-tab-0\" role=\"tab\" aria-selected=\"false\" aria-controls=\"t-panel-0\" tabindex=\"-1\" phx-click=\"{}\">A</button>\
             <button type=\"button\" id=\"t-tab-1\" role=\"tab\" aria-selected=\"true\" aria-controls=\"t-panel-1\" tabindex=\"0\" phx-click=\"{}\">B</button>\
             </div>\
             <div id=\"t-panel-0\" class=\"hh-tabs-panel\" role=\"tabpanel\" aria-labelledby=\"t-tab-0\" tabindex=\"0\" hidden>a</div>\
             <div id=\"t-panel-1\" class=\"hh-tabs-panel\" role=\"tabpanel\" aria-labelledby=\"t-tab-1\" tabindex=\"0\">b</div>{}</div>",
            escaped(
                r##"[["set_attr",{"attr":["aria-selected","false"],"to":"#t > [role=tablist] > *"}],["set_attr",{"attr":["tabindex","-1"],"to":"#t > [role=tablist] > *"}],["set_attr",{"attr":["hidden",""],"to":"#t > [role=tabpanel]"}]]"##
            ),
            escaped(&tab("t-panel-0", "")),
            escaped(&tab("t-panel-1", r#",["push",{"event":"b"}]"#)),
            ["ArrowRight", "ArrowLeft", "Home", "End"]
                .into_iter()
                .zip([
                    "#t > [role=tablist] > :focus + *, #t > [role=tablist]:has(> :last-child:focus) > :first-child",
                    "#t > [role=tablist] > :has(+ :focus), #t > [role=tablist]:has(> :first-child:focus) > :last-child",
                    "#t > [role=tablist]:has(> :focus) > :first-child",
                    "#t > [role=tablist]:has(> :focus) > :last-child",
                ])
                .map(|(key, to)| {
                    let commands = format!(r#"[["exec",{{"attr":"phx-click","to":"{to}"}}],["focus",{{"to":"{to}"}}]]"#);
                    format!("<span hidden phx-key=\"{key}\" phx-window-keydown=\"{}\"></span>", escaped(&commands))
                })
                .collect::<String>(),
        ),
    );
}

fn tab(panel: &str, more: &str) -> String {
    format!(
        r##"[["exec",{{"attr":"data-reset","to":"#t"}}],["set_attr",{{"attr":["aria-selected","true"]}}],["set_attr",{{"attr":["tabindex","0"]}}],["remove_attr",{{"attr":"hidden","to":"#{panel}"}}]{more}]"##
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The page of a template that reads nothing.
fn html(template: fn() -> Html) -> String {
    struct Page(Html);
    thread_local! { static TEMPLATE: std::cell::Cell<fn() -> Html> = const { std::cell::Cell::new(Html::empty) }; }
    impl LiveView for Page {
        type Event = ();
        fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self(Html::empty()))
        }
        fn render(&self) -> Html {
            let _ = &self.0;
            (TEMPLATE.get())()
        }
    }
    TEMPLATE.set(template);
    mount::<Page>().html()
}

#[track_caller]
fn has(page: &str, part: &str) {
    assert!(page.contains(part), "{part} is not in {page}");
}

#[test]
fn a_dropdown_is_a_button_that_says_what_it_opens_and_a_menu() {
    let page = html(|| {
        html! {
            <Dropdown id="d" label="Palm" class="x">
                <:item select={JS::new().push("water")}>"Water"</:item>
                <:item href="/palm">"Open"</:item>
                <:item disabled href="/shop">"Sell"</:item>
            </Dropdown>
        }
    });
    has(
        &page,
        "<button type=\"button\" class=\"hh-button\" id=\"d-button\" aria-haspopup=\"menu\" aria-expanded=\"false\" aria-controls=\"d-menu\" phx-click=",
    );
    has(
        &page,
        "<div id=\"d-menu\" class=\"hh-dropdown-menu\" role=\"menu\" aria-labelledby=\"d-button\" hidden><button type=\"button\" role=\"menuitem\" tabindex=\"-1\" phx-click=",
    );
    has(&page, "<a role=\"menuitem\" tabindex=\"-1\" href=\"/palm\">Open</a>");
    has(&page, "[&quot;push&quot;,{&quot;event&quot;:&quot;water&quot;}]]\">Water</button>");
    for key in ["ArrowDown", "ArrowUp", "Home", "End", "Escape", "Tab"] {
        has(&page, &format!("<span hidden phx-key=\"{key}\" phx-window-keydown="));
    }
    has(
        &page,
        "<button type=\"button\" role=\"menuitem\" tabindex=\"-1\" aria-disabled=\"true\">Sell</button>",
    );
    let own = html(|| {
        html! { <Dropdown id="d" label="More" variant={Variant::Quiet}><:trigger>"…"</:trigger><:item>"a"</:item></Dropdown> }
    });
    has(
        &own,
        "<button type=\"button\" class=\"hh-button hh-button-quiet\" id=\"d-button\" aria-label=\"More\" aria-haspopup=\"menu\"",
    );
    has(&own, ">…</button>");
    // The commands of an item come last: what they do with the focus holds.
    let commands = page.split("tabindex=\"-1\" phx-click=\"").nth(1).unwrap();
    assert!(
        commands.starts_with("[[&quot;focus&quot;,{&quot;to&quot;:&quot;#d:has(&gt; #d-menu:not([hidden])) &gt; :first-child&quot;}]"),
        "{commands}"
    );
}

#[test]
fn a_modal_is_a_dialog_with_a_name_that_keeps_the_focus() {
    let page = html(|| {
        html! { <Modal id="m" title="Remove?" cancel={JS::new().push("kept")}>"text"<:actions>"buttons"</:actions></Modal> }
    });
    has(&page, "<div id=\"m\" class=\"hh-modal\" hidden phx-window-keydown=");
    has(
        &page,
        " phx-key=\"Escape\" data-cancel=\"[[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;hidden&quot;,&quot;&quot;],&quot;to&quot;:&quot;#m&quot;}],[&quot;pop_focus&quot;,{}],[&quot;push&quot;,{&quot;event&quot;:&quot;kept&quot;}]]\">",
    );
    has(
        &page,
        "<div id=\"m-wrap\" phx-hook=\"Phoenix.FocusWrap\" class=\"hh-modal-wrap\"><span tabindex=\"0\" aria-hidden=\"true\"></span>",
    );
    has(&page, "role=\"dialog\" aria-modal=\"true\" aria-labelledby=\"m-title\" phx-click-away=");
    has(
        &page,
        "<h2 id=\"m-title\" class=\"hh-modal-title\">Remove?</h2><div class=\"hh-modal-body\">text</div><div class=\"hh-modal-actions\">buttons</div>",
    );
    has(&page, "class=\"hh-modal-close\" aria-label=\"Close\" phx-click=");
    assert!(!page.contains("phx-mounted"));
    let shown = html(|| html! { <Modal id="m" title="Remove?" show close_label="Back">"text"</Modal> });
    has(
        &shown,
        " phx-mounted=\"[[&quot;push_focus&quot;,{&quot;to&quot;:&quot;:focus&quot;}],[&quot;remove_attr&quot;,{&quot;attr&quot;:&quot;hidden&quot;,&quot;to&quot;:&quot;#m&quot;}],[&quot;focus_first&quot;,{&quot;to&quot;:&quot;#m-dialog&quot;}],[&quot;focus&quot;,{&quot;to&quot;:&quot;#m-dialog [data-autofocus]&quot;}]]\"",
    );
    has(&shown, "aria-label=\"Back\"");
    assert!(!shown.contains("hh-modal-actions"));
    assert_eq!(
        JS::new().show_modal("m").to_text(),
        r##"[["push_focus",{}],["remove_attr",{"attr":"hidden","to":"#m"}],["focus_first",{"to":"#m-dialog"}],["focus",{"to":"#m-dialog [data-autofocus]"}]]"##
    );
}

#[test]
fn a_question_is_an_alert_with_a_button_that_changes_nothing_and_one_that_does() {
    let page = html(|| {
        html! {
            <ConfirmDialog
                id="c"
                title="Clear?"
                confirm={JS::new().push("clear")}
                cancel={JS::new().push("kept")}
                confirm_label="Clear"
                variant={Variant::Danger}
                class="mine"
            >
                "All of it."
            </ConfirmDialog>
        }
    });
    has(
        &page,
        "role=\"alertdialog\" aria-modal=\"true\" aria-labelledby=\"c-title\" aria-describedby=\"c-words\"",
    );
    has(&page, "<div id=\"c-words\" class=\"hh-modal-body\">All of it.</div>");
    has(&page, "[&quot;pop_focus&quot;,{}],[&quot;push&quot;,{&quot;event&quot;:&quot;kept&quot;}]]\"");
    let cancel = escaped(r##"[["exec",{"attr":"data-cancel","to":"#c:not([hidden])"}]]"##);
    let confirm = escaped(
        r##"[["set_attr",{"attr":["hidden",""],"to":"#c"}],["pop_focus",{}],["push",{"event":"clear"}]]"##,
    );
    has(
        &page,
        &format!(
            "<div class=\"hh-modal-actions\"><button type=\"button\" class=\"hh-button\" data-autofocus=\"\" phx-click=\"{cancel}\">Cancel</button>\
             <button type=\"button\" class=\"hh-button hh-button-danger\" phx-click=\"{confirm}\">Clear</button></div>"
        ),
    );
    assert!(!page.contains("phx-mounted"), "{page}");
}

#[test]
fn a_tooltip_describes_what_it_is_about() {
    shows(
        || {
            html! {
                <Tooltip id="t" text="A fine spray" side={Side::Below} class="x" :let={about}>
                    <Button {..about}>"Mist"</Button>
                </Tooltip>
            }
        },
        &format!(
            "<span id=\"t\" class=\"hh-tooltip hh-tooltip-below\" phx-window-keydown=\"{}\" phx-key=\"Escape\" phx-click-away=\"{restore}\">\
             <button type=\"button\" class=\"hh-button\" aria-describedby=\"t-text\" phx-blur=\"{restore}\">Mist</button>\
             <span id=\"t-text\" class=\"hh-tooltip-text\" role=\"tooltip\">A fine spray</span></span>",
            escaped(r##"[["set_attr",{"attr":["data-dismissed",""],"to":"#t:is(:hover, :has(:focus))"}]]"##),
            restore = escaped(r##"[["remove_attr",{"attr":"data-dismissed","to":"#t[data-dismissed]"}]]"##),
        ),
    );
}

#[test]
fn pages_are_links_or_buttons_and_the_ends_lead_nowhere() {
    let left = "<svg class=\"hh-icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M15 6l-6 6 6 6\"></path></svg>";
    let right = left.replace("M15 6l-6 6 6 6", "M9 6l6 6-6 6");
    let link = |page: u32, label: &str, current: &str, words: &str| {
        format!(
            "<li><a href=\"/?page={page}\" data-phx-link=\"patch\" data-phx-link-state=\"push\" aria-label=\"{label}\"{current}>{words}</a></li>"
        )
    };
    let current = " aria-current=\"page\"";
    shows(
        || html! { <Pagination page={2} pages={2} to={|page| Address::new("/").query("page", page)}/> },
        &format!(
            "<nav class=\"hh-pagination\" aria-label=\"Pages\"><ul>{}{}{}\
             <li><a role=\"link\" tabindex=\"0\" aria-label=\"Next page\" aria-disabled=\"true\">{right}</a></li></ul></nav>",
            link(1, "Previous page", "", left),
            link(1, "Page 1", "", "1"),
            link(2, "Page 2", current, "2"),
        ),
    );
    let page = html(|| {
        html! { <Pagination page={0} id="p" pages={usize::MAX} label="Log" to={|page| JS::new().push("turn").value(json!({ "page": page }))}/> }
    });
    has(
        &page,
        "<nav class=\"hh-pagination\" aria-label=\"Log\" id=\"p\"><ul><li><button type=\"button\" aria-label=\"Previous page\" aria-disabled=\"true\"",
    );
    has(
        &page,
        &format!(
            "<li><button type=\"button\" phx-click=\"{}\" aria-label=\"Page 1\" aria-current=\"page\">1</button></li>",
            escaped(r#"[["push",{"event":"turn","value":{"page":1}}]]"#)
        ),
    );
    has(&page, "<li class=\"hh-pagination-gap\">…</li>");
    assert_eq!(page.matches("<li").count(), 9);
    let single = html(|| html! { <Pagination page={1} pages={0} to={|page| format!("/{page}")}/> });
    has(&single, "aria-label=\"Pages\" hidden>");
}

struct Plants {
    plants: List<(u32, &'static str)>,
    sorted: Assign<Option<Sorted>>,
}

impl LiveView for Plants {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { plants: vec![(1, "Palm"), (2, "Fern"), (3, "Moss")].into(), sorted: None.into() })
    }

    fn render(&self) -> Html {
        html! {
            <Table id="t" caption="Plants" rows={self.plants} row_id={|plant: &(u32, &str)| format!("plant-{}", plant.0)}>
                <:column :let={plant} label="Name" sort={JS::new().push("sort")} sorted?={*self.sorted}>{plant.1}</:column>
                <:column :let={plant} label="Number" numeric>{plant.0}</:column>
                <:action :let={plant}><Button phx-click="water" phx-value-id={plant.0}>"Water"</Button></:action>
                <:empty>"Nothing."</:empty>
            </Table>
        }
    }
}

#[test]
fn a_table_has_a_caption_headings_and_rows_with_ids() {
    let mut view = mount::<Plants>();
    let sort = "<button type=\"button\" class=\"hh-table-sort\" phx-click=\"[[&quot;push&quot;,{&quot;event&quot;:&quot;sort&quot;}]]\">Name</button>";
    let row = |id: u32, name: &str| {
        format!(
            "<tr id=\"plant-{id}\"><td>{name}</td><td class=\"hh-table-number\">{id}</td><td class=\"hh-table-actions\">\
             <button type=\"button\" class=\"hh-button\" phx-click=\"water\" phx-value-id=\"{id}\">Water</button></td></tr>"
        )
    };
    let begin = "<div id=\"t\" class=\"hh-table\" role=\"region\" aria-labelledby=\"t-caption\" tabindex=\"0\"><table>\
                 <caption id=\"t-caption\">Plants</caption><thead><tr>";
    let rest = "<th scope=\"col\" class=\"hh-table-number\">Number</th><th scope=\"col\"><span class=\"hh-unseen\">Actions</span></th></tr></thead><tbody>";
    assert_eq!(
        view.html(),
        format!(
            "{begin}<th scope=\"col\">{sort}</th>{rest}{}{}{}</tbody></table></div>",
            row(1, "Palm"),
            row(2, "Fern"),
            row(3, "Moss")
        )
    );
    change(&mut view, |view| *view.sorted = Some(Sorted::Ascending.reversed()));
    has(&view.html(), &format!("<th scope=\"col\" aria-sort=\"descending\">{sort}</th>"));
    change(&mut view, |view| view.plants.clear());
    has(&view.html(), "<tbody></tbody></table><div class=\"hh-table-empty\">Nothing.</div></div>");
}

#[test]
fn rows_of_a_table_move_without_being_written_again() {
    let mut view = mount::<Plants>();
    check(
        &mut view,
        |view| view.plants.sort_by(|first, second| first.1.cmp(second.1)),
        "[[=, =, =, =, =, {0: [=, -, =]; 1: [=, -, =]}, =, {order 1 2 0}, -]]",
    );
}

#[test]
fn a_portal_is_a_template_with_one_element() {
    shows(
        || html! { <Portal id="tip"><p>"Hint"</p></Portal> },
        "<template id=\"tip\" data-phx-portal=\"body\"><div id=\"_lv_portal_wrap_tip\"><p>Hint</p></div></template>",
    );
    shows(
        || html! { <Portal id="a" target="#toasts" class="b c">"x"</Portal> },
        "<template id=\"a\" data-phx-portal=\"#toasts\"><div id=\"_lv_portal_wrap_a\" class=\"b c\">x</div></template>",
    );
}
