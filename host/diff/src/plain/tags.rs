//! Tags of a document with their places in it, as html5gum finds them. Text is what stands between them.

use std::cell::Cell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Readable as _, Span, StringReader, Tokenizer};

use crate::commands;
use crate::context::is_allowed_url;
use crate::fault::Fault;
use crate::policy::{self, PLAIN_TEXT_ELEMENTS, Policy, RAW_TEXT_ELEMENTS, VOID_ELEMENTS};
use crate::scan::{Checked, check_attribute};

/// Deepest nesting of elements: for each of them, cleaning looks at all that are around it. Browsers have such a limit
/// as well, of 512.
pub(super) const MAX_DEPTH: usize = 256;
/// Most attributes of a tag: the tokenizer calls itself for each.
const MAX_ATTRIBUTES: usize = 64;

/// What stands between two texts.
#[derive(Debug)]
pub(super) enum Tag {
    Open(OpenTag),
    Close {
        range: Range<usize>,
        name: Range<usize>,
    },
    Comment(Range<usize>),
    /// What a browser would have to repair, or the policy does not have.
    Refused,
}

#[derive(Debug, Default)]
pub(super) struct OpenTag {
    pub(super) range: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) element: Element,
    /// Whether it ends with `/>`.
    pub(super) is_self_closing: bool,
    /// Those whose value stands in quotes.
    pub(super) attributes: Vec<Attribute>,
    is_refused: bool,
}

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    /// Without its quotes.
    pub(super) value: Range<usize>,
    /// What its name makes of it.
    pub(super) checked: Checked,
}

/// What has to be known of an element by its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Element {
    #[default]
    Other,
    /// It never has content.
    Void,
    /// Its content is text with character references.
    PlainText,
    /// Its content is something else.
    RawText,
    /// Its children are a list, however many they are.
    List,
    /// It stands in lines of text: a few of a kind are no list.
    Inline,
    Select,
    Svg,
    /// HTML inside of SVG.
    Desc,
}

const LIST_ELEMENTS: [&[u8]; 6] = [b"ul", b"ol", b"tbody", b"datalist", b"optgroup", b"menu"];
const INLINE_ELEMENTS: [&[u8]; 15] = [
    b"td", b"th", b"span", b"b", b"i", b"em", b"strong", b"small", b"code", b"kbd", b"mark", b"u", b"s",
    b"sub", b"sup",
];

impl Element {
    fn of(name: &[u8]) -> Self {
        let is_in = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        match name {
            b"svg" => Self::Svg,
            b"select" => Self::Select,
            b"desc" => Self::Desc,
            _ if LIST_ELEMENTS.contains(&name) => Self::List,
            _ if INLINE_ELEMENTS.contains(&name) => Self::Inline,
            _ if is_in(&VOID_ELEMENTS) => Self::Void,
            _ if is_in(&PLAIN_TEXT_ELEMENTS) => Self::PlainText,
            _ if is_in(&RAW_TEXT_ELEMENTS) || name == b"plaintext" => Self::RawText,
            _ => Self::Other,
        }
    }
}

/// The tags of the rest of a document, one after another. An error is a tag with too many attributes.
pub(super) type Tags<'a> = Tokenizer<Text<'a>, CallbackEmitter<Reader<'a>, Tag, usize>>;

/// Begins to read at a place where neither a tag nor text that is no markup goes on.
pub(super) fn tags<'a>(html: &'a str, at: usize, policy: &'a Policy) -> Tags<'a> {
    let text = Text::new(html.get(at..).unwrap_or_default());
    let attributes = text.attributes.clone();
    let reader =
        Reader { html, base: at, policy, open: OpenTag::default(), checked: Checked::Plain, attributes };
    let mut emitter = CallbackEmitter::new(reader);
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(text, emitter)
}

/// Elements that end with the next of their kind, or inside of others that are counted.
const ENDED_BY_OTHERS: [&[u8]; 14] = [
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"option",
    b"optgroup",
    b"tr",
    b"td",
    b"th",
    b"thead",
    b"tbody",
    b"tfoot",
    b"caption",
    b"colgroup",
];

/// Cleaning takes time for each element by how deep it stands, and for each attribute by how many stand before it: a
/// document where that is much is refused.
pub(super) fn check_cleanable(html: &str) -> Result<(), Fault> {
    let text = Text::new(html);
    let attributes = text.attributes.clone();
    let deepest = Rc::new(Cell::new(0));
    let (mut depth, mut open, seen) = (0, HashMap::<Vec<u8>, usize>::new(), deepest.clone());
    let callback = move |event: CallbackEvent<'_>, _: Span<()>| {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                attributes.set(0);
                if !ENDED_BY_OTHERS.contains(&name) && Element::of(name) != Element::Void {
                    *open.entry(name.to_owned()).or_default() += 1;
                    depth += 1;
                    seen.set(depth.max(seen.get()));
                }
            }
            CallbackEvent::EndTag { name } => {
                // What ends nothing counts for nothing.
                if let Some(count) = open.get_mut(name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                }
            }
            CallbackEvent::AttributeName { .. } => attributes.set(attributes.get() + 1),
            _ => {}
        }
        None::<Infallible>
    };
    let mut emitter = CallbackEmitter::new(callback);
    emitter.naively_switch_states(true);
    let read = Tokenizer::new_with_emitter(text, emitter).finish();
    read.map_err(|TooMany| Fault::TooManyAttributes { limit: MAX_ATTRIBUTES })?;
    if deepest.get() > MAX_DEPTH { Err(Fault::TooDeep { limit: MAX_DEPTH }) } else { Ok(()) }
}

