//! `#[derive(FromValue)]`: structs and words as values of events.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;

use crate::event::{given_name, read_field, snake_case};

/// The implementation for one type.
pub(crate) fn derive(input: TokenStream) -> syn::Result<TokenStream> {
    let input: syn::DeriveInput = syn::parse2(input)?;
    let body = match &input.data {
        syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Named(fields), .. }) => object(fields)?,
        syn::Data::Enum(data) => words(data)?,
        syn::Data::Struct(_) | syn::Data::Union(_) => {
            return Err(syn::Error::new(
                input.ident.span(),
                "a value of an event is a struct with named fields or an enum of words: implement `FromValue` for others",
            ));
        }
    };
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    Ok(quote! {
        impl #impl_generics ::hothouse_sdk::FromValue for #ident #type_generics #where_clause {
            #body
        }
    })
}

fn object(fields: &syn::FieldsNamed) -> syn::Result<TokenStream> {
    let fields = fields.named.iter().map(read_field).collect::<syn::Result<Vec<_>>>()?;
    let names: Vec<&str> = fields.iter().map(|(_, name)| name.as_str()).collect();
    let expected = format!("an object with {}", names.join(", "));
    let reads = fields.iter().map(|(field, name)| quote!(#field: members.get(#name)?));
    Ok(quote! {
        fn from_text(_text: &str) -> ::core::option::Option<Self> {
            ::core::option::Option::None
        }

        fn from_json(json: &str) -> ::core::option::Option<Self> {
            <Self as ::hothouse_sdk::FromValue>::read_json(json).ok()
        }

        fn read_json(json: &str) -> ::core::result::Result<Self, ::hothouse_sdk::Misread> {
            let members = ::hothouse_sdk::macro_support::Members::read(json, #expected)?;
            ::core::result::Result::Ok(Self { #(#reads),* })
        }

        fn expected() -> ::std::string::String {
            ::std::string::String::from(#expected)
        }
    })
}

fn words(data: &syn::DataEnum) -> syn::Result<TokenStream> {
    let mut arms = Vec::new();
    let mut names = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, syn::Fields::Unit) {
            return Err(syn::Error::new_spanned(
                variant,
                "a word has no fields: write a struct, or implement `FromValue`",
            ));
        }
        let ident = &variant.ident;
        let name = given_name(&variant.attrs)?.unwrap_or_else(|| snake_case(&ident.unraw().to_string()));
        arms.push(quote!(#name => ::core::option::Option::Some(Self::#ident)));
        names.push(name);
    }
    let expected = format!("one of {}", names.join(", "));
    Ok(quote! {
        fn from_text(text: &str) -> ::core::option::Option<Self> {
            match text {
                #(#arms,)*
                _ => ::core::option::Option::None,
            }
        }

        fn expected() -> ::std::string::String {
            ::std::string::String::from(#expected)
        }
    })
}
