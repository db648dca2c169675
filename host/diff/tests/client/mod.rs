//! The client's tree, merged and shown as the protocol's description says, on JSON values. It shares nothing with the
//! encoder.

use serde_json::{Map, Value};

/// The client's tree, merged and shown as the protocol's description says.
#[derive(Default)]
pub(crate) struct Client(Map<String, Value>);

impl Client {
    pub(crate) fn apply(&mut self, diff: Value) {
        let Value::Object(mut diff) = diff else { panic!("{diff}") };
        let shared = diff.remove("p");
        if diff.contains_key("s") {
            self.0 = diff;
        } else {
            merge(&mut self.0, diff);
        }
        resolve(&mut self.0, &shared.unwrap_or(Value::Null));
    }

    pub(crate) fn html(&self) -> String {
        let mut out = String::new();
        show(&self.0, &mut out);
        out
    }
}

fn merge(node: &mut Map<String, Value>, mut diff: Map<String, Value>) {
    if let Some(Value::Object(mut rows)) = diff.remove("k") {
        let count = rows.remove("kc").unwrap();
        let moves = rows.remove("km").is_some();
        let held = node.get_mut("k").unwrap().as_object_mut().unwrap();
        let old = held.clone();
        let mut moved = false;
        for (index, entry) in rows {
            let row = match entry {
                Value::Number(from) => {
                    moved = true;
                    old[&from.to_string()].clone()
                }
                Value::Array(pair) => {
                    moved = true;
                    let mut row = old[&pair[0].to_string()].as_object().unwrap().clone();
                    merge(&mut row, pair[1].as_object().unwrap().clone());
                    Value::Object(row)
                }
                Value::Object(changes) => {
                    let mut row = held.get(&index).and_then(Value::as_object).cloned().unwrap_or_default();
                    merge(&mut row, changes);
                    Value::Object(row)
                }
                other => panic!("{other}"),
            };
            held.insert(index, row);
        }
        assert_eq!(moved, moves, "`km` is there when rows move, and not else");
        held.retain(|index, _| index.parse::<u64>().is_ok_and(|index| index < count.as_u64().unwrap()));
        held.insert("kc".to_owned(), count);
        assert!(diff.is_empty(), "{diff:?}");
        return;
    }
    for (key, value) in diff {
        match (value, node.get_mut(&key)) {
            (Value::Object(value), Some(Value::Object(held))) if !value.contains_key("s") => {
                merge(held, value)
            }
            (value, _) => {
                node.insert(key, value);
            }
        }
    }
}

fn resolve(node: &mut Map<String, Value>, shared: &Value) {
    if let Some(Value::Number(number)) = node.get("s") {
        let statics = shared[number.to_string()].clone();
        assert!(statics.is_array(), "shared statics {number} are in the message");
        node.insert("s".to_owned(), statics);
    }
    for value in node.values_mut() {
        if let Value::Object(inner) = value {
            resolve(inner, shared);
        }
    }
}

fn show(node: &Map<String, Value>, out: &mut String) {
    let parts: Vec<&str> = node["s"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
    let rows = match node.get("k") {
        Some(rows) => (0..rows["kc"].as_u64().unwrap())
            .map(|index| rows[index.to_string()].as_object().unwrap())
            .collect(),
        None => vec![node],
    };
    for row in rows {
        for (index, part) in parts.iter().enumerate() {
            out.push_str(part);
            match row.get(&index.to_string()) {
                Some(Value::String(text)) => out.push_str(text),
                Some(Value::Object(inner)) => show(inner, out),
                None if index + 1 == parts.len() => {}
                other => panic!("slot {index} is {other:?}"),
            }
        }
    }
}
