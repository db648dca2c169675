//! An element of the page, and what a person does with it.

use std::future::Future;
use std::panic::Location;

use scraper::ElementRef;
use serde_json::{Map, Value, json};

use crate::commands::{self, Happening, Kind, Step, is_shown};
use crate::document::{closest, list, place, text_of};
use crate::error::{Code, Problem, Result};
use crate::form::controls::{Control, is_disabled};
use crate::form::phx_values;
use crate::view::View;

type Outcome<T = ()> = std::result::Result<T, Problem>;

/// One element of a page; see [`View::element`].
#[derive(Debug)]
#[must_use = "nothing has been done with it yet"]
pub struct Element<'a> {
    view: &'a mut View,
    selector: String,
    text: Option<String>,
}

/// Something that happens to an element by itself: no link, no form.
#[derive(Debug)]
struct Gesture {
    /// What is sent as `type`.
    name: &'static str,
    /// The bindings that hear of it.
    bindings: &'static [&'static str],
    key: Option<String>,
}

impl<'a> Element<'a> {
    pub(crate) fn new(view: &'a mut View, selector: String, text: Option<String>) -> Self {
        Self { view, selector, text }
    }

    /// Clicks on it: follows `phx-click` of it or of what it stands in, a link, or a button that submits its form.
    ///
    /// A link that patches stays in the view; any other leaves the page, and [`View::follow`] goes along.
    ///
    /// # Errors
    /// [`Code::Missing`] and [`Code::Ambiguous`] when it is not one element, [`Code::Unusable`] when it is disabled or a
    /// click on it does nothing, and whatever becomes of the click.
    #[track_caller]
    pub fn click(self) -> impl Future<Output = Result> + Send + use<'a> {
        let at = Location::caller();
        async move { self.press(Map::new()).await.map_err(|problem| problem.at(at)) }
    }

    /// Clicks on it, and sends these values with the event as well, as a page's script may do with the `metadata` of its
    /// `LiveSocket`.
    ///
    /// # Errors
    /// As [`Element::click`].
    #[track_caller]
    pub fn click_with(self, values: Value) -> impl Future<Output = Result> + Send + use<'a> {
        let at = Location::caller();
        let values = values.as_object().cloned().unwrap_or_default();
        async move { self.press(values).await.map_err(|problem| problem.at(at)) }
    }

    /// Clicks on something else, which this element hears of (`phx-click-away`). Other clicks tell it as well.
    ///
    /// # Errors
    /// As [`Element::click`].
    #[track_caller]
    pub fn click_away(self) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-click-away"];
        self.gesture(Gesture { name: "click", bindings, key: None }, Location::caller())
    }

    /// Presses a key in it, or anywhere if it listens to the window: `"Enter"`, `"a"`, …
    ///
    /// # Errors
    /// As [`Element::click`], and when it listens to another key.
    #[track_caller]
    pub fn key_down(self, key: &str) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-keydown", "phx-window-keydown"];
        self.gesture(Gesture { name: "keydown", bindings, key: Some(key.to_owned()) }, Location::caller())
    }

    /// Lets go of a key.
    ///
    /// # Errors
    /// As [`Element::key_down`].
    #[track_caller]
    pub fn key_up(self, key: &str) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-keyup", "phx-window-keyup"];
        self.gesture(Gesture { name: "keyup", bindings, key: Some(key.to_owned()) }, Location::caller())
    }

    /// Gives it the focus.
    ///
    /// # Errors
    /// As [`Element::click`].
    #[track_caller]
    pub fn focus(self) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-focus", "phx-window-focus"];
        self.gesture(Gesture { name: "focus", bindings, key: None }, Location::caller())
    }

    /// Takes the focus from it.
    ///
    /// # Errors
    /// As [`Element::click`].
    #[track_caller]
    pub fn blur(self) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-blur", "phx-window-blur"];
        self.gesture(Gesture { name: "blur", bindings, key: None }, Location::caller())
    }

    /// Scrolls to the end of it: its last child has come into sight (`phx-viewport-bottom`).
    ///
    /// # Errors
    /// As [`Element::click`], and when it has no children.
    #[track_caller]
    pub fn scroll_to_bottom(self) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-viewport-bottom"];
        self.gesture(Gesture { name: "js", bindings, key: None }, Location::caller())
    }

    /// Scrolls to the start of it (`phx-viewport-top`).
    ///
    /// # Errors
    /// As [`Element::scroll_to_bottom`].
    #[track_caller]
    pub fn scroll_to_top(self) -> impl Future<Output = Result> + Send + use<'a> {
        let bindings = &["phx-viewport-top"];
        self.gesture(Gesture { name: "js", bindings, key: None }, Location::caller())
    }

    /// Its text, as a person reads it: white space is one space.
    ///
    /// # Errors
    /// [`Code::Missing`] and [`Code::Ambiguous`] when it is not one element.
    #[track_caller]
    pub fn text(self) -> Result<String> {
        let at = Location::caller();
        self.find().map(text_of).map_err(|problem| problem.at(at))
    }

    /// One of its attributes.
    ///
    /// # Errors
    /// As [`Element::text`].
    #[track_caller]
    pub fn attribute(self, name: &str) -> Result<Option<String>> {
        let at = Location::caller();
        let attribute = |element: ElementRef<'_>| element.attr(name).map(str::to_owned);
        self.find().map(attribute).map_err(|problem| problem.at(at))
    }

    fn find(&self) -> Outcome<ElementRef<'_>> {
        self.view.document.one(&self.selector, self.text.as_deref())
    }

    fn unusable(&self, element: ElementRef<'_>, why: &str) -> Problem {
        Problem::new(Code::Unusable, format!("{why}:\n{}", list(&[element]))).and(&self.view.document.shown())
    }

    async fn press(self, more: Map<String, Value>) -> Outcome {
        let steps = self.pressed(&more)?;
        self.view.typing.left();
        self.view.perform(steps).await
    }

    /// What a click on the element is: what hears of it, and then what the browser does by itself.
    fn pressed(&self, more: &Map<String, Value>) -> Outcome<Vec<Step>> {
        let element = self.find()?;
        let control = closest(element, |around| Control::read(around).is_some());
        if control.is_some_and(is_disabled) {
            return Err(self.unusable(element, "it is disabled: a click on it does nothing"));
        }
        let view = &*self.view;
        let plan = |source: ElementRef<'_>, binding: &str| {
            let mut value = self.values(source, true);
            value.extend(more.clone());
            let kind = Kind::Event { name: "click", value };
            commands::plan(&view.document, binding, &Happening { source: source.id(), kind })
        };
        let (mut steps, mut is_heard) = (Vec::new(), false);
        let link = closest(element, |around| around.value().name() == "a" && around.attr("href").is_some());
        let href = link.and_then(|link| link.attr("href")).unwrap_or_default();
        if let Some(live) = link.filter(|link| link.attr("data-phx-link").is_some()) {
            let is_patch = live.attr("data-phx-link") == Some("patch");
            steps.push(if is_patch { Step::Patch(href.to_owned()) } else { Step::Navigate(href.to_owned()) });
            if let Some(binding) = live.attr("phx-click") {
                steps.extend(plan(live, binding)?);
            }
            return Ok(steps);
        }
        for (binding, away) in self.clicked_away(element) {
            steps.extend(plan(away, &binding)?);
        }
        let bound = closest(element, |around| around.attr("phx-click").is_some());
        if let Some(bound) = bound {
            steps.extend(plan(bound, bound.attr("phx-click").unwrap_or_default())?);
            is_heard = true;
        }
        is_heard |= link.is_some();
        if link.is_some() && !(bound.is_some() && href == "#") {
            steps.push(Step::Load(href.to_owned()));
        } else if let Some(button) = control.filter(|_| link.is_none()) {
            let submits = Control::read(button).is_some_and(|control| control.submits());
            let form = match button.attr("form") {
                Some(id) => view.document.by_id(id),
                None => closest(button, |around| around.value().name() == "form"),
            };
            if let Some(form) = form.filter(|_| submits) {
                steps.extend(view.submission(form.id(), Some(button.id()))?);
                is_heard = true;
            } else if form.is_some() && button.attr("type") == Some("reset") {
                steps.push(Step::Reset(place(button)));
                is_heard = true;
            }
        }
        if !is_heard {
            let is_field =
                matches!(element.value().name(), "input" | "select" | "textarea" | "option" | "label");
            return Err(self.unusable(
                element,
                if is_field {
                    "a click on a field changes it: use `form(…).fill(…).change()`"
                } else {
                    "a click on it does nothing: it has no `phx-click`, is no link, and submits no form"
                },
            ));
        }
        Ok(steps)
    }

    /// Elements that hear of clicks on others.
    fn clicked_away<'b>(&'b self, clicked: ElementRef<'b>) -> impl Iterator<Item = (String, ElementRef<'b>)> {
        let is_around = move |element: &ElementRef<'_>| {
            self.view.document.within(clicked).any(|around| around.id() == element.id())
        };
        self.view.document.elements().filter(move |element| !is_around(element)).filter_map(|element| {
            let binding = element.attr("phx-click-away")?.to_owned();
            let is_shown = closest(element, |around| !is_shown(around)).is_none();
            is_shown.then_some((binding, element))
        })
    }

    /// What an event of the element carries.
    fn values(&self, element: ElementRef<'_>, is_click: bool) -> Map<String, Value> {
        let mut values = phx_values(element);
        if element.value().name() == "li" {
            let number = element.attr("value").and_then(|value| value.parse::<i64>().ok()).unwrap_or(0);
            values.insert("value".to_owned(), json!(number));
        } else if let Some(control) = Control::read(element) {
            let typed = closest(element, |around| around.value().name() == "form")
                .and_then(|form| {
                    let controls = self.view.typing.controls(&self.view.document, form);
                    controls.into_iter().find(|typed| typed.node == element.id())
                })
                .unwrap_or(control);
            // A browser checks it before anything hears of the click.
            let typed = if is_click { typed.clicked() } else { typed };
            values.extend(typed.property().map(|value| ("value".to_owned(), Value::from(value))));
        }
        values
    }

    async fn gesture(self, gesture: Gesture, at: &'static Location<'static>) -> Result {
        let (binding, happening) = self.heard(&gesture).map_err(|problem| problem.at(at))?;
        self.view.happen(&binding, &happening).await.map_err(|problem| problem.at(at))
    }

    fn heard(&self, gesture: &Gesture) -> Outcome<(String, Happening)> {
        let element = self.find()?;
        let bound = gesture.bindings.iter().find_map(|name| element.attr(name));
        let Some(binding) = bound else {
            let why = format!("it hears nothing of it: it has no `{}`", gesture.bindings.join("` and no `"));
            return Err(self.unusable(element, &why));
        };
        let mut value = Map::new();
        if let Some(key) = &gesture.key {
            if let Some(only) = element.attr("phx-key").filter(|only| !only.eq_ignore_ascii_case(key)) {
                return Err(
                    self.unusable(element, &format!("it hears of the key {only:?} alone, not of {key:?}"))
                );
            }
            value.insert("key".to_owned(), json!(key));
        }
        if gesture.name == "js" {
            let last = gesture.bindings.contains(&"phx-viewport-bottom");
            let mut rows = element.child_elements();
            let Some(row) = (if last { rows.last() } else { rows.next() }) else {
                return Err(self.unusable(element, "it has no children that could come into sight"));
            };
            value.insert("id".to_owned(), json!(row.attr("id")));
        } else {
            value.extend(self.values(element, false));
        }
        let kind = Kind::Event { name: gesture.name, value };
        Ok((binding.to_owned(), Happening { source: element.id(), kind }))
    }
}
