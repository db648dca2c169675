//! A page as elements: what selectors find in it, and what they nearly find.

use std::collections::BTreeSet;

use ego_tree::NodeId;
use html5ever::{LocalName, QualName, ns};
use scraper::{ElementRef, Html, Node, Selector};

use crate::commands::Change;
use crate::error::{Code, Problem};

mod portals;
mod print;

pub(crate) use print::start_tag;

/// Elements that a message lists; what is beyond is counted.
const LISTED: usize = 8;
/// How alike a name must be to be taken for a slip of the pen.
const ALIKE: f64 = 0.7;

/// A parsed page.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    html: Html,
}

impl Document {
    pub(crate) fn parse(text: &str) -> Self {
        Self { html: Html::parse_document(text) }
    }

    /// Every element, in order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.html.tree.nodes().filter_map(ElementRef::wrap)
    }

    /// The element of a node that was found before the page changed, if it is still there.
    pub(crate) fn element(&self, node: NodeId) -> Option<ElementRef<'_>> {
        self.html.tree.get(node).and_then(ElementRef::wrap)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<ElementRef<'_>> {
        self.elements().find(|element| element.attr("id") == Some(id))
    }

    /// Every element that a selector finds, and in which this text stands.
    pub(crate) fn all(&self, selector: &str, text: Option<&str>) -> Result<Vec<ElementRef<'_>>, Problem> {
        let parsed = Selector::parse(selector).map_err(|error| {
            Problem::new(Code::Selector, format!("`{selector}` is no CSS selector: {error}"))
        })?;
        let found = self.html.select(&parsed);
        Ok(found.filter(|element| text.is_none_or(|text| has_text(*element, text))).collect())
    }

    /// The one element that a selector finds, and in which this text stands.
    pub(crate) fn one(&self, selector: &str, text: Option<&str>) -> Result<ElementRef<'_>, Problem> {
        match self.all(selector, text)?.as_slice() {
            [element] => Ok(*element),
            [] => Err(self.missing(selector, text)?),
            several => Err(Problem::new(
                Code::Ambiguous,
                format!("{} elements are {}, and it must be one:", several.len(), sought(selector, text)),
            )
            .and(&list(several))
            .and(&self.shown())),
        }
    }

    /// That nothing is what was looked for, with what comes near.
    pub(crate) fn missing(&self, selector: &str, text: Option<&str>) -> Result<Problem, Problem> {
        let problem = Problem::new(Code::Missing, format!("nothing is {}", sought(selector, text)));
        let same_selector = if text.is_some() { self.all(selector, None)? } else { Vec::new() };
        let near = if let [_, ..] = same_selector.as_slice() {
            format!("`{selector}` finds, with other text:\n{}", list(&same_selector))
        } else {
            let elsewhere: Vec<_> = text.map(|text| self.innermost_with(text)).unwrap_or_default();
            let names = self.alike(selector);
            match (elsewhere.as_slice(), names.as_slice()) {
                ([], []) => String::new(),
                ([], names) => format!("did you mean {}?", names.join(", ")),
                (elements, _) => format!("the text stands elsewhere:\n{}", list(elements)),
            }
        };
        Ok(problem.and(&near).and(&self.shown()))
    }

    /// That something is there which must not be.
    pub(crate) fn unexpected(&self, selector: &str, text: Option<&str>, found: &[ElementRef<'_>]) -> Problem {
        Problem::new(Code::Assertion, format!("nothing was to be {}:", sought(selector, text)))
            .and(&list(found))
            .and(&self.shown())
    }

    /// Elements in which the text stands, and in none of their children.
    fn innermost_with(&self, text: &str) -> Vec<ElementRef<'_>> {
        let is_shown =
            |element: &ElementRef<'_>| !matches!(element.value().name(), "script" | "style" | "title");
        self.elements()
            .filter(is_shown)
            .filter(|element| has_text(*element, text))
            .filter(|element| !element.child_elements().any(|child| has_text(child, text)))
            .collect()
    }

    /// Ids and classes of the page that look like those of a selector.
    fn alike(&self, selector: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        for element in self.elements() {
            names.extend(element.attr("id").map(|id| format!("#{id}")));
            names.extend(element.value().classes().map(|class| format!(".{class}")));
        }
        let is_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
        let wanted = selector.match_indices(['#', '.']).map(|(at, mark)| {
            let name = selector.get(at + 1..).unwrap_or_default();
            let end = name.find(|character| !is_name(character)).unwrap_or(name.len());
            format!("{mark}{}", name.get(..end).unwrap_or_default())
        });
        let wanted: Vec<String> = wanted.collect();
        let mut near: Vec<(f64, String)> = names
            .into_iter()
            .filter(|name| !wanted.contains(name))
            .filter_map(|name| {
                let alike = |wanted: &String| strsim::normalized_damerau_levenshtein(wanted, &name);
                let best = wanted.iter().map(alike).fold(0.0, f64::max);
                (best >= ALIKE).then_some((best, format!("`{name}`")))
            })
            .collect();
        near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }

    /// Puts the children of streams' containers in the order in which the client has them: it adds a row before whatever is
    /// no row, wherever that stands in the template.
    pub(crate) fn order_streams(&mut self, rows: &BTreeSet<&str>) {
        let is_row = |element: &ElementRef<'_>| element.attr("id").is_some_and(|id| rows.contains(id));
        let containers = self.elements().filter(|element| element.attr("phx-update") == Some("stream"));
        let others: Vec<(NodeId, NodeId)> = containers
            .filter(|container| container.child_elements().any(|child| is_row(&child)))
            .flat_map(|container| {
                let others = container.child_elements().filter(|child| !is_row(child));
                others.map(move |child| (container.id(), child.id())).collect::<Vec<_>>()
            })
            .collect();
        for (container, child) in &others {
            if let Some(mut container) = self.html.tree.get_mut(*container) {
                container.append_id(*child);
            }
        }
        if !others.is_empty() {
            self.parse_again();
        }
    }

    /// Does to the page what commands of the client say.
    pub(crate) fn change<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        let mut is_changed = false;
        for change in changes {
            let found = self.all(change.place(), None).unwrap_or_default();
            let Some(element) = found.first() else { continue };
            let (node, (name, value)) = (element.id(), change.attribute(*element));
            let Some(mut node) = self.html.tree.get_mut(node) else { continue };
            let Node::Element(element) = node.value() else { continue };
            let name = QualName::new(None, ns!(), LocalName::from(name));
            match value {
                Some(value) => drop(element.attrs.insert(name, value.as_str().into())),
                None => drop(element.attrs.shift_remove(&name)),
            }
            is_changed = true;
        }
        if is_changed {
            self.parse_again();
        }
    }

    /// The text of the element with this id, if there is nothing else in it.
    pub(crate) fn only_text(&self, id: &str) -> Option<String> {
        let element = self.by_id(id).filter(|element| element.child_elements().next().is_none())?;
        Some(element.text().collect())
    }

    /// Adds text to the end of the element with this id.
    pub(crate) fn append_text(&mut self, id: &str, text: &str) {
        let node = self.by_id(id).map(|element| element.id());
        if let Some(mut node) = node.and_then(|node| self.html.tree.get_mut(node)) {
            node.append(Node::Text(scraper::node::Text { text: text.into() }));
        }
    }

    /// Elements remember their ids, their classes and their places among all others as they were parsed.
    fn parse_again(&mut self) {
        *self = Self::parse(&self.html.html());
    }

    /// The page for people: its body, indented, shortened.
    pub(crate) fn shown(&self) -> String {
        print::page(&self.html)
    }
}

