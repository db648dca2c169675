//! Sandboxed live views: wasmtime, limits and every host function.
