//! Attributes in a slot between attributes: parsed strictly, held to the policy, written anew.

use html5gum::{Token, Tokenizer};

use crate::commands;
use crate::fault::TemplateProblem;
use crate::policy::Policy;
use crate::scan::{Checked, check_attribute};

/// Parses ` name` and ` name="value"` sequences and writes them with one space before each.
pub(crate) fn normalised(markup: &str, policy: &Policy) -> Result<String, TemplateProblem> {
    let problem = |message: String| TemplateProblem { part: 0, message };
    let mut out = String::with_capacity(markup.len() + 1);
    let mut seen: Vec<&str> = Vec::new();
    let mut rest = markup.trim_matches(' ');
    while !rest.is_empty() {
        let end = rest.find(|character: char| !is_name_character(character)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return Err(problem("expected ` name` or ` name=\"value\"`".to_owned()));
        }
        if seen.contains(&name) {
            return Err(problem("an attribute stands twice".to_owned()));
        }
        seen.push(name);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted
                    .split_once('"')
                    .ok_or_else(|| problem("an attribute's value does not end".to_owned()))?;
                (Some(value), after)
            }
            None => (None, after),
        };
        if value.is_some_and(|value| value.contains(['<', '>', '\0'])) {
            return Err(problem("an attribute's value has an unescaped `<` or `>`".to_owned()));
        }
        match check_attribute(name, policy).map_err(problem)? {
            Checked::Url if !value.is_none_or(is_static_url_allowed) => {
                return Err(problem(format!("the URL of `{name}` has a scheme that is not allowed")));
            }
            Checked::Hook => policy.hooks.check(value.unwrap_or_default()).map_err(problem)?,
            Checked::Portal => {
                return Err(problem(format!("attribute `{name}` stands in literal parts only")));
            }
            Checked::Url | Checked::Plain => {}
        }
        if let Some(value) = value {
            check_commands(value, policy).map_err(problem)?;
        }
        if !(after.is_empty() || after.starts_with(' ')) {
            return Err(problem("attributes are separated by a space, and values quoted".to_owned()));
        }
        out.push(' ');
        out.push_str(name);
        if let Some(value) = value {
            out.push_str("=\"");
            out.push_str(value);
            out.push('"');
        }
        rest = after.trim_start_matches(' ');
    }
    Ok(out)
}

/// Whether a whole value, with character references in it, holds no commands that set what markup may not say.
pub(crate) fn check_commands(value: &str, policy: &Policy) -> Result<(), String> {
    if !value.starts_with([commands::BEGIN, '&']) {
        return Ok(());
    }
    commands::check(&resolved(value), policy)
}

/// A value as browsers read it. It has no quotes around it, and none of one kind in it.
pub(crate) fn resolved(value: &str) -> String {
    let quote = if value.contains('"') { '\'' } else { '"' };
    let tag = format!("<p x={quote}{value}{quote}>");
    let value = Tokenizer::new(&tag).flatten().find_map(|token| match token {
        Token::StartTag(mut tag) => tag.attributes.pop_first().map(|(_, value)| value.to_vec()),
        _ => None,
    });
    String::from_utf8(value.unwrap_or_default()).unwrap_or_default()
}

/// A URL in literal markup may hold character references, which a browser resolves before it reads the scheme: one
/// before the first `/`, `?` or `#` is not allowed.
pub(crate) fn is_static_url_allowed(value: &str) -> bool {
    let head = value.split(['/', '?', '#']).next().unwrap_or_default();
    !head.contains('&') && crate::context::is_allowed_url(value)
}

pub(crate) fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | ':' | '.')
}

#[cfg(test)]
mod tests {
    use super::normalised;
    use crate::policy::Policy;

    #[track_caller]
    fn check(markup: &str, expected: Option<&str>) {
        assert_eq!(normalised(markup, &Policy::default()).ok().as_deref(), expected, "{markup}");
    }

    #[test]
    fn attributes_are_written_anew() {
        check(" disabled", Some(" disabled"));
        check("  class=\"a b\"   checked ", Some(" class=\"a b\" checked"));
        check("", Some(""));
        check(" data-x=\"1\"", Some(" data-x=\"1\""));
        check(" phx-hook=\"Phoenix.FocusWrap\"", Some(" phx-hook=\"Phoenix.FocusWrap\""));
        check(" title=\"[a] &amp; b\"", Some(" title=\"[a] &amp; b\""));
        check(" href=\"/a?b=1&amp;c\"", Some(" href=\"/a?b=1&amp;c\""));
    }

    #[test]
    fn what_is_not_an_attribute_is_refused() {
        for markup in [
            ">",
            " a=b",
            " a='b'",
            " x=\"",
            " onclick=\"x\"",
            " href=\"javascript:x\"",
            " href=\"java&#115;cript:x\"",
            " style=\"x\"",
            " data-phx-main",
            " class=\"a\"class=\"b\"",
            " class class",
            " \"",
            " id=\"<\"",
            " phx-hook=\"X\"",
            " title=\"[[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]\"",
            " title=\"&#91;[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]\"",
            " data-phx-portal=\"body\"",
        ] {
            check(markup, None);
        }
    }
}
