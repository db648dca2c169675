//! What markup a view may emit without the grant to emit any.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::commands;
use crate::context::is_allowed_url;
use crate::fault::Fault;
use crate::hooks::Hooks;
use crate::scan::{Checked, check_attribute};

/// A component's grant.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whether elements and attributes are not held to the allow-list. What belongs to the client is refused all the
    /// same.
    pub raw_markup: bool,
    /// The hooks that it may name.
    pub hooks: Hooks,
}

impl Policy {
    /// Whether a list of the client's commands sets nothing that markup may not say.
    ///
    /// # Errors
    /// [`Fault::Commands`], with the command.
    pub fn check_commands(&self, commands: &serde_json::Value) -> Result<(), Fault> {
        commands::check_list(commands, self).map_err(|problem| Fault::Commands { problem })
    }
}

/// Schemes that a URL may have.
pub(crate) const URL_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Attributes whose value is a URL.
pub(crate) const URL_ATTRIBUTES: [&str; 8] =
    ["href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href"];

/// Elements that never have content (HTML, 13.1.2).
pub(crate) const VOID_ELEMENTS: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements whose content is text, whatever it looks like.
pub(crate) const PLAIN_TEXT_ELEMENTS: [&str; 2] = ["textarea", "title"];
/// Elements whose content is neither markup nor text that a slot could stand in.
pub(crate) const RAW_TEXT_ELEMENTS: [&str; 7] =
    ["script", "style", "xmp", "iframe", "noembed", "noframes", "noscript"];

#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn",
    "dialog", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "i", "img", "input", "ins", "kbd", "label", "legend", "li", "main", "map", "mark",
    "menu", "meter", "nav", "ol", "optgroup", "option", "output", "p", "picture", "pre", "progress", "q", "rp", "rt",
    "ruby", "s", "samp", "search", "section", "select", "small", "source", "span", "strike", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var",
    "video", "wbr",
    "svg", "g", "path", "circle", "ellipse", "line", "polyline", "polygon", "rect", "text", "tspan", "defs", "desc",
    "lineargradient", "radialgradient", "stop", "clippath", "mask", "pattern", "symbol", "marker",
];

#[rustfmt::skip]
const ATTRIBUTES: &[&str] = &[
    "abbr", "accept", "accept-charset", "action", "align", "alt", "autocapitalize", "autocomplete", "autofocus",
    "charset", "checked", "cite", "class", "cols", "colspan", "contenteditable", "controls", "datetime", "default",
    "dir", "dirname", "disabled", "download", "draggable", "enctype", "enterkeyhint", "for", "form", "headers", "height",
    "hidden", "high", "href", "hreflang", "id", "inert", "inputmode", "ismap", "kind", "label", "lang", "list",
    "loading", "loop", "low", "max", "maxlength", "media", "method", "min", "minlength", "multiple", "muted", "name",
    "novalidate", "open", "optimum", "pattern", "placeholder", "playsinline", "popover", "popovertarget",
    "popovertargetaction", "poster", "preload", "readonly", "rel", "required", "reversed", "role", "rows", "rowspan",
    "scope", "selected", "shape", "size", "sizes", "span", "spellcheck", "src", "start", "step", "summary", "tabindex",
    "target", "title", "translate", "type", "usemap", "value", "width", "wrap",
    "viewbox", "xmlns", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "points", "fill",
    "fill-opacity", "fill-rule", "clip-rule", "clip-path", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "stroke-miterlimit", "opacity", "transform", "offset",
    "stop-color", "stop-opacity", "text-anchor", "dominant-baseline", "font-size", "font-weight", "font-family",
    "preserveaspectratio", "gradientunits", "gradienttransform", "patternunits", "vector-effect", "pathlength",
];

static ELEMENT_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ELEMENTS.iter().copied().collect());
static ATTRIBUTE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ATTRIBUTES.iter().copied().collect());

/// Whether the allow-list has this element, in lower case.
pub(crate) fn allows_element(name: &str) -> bool {
    ELEMENT_SET.contains(name)
}

/// Whether the allow-list has this attribute, in lower case.
pub(crate) fn allows_attribute(name: &str) -> bool {
    ["aria-", "data-", "phx-"].iter().any(|prefix| name.starts_with(prefix)) || ATTRIBUTE_SET.contains(name)
}

/// Markup with everything taken out that the allow-list does not have.
pub(crate) fn cleaned(markup: &str) -> String {
    static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::default();
        builder
            .url_schemes(URL_SCHEMES.into_iter().collect())
            .attribute_filter(|_, _, value| Some(commands::harmless(value.into(), &Policy::default())));
        builder
    });
    CLEANER.clean(markup).to_string()
}

/// What HTML parsers write with capitals in SVG, and the lists above have without.
const SVG_ELEMENTS: [&str; 3] = ["linearGradient", "radialGradient", "clipPath"];
#[rustfmt::skip]
const SVG_ATTRIBUTES: [&str; 6] =
    ["viewBox", "preserveAspectRatio", "gradientUnits", "gradientTransform", "patternUnits", "pathLength"];

/// What takes everything out of a whole document of HTML that literal parts of templates may not have either.
pub(crate) fn document_cleaner(policy: &Policy) -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    let policy = policy.clone();
    builder
        .tags(ELEMENTS.iter().copied().chain(SVG_ELEMENTS).collect())
        .clean_content_tags(["script", "style"].into_iter().collect())
        .generic_attributes(ATTRIBUTES.iter().copied().chain(SVG_ATTRIBUTES).collect())
        .generic_attribute_prefixes(["aria-", "data-", "phx-"].into_iter().collect())
        .url_schemes(URL_SCHEMES.into_iter().collect())
        .link_rel(None)
        .attribute_filter(move |_, name, value| match check_attribute(name, &policy) {
            Ok(Checked::Url) if !is_allowed_url(value) => None,
            Ok(Checked::Hook) if policy.hooks.check(value).is_err() => None,
            Ok(Checked::Portal) => None,
            Ok(_) => Some(commands::harmless(value.into(), &policy)),
            Err(_) => None,
        });
    builder
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn markup_keeps_its_form_and_loses_its_teeth() {
        assert_eq!(cleaned("<b>bold</b><script>alert(1)</script>"), "<b>bold</b>");
        assert_eq!(cleaned("<p onclick=\"x\">text"), "<p>text</p>");
        assert!(!cleaned("<a href=\"javascript:x\">y</a>").contains("javascript"));
        assert!(!cleaned("<div data-phx-session=\"x\"></div>").contains("data-phx"));
    }
}
