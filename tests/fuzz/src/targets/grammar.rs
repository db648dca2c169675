//! Templates out of bytes that are well-nested most of the time: elements in places where browsers read them otherwise,
//! pieces of markup where text is expected, and slots anywhere.

/// Beside what is allowed, elements that need the grant for raw markup.
const ELEMENTS: &[&str] = &[
    "p",
    "b",
    "div",
    "a",
    "svg",
    "g",
    "path",
    "desc",
    "textarea",
    "table",
    "tr",
    "td",
    "select",
    "option",
    "ul",
    "li",
    "form",
    "button",
    "input",
    "br",
    "img",
    "pre",
    "caption",
    "colgroup",
    "tbody",
    "video",
    "title",
    "style",
    "script",
    "math",
    "mi",
    "template",
    "xmp",
    "noscript",
    "iframe",
    "foreignObject",
    "h1",
    "dd",
    "ruby",
    "rt",
    "nobr",
    "col",
];
const VOID: &[&str] = &["input", "br", "img", "col"];
/// Elements whose content is text, at least in some places.
const TEXTUAL: &[&str] = &["textarea", "title", "style", "script", "xmp", "noscript", "iframe"];
const ATTRIBUTES: &[&str] = &[
    "title",
    "class",
    "href",
    "src",
    "action",
    "data-x",
    "id",
    "value",
    "phx-click",
    "d",
    "aria-label",
    "cite",
];
const VALUES: &[&str] = &[
    "x",
    "@",
    "@",
    "/",
    "#",
    "?",
    ":",
    "javascript",
    "http:",
    "mailto:",
    "</textarea>",
    "<i onclick=x>",
    "</p>",
    "&",
    "&#58;",
    " ",
    ">",
    "<!--",
    "-->",
    "'",
    "\t",
    "</title>",
    "</style>",
    "//",
    "</svg>",
    "<",
    "data:",
    "é",
    "=",
    "</script>",
];
const TEXTS: &[&str] =
    &["x", "@", "@", "@", " ", "&", "&lt;", "<!-- c -->", ">", "\"", "'", "\n", "]]>", "é", "="];
const INNER: &[&str] = &[
    "x",
    "@",
    "@",
    "<",
    "/",
    "textarea",
    ">",
    "<p title=\"",
    "<style>",
    "<i onclick=\"x\">",
    "\"",
    "<!--",
    "-->",
    "title",
    "&",
    "!",
    "-",
    "<script>",
    "<svg>",
    " ",
    "</",
    "<desc>",
];

/// A template and a value for its slots; `@` is a slot.
pub(super) fn grown(bytes: &[u8]) -> (String, String) {
    let mut choices = bytes.iter().map(|byte| usize::from(*byte));
    let value_pieces = choices.next().unwrap_or_default() % 4;
    let mut value = String::new();
    for _ in 0..value_pieces {
        value.push_str(&pick(&mut choices, INNER).replace('@', "javascript:"));
    }
    let (mut template, mut open) = (String::new(), Vec::<&str>::new());
    while let Some(choice) = choices.next() {
        match choice % 16 {
            0..7 => {
                let element = pick(&mut choices, ELEMENTS);
                template.push('<');
                template.push_str(element);
                attributes(&mut choices, &mut template);
                let is_closed = choices.next().is_some_and(|choice| choice.is_multiple_of(8));
                template.push_str(if is_closed { "/>" } else { ">" });
                if !is_closed && !VOID.contains(&element) {
                    open.push(element);
                }
            }
            7..10 => close(&mut template, open.pop()),
            _ if open.last().is_some_and(|element| TEXTUAL.contains(element)) => {
                template.push_str(pick(&mut choices, INNER));
            }
            _ => template.push_str(pick(&mut choices, TEXTS)),
        }
    }
    while !open.is_empty() {
        close(&mut template, open.pop());
    }
    (template, value)
}

fn attributes(choices: &mut impl Iterator<Item = usize>, template: &mut String) {
    // Often none, and seldom three.
    let count = choices.next().unwrap_or_default() % 6;
    for place in 0..count.saturating_sub(2) {
        match choices.next().unwrap_or_default() % 8 {
            0 => template.push('@'),
            1 => template.push_str(" hidden"),
            _ => {
                let name =
                    ATTRIBUTES.get(place * 4 + choices.next().unwrap_or_default() % 4).unwrap_or(&"id");
                let quote = if choices.next().unwrap_or_default().is_multiple_of(4) { "'" } else { "\"" };
                template.extend([" ", name, "=", quote]);
                for _ in 0..choices.next().unwrap_or_default() % 4 {
                    template.push_str(pick(choices, VALUES));
                }
                template.push_str(quote);
            }
        }
    }
}

fn close(template: &mut String, element: Option<&str>) {
    if let Some(element) = element {
        template.extend(["</", element, ">"]);
    }
}

fn pick(choices: &mut impl Iterator<Item = usize>, from: &'static [&'static str]) -> &'static str {
    from.get(choices.next().unwrap_or_default() % from.len()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::grown;

    #[test]
    fn templates_are_nested_and_hold_slots() {
        let (template, value) = grown(&[1, 10, 0, 4, 0, 1, 0, 8, 0, 1, 10, 3, 10, 1]);
        assert_eq!((&*template, &*value), ("<svg><textarea><@</textarea></svg>", "\""));
        assert_eq!(grown(&[]), (String::new(), String::new()));
    }
}
