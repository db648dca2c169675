//! What begins with `<`: elements, components and the entries of named slots, with their attributes.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::{Parse as _, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Token, token};

use super::{Children, braced_expression, loose_tokens, name, next_token, skip_tokens};
use crate::ast::{Attribute, Component, Element, Entry, For, If, Name, Node, Text, Value};
use crate::diagnostic;
use crate::elements;

/// What a tag is called, which says what it is.
enum Called {
    Element(Name),
    /// A function; or, with `.live` behind it, one with state.
    Component(syn::Path, Name, Option<syn::Ident>),
    /// The name without its colon.
    Entry(Name),
}

impl Called {
    /// As it is written in the tag.
    fn name(&self) -> Name {
        match self {
            Self::Element(name) | Self::Component(_, name, _) => name.clone(),
            Self::Entry(name) => Name { text: format!(":{}", name.text), span: name.span },
        }
    }
}

/// What stands between the name of a tag and its end.
#[derive(Default)]
struct Inside {
    attributes: Vec<Attribute>,
    spread: Option<syn::Expr>,
    repeat: Option<(syn::Pat, syn::Expr)>,
    key: Option<(syn::Expr, Span)>,
    condition: Option<(syn::Expr, Span)>,
    pattern: Option<(syn::Pat, Span)>,
}

enum TagEnd {
    Open,
    SelfClosed,
    /// Reported already; the element counts as empty.
    Missing,
}

