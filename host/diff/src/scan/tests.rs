//! Which literal parts are accepted, what their slots are, and what the others are told.

use super::scan;
use crate::context::Context::{
    self, AttributeList, AttributeValue, Hook, PlainText, PortalContent, PortalTarget, Stream, Text, Url,
    ValueBegin, WholeValue,
};
use crate::hooks::Hooks;
use crate::policy::Policy;

fn parts(template: &str) -> Vec<String> {
    template.split('@').map(str::to_owned).collect()
}

/// `@` marks a slot.
#[track_caller]
fn check(template: &str, expected: &[Context]) {
    let scanned =
        scan(&parts(template), &Policy::default()).unwrap_or_else(|problem| panic!("{template}: {problem}"));
    assert_eq!(scanned.contexts, expected, "{template}");
}

#[track_caller]
fn check_refused(template: &str, expected: &str) {
    let problem = scan(&parts(template), &Policy::default()).expect_err(template).to_string();
    assert!(problem.contains(expected), "{template}: {problem:?} does not say {expected:?}");
}

#[test]
fn slots_know_where_they_stand() {
    check("@", &[Text]);
    check("<p>@</p>", &[Text]);
    check("<p class=\"a @ b@\" title='@'>@</p>", &[AttributeValue, AttributeValue, WholeValue, Text]);
    check("<p title=\"@@\" class=\"@ @\"></p>", &[ValueBegin, ValueBegin, ValueBegin, AttributeValue]);
    check("<input type=\"checkbox\"@>", &[AttributeList]);
    check("<button@ class=\"x\">@</button>", &[AttributeList, Text]);
    check("<input @ @/>", &[AttributeList, AttributeList]);
    check("<input disabled@>", &[AttributeList]);
    check("<textarea>@</textarea>", &[PlainText]);
    check("<a href=\"@\">@</a>", &[Url, Text]);
    check("<a href=\"@/x?y=@\"></a>", &[Url, AttributeValue]);
    check("<a href=\"/x/@\"></a>", &[AttributeValue]);
    check("<a href=\"mailto:@\"></a>", &[AttributeValue]);
    check("<ul id=\"a\" phx-update=\"stream\">@<li>@</li>@</ul>@", &[Stream, Text, Stream, Text]);
    check("<ul phx-update=\"stream\" id=\"@\">@</ul>", &[WholeValue, Stream]);
    check("<ul phx-update=\"stream\">@</ul>", &[Text]);
    check("<ul id=\"a\" phx-update=\"@\">@</ul>", &[WholeValue, Text]);
    check("<p id=\"a\" phx-update=\"stream\"><br>@</p><p>@</p>", &[Stream, Text]);
    check("<p><!-- note --></p>", &[]);
    check("<svg viewBox=\"0 0 1 1\"><path d=\"@\"/></svg>", &[WholeValue]);
    check("<button phx-click=\"@\" aria-label=\"@\" data-x=\"@\"></button>", &[WholeValue; 3]);
    check("<p id=\"@\" phx-hook=\"@\">@</p>", &[WholeValue, Hook, Text]);
}

#[test]
fn slots_where_no_text_is_safe_are_refused() {
    check_refused("<@>", "name of a tag");
    check_refused("</@>", "name of a tag");
    check_refused("<p class=@>", "without quotes");
    check_refused("<!-- @ -->", "does not end in its part");
    check_refused("<a href=\"java@\"></a>", "in the scheme");
    check_refused("<a href=\"@@\"></a>", "make them one");
    check_refused("<a href=\"@:x\"></a>", "followed by");
    check_refused("<input@x>", "followed by a space");
}

#[test]
fn text_elements_hold_no_markup_however_browsers_read_them() {
    // An empty slot would leave an end tag behind.
    check_refused("<textarea><@/textarea><i title=\"a\"></textarea>", "`<` inside `textarea`: write `&lt;`");
    check_refused("<textarea>a < b</textarea>", "write `&lt;`");
    check_refused("<svg><textarea><p onclick=\"x\"></textarea></svg>", "`textarea` inside `svg`");
    check_refused(
        "<svg><desc><textarea/><p title=\"</textarea><i onclick=x>\"></p></desc></svg>",
        "inside `svg`",
    );
    check("<svg><desc>@</desc></svg><textarea>a &lt; @ > b</textarea>", &[Text, PlainText]);
    let granted =
        |template: &str| scan(&parts(template), &Policy { raw_markup: true, ..Policy::default() }).is_ok();
    assert!(granted("<title>@</title><script>a < b</script><template><style>p{}</style>@</template>"));
    assert!(!granted("<math><style><!--</style>@</math>"));
    assert!(!granted("<select><xmp><!--</xmp>@</select>"));
    assert!(!granted("<template><col><style><!--</style>@</template>"));
}

