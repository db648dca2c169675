//! What an expression reads, found by its tokens.
//!
//! Conservative: whatever is not certainly a field of `self`, a constant or a name bound by the template
//! counts as changed on every render. A method is taken to answer from its receiver and its arguments alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;

use crate::within::Within;

/// Fields of `self` that a piece of a template depends on.
#[derive(Clone, Default)]
pub(crate) struct Reads {
    /// By their names, `user.name`.
    pub(crate) fields: BTreeMap<String, Field>,
    /// Attributes of the component that the template belongs to.
    pub(crate) attributes: BTreeSet<String>,
    /// Depends on something that cannot be tracked.
    pub(crate) always: bool,
}

impl Reads {
    pub(crate) fn add(&mut self, other: &Self) {
        self.always |= other.always;
        self.fields.extend(other.fields.iter().map(|(name, field)| (name.clone(), field.clone())));
        self.attributes.extend(other.attributes.iter().cloned());
    }
}

/// `self.field`, or a field of that, as the author wrote it.
#[derive(Clone)]
pub(crate) struct Field {
    receiver: TokenTree,
    path: Vec<Ident>,
}

impl Field {
    /// What the field belongs to.
    pub(crate) fn receiver(&self) -> &TokenTree {
        &self.receiver
    }

    /// `self.a`, `self.a.b`, and so on up to the field itself.
    pub(crate) fn steps(&self) -> impl Iterator<Item = TokenStream> {
        let mut step = self.receiver.clone().into();
        self.path.iter().map(move |name| {
            step = quote::quote!(#step.#name);
            step.clone()
        })
    }

    fn name(&self) -> String {
        let names: Vec<String> = self.path.iter().map(Ident::to_string).collect();
        names.join(".")
    }
}

/// Names that hold the same value as long as the condition, match or row that bound them is the same.
#[derive(Clone, Default)]
pub(crate) struct Bound {
    names: BTreeSet<String>,
    /// Attributes of the component that the template belongs to, and whether they are slots given many times.
    attributes: BTreeMap<String, bool>,
    /// Names for one entry of such a slot: its attributes are the same as long as the loop is, its content is not.
    entries: BTreeMap<String, String>,
}

impl Bound {
    /// At the end of a component.
    pub(crate) fn in_component(within: &Within) -> Self {
        let attributes = within.attributes.iter().map(|(name, it)| (name.clone(), it.is_slots)).collect();
        Self { attributes, ..Self::default() }
    }

    /// The attribute that an expression is, as a whole or behind a `&`.
    pub(crate) fn attribute(&self, expression: &syn::Expr) -> Option<String> {
        let name = name_of(expression)?;
        (self.attributes.contains_key(&name) && !self.names.contains(&name)).then_some(name)
    }

    /// The attribute that an expression is, when it is a slot that is given many times.
    pub(crate) fn slots(&self, expression: &syn::Expr) -> Option<String> {
        self.attribute(expression).filter(|name| self.attributes.get(name) == Some(&true))
    }

    /// The slot that an expression is an entry of.
    pub(crate) fn entry(&self, expression: &syn::Expr) -> Option<String> {
        self.entries.get(&name_of(expression)?).cloned()
    }

    /// A name for one entry of a slot.
    pub(crate) fn bind_entry(&mut self, name: &proc_macro2::Ident, slots: &str) {
        self.entries.insert(name.to_string(), slots.to_owned());
    }

    /// These names and those that the pattern binds.
    pub(crate) fn with_pattern(&self, pattern: &impl ToTokens) -> Self {
        let mut bound = self.clone();
        bound.bind(&flat(pattern.to_token_stream()));
        bound
    }

    /// These names and those that `let` binds in a condition.
    pub(crate) fn with_lets(&self, condition: &impl ToTokens) -> Self {
        let mut bound = self.clone();
        bound.bind_lets(&flat(condition.to_token_stream()));
        bound
    }

    fn bind(&mut self, pattern: &[Token]) {
        for (index, token) in pattern.iter().enumerate() {
            let Token::Word(word) = token else { continue };
            let label_or_path = is_punct(pattern.get(index + 1), ':');
            if !label_or_path && starts_lower(word) && !KEYWORDS.contains(&word.as_str()) {
                self.entries.remove(word);
                self.names.insert(word.clone());
            }
        }
    }

    /// A parameter with a type looks like a label to `bind`.
    fn bind_typed(&mut self, pattern: &[Token]) {
        for (index, token) in pattern.iter().enumerate() {
            let Token::Word(word) = token else { continue };
            if is_punct(pattern.get(index + 1), ':') && !is_path_separator(pattern, index + 1) {
                self.names.insert(word.clone());
            }
        }
    }

