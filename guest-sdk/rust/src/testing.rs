//! Drives a view on the developer's machine, without a component and without a host.
//!
//! [`View`] does what a host does: it calls the callbacks, asks for a render after each of them and puts the
//! changes into the page that it holds. A live component that is out of the page after two documents is removed, as when
//! a browser has said that it is gone. Not part of components.

mod appended;
mod context;
mod page;
mod shown;

use std::cell::Cell;

use serde::Serialize;

use crate::bindings::hothouse::live::types;
use crate::context::Context;
use crate::event::{Event as _, RawEvent};
use crate::export;
use crate::failure::{Failure, Result};
use crate::flash::Flash;
use crate::kv;
use crate::live_component::LiveComponent;
use crate::rendering::{self, Scope};
use crate::socket::Socket;
use crate::state::State;
use crate::task;
use crate::view::LiveView;
use crate::{message, presence, registry};

use appended::Appended;
pub use context::{ContextBuilder, context};
use page::Page;
pub use types::{Effect, Payload};
use types::{Message, Publication};

/// Tasks that a test runs at once.
const MAX_TASKS: usize = 100;

/// A mounted view and the page that it has rendered.
///
/// Each thread has one at a time: mounting another one ends the first.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// use hothouse_sdk::testing;
///
/// struct Greeting { name: Assign<String>, times: Assign<u32> }
/// impl LiveView for Greeting {
///     type Event = RawEvent;
///     fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
///         let name = context.param("name").unwrap_or("you").to_owned();
///         Ok(Self { name: name.into(), times: 1.into() })
///     }
///     fn handle_event(&mut self, _event: RawEvent, socket: &mut Socket) -> Result<()> {
///         *self.times += 1;
///         socket.page_title("again");
///         Ok(())
///     }
///     fn render(&self) -> Html {
///         html! { <p>"Hello " {self.name} ", " {self.times} " times"</p> }
///     }
/// }
///
/// let mut view = testing::View::<Greeting>::mount(&testing::context().param("name", "<Ann>").build())?;
/// assert_eq!(view.html(), "<p>Hello &lt;Ann&gt;, 1 times</p>");
/// view.event("greet", "{}")?;
/// assert_eq!(view.html(), "<p>Hello &lt;Ann&gt;, 2 times</p>");
/// assert_eq!(view.changes(), r#"[=, "2"]"#, "the name was not evaluated again");
/// assert!(matches!(view.take_effects().as_slice(), [testing::Effect::Title(title)] if title == "again"));
/// # Ok::<(), Failure>(())
/// ```
#[derive(Debug)]
pub struct View<V> {
    view: Box<V>,
    page: Page,
    appended: Appended,
    changes: String,
    effects: Vec<Effect>,
    number: u64,
}

thread_local! {
    static CURRENT: Cell<u64> = const { Cell::new(0) };
}

impl<V: LiveView> View<V> {
    /// Mounts a view and renders it.
    ///
    /// # Errors
    ///
    /// What `mount` refused, or `internal` when the document breaks the contract.
    pub fn mount(context: &Context) -> Result<Self> {
        Self::make(|socket| export::mount(context, socket))
    }

    /// Sends an event with a JSON payload, then renders.
    ///
    /// # Errors
    ///
    /// What the view refused, or `internal` when the document breaks the contract.
    pub fn event(&mut self, name: &str, payload: &str) -> Result<()> {
        let event =
            RawEvent { name: name.to_owned(), target: None, payload: Payload::Json(payload.to_owned()) };
        self.callback(|view, socket| view.handle_event(V::Event::decode(event)?, socket))
    }

    /// Sends an event with a JSON payload to a live component, then renders.
    ///
    /// # Errors
    ///
    /// What the component refused, `not-found` when there is none with this id, or `internal` when the document breaks the
    /// contract.
    pub fn component_event<C: LiveComponent>(&mut self, id: &str, name: &str, payload: &str) -> Result<()> {
        self.refuse_if_ended()?;
        let cid = registry::cid::<C>(id);
        let cid = cid.ok_or_else(|| Failure::not_found(format!("there is no live component {id:?}")))?;
        let payload = Payload::Json(payload.to_owned());
        let event = RawEvent { name: name.to_owned(), target: Some(cid), payload };
        self.callback(|_, socket| registry::handle_event(cid, event, socket))
    }

