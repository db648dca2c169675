//! The client's tree: merging and rendering as the protocol's description has it (4.9), on plain JSON values.
//!
//! Strict where the real client would throw or print nonsense. Magic ids and skipping are left out: they never change
//! the HTML that a page ends with.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a host sent that a client cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError(pub String);

impl std::fmt::Display for MergeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for MergeError {}

type Merged<T> = Result<T, MergeError>;
type Object = Map<String, Value>;
/// Shared statics of the message that is rendered.
type Templates = BTreeMap<usize, Vec<String>>;

/// The rendered tree of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    root: Object,
    /// Title, events and reply of the last message.
    extras: Object,
}

impl Tree {
    /// The tree of a join reply.
    ///
    /// # Errors
    /// When it is not complete.
    pub fn from_rendered(rendered: Value) -> Merged<Self> {
        let mut tree = Self { root: Object::new(), extras: Object::new() };
        if rendered.get("s").is_none() {
            return Err(MergeError("the join's tree has no statics".to_owned()));
        }
        tree.apply(rendered)?;
        Ok(tree)
    }

    /// Merges a diff.
    ///
    /// # Errors
    /// When a client could not take it; the tree is not to be used after that.
    pub fn apply(&mut self, diff: Value) -> Merged<()> {
        let Value::Object(mut diff) = diff else {
            return Err(MergeError(format!("a diff that is no object: {diff}")));
        };
        self.extras = ["t", "e", "r"]
            .into_iter()
            .filter_map(|key| diff.remove(key).map(|value| (key.to_owned(), value)))
            .collect();
        if diff.contains_key("c") {
            return Err(MergeError("components are not expected yet".to_owned()));
        }
        if diff.is_empty() {
            return Ok(());
        }
        if diff.contains_key("s") {
            self.root = diff;
        } else {
            merge(&mut self.root, diff)?;
        }
        resolve(&mut self.root, &Templates::new())
    }

    /// The title, events (`e`) and reply (`r`) of the last message.
    pub fn extra(&self, key: &str) -> Option<&Value> {
        self.extras.get(key)
    }

    /// The HTML of the whole tree.
    ///
    /// # Errors
    /// When a place holds what is not text.
    pub fn html(&self) -> Merged<String> {
        let mut out = String::new();
        push_node(&self.root, &mut out)?;
        Ok(out)
    }
}

fn merge(node: &mut Object, diff: Object) -> Merged<()> {
    if diff.contains_key("k") {
        return merge_keyed(node, diff);
    }
    for (key, value) in diff {
        match (value, node.get_mut(&key)) {
            (Value::Object(value), Some(Value::Object(former))) if !value.contains_key("s") => {
                merge(former, value)?
            }
            (Value::Object(value), _) if !value.contains_key("s") && key != "p" => {
                return Err(MergeError(format!("slot {key} becomes a node without statics: {value:?}")));
            }
            (value, _) => {
                node.insert(key, value);
            }
        }
    }
    Ok(())
}

