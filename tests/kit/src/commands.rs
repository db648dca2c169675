//! What a binding says: the name of an event, or commands of the client, of which some go over the wire.

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value, json};

use crate::document::{Document, closest, place, start_tag};
use crate::error::{Code, Problem};
use crate::form::Submitted;
use crate::going::Destination;

mod page;

pub(crate) use page::{Change, is_shown};

/// How deep commands may name attributes with commands.
const MAX_DEPTH: usize = 8;

/// What happened to an element with a binding.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    /// The element with the binding.
    pub(crate) source: NodeId,
    pub(crate) kind: Kind,
}

/// What a push of it carries.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// `click`, `keydown`, …: its type, and the values of the element.
    Event { name: &'static str, value: Map<String, Value> },
    /// A form, written down, and what stands beside it.
    Form { value: String, meta: Map<String, Value>, is_change: bool },
}

/// What the client does because of it, in order.
#[derive(Debug)]
pub(crate) enum Step {
    /// Sends an `event` with this payload.
    Push(Value),
    Patch(String),
    Navigate(String),
    /// Follows a plain link.
    Load(String),
    /// Has a form count as submitted.
    Submitted(Submitted),
    /// Tells the element at this place that it has changed.
    Changed(String),
    /// Empties the form of a button at this place, and tells it so.
    Reset(String),
    /// Sends a form over HTTP.
    Submit(Destination),
    /// Does something to the page alone.
    Change(Change),
}

/// What a binding has the client do.
pub(crate) fn plan(document: &Document, binding: &str, happening: &Happening) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    let Some(source) = document.element(happening.source) else { return Ok(steps) };
    let mut plan = Plan { document, happening, steps: &mut steps };
    plan.run(binding, source, 0)?;
    Ok(steps)
}

struct Plan<'a> {
    document: &'a Document,
    happening: &'a Happening,
    steps: &'a mut Vec<Step>,
}

impl<'a> Plan<'a> {
    fn run(&mut self, binding: &str, source: ElementRef<'a>, depth: usize) -> Result<(), Problem> {
        let refused = |why: String| {
            Err(Problem::new(Code::Unusable, format!("the commands of {}: {why}", start_tag(source))))
        };
        if !binding.starts_with('[') {
            return self.push(Some(binding), &Map::new(), source);
        }
        let commands: Vec<(String, Map<String, Value>)> = match serde_json::from_str(binding) {
            Ok(commands) => commands,
            Err(error) => return refused(format!("{error}: {binding}")),
        };
        for (name, args) in commands {
            let text = |name: &str| args.get(name).and_then(Value::as_str);
            match name.as_str() {
                "push" => self.push(text("event"), &args, source)?,
                "patch" => self.steps.extend(text("href").map(|href| Step::Patch(href.to_owned()))),
                "navigate" => self.steps.extend(text("href").map(|href| Step::Navigate(href.to_owned()))),
                "exec" if depth < MAX_DEPTH => {
                    let attribute = text("attr").unwrap_or_default();
                    for element in self.elements(args.get("to"), source)? {
                        let Some(inner) = element.attr(attribute) else {
                            return refused(format!("{} has no `{attribute}`", start_tag(element)));
                        };
                        self.run(inner, element, depth + 1)?;
                    }
                }
                "exec" => return refused("`exec` leads to itself".to_owned()),
                // A script's events are nobody's business, but for those that forms are changed with.
                "dispatch" if matches!(text("event"), Some("change" | "input")) => {
                    let changed = self.elements(args.get("to"), source)?;
                    self.steps.extend(changed.into_iter().map(|element| Step::Changed(place(element))));
                }
                name if page::IGNORED.contains(&name) => {}
                name => {
                    let Some(change) = Change::read(name, &args) else {
                        return refused(format!("the client knows no command `{name}`"));
                    };
                    for element in self.elements(args.get("to"), source)? {
                        self.steps.push(Step::Change(change.clone().to(place(element))));
                    }
                }
            }
        }
        Ok(())
    }

    /// The elements that a command is for.
    fn elements(&self, to: Option<&Value>, source: ElementRef<'a>) -> Result<Vec<ElementRef<'a>>, Problem> {
        let selected = |selector: &str| self.document.all(selector, None);
        match to {
            None | Some(Value::Null) => Ok(vec![source]),
            Some(Value::String(selector)) => selected(selector),
            Some(to) => {
                let relative = |name: &str| to.get(name).and_then(Value::as_str);
                if let Some(selector) = relative("closest") {
                    let found = selected(selector)?;
                    return Ok(closest(source, |element| found.contains(&element)).into_iter().collect());
                }
                let found = selected(relative("inner").unwrap_or("*"))?;
                let is_inside =
                    |element: &ElementRef<'a>| element.ancestors().any(|node| node.id() == source.id());
                Ok(found.into_iter().filter(is_inside).collect())
            }
        }
    }

    fn push(
        &mut self,
        event: Option<&str>,
        args: &Map<String, Value>,
        source: ElementRef<'a>,
    ) -> Result<(), Problem> {
        let event = event.unwrap_or_default();
        let more = args.get("value").and_then(Value::as_object).cloned().unwrap_or_default();
        let payload = match &self.happening.kind {
            Kind::Event { name, value } => {
                let mut value = value.clone();
                value.extend(more);
                json!({ "type": name, "event": event, "value": value })
            }
            Kind::Form { value, meta, is_change } => {
                let mut meta = meta.clone();
                meta.extend(more);
                let mut payload = json!({ "type": "form", "event": event, "value": value, "meta": meta });
                if let (true, Some(fields)) = (*is_change, payload.as_object_mut()) {
                    fields.insert("uploads".to_owned(), json!({}));
                }
                payload
            }
        };
        for target in self.targets(args.get("target"), source)? {
            let mut payload = payload.clone();
            if let (Some(cid), Some(fields)) = (target, payload.as_object_mut()) {
                fields.insert("cid".to_owned(), json!(cid));
            }
            self.steps.push(Step::Push(payload));
        }
        Ok(())
    }

    /// The components that an event is for; `None` is the view.
    fn targets(&self, target: Option<&Value>, source: ElementRef<'a>) -> Result<Vec<Option<u64>>, Problem> {
        let named = match target {
            Some(Value::Number(cid)) => return Ok(vec![cid.as_u64()]),
            Some(Value::String(selector)) => Some(selector.as_str()),
            _ => source.attr("phx-target"),
        };
        let Some(named) = named else { return Ok(vec![None]) };
        if let Ok(cid) = named.parse() {
            return Ok(vec![Some(cid)]);
        }
        let found = self.document.all(named, None)?;
        if found.is_empty() {
            let text = format!("nothing is `{named}`, the target of {}", start_tag(source));
            return Err(Problem::new(Code::Unusable, text).and(&self.document.shown()));
        }
        let component = |element| {
            self.document.within(element).find_map(|around| around.attr("data-phx-component"))?.parse().ok()
        };
        Ok(found.into_iter().map(component).collect())
    }
}
