//! Rendered tree to smallest update.
mod rendered;
pub use rendered::{Each, NewTemplate, Node, Row, Slot, Tree};
