//! The wording of every message, and the list that collects them.
//!
//! All mistakes of one template are reported at once, each at its own place, each with the fix.

use proc_macro2::{Span, TokenStream};

use crate::ast::Name;

/// Mistakes found so far, in the order of the template.
#[derive(Default)]
pub(crate) struct Problems {
    errors: Vec<syn::Error>,
}

impl Problems {
    pub(crate) fn add(&mut self, problem: syn::Error) {
        self.errors.push(problem);
    }

    /// What to emit instead of the template, when there is anything to report.
    pub(crate) fn into_compile_errors(self) -> Option<TokenStream> {
        let all = self.errors.into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        })?;
        let errors = all.into_compile_error();
        // A block, so that the messages stand in expression position, with a type that fits any place.
        Some(quote::quote!({ #errors ::core::unreachable!() }))
    }
}

pub(crate) fn unquoted_text(span: Span, text: &str) -> syn::Error {
    syn::Error::new(span, format!("text stands in quotes here, so that its spaces are exact: write {text:?}"))
}

pub(crate) fn unexpected(span: Span, found: &str) -> syn::Error {
    syn::Error::new(
        span,
        format!("expected an element, \"text\", {{expression}}, `if`, `match` or `for`, found `{found}`"),
    )
}

pub(crate) fn never_closed(open: &Name, before: Option<&Name>) -> syn::Error {
    let name = &open.text;
    let place = match before {
        Some(other) => format!("before `</{}>`", other.text),
        None => "at the end of its content".to_owned(),
    };
    syn::Error::new(open.span, format!("`<{name}>` is never closed: add `</{name}>` {place}"))
}

pub(crate) fn closes_nothing(close: &Name, open: Option<&Name>) -> syn::Error {
    let name = &close.text;
    let message = match open {
        Some(open) => format!("`</{name}>` does not match `<{0}>`: write `</{0}>`", open.text),
        None => format!("`</{name}>` closes nothing: remove it, or add `<{name}>` before it"),
    };
    syn::Error::new(close.span, message)
}

pub(crate) fn void_closed(close: &Name) -> syn::Error {
    let name = &close.text;
    syn::Error::new(
        close.span,
        format!("`<{name}>` is a void element, it has no content and no closing tag: remove `</{name}>`"),
    )
}

pub(crate) fn tag_unfinished(open: &Name) -> syn::Error {
    let name = &open.text;
    syn::Error::new(open.span, format!("the tag `<{name}` does not end: add `>`"))
}

pub(crate) fn not_an_attribute(span: Span, tag: &Name, found: &str) -> syn::Error {
    let name = &tag.text;
    syn::Error::new(span, format!("expected an attribute or `>` in the tag `<{name}`, found `{found}`"))
}

pub(crate) fn body_missing(span: Span) -> syn::Error {
    syn::Error::new(span, "expected markup in braces: `{ … }`")
}

pub(crate) fn self_closed(open: &Name) -> syn::Error {
    let name = &open.text;
    syn::Error::new(
        open.span,
        format!("`<{name}/>` is not HTML, browsers read it as an opening tag: write `<{name}></{name}>`"),
    )
}

pub(crate) fn attribute_value(name: &Name) -> syn::Error {
    let name_text = &name.text;
    syn::Error::new(
        name.span,
        format!(
            "the value of `{name_text}` stands in quotes or braces: \
             write `{name_text}=\"…\"` or `{name_text}={{…}}`"
        ),
    )
}

pub(crate) fn unknown_element(name: &Name, nearest: Option<&str>) -> syn::Error {
    let advice = match nearest {
        Some(nearest) => format!("did you mean `<{nearest}>`?"),
        None => "a custom element has a hyphen in its name".to_owned(),
    };
    syn::Error::new(name.span, format!("there is no element `<{}>` in HTML: {advice}", name.text))
}

pub(crate) fn duplicate_attribute(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        format!("`{}` is given twice, browsers ignore the second: keep one", name.text),
    )
}

pub(crate) fn duplicate_id(span: Span, id: &str) -> syn::Error {
    syn::Error::new(span, format!("the id {id:?} is already used in this template: ids are unique in a page"))
}

pub(crate) fn id_in_loop(span: Span, id: &str) -> syn::Error {
    syn::Error::new(
        span,
        format!(
            "the id {id:?} would repeat in every row: build it from the row, `id={{format!(\"{id}-{{}}\", …)}}`"
        ),
    )
}

