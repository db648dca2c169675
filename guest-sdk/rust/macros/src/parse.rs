//! Tokens → tree.
//!
//! The parser never gives up: it notes a problem, skips the little it cannot read and goes on,
//! so that one compilation shows every mistake.

mod tag;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Token, token};

use crate::ast::{self, Arm, For, If, Match, Name, Node, RenderSlot, Text};
use crate::diagnostic::{self, Problems};
use crate::elements;
use tag::{attribute_value, closing_tag};

/// Parses a whole template.
pub(crate) fn template(tokens: TokenStream, problems: &mut Problems) -> Vec<Node> {
    let parser = |input: ParseStream<'_>| Ok(Children { problems, open: Vec::new() }.nodes(input));
    // The parser itself reports into `problems` and reads to the end, so this cannot fail.
    parser.parse2(tokens).unwrap_or_default()
}

/// Reads what stands between two tags, or in one pair of braces.
struct Children<'a> {
    problems: &'a mut Problems,
    /// The elements around this place, outermost first.
    open: Vec<Name>,
}

impl Children<'_> {
    fn nodes(&mut self, input: ParseStream<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        while !input.is_empty() {
            if input.peek(Token![<]) && input.peek2(Token![/]) {
                if self.ends_here(input) {
                    break;
                }
                continue;
            }
            match self.node(input) {
                Ok(Some(node)) => nodes.push(node),
                Ok(None) => {}
                Err(problem) => self.problems.add(problem),
            }
        }
        nodes
    }

    /// Whether the closing tag at this place ends the innermost open element; others are reported and skipped.
    fn ends_here(&mut self, input: ParseStream<'_>) -> bool {
        let fork = input.fork();
        match closing_tag(&fork) {
            Ok(close) if elements::is_void(&close.text) => self.problems.add(diagnostic::void_closed(&close)),
            Ok(_) if !self.open.is_empty() => return true,
            Ok(close) => self.problems.add(diagnostic::closes_nothing(&close, None)),
            Err(problem) => {
                self.problems.add(problem);
                skip_tokens(input, 2);
                return false;
            }
        }
        let _already_reported = closing_tag(input);
        false
    }

    fn node(&mut self, input: ParseStream<'_>) -> syn::Result<Option<Node>> {
        if input.peek(Token![<]) && input.peek2(Token![!]) {
            Err(comment(input))
        } else if input.peek(Token![<]) {
            self.tag(input).map(Some)
        } else if input.peek(syn::LitStr) {
            let literal: syn::LitStr = input.parse()?;
            Ok(Some(Node::Text(Text { value: literal.value(), span: literal.span() })))
        } else if input.peek(token::Brace) {
            let expression = braced_expression(input)?;
            let call = called(&expression);
            Ok(Some(match call.as_ref().map(|(name, arguments)| (*name, arguments.as_slice())) {
                Some(("raw", [markup])) => Node::Raw((*markup).clone()),
                Some(("render_slot", [slot])) => {
                    Node::RenderSlot(Box::new(RenderSlot { slot: (*slot).clone(), argument: None }))
                }
                Some(("render_slot", [slot, argument])) => Node::RenderSlot(Box::new(RenderSlot {
                    slot: (*slot).clone(),
                    argument: Some((*argument).clone()),
                })),
                _ => Node::Slot(expression.clone()),
            }))
        } else if input.peek(Token![if]) {
            self.recover(input, Self::if_).map(|choice| Some(Node::If(choice)))
        } else if input.peek(Token![match]) {
            self.recover(input, Self::match_).map(|choice| Some(Node::Match(Box::new(choice))))
        } else if input.peek(Token![for]) {
            self.recover(input, Self::for_).map(|each| Some(Node::For(Box::new(each))))
        } else {
            Err(loose_tokens(input))
        }
    }

    /// The nodes in one pair of braces; elements may not reach over its borders.
    fn braced(&mut self, input: ParseStream<'_>) -> syn::Result<Vec<Node>> {
        if !input.peek(token::Brace) {
            return Err(diagnostic::body_missing(input.span()));
        }
        let content;
        syn::braced!(content in input);
        Ok(Children { problems: self.problems, open: Vec::new() }.nodes(&content))
    }

    fn if_(&mut self, input: ParseStream<'_>) -> syn::Result<If> {
        let mut branches = Vec::new();
        loop {
            input.parse::<Token![if]>()?;
            let condition = syn::Expr::parse_without_eager_brace(input)?;
            branches.push((condition, self.braced(input)?));
            if !input.peek(Token![else]) {
                return Ok(If { branches, otherwise: None });
            }
            input.parse::<Token![else]>()?;
            if !input.peek(Token![if]) {
                return Ok(If { branches, otherwise: Some(self.braced(input)?) });
            }
        }
    }

    fn match_(&mut self, input: ParseStream<'_>) -> syn::Result<Match> {
        input.parse::<Token![match]>()?;
        let scrutinee = syn::Expr::parse_without_eager_brace(input)?;
        let content;
        syn::braced!(content in input);
        let mut arms = Vec::new();
        while !content.is_empty() {
            match self.arm(&content) {
                Ok(arm) => arms.push(arm),
                Err(problem) => {
                    self.problems.add(problem);
                    let _rest: TokenStream = content.parse()?;
                }
            }
        }
        Ok(Match { scrutinee, arms })
    }

    fn arm(&mut self, input: ParseStream<'_>) -> syn::Result<Arm> {
        let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        input.parse::<Token![=>]>()?;
        let children = self.braced(input)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Arm { pattern, guard, children })
    }

    fn for_(&mut self, input: ParseStream<'_>) -> syn::Result<For> {
        input.parse::<Token![for]>()?;
        let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![in]>()?;
        let iterable = syn::Expr::parse_without_eager_brace(input)?;
        let key = if input.peek(syn::Ident) {
            let word: syn::Ident = input.parse()?;
            if word != "key" {
                return Err(syn::Error::new(word.span(), "expected `key={…}` or the row in braces"));
            }
            input.parse::<Token![=]>()?;
            Some(braced_expression(input)?)
        } else {
            None
        };
        Ok(For { pattern, iterable, key, children: self.braced(input)? })
    }

    /// Reads an `if`, `match` or `for`; after a mistake in its head, goes on behind its braces.
    fn recover<T>(
        &mut self,
        input: ParseStream<'_>,
        read: fn(&mut Self, ParseStream<'_>) -> syn::Result<T>,
    ) -> syn::Result<T> {
        let result = read(self, input);
        while result.is_err() {
            while !(input.is_empty()
                || input.peek(token::Brace)
                || (input.peek(Token![<]) && input.peek2(Token![/])))
            {
                skip_tokens(input, 1);
            }
            if input.peek(token::Brace) {
                skip_tokens(input, 1);
            } else if closing_tag(&input.fork())
                .is_ok_and(|close| !self.open.iter().any(|open| open.text == close.text))
            {
                let _of_an_element_that_was_skipped = closing_tag(input);
            }
            if !input.peek(Token![else]) {
                break;
            }
        }
        result
    }
}

