//! `#[component]`: a function becomes a tag.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;

use crate::attributes::{Prop, Taker, props};
use crate::within::{Attribute, Within};

/// What stands for the function.
pub(crate) fn expand(arguments: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(syn::Error::new(arguments.span(), "`#[component]` takes no arguments"));
    }
    let function: syn::ItemFn = syn::parse2(input)
        .map_err(|problem| syn::Error::new(problem.span(), "a component is a function with a body"))?;
    let signature = &function.sig;
    let name = &signature.ident;
    let mut problems = Vec::new();
    if !name.to_string().starts_with(char::is_uppercase) {
        problems
            .push(syn::Error::new(name.span(), "a component begins with a capital letter, as in `fn Card`"));
    }
    if let Some(asyncness) = &signature.asyncness {
        problems.push(syn::Error::new(asyncness.span(), "a component cannot wait: remove `async`"));
    }
    if matches!(signature.output, syn::ReturnType::Default) {
        problems.push(syn::Error::new(name.span(), "a component answers `Html`: add `-> Html`"));
    }
    let lifetime = syn::Lifetime::new("'given", Span::mixed_site());
    let parameters: Vec<_> = signature.inputs.iter().filter_map(|it| parameter(it, &mut problems)).collect();
    let props = props(parameters.into_iter(), Some(&lifetime));
    let props = match props {
        Ok(props) if problems.is_empty() => props,
        other => {
            let problems = problems.into_iter().chain(other.err());
            return Err(problems
                .reduce(|mut all, next| {
                    all.combine(next);
                    all
                })
                .unwrap_or_else(|| syn::Error::new(name.span(), "not a component")));
        }
    };
    let mut generics = signature.generics.clone();
    generics.params.insert(0, syn::parse_quote!(#lifetime));
    let taker = Taker { name, visibility: &function.vis, generics, props: &props };
    Ok(emit(&function, &taker))
}

type Parameter<'a> = (&'a Ident, &'a syn::Type, &'a [syn::Attribute], bool);

fn parameter<'a>(input: &'a syn::FnArg, problems: &mut Vec<syn::Error>) -> Option<Parameter<'a>> {
    match input {
        syn::FnArg::Receiver(receiver) => {
            problems.push(syn::Error::new(
                receiver.span(),
                "a component has no `self`: give it what it shows as attributes",
            ));
            None
        }
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                Some((&pattern.ident, &*typed.ty, typed.attrs.as_slice(), pattern.mutability.is_some()))
            }
            other => {
                problems.push(syn::Error::new(other.span(), "an attribute is a name with a type"));
                None
            }
        },
    }
}

