//! Commands that the client carries out by itself: `phx-click={JS::new().hide("#menu").push(Event::CLOSED)}`.
//!
//! The encoding is that of the client: a list of `[name, arguments]`, absent options left out.

use std::fmt;
use std::marker::PhantomData;

use crate::html::ToText;
use crate::json::{Json, write_text};

/// A list of commands for a binding such as `phx-click`, `phx-remove` or `phx-mounted`.
///
/// Commands run in order, at once, without asking the view; `push` sends it an event. Options follow the command that
/// they belong to. A command without other arguments takes the elements it is for, [`To::This`] for the element of the
/// binding; the others are for that element unless [`to`](Self::to) follows.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// fn modal(children: Html) -> Html {
///     html! {
///         <div id="modal" hidden>{children}
///             <button phx-click={JS::new().push("close").page_loading().hide("#modal").time(300).with_transition("fade")}>
///                 "Close"
///             </button>
///         </div>
///         <button phx-click={JS::new().show("#modal").focus_first("#modal").toggle_class("open").to(To::closest("li"))}>
///             "Open"
///         </button>
///     }
/// }
/// ```
#[must_use]
pub struct JS<Last = ()> {
    /// The list so far.
    text: String,
    /// The last command may still be given options.
    open: bool,
    last: PhantomData<Last>,
}

/// What stands in for the last command of a list, so that only its own options may follow.
pub mod command {
    /// Sends an event.
    #[derive(Debug)]
    pub enum Push {}
    /// Goes to another page or address.
    #[derive(Debug)]
    pub enum Navigate {}
    /// Shows or hides.
    #[derive(Debug)]
    pub enum Visibility {}
    /// Shows what is hidden, and hides what is shown.
    #[derive(Debug)]
    pub enum Toggle {}
    /// Changes classes.
    #[derive(Debug)]
    pub enum Class {}
    /// Runs a transition.
    #[derive(Debug)]
    pub enum Transition {}
    /// Dispatches an event of the DOM.
    #[derive(Debug)]
    pub enum Dispatch {}
    /// Does something with elements, without options.
    #[derive(Debug)]
    pub enum Other {}
    /// Moves the focus.
    #[derive(Debug)]
    pub enum Focus {}

    /// Commands that take time.
    pub trait Timed {}
    impl Timed for Visibility {}
    impl Timed for Toggle {}
    impl Timed for Class {}
    impl Timed for Transition {}

    /// Commands with a transition beside what they do.
    pub trait WithTransition: Timed {}
    impl WithTransition for Visibility {}
    impl WithTransition for Class {}

    /// Commands that show something.
    pub trait Displays {}
    impl Displays for Visibility {}
    impl Displays for Toggle {}

    /// Commands that are for the element of their binding, or for others.
    pub trait Targeted {}
    impl Targeted for Class {}
    impl Targeted for Transition {}
    impl Targeted for Dispatch {}
    impl Targeted for Other {}
}

use command::*;

/// The elements that a command is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// The element of the binding.
    This,
    /// All elements of the page that a selector finds.
    All(String),
    /// The nearest element around that of the binding.
    Closest(String),
    /// Elements inside of that of the binding.
    Inner(String),
}

impl To {
    /// The nearest element around, by its selector.
    pub fn closest(selector: impl Into<String>) -> Self {
        Self::Closest(selector.into())
    }

    /// The elements inside, by their selector.
    pub fn inner(selector: impl Into<String>) -> Self {
        Self::Inner(selector.into())
    }
}

impl From<&str> for To {
    fn from(selector: &str) -> Self {
        Self::All(selector.to_owned())
    }
}

impl From<&String> for To {
    fn from(selector: &String) -> Self {
        Self::All(selector.clone())
    }
}

impl From<String> for To {
    fn from(selector: String) -> Self {
        Self::All(selector)
    }
}

/// Classes of a transition: while it runs, at its start, at its end. Each is a list of names between spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps<'a>(&'a str, &'a str, &'a str);

impl<'a> From<&'a str> for Steps<'a> {
    fn from(run: &'a str) -> Self {
        Self(run, "", "")
    }
}

impl<'a> From<(&'a str, &'a str, &'a str)> for Steps<'a> {
    fn from((run, start, end): (&'a str, &'a str, &'a str)) -> Self {
        Self(run, start, end)
    }
}

impl JS {
    /// No commands.
    pub fn new() -> Self {
        Self { text: "[".to_owned(), open: false, last: PhantomData }
    }
}

/// How an event with a target begins, and ends.
const TARGETED: &str = "[[\"push\",{";
const TARGETED_END: &str = "}]]";

/// An event of a live component, which has no other way to say so than a command.
pub(crate) fn targeted(event: &str, cid: u32) -> String {
    let push = JS::new().command::<Push>("push").text("event", event).json("target", &cid.to_string());
    push.to_text()
}

impl Default for JS {
    fn default() -> Self {
        Self::new()
    }
}

