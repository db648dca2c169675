//! What a component is given to show: the content of its slots.

use std::fmt;
use std::ops::Deref;

use crate::html::Content;

/// Content that the user of a component wrote between its tags.
///
/// A parameter of type `Slot` of a [`component`](macro@crate::component) is given as `<:name>…</:name>`, and the one called
/// `children` as everything else between the tags. `{render_slot(slot)}` shows it, as often as it is written.
///
/// * `Slot<T>` is shown with an argument, `{render_slot(slot, &argument)}`, which the content binds: `:let={pattern}`.
/// * `Slot<T, A>` has attributes: `A` derives [`SlotAttributes`](crate::SlotAttributes), and its fields are fields of the
///   slot.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// #[component]
/// fn Dialog(title: &str, children: Slot, actions: Option<Slot>) -> Html {
///     html! {
///         <section role="dialog">
///             <h2>{title}</h2>
///             {render_slot(children)}
///             <footer :if={actions.is_some()}>{render_slot(actions)}</footer>
///         </section>
///     }
/// }
///
/// fn page() -> Html {
///     html! {
///         <Dialog title="Remove?">
///             <p>"It cannot be undone."</p>
///             <:actions><button phx-click="remove">"Remove"</button></:actions>
///         </Dialog>
///     }
/// }
/// ```
pub struct Slot<'a, T: ?Sized = (), A = ()> {
    content: Box<Evaluate<'a, T>>,
    attributes: A,
}

/// Makes the content, whole if nothing of it was there before.
type Evaluate<'a, T> = dyn Fn(bool, &T) -> Content + 'a;

impl<'a, T: ?Sized, A> Slot<'a, T, A> {
    pub(crate) fn new(content: impl Fn(bool, &T) -> Content + 'a, attributes: A) -> Self {
        Self { content: Box::new(content), attributes }
    }

    /// The content, whole if nothing of it was there before.
    pub(crate) fn content(&self, fresh: bool, argument: &T) -> Content {
        (self.content)(fresh, argument)
    }
}

/// The attributes of the slot.
impl<T: ?Sized, A> Deref for Slot<'_, T, A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.attributes
    }
}

impl<T: ?Sized, A: fmt::Debug> fmt::Debug for Slot<'_, T, A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Slot").field("attributes", &self.attributes).finish_non_exhaustive()
    }
}
