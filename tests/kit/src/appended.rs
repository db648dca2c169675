//! Text that the view appends to elements without rendering them: what the page's script does.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::Document;

/// Of one page, since its view has joined.
#[derive(Debug, Default)]
pub(crate) struct Appended {
    /// Came with a diff that is about to be shown.
    coming: Vec<Piece>,
    /// By the ids of elements.
    known: BTreeMap<String, Text>,
}

#[derive(Debug)]
struct Piece {
    to: String,
    text: String,
    replace: bool,
}

#[derive(Debug)]
struct Text {
    /// What the element was rendered with.
    rendered: String,
    /// What came after.
    more: String,
}

impl Appended {
    /// Takes an event that is for the script; whether it was one.
    pub(crate) fn hear(&mut self, name: &str, payload: &Value) -> bool {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if name == "hothouse:append" {
            let replace = payload.get("replace").and_then(Value::as_bool).unwrap_or_default();
            self.coming.push(Piece { to: text("to"), text: text("text"), replace });
        }
        name == "hothouse:append"
    }

    /// Whether the page changes by it, rendered anew or not.
    pub(crate) fn is_coming(&self) -> bool {
        !self.coming.is_empty()
    }

    /// Puts it into the page as it was rendered. What an element was rendered with anew takes the place of all.
    pub(crate) fn show(&mut self, document: &mut Document) {
        self.known.retain(|id, known| document.only_text(id).is_some_and(|text| text == known.rendered));
        for Piece { to, text, replace } in self.coming.drain(..) {
            let Some(rendered) = document.only_text(&to) else { continue };
            let known = self.known.entry(to).or_insert_with(|| Text { rendered, more: String::new() });
            if replace {
                known.more.clear();
            }
            known.more.push_str(&text);
        }
        for (id, known) in &self.known {
            document.append_text(id, &known.more);
        }
    }
}