    /// Changes the address, as a link that patches does: `handle_params` is called with its path, its query's parameters and
    /// those of the route, which are given; then renders.
    ///
    /// # Errors
    ///
    /// What the view refused, or `internal` when the document breaks the contract.
    pub fn patch(&mut self, uri: &str, params: &[(&str, &str)]) -> Result<()> {
        let params: Vec<_> =
            params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.callback(|view, socket| view.handle_params(uri, &params, socket))
    }

    /// Has the flash hold these messages, by kind, as a host does after an effect or when a person closes one; then renders.
    ///
    /// # Errors
    ///
    /// `internal` when the document breaks the contract.
    pub fn flash(&mut self, messages: &[(&str, &str)]) -> Result<()> {
        let pair = |(kind, message): &(&str, &str)| types::Pair {
            name: (*kind).to_owned(),
            value: (*message).to_owned(),
        };
        let flash = Flash::new(messages.iter().map(pair).collect());
        self.callback(|view, _| {
            view.flash_changed(flash);
            Ok(())
        })
    }

    /// Hands the view a message, as a host does with what arrives other than from the browser; then renders.
    ///
    /// # Errors
    ///
    /// What the view refused, or `internal` when the document breaks the contract.
    pub fn message(&mut self, message: Message) -> Result<()> {
        self.callback(|view, socket| view.handle_info(message, socket))
    }

    /// Looks at the state of a live component; none if there is none with this id.
    pub fn component<C: LiveComponent, R>(&self, id: &str, look: impl FnOnce(&C) -> R) -> Option<R> {
        self.refuse_if_ended().ok()?;
        registry::look(id, look)
    }

    /// Runs the tasks that callbacks have started, one after the other, as a host does beside the view: what each reports
    /// is handed to the view, then its end, then the view renders. Tasks that they lead to are run as well, up to a hundred.
    ///
    /// # Errors
    ///
    /// What the view refused, or `internal` when the document breaks the contract, or when there is no end of tasks.
    pub fn run_tasks(&mut self) -> Result<()> {
        for _ in 0..MAX_TASKS {
            let next = self.effects.iter().position(|effect| matches!(effect, Effect::StartTask(_)));
            let Some(Effect::StartTask(task)) = next.map(|index| self.effects.remove(index)) else {
                return Ok(());
            };
            let types::TaskRequest { name, key, input } = task;
            let answer = V::run_task(&name, &input);
            for data in task::reported_natively() {
                let message = types::Message::TaskProgress(types::TaskProgress { key: key.clone(), data });
                self.callback(|view, socket| view.handle_info(message, socket))?;
            }
            let outcome = answer.map_or_else(types::TaskOutcome::Failed, types::TaskOutcome::Done);
            self.end_task(&key, outcome)?;
        }
        Err(Failure::internal("each task leads to another one"))
    }

    /// Tells the view how a task has ended, one that was started or that a test thinks of; then renders.
    ///
    /// # Errors
    ///
    /// As [`View::callback`].
    pub fn end_task(&mut self, key: &str, outcome: types::TaskOutcome) -> Result<()> {
        let done = types::TaskResult { key: key.to_owned(), outcome };
        self.callback(|view, socket| view.handle_task(done, socket))
    }

    /// Calls a callback, or changes the view's state directly, then renders.
    ///
    /// # Errors
    ///
    /// What the callback refused, or `internal` when the document breaks the contract.
    pub fn callback(&mut self, call: impl FnOnce(&mut V, &mut Socket) -> Result<()>) -> Result<()> {
        self.refuse_if_ended()?;
        let mut socket = Socket::default();
        let called = kept(|| {
            call(&mut self.view, &mut socket)?;
            socket.into_outcome()
        });
        self.show(called?.effects, Scope::Changes)
    }

    /// Renders all of it, as a host asks for after it lost a document.
    ///
    /// # Errors
    ///
    /// `internal` when the document breaks the contract.
    pub fn everything(&mut self) -> Result<()> {
        self.refuse_if_ended()?;
        self.show(Vec::new(), Scope::Everything)
    }

    /// The view's state.
    pub fn state(&self) -> &V {
        &self.view
    }

    /// The page as the browser would have it after all documents so far.
    pub fn html(&self) -> String {
        self.appended.show(self.page.html())
    }

