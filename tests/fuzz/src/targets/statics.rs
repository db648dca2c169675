//! Literal parts of templates: whatever stands in the slots of a template that is accepted, a browser reads the same
//! tags, finds each value in its own slot, and finds nothing that is forbidden.
//!
//! An input is a template, its slots marked by a byte, and behind another byte a value that is tried in all slots; or
//! the choices of a [grammar](super::grammar).

use std::borrow::Cow;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use hothouse_diff::{Fault, Interner, Limits, NewTemplate, Node, Policy, Slot, Templates, Tree, html};

use serde_json::Value;

use super::browser::{self, Page};
use super::grammar::grown;
use crate::Target;
use crate::outcome::{Outcome, Verdict, shape_of};

const SLOT: char = '\u{1f}';
const VALUE: char = '\u{1e}';
/// At the beginning of an input: the component may emit any markup.
const RAW_MARKUP: &str = "raw:";
/// At the beginning of an input: the rest are choices of a grammar.
const GROWN: u8 = 1;
const MAX_SLOTS: usize = 32;
/// Everything that must not get out of its slot.
const HOSTILE: &str = "</textarea><script>\"'`&lt;&amp; --> x=y onclick=z />";
/// Longest message about a template, in bytes.
const MAX_MESSAGE_BYTES: usize = 512;

/// What no page of an untrusted component has.
const FORBIDDEN_ELEMENTS: &[&str] = &[
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "link",
    "meta",
    "noscript",
    "template",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "html",
    "head",
    "body",
    "title",
    "math",
    "foreignobject",
    "use",
    "animate",
    "animatetransform",
    "animatemotion",
    "set",
    "image",
    "portal",
    "slot",
];
const FORBIDDEN_ATTRIBUTES: &[&str] =
    &["srcdoc", "style", "http-equiv", "srcset", "imagesrcset", "ping", "background", "nonce", "is"];