#[test]
fn what_a_browser_would_repair_is_refused_with_the_fix() {
    check_refused("<p>", "`<p>` is not closed");
    check_refused("</p>", "closes nothing");
    check_refused("<p><b></p></b>", "`</p>` closes `<b>`");
    check_refused("<p/>", "write `<p></p>`");
    check_refused("a < b", "write `&lt;`");
    check_refused("<p class=x></p>", "put it in");
    check_refused("<p class=\"a\"id=\"b\"></p>", "unexpected 'i'");
    check_refused("<p class=\"a\" CLASS=\"b\"></p>", "stands twice");
    check_refused("<p", "ends inside a tag");
    check_refused("<!-- a", "does not end");
    check_refused("<!--> -->", "browsers end early");
    check_refused("<p>\0</p>", "NUL");
}

#[test]
fn what_could_run_or_mislead_is_refused() {
    for element in
        ["script", "style", "iframe", "object", "embed", "base", "link", "meta", "template", "frame"]
    {
        check_refused(&format!("<{element}></{element}>"), "is not allowed");
    }
    check_refused("<p onclick=\"x\"></p>", "use a `phx-` binding");
    check_refused("<p OnClick=\"x\"></p>", "use a `phx-` binding");
    check_refused("<p style=\"x\"></p>", "not allowed");
    check_refused("<p data-phx-main></p>", "belongs to the client");
    check_refused("<p data-phx-links=\"patch\"></p>", "belongs to the client");
    check_refused("<p phx-hook=\"Phoenix.InfiniteScroll\"></p>", "the client's own");
    check_refused("<a href=\"javascript:x\"></a>", "scheme");
    check_refused("<a href=\"java&#115;cript:x\"></a>", "scheme");
    check_refused("<p srcdoc=\"x\"></p>", "runs code");
}

#[test]
fn hooks_are_named_as_far_as_they_are_granted() {
    let policy = Policy { raw_markup: true, hooks: Hooks::new("cart", &["Sortable".to_owned()], true) };
    let granted = |name: &str| scan(&parts(&format!("<p id=\"a\" phx-hook=\"{name}\">@</p>")), &policy);
    for name in ["Phoenix.FocusWrap", "Sortable", "cart.Chart"] {
        assert!(granted(name).is_ok(), "{name}");
    }
    let refused = granted("Clipboard").unwrap_err().to_string();
    assert!(refused.contains("hook `Clipboard` is not granted to component `cart`: add"), "{refused}");
    check("<p id=\"a\" phx-hook=\"Phoenix.FocusWrap\">@</p>", &[Text]);
    check_refused("<p phx-hook=\"X\"></p>", "hook `X` is not granted");
    check_refused("<p phx-hook=\"&#80;hoenix.FocusWrap\"></p>", "names no hook");
    check_refused("<p phx-hook=\"Phoenix.FocusWrap@\"></p>", "a slot as a part of `phx-hook`");
    check_refused("<p phx-hook=\"@Phoenix.FocusWrap\"></p>", "a slot as a part of `phx-hook`");
    check_refused("<p phx-hook=\"@@\"></p>", "a slot as a part of `phx-hook`");
}

#[test]
fn commands_set_nothing_that_markup_may_not_say() {
    check("<p phx-click='[[\"hide\",{\"to\":\"#a\"}]]' data-x=\"[1,2]\"></p>", &[]);
    check("<p title=\" [@]\" data-x=\"a@[a]\" data-y=\"&quot;@&quot;\"></p>", &[AttributeValue; 3]);
    let command = "[[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]";
    for value in [command, &format!("&#91;{}", &command[1..]), &format!("&lbrack;{}", &command[1..])] {
        check_refused(&format!("<p title=\"{value}\"></p>"), "command `set_attr`: hook `X` is not granted");
    }
    for value in ["[@", "[[&quot;@", "&#91;@", "&#x5b;[@", "@[@", "@&lsqb;@"] {
        check_refused(&format!("<p title=\"{value}\"></p>"), "behind a `[`");
    }
    check_refused("<p title=\"&#9@\"></p>", "inside of a character reference");
    check_refused("<p title=\"@&#9@\"></p>", "inside of a character reference");
}

#[test]
fn the_grant_for_raw_markup_leaves_to_the_client_what_is_the_clients() {
    let granted = |template: &str| scan(&parts(template), &Policy { raw_markup: true, ..Policy::default() });
    assert!(granted("<style>p{}</style><p style=\"x\">@</p>").is_ok());
    assert!(granted("<style>@</style>").is_err());
    assert!(granted("<script>@</script>").is_err());
    assert!(
        granted("<script><!--<script></script><b title=\"@\"></b>").is_err(),
        "the browser is still in a script"
    );
    assert!(granted("<script><!-- a --></script>").is_err());
    assert!(granted("<script>a <! b</script><style><!-- p{} --></style>").is_ok());
    assert!(granted("<p data-phx-main></p>").is_err());
    assert!(granted("<plaintext>").is_err());
}

