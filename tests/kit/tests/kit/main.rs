//! The kit on real apps: what it does, and what it says when something is wrong.
//! Needs `cargo xtask build-components` and `cargo xtask build-examples`.

mod clicking;

/// The folder of an example.
fn example(name: &str) -> String {
    format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}
