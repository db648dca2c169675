//! Random documents of HTML and random edits: merging what is sent gives the cleaned document, byte for byte; no diff
//! is larger than a full render, and for the same document nothing is sent.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use hothouse_diff::{Document, Extras, Held, Interner, Limits, Policy, Scope, Templates, compute, html};
use proptest::prelude::*;

mod client;

use client::Client;

/// An element, or text.
#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Element(&'static str, Vec<(&'static str, String)>, Vec<Piece>),
    /// What is written so.
    Raw(&'static str),
}

const NAMES: [&str; 16] = [
    "div", "p", "ul", "li", "table", "tbody", "tr", "td", "span", "b", "form", "svg", "select", "option",
    "textarea", "desc",
];

const RAW: [&str; 15] = [
    "<br>",
    "<input checked value=\"x\">",
    "<!-- a note -->",
    "<p>",
    "</div>",
    "<script>1 < 2</script>",
    "&amp;",
    "&",
    " \n ",
    "<!DOCTYPE html>",
    "<path d='M0'/>",
    "<i onclick=\"x\">",
    "\r\n",
    "<a href='javascript:x'>",
    "<",
];

fn piece() -> impl Strategy<Value = Piece> {
    let text = || "[a-c<&\" é\n]{0,4}";
    let leaf = prop_oneof![
        4 => "[a-c \n]{0,3}".prop_map(Piece::Text),
        1 => prop::sample::select(&RAW[..]).prop_map(Piece::Raw),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let attributes = prop::collection::vec(
            (prop::sample::select(&["id", "class", "data-key", "href", "phx-click"][..]), text()),
            0..3,
        );
        let name = prop::sample::select(&NAMES[..]);
        (name, attributes, prop::collection::vec(inner, 0..6))
            .prop_map(|(name, attributes, content)| Piece::Element(name, attributes, content))
    })
}

fn write(pieces: &[Piece], out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Raw(raw) => out.push_str(raw),
            Piece::Element(name, attributes, content) => {
                out.push_str(&format!("<{name}"));
                for (name, value) in attributes {
                    out.push_str(&format!(" {name}='{}'", value.replace('\'', "")));
                }
                out.push('>');
                write(content, out);
                out.push_str(&format!("</{name}>"));
            }
        }
    }
}

/// A change of a document at some place: pieces go, come, move or are written again.
#[derive(Debug, Clone)]
enum Edit {
    Remove,
    Insert(Piece),
    Swap,
    Repeat,
}

fn edit() -> impl Strategy<Value = (Vec<prop::sample::Index>, Edit)> {
    let what = prop_oneof![
        1 => Just(Edit::Remove),
        3 => piece().prop_map(Edit::Insert),
        1 => Just(Edit::Swap),
        2 => Just(Edit::Repeat),
    ];
    (prop::collection::vec(any::<prop::sample::Index>(), 1..5), what)
}

fn apply(pieces: &mut Vec<Piece>, path: &[prop::sample::Index], edit: &Edit) {
    let Some((first, rest)) = path.split_first() else { return };
    let place = first.index(pieces.len() + 1);
    if !rest.is_empty()
        && let Some(Piece::Element(_, _, content)) = pieces.get_mut(place)
    {
        return apply(content, rest, edit);
    }
    match edit {
        Edit::Insert(piece) => pieces.insert(place, piece.clone()),
        _ if place >= pieces.len() => {}
        Edit::Remove => drop(pieces.remove(place)),
        Edit::Swap => pieces.swap(0, place),
        Edit::Repeat => (0..4).for_each(|_| pieces.insert(place, pieces[place].clone())),
    }
}

/// An instance, and the browser that holds its page.
struct Page {
    templates: Templates,
    policy: Policy,
    held: Held,
    client: Client,
}

impl Page {
    fn new(policy: Policy) -> Self {
        let templates = Templates::new(Arc::new(Interner::new(policy.clone())));
        Self { templates, policy, held: Held::default(), client: Client::default() }
    }

    fn check(&mut self, document: &str) -> Result<(), TestCaseError> {
        let limits = Limits::default();
        let document = || Document::Html(document.to_owned());
        let update =
            compute(document(), &mut self.templates, &mut self.held, Scope::Changes, &limits).unwrap();
        let diff = update.to_json(&Extras::default());
        prop_assert!(diff.len() <= update.used().bytes + 2, "counted {} of {diff}", update.used().bytes);
        self.client.apply(serde_json::from_str(&diff).unwrap());

        let new = || Templates::new(Arc::new(Interner::new(self.policy.clone())));
        let (page, _) = html(document(), &mut new(), &limits).unwrap();
        prop_assert_eq!(self.client.html(), page, "after {}", diff);
        let full = compute(document(), &mut new(), &mut Held::default(), Scope::Everything, &limits).unwrap();
        let full = full.to_json(&Extras::default());
        prop_assert!(diff.len() <= full.len(), "{} and whole {}", diff, full);

        let again =
            compute(document(), &mut self.templates, &mut self.held, Scope::Everything, &limits).unwrap();
        prop_assert!(again.is_empty(), "{}", again.to_json(&Extras::default()));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn merging_what_is_sent_gives_the_cleaned_document(
        first in prop::collection::vec(piece(), 0..6),
        edits in prop::collection::vec(edit(), 1..8),
        raw_markup in any::<bool>(),
    ) {
        let mut page = Page::new(Policy { raw_markup, ..Policy::default() });
        let mut pieces = first;
        for (path, edit) in &edits {
            let mut document = String::new();
            write(&pieces, &mut document);
            page.check(&document)?;
            apply(&mut pieces, path, edit);
        }
    }

    #[test]
    fn what_has_no_form_is_merged_as_well(documents in prop::collection::vec("[<>/a-b\"'= !&;\n\r-]{0,40}", 1..5)) {
        let mut page = Page::new(Policy::default());
        for document in &documents {
            page.check(document)?;
        }
    }
}
