//! Components that most apps need: links, buttons, messages, values that are loaded, icons, cards, lists, tables, pages, tabs, menus, dialogs,
//! tooltips, inputs, forms for logging in and out, buttons that copy, and what keeps the focus.
//!
//! ```
//! use hothouse_sdk::kit::{Button, Glyph, Icon, Modal, Variant};
//! use hothouse_sdk::prelude::*;
//!
//! fn page() -> Html {
//!     html! {
//!         <Button phx-click={JS::new().show_modal("remove")}><Icon glyph={Glyph::Trash}/> "Remove"</Button>
//!         <Modal id="remove" title="Remove the palm?">
//!             <p>"It cannot be undone."</p>
//!             <:actions><Button variant={Variant::Danger} phx-click="remove">"Remove"</Button></:actions>
//!         </Modal>
//!     }
//! }
//! ```
//!
//! They are ordinary function components: what a view does not use is not in its component.
//!
//! # Looks
//!
//! Each element has a class that stays the same, `hh-button`, `hh-card` and so on, and no style of its own.
//! The style sheet that every page of a host has gives them their look, light and dark. All of it stands in a cascade
//! layer, so any rule of an app's own style sheet wins; its colours are custom properties (`--hh-accent` and others).
//!
//! # Accessibility
//!
//! Each component says what it promises. What opens, closes or selects is a [`JS`](crate::JS) command: it happens in the
//! browser at once, nothing is sent, and it stays as it is when the view renders again. Keys work as the patterns of the
//! ARIA authoring practices ask; what needs a script of one's own, such as finding an entry of a menu by typing its first
//! letters, is not there.
//!
//! Ids that components are given are part of selectors: letters, digits, `-` and `_`.

mod async_result;
mod button;
mod card;
mod confirm;
mod copy;
mod dropdown;
mod flash;
mod focus;
mod icon;
mod inputs;
mod link;
mod list;
mod modal;
mod pagination;
mod portal;
mod session;
mod table;
mod tabs;
mod tooltip;

pub use async_result::AsyncResult;
pub use button::{Button, Variant};
pub use card::Card;
pub use confirm::ConfirmDialog;
pub use copy::CopyButton;
pub use dropdown::{Dropdown, MenuItem};
pub use flash::FlashMessages;
pub use focus::FocusWrap;
pub use icon::{Glyph, Icon};
pub use inputs::{
    AddRow, Checkbox, CheckboxGroup, Choice, ErrorList, FieldLayout, HiddenInput, Input, MoveRow, RadioGroup,
    RemoveRow, RowInputs, Select, Textarea, ToChoice,
};
pub use link::Link;
pub use list::{DescriptionList, ListItem};
pub use modal::Modal;
pub use pagination::{PageLink, Pagination};
pub use portal::Portal;
pub use session::{LogOut, SessionForm};
pub use table::{Column, Sorted, Table};
pub use tabs::{Tab, Tabs};
pub use tooltip::{Side, Tooltip};