    fn bind_lets(&mut self, tokens: &[Token]) {
        let mut rest = tokens;
        while let Some(start) =
            rest.iter().position(|token| matches!(token, Token::Word(word) if word == "let"))
        {
            let after = rest.get(start + 1..).unwrap_or_default();
            let end =
                after.iter().position(|token| matches!(token, Token::Punct('='))).unwrap_or(after.len());
            self.bind(after.get(..end).unwrap_or_default());
            rest = after.get(end..).unwrap_or_default();
        }
    }
}

/// The name that an expression is, as a whole or behind a `&`.
fn name_of(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Reference(reference) => name_of(&reference.expr),
        syn::Expr::Path(path) => Some(path.path.get_ident()?.to_string()),
        _ => None,
    }
}

/// What the expression reads, given the names that the template has bound around it.
pub(crate) fn of(expression: &impl ToTokens, bound: &Bound) -> Reads {
    let tokens = flat(expression.to_token_stream());
    let scopes = scopes(&tokens);
    let mut reads = Reads::default();
    for (index, token) in tokens.iter().enumerate() {
        let mut attributes = Vec::new();
        let mut knows = |name: &str| {
            if scopes.iter().any(|scope| scope.range.contains(&index) && scope.bound.names.contains(name)) {
                return true;
            }
            if bound.names.contains(name) {
                // Of an entry, all but a field is its content.
                let content = bound.entries.get(name).filter(|_| !is_punct(tokens.get(index + 1), '.'));
                attributes.extend(content.cloned());
                return true;
            }
            let is_attribute = bound.attributes.contains_key(name);
            if is_attribute {
                attributes.push(name.to_owned());
            }
            is_attribute
        };
        let certain = match token {
            Token::Word(word) => is_certain(word, &tokens, index, &mut knows),
            Token::Text { text, in_macro: true } => captures_are_known(text, knows),
            Token::Self_(receiver) => match field_of_self(receiver, &tokens, index) {
                Some(field) => {
                    reads.fields.insert(field.name(), field);
                    true
                }
                None => false,
            },
            Token::Text { .. } | Token::Number | Token::Punct(..) | Token::Open(_) | Token::Close => true,
        };
        reads.attributes.extend(attributes);
        reads.always |= !certain;
    }
    reads
}

/// One token of an expression with its groups opened up.
enum Token {
    Word(String),
    Self_(TokenTree),
    Text { text: String, in_macro: bool },
    Number,
    Punct(char),
    Open(Delimiter),
    Close,
}

fn flat(tokens: TokenStream) -> Vec<Token> {
    fn add(tokens: TokenStream, in_macro: bool, out: &mut Vec<Token>) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ref word) if word == "self" => out.push(Token::Self_(tree)),
                TokenTree::Ident(word) => out.push(Token::Word(word.to_string())),
                TokenTree::Punct(punct) => out.push(Token::Punct(punct.as_char())),
                TokenTree::Literal(literal) => out.push(match syn::Lit::new(literal) {
                    syn::Lit::Str(text) => Token::Text { text: text.value(), in_macro },
                    _ => Token::Number,
                }),
                TokenTree::Group(group) => {
                    let after_bang = is_punct(out.last(), '!')
                        && matches!(
                            out.len().checked_sub(2).and_then(|at| out.get(at)),
                            Some(Token::Word(_))
                        );
                    out.push(Token::Open(group.delimiter()));
                    add(group.stream(), in_macro || after_bang, out);
                    out.push(Token::Close);
                }
            }
        }
    }
    let mut out = Vec::new();
    add(tokens, false, &mut out);
    out
}

/// The field that an expression reads whose `self` this is; none for anything else that begins with `self` and may read
/// all of it.
fn field_of_self(receiver: &TokenTree, tokens: &[Token], index: usize) -> Option<Field> {
    let mut path: Vec<Ident> = Vec::new();
    let mut next = index + 1;
    while is_punct(tokens.get(next), '.')
        && let Some(Token::Word(word)) = tokens.get(next + 1)
        && let Ok(name) = syn::parse_str(word)
    {
        let is_called = matches!(tokens.get(next + 2), Some(Token::Open(Delimiter::Parenthesis)));
        if is_called || is_path_separator(tokens, next + 2) {
            break;
        }
        path.push(name);
        next += 2;
    }
    (!path.is_empty()).then(|| Field { receiver: receiver.clone(), path })
}

/// Whether a word means the same on every render.
fn is_certain(word: &str, tokens: &[Token], index: usize, mut knows: impl FnMut(&str) -> bool) -> bool {
    let next = tokens.get(index + 1);
    let after_dot = is_punct(before(tokens, index, 1), '.') && !is_punct(before(tokens, index, 2), '.');
    let in_path = index >= 2 && is_path_separator(tokens, index - 2);
    let path_goes_on = is_path_separator(tokens, index + 1);
    let label = is_punct(next, ':') && !path_goes_on;
    if after_dot || label || path_goes_on {
        return true;
    }
    if is_punct(next, '!') && matches!(tokens.get(index + 2), Some(Token::Open(_))) {
        return MACROS_OF_THEIR_ARGUMENTS.contains(&word);
    }
    if in_path && word == "new" {
        // The builder of client commands begins with nothing.
        return matches!(before(tokens, index, 3), Some(Token::Word(kind)) if kind == "JS");
    }
    if starts_lower(word) {
        return !in_path && (KEYWORDS.contains(&word) || knows(word));
    }
    // A constant or a variant; but a static may have an inside that changes, so it is not asked anything.
    !is_punct(next, '.')
}

