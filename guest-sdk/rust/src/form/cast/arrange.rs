//! Rows that are sorted, added and dropped by the parameters of a form.

use crate::form::tree::{Node, numbered};

/// Rows in the order that `sort` gives, each by its number, without those that `drop` names. A number or word that no row
/// has is a new row; rows that are not named come first. As Ecto does it (`cast_assoc`, `sort_param`, `drop_param`).
pub(super) fn arranged(rows: Node, sort: Option<Node>, drop: Option<Node>) -> Node {
    let mut rows = match rows {
        Node::Map(members) => numbered(members),
        Node::List(rows) => (0..).zip(rows).collect(),
        Node::Text(_) => Default::default(),
    };
    let texts = |parameter: Option<Node>| {
        parameter.map(|mut parameter| std::mem::take(parameter.elements())).unwrap_or_default()
    };
    let drop = texts(drop);
    for dropped in &drop {
        if let Ok(number) = dropped.text().parse() {
            rows.remove(&number);
        }
    }
    let sorted: Vec<Node> = texts(sort)
        .iter()
        .filter(|position| !drop.contains(position))
        .map(|position| {
            let known = position.text().parse().ok().and_then(|number| rows.remove(&number));
            known.unwrap_or_else(Node::empty)
        })
        .collect();
    Node::List(rows.into_values().chain(sorted).collect())
}