fn braced_expression(input: ParseStream<'_>) -> syn::Result<syn::Expr> {
    let content;
    let braces = syn::braced!(content in input);
    ast::expression(content.parse()?, braces.span.join())
}

/// A name of HTML: words and numbers joined by `-`, `:` or `.`, keywords of Rust among them.
fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    let first = syn::Ident::parse_any(input)?;
    let mut name = Name { text: first.unraw().to_string(), span: first.span() };
    while (input.peek(Token![-]) || input.peek(Token![:]) || input.peek(Token![.]))
        && !input.peek(Token![..])
        && !tag::is_directive(input)
    {
        let Some(joint) = next_token(input) else { break };
        name.text.push_str(&joint.to_string());
        name.span = name.span.join(joint.span()).unwrap_or(name.span);
        let part = if input.peek(syn::Ident::peek_any) || input.peek(syn::LitInt) {
            next_token(input)
        } else {
            None
        };
        match part {
            Some(part) => {
                name.text.push_str(part.to_string().trim_start_matches("r#"));
                name.span = name.span.join(part.span()).unwrap_or(name.span);
            }
            None if input.peek(Token![-]) => {}
            None => {
                // Its value would only be reported again.
                let _value = attribute_value(input, &name);
                return Err(diagnostic::bad_name(name.span, &name.text));
            }
        }
    }
    Ok(name)
}

/// Tokens that mean nothing between tags: most often text without quotes.
fn loose_tokens(input: ParseStream<'_>) -> syn::Error {
    let mut words = Vec::new();
    let mut span: Option<Span> = None;
    let mut text = String::new();
    while !(input.is_empty() || input.peek(Token![<]) || input.peek(token::Brace) || input.peek(syn::LitStr))
    {
        let Some(token) = next_token(input) else { break };
        span = Some(match span {
            Some(span) => span.join(token.span()).unwrap_or(span),
            None => token.span(),
        });
        let word = token.to_string();
        if !(text.is_empty() || matches!(word.as_str(), "." | "," | ";" | ":" | "!" | "?")) {
            text.push(' ');
        }
        text.push_str(&word);
        words.push(token);
    }
    let is_text = matches!(words.first(), Some(TokenTree::Ident(_) | TokenTree::Literal(_)));
    match span {
        Some(span) if is_text => diagnostic::unquoted_text(span, &text),
        Some(span) => diagnostic::unexpected(span, &text),
        None => {
            let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
            diagnostic::unexpected(input.span(), &found)
        }
    }
}

/// The function that an expression calls by its bare name, and with what; three arguments are as many as any has.
fn called(expression: &syn::Expr) -> Option<(&str, Vec<&syn::Expr>)> {
    let syn::Expr::Call(call) = expression else { return None };
    let syn::Expr::Path(function) = &*call.func else { return None };
    let name = ["raw", "render_slot"].into_iter().find(|name| function.path.is_ident(name))?;
    Some((name, call.args.iter().collect()))
}

/// Reads `<!-- … -->`, or as much of it as is there.
fn comment(input: ParseStream<'_>) -> syn::Error {
    let span = input.span();
    let mut dashes = 0;
    while let Some(token) = next_token(input) {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '-' => dashes += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' && dashes >= 4 => break,
            _ => {}
        }
        if dashes == 0 && input.peek(Token![<]) {
            break;
        }
    }
    diagnostic::html_comment(span)
}

fn next_token(input: ParseStream<'_>) -> Option<TokenTree> {
    input.parse().ok()
}

fn skip_tokens(input: ParseStream<'_>, count: usize) {
    for _ in 0..count {
        let _skipped = next_token(input);
    }
}