fn merge_keyed(node: &mut Object, mut diff: Object) -> Merged<()> {
    let Some(Value::Object(mut rows)) = diff.remove("k") else {
        return Err(MergeError("`k` is no object".to_owned()));
    };
    let count = rows
        .remove("kc")
        .and_then(|count| count.as_u64())
        .ok_or_else(|| MergeError("`k` without `kc`".to_owned()))?;
    let moves = rows.remove("km");
    let Some(Value::Object(held)) = node.get_mut("k") else {
        return Err(MergeError("`k` without statics where no list is held".to_owned()));
    };
    let former = held.clone();
    let mut has_moves = false;
    let mut indexed: Vec<(usize, Value)> = rows
        .into_iter()
        .map(|(index, row)| {
            index.parse().map(|index| (index, row)).map_err(|_| MergeError(format!("row `{index}`")))
        })
        .collect::<Merged<_>>()?;
    indexed.sort_by_key(|(index, _)| *index);
    let moved = |from: &Value| -> Merged<Object> {
        match from.as_u64().and_then(|from| former.get(&from.to_string())) {
            Some(Value::Object(row)) => Ok(row.clone()),
            _ => Err(MergeError(format!("a row moves from {from}, where there is none"))),
        }
    };
    for (index, row) in indexed {
        let row = match row {
            Value::Number(_) => {
                has_moves = true;
                moved(&row)?
            }
            Value::Array(pair) => {
                has_moves = true;
                let [from, Value::Object(changes)] = pair.as_slice() else {
                    return Err(MergeError(format!("row {index} is {pair:?}")));
                };
                let mut row = moved(from)?;
                merge(&mut row, changes.clone())?;
                row
            }
            Value::Object(changes) => {
                let mut row = match held.get(&index.to_string()) {
                    Some(Value::Object(row)) => row.clone(),
                    _ => Object::new(),
                };
                if row.is_empty() {
                    row = changes;
                } else {
                    merge(&mut row, changes)?;
                }
                row
            }
            other => return Err(MergeError(format!("row {index} is {other}"))),
        };
        held.insert(index.to_string(), Value::Object(row));
    }
    if has_moves != (moves == Some(Value::Bool(true))) {
        return Err(MergeError(format!("`km` is {moves:?}, rows that move: {has_moves}")));
    }
    held.retain(|index, _| index.parse::<u64>().is_ok_and(|index| index < count));
    if u64::try_from(held.len()) != Ok(count) {
        return Err(MergeError(format!("`kc` is {count}, there are {} rows", held.len())));
    }
    held.insert("kc".to_owned(), Value::from(count));
    for (key, value) in diff {
        node.insert(key, value);
    }
    Ok(())
}

/// Replaces references to shared statics by the statics, as a client does when it renders. `p` lives for one message.
fn resolve(node: &mut Object, outer: &Templates) -> Merged<()> {
    let own = match node.remove("p") {
        Some(Value::Object(shared)) => Some(
            shared
                .into_iter()
                .map(|(number, parts)| {
                    let number = number.parse().map_err(|_| MergeError(format!("template `{number}`")))?;
                    Ok((number, strings(&parts)?))
                })
                .collect::<Merged<Templates>>()?,
        ),
        Some(other) => return Err(MergeError(format!("`p` is {other}"))),
        None => None,
    };
    let templates = own.as_ref().unwrap_or(outer);
    if let Some(Value::Number(number)) = node.get("s") {
        let parts = number
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .and_then(|number| templates.get(&number))
            .ok_or_else(|| MergeError(format!("statics {number} are not in this message")))?;
        node.insert("s".to_owned(), parts.iter().map(String::as_str).collect());
    }
    for (key, value) in node.iter_mut() {
        match value {
            Value::Object(rows) if key == "k" => {
                for row in rows.values_mut() {
                    if let Value::Object(row) = row {
                        for value in row.values_mut() {
                            if let Value::Object(inner) = value {
                                resolve(inner, templates)?;
                            }
                        }
                    }
                }
            }
            Value::Object(inner) => resolve(inner, templates)?,
            _ => {}
        }
    }
    Ok(())
}

fn push_node(node: &Object, out: &mut String) -> Merged<()> {
    let parts =
        strings(node.get("s").ok_or_else(|| MergeError(format!("a node without statics: {node:?}")))?)?;
    let Some(rows) = node.get("k") else { return weave(&parts, node, out) };
    let count =
        rows.get("kc").and_then(Value::as_u64).ok_or_else(|| MergeError("a list without `kc`".to_owned()))?;
    for index in 0..count {
        match rows.get(index.to_string()) {
            Some(Value::Object(row)) => weave(&parts, row, out)?,
            other => return Err(MergeError(format!("row {index} is {other:?}"))),
        }
    }
    Ok(())
}

fn weave(parts: &[String], slots: &Object, out: &mut String) -> Merged<()> {
    for (index, part) in parts.iter().enumerate() {
        out.push_str(part);
        if index + 1 == parts.len() {
            break;
        }
        match slots.get(&index.to_string()) {
            Some(Value::String(html)) => out.push_str(html),
            Some(Value::Object(node)) => push_node(node, out)?,
            other => return Err(MergeError(format!("slot {index} is {other:?}"))),
        }
    }
    Ok(())
}

