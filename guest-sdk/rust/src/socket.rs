//! What a callback asks the host to do.
//!
//! Effects are data: they are collected here and carried out only when the callback answers `Ok`.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::bindings::hothouse::live::types::{
    Address, Announcement, Effect, NamedPayload, Outcome, Pair, PresenceEntry, PresenceKey, TaskRequest,
    TextAppend, TimerRequest, UploadEntryKey,
};
use crate::failure::{Failure, Result};
use crate::html::ToText;
use crate::js::JS;
use crate::json::Json;
use crate::live_component::LiveComponent;
use crate::task::{self, Async, Task};
use crate::{message, registry};

pub use crate::bindings::hothouse::live::types::UploadRules;

/// Collects what a callback asks for. Given to every callback.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// fn saved(socket: &mut Socket) {
///     socket.put_flash("info", "Saved");
///     socket.push_patch("/tasks");
/// }
/// ```
#[derive(Default)]
pub struct Socket {
    effects: Vec<Effect>,
    /// The first thing that could not be written.
    failure: Option<Failure>,
    /// What live components are given.
    updates: Vec<Box<dyn FnOnce()>>,
}

/// What happens to the browser's history on a navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// A new entry: the back button returns to this page.
    Push,
    /// The current entry is replaced.
    Replace,
}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Socket").field("effects", &self.effects).finish_non_exhaustive()
    }
}

impl Socket {
    /// Sets the page's title.
    pub fn page_title(&mut self, title: impl Into<String>) {
        self.effects.push(Effect::Title(title.into()));
    }

    /// Answers the event that is being handled, for a hook that waits for a reply.
    pub fn reply(&mut self, payload: impl Into<Json>) {
        self.effects.push(Effect::Reply(payload.into().into_text()));
    }

    /// Sends an event to the hooks of the page. The payload is an object.
    pub fn push_event(&mut self, name: impl Into<String>, payload: impl Into<Json>) {
        let payload = payload.into().into_text();
        self.effects.push(Effect::PushEvent(NamedPayload { name: name.into(), payload }));
    }

    /// Has the page carry out commands once it shows what the view renders now. They are for the view's element unless they
    /// name others.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// fn saved(socket: &mut Socket) {
    ///     socket.push_js(JS::new().hide("#editor").focus("#new"));
    /// }
    /// ```
    pub fn push_js<Last>(&mut self, commands: JS<Last>) {
        let payload = format!("{{\"js\":{}}}", commands.into_text());
        self.effects.push(Effect::PushEvent(NamedPayload { name: "hothouse:js".to_owned(), payload }));
    }

    /// Shows a flash message of a kind such as `info` or `error`.
    pub fn put_flash(&mut self, kind: impl Into<String>, message: impl Into<String>) {
        self.effects.push(Effect::PutFlash(Pair { name: kind.into(), value: message.into() }));
    }

    /// Removes the flash message of one kind.
    pub fn clear_flash(&mut self, kind: impl Into<String>) {
        self.effects.push(Effect::ClearFlash(Some(kind.into())));
    }

    /// Removes all flash messages.
    pub fn clear_all_flash(&mut self) {
        self.effects.push(Effect::ClearFlash(None));
    }

    /// Changes the address within this view; `handle_params` follows.
    pub fn push_patch(&mut self, to: impl Into<String>) {
        self.patch(to, History::Push);
    }

    /// Changes the address within this view, choosing what happens to the history.
    pub fn patch(&mut self, to: impl Into<String>, history: History) {
        self.effects.push(Effect::Patch(address(to, history)));
    }

    /// Goes to another view over the same socket.
    pub fn push_navigate(&mut self, to: impl Into<String>) {
        self.navigate(to, History::Push);
    }

    /// Goes to another view over the same socket, choosing what happens to the history.
    pub fn navigate(&mut self, to: impl Into<String>, history: History) {
        self.effects.push(Effect::Navigate(address(to, history)));
    }

    /// Loads another page.
    pub fn redirect(&mut self, to: impl Into<String>) {
        self.effects.push(Effect::Redirect(to.into()));
    }

    /// Receives from now on what is announced under a topic, as `Message::Published`.
    pub fn subscribe(&mut self, topic: impl Into<String>) {
        self.effects.push(Effect::Subscribe(topic.into()));
    }

    /// Ends a subscription.
    pub fn unsubscribe(&mut self, topic: impl Into<String>) {
        self.effects.push(Effect::Unsubscribe(topic.into()));
    }

