//! Escaping of text for HTML, in text and in quoted attribute values alike: `&`, `<`, `>`, `"` and `'`.

/// The text, escaped; handed back as it is when there is nothing to escape.
pub(crate) fn escaped(text: String) -> String {
    if !needs_escape(&text) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, &text);
    out
}

/// Appends the text, escaped.
pub fn push_escaped(out: &mut String, text: &str) {
    if !needs_escape(text) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

fn needs_escape(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\''))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn the_five_characters_are_escaped_and_no_others() {
        assert_eq!(
            escaped("<a href=\"x\">'&'</a> ü".to_owned()),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt; ü"
        );
    }
}
