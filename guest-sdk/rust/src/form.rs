//! Forms: what people type, what it means, and what is wrong with it.
//!
//! ```
//! use garde::Validate;
//! use hothouse_sdk::form::{Form, Params};
//! use hothouse_sdk::prelude::*;
//! use serde::Deserialize;
//!
//! /// What the form is about.
//! #[derive(Debug, Deserialize, Validate)]
//! struct Visitor {
//!     #[garde(length(min = 1, max = 80))]
//!     name: String,
//!     #[garde(range(min = 18))]
//!     age: u8,
//! }
//!
//! struct SignUp {
//!     form: Assign<Form<Visitor>>,
//! }
//!
//! #[derive(Event)]
//! enum SignUpEvent {
//!     Validate(Params),
//!     Save(Params),
//! }
//!
//! impl LiveView for SignUp {
//!     type Event = SignUpEvent;
//!
//!     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
//!         Ok(Self { form: Form::new("visitor").into() })
//!     }
//!
//!     fn handle_event(&mut self, event: SignUpEvent, socket: &mut Socket) -> Result<()> {
//!         match event {
//!             SignUpEvent::Validate(params) => self.form.validate(&params),
//!             SignUpEvent::Save(params) => {
//!                 if let Some(visitor) = self.form.submit(&params) {
//!                     socket.put_flash("info", format!("Welcome, {}", visitor.name));
//!                 }
//!             }
//!         }
//!         Ok(())
//!     }
//!
//!     fn render(&self) -> Html {
//!         let age = self.form.field("age");
//!         html! {
//!             <form id="visitor" phx-change={SignUpEvent::VALIDATE} phx-submit={SignUpEvent::SAVE}>
//!                 <input name="visitor[name]" value={self.form.field("name").value()}>
//!                 <input name={age.name()} value={age.value()}>
//!                 for error in age.errors() { <p>"Age " {error}</p> }
//!                 <button>"Save"</button>
//!             </form>
//!         }
//!     }
//! }
//!
//! let mut form = Form::<Visitor>::new("visitor");
//! form.validate(&Params::new([("visitor[name]", "Ann"), ("visitor[age]", "12")]));
//! assert_eq!(form.field("age").errors(), ["must be 18 or more"]);
//! ```
//!
//! # Types
//!
//! The type of a form derives serde's `Deserialize` and garde's `Validate`, which an app depends on itself.
//! Texts, numbers, `bool`, `char`, enums of plain variants, `Option`, `Vec`, maps and structs of these are read, and every
//! type that reads itself from a text, such as dates. Names of fields are those of the struct.
//!
//! * All fields that cannot be read are told of at once, each in its place.
//! * A number or an enum that is not there `is required`; an `Option` that is empty is `None`; a `bool` that is not there is
//!   `false`, as of a checkbox that is not checked; a `Vec` that is not there is empty, as of a group of which nothing is
//!   chosen. An empty text is a text: `#[garde(length(min = 1))]` asks for more.
//! * A type that reads itself from a text and does not accept it leaves no value, and nothing is validated until it does. An
//!   `Option` of it, with `#[garde(required)]`, has no such pause while nothing is typed.
//! * A form has 200 rows at most, in all its lists together; more of them are left out.
//! * `#[serde(flatten)]`, `untagged` and tagged enums are not read, nor are names that serde or garde change.
//!
//! # What is shown
//!
//! A field's errors are shown once somebody has used it: the client marks those that nobody has (`_unused_`). After an
//! attempt to submit all are shown. What was typed is kept as it was typed, right or wrong.

mod cast;
mod email;
mod field;
mod params;
mod path;
mod state;
mod tree;
mod words;

use std::fmt;
use std::marker::PhantomData;

use garde::Validate;
use garde::i18n::with_i18n;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use cast::{Errors, cast};
pub(crate) use field::id_of;
use path::of_report;
use state::FormState;
use tree::Node;
use words::Lengths;

pub use email::{email_address, is_email};
pub use field::{Field, FormRow};
pub use params::{FromPayload, Params};
pub use words::{English, Words};

/// A form of which a view keeps what was typed: `form: Assign<Form<Visitor>>`. See [the module](self).
pub struct Form<T, W = English> {
    state: FormState,
    /// What it means, if it is right.
    value: Option<T>,
    words: PhantomData<W>,
}

impl<T> Form<T> {
    /// An empty form. The names of its inputs begin with `name`, and so do their ids; an empty name is none.
    pub fn new(name: &str) -> Self {
        Self { state: FormState::new(name, Node::empty()), value: None, words: PhantomData }
    }

    /// A form that begins with a value. What its fields cannot show is left out.
    pub fn of(name: &str, first: &T) -> Self
    where
        T: Serialize,
    {
        let first = serde_json::to_value(first).ok().and_then(Node::of).unwrap_or_else(Node::empty);
        Self { state: FormState::new(name, first), value: None, words: PhantomData }
    }

