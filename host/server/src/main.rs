//! The `hothouse` binary.
fn main() {}
