//! Where something stands in a form: `email`, `lines[0][name]`.

use std::fmt::{self, Write as _};

/// A path that is walked along.
#[derive(Default)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Goes in, and answers what [`pop`](Self::pop) needs to go out again.
    pub(super) fn push(&mut self, segment: impl fmt::Display) -> usize {
        let outer = self.0.len();
        // Writing to a string does not fail.
        let _ = if outer == 0 { write!(self.0, "{segment}") } else { write!(self.0, "[{segment}]") };
        outer
    }

    pub(super) fn pop(&mut self, outer: usize) {
        self.0.truncate(outer);
    }
}

/// A path of garde's, `lines[0].name`, as one of a form.
pub(super) fn of_report(path: &str) -> String {
    let mut out = Path::default();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            out.push(name);
        }
        for index in indices.split(['[', ']']).filter(|index| !index.is_empty()) {
            out.push(index);
        }
    }
    out.0
}

/// A path of a form within another one: the name of an input.
pub(super) fn joined(outer: &str, path: &str) -> String {
    if outer.is_empty() || path.is_empty() {
        return format!("{outer}{path}");
    }
    let (first, rest) = path.split_at(path.find('[').unwrap_or(path.len()));
    format!("{outer}[{first}]{rest}")
}
