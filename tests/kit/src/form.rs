//! Forms: what a person types into them, and what the client sends of it.

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::Location;

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value, json};

use crate::commands::{self, Happening, Kind, Step};
use crate::document::{Document, closest, list, place, start_tag};
use crate::error::{Code, Problem, Result};
use crate::going::{Destination, How};
use crate::view::View;

pub(crate) mod controls;
mod labels;
mod typed;
pub(crate) mod written;

pub(crate) use typed::{Submitted, Typing};

use controls::{Control, controls};

/// A form of the page, and what is put into it; see [`View::form`].
#[derive(Debug)]
#[must_use = "nothing has been typed yet"]
pub struct Form<'a> {
    view: &'a mut View,
    selector: String,
    fills: Vec<Fill>,
}

#[derive(Debug)]
struct Fill {
    by: By,
    answer: Answer,
    is_script: bool,
    at: &'static Location<'static>,
}

/// What a field is called.
#[derive(Debug)]
enum By {
    Name(String),
    Label(String),
}

/// What is put into a field: a text, the value of an option or a radio button; whether a checkbox is checked; or the
/// values of a group of checkboxes, a list of options, or several fields of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// One text or value.
    Text(String),
    /// A checkbox, checked or not.
    Checked(bool),
    /// Several values.
    Several(Vec<String>),
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Answer {
    fn from(checked: bool) -> Self {
        Self::Checked(checked)
    }
}

impl<const N: usize> From<[&str; N]> for Answer {
    fn from(values: [&str; N]) -> Self {
        Self::Several(values.iter().map(|value| (*value).to_owned()).collect())
    }
}

impl<'a> Form<'a> {
    pub(crate) fn new(view: &'a mut View, selector: String) -> Self {
        Self { view, selector, fills: Vec::new() }
    }

    /// Puts this into the fields of that name, when the form is changed or submitted. A field that there is not, that is
    /// hidden, disabled or read-only, and a value that may not be chosen, fail then.
    #[track_caller]
    pub fn fill(self, name: &str, answer: impl Into<Answer>) -> Self {
        self.filled(By::Name(name.to_owned()), answer.into(), false, Location::caller())
    }

    /// Puts this into the field with that label, as people know it: `.fill_label("Country", "Kenya")`. Options, radio buttons and
    /// boxes of a group are called by their words, or by their values; a group is called by its legend, one of its boxes or
    /// buttons by its own label, with `true` or `false`. A label that there is not, or that several fields have, fails then.
    #[track_caller]
    pub fn fill_label(self, label: &str, answer: impl Into<Answer>) -> Self {
        self.filled(By::Label(label.to_owned()), answer.into(), false, Location::caller())
    }

    /// Puts this into a hidden field, as a script of the page does.
    #[track_caller]
    pub fn fill_hidden(self, name: &str, answer: impl Into<Answer>) -> Self {
        self.filled(By::Name(name.to_owned()), answer.into(), true, Location::caller())
    }

    fn filled(mut self, by: By, answer: Answer, is_script: bool, at: &'static Location<'static>) -> Self {
        self.fills.push(Fill { by, answer, is_script, at });
        self
    }

    /// Types what was put in: one event for each field, as the client sends it, with `_target` and with marks at the fields
    /// that nobody has used yet. What was typed stays in the page as it does in a browser: until the form is rendered
    /// anew, and in the field that was last typed into even then.
    ///
    /// # Errors
    /// [`Code::Missing`] when there is no such form or field, [`Code::Unusable`] when nothing is sent or a person could not
    /// do this, and whatever becomes of the events.
    #[track_caller]
    pub fn change(self) -> impl Future<Output = Result> + Send + use<'a> {
        let at = Location::caller();
        async move {
            for fill in &self.fills {
                let change =
                    self.view.type_into(&self.selector, fill).map_err(|problem| problem.at(fill.at))?;
                let outcome = match change {
                    Some((binding, happening)) => self.view.happen(&binding, &happening).await,
                    None => Err(Problem::new(
                        Code::Unusable,
                        format!("`{}` has no `phx-change`: nothing is sent", self.selector),
                    )),
                };
                outcome.map_err(|problem| problem.at(at))?;
            }
            Ok(())
        }
    }

    /// Submits the form as the Enter key does: by its first button that submits, if it has any. A form without `phx-submit`
    /// is sent over HTTP: [`View::follow`] goes along.
    ///
    /// # Errors
    /// As [`Form::change`].
    #[track_caller]
    pub fn submit(self) -> impl Future<Output = Result> + Send + use<'a> {
        self.send(None, Location::caller())
    }

    /// Submits the form by one of its buttons, whose name and value go along.
    ///
    /// # Errors
    /// As [`Form::change`].
    #[track_caller]
    pub fn submit_with(self, button: &str) -> impl Future<Output = Result> + Send + use<'a> {
        self.send(Some(button.to_owned()), Location::caller())
    }

    async fn send(self, button: Option<String>, at: &'static Location<'static>) -> Result {
        for fill in &self.fills {
            self.view.type_into(&self.selector, fill).map_err(|problem| problem.at(fill.at))?;
        }
        let sent = self.view.submit(&self.selector, button.as_deref()).await;
        sent.map_err(|problem| problem.at(at))
    }

    /// What a field holds now: what was typed, or what the page has rendered; several values when several are chosen.
    ///
    /// # Errors
    /// [`Code::Missing`] when there is no such form or field.
    #[track_caller]
    pub fn values(self, name: &str) -> Result<Vec<String>> {
        let at = Location::caller();
        self.view.values(&self.selector, name).map_err(|problem| problem.at(at))
    }
}

