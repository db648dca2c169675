//! What the code that `html!` and `#[derive(Event)]` write refers to. Not for authors; it may change at any time.
//!
//! What a type is, is found by method lookup. `(&Probe(x)).kind()` finds the methods of `OwnRows` first, those of
//! `PlainRows` one reference further. `(&&Probe(x)).seen()` finds those of `ProbeTracked` first, those of `ProbeBehind` one
//! reference further, and those of `ProbePlain` only then, behind the outer reference.

mod component;
mod markup;

pub use component::{
    Builder, Change, Finish, Flags, Given, GlobalAttributes, GlobalFlag, GlobalText, Just, Maybe, Missing,
    NoAttributes, NoContent, Optional, PassesOn, RenderSlot, Required, SlotAttributes, pass_on, pass_on_all,
    slot,
};
pub use markup::{AttributeOfOption, AttributeOfText, Classes, OptionalText, optional_attribute, spread};

pub use crate::event::{Members, Problems, event_text, unknown_event};
pub use crate::export::{Exported, Keeper, Keeps, KeepsNothing, KeepsState};
pub use crate::form::FromPayload;
pub use crate::html::{Content, Flag};
pub use crate::rendering::{
    Loop, OfList, OfMap, OfStream, OfTemporary, Plain, Row, StreamElsewhere, begin, finish, node,
};
pub use crate::state::{Fields, Snapshot};
pub use crate::template::Template;

use std::marker::PhantomData;
use std::ops::Deref;

use crate::assign::Assign;
use crate::growing_text::GrowingText;
use crate::html::{Html, ToText};
use crate::list::{Changes, List};
use crate::live_component::LiveComponent;
use crate::map::Map;
use crate::registry;
use crate::stream::Stream;
use crate::task::Async;
use crate::temporary::Temporary;

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
    fn __address(&self) -> usize {
        core::ptr::from_ref(self).cast::<()>().addr()
    }
}

impl<T: ?Sized> Address for T {}

/// Asks a value about its type.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// What a value knows about its changes.
#[derive(Debug, Clone, Copy)]
pub enum Seen {
    /// It is tracked, with all that is in it.
    Tracked {
        /// Whether it changed since the last document.
        changed: bool,
    },
    /// It leads to something elsewhere, which may be something else than in the last document.
    Behind,
    /// Nothing; but a field of it, which lies within it, may know.
    Nothing,
}

impl Seen {
    /// What there is to know about a field of this value.
    pub fn or_of_its_field(self, field: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Nothing => field(),
            Self::Tracked { .. } | Self::Behind => self,
        }
    }

    /// Whether it may be another value than in the last document.
    pub fn may_have_changed(self) -> bool {
        !matches!(self, Self::Tracked { changed: false })
    }

    /// Whether a field of it may lie where another one lay in the last document.
    pub fn is_behind(self) -> bool {
        matches!(self, Self::Behind)
    }
}

/// Values that know whether they changed.
pub trait ProbeTracked {
    /// What it knows.
    fn seen(&self) -> Seen;
}

impl<T> ProbeTracked for &Probe<'_, Assign<T>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changed() }
    }
}

impl<T> ProbeTracked for &Probe<'_, Async<T>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changed() }
    }
}

impl<T> ProbeTracked for &Probe<'_, List<T>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changes() != Changes::Nothing }
    }
}

impl<K, V> ProbeTracked for &Probe<'_, Map<K, V>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.list().changes() != Changes::Nothing }
    }
}

impl<T> ProbeTracked for &Probe<'_, Stream<T>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changed() }
    }
}

impl<T> ProbeTracked for &Probe<'_, Temporary<T>> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changed() }
    }
}

impl ProbeTracked for &Probe<'_, GrowingText> {
    fn seen(&self) -> Seen {
        Seen::Tracked { changed: self.0.changed() }
    }
}

/// Pointers of all kinds.
pub trait ProbeBehind {
    /// That it leads elsewhere.
    fn seen(&self) -> Seen {
        Seen::Behind
    }
}

impl<T: Deref + ?Sized> ProbeBehind for &&Probe<'_, T> {}

/// Values of any other type.
pub trait ProbePlain {
    /// That it knows nothing.
    fn seen(&self) -> Seen {
        Seen::Nothing
    }
}

impl<T: ?Sized> ProbePlain for Probe<'_, T> {}

/// Loops over a reference to what has rows of its own.
pub trait OwnRows {
    /// How to go through them.
    type Kind;

    /// The same.
    fn kind(&self) -> Self::Kind;
}

impl<T> OwnRows for Probe<'_, &List<T>> {
    type Kind = OfList;

    fn kind(&self) -> OfList {
        OfList
    }
}

impl<K, V> OwnRows for Probe<'_, &Map<K, V>> {
    type Kind = OfMap;

    fn kind(&self) -> OfMap {
        OfMap
    }
}

impl<T> OwnRows for Probe<'_, &Temporary<T>> {
    type Kind = OfTemporary<T>;

    fn kind(&self) -> OfTemporary<T> {
        OfTemporary(PhantomData)
    }
}

impl<T> OwnRows for Probe<'_, &Stream<T>> {
    type Kind = StreamElsewhere;

    fn kind(&self) -> StreamElsewhere {
        StreamElsewhere
    }
}

/// Loops over anything else.
pub trait PlainRows {
    /// How to go through the rows.
    fn kind(&self) -> Plain {
        Plain
    }
}

impl<T: ?Sized> PlainRows for &Probe<'_, T> {}
