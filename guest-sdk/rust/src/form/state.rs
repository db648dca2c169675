//! What a form keeps, whatever its fields mean.

use serde::{Deserialize, Serialize};

use super::cast::Errors;
use super::tree::Node;

/// A form without its type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FormState {
    /// What the names of its inputs begin with; empty for none.
    pub(super) name: String,
    /// What it shows.
    pub(super) tree: Node,
    /// What it began with.
    pub(super) first: Node,
    /// What is wrong, by path, whether it is shown or not. The empty path is the form as a whole.
    pub(super) errors: Errors,
    /// Somebody has tried to submit it: all errors are shown.
    pub(super) is_submitted: bool,
    /// For a row that comes in.
    pub(super) next_row: u32,
}

impl FormState {
    pub(super) fn new(name: &str, mut first: Node) -> Self {
        let mut next_row = 0;
        first.number_rows(&mut next_row);
        Self {
            name: name.to_owned(),
            tree: first.clone(),
            first,
            errors: Errors::new(),
            is_submitted: false,
            next_row,
        }
    }

    pub(super) fn id(&self) -> &str {
        if self.name.is_empty() { "form" } else { &self.name }
    }

    /// Takes what was typed, and what is wrong with it.
    pub(super) fn take(&mut self, mut tree: Node, errors: Errors) {
        tree.number_rows(&mut self.next_row);
        self.tree = tree;
        self.errors = errors;
    }

    pub(super) fn errors_of(&self, path: &str) -> Vec<String> {
        if self.errors.is_empty() || !(self.is_submitted || self.tree.is_used(path)) {
            return Vec::new();
        }
        self.errors.iter().filter(|(at, _)| at == path).map(|(_, message)| message.clone()).collect()
    }
}
