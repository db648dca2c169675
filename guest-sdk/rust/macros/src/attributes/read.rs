//! Reads attributes from the parameters of a component or the fields of a struct.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

/// One attribute or slot.
pub(crate) struct Prop {
    pub(crate) ident: Ident,
    /// With all lifetimes named.
    pub(crate) ty: syn::Type,
    pub(crate) kind: Kind,
    pub(crate) documentation: Vec<syn::Attribute>,
    pub(crate) is_mutable: bool,
    /// Its bit among the flags.
    pub(crate) bit: u32,
}

pub(crate) enum Kind {
    Required,
    /// May be left out; an expression, or the default of its type.
    Default(Option<Box<syn::Expr>>),
    /// An `Option`.
    Optional,
    /// All other attributes of elements, and those that are named here.
    Rest(Vec<syn::LitStr>),
    Slot {
        argument: Box<syn::Type>,
        own: Box<syn::Type>,
        times: Times,
    },
}

/// How often a slot is given.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Times {
    One,
    Maybe,
    Many,
}

/// One bit each.
const MAX_PROPS: usize = 32;

/// Reads names, types and `#[prop(…)]` attributes; all mistakes at once.
pub(crate) fn props<'a>(
    sources: impl Iterator<Item = (&'a Ident, &'a syn::Type, &'a [syn::Attribute], bool)>,
    lifetime: Option<&syn::Lifetime>,
) -> syn::Result<Vec<Prop>> {
    let mut props = Vec::new();
    let mut problems: Option<syn::Error> = None;
    for (index, (ident, ty, attributes, is_mutable)) in sources.enumerate() {
        let prop = if index < MAX_PROPS {
            read(ident, ty, attributes, is_mutable, lifetime, 1 << index)
        } else {
            Err(syn::Error::new(
                ident.span(),
                format!("a component takes at most {MAX_PROPS} attributes and slots"),
            ))
        };
        match prop {
            Ok(prop) => props.push(prop),
            Err(problem) => match &mut problems {
                Some(problems) => problems.combine(problem),
                None => problems = Some(problem),
            },
        }
    }
    match problems {
        Some(problems) => Err(problems),
        None => Ok(props),
    }
}

fn read(
    ident: &Ident,
    ty: &syn::Type,
    attributes: &[syn::Attribute],
    is_mutable: bool,
    lifetime: Option<&syn::Lifetime>,
    bit: u32,
) -> syn::Result<Prop> {
    let mut options = Options::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("prop")) {
        attribute.parse_nested_meta(|meta| options.read(&meta))?;
    }
    let ty = match lifetime {
        Some(lifetime) => syn::parse2(with_lifetime(ty.to_token_stream(), lifetime))?,
        None => ty.clone(),
    };
    let kind = match (options.default, options.rest, slot(&ty)) {
        (Some(_), Some(_), _) => {
            return Err(syn::Error::new(ident.span(), "`rest` is empty by default: remove `default`"));
        }
        (Some(_), None, Some(_)) => {
            return Err(syn::Error::new(ident.span(), "a slot that may be left out is an `Option<Slot>`"));
        }
        (Some(default), None, None) => Kind::Default(default.map(Box::new)),
        (None, Some(names), _) => Kind::Rest(names),
        (None, None, Some((argument, own, times))) => {
            Kind::Slot { argument: Box::new(argument), own: Box::new(own), times }
        }
        (None, None, None) if only_argument(&ty, "Option").is_some() => Kind::Optional,
        (None, None, None) => Kind::Required,
    };
    let documentation = attributes.iter().filter(|it| it.path().is_ident("doc")).cloned().collect();
    Ok(Prop { ident: ident.clone(), ty, kind, documentation, is_mutable, bit })
}

#[derive(Default)]
struct Options {
    default: Option<Option<syn::Expr>>,
    rest: Option<Vec<syn::LitStr>>,
}

impl Options {
    fn read(&mut self, meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<()> {
        let has_value = meta.input.peek(syn::Token![=]);
        if meta.path.is_ident("default") {
            self.default = Some(if has_value { Some(meta.value()?.parse()?) } else { None });
            return Ok(());
        }
        if meta.path.is_ident("rest") {
            let names = if has_value {
                let names: syn::LitStr = meta.value()?.parse()?;
                let text = names.value();
                text.split_whitespace().map(|name| syn::LitStr::new(name, names.span())).collect()
            } else {
                Vec::new()
            };
            self.rest = Some(names);
            return Ok(());
        }
        Err(meta.error("expected `default`, `default = …`, `rest` or `rest = \"name name\"`"))
    }
}

impl Prop {
    /// As it is written in a tag.
    pub(crate) fn name(&self) -> String {
        self.ident.to_string().trim_start_matches("r#").to_owned()
    }

    pub(crate) fn is_required(&self) -> bool {
        matches!(self.kind, Kind::Required | Kind::Slot { times: Times::One, .. })
    }

