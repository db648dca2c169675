//! Documents and what is sent for them.

use crate::{Document, Extras, Fault, Held, Hooks, Interner, Limits, Policy, Scope, Templates, compute};

/// An instance and its page.
struct Instance {
    templates: Templates,
    held: Held,
}

impl Instance {
    fn new(policy: Policy) -> Self {
        Self { templates: Templates::new(std::sync::Arc::new(Interner::new(policy))), held: Held::default() }
    }

    fn send(&mut self, html: &str) -> String {
        let (document, limits) = (Document::Html(html.to_owned()), Limits::default());
        let update = compute(document, &mut self.templates, &mut self.held, Scope::Changes, &limits).unwrap();
        update.to_json(&Extras::default())
    }
}

/// What is sent for each document, one after another.
#[track_caller]
fn check(documents: &[(&str, &str)]) {
    let mut instance = Instance::new(Policy::default());
    for (html, sent) in documents {
        assert_eq!(instance.send(html), *sent, "{html}");
    }
}

fn page(html: &str, policy: Policy) -> String {
    let mut templates = Instance::new(policy).templates;
    crate::html(Document::Html(html.to_owned()), &mut templates, &Limits::default()).unwrap().0
}

#[test]
fn texts_and_values_are_all_that_is_sent() {
    check(&[
        (
            r#"<p class="a" title='b'>1</p>"#,
            r#"{"0":"a","1":"b","2":"1","s":["<p class=\"","\" title='","'>","</p>"]}"#,
        ),
        (r#"<p class="a" title='b'>1</p>"#, "{}"),
        (r#"<p class="a" title='b'>&amp; 2</p>"#, r#"{"2":"&amp; 2"}"#),
        (r#"<p class="c" title='"d"'></p>"#, r#"{"0":"c","1":"\"d\"","2":""}"#),
    ]);
}

#[test]
fn rows_cost_what_changed() {
    let row = |id: u32, text: &str| format!("\n  <li id=\"t-{id}\"><b>{text}</b></li>");
    let list = |rows: &[(u32, &str)]| {
        let rows: String = rows.iter().map(|(id, text)| row(*id, text)).collect();
        format!("<ul>{rows}\n</ul>")
    };
    let mut instance = Instance::new(Policy::default());
    let first = concat!(
        r#"{"0":{"s":["",""],"k":{"0":{"0":{"0":"t-1","1":"a","s":0}},"1":{"0":{"0":"t-2","1":"b","s":0}},"#,
        r#""2":{"0":"\n"},"kc":3}},"s":["<ul>","</ul>"],"p":{"0":["\n  <li id=\"","\"><b>","</b></li>"]}}"#,
    );
    assert_eq!(instance.send(&list(&[(1, "a"), (2, "b")])), first);
    let mut check =
        |rows: &[(u32, &str)], sent: &str| assert_eq!(instance.send(&list(rows)), sent, "{rows:?}");
    check(&[(1, "a"), (2, "c")], r#"{"0":{"k":{"1":{"0":{"1":"c"}},"kc":3}}}"#);
    check(&[(2, "c")], r#"{"0":{"k":{"0":1,"1":2,"kc":2,"km":true}}}"#);
    check(
        &[(1, "a"), (2, "c")],
        concat!(
            r#"{"0":{"k":{"0":{"0":{"0":"t-1","1":"a","s":["\n  <li id=\"","\"><b>","</b></li>"]}},"#,
            r#""1":0,"2":1,"kc":3,"km":true}}}"#,
        ),
    );
}

#[test]
fn what_needs_no_cleaning_is_sent_as_it_is() {
    for html in [
        "<p class='a' hidden>a &amp; b</p><!-- a note --><br/>\n",
        r#"<svg viewBox="0 0 9 9"><linearGradient id="a"/><desc>a <b>b</b></desc><path d="M0 0"/></svg>"#,
        r#"<form phx-change="rename"><textarea name="a">&lt;p> <b> é</textarea><input value="" required></form>"#,
        "<table><tr><td>no tbody<td-x></table>",
    ] {
        let is_known = !html.contains("td-x");
        assert_eq!(page(html, Policy::default()) == html, is_known, "{html}");
        assert_eq!(page(html, Policy { raw_markup: true, ..Policy::default() }), html);
    }
}

#[test]
fn what_is_not_allowed_goes_unless_raw_markup_is_granted() {
    for (html, clean) in [
        ("<p onclick=\"x\">a</p>", "<p>a</p>"),
        ("a<script>alert(1)</script>", "a"),
        ("<a href='java&#115;cript:x'>a</a>", "<a>a</a>"),
        ("<p style=\"x\" data-phx-main=\"x\" phx-hook=\"x\">a</p>", "<p>a</p>"),
        ("<iframe src=\"/x\"></iframe>", ""),
        ("<svg><textarea><p title='</textarea><img src=x onerror=x>'></p></textarea></svg>", ""),
        // In a row that is written like the one before it.
        (
            "<b><a href='/a'>a</a></b><b><a href='JavaScript:x'>a</a></b>",
            "<b><a href=\"/a\">a</a></b><b><a>a</a></b>",
        ),
        ("<p>a", "<p>a</p>"),
        ("<table><p>a</p></table><b>", "<p>a</p><table></table><b></b>"),
        ("a\r\nb", "a\nb"),
        ("a <3", "a &lt;3"),
    ] {
        let cleaned = page(html, Policy::default());
        assert!(
            !["<img", "script", "Script", "phx-", "\r"].iter().any(|bad| cleaned.contains(bad)),
            "{cleaned}"
        );
        if !clean.is_empty() {
            assert_eq!(cleaned, clean);
        }
        assert_eq!(page(html, Policy { raw_markup: true, ..Policy::default() }), html);
    }
}

#[test]
fn what_is_too_deep_or_too_much_is_refused_or_sent_whole_and_takes_no_time() {
    let limits = Limits::default();
    let sent = |html: &str, policy: Policy| {
        let document = Document::Html(html.to_owned());
        let Instance { mut templates, mut held } = Instance::new(policy);
        compute(document, &mut templates, &mut held, Scope::Everything, &limits)
            .map(|update| update.to_json(&Extras::default()))
    };
    let attributes: String = (0..20_000).map(|number| format!(" data-a{number}=\"\"")).collect();
    let many = format!("<p{attributes}></p>");
    for html in ["<div>".repeat(100_000), "<div></x>".repeat(100_000), "<svg>".repeat(300)] {
        assert_eq!(sent(&html, Policy::default()), Err(Fault::TooDeep { limit: 256 }));
    }
    assert_eq!(sent(&many, Policy::default()), Err(Fault::TooManyAttributes { limit: 64 }));
    let deep = "<div>".repeat(300) + &"</div>".repeat(300);
    let shapes: String = (0..3_000).map(|number| format!("<p data-a{number}=\"\">x</p>")).collect();
    let rows = "<p>x</p>".repeat(8_000);
    for (html, policy) in [
        (&deep, Policy { raw_markup: true, ..Policy::default() }),
        (&many, Policy { raw_markup: true, ..Policy::default() }),
        (&shapes, Policy::default()),
        (&rows, Policy::default()),
    ] {
        assert!(sent(html, policy).unwrap().ends_with(r#"","s":["",""]}"#));
    }
    // Elements that need no end are not nested.
    sent(&"<li>x".repeat(3_000), Policy::default()).unwrap();
    // One key for all: rows are told apart all the same, and in no more time.
    let mut instance = Instance::new(Policy::default());
    let row = "<p id='a'>x</p>";
    instance.send(&row.repeat(3_000));
    assert_eq!(instance.send(&row.repeat(2_999)), r#"{"0":{"k":{"kc":2999}}}"#);
}

#[test]
fn shapes_are_the_instances_alone_and_go_with_their_document() {
    let interner = std::sync::Arc::new(Interner::new(Policy::default()));
    for number in 0..3_000 {
        let mut templates = Templates::new(interner.clone());
        let html = Document::Html(format!("<p data-a{number}='x'>x</p>"));
        compute(html, &mut templates, &mut Held::default(), Scope::Everything, &Limits::default()).unwrap();
    }
    let mut instance = Instance { templates: Templates::new(interner), held: Held::default() };
    for number in 0..3_000 {
        instance.send(&format!("<p data-a{number}='x'>x</p>"));
    }
    assert_eq!(instance.templates.derived.defined().len(), 2);
}

#[test]
fn a_changed_shape_replaces_the_smallest_subtree() {
    check(&[
        (
            "<main><h1>a</h1><form><label>b<input></label></form></main>",
            concat!(
                r#"{"0":{"s":["",""],"k":{"0":{"0":{"0":"a","s":["<h1>","</h1>"]}},"#,
                r#""1":{"0":{"0":"b","s":["<form><label>","<input></label></form>"]}},"kc":2}},"s":["<main>","</main>"]}"#,
            ),
        ),
        // One that comes, and one whose attributes change.
        (
            "<main><h1>a</h1><p id='flash'>c</p><form><label>b<input></label></form></main>",
            r#"{"0":{"k":{"1":{"0":{"0":"flash","1":"c","s":["<p id='","'>","</p>"]}},"2":1,"kc":3,"km":true}}}"#,
        ),
        (
            "<main><h1 hidden>a</h1><p id='flash'>c</p><form><label>b<input></label></form></main>",
            r#"{"0":{"k":{"0":{"0":{"0":"a","s":["<h1 hidden>","</h1>"]}},"kc":3}}}"#,
        ),
    ]);
}

#[test]
fn hooks_and_commands_of_rows_are_held_to_the_policy_as_those_of_the_first() {
    let policy = || Policy { hooks: Hooks::new("cart", &["Drag".to_owned()], false), ..Policy::default() };
    let list = |rows: &[&str]| format!("<ul>{}</ul>", rows.concat());
    let hook = |name: &str| format!("<li id=\"{name}\" phx-hook=\"{name}\">a</li>");
    let granted = list(&[&hook("Drag"), &hook("Drag"), "<li id=\"c\" phx-hook=\"Drag\">a</li>"]);
    assert_eq!(page(&granted, policy()), granted);
    assert_eq!(
        page(&list(&[&hook("Drag"), &hook("Drop")]), policy()),
        list(&[&hook("Drag"), "<li id=\"Drop\">a</li>"])
    );
    let row = |value: &str| format!("<li title=\"{value}\">a</li>");
    let commands = |name: &str| {
        format!("[[&quot;set_attr&quot;,{{&quot;attr&quot;:[&quot;{name}&quot;,&quot;X&quot;]}}]]")
    };
    let harmless = list(&[&row("a"), &row(&commands("class"))]);
    assert_eq!(page(&harmless, policy()), harmless);
    for begin in ["[", "&#91;", "&lsqb;"] {
        let value = commands("phx-hook").replacen('[', begin, 1);
        let cleaned = list(&[&row("a"), &row(&format!(" {}", commands("phx-hook")))]);
        assert_eq!(page(&list(&[&row("a"), &row(&value)]), policy()), cleaned);
    }
}
