//! Macros of the Hothouse SDK for Rust.
