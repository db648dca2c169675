//! Write Hothouse views in Rust.