/// What is looked for, in words.
pub(crate) fn sought(selector: &str, text: Option<&str>) -> String {
    match text {
        Some(text) => format!("`{selector}` with the text {text:?}"),
        None => format!("`{selector}`"),
    }
}

/// The text of an element as a person reads it: white space is one space.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn has_text(element: ElementRef<'_>, text: &str) -> bool {
    let wanted = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text_of(element).contains(&wanted)
}

/// The closest of an element and those around it for which this holds.
pub(crate) fn closest<'a>(
    element: ElementRef<'a>,
    holds: impl Fn(ElementRef<'a>) -> bool,
) -> Option<ElementRef<'a>> {
    let around = element.ancestors().filter_map(ElementRef::wrap);
    std::iter::once(element).chain(around).find(|element| holds(*element))
}

/// Where an element is: its names, from the closest element that has an id.
pub(crate) fn place(element: ElementRef<'_>) -> String {
    let mut names = Vec::new();
    for element in std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)) {
        let name = element.value().name();
        if let Some(id) = element.attr("id") {
            names.push(format!("{name}#{id}"));
            break;
        }
        let before = element.prev_siblings().filter_map(ElementRef::wrap);
        let number = before.filter(|other| other.value().name() == name).count() + 1;
        names.push(if number > 1 { format!("{name}:nth-of-type({number})") } else { name.to_owned() });
        if name == "body" {
            break;
        }
    }
    names.reverse();
    names.join(" > ")
}

/// Elements, one a line, with where they are.
pub(crate) fn list(elements: &[ElementRef<'_>]) -> String {
    let mut lines: Vec<String> = elements
        .iter()
        .take(LISTED)
        .map(|element| {
            format!(
                "  {}{}   in {}",
                start_tag(*element),
                print::shortened(&text_of(*element)),
                place(*element)
            )
        })
        .collect();
    if elements.len() > LISTED {
        lines.push(format!("  and {} more", elements.len() - LISTED));
    }
    lines.join("\n")
}

/// Whether a node is an element of this name.
pub(crate) fn is_element(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|element| element.name() == name)
}

#[cfg(test)]
mod tests;
