//! What is wrong with a page that a browser shows all the same: each fails the step that rendered it.

use std::collections::BTreeMap;

use scraper::ElementRef;

use crate::document::{Document, place, start_tag};
use crate::error::{Code, Problem};

/// Every binding of the client, without its `phx-`, a line each: what templates are checked by as well. `ignore-missing-id` is
/// read by tests alone: LiveViewTest leaves such a form alone, and so does this.
const BINDINGS: &str = include_str!("../../../guest-sdk/bindings.txt");

/// Fails with every fault of the page.
pub(crate) fn check(document: &Document) -> Result<(), Problem> {
    let mut faults = duplicate_ids(document);
    faults.extend(portals_without_target(document));
    for element in document.elements() {
        faults.extend(form_without_id(element));
        faults.extend(unknown_bindings(element));
        faults.extend(hook_without_id(element));
        faults.extend(stream_container(element));
    }
    if faults.is_empty() {
        return Ok(());
    }
    let faults: Vec<String> = faults.iter().map(|fault| format!("  {fault}")).collect();
    Err(Problem::new(Code::Faults, "the page has faults:").and(&faults.join("\n")).and(&document.shown()))
}

fn duplicate_ids(document: &Document) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for element in document.elements() {
        if let Some(id) = element.attr("id") {
            let parent = element.parent().and_then(ElementRef::wrap);
            let around = parent.map_or_else(String::new, |parent| format!(" in {}", place(parent)));
            places.entry(id).or_default().push(format!("{}{around}", start_tag(element)));
        }
    }
    places
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(id, places)| {
            format!("duplicate id: {} elements have the id `{id}`: {}", places.len(), places.join(", "))
        })
        .collect()
}

/// The client restores what was typed by the form's id.
fn form_without_id(element: ElementRef<'_>) -> Option<String> {
    let has_events = ["phx-change", "phx-submit"].iter().any(|name| element.attr(name).is_some());
    let has_id = element.attr("id").is_some_and(|id| !id.is_empty())
        || element.attr("phx-ignore-missing-id").is_some();
    (element.value().name() == "form" && has_events && !has_id).then(|| {
        format!(
            "a form without id: {} in {}: what is typed into it is lost when the connection is; give it an id",
            start_tag(element),
            place(element)
        )
    })
}

/// The client knows hooks by their elements' ids.
fn hook_without_id(element: ElementRef<'_>) -> Option<String> {
    let is_without = element.attr("phx-hook").is_some() && element.attr("id").is_none_or(str::is_empty);
    is_without.then(|| {
        format!(
            "a hook without id: {} in {}: it is never mounted; give it an id",
            start_tag(element),
            place(element)
        )
    })
}

fn unknown_bindings(element: ElementRef<'_>) -> Vec<String> {
    let unknown = element.value().attrs().filter_map(|(name, _)| {
        let binding = name.strip_prefix("phx-")?;
        (!BINDINGS.lines().any(|known| known == binding) && !binding.starts_with("value-"))
            .then_some((name, binding))
    });
    unknown
        .map(|(name, binding)| {
            let alike = |known: &&str| strsim::damerau_levenshtein(known, binding);
            let near = BINDINGS.lines().min_by_key(alike).filter(|known| alike(known) <= 3);
            let hint = near.map_or_else(String::new, |near| format!(": did you mean `phx-{near}`?"));
            format!("an unknown binding: `{name}` on {} in {}{hint}", start_tag(element), place(element))
        })
        .collect()
}

/// The client leaves rows alone only by the container's id, and finds each by its own.
fn stream_container(element: ElementRef<'_>) -> Vec<String> {
    if element.attr("phx-update") != Some("stream") {
        return Vec::new();
    }
    let mut faults = Vec::new();
    if element.attr("id").is_none_or(str::is_empty) {
        faults.push(format!("a stream's container without id: {} in {}", start_tag(element), place(element)));
    }
    for row in element.child_elements().filter(|row| row.attr("id").is_none_or(str::is_empty)) {
        faults.push(format!(
            "a child of a stream's container without id, which the client removes: {} in {}",
            start_tag(row),
            place(element)
        ));
    }
    faults
}

/// The client stops where it finds none, and the page with it.
fn portals_without_target(document: &Document) -> impl Iterator<Item = String> {
    let lost = document.portals().filter(|(_, target)| !document.has_target(target));
    lost.map(|(portal, target)| {
        format!(
            "a portal whose target `{target}` is not in the page: {} in {}: lead it to `body`, or to an element of the layout",
            start_tag(portal),
            place(portal)
        )
    })
}

#[cfg(test)]
mod tests;
