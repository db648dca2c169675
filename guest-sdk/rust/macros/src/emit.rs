//! Lowered template → code that builds it.
//!
//! Local names of the emitted code are hygienic, so they never meet the author's.
//! `fresh` says that nothing at this place was in the last document: everything inside must be evaluated.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::lower::{Choice, Kind, Loop, Matching, Same, Slot, Template};
use crate::reads::{Field, Reads};
use crate::within::Within;

mod component;

/// The expression that a whole `html!` becomes.
pub(crate) fn template(root: &Template, within: Option<&Within>) -> TokenStream {
    let Local { fresh, owner, .. } = &Local::new();
    let support = support();
    let definition = definition(root);
    let address = match root.reads.fields.values().next().map(Field::receiver) {
        Some(receiver) => quote!(::core::option::Option::Some(#receiver.__address())),
        None => quote!(::core::option::Option::None),
    };
    let begin = match within {
        Some(Within { fresh, .. }) => quote!(#fresh),
        None => quote!(#support::begin(&TEMPLATE, #owner)),
    };
    let probes = root.reads.fields.iter().map(|(name, field)| {
        let changed = changed(name);
        let seen = field
            .steps()
            .map(|step| seen(&step))
            .reduce(|outer, inner| quote!(#outer.or_of_its_field(|| #inner)));
        quote!(let #changed = #seen.may_have_changed() || #fresh;)
    });
    let attributes = within.map(|within| within.flags(fresh, &changed_attribute, &replaced_attribute));
    let slots = slots(root);
    let slots = if root.reads.always {
        quote!(::core::option::Option::Some(#slots))
    } else {
        let needed = needed(&root.reads);
        quote!(if #needed { ::core::option::Option::Some(#slots) } else { ::core::option::Option::None })
    };
    quote!({
        #[allow(unused_imports, reason = "which of them is used depends on the types of the fields")]
        use #support::{
            Address as _, AttributeOfOption as _, AttributeOfText as _, GlobalAttributes as _,
            NoContent as _, OwnRows as _, PlainRows as _, ProbeBehind as _, ProbePlain as _, ProbeTracked as _,
        };
        #definition
        let #owner = #address;
        let #fresh = #begin;
        #(#probes)*
        #attributes
        #support::finish(&TEMPLATE, #owner, #fresh, #slots)
    })
}

/// Names of the emitted code's variables.
struct Local {
    owner: Ident,
    fresh: Ident,
    iterable: Ident,
    row: Ident,
}

impl Local {
    fn new() -> Self {
        let local = |name| Ident::new(name, Span::mixed_site());
        Self { owner: local("owner"), fresh: local("fresh"), iterable: local("iterable"), row: local("row") }
    }
}

fn support() -> TokenStream {
    quote!(::hothouse_sdk::macro_support)
}

/// The same, for calls whose mistakes are shown at `span`.
fn support_at(span: Span) -> TokenStream {
    quote_spanned!(span=> ::hothouse_sdk::macro_support)
}

/// The variable that says whether a field may have changed. The lengths tell `a.b` from `a_b`.
fn changed(field: &str) -> Ident {
    let names = field.split('.').map(|name| name.trim_start_matches("r#"));
    let name: String = names.map(|name| format!("_{}{name}", name.len())).collect();
    format_ident!("changed{name}", span = Span::mixed_site())
}

/// What a value knows about its changes.
fn seen(place: &TokenStream) -> TokenStream {
    let support = support();
    quote!((&&#support::Probe(&#place)).seen())
}

/// The variable that says whether an attribute of the surrounding component may have changed.
fn changed_attribute(name: &str) -> Ident {
    format_ident!("changed_attribute_{}", name.trim_start_matches("r#"), span = Span::mixed_site())
}

/// The variable that says whether an attribute is not the value of before.
fn replaced_attribute(name: &str) -> Ident {
    format_ident!("replaced_attribute_{}", name.trim_start_matches("r#"), span = Span::mixed_site())
}

/// Whether a value is not that of before with changes in it.
fn replaced(same: &Same) -> TokenStream {
    match same {
        Same::Field(outer) if outer.is_empty() => quote!(false),
        Same::Field(outer) => {
            let behind = outer.iter().map(|step| {
                let seen = seen(&step.to_token_stream());
                quote!(#seen.is_behind())
            });
            quote!((#(#behind)||*))
        }
        Same::Attribute(name) => replaced_attribute(name).into_token_stream(),
        Same::No => quote!(true),
    }
}

fn definition(template: &Template) -> TokenStream {
    let support = support();
    let (statics, is_element) = (&template.statics, template.is_element);
    quote!(static TEMPLATE: #support::Template = #support::Template::new(&[#(#statics),*], #is_element);)
}

/// Whether something that reads this must be evaluated.
fn needed(reads: &Reads) -> TokenStream {
    let Local { fresh, .. } = &Local::new();
    let fields = reads.fields.keys().map(|name| changed(name));
    let attributes = reads.attributes.iter().map(|name| changed_attribute(name));
    quote!(#fresh #(|| #fields)* #(|| #attributes)*)
}

/// Whether what is read may be another than in the last document.
fn may_differ(reads: &Reads) -> TokenStream {
    if reads.always { quote!(true) } else { needed(reads) }
}

fn slots(template: &Template) -> TokenStream {
    let slots = template.slots.iter().map(slot);
    quote!(::std::vec![#(#slots),*])
}

fn slot(slot: &Slot) -> TokenStream {
    let support = support();
    let value = match &slot.kind {
        Kind::Text(expression) => text(expression),
        Kind::Raw(expression) => {
            let text = to_text(expression);
            quote!(#support::Content::Markup(#text))
        }
        Kind::Attribute(expression) => {
            let text = attribute_text(expression);
            quote!(#support::Content::Text(#text))
        }
        Kind::Optional(name, expression) => {
            let support = support_at(expression.span());
            let expression = borrowed(expression);
            quote_spanned!(expression.span()=> #support::optional_attribute(#name, &#expression))
        }
        Kind::Classes(entries) => {
            let entries = entries.iter().map(|(name, condition)| {
                let name = borrowed(name);
                match condition {
                    Some(condition) => {
                        let support = support_at(condition.span());
                        quote_spanned! {condition.span()=>
                            .name_if(&#name, #support::Flag::is_set(&(#condition)))
                        }
                    }
                    None => quote!(.name(&#name)),
                }
            });
            quote!(#support::Content::Text(#support::Classes::default() #(#entries)* .into_text()))
        }
        Kind::Spread(expression, given) => {
            let support = support_at(expression.span());
            let expression = borrowed(expression);
            quote_spanned!(expression.span()=> #support::spread(&#expression, &[#(#given),*]))
        }
        Kind::RenderSlot(rendered) => component::render_slot(rendered),
        Kind::Component(used) => component::show(used),
        Kind::Flag(literal, expression) => quote_spanned! {expression.span()=>
            #support::flag(#literal, #support::Flag::is_set(&(#expression)))
        },
        Kind::If(choice) => if_(choice),
        Kind::Match(matching) => match_(matching),
        Kind::For(each) => for_(each),
    };
    if slot.reads.always {
        return value;
    }
    let needed = needed(&slot.reads);
    quote!(if #needed { #value } else { #support::Content::Unchanged })
}

fn text(expression: &syn::Expr) -> TokenStream {
    let support = support();
    if is_place(expression) {
        quote_spanned!(expression.span()=> #support::content(::hothouse_sdk::ToHtml::to_html(&#expression)))
    } else {
        quote_spanned!(expression.span()=> #support::content(::hothouse_sdk::ToHtml::into_html(#expression)))
    }
}

fn to_text(expression: &syn::Expr) -> TokenStream {
    if is_place(expression) {
        quote_spanned!(expression.span()=> ::hothouse_sdk::ToText::to_text(&#expression))
    } else {
        quote_spanned!(expression.span()=> ::hothouse_sdk::ToText::into_text(#expression))
    }
}

/// The text of an attribute that is always there.
fn attribute_text(expression: &syn::Expr) -> TokenStream {
    let support = support_at(expression.span());
    let value = Ident::new("value", Span::mixed_site().located_at(expression.span()));
    let reference = is_place(expression).then(|| quote_spanned!(expression.span()=> &));
    quote_spanned! {expression.span()=>
        match (#reference #expression,) { (#value,) => (&#support::Probe(&#value)).attribute().text(#value) }
    }
}

/// The expression, to stand behind `&`.
fn borrowed(expression: &syn::Expr) -> TokenStream {
    quote_spanned!(expression.span()=> (#expression))
}

/// Places are borrowed, values are moved.
fn is_place(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Field(_) | syn::Expr::Path(_) | syn::Expr::Index(_) => true,
        syn::Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)),
        syn::Expr::Paren(inner) => is_place(&inner.expr),
        syn::Expr::Group(inner) => is_place(&inner.expr),
        _ => false,
    }
}

/// One node of a branch, as a block.
fn node(template: &Template) -> TokenStream {
    let support = support();
    let definition = definition(template);
    let slots = slots(template);
    quote!({ #definition #support::node(&TEMPLATE, #slots) })
}

fn if_(Choice { branches, otherwise, condition }: &Choice) -> TokenStream {
    let Local { fresh, .. } = &Local::new();
    let support = support();
    let may_differ = may_differ(condition);
    let tests = branches.iter().map(|(test, _)| test);
    let nodes = branches.iter().map(|(_, template)| node(template));
    let otherwise = match otherwise {
        Some(template) => node(template),
        None => quote!({ #support::Content::Empty }),
    };
    quote!({
        let #fresh = #may_differ;
        #(if #tests #nodes else)* #otherwise
    })
}

fn match_(Matching { scrutinee, arms, condition }: &Matching) -> TokenStream {
    let Local { fresh, .. } = &Local::new();
    let may_differ = may_differ(condition);
    let arms = arms.iter().map(|(pattern, guard, template)| {
        let guard = guard.as_ref().map(|guard| quote!(if #guard));
        let node = node(template);
        quote!(#pattern #guard => #node)
    });
    quote!({
        let #fresh = #may_differ;
        match #scrutinee { #(#arms)* }
    })
}

fn for_(
    Loop { pattern, iterable, key, row: template, is_stream, source, same, is_over_slots }: &Loop,
) -> TokenStream {
    let Local { fresh, iterable: rows, row, .. } = &Local::new();
    // Whatever cannot be looped over is shown where it stands.
    let rows = &Ident::new(&rows.to_string(), rows.span().located_at(iterable.span()));
    let support = support();
    let definition = definition(template);
    let is_replaced = replaced(same);
    let source_differs = if *is_over_slots { is_replaced.clone() } else { may_differ(source) };
    let row_reads_differ = may_differ(&template.reads);
    let iterable = match iterable {
        syn::Expr::Field(_) => quote_spanned!(iterable.span()=> &#iterable),
        other => quote!(#other),
    };
    let (kind, begin_row) = match key {
        Some(key) => {
            (quote!(#support::Plain), quote_spanned!(key.span()=> #support::Row::begin_keyed(#row, &(#key))))
        }
        None if *is_stream => (quote!(#support::OfStream), quote!(#support::Row::begin(#row))),
        None => (quote!((&#support::Probe(&#rows)).kind()), quote!(#support::Row::begin(#row))),
    };
    let slots = slots(template);
    // As in a `for` of Rust, what the iterable borrows from lives until the loop is over.
    quote!({
        #definition
        match #iterable {
            #rows => #kind.each(
                #rows,
                #support::Loop {
                    template: &TEMPLATE,
                    fresh: #fresh,
                    source_differs: #source_differs,
                    row_reads_differ: #row_reads_differ,
                    own_list: !#is_replaced,
                },
                |#pattern, #row: &mut #support::Row| {
                    let #fresh = #begin_row;
                    #slots
                },
            ),
        }
    })
}
