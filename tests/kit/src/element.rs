//! An element of the page, and what a person does with it.

use std::future::Future;
use std::panic::Location;

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value, json};

use crate::commands::{Happening, Kind, is_shown};
use crate::document::{closest, list, text_of};
use crate::error::{Code, Problem, Result};
use crate::form::controls::{Control, is_disabled};
use crate::form::phx_values;
use crate::view::View;

type Outcome<T = ()> = std::result::Result<T, Problem>;

/// One element of a page; see [`View::element`].
#[derive(Debug)]
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
        match self.pressed(more)? {
            Press::Binding { binding, happening, away } => {
                for (binding, happening) in away {
                    self.view.happen(&binding, &happening).await?;
                }
                self.view.happen(&binding, &happening).await
            }
            Press::Link { href, kind, binding } => {
                match kind.as_deref() {
                    Some("patch") => self.view.patch(&href).await?,
                    Some(_) => self.view.navigate_to(&href),
                    None => self.view.load_link(&href),
                }
                match binding {
                    Some((binding, happening)) => self.view.happen(&binding, &happening).await,
                    None => Ok(()),
                }
            }
            Press::Submit { form, button } => self.view.submit_form(form, Some(button)).await,
        }
    }

    /// What a click on the element is.
    fn pressed(&self, more: Map<String, Value>) -> Outcome<Press> {
        let element = self.find()?;
        if closest(element, is_disabled).is_some() {
            return Err(self.unusable(element, "it is disabled: a click on it does nothing"));
        }
        let happening = |source: ElementRef<'_>| {
            let mut value = self.values(source);
            value.extend(more.clone());
            Happening { source: source.id(), kind: Kind::Event { name: "click", value } }
        };
        let link = closest(element, |around| around.value().name() == "a" && around.attr("href").is_some());
        let live = link.filter(|link| link.attr("data-phx-link").is_some());
        let bound = closest(element, |around| around.attr("phx-click").is_some());
        if let Some(link) = live {
            let binding = link.attr("phx-click").map(|binding| (binding.to_owned(), happening(link)));
            let kind = link.attr("data-phx-link").map(str::to_owned);
            return Ok(Press::Link { href: link.attr("href").unwrap_or_default().to_owned(), kind, binding });
        }
        if let Some(bound) = bound {
            let binding = bound.attr("phx-click").unwrap_or_default().to_owned();
            let away = self.clicked_away(element).map(|(binding, away)| (binding, happening(away))).collect();
            return Ok(Press::Binding { binding, happening: happening(bound), away });
        }
        if let Some(link) = link {
            let href = link.attr("href").unwrap_or_default().to_owned();
            return Ok(Press::Link { href, kind: None, binding: None });
        }
        let button =
            closest(element, |around| Control::read(around).is_some_and(|control| control.submits()));
        if let Some(button) = button {
            let form = match button.attr("form") {
                Some(id) => self.view.document.by_id(id),
                None => closest(button, |around| around.value().name() == "form"),
            };
            if let Some(form) = form {
                return Ok(Press::Submit { form: form.id(), button: button.id() });
            }
        }
        let is_field = matches!(element.value().name(), "input" | "select" | "textarea" | "option" | "label");
        Err(self.unusable(
            element,
            if is_field {
                "a click on a field changes it: use `form(…).fill(…).change()`"
            } else {
                "a click on it does nothing: it has no `phx-click`, is no link, and submits no form"
            },
        ))
    }

    /// Elements that hear of clicks on others.
    fn clicked_away<'b>(&'b self, clicked: ElementRef<'b>) -> impl Iterator<Item = (String, ElementRef<'b>)> {
        let is_around = move |element: &ElementRef<'_>| {
            element.id() == clicked.id() || clicked.ancestors().any(|node| node.id() == element.id())
        };
        self.view.document.elements().filter(move |element| !is_around(element)).filter_map(|element| {
            let binding = element.attr("phx-click-away")?.to_owned();
            let is_shown = closest(element, |around| !is_shown(around)).is_none();
            is_shown.then_some((binding, element))
        })
    }

    /// What an event of the element carries.
    fn values(&self, element: ElementRef<'_>) -> Map<String, Value> {
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
            value.extend(self.values(element));
        }
        let kind = Kind::Event { name: gesture.name, value };
        Ok((binding.to_owned(), Happening { source: element.id(), kind }))
    }
}

/// What a click is.
enum Press {
    Binding {
        binding: String,
        happening: Happening,
        away: Vec<(String, Happening)>,
    },
    /// A link; `kind` is that of a live one.
    Link {
        href: String,
        kind: Option<String>,
        binding: Option<(String, Happening)>,
    },
    Submit {
        form: NodeId,
        button: NodeId,
    },
}
