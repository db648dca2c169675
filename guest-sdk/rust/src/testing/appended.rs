//! Text that was appended to elements of the page, as a browser keeps it.

use std::collections::BTreeMap;

use super::page::escape;
use crate::bindings::hothouse::live::types::{Effect, TextAppend};

/// By the ids of elements.
#[derive(Debug, Default)]
pub(super) struct Appended(BTreeMap<String, Text>);

#[derive(Debug)]
struct Text {
    /// What the element was rendered with, as it stands in the page.
    rendered: String,
    /// What came after, the same.
    more: String,
}

impl Appended {
    /// Forgets what was appended to elements that the page now shows with other text.
    pub(super) fn settle(&mut self, html: &str) {
        self.0.retain(|id, text| text_of(html, id).is_some_and(|(_, rendered)| rendered == text.rendered));
    }

    /// Takes what a callback has appended, once the page shows what was rendered after it.
    pub(super) fn take(&mut self, effects: &[Effect], html: &str) {
        for effect in effects {
            let Effect::AppendText(TextAppend { element, text, replace }) = effect else { continue };
            let Some((_, rendered)) = text_of(html, element) else { continue };
            let known = self.0.entry(element.clone());
            let known = known.or_insert_with(|| Text { rendered: rendered.to_owned(), more: String::new() });
            if *replace {
                known.more.clear();
            }
            known.more.push_str(&escape(text));
        }
    }

    /// The page with what was appended.
    pub(super) fn show(&self, mut html: String) -> String {
        for (id, text) in &self.0 {
            if let Some((end, _)) = text_of(&html, id) {
                html.insert_str(end, &text.more);
            }
        }
        html
    }
}

/// The text of the element with an id, which has nothing else in it, and where it ends.
fn text_of<'a>(html: &'a str, id: &str) -> Option<(usize, &'a str)> {
    let tag = html.find(&format!(" id=\"{}\"", escape(id)))?;
    let start = tag + html.get(tag..)?.find('>')? + 1;
    let end = start + html.get(start..)?.find('<')?;
    html.get(end..)?.starts_with("</").then_some((end, html.get(start..end)?))
}
