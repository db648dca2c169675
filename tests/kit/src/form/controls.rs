//! The controls of a form: what they hold, what a person may put into them, and what of it is sent.

use scraper::ElementRef;

use super::Answer;
use crate::document::{Document, closest, text_of};
use crate::error::{Code, Problem};

/// A control with a name, in the order of the page.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) name: String,
    kind: Kind,
    pub(crate) is_disabled: bool,
    is_read_only: bool,
    /// It never counts as unused.
    pub(crate) is_never_unused: bool,
    /// Its own `phx-change`, which takes the place of the form's.
    pub(crate) change: Option<String>,
    /// Which element it is.
    pub(crate) node: ego_tree::NodeId,
}

#[derive(Debug, Clone)]
enum Kind {
    Text(String),
    Hidden(String),
    Checkbox { value: String, is_checked: bool },
    Radio { value: String, is_checked: bool },
    Select { options: Vec<Choice>, is_multiple: bool },
    Button { value: String, submits: bool },
    File,
}

/// An option of a select.
#[derive(Debug, Clone)]
struct Choice {
    value: String,
    is_selected: bool,
    is_disabled: bool,
}

/// Every control of a form: those in it, and those that name it.
pub(crate) fn controls(document: &Document, form: ElementRef<'_>) -> Vec<Control> {
    let id = form.attr("id");
    let is_of_form = |element: &ElementRef<'_>| match element.attr("form") {
        Some(named) => id == Some(named),
        None => element.ancestors().any(|node| node.id() == form.id()),
    };
    document.elements().filter(is_of_form).filter_map(|element| Control::read(element)).collect()
}

impl Control {
    pub(crate) fn read(element: ElementRef<'_>) -> Option<Self> {
        let attr = |name: &str| element.attr(name).map(str::to_owned);
        let has = |name: &str| element.attr(name).is_some();
        let value = || attr("value").unwrap_or_default();
        let kind = match element.value().name() {
            "textarea" => Kind::Text(element.text().collect()),
            "select" => Kind::Select { options: choices(element), is_multiple: has("multiple") },
            "button" => {
                let submits = !matches!(element.attr("type"), Some("button" | "reset"));
                Kind::Button { value: value(), submits }
            }
            "input" => match attr("type").unwrap_or_default().to_ascii_lowercase().as_str() {
                "hidden" => Kind::Hidden(value()),
                "checkbox" => Kind::Checkbox { value: checked_value(element), is_checked: has("checked") },
                "radio" => Kind::Radio { value: checked_value(element), is_checked: has("checked") },
                "submit" | "image" => Kind::Button { value: value(), submits: true },
                "button" | "reset" => Kind::Button { value: value(), submits: false },
                "file" => Kind::File,
                _ => Kind::Text(value()),
            },
            _ => return None,
        };
        Some(Self {
            name: attr("name").unwrap_or_default(),
            kind,
            is_disabled: is_disabled(element),
            is_read_only: has("readonly"),
            is_never_unused: has("phx-no-unused-field"),
            change: attr("phx-change"),
            node: element.id(),
        })
    }

    pub(crate) fn is_hidden(&self) -> bool {
        matches!(self.kind, Kind::Hidden(_))
    }

    /// Whether it submits its form.
    pub(crate) fn submits(&self) -> bool {
        matches!(self.kind, Kind::Button { submits: true, .. })
    }

    pub(crate) fn is_button(&self) -> bool {
        matches!(self.kind, Kind::Button { .. })
    }

    /// The value of a checkbox or a radio button, and whether it is checked.
    pub(super) fn tick(&self) -> Option<(&str, bool)> {
        match &self.kind {
            Kind::Checkbox { value, is_checked } | Kind::Radio { value, is_checked } => {
                Some((value, *is_checked))
            }
            _ => None,
        }
    }

    pub(super) fn is_radio(&self) -> bool {
        matches!(self.kind, Kind::Radio { .. })
    }

