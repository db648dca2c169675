//! One view as a component: the host's calls reach the one instance of the view that lives here.

use std::cell::RefCell;
use std::marker::PhantomData;

use crate::bindings::exports::hothouse::live::{lifecycle, tasks};
use crate::bindings::hothouse::live::types;
use crate::context::Context;
use crate::environment;
use crate::event::{Event as _, RawEvent};
use crate::failure::{Failure, Result};
use crate::flash::Flash;
use crate::registry;
use crate::rendering::{self, Scope};
use crate::socket::Socket;
use crate::state::State;
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
            struct Kept;

            impl $crate::macro_support::Keeps<$view> for Kept {
                fn snapshot(view: &$view) -> $crate::Result<::core::option::Option<::std::vec::Vec<u8>>> {
                    #[allow(unused_imports, reason = "one of them is used")]
                    use $crate::macro_support::{KeepsNothing as _, KeepsState as _};
                    (&$crate::macro_support::Keeper::<$view>::new()).snapshot(view)
                }

                fn restore(snapshot: &[u8]) -> $crate::Result<$view> {
                    #[allow(unused_imports, reason = "one of them is used")]
                    use $crate::macro_support::{KeepsNothing as _, KeepsState as _};
                    (&$crate::macro_support::Keeper::<$view>::new()).restore(snapshot)
                }
            }

            type Exported = $crate::macro_support::Exported<$view, Kept>;

            #[cfg(target_family = "wasm")]
    $crate::bindings::export_view!(Exported with_types_in $crate::bindings);
            #[cfg(not(target_family = "wasm"))]
            const _: () = Exported::exist();
        };
    };
}

/// The exports of the contract for a view, and how its state is kept.
#[derive(Debug)]
pub struct Exported<V, K>(PhantomData<(V, K)>);

impl<V: LiveView, K: Keeps<V>> Exported<V, K> {
    /// Says that they are those of a view, where they are not exported: other platforms have no names like theirs.
    pub const fn exist() {}
}

/// How the state of a view is kept.
pub trait Keeps<V>: 'static {
    /// The state as bytes, if it is kept.
    fn snapshot(view: &V) -> Result<Option<Vec<u8>>>;

    /// The view from its state.
    fn restore(snapshot: &[u8]) -> Result<V>;
}

/// Asks a view about its state, by method lookup: [`KeepsState`] is found first, [`KeepsNothing`] one reference further.
#[derive(Debug)]
pub struct Keeper<V>(PhantomData<V>);

impl<V> Keeper<V> {
    /// For one view.
    #[expect(clippy::new_without_default, reason = "only `export!` makes one")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

/// Views with a [`State`].
pub trait KeepsState<V> {
    /// The state as bytes.
    fn snapshot(&self, view: &V) -> Result<Option<Vec<u8>>>;

    /// The view from its state.
    fn restore(&self, snapshot: &[u8]) -> Result<V>;
}

impl<V: State> KeepsState<V> for Keeper<V> {
    fn snapshot(&self, view: &V) -> Result<Option<Vec<u8>>> {
        view.snapshot().map(Some)
    }

    fn restore(&self, snapshot: &[u8]) -> Result<V> {
        V::restore(snapshot)
    }
}

/// All other views.
pub trait KeepsNothing<V> {
    /// None.
    fn snapshot(&self, _view: &V) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    /// Refuses.
    fn restore(&self, _snapshot: &[u8]) -> Result<V> {
        Err(Failure::unavailable("this view has no `State`: it is mounted instead"))
    }
}

impl<V> KeepsNothing<V> for &Keeper<V> {}

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
    fn snapshot(&self) -> Result<Option<Vec<u8>>>;
}

struct Mounted<V, K>(V, PhantomData<K>);

impl<V: LiveView, K: Keeps<V>> Callbacks for Mounted<V, K> {
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
        if let types::Message::FlashChanged(flash) = message {
            self.0.flash_changed(Flash::new(flash));
            return Ok(());
        }
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

    fn snapshot(&self) -> Result<Option<Vec<u8>>> {
        K::snapshot(&self.0)
    }
}

/// Makes the view; until it is made, every other call is refused.
fn start<V: LiveView, K: Keeps<V>>(make: impl FnOnce(&mut Socket) -> Result<V>) -> Result<types::Outcome> {
    report_panics();
    rendering::forget();
    let mut socket = Socket::default();
    let view = make(&mut socket)?;
    let outcome = socket.into_outcome()?;
    VIEW.set(Some(Box::new(Mounted(view, PhantomData::<K>))));
    Ok(outcome)
}

/// Mounts a view, and tells it of the flash that its page has brought.
pub(crate) fn mount<V: LiveView>(context: &Context, socket: &mut Socket) -> Result<V> {
    let mut view = V::mount(context, socket)?;
    let flash = context.all_flash();
    if !flash.is_empty() {
        view.flash_changed(flash);
    }
    Ok(view)
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
    socket.into_outcome()
}

/// Writes the message and the place of a panic to the log before the instance traps.
fn report_panics() {
    #[cfg(target_family = "wasm")]
    std::panic::set_hook(Box::new(|panic| environment::error(&panic.to_string())));
}

impl<V: LiveView, K: Keeps<V>> lifecycle::Guest for Exported<V, K> {
    fn mount(context: types::Context) -> Result<types::Outcome> {
        start::<V, K>(|socket| mount(&Context::new(context), socket))
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
        let snapshot = VIEW.with_borrow(|view| view.as_ref().map_or(Ok(None), |view| view.snapshot()));
        snapshot.unwrap_or_else(|failure| {
            environment::warn(&format!("no snapshot: {}", failure.message));
            None
        })
    }

    fn restore(state: Vec<u8>, _context: types::Context) -> Result<types::Outcome> {
        start::<V, K>(|_socket| K::restore(&state))
    }
}

impl<V: LiveView, K: Keeps<V>> tasks::Guest for Exported<V, K> {
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

        fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
            Ok([name.as_bytes(), input].concat())
        }
    }

    impl State for Door {
        fn snapshot(&self) -> Result<Vec<u8>> {
            Ok(vec![u8::from(self.open)])
        }

        fn restore(snapshot: &[u8]) -> Result<Self> {
            match snapshot {
                [open] => Ok(Self { open: *open == 1 }),
                _ => Err(Failure::bad_input("no door")),
            }
        }
    }

    struct Kept;

    impl Keeps<Door> for Kept {
        fn snapshot(view: &Door) -> Result<Option<Vec<u8>>> {
            Keeper::<Door>::new().snapshot(view)
        }

        fn restore(snapshot: &[u8]) -> Result<Door> {
            Keeper::<Door>::new().restore(snapshot)
        }
    }

    type Exports = Exported<Door, Kept>;

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
        assert_eq!(Exports::restore(Vec::new(), context("")), Err(Failure::bad_input("no door")));
        assert_eq!(Exports::snapshot(), None, "what was refused has made no view");
        Exports::restore(state, context("")).unwrap();
        assert_eq!(Exports::snapshot(), Some(vec![1]));
    }

    #[test]
    fn a_view_without_a_state_is_not_kept() {
        struct Plain;
        let keeper = Keeper::<Plain>::new();
        assert_eq!((&keeper).snapshot(&Plain), Ok(None));
        assert_eq!((&keeper).restore(&[]).err().map(|failure| failure.kind), Some(FailureKind::Unavailable));
    }

    #[test]
    fn tasks_run_without_a_view() {
        assert_eq!(Exports::run_task("a".to_owned(), b"b".to_vec()), Ok(b"ab".to_vec()));
    }
}