    /// Announces something to all who have subscribed to a topic, this view too if it has. It is a variant of the topic's
    /// enum: they read it with [`Publication::read`](crate::Publication::read).
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// use serde::{Deserialize, Serialize};
    ///
    /// /// What is announced under `room`.
    /// #[derive(Serialize, Deserialize)]
    /// enum RoomMessage { Said { by: String, text: String }, Closed }
    ///
    /// fn say(text: String, socket: &mut Socket) {
    ///     socket.broadcast("room", &RoomMessage::Said { by: "Ann".to_owned(), text });
    /// }
    /// ```
    pub fn broadcast(&mut self, topic: impl Into<String>, message: &impl Serialize) {
        self.announce(topic.into(), message, false);
    }

    /// The same to all but this view.
    pub fn broadcast_from(&mut self, topic: impl Into<String>, message: &impl Serialize) {
        self.announce(topic.into(), message, true);
    }

    fn announce(&mut self, topic: String, message: &impl Serialize, skip_self: bool) {
        if let Some((name, payload)) = self.kept(message::announced(&topic, message)) {
            self.effects.push(Effect::Broadcast(Announcement { topic, name, payload, skip_self }));
        }
    }

    /// Sends `Message::Timer(name)` once, after some time: 100 ms at least. A timer that runs under the name is replaced.
    pub fn send_after(&mut self, name: impl Into<String>, after: Duration) {
        self.start_timer(name.into(), after, false);
    }

    /// Sends `Message::Timer(name)` again and again, each time after so long: 100 ms at least. A timer that runs under the
    /// name is replaced.
    ///
    /// ```
    /// use std::time::Duration;
    /// use hothouse_sdk::prelude::*;
    /// fn connected(socket: &mut Socket) {
    ///     socket.send_every("tick", Duration::from_secs(1));
    /// }
    /// ```
    pub fn send_every(&mut self, name: impl Into<String>, every: Duration) {
        self.start_timer(name.into(), every, true);
    }

    fn start_timer(&mut self, name: String, after: Duration, repeat: bool) {
        let after_ms = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
        self.effects.push(Effect::StartTimer(TimerRequest { name, after_ms, repeat }));
    }

    /// Stops a timer.
    pub fn cancel_timer(&mut self, name: impl Into<String>) {
        self.effects.push(Effect::CancelTimer(name.into()));
    }

    /// Sends this view `Message::Sent` with the message as JSON, for [`read_json`](crate::read_json): after the page was told
    /// what this callback has changed, and before whatever else waits.
    pub fn send_self(&mut self, message: &impl Serialize) {
        if let Some(json) = self.kept(message::written(message)) {
            self.effects.push(Effect::SendSelf(json));
        }
    }

    /// Starts background work: Phoenix's `start_async`. What it reports arrives as `Message::TaskProgress` with this key,
    /// and its end at [`handle_task`](crate::LiveView::handle_task). A task that runs under the key is cancelled, and
    /// nothing of it arrives any more. A view has at most 4 tasks at once. See [`task`](crate::task).
    pub fn start_task<T: Task>(&mut self, key: impl Into<String>, task: T) {
        if let Some(input) = self.kept(task::encode("what a task is given", &task)) {
            let (name, key) = (T::NAME.to_owned(), key.into());
            self.effects.push(Effect::StartTask(TaskRequest { name, key, input }));
        }
    }

    /// Cancels the task of this key: Phoenix's `cancel_async`. It ends with `TaskOutcome::Cancelled`.
    pub fn cancel_task(&mut self, key: impl Into<String>) {
        self.effects.push(Effect::CancelTask(key.into()));
    }

    /// Has a task bring a value, which is loading until then: Phoenix's `assign_async`. A task that was to bring it before
    /// is cancelled. See [`Async`].
    pub fn assign_async<T: Task>(&mut self, assign: &mut Async<T::Output>, task: T) {
        let key = assign.begin(T::NAME);
        self.start_task(key, task);
    }

    /// Cancels the task that is to bring a value, if there is one: it is not loading any more, and what was there stays.
    pub fn cancel_async<T>(&mut self, assign: &Async<T>) {
        if let Some(key) = assign.loading() {
            self.cancel_task(key);
        }
    }

