//! Reads a template's literal parts once, across its slots, and finds the context of each slot.
//!
//! A strict subset of the WHATWG tokenizer's states: what is accepted here means the same to every browser, and
//! what browsers would have to repair is refused, with the fix.

use crate::context::Context;
use crate::fault::TemplateProblem;
use crate::policy::{Policy, VOID_ELEMENTS};

mod attribute;
mod element;
pub(crate) mod portal;

pub(crate) use attribute::{Checked, check_attribute};
use element::Open;

/// Longest name of an element or attribute, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// What the literal parts are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    /// One per slot.
    pub(crate) contexts: Vec<Context>,
    /// Whether the output is exactly one element, fit to be tracked by the client (protocol 4.4).
    pub(crate) is_single_element: bool,
    /// Whether it is one that a live component can be: no portal, of which the client would lose sight.
    pub(crate) is_component: bool,
    /// The slot that is the whole `id` of the one element that there is. No slot before it could bring another id.
    pub(crate) id_slot: Option<usize>,
}

/// The tokenizer's states that an accepted template can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Data,
    /// After `<`.
    TagOpen,
    TagName,
    EndTagName,
    AfterEndTagName,
    /// After white space in a tag.
    BeforeAttribute,
    AttributeName,
    /// After `name=`.
    BeforeValue,
    Value(char),
    /// After a value's closing quote, or a slot between attributes.
    AfterValue,
    /// After `/` in a tag.
    SelfClosing,
    /// After `<!--`.
    Comment,
    /// In an element whose content is text (`true`: slots may stand in it).
    RawText(bool),
}

struct Scanner<'a> {
    policy: &'a Policy,
    part: usize,
    state: State,
    open: Vec<Open>,
    tag: String,
    attribute: String,
    attributes: Vec<String>,
    /// Literal text of the attribute's value so far.
    value: String,
    value_has_slot: bool,
    /// The slot that is the whole value so far.
    value_slot: Option<usize>,
    /// The slot that was the whole of the value that ended last.
    whole_value: Option<usize>,
    slots: usize,
    /// Whether the tag has an id, and whether it has `phx-update="stream"`.
    has_id: bool,
    updates_as_stream: bool,
    id_slot: Option<usize>,
    /// A URL's first slot, to be followed by what ends its scheme.
    after_url_slot: bool,
    portal: portal::Tag,
    portal_as_root: bool,
    roots: usize,
    outside_root: bool,
    trackable: bool,
}

/// Scans literal parts: `parts.len() - 1` slots stand between them.
pub(crate) fn scan(parts: &[String], policy: &Policy) -> Result<Scanned, TemplateProblem> {
    let mut scanner = Scanner {
        policy,
        part: 0,
        state: State::Data,
        open: Vec::new(),
        tag: String::new(),
        attribute: String::new(),
        attributes: Vec::new(),
        value: String::new(),
        value_has_slot: false,
        value_slot: None,
        whole_value: None,
        slots: 0,
        has_id: false,
        updates_as_stream: false,
        id_slot: None,
        after_url_slot: false,
        portal: portal::Tag::default(),
        portal_as_root: false,
        roots: 0,
        outside_root: false,
        trackable: true,
    };
    let mut contexts = Vec::with_capacity(parts.len().saturating_sub(1));
    for (index, part) in parts.iter().enumerate() {
        scanner.part = index;
        scanner.literal(part, index > 0).map_err(|message| TemplateProblem { part: index, message })?;
        let whole = scanner.whole_value.take().and_then(|slot| contexts.get_mut(slot));
        if let Some(context @ Context::ValueBegin) = whole {
            *context = Context::WholeValue;
        }
        if index + 1 < parts.len() {
            let context = scanner.slot().map_err(|message| TemplateProblem { part: index, message })?;
            scanner.slots += 1;
            contexts.push(context);
        }
    }
    scanner.finish().map_err(|message| TemplateProblem { part: scanner.part, message })?;
    let is_one_element = scanner.roots == 1 && !scanner.outside_root;
    Ok(Scanned {
        contexts,
        is_single_element: is_one_element && scanner.trackable,
        is_component: is_one_element && scanner.trackable && !scanner.portal_as_root,
        id_slot: scanner.id_slot.filter(|_| is_one_element),
    })
}

