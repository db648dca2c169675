//! Bindings of the client: what is wrong with them the browser says nothing of, or only its log does.

use crate::ast::{Attribute, Element, Value};
use crate::diagnostic::{self, Problems};

/// Every binding of the client, without its `phx-`, a line each.
const BINDINGS: &str = include_str!("../../../../bindings.txt");

/// Bindings that `phx-key` filters.
const KEYS: [&str; 4] = ["phx-keydown", "phx-keyup", "phx-window-keydown", "phx-window-keyup"];

/// Names and values that have no meaning to the client, wherever they stand.
pub(super) fn attribute(Attribute { name, value }: &Attribute, problems: &mut Problems) {
    let Some(binding) = name.text.strip_prefix("phx-") else { return };
    if !BINDINGS.lines().any(|known| known == binding) && !binding.starts_with("value-") {
        problems.add(diagnostic::unknown_binding(name, nearest(binding)));
    }
    let Value::Literal(text) = value else { return };
    let is_number = !text.value.is_empty() && text.value.bytes().all(|byte| byte.is_ascii_digit());
    match (binding, text.value.as_str()) {
        ("update", "stream" | "ignore" | "replace") => {}
        ("update", other) => problems.add(diagnostic::unknown_update(text.span, other)),
        ("debounce", "" | "blur") | ("throttle", "") => {}
        ("debounce" | "throttle", _) if !is_number => problems.add(diagnostic::not_a_time(name, text.span)),
        _ => {}
    }
}

/// What an element needs beside its bindings. Attributes that are passed on may be it.
pub(super) fn element(element: &Element, problems: &mut Problems) {
    if element.spread.is_some() {
        return;
    }
    let has = |name: &str| element.attribute(name).is_some();
    if !has("id") {
        let ignores = element
            .attribute("phx-update")
            .filter(|update| matches!(&update.value, Value::Literal(text) if text.value == "ignore"));
        let by_id = ["phx-viewport-top", "phx-viewport-bottom"].map(|name| element.attribute(name));
        if let Some(binding) = ignores.or(by_id.into_iter().flatten().next()) {
            problems.add(diagnostic::binding_without_id(&binding.name, &element.name));
        }
    }
    if let Some(key) = element.attribute("phx-key").filter(|_| !KEYS.into_iter().any(has)) {
        problems.add(diagnostic::key_without_binding(&key.name));
    }
}

/// The binding closest to a misspelt one, if any is close.
fn nearest(binding: &str) -> Option<&'static str> {
    BINDINGS
        .lines()
        .map(|known| (strsim::damerau_levenshtein(binding, known), known))
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