fn emit(function: &syn::ItemFn, taker: &Taker<'_>) -> TokenStream {
    let support = quote!(::hothouse_sdk::macro_support);
    let (name, visibility) = (taker.name, taker.visibility);
    let attributes = &function.attrs;
    let (impl_generics, where_clause) = (&taker.generics.params, &taker.generics.where_clause);
    let (empty_type, empty_value) = (taker.empty_type(), taker.empty_value());
    let definitions = taker.definitions();
    let (any, of_any, _) = taker.any_state();
    let fresh = Ident::new("fresh", Span::mixed_site());
    let flags = Ident::new("flags", Span::mixed_site());
    let changed = Ident::new("changed", Span::mixed_site());
    let replaced = Ident::new("replaced", Span::mixed_site());
    let within = Within {
        fresh: fresh.clone(),
        changed: changed.clone(),
        replaced: replaced.clone(),
        attributes: taker
            .props
            .iter()
            .filter(|prop| !prop.is_mutable && !is_mentioned_anew(&prop.ident, &function.block))
            .map(|prop| (prop.ident.to_string(), Attribute { bit: prop.bit, is_slots: prop.is_slots() }))
            .collect(),
    };
    let unpacked = taker.unpacked(&quote!(self.values), &quote!(return #support::Content::Empty));
    let output = match &function.sig.output {
        syn::ReturnType::Type(_, output) => output.to_token_stream(),
        syn::ReturnType::Default => quote!(()),
    };
    let body = match tracked(&function.block, &within) {
        Some(body) => body,
        None => {
            let block = &function.block;
            quote!((move || -> #output #block)())
        }
    };
    let complete = taker.complete();
    let own_where = where_clause.as_ref().map(|clause| clause.predicates.iter()).into_iter().flatten();
    quote! {
        #(#attributes)*
        #[derive(Debug)]
        #visibility struct #name;

        #[doc(hidden)]
        impl #name {
            #[allow(dead_code, reason = "a component need not be used")]
            #visibility fn attributes<#impl_generics>() -> #empty_type #where_clause {
                #empty_value
            }
        }

        #definitions

        #[doc(hidden)]
        #[allow(dead_code, private_bounds, unreachable_code, reason = "a component need not be used, or be complete")]
        impl #any #of_any #where_clause {
            #visibility fn __show(self, #fresh: bool) -> #support::Content
            where
                #(#own_where,)*
                #(#complete,)*
            {
                let #flags = self.values.__flags;
                let (#changed, #replaced) = (#flags.changed, #flags.replaced);
                let _ = (#changed, #replaced, #fresh);
                #unpacked
                let html: #output = #body;
                #support::content(html)
            }
        }
    }
}

/// The body with its last `html!` told about the attributes; none if another `html!` might be the root next time.
fn tracked(block: &syn::Block, within: &Within) -> Option<TokenStream> {
    let (last, before) = block.stmts.split_last()?;
    let template = match last {
        syn::Stmt::Expr(syn::Expr::Macro(template), None) => &template.mac,
        syn::Stmt::Macro(template) if template.semi_token.is_none() => &template.mac,
        _ => return None,
    };
    if template.path.segments.last().is_none_or(|segment| segment.ident != "html")
        || before.iter().any(|statement| mentions(statement.to_token_stream(), "return"))
    {
        return None;
    }
    let (path, tokens) = (&template.path, &template.tokens);
    Some(quote!({ #(#before)* #path! { #within #tokens } }))
}

/// Whether a statement of the body may give the name another meaning.
fn is_mentioned_anew(ident: &Ident, block: &syn::Block) -> bool {
    let name = ident.to_string();
    let count = block.stmts.len().saturating_sub(1);
    block.stmts.iter().take(count).any(|statement| match statement {
        syn::Stmt::Local(local) => mentions(local.pat.to_token_stream(), &name),
        syn::Stmt::Item(item) => mentions(item.to_token_stream(), &name),
        syn::Stmt::Macro(call) => mentions(call.to_token_stream(), &name),
        syn::Stmt::Expr(..) => false,
    })
}

fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) => ident == word,
        proc_macro2::TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

/// `#[derive(SlotAttributes)]`
pub(crate) fn derive_slot_attributes(input: TokenStream) -> syn::Result<TokenStream> {
    let input: syn::DeriveInput = syn::parse2(input)?;
    let syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Named(fields), .. }) = &input.data else {
        return Err(syn::Error::new(
            input.ident.span(),
            "the attributes of a slot are a struct with named fields",
        ));
    };
    let sources = fields.named.iter().filter_map(|field| {
        field.ident.as_ref().map(|ident| (ident, &field.ty, field.attrs.as_slice(), false))
    });
    let props = props(sources, None)?;
    let (name, visibility) = (&input.ident, &input.vis);
    let taker = Taker { name, visibility, generics: input.generics.clone(), props: &props };
    Ok(emit_slot_attributes(&taker, &props))
}

fn emit_slot_attributes(taker: &Taker<'_>, props: &[Prop]) -> TokenStream {
    let support = quote!(::hothouse_sdk::macro_support);
    let name = taker.name;
    let definitions = taker.definitions();
    let (impl_generics, type_generics, where_clause) = taker.generics.split_for_impl();
    let (empty_type, empty_value) = (taker.empty_type(), taker.empty_value());
    let (any, of_any, _) = taker.any_state();
    let complete = taker.complete();
    let own_where = where_clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
    let unpacked = taker.unpacked(&quote!(self.values), &quote!(return ::core::option::Option::None));
    let names = props.iter().map(|prop| &prop.ident);
    quote! {
        #definitions

        impl #impl_generics #support::SlotAttributes for #name #type_generics #where_clause {
            type Empty = #empty_type;

            fn attributes() -> Self::Empty {
                #empty_value
            }
        }

        impl #any #support::Finish<#name #type_generics> for #of_any
        where
            #(#own_where,)*
            #(#complete,)*
        {
            fn finish(self) -> ::core::option::Option<#name #type_generics> {
                #unpacked
                ::core::option::Option::Some(#name { #(#names),* })
            }
        }
    }
}