/// What `phx-hook` may name: nothing, or the hook that the client brings along for the focus.
const HOOKS: &[&str] = &["", "Phoenix.FocusWrap"];
/// Where portals of the dictionary may lead.
const PORTAL_TARGETS: &[&str] = &["body", "#a"];
const URL_ATTRIBUTES: &[&str] =
    &["href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "longdesc", "manifest"];
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
const BLOCKED_URL: &str = "about:invalid#blocked-scheme";

pub(super) const TARGET: Target = Target {
    name: "statics",
    run,
    max_bytes: 8 * 1024,
    dictionary: &[
        "\u{1f}",
        "\u{1e}",
        "\u{1f}\u{1f}",
        "<",
        ">",
        "</",
        "/>",
        "\"",
        "'",
        "=",
        "&",
        "&#",
        "&#x6a;",
        "&Tab;",
        ";",
        "<!--",
        "-->",
        "--",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE html>",
        "<?",
        "<p>",
        "</p>",
        "<p ",
        " title=\"",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=\"",
        "<img src=\"",
        "<form action=\"",
        "</a>",
        "<div>",
        "</div>",
        "<svg>",
        "</svg>",
        "<desc>",
        "</desc>",
        "<path d=\"\"/>",
        "<math>",
        "</math>",
        "<mi>",
        "</mi>",
        "<textarea>",
        "</textarea>",
        "textarea",
        "<title>",
        "</title>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<xmp>",
        "</xmp>",
        "<noscript>",
        "</noscript>",
        "<iframe>",
        "</iframe>",
        "<plaintext>",
        "<template>",
        "<template id=\"a\" data-phx-portal=\"body\">",
        "<p id=\"_lv_portal_wrap_a\">",
        " data-phx-portal=\"#a\"",
        " id=\"",
        "_lv_portal_wrap_",
        "</template>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<caption>",
        "</caption>",
        "<colgroup>",
        "</colgroup>",
        "<select>",
        "</select>",
        "<option>",
        "</option>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<pre>",
        "</pre>",
        "<button>",
        "</button>",
        "<form>",
        "</form>",
        "<br>",
        "<input>",
        "<hr/>",
        "<input ",
        " disabled",
        " onclick=\"x\"",
        " style=\"x\"",
        " class=\"a\"",
        " data-phx-main",
        " data-x=\"\"",
        " phx-click=\"",
        " phx-hook=\"X\"",
        " phx-hook=\"Phoenix.FocusWrap\"",
        " phx-hook=\"\u{1f}\"",
        "[[\"set_attr\",{\"attr\":[\"phx-hook\",\"X\"]}]]",
        " title='[[\"toggle_attr\",{\"attr\":[\"onclick\",\"X\"]}]]'",
        " title=\"[[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]\"",
        " title=\"&#91;",
        "[",
        "[[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;",
        "phx-hook&quot;,&quot;X&quot;]}]]",
        "\u{1e}[[\"set_attr\",{\"attr\":[\"phx-hook\",\"X\"]}]]",
        "\\u0068",
        " href=\"",
        " src=\"",
        " xlink:href=\"",
        " srcdoc=\"",
        "javascript:",
        "java",
        "script:",
        "data:",
        "http://",
        "mailto:",
        "//",
        "?",
        "#",
        "\t",
        "\n",
        "\r",
        "\u{c}",
        "\0",
        "é",
        "raw:",
        "<foreignObject>",
        "</foreignObject>",
    ],
    lengths: &[MAX_SLOTS, 64, 512],
};

fn run(input: &[u8]) -> Verdict {
    let text = &*match input.strip_prefix(&[GROWN]) {
        Some(choices) => {
            let (template, value) = grown(choices);
            let grant = if choices.last().is_some_and(|choice| choice % 4 == 0) { RAW_MARKUP } else { "" };
            Cow::Owned(format!("{grant}{}{VALUE}{value}", template.replace('@', "\u{1f}")))
        }
        None => String::from_utf8_lossy(input),
    };
    let (raw_markup, text) = text.strip_prefix(RAW_MARKUP).map_or((false, text), |text| (true, text));
    let (template, value) = text.rsplit_once(VALUE).unwrap_or((text, ""));
    let parts: Vec<String> = template.split(SLOT).map(str::to_owned).collect();
    if parts.len() > MAX_SLOTS {
        return Ok(Outcome::refused("slots"));
    }
    let view = View {
        interner: Arc::new(Interner::new(Policy { raw_markup, ..Policy::default() })),
        parts,
        raw_markup,
    };
    let empty = match view.html(|_| Slot::Empty) {
        Ok(html) => browser::read(&html),
        Err(fault) => {
            let message = fault.to_string();
            ensure!(message.len() <= MAX_MESSAGE_BYTES, "a message of {} bytes", message.len());
            let is_about_characters = message.contains("unexpected");
            return Ok(Outcome::refused(if is_about_characters {
                String::new()
            } else {
                shape_of(&message)
            }));
        }
    };
    let kinds: Vec<Kind> = (0..view.slot_count()).map(|slot| view.kind(slot)).collect();
    view.check(&kinds, value, &empty).with_context(|| format!("template {template:?}, value {value:?}"))?;
    let shapes = ["svg", "table", "select", "textarea", "math", "a", "p"];
    let has = shapes.map(|name| empty.elements.iter().any(|element| element == name));
    Ok(Outcome::accepted((raw_markup, has, kinds.iter().take(4).collect::<Vec<_>>())))
}

/// What may stand in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Text,
    TextAndMarkup,
    /// Markup that is attributes.
    Attributes,
    /// The name of a hook, which a text is only by chance.
    Hook,
}

struct View {
    interner: Arc<Interner>,
    parts: Vec<String>,
    raw_markup: bool,
}

impl View {
    fn slot_count(&self) -> usize {
        self.parts.len() - 1
    }

    fn html(&self, slot: impl FnMut(usize) -> Slot) -> Result<String, Fault> {
        let tree = Tree {
            root: Slot::Node(0),
            nodes: vec![Node { template: 1, slots: (0..self.slot_count()).map(slot).collect() }],
            templates: vec![NewTemplate { id: 1, statics: self.parts.clone() }],
            ..Tree::default()
        };
        html(tree, &mut Templates::new(self.interner.clone()), &Limits::default()).map(|(html, _)| html)
    }

