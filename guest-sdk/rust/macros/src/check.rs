//! Rules that a well-formed template can still break.

use std::collections::BTreeSet;

use proc_macro2::Span;

use crate::ast::{Attribute, Component, Element, For, If, Name, Node, Value};
use crate::diagnostic::{self, Problems};
use crate::elements;

mod bindings;

/// Checks a whole template.
pub(crate) fn template(nodes: &[Node], problems: &mut Problems) {
    let mut ids = Ids { seen: BTreeSet::new(), in_loop: false };
    check_nodes(nodes, &mut ids, problems);
}

/// Literal ids on the way to the current place.
#[derive(Clone)]
struct Ids {
    seen: BTreeSet<String>,
    in_loop: bool,
}

fn check_nodes(nodes: &[Node], ids: &mut Ids, problems: &mut Problems) {
    for node in nodes {
        match node {
            Node::Element(element) => check_element(element, ids, problems),
            Node::Component(component) => check_component(component, ids, problems),
            Node::Entry(entry) => problems.add(diagnostic::entry_outside(&entry.name)),
            Node::Text(_) | Node::Slot(_) | Node::Raw(_) | Node::RenderSlot(_) => {}
            Node::If(If { branches, otherwise }) => {
                let bodies = branches.iter().map(|(_, body)| body).chain(otherwise);
                check_alternatives(bodies, ids, problems);
            }
            Node::Match(choice) => {
                check_alternatives(choice.arms.iter().map(|arm| &arm.children), ids, problems);
            }
            Node::For(each) => {
                let mut row = ids.clone();
                row.in_loop = true;
                check_nodes(&each.children, &mut row, problems);
            }
        }
    }
}

/// Only one of the bodies is shown, so they may use the same ids.
fn check_alternatives<'a>(
    bodies: impl Iterator<Item = &'a Vec<Node>>,
    ids: &mut Ids,
    problems: &mut Problems,
) {
    let before = ids.clone();
    for body in bodies {
        let mut branch = before.clone();
        check_nodes(body, &mut branch, problems);
        ids.seen.append(&mut branch.seen);
    }
}

fn check_element(element: &Element, ids: &mut Ids, problems: &mut Problems) {
    let name = &element.name;
    if !name.text.contains('-') && !elements::is_known(&name.text) {
        problems.add(diagnostic::unknown_element(name, elements::nearest(&name.text)));
    }
    check_attributes(&element.attributes, ids, problems);
    bindings::element(element, problems);
    if element.is_stream() {
        check_stream(element, problems);
    }
    if let Some(Attribute { name: hook, .. }) = element.attribute("phx-hook") {
        // What is spread may have one.
        if element.spread.is_none() && element.attribute("id").is_none() {
            problems.add(diagnostic::hook_without_id(name, hook));
        }
    }
    if elements::is_raw_text(&name.text) {
        check_raw_text(element, problems);
    } else if elements::is_text_only(&name.text) {
        check_text_only(element, problems);
    } else {
        check_nodes(&element.children, ids, problems);
    }
}

fn check_component(component: &Component, ids: &mut Ids, problems: &mut Problems) {
    if component.is_live {
        check_live(component, problems);
        // Its id tells it from others of its type, and is of no element.
        check_attributes(&component.attributes, &mut Ids { seen: BTreeSet::new(), in_loop: false }, problems);
    } else {
        check_attributes(&component.attributes, ids, problems);
    }
    check_nodes(&component.children, ids, problems);
    for entry in &component.entries {
        if entry.name.text == "children" && !component.children.is_empty() {
            problems.add(diagnostic::mixed_content(entry.name.span, &component.name));
        }
        if !is_word(&entry.name.text) {
            problems.add(diagnostic::not_a_prop(entry.name.span, &entry.name.text));
        }
        for attribute in &entry.attributes {
            if !is_word(&attribute.name.text) {
                problems.add(diagnostic::not_a_prop(attribute.name.span, &attribute.name.text));
            }
        }
        check_attributes(&entry.attributes, ids, problems);
        // With an argument it is likely to be shown for each of many rows.
        let mut inside = ids.clone();
        inside.in_loop |= entry.pattern.is_some();
        check_nodes(&entry.children, &mut inside, problems);
        ids.seen.append(&mut inside.seen);
    }
}

/// What a live component is given is kept by it: an id, values, and content that is markup.
fn check_live(component: &Component, problems: &mut Problems) {
    let id = component.attributes.iter().find(|attribute| attribute.name.text == "id");
    if !id.is_some_and(|id| matches!(id.value, Value::Literal(_) | Value::Slot(_))) {
        problems.add(diagnostic::live_without_id(&component.name));
    }
    if let Some(spread) = &component.spread {
        problems.add(diagnostic::live_with_spread(spread, &component.name));
    }
    for attribute in component.attributes.iter().filter(|attribute| !is_word(&attribute.name.text)) {
        problems.add(diagnostic::not_a_prop(attribute.name.span, &attribute.name.text));
    }
    let with_argument =
        component.pattern.iter().chain(component.entries.iter().filter_map(|it| it.pattern.as_ref()));
    for pattern in with_argument {
        problems.add(diagnostic::live_with_argument(pattern, &component.name));
    }
    for attribute in component.entries.iter().flat_map(|entry| &entry.attributes) {
        problems.add(diagnostic::live_entry_with_attribute(&attribute.name));
    }
}

