//! A view whose event handler traps.