pub(crate) fn handler_attribute(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        format!(
            "a value in `{}` would run as a script: use `phx-{}` with an event",
            name.text,
            name.text.get(2..).unwrap_or_default()
        ),
    )
}

pub(crate) fn srcdoc_slot(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        "a value in `srcdoc` would be a page of its own: write it as a literal or use `src`",
    )
}

pub(crate) fn slot_in_raw_text(element: &Name, span: Span) -> syn::Error {
    let name = &element.text;
    syn::Error::new(
        span,
        format!("the content of `<{name}>` is a literal only: a value in it would run as it stands"),
    )
}

pub(crate) fn markup_in_text_element(element: &Name, span: Span) -> syn::Error {
    let name = &element.text;
    syn::Error::new(
        span,
        format!(
            "`<{name}>` holds text only: use \"text\" and {{expression}}, with the choice inside the braces"
        ),
    )
}

pub(crate) fn raw_text_ends_early(element: &Name, span: Span) -> syn::Error {
    let name = &element.text;
    syn::Error::new(span, format!("`</` inside `<{name}>` may end the element early: write it as `<\\/`"))
}

pub(crate) fn reserved_attribute(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        format!("`{}` belongs to the host and the client: use another name", name.text),
    )
}

pub(crate) fn unknown_binding(name: &Name, nearest: Option<&str>) -> syn::Error {
    let advice = match nearest {
        Some(nearest) => format!("did you mean `phx-{nearest}`?"),
        None => "values are `phx-value-…`, everything else is `data-…`".to_owned(),
    };
    syn::Error::new(name.span, format!("the client knows no binding `{}`: {advice}", name.text))
}

pub(crate) fn unknown_update(span: Span, value: &str) -> syn::Error {
    let advice = match value {
        "append" | "prepend" => "write a `Stream`, and `phx-update=\"stream\"`",
        _ => "write `stream`, `ignore` or `replace`",
    };
    syn::Error::new(span, format!("there is no `phx-update=\"{value}\"`: {advice}"))
}

pub(crate) fn not_a_time(name: &Name, span: Span) -> syn::Error {
    let blur = if name.text == "phx-debounce" { ", or `blur`" } else { "" };
    syn::Error::new(span, format!("`{}` is a number of milliseconds{blur}", name.text))
}

pub(crate) fn binding_without_id(binding: &Name, element: &Name) -> syn::Error {
    syn::Error::new(
        binding.span,
        format!("`{}` works by the element's id: write `<{} id=\"…\" …>`", binding.text, element.text),
    )
}

pub(crate) fn key_without_binding(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        "`phx-key` says which key a binding is for: add `phx-keydown`, `phx-keyup`, `phx-window-keydown` or \
         `phx-window-keyup`",
    )
}

pub(crate) fn html_comment(span: Span) -> syn::Error {
    syn::Error::new(span, "comments are Rust's and are not sent: write `// …` or `/* … */`")
}

pub(crate) fn directive_value(span: Span, word: &str) -> syn::Error {
    let form = match word {
        "if" => "condition",
        "for" => "item in items",
        "key" => "key",
        _ => "pattern",
    };
    syn::Error::new(span, format!("expected `:{word}={{{form}}}`"))
}

pub(crate) fn directive_twice(word: &syn::Ident) -> syn::Error {
    syn::Error::new(word.span(), format!("`:{word}` is given twice: keep one, or put an element around"))
}

pub(crate) fn key_without_for(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "a key tells the rows of a loop apart: add `:for={item in items}`, or remove `:key`",
    )
}

pub(crate) fn let_on_element(span: Span, element: &Name) -> syn::Error {
    syn::Error::new(
        span,
        format!("`:let` binds what a component gives to its slot: `<{}>` is an element", element.text),
    )
}

pub(crate) fn choice_on_entry(span: Span, entry: &Name) -> syn::Error {
    syn::Error::new(
        span,
        format!("`<:{}>` is always given: put the condition or loop into its content", entry.text),
    )
}

pub(crate) fn spread_on_entry(span: Span, entry: &Name) -> syn::Error {
    syn::Error::new(span, format!("the attributes of `<:{}>` are written one by one", entry.text))
}

