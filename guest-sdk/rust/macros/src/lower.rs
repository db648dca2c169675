//! Tree → literal parts and slots.
//!
//! Everything that cannot change becomes literal text, escaped here once. Every slot knows what it reads,
//! so that emitted code can tell from changed fields alone whether to evaluate it.

mod component;

use crate::ast::{Attribute, Element, For, If, Match, Node, Value};
use crate::elements;
use crate::reads::{self, Bound, Reads};
use crate::within::Within;

pub(crate) use component::{Argument, Content, Given, Use};

/// A template as the host sees it: literal parts, one more than slots.
pub(crate) struct Template {
    pub(crate) statics: Vec<String>,
    pub(crate) slots: Vec<Slot>,
    /// It is one element, and nothing beside it.
    pub(crate) is_element: bool,
    /// What its slots read, all together.
    pub(crate) reads: Reads,
}

pub(crate) struct Slot {
    pub(crate) kind: Kind,
    /// What decides whether the slot must be evaluated.
    pub(crate) reads: Reads,
}

pub(crate) enum Kind {
    Text(syn::Expr),
    Raw(syn::Expr),
    Attribute(syn::Expr),
    /// A boolean attribute; the literal is ` name`.
    Flag(String, syn::Expr),
    /// An attribute that may be missing, by its name.
    Optional(String, syn::Expr),
    /// The value of `class`: names, some under a condition.
    Classes(Vec<(syn::Expr, Option<syn::Expr>)>),
    /// Attributes of a value, without those that the element names itself.
    Spread(syn::Expr, Vec<String>),
    RenderSlot(Box<RenderedSlot>),
    Component(Box<Use>),
    If(Choice),
    Match(Box<Matching>),
    For(Box<Loop>),
}

pub(crate) struct RenderedSlot {
    pub(crate) slot: syn::Expr,
    pub(crate) argument: Option<syn::Expr>,
    /// What decides whether other content stands here than the last time.
    pub(crate) new_content: Reads,
}

pub(crate) struct Choice {
    pub(crate) branches: Vec<(syn::Expr, Template)>,
    pub(crate) otherwise: Option<Template>,
    /// What all conditions together read: as long as it is unchanged, the same branch is taken.
    pub(crate) condition: Reads,
}

pub(crate) struct Matching {
    pub(crate) scrutinee: syn::Expr,
    pub(crate) arms: Vec<(syn::Pat, Option<syn::Expr>, Template)>,
    /// What the scrutinee and the guards read.
    pub(crate) condition: Reads,
}

pub(crate) struct Loop {
    pub(crate) pattern: syn::Pat,
    pub(crate) iterable: syn::Expr,
    pub(crate) key: Option<syn::Expr>,
    pub(crate) row: Template,
    /// Whether it stands where only a stream may.
    pub(crate) is_stream: bool,
    /// What the iterable and the keys read.
    pub(crate) source: Reads,
    pub(crate) same: Same,
    /// The rows are the entries of a slot that is given many times.
    pub(crate) is_over_slots: bool,
}

/// Whether an expression is the same value on every render, one that knows itself what changed in it.
pub(crate) enum Same {
    /// A field of `self`, as long as nothing on the way to it leads elsewhere: `self.a` and `self.a.b` of `self.a.b.c`.
    Field(Vec<syn::Expr>),
    /// As the one who gave this attribute said.
    Attribute(String),
    No,
}

impl Same {
    fn of(expression: &syn::Expr, bound: &Bound) -> Self {
        match steps_to_own_field(expression) {
            Some(steps) => Self::Field(steps),
            None => bound.attribute(expression).map_or(Self::No, Self::Attribute),
        }
    }
}

/// `self.field`, `self.field.field` and so on, perhaps behind a `&`: what stands before the last dot.
fn steps_to_own_field(expression: &syn::Expr) -> Option<Vec<syn::Expr>> {
    match expression {
        syn::Expr::Reference(reference) if reference.mutability.is_none() => {
            steps_to_own_field(&reference.expr)
        }
        syn::Expr::Field(field) => match &*field.base {
            syn::Expr::Path(base) => base.path.is_ident("self").then(Vec::new),
            base => {
                let mut steps = steps_to_own_field(base)?;
                steps.push(base.clone());
                Some(steps)
            }
        },
        _ => None,
    }
}