impl Children<'_> {
    /// Reads an element, a component or an entry with all that is in it.
    pub(super) fn tag(&mut self, input: ParseStream<'_>) -> syn::Result<Node> {
        input.parse::<Token![<]>()?;
        let Ok(called) = called(input) else {
            return Err(loose_tokens(input));
        };
        let name = called.name();
        let (mut inside, end) = self.inside(input, &name);
        let children = if self.is_childless(&called, end) {
            Vec::new()
        } else {
            self.open.push(name.clone());
            let children = self.nodes(input);
            self.open.pop();
            self.close(input, &name);
            children
        };
        let (repeat, key, condition) = (inside.repeat.take(), inside.key.take(), inside.condition.take());
        let node = match called {
            Called::Element(name) => {
                if let Some((_, span)) = inside.pattern {
                    self.problems.add(diagnostic::let_on_element(span, &name));
                }
                let Inside { attributes, spread, .. } = inside;
                Node::Element(Element { name, attributes, spread, children })
            }
            Called::Component(path, name, suffix) => {
                let is_live = suffix.is_some();
                if let Some(word) = suffix.filter(|word| word != "live") {
                    self.problems.add(diagnostic::not_live(&word));
                }
                let Inside { attributes, spread, pattern, .. } = inside;
                let (entries, children) = split_entries(children);
                let pattern = pattern.map(|(pattern, _)| pattern);
                Node::Component(Box::new(Component {
                    path,
                    name,
                    is_live,
                    attributes,
                    spread,
                    pattern,
                    children,
                    entries,
                }))
            }
            Called::Entry(name) => {
                if let Some(place) = condition
                    .as_ref()
                    .map(|(_, span)| *span)
                    .or_else(|| repeat.as_ref().map(|(_, iterable)| iterable.span()))
                {
                    self.problems.add(diagnostic::choice_on_entry(place, &name));
                }
                if let Some(spread) = &inside.spread {
                    self.problems.add(diagnostic::spread_on_entry(spread.span(), &name));
                }
                let Inside { attributes, pattern, .. } = inside;
                let pattern = pattern.map(|(pattern, _)| pattern);
                return Ok(Node::Entry(Box::new(Entry { name, pattern, attributes, children })));
            }
        };
        let node = match condition {
            Some((condition, _)) => Node::If(If { branches: vec![(condition, vec![node])], otherwise: None }),
            None => node,
        };
        Ok(match (repeat, key) {
            (Some((pattern, iterable)), key) => {
                let key = key.map(|(key, _)| key);
                Node::For(Box::new(For { pattern, iterable, key, children: vec![node] }))
            }
            (None, Some((_, span))) => {
                self.problems.add(diagnostic::key_without_for(span));
                node
            }
            (None, None) => node,
        })
    }

    fn is_childless(&mut self, called: &Called, end: TagEnd) -> bool {
        let void = matches!(called, Called::Element(name) if elements::is_void(&name.text));
        match end {
            TagEnd::Open => void,
            TagEnd::Missing => true,
            TagEnd::SelfClosed => {
                if let Called::Element(name) = called
                    && !void
                    && !elements::is_drawing(&name.text)
                {
                    self.problems.add(diagnostic::self_closed(name));
                }
                true
            }
        }
    }

    /// Reads the closing tag of `open`, or reports that it is missing or another one.
    fn close(&mut self, input: ParseStream<'_>, open: &Name) {
        let Ok(close) = closing_tag(&input.fork()) else {
            return self.problems.add(diagnostic::never_closed(open, None));
        };
        if close.text == open.text {
            let _read_before_in_a_fork = closing_tag(input);
        } else if self.open.iter().any(|outer| outer.text == close.text) {
            self.problems.add(diagnostic::never_closed(open, Some(&close)));
        } else {
            self.problems.add(diagnostic::closes_nothing(&close, Some(open)));
            let _read_before_in_a_fork = closing_tag(input);
        }
    }

    fn inside(&mut self, input: ParseStream<'_>, tag: &Name) -> (Inside, TagEnd) {
        let mut inside = Inside::default();
        loop {
            if input.peek(Token![>]) {
                skip_tokens(input, 1);
                return (inside, TagEnd::Open);
            }
            if input.peek(Token![/]) && input.peek2(Token![>]) {
                skip_tokens(input, 2);
                return (inside, TagEnd::SelfClosed);
            }
            if input.is_empty() || input.peek(Token![<]) {
                self.problems.add(diagnostic::tag_unfinished(tag));
                return (inside, if input.is_empty() { TagEnd::Missing } else { TagEnd::Open });
            }
            let read = if is_directive(input) {
                directive(input, &mut inside)
            } else if input.peek(token::Brace) {
                spread(input, tag, &mut inside)
            } else if input.peek(syn::Ident::peek_any) {
                attribute(input).map(|attribute| inside.attributes.push(attribute))
            } else {
                let Some(token) = next_token(input) else { continue };
                Err(diagnostic::not_an_attribute(token.span(), tag, &token.to_string()))
            };
            if let Err(problem) = read {
                self.problems.add(problem);
            }
        }
    }
}

fn split_entries(nodes: Vec<Node>) -> (Vec<Entry>, Vec<Node>) {
    let mut entries = Vec::new();
    let mut others = Vec::new();
    for node in nodes {
        match node {
            Node::Entry(entry) => entries.push(*entry),
            other => others.push(other),
        }
    }
    (entries, others)
}

/// What a tag is called. Components begin with a capital letter, or have a path.
fn called(input: ParseStream<'_>) -> syn::Result<Called> {
    if input.peek(Token![:]) {
        skip_tokens(input, 1);
        return name(input).map(Called::Entry);
    }
    let word = syn::Ident::parse_any(&input.fork())?;
    let has_path = input.peek2(Token![::]);
    if !has_path && !word.to_string().starts_with(char::is_uppercase) {
        return name(input).map(Called::Element);
    }
    let path = syn::Path::parse_mod_style(input)?;
    let mut text =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
    let span = path.segments.last().map_or_else(|| word.span(), |segment| segment.ident.span());
    let suffix = if input.peek(Token![.]) {
        skip_tokens(input, 1);
        Some(syn::Ident::parse_any(input)?)
    } else {
        None
    };
    if let Some(word) = &suffix {
        text.push('.');
        text.push_str(&word.to_string());
    }
    Ok(Called::Component(path, Name { text, span }, suffix))
}

