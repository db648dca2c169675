//! What a form's inputs show.

use super::path::joined;
use super::state::FormState;
use super::tree::{Node, ROW_ID};

/// One field of a form: what its input is called and shows, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    id: String,
    name: String,
    values: Vec<String>,
    errors: Vec<String>,
}

impl Field {
    /// The id for its input, such as `user_email`. In rows it stays the same wherever a row moves.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name for its input, such as `user[email]` or `order[lines][0][item]`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text that it has, empty if none.
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// What is chosen of several.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether this is its value, or one of them: `checked={field.has("red")}`.
    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|chosen| chosen == value)
    }

    /// What is wrong with it, as long as it is to be shown: somebody has used it, or the form was submitted.
    pub fn errors(&self) -> &[String] {
        &self.errors
    }
}

/// One row of a list in a form: inputs of its own.
#[derive(Debug, Clone, Copy)]
pub struct FormRow<'f> {
    form: &'f FormState,
    /// Its list, such as `lines`.
    list: &'f str,
    index: usize,
    /// Of a list within a row.
    outer: Option<&'f FormRow<'f>>,
}

impl<'f> FormRow<'f> {
    /// One field of the row.
    pub fn field(&self, path: &str) -> Field {
        field(self.form, &joined(&self.path(), path), format!("{}_{}", self.id(), id_of(path)))
    }

    /// The rows of a list within the row.
    pub fn rows(&'f self, list: &'f str) -> Vec<FormRow<'f>> {
        rows(self.form, list, Some(self))
    }

    /// Its place in the list, from zero.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What tells it apart, wherever it moves: the key of a `for`, and the beginning of its inputs' ids.
    pub fn id(&self) -> String {
        format!("{}_{}", self.list_id(), self.number())
    }

    /// The number behind [`id`](Self::id), which the form sends back in an input called [`id_name`](Self::id_name).
    pub fn number(&self) -> &str {
        self.form.tree.at(&joined(&self.path(), ROW_ID)).map_or("", Node::text)
    }

    /// The name of the hidden input with the row's number.
    pub fn id_name(&self) -> String {
        self.name(ROW_ID)
    }

    /// The name of inputs with the indices of rows in their order. Any other word is a new row.
    pub fn sort_name(&self) -> String {
        self.beside_list("_sort[]")
    }

    /// The name of inputs with the indices of rows that are to go.
    pub fn drop_name(&self) -> String {
        self.beside_list("_drop[]")
    }

    /// The same as [`sort_name`](Self::sort_name) of a list within the row, which may have no rows yet.
    pub fn sort_name_of(&self, list: &str) -> String {
        self.name(&format!("{list}_sort[]"))
    }

    /// The same as [`drop_name`](Self::drop_name) of a list within the row, which may have no rows yet.
    pub fn drop_name_of(&self, list: &str) -> String {
        self.name(&format!("{list}_drop[]"))
    }

    /// The name of a parameter that stands where its list does.
    fn beside_list(&self, suffix: &str) -> String {
        let parameter = format!("{}{suffix}", self.list);
        self.outer.map_or_else(|| joined(&self.form.name, &parameter), |outer| outer.name(&parameter))
    }

    fn name(&self, path: &str) -> String {
        joined(&self.form.name, &joined(&self.path(), path))
    }

    fn list_id(&self) -> String {
        let outer = self.outer.map_or_else(|| self.form.id().to_owned(), FormRow::id);
        format!("{outer}_{}", id_of(self.list))
    }

    fn list_path(&self) -> String {
        list_path(self.list, self.outer)
    }

    fn path(&self) -> String {
        format!("{}[{}]", self.list_path(), self.index)
    }
}

pub(super) fn field(form: &FormState, path: &str, id: String) -> Field {
    let values = match form.tree.at(path) {
        None | Some(Node::Map(_)) => Vec::new(),
        Some(Node::Text(text)) => vec![text.clone()],
        Some(Node::List(nodes)) => nodes.iter().map(|node| node.text().to_owned()).collect(),
    };
    Field { id, name: joined(&form.name, path), values, errors: form.errors_of(path) }
}

pub(super) fn rows<'f>(
    form: &'f FormState,
    list: &'f str,
    outer: Option<&'f FormRow<'f>>,
) -> Vec<FormRow<'f>> {
    let count = match form.tree.at(&list_path(list, outer)) {
        Some(Node::List(rows)) => rows.len(),
        _ => 0,
    };
    (0..count).map(|index| FormRow { form, list, index, outer }).collect()
}

fn list_path(list: &str, outer: Option<&FormRow<'_>>) -> String {
    outer.map_or_else(|| list.to_owned(), |outer| joined(&outer.path(), list))
}

/// A path as part of an id.
pub(crate) fn id_of(path: &str) -> String {
    path.replace('[', "_").replace(']', "")
}
