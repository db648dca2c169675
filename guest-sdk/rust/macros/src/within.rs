//! `#[component]` tells the `html!` at the end of its function about the attributes, by what it writes in front.
//!
//! The words are those of the component's own expansion, so an author can neither meet nor write them.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Token;
use syn::parse::{Parse, ParseStream};

/// The attributes of the component around a template.
pub(crate) struct Within {
    /// The variable that says whether nothing of the component was in the last document.
    pub(crate) fresh: Ident,
    /// The variable with one bit for each attribute that may have changed.
    pub(crate) changed: Ident,
    /// The variable with one bit for each of them that is not the value of before.
    pub(crate) replaced: Ident,
    pub(crate) attributes: BTreeMap<String, Attribute>,
}

#[derive(Clone, Copy)]
pub(crate) struct Attribute {
    pub(crate) bit: u32,
    /// A slot that is given many times.
    pub(crate) is_slots: bool,
}

impl Within {
    /// Variables for the flags of each attribute.
    pub(crate) fn flags(
        &self,
        outer_fresh: &Ident,
        changed_name: &dyn Fn(&str) -> Ident,
        replaced_name: &dyn Fn(&str) -> Ident,
    ) -> TokenStream {
        let Self { changed, replaced, attributes, .. } = self;
        let flags = attributes.iter().map(|(name, Attribute { bit, .. })| {
            let (changed_name, replaced_name) = (changed_name(name), replaced_name(name));
            quote! {
                #[allow(unused_variables, reason = "an attribute need not be read")]
                let (#changed_name, #replaced_name) =
                    (#outer_fresh || #changed & #bit != 0, #outer_fresh || #replaced & #bit != 0);
            }
        });
        quote!(#(#flags)*)
    }
}

impl ToTokens for Within {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { fresh, changed, replaced, attributes } = self;
        let attributes =
            attributes.iter().map(|(name, Attribute { bit, is_slots })| quote!(#name = #bit #is_slots));
        tokens.extend(quote!(@component(#fresh #changed #replaced #(#attributes)*)));
    }
}

impl Parse for Within {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![@]>()?;
        input.parse::<Ident>()?;
        let content;
        syn::parenthesized!(content in input);
        let (fresh, changed, replaced) = (content.parse()?, content.parse()?, content.parse()?);
        let mut attributes = BTreeMap::new();
        while !content.is_empty() {
            let name: syn::LitStr = content.parse()?;
            content.parse::<Token![=]>()?;
            let (bit, is_slots) = (content.parse::<syn::LitInt>()?, content.parse::<syn::LitBool>()?);
            attributes
                .insert(name.value(), Attribute { bit: bit.base10_parse()?, is_slots: is_slots.value() });
        }
        Ok(Self { fresh, changed, replaced, attributes })
    }
}

/// Splits what `#[component]` wrote from what the author wrote.
pub(crate) fn split(tokens: TokenStream) -> (Option<Within>, TokenStream) {
    use syn::parse::Parser as _;
    let parser = |input: ParseStream<'_>| {
        let within = if input.peek(Token![@]) { Some(input.parse()?) } else { None };
        Ok((within, input.parse()?))
    };
    parser.parse2(tokens.clone()).unwrap_or((None, tokens))
}
