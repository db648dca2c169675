//! Fields as people know them: by their labels, and their choices by their words.

use std::collections::BTreeSet;

use scraper::ElementRef;

use super::Answer;
use super::controls::Control;
use crate::document::{Document, closest, list, start_tag, text_of};
use crate::error::{Code, Problem};

/// The name of the field with this label, and the answer in its values.
pub(super) fn resolved(
    document: &Document,
    form: ElementRef<'_>,
    controls: &[Control],
    label: &str,
    answer: &Answer,
) -> Result<(String, Answer), Problem> {
    let shown: Vec<Labelled<'_>> = controls
        .iter()
        .filter(|control| !control.is_hidden() && !control.is_button())
        .filter_map(|control| Labelled::of(document, control))
        .collect();
    let named: Vec<&Labelled<'_>> =
        shown.iter().filter(|field| field.labels.iter().any(|it| it == label)).collect();
    match named.as_slice() {
        [field] => Ok((field.control.name.clone(), field.answer(controls, answer))),
        [] => {
            let members: Vec<&Labelled<'_>> =
                shown.iter().filter(|field| field.legend.as_deref() == Some(label)).collect();
            let names: BTreeSet<&str> = members.iter().map(|field| field.control.name.as_str()).collect();
            match (names.first(), names.len()) {
                (Some(name), 1) => Ok(((*name).to_owned(), in_values(answer, |word| chosen(&members, word)))),
                (None, _) => Err(missing(form, &shown, label)),
                _ => Err(ambiguous(label, &members)),
            }
        }
        several => Err(ambiguous(label, several)),
    }
}

/// A control and what it is called.
struct Labelled<'a> {
    control: &'a Control,
    element: ElementRef<'a>,
    labels: Vec<String>,
    /// What the group is called that it is in.
    legend: Option<String>,
}

impl<'a> Labelled<'a> {
    fn of(document: &'a Document, control: &'a Control) -> Option<Self> {
        let element = document.element(control.node)?;
        let around = closest(element, |around| around.value().name() == "label");
        let id = element.attr("id").filter(|id| !id.is_empty());
        let pointing = document
            .elements()
            .filter(|label| label.value().name() == "label" && id.is_some() && label.attr("for") == id);
        let labels = around
            .into_iter()
            .chain(pointing)
            .map(own_text)
            .chain(element.attr("aria-label").map(str::to_owned));
        let legend = closest(element, |around| around.value().name() == "fieldset")
            .filter(|_| control.tick().is_some())
            .and_then(|group| group.child_elements().find(|child| child.value().name() == "legend"));
        Some(Self { control, element, labels: labels.collect(), legend: legend.map(text_of) })
    }

    /// An answer to it, as one to all controls of its name.
    fn answer(&self, controls: &[Control], answer: &Answer) -> Answer {
        match (self.control.tick(), answer) {
            (Some((value, _)), Answer::Checked(true)) if self.control.is_radio() => {
                Answer::Text(value.to_owned())
            }
            (Some((value, _)), Answer::Checked(is_checked)) => {
                let same = controls.iter().filter(|control| control.name == self.control.name);
                let ticks: Vec<(&str, bool)> = same.filter_map(Control::tick).collect();
                if ticks.len() == 1 {
                    return answer.clone();
                }
                let others = ticks.into_iter().filter(|(other, is_checked)| *is_checked && *other != value);
                let values = others.map(|(other, _)| other).chain(is_checked.then_some(value));
                Answer::Several(values.map(str::to_owned).collect())
            }
            _ => in_values(answer, |word| self.option(word)),
        }
    }

    /// The value of an option with these words.
    fn option(&self, words: &str) -> Option<String> {
        let mut options =
            self.element.descendent_elements().filter(|element| element.value().name() == "option");
        let option = options.find(|option| text_of(*option) == words)?;
        Some(option.attr("value").map_or_else(|| words.to_owned(), str::to_owned))
    }
}

/// The text of a label without that of the controls in it.
fn own_text(label: ElementRef<'_>) -> String {
    let is_control =
        |element: ElementRef<'_>| matches!(element.value().name(), "select" | "textarea" | "button");
    let text = label.descendants().filter_map(|node| {
        let text = node.value().as_text()?;
        let parent = node.parent().and_then(ElementRef::wrap)?;
        closest(parent, is_control).is_none().then_some(&**text)
    });
    text.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value of the box of a group with this label.
fn chosen(members: &[&Labelled<'_>], word: &str) -> Option<String> {
    let member = members.iter().find(|member| member.labels.iter().any(|label| label == word))?;
    member.control.tick().map(|(value, _)| value.to_owned())
}

/// An answer in which words that are known are values.
fn in_values(answer: &Answer, value: impl Fn(&str) -> Option<String>) -> Answer {
    let value = |word: &String| value(word).unwrap_or_else(|| word.clone());
    match answer {
        Answer::Text(word) => Answer::Text(value(word)),
        Answer::Checked(is_checked) => Answer::Checked(*is_checked),
        Answer::Several(words) => Answer::Several(words.iter().map(value).collect()),
    }
}

fn missing(form: ElementRef<'_>, shown: &[Labelled<'_>], label: &str) -> Problem {
    let labels: BTreeSet<&str> =
        shown.iter().flat_map(|field| field.labels.iter().chain(&field.legend)).map(String::as_str).collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    let text = format!("no field has the label {label:?}");
    Problem::new(Code::Missing, text).and(&format!("{} has {}", start_tag(form), labels.join(", ")))
}

fn ambiguous(label: &str, fields: &[&Labelled<'_>]) -> Problem {
    let elements: Vec<ElementRef<'_>> = fields.iter().map(|field| field.element).collect();
    let text =
        format!("{} fields have the label {label:?}, and it must be one: call it by its name", fields.len());
    Problem::new(Code::Ambiguous, text).and(&list(&elements))
}
