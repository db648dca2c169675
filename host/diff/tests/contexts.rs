//! What a browser's tokenizer makes of a value: exactly the value, in the place of its slot.
//!
//! html5ever reads the page independently of the scanner that chose the escaping.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::sync::Arc;

use hothouse_diff::{Interner, Limits, NewTemplate, Node, Policy, Slot, Templates, Tree, html};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Everything that must not get out of its slot.
const HOSTILE: &str = "</textarea><script>\"'`&lt;&amp; --> x=y onclick=z />";

#[derive(Default)]
struct Seen {
    /// Text, and values of attributes, as a browser has them.
    texts: RefCell<Vec<String>>,
    values: RefCell<Vec<String>>,
    tags: RefCell<usize>,
}

impl TokenSink for Seen {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => {
                let mut texts = self.texts.borrow_mut();
                match texts.last_mut() {
                    Some(last) => last.push_str(&text),
                    None => texts.push(text.to_string()),
                }
            }
            Token::TagToken(tag) => {
                *self.tags.borrow_mut() += 1;
                self.texts.borrow_mut().push(String::new());
                self.values
                    .borrow_mut()
                    .extend(tag.attrs.iter().map(|attribute| attribute.value.to_string()));
                if tag.kind == TagKind::StartTag && &*tag.name == "textarea" {
                    return TokenSinkResult::RawData(RawKind::Rcdata);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn tokenize(page: &str) -> Seen {
    let tokenizer = Tokenizer::new(Seen::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

fn render(parts: &[&str], slots: Vec<Slot>) -> String {
    let tree = Tree {
        root: Slot::Node(0),
        nodes: vec![Node { template: 1, slots }],
        templates: vec![NewTemplate {
            id: 1,
            statics: parts.iter().map(|part| (*part).to_owned()).collect(),
        }],
        ..Tree::default()
    };
    let mut templates = Templates::new(Arc::new(Interner::new(Policy::default())));
    html(tree, &mut templates, &Limits::default()).unwrap().0
}

#[test]
fn a_hostile_value_stays_in_its_slot_as_a_browser_reads_it() {
    for template in [
        "@",
        "<p>@</p>",
        "<p title=\"@\"></p>",
        "<p title='@'>@</p>",
        "<p class=\"a @ b\" title=\"@@\" >@</p>",
        "<input value=\"@\" disabled>@",
        "<input value=\"@\"/>",
        "<textarea>@</textarea>",
        "<textarea rows=\"1\">a @ b</textarea><b>@</b>",
        "<a href=\"/x?y=@#@\">@</a>",
        "<a href=\"@/x\"></a>",
        "<a href=\"mailto:@\"></a>",
        "<!-- note --><i>@</i>",
        "<svg viewBox=\"0 0 1 1\"><path d=\"@\"/></svg>",
        "<button phx-click=\"@\" data-x='@' aria-label=\"@\">@</button>",
        "<table><tbody><tr><td>@</td><td>@</td></tr></tbody></table>",
        "<select><option value=\"@\">@</option></select>",
    ] {
        let parts: Vec<&str> = template.split('@').collect();
        // A relative URL: the hostile text must not be taken for a scheme.
        let marked = |slot: usize| format!("/{slot}{HOSTILE}{slot}/");
        let page = render(&parts, (0..parts.len() - 1).map(|slot| Slot::Text(marked(slot))).collect());
        let empty = render(&parts, (0..parts.len() - 1).map(|_| Slot::Empty).collect());
        let seen = tokenize(&page);
        assert_eq!(*seen.tags.borrow(), *tokenize(&empty).tags.borrow(), "{template}: no tag more or less");
        let all: Vec<String> =
            seen.texts.borrow().iter().chain(seen.values.borrow().iter()).cloned().collect();
        for slot in 0..parts.len() - 1 {
            let found = all.iter().filter(|text| text.contains(&marked(slot))).count();
            assert_eq!(found, 1, "{template}: slot {slot} in {all:?}");
        }
    }
}

#[test]
fn attributes_in_a_slot_are_the_attributes_that_a_browser_reads() {
    let page = render(
        &["<input", " value=\"x\"", ">"],
        vec![Slot::Markup(" disabled class=\"a b\"".to_owned()), Slot::Markup(" data-y=\"1\"".to_owned())],
    );
    assert_eq!(page, "<input disabled class=\"a b\" value=\"x\" data-y=\"1\">");
    assert_eq!(*tokenize(&page).values.borrow(), ["", "a b", "x", "1"]);
}

#[test]
fn no_value_is_a_command_that_sets_what_markup_may_not_say() {
    let command = |name: &str| format!(r#"[["set_attr",{{"attr":["{name}","x"]}}]]"#);
    let values = |parts: &[&str], slots: &[&str]| {
        let slots = slots.iter().map(|text| Slot::Text((*text).to_owned())).collect();
        tokenize(&render(parts, slots)).values.into_inner()
    };
    let whole = ["<p title=\"", "\"></p>"];
    for harmless in [&command("hidden"), "[draft]", "[", "[1,[2]]"] {
        assert_eq!(values(&whole, &[harmless]), [harmless]);
    }
    for name in ["phx-hook", "PHX-HOOK", "onclick", "data-phx-hook"] {
        let command = command(name);
        assert_eq!(values(&whole, &[&command]), [format!(" {command}")]);
        let (begin, end) = command.split_at(7);
        assert_eq!(values(&["<p title=\"", "", "\"></p>"], &[begin, end]), [format!(" {command}")]);
        assert_eq!(values(&["<p title=\"", "", "\"></p>"], &["", &command]), [format!(" {command}")]);
        assert_eq!(values(&["<a href=\"", "\"></a>"], &[&command]), ["about:invalid#blocked-scheme"]);
    }
}