fn strings(value: &Value) -> Merged<Vec<String>> {
    value
        .as_array()
        .and_then(|parts| parts.iter().map(|part| part.as_str().map(str::to_owned)).collect())
        .ok_or_else(|| MergeError(format!("statics are {value}")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Tree;

    #[track_caller]
    fn check(diffs: &[Value], expected: &str) {
        let list = json!({"0": {"s": ["<li>", "</li>"], "k": {"0": {"0": "ann"}, "1": {"0": "bob"}, "2": {"0": "cy"}, "kc": 3}}, "s": ["", ""]});
        let mut tree = Tree::from_rendered(list).unwrap();
        for diff in diffs {
            tree.apply(json!({ "0": diff })).unwrap();
        }
        assert_eq!(tree.html().unwrap().replace("<li>", "").replace("</li>", " ").trim(), expected);
    }

    #[test]
    fn rows_are_merged_as_the_description_has_it() {
        check(&[json!({"k": {"1": {"0": "BOB"}, "kc": 3}})], "ann BOB cy");
        check(&[json!({"k": {"3": {"0": "dee"}, "kc": 4}})], "ann bob cy dee");
        check(&[json!({"k": {"kc": 2}})], "ann bob");
        check(&[json!({"k": {"0": 1, "1": 2, "kc": 2, "km": true}})], "bob cy");
        check(&[json!({"k": {"0": 1, "1": 0, "kc": 3, "km": true}})], "bob ann cy");
        check(
            &[json!({"k": {"0": {"0": "new"}, "1": 0, "2": 1, "3": 2, "kc": 4, "km": true}})],
            "new ann bob cy",
        );
        check(&[json!({"k": {"0": [2, {"0": "CY"}], "1": 0, "2": 1, "kc": 3, "km": true}})], "CY ann bob");
        check(&[json!({"k": {"kc": 0}}), json!({"k": {"0": {"0": "x"}, "kc": 1}})], "x");
    }

    #[test]
    fn the_worked_sequence_of_a_conditional_and_shared_statics() {
        let mut tree = Tree::from_rendered(json!({
            "0": "Tasks", "2": "",
            "1": {"s": 0, "k": {"0": {"0": "1", "1": "buy"}, "1": {"0": "2", "1": "sell"}, "kc": 2}},
            "s": 1, "p": {"0": ["<li id=\"t", "\">", "</li>"], "1": ["<h1>", "</h1><ul>", "</ul>", ""]},
        }))
        .unwrap();
        let list = "<li id=\"t1\">buy</li><li id=\"t2\">sell</li>";
        assert_eq!(tree.html().unwrap(), format!("<h1>Tasks</h1><ul>{list}</ul>"));
        tree.apply(json!({"2": {"0": "2 open", "r": 1, "s": ["<p>", "</p>"]}})).unwrap();
        tree.apply(json!({"2": {"0": "1 open"}})).unwrap();
        assert_eq!(tree.html().unwrap(), format!("<h1>Tasks</h1><ul>{list}</ul><p>1 open</p>"));
        tree.apply(json!({"2": ""})).unwrap();
        assert_eq!(tree.html().unwrap(), format!("<h1>Tasks</h1><ul>{list}</ul>"));
    }

    #[test]
    fn what_a_client_could_not_take_is_an_error() {
        let tree = || {
            Tree::from_rendered(
                json!({"0": {"s": ["a", "b"], "k": {"0": {"0": "x"}, "kc": 1}}, "1": "", "s": ["", "", ""]}),
            )
            .unwrap()
        };
        for diff in [
            json!({"0": {"k": {"0": {"0": "y"}}}}),
            json!({"0": {"k": {"0": 0, "kc": 1}}}),
            json!({"0": {"k": {"0": {"0": "y"}, "kc": 1, "km": true}}}),
            json!({"0": {"k": {"kc": 2}}}),
            json!({"1": {"0": "no statics"}}),
            json!({"1": {"s": 3}}),
        ] {
            assert!(tree().apply(diff.clone()).is_err(), "{diff}");
        }
        let mut with_null = tree();
        with_null.apply(json!({"1": null})).unwrap();
        assert!(with_null.html().is_err());
    }
}
