//! What the code that `html!` and `#[derive(Event)]` write refers to. Not for authors; it may change at any time.
//!
//! Whether a field is tracked is found by method lookup: the methods of `ProbeTracked` and `ListRows` are
//! found first, those of `ProbePlain` and `PlainRows` one reference further.

mod component;
mod markup;

pub use component::{
    Change, Finish, Flags, Given, GlobalAttributes, GlobalFlag, GlobalText, Just, Maybe, Missing,
    NoAttributes, NoContent, Optional, PassesOn, RenderSlot, Required, SlotAttributes, pass_on, pass_on_all,
    slot,
};
pub use markup::{AttributeOfOption, AttributeOfText, Classes, OptionalText, optional_attribute, spread};

pub use crate::event::{event_text, unknown_event};
pub use crate::export::Exported;
pub use crate::html::{Content, Flag};
pub use crate::rendering::{Loop, OfList, OfStream, Plain, Row, begin, finish, node};
pub use crate::template::Template;

use crate::assign::Assign;
use crate::html::{Html, ToText};
use crate::list::{Changes, List};
use crate::live_component::LiveComponent;
use crate::registry;
use crate::stream::Stream;

/// The markup as the content of a slot.
pub fn content(html: Html) -> Content {
    html.content
}

/// A live component in its place.
pub fn live<C, I, B>(id: &I, builder: B) -> Content
where
    C: LiveComponent,
    I: ToText + ?Sized,
    B: Finish<C::Attributes>,
{
    let cid = builder.finish().and_then(|attributes| registry::show::<C>(id.to_text(), attributes));
    cid.map_or(Content::Empty, Content::Component)
}

/// Content between the tags of a live component, evaluated whole: the component keeps it.
pub fn kept(template: &'static Template, slots: Vec<Content>) -> Html {
    Html::whole(node(template, slots))
}

/// A boolean attribute, ` name` or nothing.
pub fn flag(literal: &'static str, is_set: bool) -> Content {
    if is_set { Content::Markup(literal.to_owned()) } else { Content::Empty }
}

/// Where `self` lies.
pub trait Address {
    /// Its address, whether the template has it by reference or by value.
    fn address(&self) -> usize {
        core::ptr::from_ref(self).cast::<()>().addr()
    }
}

impl<T: ?Sized> Address for T {}

/// Asks a value about its type.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// Fields that know whether they changed.
pub trait ProbeTracked {
    /// Whether the field changed since the last document.
    fn changed(&self) -> bool;
}

impl<T> ProbeTracked for Probe<'_, Assign<T>> {
    fn changed(&self) -> bool {
        self.0.changed()
    }
}

impl<T> ProbeTracked for Probe<'_, List<T>> {
    fn changed(&self) -> bool {
        self.0.changes() != Changes::Nothing
    }
}

impl<T> ProbeTracked for Probe<'_, Stream<T>> {
    fn changed(&self) -> bool {
        self.0.changed()
    }
}

/// Fields of any other type.
pub trait ProbePlain {
    /// Nobody knows, so it may have.
    fn changed(&self) -> bool {
        true
    }
}

impl<T: ?Sized> ProbePlain for &Probe<'_, T> {}

/// Loops over a reference to a [`List`].
pub trait ListRows {
    /// How to go through the rows.
    fn kind(&self) -> OfList {
        OfList
    }
}

impl<T> ListRows for Probe<'_, &List<T>> {}

/// Loops over anything else.
pub trait PlainRows {
    /// How to go through the rows.
    fn kind(&self) -> Plain {
        Plain
    }
}

impl<T: ?Sized> PlainRows for &Probe<'_, T> {}