    /// What it adds to what is sent.
    pub(crate) fn sends(&self) -> Vec<String> {
        match &self.kind {
            Kind::Text(value) | Kind::Hidden(value) => vec![value.clone()],
            Kind::Checkbox { value, is_checked } | Kind::Radio { value, is_checked } => {
                if *is_checked {
                    vec![value.clone()]
                } else {
                    Vec::new()
                }
            }
            Kind::Select { options, .. } => {
                let sent = |choice: &&Choice| choice.is_selected && !choice.is_disabled;
                options.iter().filter(sent).map(|choice| choice.value.clone()).collect()
            }
            Kind::Button { .. } | Kind::File => Vec::new(),
        }
    }

    /// What a button adds that submits its form.
    pub(crate) fn button_value(&self) -> Option<&str> {
        match &self.kind {
            Kind::Button { value, .. } => Some(value),
            _ => None,
        }
    }

    /// What it is once somebody has clicked on it.
    pub(crate) fn clicked(mut self) -> Self {
        match &mut self.kind {
            Kind::Checkbox { is_checked, .. } => *is_checked = !*is_checked,
            Kind::Radio { is_checked, .. } => *is_checked = true,
            _ => {}
        }
        self
    }

    /// The property `value` of its element: what a click or a key on it sends beside the rest.
    pub(crate) fn property(&self) -> Option<String> {
        match &self.kind {
            Kind::Button { value, .. } => Some(value.clone()),
            Kind::Select { .. } => Some(self.sends().into_iter().next().unwrap_or_default()),
            Kind::File => Some(String::new()),
            _ => self.sends().into_iter().next(),
        }
    }
}

/// Puts an answer into the controls of that name, as a person does; `is_script` when a script of the page does.
pub(crate) fn fill(
    controls: &mut [Control],
    name: &str,
    answer: &Answer,
    is_script: bool,
) -> Result<(), Problem> {
    let named = |control: &&mut Control| control.name == name && !control.is_button();
    let mut found: Vec<&mut Control> = controls.iter_mut().filter(named).collect();
    if found.is_empty() {
        return Err(Problem::new(Code::Missing, format!("the form has no field `{name}`")));
    }
    // A hidden field beside a checkbox says what is sent when that is not checked.
    if found.iter().any(|control| !control.is_hidden()) {
        found.retain(|control| !control.is_hidden());
    } else if !is_script {
        return refused(format!("the field `{name}` is hidden: a script may fill it, with `fill_hidden`"));
    }
    found.retain(|control| !control.is_disabled);
    if found.is_empty() {
        return refused(format!("the field `{name}` is disabled"));
    }
    if !is_script && found.iter().all(|control| control.is_read_only) {
        return refused(format!("the field `{name}` is read-only"));
    }
    match answer {
        Answer::Text(text) => fill_text(&mut found, name, text),
        Answer::Checked(checked) => match found.as_mut_slice() {
            [Control { kind: Kind::Checkbox { is_checked, .. }, .. }] => {
                *is_checked = *checked;
                Ok(())
            }
            _ => refused(format!(
                "the field `{name}` is no checkbox, or several: name the values that are checked"
            )),
        },
        Answer::Several(values) => fill_several(&mut found, name, values),
    }
}

fn fill_text(found: &mut [&mut Control], name: &str, text: &str) -> Result<(), Problem> {
    if let [control] = found {
        match &mut control.kind {
            Kind::Text(value) | Kind::Hidden(value) => {
                text.clone_into(value);
                return Ok(());
            }
            Kind::Select { options, .. } => return select(options, name, &[text.to_owned()]),
            Kind::File => return refused(format!("the field `{name}` takes files, which the kit has not")),
            Kind::Checkbox { .. } | Kind::Radio { .. } | Kind::Button { .. } => {}
        }
    }
    let mut known = Vec::new();
    let mut is_found = false;
    for control in &mut *found {
        match &mut control.kind {
            Kind::Radio { value, is_checked } => {
                *is_checked = value == text;
                is_found |= *is_checked;
                known.push(value.clone());
            }
            Kind::Checkbox { value, is_checked } if value == text => {
                *is_checked = true;
                is_found = true;
            }
            Kind::Checkbox { value, .. } => known.push(value.clone()),
            _ => {
                return refused(format!(
                    "{} fields are named `{name}`: give a value to each of them",
                    found.len()
                ));
            }
        }
    }
    if is_found { Ok(()) } else { Err(unknown(name, text, &known)) }
}

