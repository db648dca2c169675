//! What components are given, and how that is told apart at compile time.

use super::Content;
use super::markup::OptionalText;
use crate::address::Address;
use crate::assign::Assign;
use crate::component::Slot;
use crate::event::EventName;
use crate::html::{Attrs, Flag, ToText};
use crate::js::{JS, command};

/// The attribute was given.
#[derive(Debug)]
pub struct Given;

/// The attribute was not given.
#[derive(Debug)]
pub struct Missing;

/// What the one who gives an attribute knows about its value.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// It may be another than in the last document.
    pub changed: bool,
    /// If so, it is not the value of before with changes in it: another list, other entries of a slot.
    pub replaced: bool,
}

/// The changes of all attributes of one component, a bit each.
#[derive(Debug, Default, Clone, Copy)]
pub struct Flags {
    /// Attributes that may be others.
    pub changed: u32,
    /// Those of them that are not the values of before.
    pub replaced: u32,
}

impl Flags {
    /// Notes one attribute.
    pub fn note(&mut self, bit: u32, change: Change) {
        if change.changed {
            self.changed |= bit;
        }
        if change.replaced {
            self.replaced |= bit;
        }
    }
}

/// `name={value}`
#[derive(Debug)]
pub struct Just<V>(pub V);

/// `name?={option}`
#[derive(Debug)]
pub struct Maybe<V>(pub V);

/// A value that fits an attribute of type `T`: the type itself, or a place that holds it.
#[diagnostic::on_unimplemented(
    message = "this attribute takes `{T}`, not `{Self}`",
    label = "expected `{T}`"
)]
pub trait Fits<T> {
    /// The value as the component sees it.
    fn fit(self) -> T;
}

impl<T> Fits<T> for T {
    fn fit(self) -> T {
        self
    }
}

impl<T: Clone> Fits<T> for &T {
    fn fit(self) -> T {
        self.clone()
    }
}

impl<T: Clone> Fits<T> for &Assign<T> {
    fn fit(self) -> T {
        (**self).clone()
    }
}

impl<'a, T> Fits<&'a T> for &'a Assign<T> {
    fn fit(self) -> &'a T {
        self
    }
}

impl<'a> Fits<&'a str> for &'a String {
    fn fit(self) -> &'a str {
        self
    }
}

impl<'a> Fits<&'a str> for &'a Address {
    fn fit(self) -> &'a str {
        self.as_str()
    }
}

impl<'a> Fits<&'a str> for &'a Assign<String> {
    fn fit(self) -> &'a str {
        self
    }
}

impl Fits<String> for &str {
    fn fit(self) -> String {
        self.to_owned()
    }
}

impl<E: 'static> Fits<String> for EventName<E> {
    fn fit(self) -> String {
        self.into_text()
    }
}

/// What a loop over texts binds, by reference.
impl Fits<String> for &&str {
    fn fit(self) -> String {
        (*self).to_owned()
    }
}

impl Fits<String> for &&&str {
    fn fit(self) -> String {
        (**self).to_owned()
    }
}

impl Fits<String> for &&String {
    fn fit(self) -> String {
        (*self).clone()
    }
}

impl<'a, T> Fits<&'a [T]> for &'a Vec<T> {
    fn fit(self) -> &'a [T] {
        self
    }
}

impl<'a, T, const N: usize> Fits<&'a [T]> for &'a [T; N] {
    fn fit(self) -> &'a [T] {
        self
    }
}

impl<'a, T> Fits<&'a [T]> for &'a Assign<Vec<T>> {
    fn fit(self) -> &'a [T] {
        self
    }
}

/// Commands are of the type of all lists, whatever the last of them is.
macro_rules! fits_commands {
    ($($last:ident)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl Fits<JS> for &JS<command::$last> {
                fn fit(self) -> JS {
                    self.clone().done()
                }
            }
        )*
    };
}

fits_commands!(Push Navigate Visibility Toggle Class Transition Dispatch Other Focus);

/// What an attribute takes that has to be given.
#[diagnostic::on_unimplemented(
    message = "this attribute has to be given",
    label = "may be none",
    note = "write `name={{…}}` with a value of type `{T}`"
)]
pub trait Required<T> {
    /// The value as the component sees it.
    fn given(self) -> T;
}

impl<T, V: Fits<T>> Required<T> for Just<V> {
    fn given(self) -> T {
        self.0.fit()
    }
}

/// What an attribute takes that may be left out.
#[diagnostic::on_unimplemented(
    message = "this attribute takes `{T}`",
    label = "`?=` takes an `Option<{T}>`",
    note = "write `name={{…}}` for a value, `name?={{…}}` for an `Option`"
)]
pub trait Optional<T> {
    /// The value as the component sees it.
    fn given(self) -> Option<T>;
}

impl<T, V: Fits<T>> Optional<T> for Just<V> {
    fn given(self) -> Option<T> {
        Some(self.0.fit())
    }
}

impl<T, V: Fits<T>> Optional<T> for Maybe<Option<V>> {
    fn given(self) -> Option<T> {
        self.0.map(Fits::fit)
    }
}

impl<'a, T, V> Optional<T> for Maybe<&'a Option<V>>
where
    &'a V: Fits<T>,
{
    fn given(self) -> Option<T> {
        self.0.as_ref().map(Fits::fit)
    }
}

impl<'a, T, V> Optional<T> for Maybe<&'a Assign<Option<V>>>
where
    &'a V: Fits<T>,
{
    fn given(self) -> Option<T> {
        self.0.as_ref().map(Fits::fit)
    }
}

/// A struct of the attributes that an entry of a slot has.
pub trait SlotAttributes: Sized {
    /// The builder before anything was given.
    type Empty;

    /// The builder.
    fn attributes() -> Self::Empty;
}

