//! `#[derive(Event)]`: names and payloads of a view's events.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

/// The implementations for one enum.
pub(crate) fn derive(input: TokenStream) -> syn::Result<TokenStream> {
    let input: syn::DeriveInput = syn::parse2(input)?;
    let syn::Data::Enum(data) = &input.data else {
        return Err(syn::Error::new(input.ident.span(), "events are an enum: each variant is one event"));
    };
    let variants = data.variants.iter().map(Variant::read).collect::<syn::Result<Vec<_>>>()?;
    refuse_equal_names(&variants)?;

    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let names = variants.iter().map(|variant| &variant.name);
    let decode = variants.iter().map(Variant::decode);
    let constants = variants.iter().map(Variant::constant);
    let to_name = variants.iter().map(|Variant { ident, name, .. }| quote!(Self::#ident { .. } => #name));
    let text =
        if variants.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#to_name),* }) };
    let mut of_one_type = where_clause.cloned().unwrap_or_else(|| syn::parse_quote!(where));
    of_one_type.predicates.push(syn::parse_quote!(Self: 'static));
    Ok(quote! {
        impl #impl_generics #ident #type_generics #where_clause {
            #(#constants)*
        }

        impl #impl_generics ::hothouse_sdk::Event for #ident #type_generics #where_clause {
            fn decode(event: ::hothouse_sdk::RawEvent) -> ::hothouse_sdk::Result<Self> {
                match event.name.as_str() {
                    #(#decode)*
                    _ => ::core::result::Result::Err(
                        ::hothouse_sdk::macro_support::unknown_event(&event.name, &[#(#names),*])
                    ),
                }
            }
        }

        impl #impl_generics ::hothouse_sdk::ToText for #ident #type_generics #of_one_type {
            fn to_text(&self) -> ::std::string::String {
                ::hothouse_sdk::macro_support::event_text::<Self>(#text)
            }
        }
    })
}

struct Variant<'a> {
    ident: &'a Ident,
    /// What the browser calls it.
    name: String,
    span: Span,
    values: Values<'a>,
}

/// What a variant takes of the payload.
enum Values<'a> {
    /// Fields, and the names of their values.
    Named(Vec<(&'a Ident, String)>),
    /// All of it.
    Whole,
}

impl<'a> Variant<'a> {
    fn read(variant: &'a syn::Variant) -> syn::Result<Self> {
        let values = match &variant.fields {
            syn::Fields::Unit => Values::Named(Vec::new()),
            syn::Fields::Named(named) => {
                Values::Named(named.named.iter().map(read_field).collect::<syn::Result<_>>()?)
            }
            syn::Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => Values::Whole,
            syn::Fields::Unnamed(_) => {
                return Err(syn::Error::new(
                    variant.ident.span(),
                    "values of an event have names: write `Variant { name: Type }`, or `Variant(Params)` for a form",
                ));
            }
        };
        let given = given_name(&variant.attrs)?;
        let name = given.unwrap_or_else(|| snake_case(&variant.ident.unraw().to_string()));
        Ok(Self { ident: &variant.ident, name, span: variant.ident.span(), values })
    }

    fn decode(&self) -> TokenStream {
        let Self { ident, name, values, .. } = self;
        let fields = match values {
            Values::Named(fields) if fields.is_empty() => {
                return quote!(#name => ::core::result::Result::Ok(Self::#ident {}),);
            }
            Values::Named(fields) => fields,
            Values::Whole => {
                return quote! {
                    #name => ::hothouse_sdk::macro_support::FromPayload::from_payload(event).map(Self::#ident),
                };
            }
        };
        let names = fields.iter().map(|(field, _)| field).collect::<Vec<_>>();
        let reads = fields.iter().map(|(_, key)| quote!(fields.note(#key, &mut problems)));
        quote! {
            #name => {
                let fields = event.fields()?;
                let mut problems = ::hothouse_sdk::macro_support::Problems::default();
                match (#(#reads,)*) {
                    (#(::core::option::Option::Some(#names),)*) => {
                        ::core::result::Result::Ok(Self::#ident { #(#names),* })
                    }
                    _ => ::core::result::Result::Err(fields.refuse(&problems)),
                }
            }
        }
    }

    fn constant(&self) -> TokenStream {
        let Self { ident, name, .. } = self;
        let constant =
            format_ident!("{}", snake_case(&ident.unraw().to_string()).to_uppercase(), span = self.span);
        if constant == **ident {
            return TokenStream::new();
        }
        let documentation = format!("The name of [`Self::{ident}`] in the browser.");
        quote! {
            #[doc = #documentation]
            #[allow(dead_code, reason = "a view need not spell every name")]
            pub const #constant: ::hothouse_sdk::EventName<Self> = ::hothouse_sdk::EventName::new(#name);
        }
    }
}

pub(crate) fn read_field(field: &syn::Field) -> syn::Result<(&Ident, String)> {
    let Some(ident) = &field.ident else {
        return Err(syn::Error::new_spanned(field, "values of an event have names"));
    };
    let name = given_name(&field.attrs)?.unwrap_or_else(|| ident.unraw().to_string());
    Ok((ident, name))
}

/// `#[event(name = "…")]`
pub(crate) fn given_name(attributes: &[syn::Attribute]) -> syn::Result<Option<String>> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("name") {
                return Err(meta.error("expected `name = \"…\"`"));
            }
            let literal: syn::LitStr = meta.value()?.parse()?;
            if literal.value().is_empty() {
                return Err(syn::Error::new(literal.span(), "an event's name is not empty"));
            }
            name = Some(literal.value());
            Ok(())
        })?;
    }
    Ok(name)
}

fn refuse_equal_names(variants: &[Variant<'_>]) -> syn::Result<()> {
    let mut seen = BTreeMap::new();
    for Variant { ident, name, span, .. } in variants {
        if let Some(first) = seen.insert(name, ident) {
            return Err(syn::Error::new(
                *span,
                format!("`{first}` and `{ident}` are both called {name:?} in the browser: rename one"),
            ));
        }
    }
    Ok(())
}

pub(crate) fn snake_case(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    let mut characters = camel.chars().peekable();
    let mut after_lower = false;
    while let Some(character) = characters.next() {
        let before_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        if character.is_uppercase()
            && !snake.is_empty()
            && (after_lower || before_lower)
            && !snake.ends_with('_')
        {
            snake.push('_');
        }
        after_lower = character.is_lowercase() || character.is_numeric();
        snake.extend(character.to_lowercase());
    }
    snake
}