impl<Last> JS<Last> {
    /// Sends an event to the view, or to the live component whose own it is.
    pub fn push(self, event: impl ToText) -> JS<Push> {
        let event = event.into_text();
        match event.strip_prefix(TARGETED).and_then(|event| event.strip_suffix(TARGETED_END)) {
            Some(arguments) => {
                let mut push = self.command("push");
                push.text.push_str(arguments);
                push
            }
            None => self.command("push").text("event", &event),
        }
    }

    /// Goes to another view over the same socket.
    pub fn navigate(self, href: impl ToText) -> JS<Navigate> {
        self.command("navigate").text("href", &href.into_text())
    }

    /// Changes the address within the view.
    pub fn patch(self, href: impl ToText) -> JS<Navigate> {
        self.command("patch").text("href", &href.into_text())
    }

    /// Shows elements.
    pub fn show(self, to: impl Into<To>) -> JS<Visibility> {
        self.command("show").elements(to.into())
    }

    /// Hides elements.
    pub fn hide(self, to: impl Into<To>) -> JS<Visibility> {
        self.command("hide").elements(to.into())
    }

    /// Shows elements that are hidden, and hides elements that are shown.
    pub fn toggle(self, to: impl Into<To>) -> JS<Toggle> {
        self.command("toggle").elements(to.into())
    }

    /// Adds classes, names between spaces.
    pub fn add_class(self, names: &str) -> JS<Class> {
        self.command("add_class").names("names", names)
    }

    /// Removes classes, names between spaces.
    pub fn remove_class(self, names: &str) -> JS<Class> {
        self.command("remove_class").names("names", names)
    }

    /// Adds classes that are missing, and removes those that are there; names between spaces.
    pub fn toggle_class(self, names: &str) -> JS<Class> {
        self.command("toggle_class").names("names", names)
    }

    /// Runs a transition.
    pub fn transition<'a>(self, steps: impl Into<Steps<'a>>) -> JS<Transition> {
        self.command("transition").steps("transition", steps.into())
    }

    /// Sets an attribute.
    pub fn set_attr(self, name: &str, value: impl ToText) -> JS<Other> {
        self.command("set_attr").list("attr", &[name, &value.into_text()])
    }

    /// Removes an attribute.
    pub fn remove_attr(self, name: &str) -> JS<Other> {
        self.command("remove_attr").text("attr", name)
    }

    /// Sets an attribute that is missing, and removes one that is there.
    pub fn toggle_attr(self, name: &str, value: impl ToText) -> JS<Other> {
        self.command("toggle_attr").list("attr", &[name, &value.into_text()])
    }

    /// Changes an attribute from one value to the other.
    pub fn toggle_attr_between(self, name: &str, first: impl ToText, second: impl ToText) -> JS<Other> {
        self.command("toggle_attr").list("attr", &[name, &first.into_text(), &second.into_text()])
    }

    /// Leaves attributes as they are in the browser, whatever the view says from now on; names between spaces. `*` is all
    /// of them, and a longer name with a `*` is a regular expression: `data-own-.*`. For an element from its beginning:
    /// `phx-mounted={JS::new().ignore_attrs("open")}`.
    pub fn ignore_attrs(self, names: &str) -> JS<Other> {
        self.command("ignore_attrs").names("attrs", names)
    }

    /// Moves the focus to an element.
    pub fn focus(self, to: impl Into<To>) -> JS<Focus> {
        self.command("focus").elements(to.into())
    }

    /// Moves the focus to the first element inside that can have it.
    pub fn focus_first(self, to: impl Into<To>) -> JS<Focus> {
        self.command("focus_first").elements(to.into())
    }

    /// Remembers an element for [`pop_focus`](Self::pop_focus).
    pub fn push_focus(self, to: impl Into<To>) -> JS<Focus> {
        self.command("push_focus").elements(to.into())
    }

    /// Moves the focus to the element that was remembered last.
    pub fn pop_focus(self) -> JS<Focus> {
        self.command("pop_focus")
    }

    /// Dispatches an event of the DOM.
    pub fn dispatch(self, event: &str) -> JS<Dispatch> {
        self.command("dispatch").text("event", event)
    }

    /// Runs the commands in an attribute of an element.
    pub fn exec(self, attribute: &str) -> JS<Other> {
        self.command("exec").text("attr", attribute)
    }

    /// Adds the commands of another list.
    pub fn and<Other>(self, other: JS<Other>) -> JS {
        let (mut text, other) = (self.closed(), other.closed());
        if text.len() > 1 && other.len() > 1 {
            text.push(',');
        }
        text.push_str(other.get(1..).unwrap_or_default());
        JS { text, open: false, last: PhantomData }
    }

    /// The same list, of the type of all lists.
    pub fn done(self) -> JS {
        JS { text: self.closed(), open: false, last: PhantomData }
    }

    /// The list with its last command closed, without its own end.
    fn closed(mut self) -> String {
        if self.open {
            self.text.push_str("}]");
        }
        self.text
    }

    fn command<Next>(self, name: &str) -> JS<Next> {
        let mut text = self.closed();
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str("[\"");
        text.push_str(name);
        text.push_str("\",{");
        JS { text, open: true, last: PhantomData }
    }

    fn name(&mut self, name: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        write_text(value, &mut self.text);
        self
    }

    /// A value that is JSON already.
    fn json(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        self.text.push_str(value);
        self
    }

    fn list(mut self, name: &str, values: &[&str]) -> Self {
        self.name(name);
        write_list(values.iter().copied(), &mut self.text);
        self
    }

    fn names(mut self, name: &str, names: &str) -> Self {
        self.name(name);
        write_list(names.split_whitespace(), &mut self.text);
        self
    }

    fn steps(mut self, name: &str, Steps(run, start, end): Steps<'_>) -> Self {
        self.name(name);
        self.text.push('[');
        for (index, names) in [run, start, end].into_iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            write_list(names.split_whitespace(), &mut self.text);
        }
        self.text.push(']');
        self
    }

    fn elements(mut self, to: To) -> Self {
        let (kind, selector) = match to {
            To::This => return self,
            To::All(selector) => return self.text("to", &selector),
            To::Closest(selector) => ("{\"closest\":", selector),
            To::Inner(selector) => ("{\"inner\":", selector),
        };
        self.name("to");
        self.text.push_str(kind);
        write_text(&selector, &mut self.text);
        self.text.push('}');
        self
    }
}

