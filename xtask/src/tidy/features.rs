//! wasmtime's features as they are resolved: what the execution model needs, and nothing of what it forbids.

use serde_json::Value;

const REQUIRED: &[&str] = &["runtime", "std", "component-model", "cranelift", "parallel-compilation"];
const FORBIDDEN: &[&str] = &[
    "default",
    "component-model-async",
    "winch",
    "gc",
    "gc-copying",
    "gc-drc",
    "gc-null",
    "cache",
    "threads",
    "stack-switching",
    "pooling-allocator",
];

pub(crate) fn check(metadata: &Value) -> Vec<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found: Vec<&Value> = nodes.iter().filter(|node| is_wasmtime(&node["id"])).collect();
    let [node] = found.as_slice() else {
        return vec![format!("wasmtime is resolved {} times, not once", found.len())];
    };
    let features: Vec<&str> =
        node["features"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let missing = REQUIRED.iter().filter(|feature| !features.contains(feature));
    let surplus = FORBIDDEN.iter().filter(|feature| features.contains(feature));
    missing
        .map(|feature| format!("wasmtime is built without `{feature}`"))
        .chain(surplus.map(|feature| format!("wasmtime is built with `{feature}`, which is to stay out")))
        .collect()
}

fn is_wasmtime(id: &Value) -> bool {
    id.as_str().is_some_and(|id| id.contains("#wasmtime@"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{REQUIRED, check};

    fn problems(features: Vec<&str>) -> Vec<String> {
        let id = "registry+x#wasmtime@48.0.8";
        check(&json!({ "resolve": { "nodes": [{ "id": id, "features": features }] } }))
    }

    #[test]
    fn missing_and_forbidden_features_are_named() {
        assert!(problems(REQUIRED.to_vec()).is_empty());
        assert_eq!(problems(REQUIRED[1..].to_vec()), ["wasmtime is built without `runtime`"]);
        let with_winch: Vec<&str> = REQUIRED.iter().copied().chain(["winch"]).collect();
        assert_eq!(problems(with_winch), ["wasmtime is built with `winch`, which is to stay out"]);
    }
}
