//! Commands that change the page alone. The client does them again after each patch, and so does the kit.

use scraper::ElementRef;
use serde_json::{Map, Value};

/// Commands that leave nothing that a test could see: no element has the focus here, nothing moves, and no script of the
/// page runs.
pub(super) const IGNORED: &[&str] =
    &["dispatch", "focus", "focus_first", "ignore_attrs", "pop_focus", "push_focus", "transition"];

/// What a command does to the attributes of an element.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Where the element is.
    place: String,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Show(String),
    Hide,
    Toggle(String),
    AddClass(Vec<String>),
    RemoveClass(Vec<String>),
    ToggleClass(Vec<String>),
    SetAttribute(String, String),
    RemoveAttribute(String),
    ToggleAttribute(String, String, Option<String>),
}

impl Change {
    pub(super) fn read(name: &str, args: &Map<String, Value>) -> Option<Self> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let display = || args.get("display").map_or_else(|| "block".to_owned(), text);
        let list = |name: &str| -> Vec<String> {
            args.get(name).and_then(Value::as_array).into_iter().flatten().map(text).collect()
        };
        let what = match name {
            "show" => What::Show(display()),
            "hide" => What::Hide,
            "toggle" => What::Toggle(display()),
            "add_class" => What::AddClass(list("names")),
            "remove_class" => What::RemoveClass(list("names")),
            "toggle_class" => What::ToggleClass(list("names")),
            "set_attr" => {
                let mut attr = list("attr").into_iter();
                What::SetAttribute(attr.next()?, attr.next()?)
            }
            "remove_attr" => What::RemoveAttribute(args.get("attr").map(text)?),
            "toggle_attr" => {
                let mut attr = list("attr").into_iter();
                What::ToggleAttribute(attr.next()?, attr.next()?, attr.next())
            }
            _ => return None,
        };
        Some(Self { place: String::new(), what })
    }

    pub(super) fn to(mut self, place: String) -> Self {
        self.place = place;
        self
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The same, whatever the element is when it is done again: what was toggled stays as it has become.
    pub(crate) fn settled(self, element: ElementRef<'_>) -> Self {
        let what = match self.what {
            What::Toggle(_) if is_shown(element) => What::Hide,
            What::Toggle(display) => What::Show(display),
            What::ToggleClass(names)
                if names.iter().all(|name| element.value().classes().any(|class| class == name)) =>
            {
                What::RemoveClass(names)
            }
            What::ToggleClass(names) => What::AddClass(names),
            What::ToggleAttribute(name, on, off) => match (element.attr(&name) == Some(on.as_str()), off) {
                (true, Some(off)) => What::SetAttribute(name, off),
                (true, None) => What::RemoveAttribute(name),
                (false, _) => What::SetAttribute(name, on),
            },
            what => what,
        };
        Self { what, ..self }
    }

    /// The attribute that an element has then: its name, and its value if it has one.
    pub(crate) fn attribute(&self, element: ElementRef<'_>) -> (String, Option<String>) {
        let classes = || element.attr("class").unwrap_or_default().split_whitespace().map(str::to_owned);
        let class = |names: Vec<String>| ("class".to_owned(), Some(names.join(" ")));
        match &self.what {
            What::Show(display) | What::Toggle(display) => {
                ("style".to_owned(), Some(format!("display: {display};")))
            }
            What::Hide => ("style".to_owned(), Some("display: none;".to_owned())),
            What::AddClass(names) | What::ToggleClass(names) => {
                let former: Vec<String> = classes().collect();
                let new = names.iter().filter(|name| !former.contains(name)).cloned();
                class(former.iter().cloned().chain(new).collect())
            }
            What::RemoveClass(names) => class(classes().filter(|name| !names.contains(name)).collect()),
            What::SetAttribute(name, value) | What::ToggleAttribute(name, value, _) => {
                (name.clone(), Some(value.clone()))
            }
            What::RemoveAttribute(name) => (name.clone(), None),
        }
    }
}

/// Whether nothing on the element itself hides it; style sheets are not looked at.
pub(crate) fn is_shown(element: ElementRef<'_>) -> bool {
    let style: String = element.attr("style").unwrap_or_default().split_whitespace().collect();
    let is_hidden = element.attr("hidden").is_some() && !style.contains("display:");
    !is_hidden && !style.contains("display:none")
}