#[test]
fn one_element_and_nothing_beside_it_is_a_single_element() {
    let single = |template: &str| scan(&parts(template), &Policy::default()).unwrap().is_single_element;
    assert!(single("<p id=\"a\">@</p>"));
    assert!(single(" <p>@</p>\n"));
    assert!(single("<br>"));
    assert!(!single("<p></p><p></p>"));
    assert!(!single("a<p></p>"));
    assert!(!single("@<p></p>"));
    assert!(!single("<p@></p>"));
    assert!(!single("<!-- a --><p></p>"));
    assert!(single("<select><option></option></select>"));
    assert!(!single("<option>@</option>") && !single("<optgroup><option>@</option></optgroup>"));
}

#[test]
fn a_portal_is_a_template_with_a_target_and_one_element() {
    check(
        "<template id=\"tip\" data-phx-portal=\"body\"> <div id=\"_lv_portal_wrap_tip\">@</div> </template>",
        &[Text],
    );
    check(
        "<template id=\"@\" data-phx-portal=\"@\"@><p id=\"_lv_portal_wrap_@\"@>@</p></template>",
        &[WholeValue, PortalTarget, AttributeList, AttributeValue, AttributeList, Text],
    );
    let inner = "<template id=\"b\" data-phx-portal=\"#a\"><p id=\"_lv_portal_wrap_b\"></p></template>";
    check(
        &format!(
            "<template id=\"a\" data-phx-portal=\"#b\"><p id=\"_lv_portal_wrap_a\">{inner}@</p></template>"
        ),
        &[Text],
    );
    let portal = |attributes: &str, content: &str| format!("<template {attributes}>{content}</template>");
    let (good, content) = ("id=\"a\" data-phx-portal=\"body\"", "<p id=\"_lv_portal_wrap_a\"></p>");
    check(&portal(good, content), &[]);
    check_refused(&portal("id=\"a\"", content), "`template` is not allowed");
    check_refused(&portal("data-phx-portal=\"body\"", content), "is not allowed");
    check_refused(&portal("id=\"\" data-phx-portal=\"body\"", content), "is not allowed");
    check_refused(&portal("id=\"a\" data-phx-portal", content), "is not allowed");
    check_refused(&portal("@ id=\"a\" data-phx-portal=\"body\"", content), "is not allowed");
    check_refused("<div id=\"a\" data-phx-portal=\"body\"></div>", "on another element");
    check_refused(&portal(good, ""), "without an element");
    check_refused(&portal(good, "@"), "directly inside a portal");
    check_refused(&portal(good, &format!("{content}@")), "directly inside a portal");
    check_refused(&portal(good, &format!("text{content}")), "directly inside a portal");
    check_refused(&portal(good, &format!("{content}{content}")), "a second element");
    check_refused(&format!("<svg>{}</svg>", portal(good, content)), "inside `svg`");
}

#[test]
fn what_a_portal_moves_is_its_own_content_whatever_the_view_calls_it() {
    let portal = |attributes: &str| {
        format!("<template id=\"a\" data-phx-portal=\"body\"><p {attributes}></p></template>")
    };
    check(&portal("id=\"_lv_portal_wrap_@\""), &[AttributeValue]);
    check(&portal("id=\"@\""), &[PortalContent]);
    for attributes in [
        "class=\"x\"",
        "id=\"\"",
        "id=\"hothouse-notices\"",
        "id=\"a@_lv_portal_wrap_\"",
        "@ id=\"_lv_portal_wrap_a\"",
        "@ id=\"@\"",
    ] {
        check_refused(&portal(attributes), "has no id that begins with `_lv_portal_wrap_`");
    }
}

#[test]
fn a_portal_leads_to_the_body_or_to_an_element_by_its_id() {
    let portal = |target: &str| {
        format!("<template id=\"a\" data-phx-portal=\"{target}\"><p id=\"_lv_portal_wrap_a\"></p></template>")
    };
    for target in ["body", "#a", "#_a-B_1"] {
        check(&portal(target), &[]);
    }
    let longest = format!("#{}", "a".repeat(127));
    check(&portal(&longest), &[]);
    for target in [
        "",
        "#",
        "head",
        "BODY",
        "a",
        "#a b",
        "#a,#b",
        "#1",
        "#a:hover",
        "[data-phx-main]",
        "#hothouse-notices",
        "#phx-main",
        "#a&amp;",
        &format!("{longest}a"),
    ] {
        check_refused(&portal(target), "is not the target of a portal");
    }
    check_refused(&portal("#@"), "is not the target");
    check_refused(&portal("@x"), "is not the target");
}
