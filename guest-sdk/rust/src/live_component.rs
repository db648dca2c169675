//! The trait that a live component implements.

use crate::event::Event;
use crate::failure::{Failure, Result};
use crate::html::{Html, ToText};
use crate::macro_support::SlotAttributes;
use crate::registry;
use crate::socket::Socket;

/// A part of a page with state and events of its own.
///
/// `<Todo.live id={todo.id} title={todo.title}/>` in a template shows the component of this type and `id`. The first time
/// it is mounted. From then on it keeps its state, wherever in the page it stands, and is updated when it is given other
/// attributes. A component is gone when the browser says that it is: until then it may leave the page and come back.
///
/// * Ids tell the components of one type apart: one id stands once in a page. Content between the tags is the attribute
///   `children: Html`, `<:name>` the attribute `name: Html`.
/// * The template is one element. It is evaluated when the component's own state was written, as a view's is, and never
///   because the view was.
/// * An event of the component's own type is for the component, wherever in its template it stands: `phx-click={TodoEvent::Done}`.
///   So it is in `JS::new().push(TodoEvent::Done)`. All other events, and names in quotes, are for the view, unless
///   `phx-target={myself()}` says otherwise.
/// * [`Socket::send_update`] gives a component attributes from any callback.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// struct Todo { title: Assign<String>, done: Assign<bool> }
///
/// #[derive(Clone, PartialEq, Attributes)]
/// struct TodoAttributes { title: String }
///
/// #[derive(Event)]
/// enum TodoEvent { Toggle }
///
/// impl LiveComponent for Todo {
///     type Attributes = TodoAttributes;
///     type Event = TodoEvent;
///     fn mount(given: TodoAttributes) -> Self {
///         Self { title: given.title.into(), done: false.into() }
///     }
///     fn update(&mut self, given: TodoAttributes) {
///         self.title.set(given.title);
///     }
///     fn handle_event(&mut self, event: TodoEvent, _socket: &mut Socket) -> Result<()> {
///         match event {
///             TodoEvent::Toggle => *self.done = !*self.done,
///         }
///         Ok(())
///     }
///     fn render(&self) -> Html {
///         html! { <li class={[("done", self.done)]} phx-click={TodoEvent::Toggle}>{self.title}</li> }
///     }
/// }
///
/// struct Todos { titles: List<(u32, String)> }
///
/// impl Todos {
///     fn show(&self) -> Html {
///         html! {
///             <ul>
///                 for todo in self.titles { <Todo.live id={todo.0} title={todo.1}/> }
///             </ul>
///         }
///     }
/// }
/// ```
pub trait LiveComponent: Sized + 'static {
    /// What it is given by its tag: a struct with `#[derive(Clone, PartialEq, Attributes)]`, or `()` for nothing.
    type Attributes: SlotAttributes + Clone + PartialEq + 'static;

    /// Its own events, as those of a view.
    type Event: Event + 'static;

    /// Makes its state. Called while the page is rendered, so it can ask for nothing.
    fn mount(attributes: Self::Attributes) -> Self;

    /// It is given other attributes than before: by its tag, while the page is rendered, or by
    /// [`Socket::send_update`].
    fn update(&mut self, attributes: Self::Attributes);

    /// How it looks now: one element. Must not depend on anything but the component's state.
    fn render(&self) -> Html;

    /// An event of the browser for this component.
    ///
    /// # Errors
    ///
    /// The component lives on, and none of the effects is carried out.
    fn handle_event(&mut self, event: Self::Event, socket: &mut Socket) -> Result<()> {
        let _ = (event, socket);
        Err(Failure::internal("this component has events but no handle_event"))
    }
}

/// The component whose code runs, as a target of events: `phx-target={myself()}`. Nothing outside of components.
pub fn myself() -> Myself {
    Myself(registry::current())
}

/// A live component as a target. Made by [`myself`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Myself(Option<u32>);

impl ToText for Myself {
    fn to_text(&self) -> String {
        self.0.map(|cid| cid.to_string()).unwrap_or_default()
    }
}
