//! Rendered tree to smallest update.
