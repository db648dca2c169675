//! Update to JSON text. The only file that spells the keys of the rendered tree (protocol 4.1).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::extras::Extras;
use crate::rendered::StreamInsert;
use crate::template::Template;
use crate::update::{ComponentUpdate, ListUpdate, NodeUpdate, RowUpdate, StreamUpdate, Update, Value};

const STATICS: &str = "\"s\":";
const SINGLE_ELEMENT: &str = "\"r\":1";
const TEMPLATES: &str = "\"p\":{";
const KEYED: &str = "\"k\":{";
const KEYED_COUNT: &str = "\"kc\":";
const KEYED_MOVES: &str = ",\"km\":true";
const STREAM: &str = ",\"stream\":[";
const STREAM_RESET: &str = ",true";
const COMPONENTS: &str = "\"c\":{";
const TITLE: &str = "\"t\":";
const EVENTS: &str = "\"e\":[";
const REPLY: &str = "\"r\":";

/// Bytes of what is written, never too few: a document is measured while it is walked, before anything is written.
pub(crate) mod size {
    use super::{COMPONENTS, KEYED, KEYED_COUNT, KEYED_MOVES, SINGLE_ELEMENT, STATICS, STREAM, STREAM_RESET};
    use crate::rendered::{StreamChange, StreamInsert};
    use crate::template::Template;

    /// An object or array with nothing in it.
    pub(crate) const BRACES: usize = 2;
    /// What `p` and the number of a template may add for each use, beyond the literal parts that are saved.
    const SHARING: usize = 6;

    /// The key of a slot or row, with its comma.
    pub(crate) fn key(index: usize) -> usize {
        ",\"\":".len() + digits(index)
    }

    /// A JSON string.
    pub(crate) fn string(text: &str) -> usize {
        let escapes = text.bytes().map(|byte| match byte {
            b'"' | b'\\' | b'\n' => 1,
            0..0x20 => 5,
            _ => 0,
        });
        2 + text.len() + escapes.sum::<usize>()
    }

    /// The literal parts of a node or list, with their comma.
    pub(crate) fn statics(template: &Template) -> usize {
        let single = if template.is_single_element() { 1 + SINGLE_ELEMENT.len() } else { 0 };
        1 + STATICS.len() + template.json().len() + SHARING + single
    }

    /// A list, without its rows.
    pub(crate) fn list(count: usize) -> usize {
        BRACES + KEYED.len() + 1 + KEYED_COUNT.len() + digits(count) + 1
    }

    /// A stream, without its rows.
    pub(crate) fn stream(change: &StreamChange) -> usize {
        let inserts = change.inserts.iter().map(insert);
        let deletes = change.deletes.iter().map(|element| string(element) + 1);
        let reset = if change.reset { STREAM_RESET.len() } else { 0 };
        let operations = inserts.sum::<usize>() + deletes.sum::<usize>() + reset;
        list(change.inserts.len()) + STREAM.len() + string(&change.name) + ",[],[]]".len() + operations
    }

    fn insert(insert: &StreamInsert) -> usize {
        const NUMBER: usize = "-2147483648".len();
        string(&insert.element) + "[,,,null],".len() + 2 * NUMBER
    }

    /// That rows of a list have moved.
    pub(crate) const MOVES: usize = KEYED_MOVES.len();

    /// The place of a component.
    pub(crate) fn cid(cid: u32) -> usize {
        usize::try_from(cid).map_or(0, digits)
    }

    /// The key of a component, and that there are any.
    pub(crate) fn component(cid: u32) -> usize {
        COMPONENTS.len() + "},,\"\":".len() + self::cid(cid)
    }

    /// A row that has moved, without its key and slots.
    pub(crate) fn moved(from: usize) -> usize {
        "[,{}]".len() + digits(from)
    }

    fn digits(number: usize) -> usize {
        usize::try_from(number.checked_ilog10().unwrap_or(0)).unwrap_or(0) + 1
    }
}

impl Update {
    /// Appends the diff with its extras, a JSON object.
    pub fn encode_into(&self, extras: &Extras, out: &mut String) {
        let mut shared = Shared::default();
        if let Some(root) = &self.root {
            shared.count_node(root);
        }
        shared.0.retain(|(_, uses)| *uses > 1);
        let mut encoder = Encoder { out, shared: &shared };
        encoder.out.push('{');
        let mut separator = Separator::default();
        if let Some(root) = &self.root {
            // The root's own key `r` would be taken for a reply.
            encoder.node_members(root, &mut separator, IsRoot(true));
        }
        encoder.templates(&mut separator);
        encoder.components(&self.components, &mut separator);
        encoder.extras(extras, &mut separator);
        encoder.out.push('}');
    }