    fn kind(&self, slot: usize) -> Kind {
        let takes =
            |value: Slot| self.html(|index| if index == slot { value.clone() } else { Slot::Empty }).is_ok();
        match (takes(Slot::Text("x".to_owned())), takes(Slot::Markup(String::new()))) {
            (true, true) => Kind::TextAndMarkup,
            (true, false) => Kind::Text,
            (false, true) => Kind::Attributes,
            (false, false) => Kind::Hook,
        }
    }

    fn check(&self, kinds: &[Kind], value: &str, empty: &Page) -> anyhow::Result<()> {
        check_forbidden(empty, self.raw_markup)?;
        self.check_marks(kinds, empty)?;
        self.check_value(kinds, value, empty)?;
        self.check_markup(kinds, value)
    }

    /// A mark in each slot: found once, where text or a value is.
    fn check_marks(&self, kinds: &[Kind], empty: &Page) -> anyhow::Result<()> {
        let mark = |slot: usize| format!("/{slot}{HOSTILE}{slot}/");
        let attribute_mark = |slot: usize| format!("m{slot}m");
        let html = self.html(|slot| match kinds.get(slot) {
            Some(Kind::Attributes) => Slot::Markup(format!(" data-zz{slot}=\"{}\"", attribute_mark(slot))),
            Some(Kind::Hook) => Slot::Empty,
            _ => Slot::Text(mark(slot)),
        })?;
        let page = browser::read(&html);
        check_forbidden(&page, self.raw_markup)?;
        for (slot, kind) in kinds.iter().enumerate().filter(|(_, kind)| **kind != Kind::Hook) {
            let mark = if *kind == Kind::Attributes { attribute_mark(slot) } else { mark(slot) };
            let values = page.attributes.iter().map(|(_, _, value)| value);
            let count =
                page.texts.iter().chain(values).map(|text| text.matches(&mark).count()).sum::<usize>();
            ensure!(count == 1, "the value of slot {slot} is found {count} times: {html}");
        }
        if !kinds.contains(&Kind::Attributes) {
            check_shape(&page, empty, &html)?;
        }
        Ok(())
    }

    /// The input's value in each slot: the same tags as without.
    fn check_value(&self, kinds: &[Kind], value: &str, empty: &Page) -> anyhow::Result<()> {
        let html = self.html(|slot| match kinds.get(slot) {
            Some(Kind::Attributes | Kind::Hook) => Slot::Empty,
            _ => Slot::Text(value.to_owned()),
        })?;
        let page = browser::read(&html);
        check_shape(&page, empty, &html)?;
        check_forbidden(&page, self.raw_markup)
    }

    /// The input's value as markup: nothing that is forbidden, in whatever the template makes of it.
    fn check_markup(&self, kinds: &[Kind], value: &str) -> anyhow::Result<()> {
        if self.raw_markup
            || value.is_empty()
            || kinds.iter().all(|kind| matches!(kind, Kind::Text | Kind::Hook))
        {
            return Ok(());
        }
        let html = self.html(|slot| match kinds.get(slot) {
            None | Some(Kind::Text | Kind::Hook) => Slot::Empty,
            Some(Kind::TextAndMarkup | Kind::Attributes) => Slot::Markup(value.to_owned()),
        });
        // Most values are no attributes.
        html.map_or(Ok(()), |html| check_forbidden(&browser::read(&html), self.raw_markup))
    }
}