/// `:if`, `:for`, `:key` or `:let`, with its value.
pub(super) fn is_directive(input: ParseStream<'_>) -> bool {
    input.peek(Token![:])
        && input.peek3(Token![=])
        && (input.peek2(Token![if]) || input.peek2(Token![for]) || input.peek2(Token![let]) || {
            let fork = input.fork();
            skip_tokens(&fork, 1);
            syn::Ident::parse_any(&fork).is_ok_and(|word| word == "key")
        })
}

fn directive(input: ParseStream<'_>, inside: &mut Inside) -> syn::Result<()> {
    input.parse::<Token![:]>()?;
    let word = syn::Ident::parse_any(input)?;
    input.parse::<Token![=]>()?;
    if !input.peek(token::Brace) {
        let found = next_token(input).map_or_else(|| word.span(), |token| token.span());
        return Err(diagnostic::directive_value(found, &word.to_string()));
    }
    let span = word.span();
    if word == "key" {
        let key = (braced_expression(input)?, span);
        return given_once(&mut inside.key, key, &word);
    }
    let content;
    syn::braced!(content in input);
    let wrong = |_| diagnostic::directive_value(span, &word.to_string());
    if word == "if" {
        let condition = (syn::Expr::parse(&content).map_err(wrong)?, span);
        return given_once(&mut inside.condition, condition, &word);
    }
    let pattern = syn::Pat::parse_multi_with_leading_vert(&content).map_err(wrong)?;
    if word == "let" {
        return given_once(&mut inside.pattern, (pattern, span), &word);
    }
    content.parse::<Token![in]>().map_err(wrong)?;
    let iterable = syn::Expr::parse(&content).map_err(wrong)?;
    given_once(&mut inside.repeat, (pattern, iterable), &word)
}

fn given_once<T>(place: &mut Option<T>, value: T, word: &syn::Ident) -> syn::Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(diagnostic::directive_twice(word)),
    }
}

/// `{..expression}`
fn spread(input: ParseStream<'_>, tag: &Name, inside: &mut Inside) -> syn::Result<()> {
    let content;
    let braces = syn::braced!(content in input);
    let span = braces.span.join();
    if !content.peek(Token![..]) {
        let found: proc_macro2::TokenStream = content.parse()?;
        return Err(diagnostic::not_an_attribute(span, tag, &format!("{{{found}}}")));
    }
    content.parse::<Token![..]>()?;
    let expression: syn::Expr = content.parse()?;
    match inside.spread.replace(expression) {
        None => Ok(()),
        Some(_) => Err(diagnostic::spread_twice(span)),
    }
}

fn attribute(input: ParseStream<'_>) -> syn::Result<Attribute> {
    let name = name(input)?;
    Ok(Attribute { value: attribute_value(input, &name)?, name })
}

pub(super) fn attribute_value(input: ParseStream<'_>, name: &Name) -> syn::Result<Value> {
    if input.peek(Token![?]) && input.peek2(Token![=]) {
        skip_tokens(input, 2);
        if input.peek(token::Brace) {
            return Ok(Value::Optional(braced_expression(input)?));
        }
        skip_tokens(input, 1);
        return Err(diagnostic::optional_value(name));
    }
    if !input.peek(Token![=]) {
        return Ok(Value::Present);
    }
    skip_tokens(input, 1);
    if input.peek(syn::LitStr) {
        let literal: syn::LitStr = input.parse()?;
        Ok(Value::Literal(Text { value: literal.value(), span: literal.span() }))
    } else if input.peek(token::Brace) {
        Ok(Value::Slot(braced_expression(input)?))
    } else {
        if !input.peek(Token![>]) && !input.peek(Token![/]) {
            skip_tokens(input, 1);
        }
        Err(diagnostic::attribute_value(name))
    }
}

pub(super) fn closing_tag(input: ParseStream<'_>) -> syn::Result<Name> {
    input.parse::<Token![<]>()?;
    input.parse::<Token![/]>()?;
    let name = called(input)?.name();
    input.parse::<Token![>]>()?;
    Ok(name)
}