fn fill_several(found: &mut [&mut Control], name: &str, values: &[String]) -> Result<(), Problem> {
    if let [Control { kind: Kind::Select { options, is_multiple: true }, .. }] = found {
        return select(options, name, values);
    }
    let mut known = Vec::new();
    let mut texts = values.iter();
    for control in &mut *found {
        match &mut control.kind {
            Kind::Checkbox { value, is_checked } => {
                *is_checked = values.contains(value);
                known.push(value.clone());
            }
            Kind::Text(value) => match texts.next() {
                Some(text) => text.clone_into(value),
                None => return refused(format!("{} values for more fields `{name}`", values.len())),
            },
            _ => return refused(format!("the field `{name}` takes one value")),
        }
    }
    match values.iter().find(|value| !known.contains(value)) {
        Some(value) if !known.is_empty() => Err(unknown(name, value, &known)),
        None if known.is_empty() => Ok(()),
        _ if known.is_empty() && texts.next().is_some() => {
            refused(format!("{} values for fewer fields `{name}`", values.len()))
        }
        _ => Ok(()),
    }
}

fn select(options: &mut [Choice], name: &str, values: &[String]) -> Result<(), Problem> {
    for value in values {
        match options.iter().find(|choice| choice.value == *value) {
            Some(choice) if choice.is_disabled => {
                return refused(format!("the option {value:?} of `{name}` is disabled"));
            }
            Some(_) => {}
            None => {
                let known: Vec<String> = options.iter().map(|choice| choice.value.clone()).collect();
                return Err(unknown(name, value, &known));
            }
        }
    }
    options.iter_mut().for_each(|choice| choice.is_selected = values.contains(&choice.value));
    Ok(())
}

fn unknown(name: &str, value: &str, known: &[String]) -> Problem {
    Problem::new(Code::Missing, format!("the field `{name}` has no {value:?}; it has {known:?}"))
}

fn refused<T>(why: String) -> Result<T, Problem> {
    Err(Problem::new(Code::Unusable, why))
}

fn checked_value(element: ElementRef<'_>) -> String {
    element.attr("value").unwrap_or("on").to_owned()
}

fn choices(select: ElementRef<'_>) -> Vec<Choice> {
    let is_option = |element: &ElementRef<'_>| element.value().name() == "option";
    let mut choices: Vec<Choice> = select
        .descendent_elements()
        .filter(is_option)
        .map(|option| {
            let group = closest(option, |around| around.value().name() == "optgroup");
            Choice {
                value: option.attr("value").map_or_else(|| text_of(option), str::to_owned),
                is_selected: option.attr("selected").is_some(),
                is_disabled: option.attr("disabled").is_some()
                    || group.is_some_and(|group| group.attr("disabled").is_some()),
            }
        })
        .collect();
    if select.attr("multiple").is_none() {
        // The last one that says so, or the first that may be.
        let last = choices.iter().rposition(|choice| choice.is_selected);
        let selected = last.or_else(|| choices.iter().position(|choice| !choice.is_disabled));
        for (index, choice) in choices.iter_mut().enumerate() {
            choice.is_selected = Some(index) == selected;
        }
    }
    choices
}

/// Whether a control is disabled, by itself or by what it stands in.
pub(crate) fn is_disabled(element: ElementRef<'_>) -> bool {
    let can_be = matches!(element.value().name(), "button" | "input" | "select" | "textarea");
    let fieldset = element.ancestors().filter_map(ElementRef::wrap).find(|around| {
        let first_legend = around.child_elements().find(|child| child.value().name() == "legend");
        around.value().name() == "fieldset"
            && around.attr("disabled").is_some()
            && !first_legend.is_some_and(|legend| element.ancestors().any(|node| node.id() == legend.id()))
    });
    can_be && (element.attr("disabled").is_some() || fieldset.is_some())
}
