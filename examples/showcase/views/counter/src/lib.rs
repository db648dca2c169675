//! A counter in about twenty lines.
