//! Uses of components, and the places where components show their slots.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::{Local, definition, may_differ, replaced, slots, support, support_at};
use crate::ast::Name;
use crate::elements;
use crate::lower::{Argument, Content, Given, RenderedSlot, Use};
use crate::reads::Reads;

/// A component with all that it is given.
pub(super) fn show(used: &Use) -> TokenStream {
    let Use { path, span, attributes, spread, contents, id } = used;
    if let Some(id) = id {
        return live(used, id);
    }
    let Local { fresh, .. } = &Local::new();
    let mut builder = quote_spanned!(*span=> #path::attributes());
    for attribute in attributes {
        builder = given(builder, attribute);
    }
    if let Some(Given { value: Argument::Value(expression), reads, .. }) = spread {
        let changed = may_differ(reads);
        let support = support_at(expression.span());
        builder = quote_spanned!(expression.span()=>
            #support::pass_on_all(#builder, &(#expression), #changed)
        );
    }
    for content in contents {
        builder = filled(builder, content);
    }
    quote_spanned!(*span=> #builder.__show(#fresh))
}

/// A live component: it is mounted, or updated, and stands in its place. Content is markup that it keeps.
fn live(Use { path, span, attributes, contents, .. }: &Use, id: &Given) -> TokenStream {
    let Local { fresh, .. } = &Local::new();
    let support = support_at(*span);
    let mut builder = quote_spanned! {*span=>
        <<#path as ::hothouse_sdk::LiveComponent>::Attributes as #support::SlotAttributes>::attributes()
    };
    for attribute in attributes {
        builder = given(builder, attribute);
    }
    for Content { name, template, .. } in contents {
        let method = method(name);
        let (definition, slots) = (definition(template), slots(template));
        let changed = quote!(#support::Change { changed: true, replaced: true });
        builder = quote_spanned! {name.span=>
            #builder.#method(
                #support::Just({
                    #definition
                    let #fresh = true;
                    #support::kept(&TEMPLATE, #slots)
                }),
                #changed,
            )
        };
    }
    let (Argument::Literal(id) | Argument::Value(id) | Argument::Optional(id)) = &id.value;
    let id = quote_spanned!(id.span()=> &(#id));
    quote_spanned!(*span=> #support::live::<#path, _, _>(#id, #builder))
}

/// `{render_slot(slot, argument)}`
pub(super) fn render_slot(RenderedSlot { slot, argument, new_content }: &RenderedSlot) -> TokenStream {
    let support = support_at(slot.span());
    let fresh = may_differ(new_content);
    let argument = match argument {
        Some(argument) => quote!(#argument),
        None => quote_spanned!(slot.span()=> &()),
    };
    quote_spanned!(slot.span()=> #support::RenderSlot::render(&#slot, #fresh, #argument))
}

fn given(builder: TokenStream, Given { name, value, reads, same }: &Given) -> TokenStream {
    let support = support_at(name.span);
    let changed = may_differ(reads);
    let is_present = matches!(value, Argument::Literal(syn::Expr::Lit(literal)) if matches!(literal.lit, syn::Lit::Bool(_)));
    let value = argument(value);
    if !is_word(&name.text) {
        let text = &name.text;
        let value = if is_present {
            quote!(::core::option::Option::Some(::core::option::Option::None))
        } else if elements::is_boolean(text) {
            quote_spanned!(name.span=> #support::GlobalFlag::flag(&#value))
        } else {
            quote_spanned!(name.span=> #support::GlobalText::text(&#value))
        };
        return quote_spanned!(name.span=> #builder.__pass_on(#text, #value, #changed));
    }
    let method = method(name);
    let replaced = replaced(same);
    quote_spanned!(name.span=> #builder.#method(#value, #support::Change { changed: #changed, replaced: #replaced }))
}

fn filled(builder: TokenStream, content: &Content) -> TokenStream {
    let Local { fresh, .. } = &Local::new();
    let Content { name, pattern, attributes, template, reads } = content;
    let support = support();
    let method = method(name);
    let changed = may_differ(reads);
    let definition = definition(template);
    let slots = slots(template);
    let own = Ident::new("own", Span::mixed_site().located_at(name.span));
    let mut own_attributes = quote!(#own);
    let mut own_reads = Reads::default();
    for attribute in attributes {
        own_reads.add(&attribute.reads);
    }
    let other_entries = may_differ(&own_reads);
    for attribute in attributes {
        own_attributes = given(own_attributes, attribute);
    }
    let pattern = match pattern {
        Some(pattern) => quote!(#pattern),
        None => quote!(_),
    };
    quote_spanned! {name.span=>
        #builder.#method(
            |#own| #own_attributes,
            |#fresh: bool, #pattern| {
                #definition
                #support::node(&TEMPLATE, #slots)
            },
            #support::Change { changed: #changed, replaced: #other_entries },
        )
    }
}

/// The value as it is handed over: by reference, which lets a `String` be a `&str`, unless that makes no sense.
fn argument(value: &Argument) -> TokenStream {
    let (Argument::Literal(expression) | Argument::Value(expression) | Argument::Optional(expression)) =
        value;
    let support = support_at(expression.span());
    let expression = if is_handed_over(expression) {
        quote!(#expression)
    } else {
        quote_spanned!(expression.span()=> &(#expression))
    };
    match value {
        Argument::Literal(_) | Argument::Value(_) => {
            quote_spanned!(expression.span()=> #support::Just(#expression))
        }
        Argument::Optional(_) => quote_spanned!(expression.span()=> #support::Maybe(#expression)),
    }
}

fn is_handed_over(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Lit(_) | syn::Expr::Reference(_) | syn::Expr::Closure(_) => true,
        // Constants and variants.
        syn::Expr::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|segment| segment.ident.to_string().starts_with(char::is_uppercase)),
        _ => false,
    }
}

fn is_word(name: &str) -> bool {
    !name.contains(['-', ':', '.'])
}

fn method(name: &Name) -> Ident {
    match Ident::parse_any.parse_str(&name.text) {
        Ok(word) if syn::parse_str::<Ident>(&word.to_string()).is_ok() => Ident::new(&name.text, name.span),
        _ => Ident::new_raw(&name.text, name.span),
    }
}

use syn::parse::Parser as _;
