//! What people type into and choose from, with what belongs to it.

mod check;
mod choice;
mod control;
mod group;
mod layout;
mod rows;
mod select;
mod text;

pub use check::Checkbox;
pub use choice::{Choice, ToChoice};
pub use group::{CheckboxGroup, RadioGroup};
pub use layout::{ErrorList, FieldLayout};
pub use rows::{AddRow, MoveRow, RemoveRow, RowInputs};
pub use select::Select;
pub use text::{HiddenInput, Input, Textarea};