impl JS<Push> {
    /// The elements that receive the event instead of the view.
    pub fn target(self, selector: &str) -> Self {
        self.text("target", selector)
    }

    /// The live component that receives the event, by its number.
    pub fn target_component(self, component: u32) -> Self {
        self.json("target", &component.to_string())
    }

    /// The elements that show that the answer is awaited.
    pub fn loading(self, selector: &str) -> Self {
        self.text("loading", selector)
    }

    /// Shows that the page is loading until the answer is there.
    pub fn page_loading(self) -> Self {
        self.json("page_loading", "true")
    }

    /// What is sent with the event: an object.
    pub fn value(self, value: impl Into<Json>) -> Self {
        self.json("value", value.into().as_str())
    }
}

impl JS<Navigate> {
    /// Replaces the current entry of the browser's history.
    pub fn replace(self) -> Self {
        self.json("replace", "true")
    }
}

impl<Last: Timed> JS<Last> {
    /// How long it takes, in milliseconds: 200 unless it is said.
    pub fn time(self, milliseconds: u32) -> Self {
        self.json("time", &milliseconds.to_string())
    }

    /// Whether changes of the page wait until it is over: they do unless it is said.
    pub fn blocking(self, blocking: bool) -> Self {
        self.json("blocking", if blocking { "true" } else { "false" })
    }
}

impl<Last: WithTransition> JS<Last> {
    /// The transition with which it happens.
    pub fn with_transition<'a>(self, steps: impl Into<Steps<'a>>) -> Self {
        self.steps("transition", steps.into())
    }
}

impl<Last: Displays> JS<Last> {
    /// The `display` of what is shown: `block` unless it is said.
    pub fn display(self, display: &str) -> Self {
        self.text("display", display)
    }
}

impl JS<Toggle> {
    /// The transition with which elements are shown.
    pub fn ins<'a>(self, steps: impl Into<Steps<'a>>) -> Self {
        self.steps("ins", steps.into())
    }

    /// The transition with which elements are hidden.
    pub fn outs<'a>(self, steps: impl Into<Steps<'a>>) -> Self {
        self.steps("outs", steps.into())
    }
}

impl JS<Dispatch> {
    /// What the event carries: an object.
    pub fn detail(self, detail: impl Into<Json>) -> Self {
        self.json("detail", detail.into().as_str())
    }

    /// Whether the event bubbles: it does unless it is said.
    pub fn bubbles(self, bubbles: bool) -> Self {
        self.json("bubbles", if bubbles { "true" } else { "false" })
    }

    /// Changes of the page wait until a listener calls `detail.done()`.
    pub fn blocking(self) -> Self {
        self.json("blocking", "true")
    }
}

impl<Last: Targeted> JS<Last> {
    /// The elements that it is for.
    pub fn to(self, to: impl Into<To>) -> Self {
        self.elements(to.into())
    }
}

/// The list as the value of a binding.
impl<Last> ToText for JS<Last> {
    fn to_text(&self) -> String {
        self.clone().into_text()
    }

    fn into_text(self) -> String {
        let mut text = self.closed();
        text.push(']');
        text
    }
}

impl<Last> Clone for JS<Last> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), open: self.open, last: PhantomData }
    }
}

impl<Last> PartialEq for JS<Last> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<Last> fmt::Debug for JS<Last> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_text())
    }
}

fn write_list<'a>(values: impl Iterator<Item = &'a str>, out: &mut String) {
    out.push('[');
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(value, out);
    }
    out.push(']');
}
