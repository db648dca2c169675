//! The use of a component: what it is given, and what decides whether that changed.

use proc_macro2::Span;

use super::{Same, Template, body};
use crate::ast::{self, Attribute, Name, Node, Value};
use crate::reads::{self, Bound, Reads};

/// `<Card title={…}>…</Card>`
pub(crate) struct Use {
    pub(crate) path: syn::Path,
    /// Where the tag's name stands.
    pub(crate) span: Span,
    pub(crate) attributes: Vec<Given>,
    /// `{..attributes}`
    pub(crate) spread: Option<Given>,
    pub(crate) contents: Vec<Content>,
    /// What tells a live component from others of its type; none: it is a function.
    pub(crate) id: Option<Given>,
}

/// One attribute.
pub(crate) struct Given {
    pub(crate) name: Name,
    pub(crate) value: Argument,
    pub(crate) reads: Reads,
    pub(crate) same: Same,
}

/// The value of an attribute.
pub(crate) enum Argument {
    Literal(syn::Expr),
    Value(syn::Expr),
    Optional(syn::Expr),
}

/// What fills one slot.
pub(crate) struct Content {
    pub(crate) name: Name,
    pub(crate) pattern: Option<syn::Pat>,
    pub(crate) attributes: Vec<Given>,
    pub(crate) template: Template,
    /// What its attributes and its template read.
    pub(crate) reads: Reads,
}

/// Everything that a use reads, and the use.
pub(super) fn lower(component: ast::Component, bound: &Bound) -> (Reads, Use) {
    let span = component.name.span;
    let mut attributes: Vec<_> = component.attributes.into_iter().map(|it| given(it, bound)).collect();
    let id = attributes.iter().position(|it| component.is_live && it.name.text == "id");
    let id = id.map(|id| attributes.remove(id));
    let spread = component.spread.map(|expression| Given {
        name: Name { text: "rest".to_owned(), span },
        reads: reads::of(&expression, bound),
        same: Same::No,
        value: Argument::Value(expression),
    });
    let mut contents = Vec::new();
    if !component.children.is_empty() {
        let name = Name { text: "children".to_owned(), span };
        contents.push(content(name, component.pattern, Vec::new(), component.children, bound));
    }
    for ast::Entry { name, pattern, attributes, children } in component.entries {
        contents.push(content(name, pattern, attributes, children, bound));
    }
    let mut reads = Reads::default();
    for part in attributes
        .iter()
        .chain(&spread)
        .chain(&id)
        .map(|it| &it.reads)
        .chain(contents.iter().map(|it| &it.reads))
    {
        reads.add(part);
    }
    (reads, Use { path: component.path, span, attributes, spread, contents, id })
}

fn content(
    name: Name,
    pattern: Option<syn::Pat>,
    attributes: Vec<Attribute>,
    children: Vec<Node>,
    bound: &Bound,
) -> Content {
    let attributes: Vec<_> = attributes.into_iter().map(|it| given(it, bound)).collect();
    let template = match &pattern {
        Some(pattern) => body(children, &bound.with_pattern(pattern)),
        None => body(children, bound),
    };
    let mut reads = template.reads.clone();
    for attribute in &attributes {
        reads.add(&attribute.reads);
    }
    Content { name, pattern, attributes, template, reads }
}

fn given(Attribute { name, value }: Attribute, bound: &Bound) -> Given {
    let value = match value {
        Value::Present => Argument::Literal(syn::parse_quote!(true)),
        Value::Literal(text) => {
            let literal = syn::LitStr::new(&text.value, text.span);
            Argument::Literal(syn::parse_quote!(#literal))
        }
        Value::Slot(expression) => Argument::Value(expression),
        Value::Optional(expression) => Argument::Optional(expression),
    };
    let (reads, same) = match &value {
        Argument::Literal(_) => (Reads::default(), Same::No),
        Argument::Value(expression) | Argument::Optional(expression) => {
            (reads::of(expression, bound), Same::of(expression, bound))
        }
    };
    Given { name, value, reads, same }
}