impl View {
    /// A form of the page: `view.form("#login").fill("user[name]", "Ann").submit()`.
    pub fn form(&mut self, selector: &str) -> Form<'_> {
        Form::new(self, selector.to_owned())
    }

    fn values(&self, selector: &str, name: &str) -> std::result::Result<Vec<String>, Problem> {
        let form = find(&self.document, selector)?;
        let controls = self.typing.controls(&self.document, form);
        if !controls.iter().any(|control| control.name == name) {
            let problem = Problem::new(Code::Missing, format!("the form has no field `{name}`"));
            return Err(problem.and(&fields(form, &controls)));
        }
        Ok(controls.iter().filter(|control| control.name == name).flat_map(Control::sends).collect())
    }

    /// Types into a field; what is sent because of it, if anything.
    fn type_into(
        &mut self,
        selector: &str,
        fill: &Fill,
    ) -> std::result::Result<Option<(String, Happening)>, Problem> {
        let form = find(&self.document, selector)?;
        let mut filled = self.typing.controls(&self.document, form);
        let (name, answer) = match &fill.by {
            By::Name(name) => (name.clone(), fill.answer.clone()),
            By::Label(label) => labels::resolved(&self.document, form, &filled, label, &fill.answer)?,
        };
        controls::fill(&mut filled, &name, &answer, fill.is_script)
            .map_err(|problem| problem.and(&fields(form, &filled)))?;
        self.typing.put(form, &name, answer, fill.is_script);
        let control = filled.iter().find(|control| control.name == name && !control.is_hidden());
        let control = control.or_else(|| filled.iter().find(|control| control.name == name));
        Ok(control.and_then(|control| self.heard_of(form, &filled, control)))
    }

    /// What is sent because the element at a place says that it has changed, if anything: as of a button with which rows come
    /// and go.
    pub(crate) fn changed_by(
        &mut self,
        place: &str,
    ) -> std::result::Result<Option<(String, Happening)>, Problem> {
        let Some((form, node)) = form_around(&self.document, place)? else { return Ok(None) };
        let controls = self.typing.controls(&self.document, form);
        let Some(control) = controls.iter().find(|control| control.node == node) else { return Ok(None) };
        self.typing.touched(form, &control.name);
        Ok(self.heard_of(form, &controls, control))
    }

    /// Puts the form around a button back to what it was rendered with.
    pub(crate) fn reset(&mut self, place: &str) -> std::result::Result<(), Problem> {
        if let Some((form, _)) = form_around(&self.document, place)? {
            self.typing.forget(form);
        }
        Ok(())
    }

    /// What is sent because a control has changed, if anything.
    fn heard_of(
        &self,
        form: ElementRef<'_>,
        controls: &[Control],
        control: &Control,
    ) -> Option<(String, Happening)> {
        let own = control.change.clone();
        let source = if own.is_some() { control.node } else { form.id() };
        let only = own.is_some().then_some(control.name.as_str());
        let button = control.is_button().then_some(control.node);
        let used = self.typing.used(form);
        let has_marks = form.attr("phx-no-unused-field").is_none();
        let value = written::value(controls, button, only, &used, has_marks);
        let mut meta = Map::from_iter([("_target".to_owned(), json!(control.name))]);
        meta.extend(phx_values(form));
        let binding = own.or_else(|| form.attr("phx-change").map(str::to_owned))?;
        Some((binding, Happening { source, kind: Kind::Form { value, meta, is_change: true } }))
    }

    async fn submit(&mut self, selector: &str, button: Option<&str>) -> std::result::Result<(), Problem> {
        let (form, submitter) = {
            let form = find(&self.document, selector)?;
            let controls = controls(&self.document, form);
            let submitter = match button {
                Some(button) => Some(self.document.one(button, None)?.id()),
                // None of its buttons: the Enter key submits it as it is.
                None => controls.iter().find(|control| control.submits()).map(|control| control.node),
            };
            (form.id(), submitter)
        };
        let steps = self.submission(form, submitter)?;
        self.perform(steps).await
    }

    /// What is sent when a form is submitted by a button: without `phx-submit` to another page.
    pub(crate) fn submission(
        &self,
        form: NodeId,
        submitter: Option<NodeId>,
    ) -> std::result::Result<Vec<Step>, Problem> {
        let Some(form) = self.document.element(form) else { return Ok(Vec::new()) };
        let controls = self.typing.controls(&self.document, form);
        if let Some(button) = controls.iter().find(|control| Some(control.node) == submitter) {
            if button.is_disabled || !button.submits() {
                let why = if button.is_disabled { "is disabled" } else { "does not submit" };
                let text = format!("the button of {} {why}", start_tag(form));
                return Err(Problem::new(Code::Unusable, text).and(&self.document.shown()));
            }
        } else if submitter.is_some() {
            let text = format!("the button is none of {}", start_tag(form));
            return Err(Problem::new(Code::Unusable, text).and(&self.document.shown()));
        }
        let Some(binding) = form.attr("phx-submit") else {
            return Ok(vec![Step::Submit(self.completed(natively(form, &controls, submitter)))]);
        };
        // All of it counts as used.
        let value = written::value(&controls, submitter, None, &BTreeSet::new(), false);
        let kind = Kind::Form { value, meta: phx_values(form), is_change: false };
        let mut steps = vec![Step::Submitted(Submitted::new(form, &controls, submitter))];
        steps.extend(commands::plan(&self.document, binding, &Happening { source: form.id(), kind })?);
        Ok(steps)
    }

    /// Where a form leads that has been rendered with `phx-trigger-action`.
    pub(crate) fn triggered(&self) -> Option<Destination> {
        let form = *self.document.all("form[phx-trigger-action]", None).ok()?.first()?;
        let controls = self.typing.controls(&self.document, form);
        let name = self.typing.submitter(form);
        let submitter =
            controls.iter().find(|control| control.is_button() && Some(&control.name) == name.as_ref());
        Some(self.completed_by_ticket(natively(form, &controls, submitter.map(|control| control.node))))
    }
}

