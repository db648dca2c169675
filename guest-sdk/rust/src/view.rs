//! The trait that a view implements.

use crate::bindings::hothouse::live::types::{LeaveReason, Message, TaskResult};
use crate::context::Context;
use crate::event::Event;
use crate::failure::{Failure, Result};
use crate::flash::Flash;
use crate::html::Html;
use crate::socket::Socket;

/// A live view: state, the events that change it, and how it looks.
///
/// A view is made by `mount` twice: once for the first page, once when the browser's socket joins.
/// All callbacks of one view run one after the other, and none of them may wait.
/// A callback that answers `Err` keeps the view; its effects are dropped. A panic ends the view,
/// and the browser joins again.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// struct Counter { count: Assign<i64> }
///
/// #[derive(Event)]
/// enum CounterEvent { Increment, Decrement }
///
/// impl LiveView for Counter {
///     type Event = CounterEvent;
///     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
///         Ok(Self { count: Assign::new(0) })
///     }
///     fn handle_event(&mut self, event: CounterEvent, _socket: &mut Socket) -> Result<()> {
///         match event {
///             CounterEvent::Increment => *self.count += 1,
///             CounterEvent::Decrement => *self.count -= 1,
///         }
///         Ok(())
///     }
///     fn render(&self) -> Html {
///         html! {
///             <h1>"Count: " {self.count}</h1>
///             <button phx-click={CounterEvent::Decrement}>"-"</button>
///             <button phx-click={CounterEvent::Increment}>"+"</button>
///         }
///     }
/// }
/// # let mut view = hothouse_sdk::testing::View::<Counter>::mount(&hothouse_sdk::testing::context().build())?;
/// # view.event("increment", "{}")?;
/// # assert!(view.html().contains("Count: 1"));
/// # Ok::<(), Failure>(())
/// ```
pub trait LiveView: Sized + 'static {
    /// The events of this view: an enum with `#[derive(Event)]`, [`RawEvent`](crate::RawEvent), or `()` for none.
    type Event: Event;

    /// Makes the view's state.
    ///
    /// # Errors
    ///
    /// Decides the page's status: `not-found` is 404, `forbidden` 403, `bad-input` 400, `unavailable` 503.
    fn mount(context: &Context, socket: &mut Socket) -> Result<Self>;

    /// How the view looks now. Must not depend on anything but the view's state.
    fn render(&self) -> Html;

    /// Called once for each join of a browser, after `mount` and after a [`State`](crate::State) was restored: the place to
    /// subscribe and to start timers.
    fn connected(&mut self, context: &Context, socket: &mut Socket) -> Result<()> {
        let _ = (context, socket);
        Ok(())
    }

    /// Called after `mount`, and when the address changes within the view: by a link or an effect that patches, or back and
    /// forward in the browser. `uri` is path and query; the parameters are those of the route, then those of the query.
    /// What depends on the address is best read here, and only here: [`param`](crate::param) finds one.
    fn handle_params(&mut self, uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        let _ = (uri, params, socket);
        Ok(())
    }

    /// The flash holds something else than before: after `mount` if the page brought some, after this view has put messages
    /// in or taken them out, and after a person has closed one.
    fn flash_changed(&mut self, flash: Flash) {
        let _ = flash;
    }

    /// An event of the browser.
    fn handle_event(&mut self, event: Self::Event, socket: &mut Socket) -> Result<()> {
        let _ = (event, socket);
        Err(Failure::internal("this view has events but no handle_event"))
    }

    /// What arrives other than from the browser: announcements, timers, messages to itself.
    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        let _ = (message, socket);
        Ok(())
    }

    /// A background task of this view has ended: once for each that was started and not replaced. See
    /// [`task`](crate::task).
    fn handle_task(&mut self, result: TaskResult, socket: &mut Socket) -> Result<()> {
        let _ = (result, socket);
        Ok(())
    }

    /// Background work, in an instance of its own that has no view: [`task::run`](crate::task::run) finds the task.
    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        let _ = input;
        Err(Failure::not_found(format!("there is no task {name:?} in this view")))
    }

    /// The view is about to end.
    fn terminate(&mut self, reason: LeaveReason) {
        let _ = reason;
    }
}