/// A builder that has been given all that `T` needs.
pub trait Finish<T> {
    /// The attributes; always there when the types hold.
    fn finish(self) -> Option<T>;
}

/// The builder for slots that take no attributes.
#[derive(Debug)]
pub struct NoAttributes;

impl SlotAttributes for () {
    type Empty = NoAttributes;

    fn attributes() -> NoAttributes {
        NoAttributes
    }
}

impl Finish<()> for NoAttributes {
    fn finish(self) -> Option<()> {
        Some(())
    }
}

/// A slot with this content; none if its attributes are missing, which their types have ruled out.
pub fn slot<'a, T: ?Sized, A>(
    content: impl Fn(bool, &T) -> Content + 'a,
    attributes: Option<A>,
) -> Option<Slot<'a, T, A>> {
    attributes.map(|attributes| Slot::new(content, attributes))
}

/// What `render_slot` shows.
#[diagnostic::on_unimplemented(
    message = "`render_slot` shows a `Slot`, not `{Self}`",
    label = "not a slot, or one with another argument than `&{T}`"
)]
pub trait RenderSlot<T: ?Sized> {
    /// The content, whole if nothing of it was here before.
    fn render(&self, fresh: bool, argument: &T) -> Content;
}

impl<T: ?Sized, A> RenderSlot<T> for Slot<'_, T, A> {
    fn render(&self, fresh: bool, argument: &T) -> Content {
        self.content(fresh, argument)
    }
}

impl<T: ?Sized, S: RenderSlot<T>> RenderSlot<T> for Option<S> {
    fn render(&self, fresh: bool, argument: &T) -> Content {
        self.as_ref().map_or(Content::Empty, |slot| slot.render(fresh, argument))
    }
}

impl<T: ?Sized, S: RenderSlot<T> + ?Sized> RenderSlot<T> for &S {
    fn render(&self, fresh: bool, argument: &T) -> Content {
        (**self).render(fresh, argument)
    }
}

/// A component with `#[prop(rest)]`.
#[diagnostic::on_unimplemented(
    message = "this component does not pass attributes of elements on",
    label = "not an attribute of this component",
    note = "give the component a parameter `#[prop(rest)] rest: Attrs`, and an element of it `{{..rest}}`"
)]
pub trait PassesOn: Sized {
    /// The attributes so far; notes whether they may have changed.
    fn rest(&mut self, changed: bool) -> &mut Attrs;
}

/// Gives an attribute to be passed on: its value, none for one without a value, nothing for one that is not there.
pub fn pass_on<B: PassesOn>(
    mut builder: B,
    name: &'static str,
    value: Option<Option<String>>,
    changed: bool,
) -> B {
    let rest = builder.rest(changed);
    if let Some(value) = value {
        rest.put(name, value);
    }
    builder
}

/// Gives all attributes to be passed on.
pub fn pass_on_all<B: PassesOn>(mut builder: B, attributes: &Attrs, changed: bool) -> B {
    builder.rest(changed).add_all(attributes);
    builder
}

/// A value of an attribute that is passed on.
pub trait GlobalText {
    /// The value, if the attribute is there.
    fn text(&self) -> Option<Option<String>>;
}

impl<T: ToText> GlobalText for Just<T> {
    fn text(&self) -> Option<Option<String>> {
        Some(Some(self.0.to_text()))
    }
}

impl<T: OptionalText> GlobalText for Maybe<T> {
    fn text(&self) -> Option<Option<String>> {
        self.0.optional_text().map(Some)
    }
}

/// The value of a boolean attribute that is passed on.
pub trait GlobalFlag {
    /// Nothing, or no value.
    fn flag(&self) -> Option<Option<String>>;
}

impl<T: Flag> GlobalFlag for Just<T> {
    fn flag(&self) -> Option<Option<String>> {
        self.0.is_set().then_some(None)
    }
}

macro_rules! global {
    ($kind:ident $read:ident: $($name:ident)*) => {
        $(
            #[doc = concat!("The attribute `", stringify!($name), "`.")]
            fn $name<V: $kind>(self, value: V, change: Change) -> Self
            where
                Self: PassesOn,
            {
                pass_on(self, stringify!($name), value.$read(), change.changed)
            }
        )*
    };
}

/// What collects the attributes of a component or of a slot. No other type has the methods of the traits below: `html!` has
/// them in scope, and an `id()` of an app's own is to be found there.
pub trait Builder {}

impl Builder for NoAttributes {}

/// What every element has: passed on by a component with `#[prop(rest)]` that has no such attribute itself.
pub trait GlobalAttributes: Sized {
    /// An attribute whose name is no word of Rust.
    fn __pass_on(self, name: &'static str, value: Option<Option<String>>, changed: bool) -> Self
    where
        Self: PassesOn,
    {
        pass_on(self, name, value, changed)
    }

    global!(GlobalText text: class dir draggable id lang role spellcheck style tabindex title translate);
    global!(GlobalFlag flag: autofocus hidden inert);
}

impl<B: Builder> GlobalAttributes for B {}

/// Components without a slot for what stands between their tags: its methods are found after their own.
pub trait NoContent: Sized {
    /// Never called: nothing is `TakesContent`.
    fn children<F, G>(self, own: F, content: G, change: Change) -> Self
    where
        F: FnOnce(NoAttributes) -> NoAttributes,
        G: Fn(bool, &()) -> Content,
        Self: TakesContent,
    {
        let _ = (own, content, change);
        self
    }
}

impl<B: Builder> NoContent for B {}

/// Implemented by nothing: its absence has the words of a mistake.
#[diagnostic::on_unimplemented(
    message = "this component takes no content",
    label = "write it without content, `<… />`",
    note = "or give the component a parameter `children: Slot`"
)]
pub trait TakesContent {}
