//! One view as a component: the host's calls reach the one instance of the view that lives here.

use std::cell::RefCell;
use std::marker::PhantomData;

use crate::bindings::exports::hothouse::live::{lifecycle, tasks};
use crate::bindings::hothouse::live::types;
use crate::context::Context;
use crate::event::{Event as _, RawEvent};
use crate::failure::{Failure, Result};
use crate::registry;
use crate::rendering::{self, Scope};
use crate::socket::Socket;
use crate::view::LiveView;

/// Makes a view the one that this crate's component shows.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// struct Hello;
/// impl LiveView for Hello {
///     type Event = ();
///     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
///         Ok(Self)
///     }
///     fn render(&self) -> Html {
///         html! { <h1>"Hello"</h1> }
///     }
/// }
/// hothouse_sdk::export!(Hello);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! export {
    ($view:ty) => {
        const _: () = {
            type Exported = $crate::macro_support::Exported<$view>;
    $crate::bindings::export_view!(Exported with_types_in $crate::bindings);
        };
    };
}

/// The exports of the contract for a view.
#[derive(Debug)]
pub struct Exported<V>(PhantomData<V>);

thread_local! {
    static VIEW: RefCell<Option<Box<dyn Callbacks>>> = const { RefCell::new(None) };
}

/// A view without its type: what the host can ask of one that is mounted.
trait Callbacks {
    fn connected(&mut self, context: &Context, socket: &mut Socket) -> Result<()>;
    fn handle_params(&mut self, uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()>;
    fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()>;
    fn handle_info(&mut self, message: types::Message, socket: &mut Socket) -> Result<()>;
    fn handle_task(&mut self, result: types::TaskResult, socket: &mut Socket) -> Result<()>;
    fn render(&self, scope: Scope) -> Result<types::Tree>;
    fn terminate(&mut self, reason: types::LeaveReason);
    fn snapshot(&self) -> Option<Vec<u8>>;
}

struct Mounted<V>(V);

impl<V: LiveView> Callbacks for Mounted<V> {
    fn connected(&mut self, context: &Context, socket: &mut Socket) -> Result<()> {
        self.0.connected(context, socket)
    }

    fn handle_params(&mut self, uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        self.0.handle_params(uri, params, socket)
    }

    fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()> {
        match event.target {
            Some(cid) => registry::handle_event(cid, event, socket),
            None => self.0.handle_event(V::Event::decode(event)?, socket),
        }
    }

    fn handle_info(&mut self, message: types::Message, socket: &mut Socket) -> Result<()> {
        self.0.handle_info(message, socket)
    }

    fn handle_task(&mut self, result: types::TaskResult, socket: &mut Socket) -> Result<()> {
        self.0.handle_task(result, socket)
    }

    fn render(&self, scope: Scope) -> Result<types::Tree> {
        rendering::render(|| self.0.render(), scope)
    }

    fn terminate(&mut self, reason: types::LeaveReason) {
        self.0.terminate(reason);
    }

    fn snapshot(&self) -> Option<Vec<u8>> {
        self.0.snapshot()
    }
}

/// Makes the view; until it is made, every other call is refused.
fn start<V: LiveView>(make: impl FnOnce(&mut Socket) -> Result<V>) -> Result<types::Outcome> {
    report_panics();
    rendering::forget();
    let mut socket = Socket::default();
    let view = make(&mut socket)?;
    VIEW.set(Some(Box::new(Mounted(view))));
    Ok(socket.into_outcome())
}

fn with_view<R>(call: impl FnOnce(&mut dyn Callbacks) -> Result<R>) -> Result<R> {
    VIEW.with_borrow_mut(|view| match view {
        Some(view) => call(view.as_mut()),
        None => Err(Failure::internal("the view is not mounted: mount or restore must answer ok first")),
    })
}

fn callback(call: impl FnOnce(&mut dyn Callbacks, &mut Socket) -> Result<()>) -> Result<types::Outcome> {
    let mut socket = Socket::default();
    with_view(|view| call(view, &mut socket))?;
    Ok(socket.into_outcome())
}

/// Writes the message and the place of a panic to the log before the instance traps.
fn report_panics() {
    #[cfg(target_family = "wasm")]
    std::panic::set_hook(Box::new(|panic| crate::environment::error(&panic.to_string())));
}

impl<V: LiveView> lifecycle::Guest for Exported<V> {
    fn mount(context: types::Context) -> Result<types::Outcome> {
        start(|socket| V::mount(&Context::new(context), socket))
    }

    fn connected(context: types::Context) -> Result<types::Outcome> {
        callback(|view, socket| view.connected(&Context::new(context), socket))
    }

    fn handle_params(uri: String, params: Vec<(String, String)>) -> Result<types::Outcome> {
        callback(|view, socket| view.handle_params(&uri, &params, socket))
    }