    /// Makes somebody known as present under a topic, by a key: for as long as this view lives. The meta is what others may
    /// know, a struct; they ask for it with [`presence::members`](crate::presence::members). Several tabs of one person are
    /// one member with several metas.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Person { name: String, writes: bool }
    ///
    /// fn connected(user: &str, socket: &mut Socket) {
    ///     socket.subscribe("room");
    ///     socket.track_presence("room", user, &Person { name: "Ann".to_owned(), writes: false });
    /// }
    /// ```
    pub fn track_presence(
        &mut self,
        topic: impl Into<String>,
        key: impl Into<String>,
        meta: &impl Serialize,
    ) {
        if let Some(entry) = self.presence(topic, key, meta) {
            self.effects.push(Effect::TrackPresence(entry));
        }
    }

    /// Changes what is known of somebody whom this view has made known.
    pub fn update_presence(
        &mut self,
        topic: impl Into<String>,
        key: impl Into<String>,
        meta: &impl Serialize,
    ) {
        if let Some(entry) = self.presence(topic, key, meta) {
            self.effects.push(Effect::UpdatePresence(entry));
        }
    }

    fn presence(
        &mut self,
        topic: impl Into<String>,
        key: impl Into<String>,
        meta: &impl Serialize,
    ) -> Option<PresenceEntry> {
        let meta = self.kept(message::written(meta))?;
        Some(PresenceEntry { topic: topic.into(), key: key.into(), meta })
    }

    /// Ends a presence that this view has made known.
    pub fn untrack_presence(&mut self, topic: impl Into<String>, key: impl Into<String>) {
        self.effects.push(Effect::UntrackPresence(PresenceKey { topic: topic.into(), key: key.into() }));
    }

    /// Accepts uploads under a name.
    pub fn allow_upload(&mut self, rules: UploadRules) {
        self.effects.push(Effect::AllowUpload(rules));
    }

    /// Accepts no more uploads under a name.
    pub fn disallow_upload(&mut self, name: impl Into<String>) {
        self.effects.push(Effect::DisallowUpload(name.into()));
    }

    /// Cancels one upload.
    pub fn cancel_upload(&mut self, name: impl Into<String>, entry: impl Into<String>) {
        self.effects.push(Effect::CancelUpload(UploadEntryKey { name: name.into(), entry: entry.into() }));
    }

    /// Puts values into the browser's session, each in the place of the one of its name; an empty value takes it away.
    /// The page is loaded again with them: where `push_navigate`, `push_patch` or `redirect` say in the same callback, else
    /// where it is. Nothing happens if they are there already. See [`Context::session`](crate::Context::session).
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// fn signed_in(user: &str, socket: &mut Socket) {
    ///     socket.put_session([("user", user)]);
    ///     socket.push_navigate("/desk");
    /// }
    /// ```
    pub fn put_session<N: Into<String>, V: Into<String>>(
        &mut self,
        values: impl IntoIterator<Item = (N, V)>,
    ) {
        let pairs = values.into_iter().map(|(name, value)| Pair { name: name.into(), value: value.into() });
        self.effects.push(Effect::PutSession(pairs.collect()));
    }

    /// Takes one value out of the browser's session, as [`Socket::put_session`] puts it in.
    pub fn remove_session(&mut self, name: impl Into<String>) {
        self.put_session([(name, "")]);
    }

    /// Empties the browser's session: whoever was signed in is not any more. The page is loaded again, as with
    /// [`Socket::put_session`].
    pub fn clear_session(&mut self) {
        self.effects.push(Effect::ClearSession);
    }

    /// Gives a live component attributes: its `update` is called as soon as this callback has answered `Ok`. Nothing
    /// happens if there is no such component.
    pub fn send_update<C: LiveComponent>(&mut self, id: impl ToText, attributes: C::Attributes) {
        let id = id.into_text();
        self.updates.push(Box::new(move || registry::update::<C>(id, attributes)));
    }

    /// Appends text to an element; [`GrowingText`](crate::GrowingText) keeps account of it.
    pub(crate) fn append_text(&mut self, append: TextAppend) {
        self.effects.push(Effect::AppendText(append));
    }

    /// What was asked for could not be written: then the callback as a whole fails.
    fn kept<T>(&mut self, written: Result<T>) -> Option<T> {
        written.map_err(|failure| self.failure.get_or_insert(failure).kind).ok()
    }

    /// # Errors
    ///
    /// Something that was asked for cannot be written.
    pub(crate) fn into_outcome(self) -> Result<Outcome> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.updates.into_iter().for_each(|update| update());
        Ok(Outcome { effects: self.effects })
    }
}

fn address(to: impl Into<String>, history: History) -> Address {
    Address { to: to.into(), replace: history == History::Replace }
}
