//! The template language as a tree.
//!
//! What an author wrote, with places for messages; nothing about how it is rendered.

use proc_macro2::{Span, TokenStream};

/// One thing between tags.
pub(crate) enum Node {
    Element(Element),
    /// A string literal: text exactly as it stands between its quotes.
    Text(Text),
    /// `{expression}`
    Slot(syn::Expr),
    /// `{raw(expression)}`
    Raw(syn::Expr),
    /// `{render_slot(slot, argument)}`
    RenderSlot(Box<RenderSlot>),
    If(If),
    Match(Box<Match>),
    For(Box<For>),
    Component(Box<Component>),
    /// `<:name …>…</:name>`. Those that stand where they belong are moved into their component.
    Entry(Box<Entry>),
}

/// The name of an element or attribute, such as `aria-label` or `xlink:href`.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

pub(crate) struct Element {
    pub(crate) name: Name,
    pub(crate) attributes: Vec<Attribute>,
    /// `{..expression}`
    pub(crate) spread: Option<syn::Expr>,
    pub(crate) children: Vec<Node>,
}

impl Element {
    /// Whether its loops are streams.
    pub(crate) fn is_stream(&self) -> bool {
        self.attribute("phx-update").is_some_and(
            |attribute| matches!(&attribute.value, Value::Literal(text) if text.value == "stream"),
        )
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.text == name)
    }
}

/// `<Card title={…}>…</Card>`
pub(crate) struct Component {
    pub(crate) path: syn::Path,
    pub(crate) name: Name,
    /// `<Todo.live …>`: it has state.
    pub(crate) is_live: bool,
    pub(crate) attributes: Vec<Attribute>,
    /// `{..expression}`
    pub(crate) spread: Option<syn::Expr>,
    /// `:let={pattern}`: what the content takes as its argument.
    pub(crate) pattern: Option<syn::Pat>,
    /// What stands between its tags; for a component with entries, all that is no entry.
    pub(crate) children: Vec<Node>,
    pub(crate) entries: Vec<Entry>,
}

/// One use of a named slot of a component: `<:name :let={pattern} attribute={…}>…</:name>`
pub(crate) struct Entry {
    /// Without the colon.
    pub(crate) name: Name,
    pub(crate) pattern: Option<syn::Pat>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Node>,
}

pub(crate) struct RenderSlot {
    pub(crate) slot: syn::Expr,
    pub(crate) argument: Option<syn::Expr>,
}

pub(crate) struct Attribute {
    pub(crate) name: Name,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// `disabled`
    Present,
    /// `class="note"`
    Literal(Text),
    /// `class={expression}`
    Slot(syn::Expr),
    /// `title?={expression}`
    Optional(syn::Expr),
}

/// `if … { … } else if … { … } else { … }`
pub(crate) struct If {
    /// At least one. A condition may be a `let` chain.
    pub(crate) branches: Vec<(syn::Expr, Vec<Node>)>,
    pub(crate) otherwise: Option<Vec<Node>>,
}

/// `match … { pattern if guard => { … } … }`
pub(crate) struct Match {
    pub(crate) scrutinee: syn::Expr,
    pub(crate) arms: Vec<Arm>,
}

pub(crate) struct Arm {
    pub(crate) pattern: syn::Pat,
    pub(crate) guard: Option<syn::Expr>,
    pub(crate) children: Vec<Node>,
}

/// `for pattern in iterable key={…} { … }`
pub(crate) struct For {
    pub(crate) pattern: syn::Pat,
    pub(crate) iterable: syn::Expr,
    pub(crate) key: Option<syn::Expr>,
    pub(crate) children: Vec<Node>,
}

/// The expression inside braces; several statements count as one block.
pub(crate) fn expression(tokens: TokenStream, braces: Span) -> syn::Result<syn::Expr> {
    use syn::parse::Parser as _;
    let statements = syn::Block::parse_within.parse2(tokens.clone())?;
    match statements.as_slice() {
        [syn::Stmt::Expr(expression, None)] => Ok(expression.clone()),
        [] => Err(syn::Error::new(braces, "expected an expression between the braces")),
        _ => Ok(syn::parse_quote!({ #tokens })),
    }
}
