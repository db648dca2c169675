//! A page for people: indented, without what nobody reads, and never longer than a screen or two.

use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node};

use super::is_element;

/// Lines of a page that are shown.
const MAX_LINES: usize = 80;
/// Characters of a text, and of an attribute's value.
const MAX_TEXT: usize = 100;
/// Characters up to which an element with its text stands on one line.
const MAX_WIDTH: usize = 110;

/// What the client alone reads.
const LEFT_OUT: &[&str] = &["data-phx-session", "data-phx-static"];

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// The body, or what there is instead of one.
pub(super) fn page(html: &Html) -> String {
    let mut printer = Printer::default();
    let body = html.tree.nodes().find(|node| is_element(node.value(), "body"));
    body.unwrap_or_else(|| html.tree.root()).children().for_each(|node| printer.node(node, 1));
    let left_out = printer.lines.len().saturating_sub(MAX_LINES);
    printer.lines.truncate(MAX_LINES);
    if left_out > 0 {
        printer.lines.push(format!("  … {left_out} more lines"));
    }
    if printer.lines.is_empty() {
        return "the page is empty".to_owned();
    }
    format!("the page:\n{}", printer.lines.join("\n"))
}

#[derive(Default)]
struct Printer {
    lines: Vec<String>,
}

impl Printer {
    fn node(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        let indent = "  ".repeat(depth);
        if let Node::Text(text) = node.value() {
            let text = words(text);
            if !text.is_empty() {
                self.lines.push(format!("{indent}{}", shortened(&text)));
            }
            return;
        }
        let Some(element) = ElementRef::wrap(node) else { return };
        let name = element.value().name();
        if matches!(name, "script" | "style" | "link" | "noscript") {
            return;
        }
        let tag = start_tag(element);
        // What a drawing is made of says nothing.
        if VOID.contains(&name) || name == "svg" {
            self.lines.push(format!("{indent}{tag}"));
            return;
        }
        if element.child_elements().next().is_none() {
            let text = shortened(&words(&element.text().collect::<String>()));
            let line = format!("{indent}{tag}{text}</{name}>");
            if line.chars().count() <= MAX_WIDTH {
                self.lines.push(line);
                return;
            }
        }
        self.lines.push(format!("{indent}{tag}"));
        element.children().for_each(|child| self.node(child, depth + 1));
        self.lines.push(format!("{indent}</{name}>"));
    }
}

/// An element's start tag, without what the client alone reads.
pub(crate) fn start_tag(element: ElementRef<'_>) -> String {
    let mut tag = format!("<{}", element.value().name());
    for (name, value) in element.value().attrs().filter(|(name, _)| !LEFT_OUT.contains(name)) {
        if value.is_empty() {
            tag.push_str(&format!(" {name}"));
        } else {
            tag.push_str(&format!(" {name}=\"{}\"", shortened(value)));
        }
    }
    tag + ">"
}

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
