//! Generated from `wit/`: the contract with the host as Rust types and functions.
//!
//! Public only because the code that `export!` writes into a view's crate refers to it.

wit_bindgen::generate!({
    path: "../../wit",
    world: "live-view",
    pub_export_macro: true,
    export_macro_name: "export_view",
    default_bindings_module: "hothouse_sdk::bindings",
    additional_derives: [PartialEq],
});