    /// The same form in another language.
    pub fn speaking<W: Words>(self) -> Form<T, W> {
        Form { state: self.state, value: self.value, words: PhantomData }
    }
}

impl<T: DeserializeOwned + Validate<Context = ()>, W: Words> Form<T, W> {
    /// Takes what has changed (`phx-change`). Rows are sorted, added and dropped as the parameters ask.
    pub fn validate(&mut self, params: &Params) {
        self.take(Node::read(&self.state.name, params.pairs()));
    }

    /// Takes what is submitted (`phx-submit`), and answers it if it is right. Otherwise all errors are shown.
    pub fn submit(&mut self, params: &Params) -> Option<T> {
        self.validate(params);
        self.state.is_submitted = true;
        self.value.take()
    }

    /// Goes back to what it began with, as if nobody had used it.
    pub fn reset(&mut self) {
        self.state = FormState::new(&self.state.name, self.state.first.clone());
        self.value = None;
    }

    /// Moves a row of a list, and all between. Rows that are not there stay where they are.
    pub fn move_row(&mut self, list: &str, from: usize, to: usize) {
        let mut tree = self.state.tree.clone();
        if let Some(rows) = tree.rows_mut(list).filter(|rows| from.max(to) < rows.len()) {
            let row = rows.remove(from);
            rows.insert(to, row);
            self.take(tree);
        }
    }

    fn take(&mut self, mut tree: Node) {
        let errors;
        (self.value, errors) = read::<T, W>(&mut tree);
        self.state.take(tree, errors);
    }
}

/// What was typed as a value, if it is right, and all that is wrong.
fn read<T: DeserializeOwned + Validate<Context = ()>, W: Words>(tree: &mut Node) -> (Option<T>, Errors) {
    let words = W::default();
    let (value, mut errors) = cast::<T, W>(tree, &words);
    let lengths = Lengths(&words);
    let validated = value.as_ref().map(|value| with_i18n(&lengths, || value.validate()));
    if let Some(Err(report)) = validated {
        let told = errors.len();
        for (path, error) in report.iter() {
            let path = of_report(&path.to_string());
            // What could not be read has a value that nobody has typed.
            if !errors.iter().take(told).any(|(at, _)| *at == path) {
                let is_list = matches!(tree.at(&path), Some(Node::List(_)));
                let message = lengths.words(error.message(), is_list).into_owned();
                errors.push((path, message));
            }
        }
    }
    (value.filter(|_| errors.is_empty()), errors)
}

impl<T, W> Form<T, W> {
    /// What was typed, if it is right.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// One field, by its path: `email`, `address[city]`.
    pub fn field(&self, path: &str) -> Field {
        field::field(&self.state, path, format!("{}_{}", self.id(), id_of(path)))
    }

    /// The rows of a list, for inputs of their own: `lines`. Of a list within a row ask [`FormRow::rows`].
    pub fn rows<'f>(&'f self, list: &'f str) -> Vec<FormRow<'f>> {
        field::rows(&self.state, list, None)
    }

    /// The name of inputs that sort rows and add them: an index each, or any word for a new row.
    pub fn sort_name(&self, list: &str) -> String {
        path::joined(&self.state.name, &format!("{list}_sort[]"))
    }

    /// The name of inputs that drop rows, an index each. One that is empty belongs to each form with rows: without it, no
    /// rows at all and rows that are not in the form are the same.
    pub fn drop_name(&self, list: &str) -> String {
        path::joined(&self.state.name, &format!("{list}_drop[]"))
    }

    /// An id for the form element: its name.
    pub fn id(&self) -> &str {
        self.state.id()
    }

    /// Shows an error at a field that no rule knows of: a name that is taken. The empty path is the form as a whole. It is
    /// gone when something is typed.
    pub fn add_error(&mut self, path: &str, message: impl Into<String>) {
        self.value = None;
        self.state.errors.push((path.to_owned(), message.into()));
    }

    /// What is wrong with the form as a whole.
    pub fn errors(&self) -> Vec<&str> {
        let whole = self.state.errors.iter().filter(|(path, _)| path.is_empty());
        whole.map(|(_, message)| message.as_str()).collect()
    }

    /// Everything that is wrong, shown or not, by path.
    pub fn all_errors(&self) -> &[(String, String)] {
        &self.state.errors
    }

    /// Whether it says something else than it began with.
    pub fn is_changed(&self) -> bool {
        self.state.tree.differs(&self.state.first)
    }
}

impl<T, W> fmt::Debug for Form<T, W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Form").field("state", &self.state).finish_non_exhaustive()
    }
}

impl<T, W> Serialize for Form<T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.state.serialize(serializer)
    }
}

/// What it means is read again.
impl<'de, T: DeserializeOwned + Validate<Context = ()>, W: Words> Deserialize<'de> for Form<T, W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let state = FormState::deserialize(deserializer)?;
        let (value, _) = read::<T, W>(&mut state.tree.clone());
        Ok(Self { state, value, words: PhantomData })
    }
}

#[cfg(test)]
mod tests;
