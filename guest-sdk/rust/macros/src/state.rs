//! `#[derive(State)]`: a struct as a snapshot, field by field.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

/// The implementation for one struct.
pub(crate) fn derive(input: TokenStream) -> syn::Result<TokenStream> {
    let input: syn::DeriveInput = syn::parse2(input)?;
    let fields = fields(&input)?;
    let Version { version, from } = version(&input.attrs)?;
    let shape = shape(&fields);

    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let older = match from {
        Some(older) => quote_spanned! {older.span()=>
            <#older as ::hothouse_sdk::State>::restore(snapshot).map(<Self as ::core::convert::From<#older>>::from)
        },
        None => quote!(::hothouse_sdk::macro_support::Fields::too_old(#version)),
    };
    let writes = fields.iter().filter(|field| field.skip.is_none()).map(
        |Field { ident, kind, name, .. }| quote_spanned!(kind.span()=> state.field(#name, &self.#ident)?;),
    );
    let reads = fields.iter().filter(|field| field.skip.is_none()).map(|Field { ident, kind, name, .. }| {
        quote_spanned!(kind.span()=> let #ident = fields.field::<#kind>(#name)?;)
    });
    let skipped = fields.iter().filter_map(|field| {
        let (Field { ident, kind, .. }, skip) = (field, field.skip.as_ref()?);
        let value = match skip {
            Skip::Default => quote_spanned!(kind.span()=> <#kind as ::core::default::Default>::default()),
            Skip::Value(value) => value.to_token_stream(),
        };
        Some(quote!(let #ident: #kind = #value;))
    });
    let idents = fields.iter().map(|field| field.ident);
    Ok(quote! {
        impl #impl_generics ::hothouse_sdk::State for #ident #type_generics #where_clause {
            fn snapshot(&self) -> ::hothouse_sdk::Result<::std::vec::Vec<u8>> {
                #[allow(unused_mut, reason = "a struct without fields is a state too")]
                let mut state = ::hothouse_sdk::macro_support::Snapshot::new(#version, #shape)?;
                #(#writes)*
                ::core::result::Result::Ok(state.finish())
            }

            fn restore(snapshot: &[u8]) -> ::hothouse_sdk::Result<Self> {
                #[allow(unused_mut, reason = "a struct without fields is a state too")]
                let ::core::option::Option::Some(mut fields) =
                    ::hothouse_sdk::macro_support::Fields::of(snapshot, #version, #shape)?
                else {
                    return #older;
                };
                #(#reads)*
                fields.finish()?;
                #(#skipped)*
                ::core::result::Result::Ok(Self { #(#idents),* })
            }
        }
    })
}

struct Field<'a> {
    ident: &'a Ident,
    kind: &'a syn::Type,
    name: String,
    skip: Option<Skip>,
}

/// What a field is that snapshots do not have.
enum Skip {
    Default,
    Value(Box<syn::Expr>),
}

struct Version {
    version: u32,
    /// The state of older versions.
    from: Option<syn::Type>,
}

fn fields(input: &syn::DeriveInput) -> syn::Result<Vec<Field<'_>>> {
    let named = match &input.data {
        syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Named(fields), .. }) => &fields.named,
        syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Unit, .. }) => return Ok(Vec::new()),
        _ => {
            return Err(syn::Error::new(
                input.ident.span(),
                "a state is a struct with named fields: derive `serde::Serialize` and `serde::Deserialize` for what is in it",
            ));
        }
    };
    named
        .iter()
        .filter_map(|field| {
            let ident = field.ident.as_ref()?;
            Some(skip(&field.attrs).and_then(|skip| {
                if skip.is_none() && is_stream(&field.ty) {
                    return Err(syn::Error::new_spanned(
                        &field.ty,
                        "a stream's rows are in the page alone: leave it out with `#[live(skip = …)]`, which makes it anew",
                    ));
                }
                Ok(Field { ident, kind: &field.ty, name: ident.unraw().to_string(), skip })
            }))
        })
        .collect()
}

/// By its name: under another one it is not serde's, which says so.
fn is_stream(kind: &syn::Type) -> bool {
    match kind {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Stream"),
        _ => false,
    }
}

/// `#[live(skip)]` or `#[live(skip = expression)]`
fn skip(attributes: &[syn::Attribute]) -> syn::Result<Option<Skip>> {
    let mut skip = None;
    for attribute in live(attributes) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("skip") {
                return Err(
                    meta.error("a field is left out by `skip`, or `skip = …` with what it is afterwards")
                );
            }
            if skip.is_some() {
                return Err(meta.error("this field is left out already"));
            }
            skip = Some(match meta.value() {
                Ok(value) => Skip::Value(value.parse()?),
                Err(_) => Skip::Default,
            });
            Ok(())
        })?;
    }
    Ok(skip)
}

/// `#[live(version = 2, from = Old)]`
fn version(attributes: &[syn::Attribute]) -> syn::Result<Version> {
    let mut version = None;
    let mut from = None;
    for attribute in live(attributes) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("version") && version.is_none() {
                let literal: syn::LitInt = meta.value()?.parse()?;
                let number: u32 = literal.base10_parse()?;
                if number == 0 {
                    return Err(syn::Error::new(literal.span(), "versions are counted from 1"));
                }
                version = Some(number);
                Ok(())
            } else if meta.path.is_ident("from") && from.is_none() {
                from = Some(meta.value()?.parse::<syn::Type>()?);
                Ok(())
            } else {
                Err(meta.error("a state has one `version = 2`, and one `from = Old` for the version before"))
            }
        })?;
    }
    let version = version.unwrap_or(1);
    match &from {
        Some(older) if version == 1 => Err(syn::Error::new(
            older.span(),
            "there is no version before 1: give this one `version = 2` or more",
        )),
        _ => Ok(Version { version, from }),
    }
}

fn live(attributes: &[syn::Attribute]) -> impl Iterator<Item = &syn::Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("live"))
}

/// FNV-1a of the names of the fields that are kept: tells a struct that was changed from its version of before.
fn shape(fields: &[Field<'_>]) -> u32 {
    let kept = fields.iter().filter(|field| field.skip.is_none());
    kept.flat_map(|field| field.name.bytes().chain([0]))
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
