//! `#[component]` tells the `html!` at the end of its function about the attributes, by what it writes in front.
//!
//! The words are those of the component's own expansion, so an author can neither meet nor write them.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The variable with one bit for each attribute that is the same value on every render.
    pub(crate) same: Ident,
    /// Names and bits.
    pub(crate) attributes: BTreeMap<String, u32>,
}

impl Within {
    /// Variables for the flags of each attribute.
    pub(crate) fn flags(
        &self,
        outer_fresh: &Ident,
        changed_name: &dyn Fn(&str) -> Ident,
        same_name: &dyn Fn(&str) -> Ident,
    ) -> TokenStream {
        let Self { changed, same, attributes, .. } = self;
        let flags = attributes.iter().map(|(name, bit)| {
            let (changed_name, same_name) = (changed_name(name), same_name(name));
            quote! {
                #[allow(unused_variables, reason = "an attribute need not be read")]
                let (#changed_name, #same_name) =
                    (#outer_fresh || #changed & #bit != 0, !#outer_fresh && #same & #bit != 0);
            }
        });
        quote!(#(#flags)*)
    }

    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.attributes.keys().cloned().collect()
    }
}

impl ToTokens for Within {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { fresh, changed, same, attributes } = self;
        let (names, bits) = (attributes.keys(), attributes.values());
        tokens.extend(quote!(@component(#fresh #changed #same #(#names = #bits)*)));
    }
}

impl Parse for Within {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![@]>()?;
        input.parse::<Ident>()?;
        let content;
        syn::parenthesized!(content in input);
        let (fresh, changed, same) = (content.parse()?, content.parse()?, content.parse()?);
        let mut attributes = BTreeMap::new();
        while !content.is_empty() {
            let name: syn::LitStr = content.parse()?;
            content.parse::<Token![=]>()?;
            let bit: syn::LitInt = content.parse()?;
            attributes.insert(name.value(), bit.base10_parse()?);
        }
        Ok(Self { fresh, changed, same, attributes })
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