/// Lowers a whole template, and one at the end of a component.
pub(crate) fn template(nodes: Vec<Node>, within: Option<&Within>) -> Template {
    body(nodes, &within.map(Bound::in_component).unwrap_or_default())
}

fn body(nodes: Vec<Node>, bound: &Bound) -> Template {
    let is_element = matches!(nodes.as_slice(), [Node::Element(_)]);
    let mut lowering = Lowering { statics: vec![String::new()], slots: Vec::new(), bound };
    lowering.nodes(nodes, Text::Escaped);
    let mut reads = Reads::default();
    for slot in &lowering.slots {
        reads.add(&slot.reads);
    }
    Template { statics: lowering.statics, slots: lowering.slots, is_element, reads }
}

/// How literal text is written in the current element.
#[derive(Clone, Copy)]
enum Text {
    Escaped,
    /// Inside `script` and `style`.
    AsItStands,
}

struct Lowering<'a> {
    statics: Vec<String>,
    slots: Vec<Slot>,
    bound: &'a Bound,
}

impl Lowering<'_> {
    fn nodes(&mut self, nodes: Vec<Node>, text: Text) {
        for node in nodes {
            self.node(node, text);
        }
    }

    fn node(&mut self, node: Node, text: Text) {
        match node {
            Node::Element(element) => self.element(element),
            Node::Text(literal) => match text {
                Text::Escaped => self.literal(&escape(&literal.value)),
                Text::AsItStands => self.literal(&literal.value),
            },
            Node::Slot(expression) => match string_literal(&expression) {
                Some(literal) => self.literal(&escape(&literal)),
                None => self.slot(reads::of(&expression, self.bound), Kind::Text(expression)),
            },
            Node::Raw(expression) => self.slot(reads::of(&expression, self.bound), Kind::Raw(expression)),
            Node::RenderSlot(slot) => {
                let (slot, argument) = (slot.slot, slot.argument);
                let mut reads = reads::of(&slot, self.bound);
                let mut new_content =
                    argument.as_ref().map_or_else(Reads::default, |it| reads::of(it, self.bound));
                reads.add(&new_content);
                if self.bound.attribute(&slot).is_none() && self.bound.entry(&slot).is_none() {
                    // It may be another slot than the last time.
                    new_content.add(&reads);
                }
                self.slot(reads, Kind::RenderSlot(Box::new(RenderedSlot { slot, argument, new_content })));
            }
            Node::Component(component) => {
                let (reads, used) = component::lower(*component, self.bound);
                self.slot(reads, Kind::Component(Box::new(used)));
            }
            // Reported where it was found.
            Node::Entry(_) => {}
            Node::If(choice) => self.choice(choice),
            Node::Match(matching) => self.matching(*matching),
            Node::For(each) => self.each(*each, false),
        }
    }

    fn element(&mut self, element: Element) {
        let is_stream = element.is_stream();
        let name = element.name.text;
        self.literal("<");
        self.literal(&name);
        let given = element.attributes.iter().map(|attribute| attribute.name.text.clone()).collect();
        for attribute in element.attributes {
            self.attribute(attribute);
        }
        if let Some(spread) = element.spread {
            self.slot(reads::of(&spread, self.bound), Kind::Spread(spread, given));
        }
        self.literal(">");
        if elements::is_void(&name) {
            return;
        }
        let text = if elements::is_raw_text(&name) { Text::AsItStands } else { Text::Escaped };
        for child in element.children {
            match child {
                Node::For(each) => self.each(*each, is_stream),
                other => self.node(other, text),
            }
        }
        self.literal("</");
        self.literal(&name);
        self.literal(">");
    }

    fn attribute(&mut self, Attribute { name, value }: Attribute) {
        let name = name.text;
        match value {
            Value::Present => self.literal(&format!(" {name}")),
            Value::Literal(text) => self.literal(&format!(" {name}=\"{}\"", escape(&text.value))),
            Value::Slot(expression) if elements::is_boolean(&name) => {
                let reads = reads::of(&expression, self.bound);
                self.slot(reads, Kind::Flag(format!(" {name}"), expression));
            }
            Value::Optional(expression) => {
                self.slot(reads::of(&expression, self.bound), Kind::Optional(name, expression));
            }
            Value::Slot(syn::Expr::Array(names)) if name == "class" => {
                self.literal(" class=\"");
                let reads = reads::of(&names, self.bound);
                self.slot(reads, Kind::Classes(names.elems.into_iter().map(class).collect()));
                self.literal("\"");
            }
            Value::Slot(expression) => match string_literal(&expression) {
                Some(literal) => self.literal(&format!(" {name}=\"{}\"", escape(&literal))),
                None => {
                    self.literal(&format!(" {name}=\""));
                    self.slot(reads::of(&expression, self.bound), Kind::Attribute(expression));
                    self.literal("\"");
                }
            },
        }
    }

    fn choice(&mut self, If { branches, otherwise }: If) {
        let mut condition = Reads::default();
        let branches: Vec<_> = branches
            .into_iter()
            .map(|(test, children)| {
                condition.add(&reads::of(&test, self.bound));
                let bound = self.bound.with_lets(&test);
                (test, body(children, &bound))
            })
            .collect();
        let otherwise = otherwise.map(|children| body(children, self.bound));
        let mut reads = condition.clone();
        for template in branches.iter().map(|(_, template)| template).chain(&otherwise) {
            reads.add(&template.reads);
        }
        self.slot(reads, Kind::If(Choice { branches, otherwise, condition }));
    }

    fn matching(&mut self, Match { scrutinee, arms }: Match) {
        let mut condition = reads::of(&scrutinee, self.bound);
        let arms: Vec<_> = arms
            .into_iter()
            .map(|arm| {
                let bound = self.bound.with_pattern(&arm.pattern);
                if let Some(guard) = &arm.guard {
                    condition.add(&reads::of(guard, &bound));
                }
                (arm.pattern, arm.guard, body(arm.children, &bound))
            })
            .collect();
        let mut reads = condition.clone();
        for (_, _, template) in &arms {
            reads.add(&template.reads);
        }
        self.slot(reads, Kind::Match(Box::new(Matching { scrutinee, arms, condition })));
    }

    fn each(&mut self, For { pattern, iterable, key, children }: For, is_stream: bool) {
        let mut bound = self.bound.with_pattern(&pattern);
        let slots = self.bound.slots(&iterable);
        if let (Some(slots), syn::Pat::Ident(entry)) = (&slots, &pattern) {
            bound.bind_entry(&entry.ident, slots);
        }
        let mut source = reads::of(&iterable, self.bound);
        if let Some(key) = &key {
            source.add(&reads::of(key, &bound));
        }
        let row = body(children, &bound);
        let mut reads = source.clone();
        reads.add(&row.reads);
        let same = if key.is_none() { Same::of(&iterable, self.bound) } else { Same::No };
        let is_over_slots = slots.is_some();
        let each = Loop { pattern, iterable, key, row, is_stream, source, same, is_over_slots };
        self.slot(reads, Kind::For(Box::new(each)));
    }

    fn literal(&mut self, text: &str) {
        match self.statics.last_mut() {
            Some(last) => last.push_str(text),
            None => self.statics.push(text.to_owned()),
        }
    }

    fn slot(&mut self, reads: Reads, kind: Kind) {
        self.slots.push(Slot { kind, reads });
        self.statics.push(String::new());
    }
}

/// `name` or `(name, condition)`
fn class(entry: syn::Expr) -> (syn::Expr, Option<syn::Expr>) {
    match entry {
        syn::Expr::Tuple(mut pair) if pair.elems.len() == 2 => {
            let condition = pair.elems.pop().map(syn::punctuated::Pair::into_value);
            let name = pair.elems.pop().map(syn::punctuated::Pair::into_value);
            (name.unwrap_or(syn::Expr::Tuple(pair)), condition)
        }
        name => (name, None),
    }
}

fn string_literal(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(literal), .. }) => Some(literal.value()),
        _ => None,
    }
}

/// The same five characters that the host escapes in slots.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
