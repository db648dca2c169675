//! What a person has typed and the page has not rendered: it is in the browser alone.

use std::collections::{BTreeMap, BTreeSet};

use ego_tree::NodeId;
use scraper::ElementRef;

use super::Answer;
use super::controls::{self, Control, controls};
use crate::document::{Document, place};

/// What has been typed, by the forms' places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typing(BTreeMap<String, Typed>);

/// What has been typed into one form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    fields: Vec<(String, Answer, bool)>,
    /// Fields that do not count as unused any more.
    used: BTreeSet<String>,
    /// The field that was typed into last, which keeps its text whatever is rendered.
    focused: Option<String>,
    /// The button that the form was submitted with, by name.
    submitter: Option<String>,
}

/// That a form is submitted.
#[derive(Debug)]
pub(crate) struct Submitted {
    place: String,
    names: Vec<String>,
    button: Option<String>,
}

impl Submitted {
    pub(crate) fn new(form: ElementRef<'_>, controls: &[Control], submitter: Option<NodeId>) -> Self {
        let name = |control: &Control| control.name.clone();
        Self {
            place: place(form),
            names: controls.iter().map(name).collect(),
            button: controls.iter().find(|control| Some(control.node) == submitter).map(name),
        }
    }
}

impl Typing {
    /// The controls of a form with what was typed into them.
    pub(crate) fn controls(&self, document: &Document, form: ElementRef<'_>) -> Vec<Control> {
        let mut controls = controls(document, form);
        for (name, answer, is_script) in self.0.get(&place(form)).into_iter().flat_map(|typed| &typed.fields)
        {
            // What may not be filled any more is as it was rendered.
            let mut filled = controls.clone();
            if controls::fill(&mut filled, name, answer, *is_script).is_ok() {
                controls = filled;
            }
        }
        controls
    }

    pub(crate) fn put(&mut self, form: ElementRef<'_>, name: &str, answer: Answer, is_script: bool) {
        let typed = self.0.entry(place(form)).or_default();
        typed.fields.retain(|(known, ..)| known != name);
        typed.fields.push((name.to_owned(), answer, is_script));
        typed.used.insert(name.to_owned());
        typed.focused = Some(name.to_owned());
    }

    /// A field does not count as unused any more.
    pub(crate) fn touched(&mut self, form: ElementRef<'_>, name: &str) {
        self.0.entry(place(form)).or_default().used.insert(name.to_owned());
    }

    /// The focus has gone to something else.
    pub(crate) fn left(&mut self) {
        self.0.values_mut().for_each(|typed| typed.focused = None);
    }

    /// Nothing has been typed into a form.
    pub(crate) fn forget(&mut self, form: ElementRef<'_>) {
        self.0.remove(&place(form));
    }

    /// All of a form has been used from now on, and nothing has the focus while the answer is shown.
    pub(crate) fn submitted(&mut self, submitted: Submitted) {
        let typed = self.0.entry(submitted.place).or_default();
        typed.used.extend(submitted.names);
        typed.focused = None;
        typed.submitter = submitted.button;
    }

    pub(crate) fn used(&self, form: ElementRef<'_>) -> BTreeSet<String> {
        self.0.get(&place(form)).map(|typed| typed.used.clone()).unwrap_or_default()
    }

    /// The name of the button that a form was submitted with.
    pub(crate) fn submitter(&self, form: ElementRef<'_>) -> Option<String> {
        self.0.get(&place(form)).and_then(|typed| typed.submitter.clone())
    }

    /// What is left when the page has been rendered anew: the field with the focus keeps what was typed, every other one has
    /// what it was rendered with. (The client leaves parts of the page alone whose slots did not change, and what was typed
    /// there; a view that relies on that breaks when something else in that part changes.)
    pub(crate) fn settle(&mut self, document: &Document) {
        let forms = document.elements().filter(|element| element.value().name() == "form");
        let places: BTreeSet<String> = forms.map(place).collect();
        self.0.retain(|place, typed| {
            typed.fields.retain(|(name, ..)| typed.focused.as_ref() == Some(name));
            places.contains(place)
        });
    }
}