pub(crate) fn entry_outside(entry: &Name) -> syn::Error {
    syn::Error::new(
        entry.span,
        format!(
            "`<:{}>` fills a slot of a component: put it directly between the component's tags",
            entry.text
        ),
    )
}

pub(crate) fn spread_twice(span: Span) -> syn::Error {
    syn::Error::new(span, "a tag takes one `{..attributes}`: join them before, with `Attrs::and`")
}

pub(crate) fn optional_value(name: &Name) -> syn::Error {
    let name_text = &name.text;
    syn::Error::new(
        name.span,
        format!("`?=` takes an `Option` in braces: write `{name_text}?={{…}}`, or `{name_text}=\"…\"`"),
    )
}

pub(crate) fn optional_flag(name: &Name) -> syn::Error {
    let name_text = &name.text;
    syn::Error::new(
        name.span,
        format!("`{name_text}` is there or not by a `bool`: write `{name_text}={{…}}`"),
    )
}

pub(crate) fn mixed_content(span: Span, component: &Name) -> syn::Error {
    let name = &component.text;
    syn::Error::new(
        span,
        format!("`<{name}>` takes its content once: remove `<:children>` or what is beside it"),
    )
}

pub(crate) fn not_a_prop(span: Span, name: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is not the name of an attribute of a component or slot: use `_`"))
}

pub(crate) fn bad_name(span: Span, name: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is not a name that HTML allows here"))
}

pub(crate) fn stream_without_id(element: &Name) -> syn::Error {
    syn::Error::new(
        element.span,
        format!("an element with `phx-update=\"stream\"` needs an id: write `<{} id=\"…\" …>`", element.text),
    )
}

pub(crate) fn hook_without_id(element: &Name, hook: &Name) -> syn::Error {
    syn::Error::new(
        hook.span,
        format!(
            "the client knows elements with hooks by their ids: write `<{} id=\"…\" phx-hook=…>`",
            element.text
        ),
    )
}

pub(crate) fn stream_child_without_id(child: &Name) -> syn::Error {
    let name = &child.text;
    syn::Error::new(
        child.span,
        format!(
            "the client takes out children of a stream's element that have no id: write `<{name} id=\"…\">`"
        ),
    )
}

pub(crate) fn text_in_stream(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "the client takes out text that stands directly in a stream's element: put it in an element with an id",
    )
}

pub(crate) fn key_in_stream(span: Span) -> syn::Error {
    syn::Error::new(span, "a stream tells its rows apart by its own keys: remove `key={…}`")
}

pub(crate) fn stream_pattern(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "rows of a stream are pairs of an element's id and an item: write `for (dom_id, item) in …`",
    )
}

pub(crate) fn stream_row(span: Span, dom_id: &proc_macro2::Ident) -> syn::Error {
    syn::Error::new(
        span,
        format!(
            "a row of a stream is one element with the stream's id, before its boolean attributes: \
             write `id={{{dom_id}}}` first"
        ),
    )
}

/// `<Todo.other>`
pub(crate) fn not_live(word: &proc_macro2::Ident) -> syn::Error {
    syn::Error::new(word.span(), "only `.live` may follow the name of a component: it has state, and an id")
}

/// A live component that nothing tells from others of its type.
pub(crate) fn live_without_id(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        format!("`<{}>` needs an id, which tells it from others of its type: add `id={{…}}`", name.text),
    )
}

/// `{..attributes}` for a live component.
pub(crate) fn live_with_spread(spread: &syn::Expr, name: &Name) -> syn::Error {
    use syn::spanned::Spanned as _;
    syn::Error::new(
        spread.span(),
        format!("`<{}>` takes its attributes one by one: write `name={{…}}`", name.text),
    )
}

/// `:let` on a live component or an entry of it.
pub(crate) fn live_with_argument(pattern: &syn::Pat, name: &Name) -> syn::Error {
    use syn::spanned::Spanned as _;
    syn::Error::new(
        pattern.span(),
        format!("content of `<{}>` has no argument: it is markup that the component keeps", name.text),
    )
}

/// An attribute of an entry of a live component.
pub(crate) fn live_entry_with_attribute(name: &Name) -> syn::Error {
    syn::Error::new(
        name.span,
        "content of a live component is markup, without attributes: give them to its tag",
    )
}