fn is_word(name: &str) -> bool {
    !name.contains(['-', ':', '.'])
}

fn check_attributes(attributes: &[Attribute], ids: &mut Ids, problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for attribute in attributes {
        bindings::attribute(attribute, problems);
        let Attribute { name, value } = attribute;
        let lower = name.text.to_ascii_lowercase();
        let is_for_templates =
            matches!(lower.as_str(), "data-phx-link" | "data-phx-link-state" | "data-phx-portal");
        if lower.starts_with("data-phx-") && !is_for_templates {
            problems.add(diagnostic::reserved_attribute(name));
        }
        match value {
            Value::Slot(_) | Value::Optional(_) if lower.starts_with("on") => {
                problems.add(diagnostic::handler_attribute(name));
            }
            Value::Slot(_) | Value::Optional(_) if lower == "srcdoc" => {
                problems.add(diagnostic::srcdoc_slot(name));
            }
            Value::Optional(_) if elements::is_boolean(&lower) => {
                problems.add(diagnostic::optional_flag(name));
            }
            Value::Literal(text) if lower == "id" => {
                if ids.in_loop {
                    problems.add(diagnostic::id_in_loop(text.span, &text.value));
                } else if !ids.seen.insert(text.value.clone()) {
                    problems.add(diagnostic::duplicate_id(text.span, &text.value));
                }
            }
            Value::Slot(_) | Value::Optional(_) | Value::Literal(_) | Value::Present => {}
        }
        if !names.insert(lower) {
            problems.add(diagnostic::duplicate_attribute(name));
        }
    }
}

/// What the client asks of an element whose children it keeps: they have ids, and those of a stream the ids that it
/// gives them.
fn check_stream(element: &Element, problems: &mut Problems) {
    if element.attribute("id").is_none() {
        problems.add(diagnostic::stream_without_id(&element.name));
    }
    for child in &element.children {
        match child {
            Node::For(each) => check_stream_row(each, problems),
            Node::Element(child) if child.attribute("id").is_none() => {
                problems.add(diagnostic::stream_child_without_id(&child.name));
            }
            Node::Text(text) => problems.add(diagnostic::text_in_stream(text.span)),
            Node::Element(_)
            | Node::Slot(_)
            | Node::Raw(_)
            | Node::RenderSlot(_)
            | Node::If(_)
            | Node::Match(_)
            | Node::Component(_)
            | Node::Entry(_) => {}
        }
    }
}

fn check_stream_row(For { pattern, iterable, key, children }: &For, problems: &mut Problems) {
    use syn::spanned::Spanned as _;
    if let Some(key) = key {
        problems.add(diagnostic::key_in_stream(key.span()));
    }
    let dom_id = match pattern {
        syn::Pat::Tuple(tuple) => match tuple.elems.first() {
            Some(syn::Pat::Ident(name)) if tuple.elems.len() == 2 => &name.ident,
            _ => return problems.add(diagnostic::stream_pattern(pattern.span())),
        },
        _ => return problems.add(diagnostic::stream_pattern(pattern.span())),
    };
    let [Node::Element(row)] = children.as_slice() else {
        return problems.add(diagnostic::stream_row(iterable.span(), dom_id));
    };
    // A boolean attribute, and one that may be missing, is a slot between attributes, in which the host cannot tell an
    // id.
    let before_slots = row.attributes.iter().take_while(|Attribute { name, value }| {
        !(matches!(value, Value::Optional(_))
            || matches!(value, Value::Slot(_)) && elements::is_boolean(&name.text))
    });
    let is_id = |attribute: &Attribute| match &attribute.value {
        Value::Slot(syn::Expr::Path(path)) => attribute.name.text == "id" && path.path.is_ident(dom_id),
        _ => false,
    };
    if !before_slots.into_iter().any(is_id) {
        problems.add(diagnostic::stream_row(row.name.span, dom_id));
    }
}

fn check_raw_text(element: &Element, problems: &mut Problems) {
    for child in &element.children {
        match child {
            Node::Text(text) if text.value.contains("</") => {
                problems.add(diagnostic::raw_text_ends_early(&element.name, text.span));
            }
            Node::Text(_) => {}
            other => problems.add(diagnostic::slot_in_raw_text(&element.name, place(other, &element.name))),
        }
    }
}

fn check_text_only(element: &Element, problems: &mut Problems) {
    for child in &element.children {
        if !matches!(child, Node::Text(_) | Node::Slot(_)) {
            problems.add(diagnostic::markup_in_text_element(&element.name, place(child, &element.name)));
        }
    }
}

/// Where to point for a child that may not stand in its element.
fn place(node: &Node, parent: &Name) -> Span {
    use syn::spanned::Spanned as _;
    match node {
        Node::Element(element) => element.name.span,
        Node::Text(text) => text.span,
        Node::Slot(expression) | Node::Raw(expression) => expression.span(),
        Node::RenderSlot(slot) => slot.slot.span(),
        Node::Component(component) => component.name.span,
        Node::Entry(entry) => entry.name.span,
        Node::If(If { branches, .. }) => {
            branches.first().map_or(parent.span, |(condition, _)| condition.span())
        }
        Node::Match(choice) => choice.scrutinee.span(),
        Node::For(each) => each.iterable.span(),
    }
}