    /// The diff with its extras as JSON text.
    pub fn to_json(&self, extras: &Extras) -> String {
        let mut out = String::new();
        self.encode_into(extras, &mut out);
        out
    }
}

/// Templates that are sent more than once in one message: they are sent once, under `p`, and referred to by number.
#[derive(Default)]
struct Shared(Vec<(Arc<Template>, usize)>);

impl Shared {
    fn count(&mut self, template: Option<&Arc<Template>>) {
        let Some(template) = template else { return };
        match self.0.iter_mut().find(|(known, _)| Arc::ptr_eq(known, template)) {
            Some((_, uses)) => *uses += 1,
            None => self.0.push((template.clone(), 1)),
        }
    }

    fn count_node(&mut self, node: &NodeUpdate) {
        self.count(node.template.as_ref());
        self.count_slots(&node.slots);
    }

    fn count_slots(&mut self, slots: &[(usize, Value)]) {
        for (_, value) in slots {
            match value {
                Value::Text(_) | Value::Component(_) => {}
                Value::Node(node) => self.count_node(node),
                Value::Stream(stream) => {
                    self.count(stream.template.as_ref());
                    stream.rows.iter().for_each(|row| self.count_slots(row));
                }
                Value::List(list) => {
                    self.count(list.template.as_ref());
                    for (_, row) in &list.rows {
                        if let RowUpdate::Slots(slots) | RowUpdate::MovedAndChanged(_, slots) = row {
                            self.count_slots(slots);
                        }
                    }
                }
            }
        }
    }

    fn number(&self, template: &Arc<Template>) -> Option<usize> {
        self.0.iter().position(|(shared, _)| Arc::ptr_eq(shared, template))
    }
}

/// Whether a node is the root of the tree.
#[derive(Clone, Copy)]
struct IsRoot(bool);

/// Puts commas between members.
#[derive(Default)]
struct Separator(bool);

impl Separator {
    fn next(&mut self, out: &mut String) {
        if self.0 {
            out.push(',');
        }
        self.0 = true;
    }
}

struct Encoder<'a> {
    out: &'a mut String,
    shared: &'a Shared,
}