    fn handle_event(event: types::Event) -> Result<types::Outcome> {
        callback(|view, socket| view.handle_event(RawEvent::new(event), socket))
    }

    fn handle_info(message: types::Message) -> Result<types::Outcome> {
        callback(|view, socket| view.handle_info(message, socket))
    }

    fn handle_task(done: types::TaskResult) -> Result<types::Outcome> {
        callback(|view, socket| view.handle_task(done, socket))
    }

    fn render(scope: types::RenderScope) -> Result<types::Document> {
        let scope = match scope {
            types::RenderScope::Changes => Scope::Changes,
            types::RenderScope::Components(cids) => Scope::Components(cids),
            types::RenderScope::Everything => Scope::Everything,
        };
        with_view(|view| view.render(scope)).map(types::Document::Tree)
    }

    fn components_removed(cids: Vec<types::Cid>) -> Result<types::Outcome> {
        registry::remove(&cids);
        callback(|_, _| Ok(()))
    }

    fn terminate(reason: types::LeaveReason) {
        if let Some(mut view) = VIEW.take() {
            view.terminate(reason);
        }
    }

    fn snapshot() -> Option<Vec<u8>> {
        VIEW.with_borrow(|view| view.as_ref().and_then(|view| view.snapshot()))
    }

    fn restore(state: Vec<u8>, context: types::Context) -> Result<types::Outcome> {
        start(|socket| V::restore(&state, &Context::new(context), socket))
    }
}

impl<V: LiveView> tasks::Guest for Exported<V> {
    fn run_task(name: String, input: Vec<u8>) -> Result<Vec<u8>> {
        report_panics();
        V::run_task(&name, &input)
    }
}

#[cfg(test)]
mod tests {
    use super::lifecycle::Guest as _;
    use super::tasks::Guest as _;
    use super::*;
    use crate::failure::FailureKind;
    use crate::html::Html;

    struct Door {
        open: bool,
    }

    impl LiveView for Door {
        type Event = RawEvent;

        fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
            if context.param("locked").is_some() {
                return Err(Failure::forbidden("the door is locked"));
            }
            socket.page_title("door");
            Ok(Self { open: false })
        }

        fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()> {
            socket.page_title("opened");
            self.open = event.name == "open";
            if self.open { Ok(()) } else { Err(Failure::bad_input("it only opens")) }
        }

        fn render(&self) -> Html {
            Html::text(if self.open { "open" } else { "closed" })
        }

        fn snapshot(&self) -> Option<Vec<u8>> {
            Some(vec![u8::from(self.open)])
        }

        fn restore(state: &[u8], _context: &Context, _socket: &mut Socket) -> Result<Self> {
            Ok(Self { open: state == [1] })
        }

        fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
            Ok([name.as_bytes(), input].concat())
        }
    }

    type Exports = Exported<Door>;

    fn context(param: &str) -> types::Context {
        crate::testing::context().param(param, "").build().into_inner()
    }

    fn event(name: &str) -> Result<types::Outcome> {
        let payload = types::Payload::Json("{}".to_owned());
        Exports::handle_event(types::Event { name: name.to_owned(), target: None, payload })
    }

    #[test]
    fn calls_before_a_successful_mount_are_refused() {
        let is_internal = |failure: Failure| failure.kind == FailureKind::Internal;
        assert!(is_internal(event("open").unwrap_err()));
        assert!(is_internal(Exports::render(types::RenderScope::Everything).unwrap_err()));
        assert_eq!(Exports::mount(context("locked")), Err(Failure::forbidden("the door is locked")));
        assert!(is_internal(Exports::connected(context("")).unwrap_err()));
        assert_eq!(Exports::snapshot(), None);
        Exports::terminate(types::LeaveReason::Left);
    }

    #[test]
    fn effects_are_answered_only_when_the_callback_is_ok() {
        let title =
            |title: &str| Ok(types::Outcome { effects: vec![types::Effect::Title(title.to_owned())] });
        assert_eq!(Exports::mount(context("")), title("door"));
        assert_eq!(event("open"), title("opened"));
        assert_eq!(event("close"), Err(Failure::bad_input("it only opens")));
    }

    #[test]
    fn a_view_comes_back_from_its_snapshot() {
        Exports::mount(context("")).unwrap();
        event("open").unwrap();
        let state = Exports::snapshot().unwrap();
        Exports::terminate(types::LeaveReason::Evicted);
        assert_eq!(Exports::snapshot(), None, "the view has ended");
        Exports::restore(state, context("")).unwrap();
        assert_eq!(Exports::snapshot(), Some(vec![1]));
    }

    #[test]
    fn tasks_run_without_a_view() {
        assert_eq!(Exports::run_task("a".to_owned(), b"b".to_vec()), Ok(b"ab".to_vec()));
    }
}