/// `{name}` inside the literal of a formatting macro reads `name`.
fn captures_are_known(text: &str, mut knows: impl FnMut(&str) -> bool) -> bool {
    text.replace("{{", "").split('{').skip(1).all(|piece| {
        let inside = piece.split('}').next().unwrap_or_default();
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        let positional = name.bytes().all(|byte| byte.is_ascii_digit());
        (positional || knows(name)) && !format.contains('$')
    })
}

/// A stretch of tokens in which names are bound by the expression itself.
struct Scope {
    range: Range<usize>,
    bound: Bound,
}

/// What closures and `let` bind, each up to the end of its argument or block.
fn scopes(tokens: &[Token]) -> Vec<Scope> {
    let mut scopes = Vec::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let binding = match token {
            Token::Punct('|') if !follows_operand(tokens, index) => Binding::Closure,
            Token::Word(word) if word == "let" => Binding::Let,
            _ => {
                index += 1;
                continue;
            }
        };
        let pattern = tokens.get(index + 1..).unwrap_or_default();
        let length = pattern.iter().position(|token| binding.ends_pattern(token)).unwrap_or(pattern.len());
        let pattern = pattern.get(..length).unwrap_or_default();
        let mut bound = Bound::default();
        bound.bind(pattern);
        bound.bind_typed(pattern);
        let behind = index + length + 2;
        scopes.push(Scope { range: index + 1..behind, bound: bound.clone() });
        // What is assigned by `let` may still speak of an outer value of the same name.
        let start = match binding {
            Binding::Closure => behind,
            Binding::Let => end_at_depth(tokens, behind, ends_initializer),
        };
        let end =
            end_at_depth(tokens, start, |token| binding == Binding::Closure && is_punct(Some(token), ','));
        scopes.push(Scope { range: start..end, bound });
        index = behind;
    }
    scopes
}

#[derive(Clone, Copy, PartialEq)]
enum Binding {
    Closure,
    Let,
}

impl Binding {
    fn ends_pattern(self, token: &Token) -> bool {
        is_punct(Some(token), if self == Self::Closure { '|' } else { '=' })
    }
}

fn ends_initializer(token: &Token) -> bool {
    matches!(token, Token::Punct(';' | '&') | Token::Open(Delimiter::Brace))
}

/// The first place from `start` on that closes the group around it, or that `ends` holds for outside of inner groups.
fn end_at_depth(tokens: &[Token], start: usize, ends: impl Fn(&Token) -> bool) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        if depth == 0 && (ends(token) || matches!(token, Token::Close)) {
            return index;
        }
        match token {
            Token::Open(_) => depth += 1,
            Token::Close => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Whether what stands before is a value, so that `|` is an operator and not the start of a closure.
fn follows_operand(tokens: &[Token], index: usize) -> bool {
    match before(tokens, index, 1) {
        Some(Token::Word(word)) => word != "move" && word != "return",
        Some(Token::Self_(_) | Token::Text { .. } | Token::Number | Token::Close | Token::Punct('|')) => true,
        Some(Token::Punct(..) | Token::Open(_)) | None => false,
    }
}

fn is_path_separator(tokens: &[Token], index: usize) -> bool {
    is_punct(tokens.get(index), ':') && is_punct(tokens.get(index + 1), ':')
}

fn before(tokens: &[Token], index: usize, distance: usize) -> Option<&Token> {
    index.checked_sub(distance).and_then(|at| tokens.get(at))
}

fn is_punct(token: Option<&Token>, expected: char) -> bool {
    matches!(token, Some(Token::Punct(found)) if *found == expected)
}

fn starts_lower(word: &str) -> bool {
    word.starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// Macros that answer from what is between their parentheses.
const MACROS_OF_THEIR_ARGUMENTS: &[&str] = &[
    "concat",
    "format",
    "format_args",
    "include_str",
    "line",
    "file",
    "json",
    "matches",
    "stringify",
    "vec",
];

/// Words of the language and the names of its primitive types.
const KEYWORDS: &[&str] = &[
    "_", "as", "bool", "break", "char", "const", "continue", "else", "f32", "f64", "false", "for", "i128",
    "i16", "i32", "i64", "i8", "if", "in", "isize", "let", "loop", "match", "move", "mut", "ref", "return",
    "static", "str", "true", "u128", "u16", "u32", "u64", "u8", "usize", "while",
];