/// Nothing that no page may have; without the grant of raw markup, nothing that runs either.
/// Nothing that is forbidden is in a page of templates.
fn check_forbidden(page: &Page, raw_markup: bool) -> anyhow::Result<()> {
    let (portals, attributes): (Vec<_>, Vec<_>) = page
        .attributes
        .iter()
        .cloned()
        .partition(|(element, name, _)| element == "template" && name == "data-phx-portal");
    for (_, _, target) in &portals {
        ensure!(PORTAL_TARGETS.contains(&&**target), "a portal leads to {target:?}");
    }
    let is_template = |element: &&String| *element == "template";
    let templates = page.elements.iter().filter(is_template).count();
    ensure!(raw_markup || templates == portals.len(), "`template` is in the page, and no portal");
    let elements = page.elements.iter().filter(|element| !is_template(element)).cloned().collect();
    let contents = page
        .attributes
        .iter()
        .filter(|(_, name, value)| name == "id" && value.starts_with("_lv_portal_wrap_"));
    ensure!(contents.count() >= portals.len(), "a portal holds what it may not");
    let rest = Page { attributes, elements, code: page.code.clone(), ..Page::default() };
    check_forbidden_everywhere(&rest, raw_markup)
}

/// Nothing that is forbidden in every page is in this one.
pub(super) fn check_forbidden_everywhere(page: &Page, raw_markup: bool) -> anyhow::Result<()> {
    for (element, name, value) in &page.attributes {
        ensure!(!name.starts_with("data-phx-"), "`{element}` has `{name}`, which is the client's");
        if raw_markup {
            continue;
        }
        let is_forbidden = name.starts_with("on") || FORBIDDEN_ATTRIBUTES.contains(&&**name);
        ensure!(!is_forbidden, "`{element}` has `{name}`");
        let names_hook = name == "phx-hook" && !HOOKS.contains(&&**value);
        ensure!(!names_hook, "`{element}` has the hook {value:?}");
        for (name, value) in set_by_commands(value) {
            let is_forbidden = name.starts_with("on")
                || name.starts_with("data-phx-")
                || name == "phx-hook" && !HOOKS.contains(&&*value);
            ensure!(!is_forbidden, "`{element}` has commands that set `{name}` to {value:?}");
        }
        if URL_ATTRIBUTES.contains(&&**name) && !value.starts_with(BLOCKED_URL) {
            let scheme = scheme(value);
            let is_allowed = scheme.as_ref().is_none_or(|scheme| SCHEMES.contains(&&**scheme));
            ensure!(is_allowed, "`{element}` has the URL {value:?}");
        }
    }
    if !raw_markup {
        for element in &page.elements {
            let lower = element.to_ascii_lowercase();
            ensure!(!FORBIDDEN_ELEMENTS.contains(&&*lower), "`{element}` is in the page");
        }
        ensure!(page.code.iter().all(String::is_empty), "code is in the page: {:?}", page.code);
    }
    Ok(())
}

/// Attributes that the client sets when it is told to carry out a value, and those that their values set.
fn set_by_commands(value: &str) -> Vec<(String, String)> {
    // Only then it reads commands.
    let commands =
        if value.starts_with('[') { serde_json::from_str(value).unwrap_or_default() } else { Value::Null };
    let mut set = Vec::new();
    for command in commands.as_array().into_iter().flatten() {
        let texts = match command.get(0).and_then(Value::as_str) {
            Some("set_attr" | "toggle_attr") => command.pointer("/1/attr").and_then(Value::as_array),
            _ => None,
        };
        let texts: Vec<&str> = texts.into_iter().flatten().filter_map(Value::as_str).collect();
        let Some((name, values)) = texts.split_first() else { continue };
        for value in values {
            set.push((name.to_ascii_lowercase(), (*value).to_owned()));
            set.extend(set_by_commands(value));
        }
    }
    set
}

fn check_shape(page: &Page, empty: &Page, html: &str) -> anyhow::Result<()> {
    ensure!(page.shape == empty.shape, "a value makes {} of {}: {html}", page.shape, empty.shape);
    Ok(())
}

/// The scheme of a URL as the URL standard has it, in lower case.
fn scheme(url: &str) -> Option<String> {
    let trimmed = url.trim_start_matches(|character: char| character <= ' ');
    let text: String = trimmed.chars().filter(|character| !matches!(character, '\t' | '\n' | '\r')).collect();
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}
