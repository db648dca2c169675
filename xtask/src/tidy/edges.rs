//! Which crate may use which: the direction of data, made real.

use serde_json::Value;

/// A crate, the crates of ours that it may use, and others that it may not.
struct Rule {
    package: &'static str,
    ours: &'static [&'static str],
    never: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule { package: "hothouse-wire", ours: &[], never: &["tokio", "axum", "wasmtime"] },
    Rule { package: "hothouse-diff", ours: &[], never: &["tokio", "axum", "wasmtime"] },
    Rule { package: "hothouse-merge", ours: &[], never: &["tokio", "axum", "wasmtime"] },
    Rule { package: "hothouse-services", ours: &[], never: &["axum", "wasmtime"] },
    Rule {
        package: "hothouse-runtime",
        ours: &["hothouse-diff", "hothouse-merge", "hothouse-services"],
        never: &["axum"],
    },
    Rule {
        package: "hothouse",
        ours: &["hothouse-wire", "hothouse-diff", "hothouse-services", "hothouse-runtime"],
        never: &["wasmtime", "wit-bindgen"],
    },
    Rule {
        package: "embed",
        ours: &["hothouse", "hothouse-test", "hothouse-test-client"],
        never: &["wasmtime"],
    },
    Rule { package: "assistant", ours: &["assistant", "hothouse-test"], never: &["wasmtime"] },
    Rule { package: "board", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "chat", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "languages", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "library", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "metrics", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "report", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "sections", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "showcase", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "todo", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "wizard", ours: &["hothouse-test"], never: &["wasmtime"] },
    Rule { package: "hothouse-sdk", ours: &["hothouse-sdk-macros"], never: &["tokio", "wasmtime"] },
    Rule { package: "hothouse-sdk-macros", ours: &[], never: &["tokio", "wasmtime"] },
    Rule { package: "hothouse-test-client", ours: &[], never: &["wasmtime"] },
    Rule {
        package: "hothouse-limits-tests",
        ours: &["hothouse-protocol-tests", "hothouse-test-client"],
        never: &["wasmtime"],
    },
    Rule {
        package: "hothouse-protocol-tests",
        ours: &["hothouse", "hothouse-test-client"],
        never: &["wasmtime"],
    },
    // An app's tests: the server as it is served, and a client that shares no code with it.
    Rule {
        package: "hothouse-test",
        ours: &["hothouse", "hothouse-test", "hothouse-test-client"],
        never: &["wasmtime"],
    },
    Rule {
        package: "hothouse-fuzz",
        ours: &[
            "hothouse",
            "hothouse-diff",
            "hothouse-merge",
            "hothouse-sdk",
            "hothouse-wire",
            "hothouse-test-client",
            "hothouse-protocol-tests",
        ],
        never: &["wasmtime"],
    },
];

pub(crate) fn check(metadata: &Value) -> Vec<String> {
    RULES.iter().flat_map(|rule| check_rule(rule, metadata)).collect()
}

fn check_rule(rule: &Rule, metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(package) = packages.iter().find(|package| package["name"] == rule.package) else {
        return vec![format!(
            "{}: the crate is gone; take its rule out of xtask/src/tidy/edges.rs",
            rule.package
        )];
    };
    let is_ours =
        |name: &str| packages.iter().any(|package| package["name"] == name && package["source"].is_null());
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    dependencies
        .iter()
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|name| rule.never.contains(name) || (is_ours(name) && !rule.ours.contains(name)))
        .map(|name| format!("{} depends on {name}, which it must not know", rule.package))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Rule, check_rule};

    fn problems(dependencies: serde_json::Value) -> Vec<String> {
        let rule = Rule { package: "wire", ours: &["ids"], never: &["tokio"] };
        let metadata = json!({ "packages": [
            { "name": "wire", "source": null, "dependencies": dependencies },
            { "name": "ids", "source": null }, { "name": "server", "source": null },
            { "name": "serde", "source": "registry" },
        ]});
        check_rule(&rule, &metadata)
    }

    #[test]
    fn an_edge_that_is_not_allowed_is_named() {
        assert!(problems(json!([{ "name": "ids" }, { "name": "serde" }])).is_empty());
        assert_eq!(
            problems(json!([{ "name": "server" }])),
            ["wire depends on server, which it must not know"]
        );
        assert_eq!(problems(json!([{ "name": "tokio" }])).len(), 1);
    }
}