    /// The last document, short: slots in brackets, `=` for one that was not evaluated, `-` for an empty one,
    /// text in quotes, markup in angle brackets; a list is `{order …; row: [slots]; …}`, its order only if it changed;
    /// `#1` is the live component 1, and behind the page each of them stands as `#1 […]`;
    /// a stream is `{stream name; reset; -deleted; inserted@index of limit [slots]; …}`, with `?` for an update only.
    pub fn changes(&self) -> &str {
        &self.changes
    }

    /// How many templates the host holds the literal parts of; all instances of a component have at most 2,048 together.
    pub fn templates(&self) -> usize {
        self.page.templates()
    }

    /// What callbacks have asked for since this was last called.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn make(make: impl FnOnce(&mut Socket) -> Result<V>) -> Result<Self> {
        let number = CURRENT.get() + 1;
        CURRENT.set(number);
        rendering::forget();
        let mut socket = Socket::default();
        let made = kept(|| {
            let view = make(&mut socket)?;
            Ok((Box::new(view), socket.into_outcome()?.effects))
        });
        let (view, effects) = made?;
        let (page, appended, changes) = (Page::default(), Appended::default(), String::new());
        presence::host::forget_own();
        let mut view = Self { view, page, appended, changes, effects: Vec::new(), number };
        view.show(effects, Scope::Everything)?;
        Ok(view)
    }

    /// Renders, and does to the page what a callback has asked for.
    fn show(&mut self, effects: Vec<Effect>, scope: Scope) -> Result<()> {
        presence::host::carry_out(&effects);
        self.render(scope)?;
        let html = self.page.html();
        self.appended.settle(&html);
        self.appended.take(&effects, &html);
        self.effects.extend(effects);
        Ok(())
    }

    fn render(&mut self, scope: Scope) -> Result<()> {
        let missing = self.merge(scope)?;
        if !missing.is_empty() {
            let changes = std::mem::take(&mut self.changes);
            self.merge(Scope::Components(missing))?;
            self.changes = changes + " then " + &self.changes;
        }
        registry::remove(&self.page.take_gone());
        Ok(())
    }

    fn merge(&mut self, scope: Scope) -> Result<Vec<u32>> {
        let tree = rendering::render(|| self.view.render(), scope.clone())?;
        self.changes = shown::shown(&tree);
        self.page
            .merge(tree, &scope)
            .map_err(|fault| Failure::internal(format!("the document is wrong: {fault}")))
    }

    fn refuse_if_ended(&self) -> Result<()> {
        if CURRENT.get() == self.number {
            return Ok(());
        }
        Err(Failure::not_here("another view was mounted on this thread: each thread has one at a time"))
    }
}

/// Calls a callback: what it writes is kept if it went well, and so is what the test has written before.
fn kept<R>(call: impl FnOnce() -> Result<R>) -> Result<R> {
    kv::native::settle(true);
    let outcome = call();
    kv::native::settle(outcome.is_ok());
    outcome
}

/// Lets somebody in under a topic, as another page would: [`presence::members`] answers with it, on this thread.
pub fn enter(topic: &str, key: &str, meta: &impl Serialize) {
    // What cannot be written is nobody.
    if let Ok(meta) = message::written(meta) {
        presence::host::enter(topic, key, meta);
    }
}

/// Lets somebody go whom [`enter`] has let in, with all their tabs.
pub fn leave(topic: &str, key: &str) {
    presence::host::leave(topic, key);
}

/// What somebody has announced, for [`View::message`].
///
/// # Errors
///
/// `internal` when it is no variant of an enum.
pub fn published(topic: &str, message: &impl Serialize) -> Result<Message> {
    let (name, payload) = message::announced(topic, message)?;
    Ok(Message::Published(Publication { topic: topic.to_owned(), name, payload }))
}

impl<V: LiveView + State> View<V> {
    /// The view's state as bytes.
    ///
    /// # Errors
    ///
    /// As [`State::snapshot`].
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        self.view.snapshot()
    }

    /// Makes a view from a snapshot instead of mounting it, as a host does: then comes `connected`, and all of the page.
    ///
    /// # Errors
    ///
    /// What `restore` or `connected` refused, or `internal` when the document breaks the contract.
    pub fn restore(snapshot: &[u8], context: &Context) -> Result<Self> {
        Self::make(|socket| {
            let mut view = V::restore(snapshot)?;
            view.connected(context, socket)?;
            Ok(view)
        })
    }
}
