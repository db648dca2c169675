//! What a browser makes of a page: html5ever's tokenizer, led by its tree builder as in a browser, so that text areas,
//! SVG and tables are read as they are there. The tree itself is not kept.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

/// The pages's tags, texts and values, as a browser has them.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Tags with the names of their attributes, and comments: what no value may change.
    pub(super) shape: String,
    /// Text between tags.
    pub(super) texts: Vec<String>,
    /// Text of scripts, styles and their like.
    pub(super) code: Vec<String>,
    /// Attributes of start tags: element, name, value.
    pub(super) attributes: Vec<(String, String, String)>,
    /// Elements that were begun.
    pub(super) elements: Vec<String>,
}

/// Reads what stands in the body of a page.
pub(super) fn read(html: &str) -> Page {
    let builder = TreeBuilder::new(Names, TreeBuilderOpts::default());
    let reader = Reader { builder, page: RefCell::default(), is_code: Cell::new(false) };
    let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
    let feed = |text: &str| {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(text));
        // Scripts and encodings interrupt it.
        while tokenizer.feed(&input) != TokenizerResult::Done {}
    };
    feed("<!DOCTYPE html><body><div>");
    tokenizer.sink.page.take();
    feed(html);
    tokenizer.end();
    tokenizer.sink.page.take()
}

struct Reader {
    builder: TreeBuilder<Handle, Names>,
    page: RefCell<Page>,
    is_code: Cell<bool>,
}

impl TokenSink for Reader {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let mut page = self.page.borrow_mut();
        let is_tag = match &token {
            Token::TagToken(tag) => {
                page.tag(tag);
                self.is_code.set(false);
                true
            }
            Token::CommentToken(text) => {
                page.shape.push_str("<!--");
                page.shape.push_str(text);
                false
            }
            Token::DoctypeToken(_) => {
                page.shape.push_str("<!DOCTYPE>");
                false
            }
            Token::CharacterTokens(text) => {
                let page = &mut *page;
                let texts = if self.is_code.get() { &mut page.code } else { &mut page.texts };
                match texts.last_mut() {
                    Some(last) => last.push_str(text),
                    None => texts.push(text.to_string()),
                }
                false
            }
            Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => false,
        };
        drop(page);
        let result = self.builder.process_token(token, line);
        if is_tag {
            let is_code = match &result {
                TokenSinkResult::RawData(kind) => !matches!(kind, RawKind::Rcdata),
                TokenSinkResult::Plaintext => true,
                _ => false,
            };
            self.is_code.set(is_code);
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Page {
    fn tag(&mut self, tag: &Tag) {
        self.texts.push(String::new());
        self.code.push(String::new());
        let is_start = tag.kind == TagKind::StartTag;
        self.shape.push_str(if is_start { "<" } else { "</" });
        self.shape.push_str(&tag.name);
        for attribute in &tag.attrs {
            self.shape.push(' ');
            self.shape.push_str(&attribute.name.local);
        }
        self.shape.push_str(if tag.self_closing { "/>" } else { ">" });
        if is_start {
            self.elements.push(tag.name.to_string());
        }
        self.attributes.extend(tag.attrs.iter().map(|attribute| {
            (tag.name.to_string(), attribute.name.local.to_string(), attribute.value.to_string())
        }));
    }
}

/// An element, known by its name. Everything else is an element without a name.
type Handle = Rc<QualName>;

/// The tree builder's tree, of which nothing is kept.
struct Names;

fn nameless() -> Handle {
    Rc::new(QualName::new(None, ns!(), local_name!("")))
}

impl TreeSink for Names {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn get_document(&self) -> Handle {
        nameless()
    }

    fn get_template_contents(&self, _target: &Handle) -> Handle {
        nameless()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.expanded()
    }

    fn create_element(&self, name: QualName, _attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        Rc::new(name)
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        nameless()
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        nameless()
    }

    fn append(&self, _parent: &Handle, _child: NodeOrText<Handle>) {}
    fn append_before_sibling(&self, _sibling: &Handle, _new: NodeOrText<Handle>) {}
    fn append_based_on_parent_node(&self, _element: &Handle, _former: &Handle, _new: NodeOrText<Handle>) {}
    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}
    fn add_attrs_if_missing(&self, _target: &Handle, _attributes: Vec<Attribute>) {}
    fn remove_from_parent(&self, _target: &Handle) {}
    fn reparent_children(&self, _node: &Handle, _parent: &Handle) {}
    fn set_quirks_mode(&self, _mode: QuirksMode) {}
    fn parse_error(&self, _message: Cow<'static, str>) {}
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_page_is_read_as_a_browser_reads_it() {
        let page = read("<p title='a&amp;b'>x</p><textarea><i></textarea><style>y</style><!-- z -->");
        assert_eq!(page.shape, "<p title></p><textarea></textarea><style></style><!-- z ");
        assert_eq!(page.texts.concat(), "x<i>");
        assert_eq!(page.code.concat(), "y");
        assert_eq!(page.attributes, [("p".to_owned(), "title".to_owned(), "a&b".to_owned())]);
        // In SVG, a text area is an element like any other.
        assert_eq!(read("<svg><textarea><g></textarea></svg>").elements, ["svg", "textarea", "g"]);
    }
}
