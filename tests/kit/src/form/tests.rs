//! Written down.