    pub(crate) fn is_single_slot(&self) -> bool {
        matches!(self.kind, Kind::Slot { times: Times::One | Times::Maybe, .. })
    }

    /// Whether it is a slot that is given many times.
    pub(crate) fn is_slots(&self) -> bool {
        matches!(self.kind, Kind::Slot { times: Times::Many, .. })
    }

    /// Whether its type is a parameter of the component or a reference to one, which anything may be.
    pub(crate) fn is_parameter(&self, generics: &syn::Generics) -> bool {
        let ty = match &self.ty {
            syn::Type::Reference(reference) => &*reference.elem,
            other => other,
        };
        matches!(ty, syn::Type::Path(path)
            if generics.type_params().any(|parameter| path.path.is_ident(&parameter.ident)))
    }

    /// The type of a value that is given: without the `Option` of one that may be left out.
    pub(crate) fn inner(&self) -> &syn::Type {
        match self.kind {
            Kind::Optional => only_argument(&self.ty, "Option").unwrap_or(&self.ty),
            _ => &self.ty,
        }
    }

    /// The lifetime of a slot.
    pub(crate) fn lifetime(&self) -> TokenStream {
        let mut ty = &self.ty;
        while let Some(inner) = only_argument(ty, "Option").or_else(|| only_argument(ty, "Vec")) {
            ty = inner;
        }
        match arguments(ty, "Slot").unwrap_or_default().first() {
            Some(syn::GenericArgument::Lifetime(lifetime)) => lifetime.to_token_stream(),
            _ => quote!('static),
        }
    }

    /// Its field among the values.
    pub(crate) fn field(&self) -> TokenStream {
        let Self { ident, ty, .. } = self;
        match self.kind {
            Kind::Required | Kind::Default(_) | Kind::Slot { times: Times::One, .. } => {
                quote!(#ident: ::core::option::Option<#ty>)
            }
            Kind::Optional | Kind::Rest(_) | Kind::Slot { .. } => quote!(#ident: #ty),
        }
    }
}

/// What a slot is shown with, the attributes of its entries, and how often it is given.
fn slot(ty: &syn::Type) -> Option<(syn::Type, syn::Type, Times)> {
    let (slot, times) = if let Some(inner) = only_argument(ty, "Option") {
        (inner, Times::Maybe)
    } else if let Some(inner) = only_argument(ty, "Vec") {
        (inner, Times::Many)
    } else {
        (ty, Times::One)
    };
    let mut types = arguments(slot, "Slot")?.into_iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    let nothing = || syn::parse_quote!(());
    Some((types.next().unwrap_or_else(nothing), types.next().unwrap_or_else(nothing), times))
}

/// The arguments of a type with this name.
fn arguments<'a>(ty: &'a syn::Type, name: &str) -> Option<Vec<&'a syn::GenericArgument>> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => Some(arguments.args.iter().collect()),
        syn::PathArguments::None => Some(Vec::new()),
        syn::PathArguments::Parenthesized(_) => None,
    }
}

fn only_argument<'a>(ty: &'a syn::Type, name: &str) -> Option<&'a syn::Type> {
    match arguments(ty, name)?.as_slice() {
        [syn::GenericArgument::Type(argument)] => Some(argument),
        _ => None,
    }
}

/// The type with a name for each lifetime that has none: those of references, of `'_`, and of `Slot`.
fn with_lifetime(ty: TokenStream, lifetime: &syn::Lifetime) -> TokenStream {
    let mut out = TokenStream::new();
    let mut trees = ty.into_iter().peekable();
    let mut after_word = false;
    while let Some(tree) = trees.next() {
        let is_word = matches!(tree, TokenTree::Ident(_));
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                out.extend([tree.clone()]);
                if !matches!(trees.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'') {
                    lifetime.to_tokens(&mut out);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' && punct.spacing() == Spacing::Joint => {
                match trees.next() {
                    Some(TokenTree::Ident(name)) if name == "_" => lifetime.to_tokens(&mut out),
                    name => {
                        out.extend([tree.clone()]);
                        out.extend(name);
                    }
                }
            }
            TokenTree::Ident(word) if word == "Slot" => {
                out.extend([tree.clone()]);
                match trees.peek() {
                    Some(TokenTree::Punct(open)) if open.as_char() == '<' => {
                        out.extend(trees.next());
                        if !matches!(trees.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'') {
                            out.extend(quote!(#lifetime,));
                        }
                    }
                    _ => out.extend(quote!(<#lifetime>)),
                }
            }
            // What is between the parentheses of `Fn(&T)` has lifetimes of its own.
            TokenTree::Group(group) if !after_word => {
                let inner = with_lifetime(group.stream(), lifetime);
                out.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            _ => out.extend([tree]),
        }
        after_word = is_word;
    }
    out
}
