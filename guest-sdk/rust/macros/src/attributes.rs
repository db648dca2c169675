//! What a component or an entry of a slot can be given: one builder method for each attribute.
//!
//! The type of the builder says what has been given so far, so that what is missing is a mistake of types, with the
//! words that stand here.

mod read;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::elements;

pub(crate) use read::{Kind, Prop, Times, props};

/// Something that takes attributes.
pub(crate) struct Taker<'a> {
    /// The component or the struct.
    pub(crate) name: &'a Ident,
    pub(crate) visibility: &'a syn::Visibility,
    pub(crate) generics: syn::Generics,
    pub(crate) props: &'a [Prop],
}

impl Taker<'_> {
    /// The type that holds what was given.
    pub(crate) fn values_name(&self) -> Ident {
        format_ident!("__{}Values", self.name)
    }

    /// The type whose methods are the attributes.
    pub(crate) fn builder_name(&self) -> Ident {
        format_ident!("{}Attributes", self.name)
    }

    /// The parameters of the builder's type that say what was given.
    fn states(&self) -> Vec<Ident> {
        self.stateful().map(state).collect()
    }

    fn stateful(&self) -> impl Iterator<Item = &Prop> {
        self.props.iter().filter(|prop| prop.is_required() || prop.is_single_slot())
    }

    /// The bounds that hold when all that is required was given.
    pub(crate) fn complete(&self) -> Vec<TokenStream> {
        let required = self.props.iter().filter(|prop| prop.is_required());
        required
            .map(|prop| {
                let (state, needs) = (state(prop), self.needs(prop));
                quote!(#state: #needs)
            })
            .collect()
    }

    fn needs(&self, prop: &Prop) -> Ident {
        format_ident!("__{}Needs{}", self.name, camel(&prop.ident))
    }

    fn once(&self, prop: &Prop) -> Ident {
        format_ident!("__{}Once{}", self.name, camel(&prop.ident))
    }

    /// The builder's type with these states behind the parameters of the author.
    fn builder_type(&self, states: &[TokenStream]) -> TokenStream {
        let builder = self.builder_name();
        let own = self.generics.params.iter().map(parameter_name);
        quote!(#builder<#(#own,)* #(#states),*>)
    }

    /// The parameters of an `impl` for any state.
    pub(crate) fn any_state(&self) -> (TokenStream, TokenStream, TokenStream) {
        let own = self.generics.params.iter();
        let states = self.states();
        let where_clause = &self.generics.where_clause;
        let all: Vec<_> = states.iter().map(|state| quote!(#state)).collect();
        (quote!(<#(#own,)* #(#states),*>), self.builder_type(&all), quote!(#where_clause))
    }

    /// The type before anything was given.
    pub(crate) fn empty_type(&self) -> TokenStream {
        let missing: Vec<_> =
            self.states().iter().map(|_| quote!(::hothouse_sdk::macro_support::Missing)).collect();
        self.builder_type(&missing)
    }

    /// The expression for it.
    pub(crate) fn empty_value(&self) -> TokenStream {
        let (builder, values) = (self.builder_name(), self.values_name());
        let fields =
            self.props.iter().map(|Prop { ident, .. }| quote!(#ident: ::core::default::Default::default()));
        quote! {
            #builder {
                values: #values {
                    #(#fields,)*
                    __flags: ::core::default::Default::default(),
                    __given: ::core::marker::PhantomData,
                },
                given: ::core::marker::PhantomData,
            }
        }
    }

    /// The types and their methods.
    pub(crate) fn definitions(&self) -> TokenStream {
        let (builder, values, visibility) = (self.builder_name(), self.values_name(), self.visibility);
        let (own, where_clause) = (self.generics.params.iter(), &self.generics.where_clause);
        let (impl_generics, type_generics, _) = self.generics.split_for_impl();
        let states = self.states();
        let fields = self.props.iter().map(Prop::field);
        let types = self.props.iter().map(|prop| &prop.ty);
        let lifetimes = self.generics.lifetimes().map(|lifetime| &lifetime.lifetime);
        let traits = self.stateful().map(|prop| self.state_traits(prop));
        let methods = self.props.iter().map(|prop| self.method(prop));
        let (any, of_any, _) = self.any_state();
        let passes_on = self.passes_on();
        quote! {
            #[doc(hidden)]
            #visibility struct #values #impl_generics #where_clause {
                #(#fields,)*
                __flags: ::hothouse_sdk::macro_support::Flags,
                __given: ::core::marker::PhantomData<(#(&#lifetimes (),)* #(#types,)*)>,
            }

            #[doc(hidden)]
            #[must_use]
            #visibility struct #builder<#(#own,)* #(#states),*> #where_clause {
                values: #values #type_generics,
                given: ::core::marker::PhantomData<(#(#states,)*)>,
            }

            #(#traits)*

            #[allow(dead_code, private_bounds, reason = "not every attribute has to be used")]
            impl #any #of_any #where_clause {
                #(#methods)*
            }

            impl #any ::hothouse_sdk::macro_support::Builder for #of_any #where_clause {}

            #passes_on
        }
    }

    /// The traits whose absence has the words of a mistake.
    fn state_traits(&self, prop: &Prop) -> TokenStream {
        let visibility = self.visibility;
        let (tag, name) = (self.name.to_string(), prop.name());
        let mut traits = TokenStream::new();
        if prop.is_required() {
            let needs = self.needs(prop);
            let (message, label) = match (&prop.kind, name.as_str()) {
                (Kind::Slot { .. }, "children") => {
                    (format!("`<{tag}>` needs content"), format!("write `<{tag}>…</{tag}>`"))
                }
                (Kind::Slot { .. }, _) => (
                    format!("`<{tag}>` needs the slot `<:{name}>`"),
                    format!("add `<:{name}>…</:{name}>` to its content"),
                ),
                _ => (format!("`<{tag}>` needs the attribute `{name}`"), format!("add `{name}={{{{…}}}}`")),
            };
            traits.extend(quote! {
                #[doc(hidden)]
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                #visibility trait #needs {}
                impl #needs for ::hothouse_sdk::macro_support::Given {}
            });
        }
        if prop.is_single_slot() {
            let once = self.once(prop);
            let message = format!("`<{tag}>` takes `<:{name}>` once");
            traits.extend(quote! {
                #[doc(hidden)]
                #[diagnostic::on_unimplemented(message = #message, label = "remove this one, or the one before")]
                #visibility trait #once {}
                impl #once for ::hothouse_sdk::macro_support::Missing {}
            });
        }
        traits
    }

    fn method(&self, prop: &Prop) -> TokenStream {
        let support = quote!(::hothouse_sdk::macro_support);
        let Prop { ident, ty, documentation, bit, .. } = prop;
        let visibility = self.visibility;
        let given: Vec<_> = self
            .stateful()
            .map(|other| {
                let state = state(other);
                if other.ident == *ident { quote!(#support::Given) } else { quote!(#state) }
            })
            .collect();
        let answer = self.builder_type(&given);
        let builder = self.builder_name();
        let end = quote! {
            self.values.__flags.note(#bit, change);
            #builder { values: self.values, given: ::core::marker::PhantomData }
        };
        match &prop.kind {
            Kind::Required if prop.is_parameter(&self.generics) => quote! {
                #(#documentation)*
                #visibility fn #ident(mut self, value: #support::Just<#ty>, change: #support::Change) -> #answer {
                    self.values.#ident = ::core::option::Option::Some(value.0);
                    #end
                }
            },
            Kind::Required => quote! {
                #(#documentation)*
                #visibility fn #ident<V: #support::Required<#ty>>(
                    mut self,
                    value: V,
                    change: #support::Change,
                ) -> #answer {
                    self.values.#ident = ::core::option::Option::Some(value.given());
                    #end
                }
            },
            Kind::Default(_) | Kind::Optional => {
                let ty = prop.inner();
                quote! {
                    #(#documentation)*
                    #visibility fn #ident<V: #support::Optional<#ty>>(
                        mut self,
                        value: V,
                        change: #support::Change,
                    ) -> #answer {
                        self.values.#ident = value.given();
                        #end
                    }
                }
            }
            Kind::Rest(names) => {
                let methods = names.iter().map(|name| {
                    let text = name.value();
                    let method = syn::parse_str::<Ident>(&text).unwrap_or_else(|_| Ident::new_raw(&text, name.span()));
                    let (kind, read) = if elements::is_boolean(&text) {
                        (quote!(GlobalFlag), quote!(flag))
                    } else {
                        (quote!(GlobalText), quote!(text))
                    };
                    quote! {
                        #visibility fn #method<V: #support::#kind>(self, value: V, change: #support::Change) -> Self {
                            #support::pass_on(self, #text, value.#read(), change.changed)
                        }
                    }
                });
                quote!(#(#methods)*)
            }
            Kind::Slot { argument, own, times } => {
                let once = (*times != Times::Many).then(|| {
                    let (state, once) = (state(prop), self.once(prop));
                    quote!(where #state: #once)
                });
                let put = match times {
                    Times::Many => quote!(self.values.#ident.extend(slot)),
                    Times::One | Times::Maybe => quote!(self.values.#ident = slot),
                };
                let lifetime = prop.lifetime();
                quote! {
                    #(#documentation)*
                    #visibility fn #ident<R: #support::Finish<#own>>(
                        mut self,
                        own: impl ::core::ops::FnOnce(<#own as #support::SlotAttributes>::Empty) -> R,
                        content: impl ::core::ops::Fn(bool, &#argument) -> #support::Content + #lifetime,
                        change: #support::Change,
                    ) -> #answer #once {
                        let own = own(<#own as #support::SlotAttributes>::attributes());
                        let slot = #support::slot(content, #support::Finish::finish(own));
                        #put;
                        #end
                    }
                }
            }
        }
    }

    fn passes_on(&self) -> Option<TokenStream> {
        let rest = self.props.iter().find(|prop| matches!(prop.kind, Kind::Rest(_)))?;
        let Prop { ident, bit, .. } = rest;
        let (any, of_any, where_clause) = self.any_state();
        Some(quote! {
            // Other components do not help whoever reads that this one does not.
            #[diagnostic::do_not_recommend]
            impl #any ::hothouse_sdk::macro_support::PassesOn for #of_any #where_clause {
                fn rest(&mut self, changed: bool) -> &mut ::hothouse_sdk::Attrs {
                    let change = ::hothouse_sdk::macro_support::Change { changed, replaced: true };
                    self.values.__flags.note(#bit, change);
                    &mut self.values.#ident
                }
            }
        })
    }

    /// Variables with the values of all attributes, from `values`; `otherwise` where one is missing, which the types
    /// have ruled out.
    pub(crate) fn unpacked(&self, values: &TokenStream, otherwise: &TokenStream) -> TokenStream {
        let values_name = self.values_name();
        let names: Vec<_> = self.props.iter().map(|prop| &prop.ident).collect();
        let required: Vec<_> =
            self.props.iter().filter(|prop| prop.is_required()).map(|prop| &prop.ident).collect();
        let defaults = self.props.iter().filter_map(|prop| {
            let ident = &prop.ident;
            match &prop.kind {
                Kind::Default(Some(default)) => {
                    Some(quote!(let #ident = #ident.unwrap_or_else(|| #default);))
                }
                Kind::Default(None) => Some(quote!(let #ident = #ident.unwrap_or_default();)),
                _ => None,
            }
        });
        let mutable = self.props.iter().filter(|prop| prop.is_mutable).map(|prop| {
            let ident = &prop.ident;
            quote!(let mut #ident = #ident;)
        });
        quote! {
            let #values_name { #(#names,)* .. } = #values;
            let (#(::core::option::Option::Some(#required),)*) = (#(#required,)*) else { #otherwise };
            #(#defaults)*
            #(#mutable)*
        }
    }
}

fn state(prop: &Prop) -> Ident {
    format_ident!("State{}", camel(&prop.ident))
}

fn parameter_name(parameter: &syn::GenericParam) -> TokenStream {
    match parameter {
        syn::GenericParam::Lifetime(lifetime) => {
            let lifetime = &lifetime.lifetime;
            quote!(#lifetime)
        }
        syn::GenericParam::Type(parameter) => {
            let ident = &parameter.ident;
            quote!(#ident)
        }
        syn::GenericParam::Const(parameter) => {
            let ident = &parameter.ident;
            quote_spanned!(ident.span()=> #ident)
        }
    }
}

fn camel(ident: &Ident) -> String {
    let text = ident.to_string();
    let words = text.trim_start_matches("r#").split('_');
    words
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect()
}