/// The text that is read, until a tag has too many attributes.
pub(super) struct Text<'a> {
    text: StringReader<'a>,
    /// Of the tag that is read.
    attributes: Rc<Cell<usize>>,
}

/// A tag has too many attributes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a tag with more than {MAX_ATTRIBUTES} attributes")]
pub(super) struct TooMany;

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.to_reader(), attributes: Rc::default() }
    }

    fn check(&self) -> Result<(), TooMany> {
        if self.attributes.get() > MAX_ATTRIBUTES { Err(TooMany) } else { Ok(()) }
    }
}

impl html5gum::Reader for Text<'_> {
    type Error = TooMany;

    fn read_byte(&mut self) -> Result<Option<u8>, TooMany> {
        self.check()?;
        Ok(self.text.read_byte().unwrap_or_default())
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, TooMany> {
        self.check()?;
        Ok(self.text.try_read_string(text, case_sensitive).unwrap_or_default())
    }

    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        buffer: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, TooMany> {
        self.check()?;
        Ok(self.text.read_until(needle, buffer).unwrap_or_default())
    }
}

/// Puts the tokenizer's events together.
pub(super) struct Reader<'a> {
    html: &'a str,
    /// Where the tokenizer began.
    base: usize,
    policy: &'a Policy,
    open: OpenTag,
    /// What the name of the attribute that is read makes of it.
    checked: Checked,
    /// Of the tag that is read.
    attributes: Rc<Cell<usize>>,
}

impl Callback<Tag, usize> for Reader<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Tag> {
        let (start, end) = (self.base + span.start, self.base + span.end);
        match event {
            CallbackEvent::OpenStartTag { name } => {
                let name_range = start + 1..start + 1 + name.len();
                self.open = OpenTag {
                    is_refused: !self.is(&name_range, name) || !self.allows_element(name),
                    range: start..start,
                    name: name_range,
                    element: Element::of(name),
                    ..OpenTag::default()
                };
                self.attributes.set(0);
                None
            }
            CallbackEvent::AttributeName { name } => {
                self.attributes.set(self.attributes.get() + 1);
                self.attribute(name, start..end);
                None
            }
            CallbackEvent::AttributeValue { value } => {
                if !self.policy.raw_markup {
                    self.open.is_refused |=
                        !std::str::from_utf8(value).is_ok_and(|value| self.allows_value(value));
                }
                None
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                let mut open = std::mem::take(&mut self.open);
                open.range.end = end;
                open.is_self_closing = self_closing;
                let is_whole = self.html.get(open.range.clone())?.ends_with('>');
                Some(if is_whole && !open.is_refused { Tag::Open(open) } else { Tag::Refused })
            }
            CallbackEvent::EndTag { name } => {
                let name_range = start + 2..start + 2 + name.len();
                // White space after the name, and nothing else, would do no harm; nobody writes it.
                let is_plain = self.is(&name_range, name) && name_range.end + 1 == end;
                Some(if is_plain { Tag::Close { range: start..end, name: name_range } } else { Tag::Refused })
            }
            CallbackEvent::Comment { .. } => {
                let text = self.html.get(start..end).unwrap_or_default();
                let is_plain = text.len() >= 7 && text.starts_with("<!--") && text.ends_with("-->");
                Some(if is_plain { Tag::Comment(start..end) } else { Tag::Refused })
            }
            CallbackEvent::String { .. } => None,
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => Some(Tag::Refused),
        }
    }
}

impl Reader<'_> {
    /// Whether a name stands there, which the tokenizer gives in lower case.
    fn is(&self, range: &Range<usize>, name: &[u8]) -> bool {
        self.html.as_bytes().get(range.clone()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    }

    fn allows_element(&self, name: &[u8]) -> bool {
        self.policy.raw_markup || std::str::from_utf8(name).is_ok_and(policy::allows_element)
    }

    fn allows_value(&self, value: &str) -> bool {
        let is_allowed = match self.checked {
            Checked::Url => is_allowed_url(value),
            Checked::Hook => self.policy.hooks.check(value).is_ok(),
            // Documents of plain HTML have no portals.
            Checked::Portal => false,
            Checked::Plain => true,
        };
        is_allowed && commands::check(value, self.policy).is_ok()
    }

    fn attribute(&mut self, name: &[u8], range: Range<usize>) {
        let checked = std::str::from_utf8(name).map(|name| check_attribute(name, self.policy));
        let is_allowed = self.policy.raw_markup || matches!(checked, Ok(Ok(_)));
        self.open.is_refused |= !is_allowed || !self.is(&range, name);
        self.checked = checked.ok().and_then(Result::ok).unwrap_or(Checked::Plain);
        let after = self.html.get(range.end..).unwrap_or_default();
        let Some(quote) = ["=\"", "='"].into_iter().find(|quote| after.starts_with(quote)) else { return };
        let start = range.end + quote.len();
        let length = after.get(quote.len()..).and_then(|value| value.find(quote.chars().last()?));
        if let Some(length) = length {
            self.open.attributes.push(Attribute {
                name: range,
                value: start..start + length,
                checked: self.checked,
            });
        }
    }
}