/// The form of the control at a place, and the control.
fn form_around<'d>(
    document: &'d Document,
    place: &str,
) -> std::result::Result<Option<(ElementRef<'d>, NodeId)>, Problem> {
    let Some(control) = document.all(place, None)?.first().copied() else { return Ok(None) };
    let form = match control.attr("form") {
        Some(id) => document.by_id(id),
        None => closest(control, |around| around.value().name() == "form"),
    };
    Ok(form.map(|form| (form, control.id())))
}

/// Where a form leads without the client.
fn natively(form: ElementRef<'_>, controls: &[Control], submitter: Option<NodeId>) -> Destination {
    let action = form.attr("action").unwrap_or_default().to_owned();
    let body = written::encode(&written::pairs(controls, submitter));
    let is_post = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    if is_post {
        return Destination { to: action, how: How::Post(body), flash: None };
    }
    let path = action.split(['?', '#']).next().unwrap_or_default();
    Destination { to: format!("{path}?{body}"), how: How::Load, flash: None }
}

/// `phx-value-*` of an element.
pub(crate) fn phx_values(element: ElementRef<'_>) -> Map<String, Value> {
    let values = element
        .value()
        .attrs()
        .filter_map(|(name, value)| Some((name.strip_prefix("phx-value-")?.to_owned(), Value::from(value))));
    values.collect()
}

fn find<'a>(document: &'a Document, selector: &str) -> std::result::Result<ElementRef<'a>, Problem> {
    let form = document.one(selector, None)?;
    if form.value().name() == "form" {
        return Ok(form);
    }
    let text = format!("`{selector}` is no form:\n{}", list(&[form]));
    Err(Problem::new(Code::Unusable, text).and(&document.shown()))
}

/// The fields of a form, in words.
fn fields(form: ElementRef<'_>, controls: &[Control]) -> String {
    let mut names: Vec<&str> = controls.iter().map(|control| control.name.as_str()).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    format!("{} in {} has {}", start_tag(form), place(form), names.join(", "))
}