type Step = Result<(), String>;

impl Scanner<'_> {
    fn literal(&mut self, part: &str, after_slot: bool) -> Step {
        if after_slot && self.state == State::AfterValue && !self.attribute_ended(part) {
            return Err("a slot between attributes is followed by a space, `/` or `>`".to_owned());
        }
        let mut rest = part;
        while let Some(character) = rest.chars().next() {
            rest = match self.state {
                State::RawText(_) => self.raw_text(rest)?,
                State::Comment => self.comment(rest)?,
                State::TagOpen if rest.starts_with("!--") => {
                    self.state = State::Comment;
                    self.trackable = false;
                    rest.get(3..).unwrap_or_default()
                }
                _ => {
                    self.step(character)?;
                    rest.get(character.len_utf8()..).unwrap_or_default()
                }
            };
        }
        Ok(())
    }

    fn attribute_ended(&self, part: &str) -> bool {
        // Between two slots nothing has to stand: each brings its own space.
        part.is_empty() || part.starts_with([' ', '\n', '\t', '/', '>'])
    }

    fn step(&mut self, character: char) -> Step {
        if character == '\0' {
            return Err("a NUL character".to_owned());
        }
        match self.state {
            State::Data if character == '<' => self.state = State::TagOpen,
            State::Data if character.is_ascii_whitespace() => {}
            State::Data => {
                self.refuse_beside_content()?;
                self.outside_root |= self.open.is_empty();
            }
            State::TagOpen if character == '/' => {
                self.tag.clear();
                self.state = State::EndTagName;
            }
            State::TagOpen if character.is_ascii_alphabetic() => {
                self.tag.clear();
                self.attributes.clear();
                (self.has_id, self.updates_as_stream) = (false, false);
                self.portal = portal::Tag::default();
                push_name(&mut self.tag, character)?;
                self.state = State::TagName;
            }
            State::TagOpen => return Err("`<` that begins no tag: write `&lt;`".to_owned()),
            State::TagName if is_space(character) => self.state = State::BeforeAttribute,
            State::TagName if character == '>' => self.open_element()?,
            State::TagName if character == '/' => self.state = State::SelfClosing,
            State::TagName | State::EndTagName if is_tag_character(character) => {
                push_name(&mut self.tag, character)?
            }
            State::EndTagName if character == '>' => self.close_element()?,
            State::EndTagName if is_space(character) => self.state = State::AfterEndTagName,
            State::AfterEndTagName if character == '>' => self.close_element()?,
            State::AfterEndTagName if is_space(character) => {}
            State::BeforeAttribute | State::AfterValue if is_space(character) => {
                self.state = State::BeforeAttribute
            }
            State::BeforeAttribute | State::AfterValue if character == '>' => self.open_element()?,
            State::BeforeAttribute | State::AfterValue if character == '/' => self.state = State::SelfClosing,
            State::BeforeAttribute if crate::attributes::is_name_character(character) => {
                self.attribute.clear();
                push_name(&mut self.attribute, character)?;
                self.state = State::AttributeName;
            }
            State::AttributeName if crate::attributes::is_name_character(character) => {
                push_name(&mut self.attribute, character)?;
            }
            State::AttributeName if character == '=' => {
                self.end_attribute_name()?;
                self.state = State::BeforeValue;
            }
            State::AttributeName if is_space(character) => {
                self.end_attribute_name()?;
                self.state = State::BeforeAttribute;
            }
            State::AttributeName if character == '>' => {
                self.end_attribute_name()?;
                self.open_element()?;
            }
            State::AttributeName if character == '/' => {
                self.end_attribute_name()?;
                self.state = State::SelfClosing;
            }
            State::BeforeValue if matches!(character, '"' | '\'') => {
                self.value.clear();
                self.value_has_slot = false;
                self.value_slot = None;
                self.after_url_slot = false;
                self.state = State::Value(character);
            }
            State::BeforeValue => {
                return Err("an attribute's value without quotes: put it in `\"`".to_owned());
            }
            State::Value(quote) if character == quote => {
                self.after_url_slot = false;
                self.end_value()?;
                self.state = State::AfterValue;
            }
            State::Value(_) => {
                if std::mem::take(&mut self.after_url_slot) && !matches!(character, '/' | '?' | '#') {
                    return Err(format!(
                        "a slot at the beginning of the URL `{}` is the whole value, or is followed by `/`, `?` or `#`",
                        self.attribute
                    ));
                }
                self.value.push(character);
            }
            State::SelfClosing if character == '>' => {
                if !VOID_ELEMENTS.contains(&self.tag.as_str()) && !self.is_inside("svg") {
                    return Err(format!(
                        "`<{0}/>`: only void elements end so, write `<{0}></{0}>`",
                        self.tag
                    ));
                }
                self.check_element()?;
                self.check_portal()?;
                self.count_root();
                self.state = State::Data;
            }
            _ => return Err(format!("unexpected {character:?} in a tag")),
        }
        Ok(())
    }

    /// A slot stands here: its context, or why it may not.
    fn slot(&mut self) -> Result<Context, String> {
        match self.state {
            State::Data => {
                self.refuse_beside_content()?;
                self.outside_root |= self.open.is_empty();
                Ok(match self.open.last() {
                    Some(open) if open.is_stream => Context::Stream,
                    _ => Context::Text,
                })
            }
            State::RawText(true) => Ok(Context::PlainText),
            State::RawText(false) => Err(format!("a slot inside `{}`, where no text is safe", self.tag)),
            State::Value(_) => self.slot_in_value(),
            State::TagName | State::BeforeAttribute | State::AfterValue => {
                self.state = State::AfterValue;
                self.trackable &= !self.open.is_empty();
                self.portal.attribute_slot();
                Ok(Context::AttributeList)
            }
            State::AttributeName => {
                self.end_attribute_name()?;
                self.state = State::AfterValue;
                self.portal.attribute_slot();
                Ok(Context::AttributeList)
            }
            State::TagOpen | State::EndTagName | State::AfterEndTagName | State::SelfClosing => {
                Err("a slot in the name of a tag".to_owned())
            }
            State::BeforeValue => Err("a slot as a value without quotes: put it in `\"`".to_owned()),
            State::Comment => Err("a slot inside a comment".to_owned()),
        }
    }

    fn finish(&self) -> Step {
        if let Some(element) = self.open.last() {
            return Err(format!("`<{}>` is not closed", element.tag));
        }
        match self.state {
            State::Data => Ok(()),
            _ => Err("the template ends inside a tag, a comment or an element of text".to_owned()),
        }
    }

    /// Text up to the end tag of its element.
    fn raw_text<'a>(&mut self, rest: &'a str) -> Result<&'a str, String> {
        let element = self.open.last().map_or_else(String::new, |open| open.tag.clone());
        // Slots stand only in text without any `<`: with what they hold, or with nothing, it could begin a tag.
        let begin = if self.state == State::RawText(true) { "<" } else { "</" };
        let Some(at) = rest.find(begin) else { return Ok("") };
        let (text, end) = rest.split_at(at);
        if element == "script" && text.contains("<!--") {
            return Err("`<!--` inside `script`, after which browsers may pass over its end tag".to_owned());
        }
        let name = end.get(2..2 + element.len());
        let Some(after) = name
            .filter(|name| end.starts_with("</") && name.eq_ignore_ascii_case(&element))
            .and_then(|_| end.get(2 + element.len()..))
            .and_then(|after| after.strip_prefix('>'))
        else {
            return Err(format!("`{begin}` inside `{element}`: write `&lt;`"));
        };
        self.open.pop();
        self.state = State::Data;
        Ok(after)
    }

    fn comment<'a>(&mut self, rest: &'a str) -> Result<&'a str, String> {
        let end = rest.find("--").ok_or_else(|| "a comment that does not end in its part".to_owned())?;
        let (_, tail) = rest.split_at(end);
        if rest.starts_with(['>', '-']) {
            return Err("a comment that browsers end early: begin it with a space".to_owned());
        }
        self.state = State::Data;
        tail.strip_prefix("-->").ok_or_else(|| "`--` inside a comment".to_owned())
    }
}

fn push_name(name: &mut String, character: char) -> Step {
    if name.len() >= MAX_NAME_BYTES {
        return Err(format!("a name longer than {MAX_NAME_BYTES} bytes"));
    }
    name.push(character.to_ascii_lowercase());
    Ok(())
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\n' | '\t')
}

fn is_tag_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}

#[cfg(test)]
mod tests;