impl Encoder<'_> {
    fn node_members(&mut self, node: &NodeUpdate, separator: &mut Separator, is_root: IsRoot) {
        self.slots(&node.slots, separator);
        if let Some(template) = &node.template {
            self.statics(template, separator);
            if template.is_single_element() && !is_root.0 {
                separator.next(self.out);
                self.out.push_str(SINGLE_ELEMENT);
            }
        }
    }

    fn statics(&mut self, template: &Arc<Template>, separator: &mut Separator) {
        separator.next(self.out);
        self.out.push_str(STATICS);
        match self.shared.number(template) {
            Some(number) => self.number(number),
            None => self.out.push_str(template.json()),
        }
    }

    fn slots(&mut self, slots: &[(usize, Value)], separator: &mut Separator) {
        for (index, value) in slots {
            separator.next(self.out);
            self.index_key(*index);
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Text(html) => push_json_string(self.out, html),
            Value::Node(node) => {
                self.out.push('{');
                self.node_members(node, &mut Separator::default(), IsRoot(false));
                self.out.push('}');
            }
            Value::List(list) => self.list(list),
            Value::Stream(stream) => self.stream(stream),
            Value::Component(cid) => {
                // Writing to a string does not fail.
                let _ = write!(self.out, "{cid}");
            }
        }
    }

    fn stream(&mut self, StreamUpdate { template, change, rows }: &StreamUpdate) {
        self.out.push('{');
        if let Some(template) = template {
            self.statics(template, &mut Separator::default());
            self.out.push(',');
        }
        self.out.push_str(KEYED);
        for (index, row) in rows.iter().enumerate() {
            self.index_key(index);
            self.row(row);
            self.out.push(',');
        }
        self.out.push_str(KEYED_COUNT);
        self.number(rows.len());
        self.out.push('}');
        self.out.push_str(STREAM);
        push_json_string(self.out, &change.name);
        self.out.push_str(",[");
        let mut inserts = Separator::default();
        for StreamInsert { element, at, limit, update_only, .. } in &change.inserts {
            inserts.next(self.out);
            self.out.push('[');
            push_json_string(self.out, element);
            let limit = limit.map_or_else(|| "null".to_owned(), |limit| limit.to_string());
            let update_only = if *update_only { "true" } else { "null" };
            // Writing to a string does not fail.
            let _ = write!(self.out, ",{at},{limit},{update_only}]");
        }
        self.out.push_str("],[");
        let mut deletes = Separator::default();
        for element in &change.deletes {
            deletes.next(self.out);
            push_json_string(self.out, element);
        }
        self.out.push(']');
        if change.reset {
            // Any fourth element is taken for a reset.
            self.out.push_str(STREAM_RESET);
        }
        self.out.push_str("]}");
    }

    fn list(&mut self, list: &ListUpdate) {
        self.out.push('{');
        let mut separator = Separator::default();
        if let Some(template) = &list.template {
            self.statics(template, &mut separator);
        }
        separator.next(self.out);
        self.out.push_str(KEYED);
        let mut rows = Separator::default();
        for (index, row) in &list.rows {
            rows.next(self.out);
            self.index_key(*index);
            match row {
                RowUpdate::Slots(slots) => self.row(slots),
                RowUpdate::Moved(from) => self.number(*from),
                RowUpdate::MovedAndChanged(from, slots) => {
                    self.out.push('[');
                    self.number(*from);
                    self.out.push(',');
                    self.row(slots);
                    self.out.push(']');
                }
            }
        }
        rows.next(self.out);
        self.out.push_str(KEYED_COUNT);
        self.number(list.count);
        if list.has_moves() {
            self.out.push_str(KEYED_MOVES);
        }
        self.out.push_str("}}");
    }

    fn row(&mut self, slots: &[(usize, Value)]) {
        self.out.push('{');
        self.slots(slots, &mut Separator::default());
        self.out.push('}');
    }

    fn templates(&mut self, separator: &mut Separator) {
        if self.shared.0.is_empty() {
            return;
        }
        separator.next(self.out);
        self.out.push_str(TEMPLATES);
        let mut inner = Separator::default();
        for (number, (template, _)) in self.shared.0.iter().enumerate() {
            inner.next(self.out);
            self.index_key(number);
            self.out.push_str(template.json());
        }
        self.out.push('}');
    }

    /// Components see nothing of `p`: their literal parts stand in them, or are those of another (protocol 4.3).
    fn components(&mut self, components: &BTreeMap<u32, ComponentUpdate>, separator: &mut Separator) {
        if components.is_empty() {
            return;
        }
        separator.next(self.out);
        self.out.push_str(COMPONENTS);
        let mut encoder = Encoder { out: self.out, shared: &Shared::default() };
        let mut inner = Separator::default();
        for (cid, ComponentUpdate { node, base }) in components {
            inner.next(encoder.out);
            let _ = write!(encoder.out, "\"{cid}\":{{");
            match base {
                Some(base) => {
                    let mut members = Separator::default();
                    encoder.slots(&node.slots, &mut members);
                    members.next(encoder.out);
                    let _ = write!(encoder.out, "{STATICS}{base}");
                }
                None => encoder.node_members(node, &mut Separator::default(), IsRoot(false)),
            }
            encoder.out.push('}');
        }
        encoder.out.push('}');
    }

    fn extras(&mut self, extras: &Extras, separator: &mut Separator) {
        if let Some(title) = &extras.title {
            separator.next(self.out);
            self.out.push_str(TITLE);
            self.out.push_str(title);
        }
        if extras.has_events() {
            separator.next(self.out);
            self.out.push_str(EVENTS);
            extras.write_events(self.out);
            self.out.push(']');
        }
        if let Some(reply) = &extras.reply {
            separator.next(self.out);
            self.out.push_str(REPLY);
            self.out.push_str(reply);
        }
    }

    fn index_key(&mut self, index: usize) {
        self.out.push('"');
        self.number(index);
        self.out.push_str("\":");
    }

    fn number(&mut self, number: usize) {
        // Writing to a string does not fail.
        let _ = write!(self.out, "{number}");
    }
}

/// Appends one event to the text of an array.
pub(crate) fn encode_events(events: &mut String, name: &str, payload: &str, is_before: bool) {
    if !events.is_empty() {
        events.push(',');
    }
    events.push('[');
    push_json_string(events, name);
    events.push(',');
    events.push_str(payload);
    events.push_str(if is_before { ",true]" } else { "]" });
}

/// Appends a JSON string.
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{push_json_string, size};

    #[test]
    fn a_string_is_as_long_as_was_counted() {
        for text in ["", "a", "é", "\"", "\\\n\t\r", "\u{0}\u{1}\u{1f}\u{7f}", "<p title=\"x\">"] {
            let mut json = String::new();
            push_json_string(&mut json, text);
            assert_eq!(size::string(text), json.len(), "{json}");
        }
        assert_eq!([0, 9, 10, 99, 100].map(size::key), [5, 5, 6, 6, 7]);
    }
}
