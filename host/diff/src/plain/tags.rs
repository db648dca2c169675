//! Tags of a document with their places in it, as html5gum finds them. Text is what stands between them.

use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, StringReader, Tokenizer};

use crate::context::is_allowed_url;
use crate::policy::{self, PLAIN_TEXT_ELEMENTS, Policy, RAW_TEXT_ELEMENTS, VOID_ELEMENTS};
use crate::scan::{Checked, check_attribute};

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
    pub(super) is_url: bool,
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

/// The tags of the rest of a document, one after another.
pub(super) type Tags<'a> = Tokenizer<StringReader<'a>, CallbackEmitter<Reader<'a>, Tag, usize>>;

/// Begins to read at a place where neither a tag nor text that is no markup goes on.
pub(super) fn tags(html: &str, at: usize, policy: Policy) -> Tags<'_> {
    let reader = Reader { html, base: at, policy, open: OpenTag::default(), url: None };
    let mut emitter = CallbackEmitter::new(reader);
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html.get(at..).unwrap_or_default(), emitter)
}

/// Puts the tokenizer's events together.
pub(super) struct Reader<'a> {
    html: &'a str,
    /// Where the tokenizer began.
    base: usize,
    policy: Policy,
    open: OpenTag,
    /// Whether the attribute that is read is a URL; `None` when no attribute is.
    url: Option<bool>,
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
                self.url = None;
                None
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute(name, start..end);
                None
            }
            CallbackEvent::AttributeValue { value } => {
                if self.url == Some(true) && !self.policy.raw_markup {
                    self.open.is_refused |= !std::str::from_utf8(value).is_ok_and(is_allowed_url);
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

    fn attribute(&mut self, name: &[u8], range: Range<usize>) {
        let checked = std::str::from_utf8(name).map(|name| check_attribute(name, self.policy));
        let is_allowed = self.policy.raw_markup || matches!(checked, Ok(Ok(_)));
        self.open.is_refused |= !is_allowed || !self.is(&range, name);
        let is_url = matches!(checked, Ok(Ok(Checked::Url)));
        self.url = Some(is_url);
        let after = self.html.get(range.end..).unwrap_or_default();
        let Some(quote) = ["=\"", "='"].into_iter().find(|quote| after.starts_with(quote)) else { return };
        let start = range.end + quote.len();
        let length = after.get(quote.len()..).and_then(|value| value.find(quote.chars().last()?));
        if let Some(length) = length {
            self.open.attributes.push(Attribute { name: range, value: start..start + length, is_url });
        }
    }
}
