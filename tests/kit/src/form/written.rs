//! A form written down as the client does: pairs in the order of the page, with marks at what nobody has touched.

use std::collections::BTreeSet;

use ego_tree::NodeId;

use super::controls::Control;

/// What a form sends natively: the pairs of its successful controls.
pub(crate) fn pairs(controls: &[Control], submitter: Option<NodeId>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for control in controls.iter().filter(|control| !control.name.is_empty() && !control.is_disabled) {
        let name = || control.name.clone();
        match control.button_value() {
            Some(value) if submitter == Some(control.node) => pairs.push((name(), value.to_owned())),
            _ => pairs.extend(control.sends().into_iter().map(|value| (name(), value))),
        }
    }
    pairs
}

pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// What an event carries: the pairs, those of one name if only that has changed, and before each of a field that was
/// never used an empty one which says so.
pub(crate) fn value(
    controls: &[Control],
    submitter: Option<NodeId>,
    only: Option<&str>,
    used: &BTreeSet<String>,
    has_marks: bool,
) -> String {
    let submitter_name =
        controls.iter().find(|control| Some(control.node) == submitter).map(|control| &control.name);
    let mut written = Vec::new();
    for (name, value) in pairs(controls, submitter) {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let mut named = controls.iter().filter(|control| control.name == name);
        let is_used = used.contains(&name) || named.clone().any(|control| control.is_never_unused);
        let is_hidden = named.all(Control::is_hidden);
        if has_marks && !is_used && !is_hidden && submitter_name != Some(&name) {
            written.push((unused(&name), String::new()));
        }
        written.push((name, value));
    }
    encode(&written)
}

/// `user[name]` is `user[_unused_name]`, `tags[]` is `_unused_tags[]`.
fn unused(name: &str) -> String {
    let (base, array) = match name.strip_suffix("[]") {
        Some(base) => (base, "[]"),
        None => (name, ""),
    };
    let inner = base.strip_suffix(']').unwrap_or(base);
    let start = inner.rfind(['[', ']']).map_or(0, |at| at + 1);
    let (before, last) = base.split_at(start);
    format!("{before}_unused_{last}{array}")
}

#[cfg(test)]
mod tests {
    use super::unused;

    #[test]
    fn fields_are_marked_as_the_client_does() {
        for (name, marked) in [
            ("name", "_unused_name"),
            ("user[name]", "user[_unused_name]"),
            ("tags[]", "_unused_tags[]"),
            ("user[tags][]", "user[_unused_tags][]"),
            ("users[0][name]", "users[0][_unused_name]"),
        ] {
            assert_eq!(unused(name), marked);
        }
    }
}
