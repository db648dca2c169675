//! Reads the JSON of events: where a value begins and ends, and what a text says.
//!
//! Small on purpose. A whole parser brings tables of 24 KB for fractions, which every instance of a view would keep
//! in memory; events are mostly texts and whole numbers. It skips over what it is not asked for: the host has
//! already checked that the payload is JSON.

/// The members of an object: name and JSON text of the value, in their order. None if it is not an object.
pub(crate) fn members(json: &str) -> Option<Vec<(String, &str)>> {
    let mut rest = opened(json, '{')?;
    let mut members = Vec::new();
    while !rest.starts_with('}') {
        let (name, after) = value(rest)?;
        let (found, after) = value(after.trim_start().strip_prefix(':')?.trim_start())?;
        members.push((text(name)?, found));
        rest = behind_comma(after, '}')?;
    }
    Some(members)
}

/// The JSON texts of the elements of an array. None if it is not an array.
pub(crate) fn elements(json: &str) -> Option<Vec<&str>> {
    let mut rest = opened(json, '[')?;
    let mut elements = Vec::new();
    while !rest.starts_with(']') {
        let (found, after) = value(rest)?;
        elements.push(found);
        rest = behind_comma(after, ']')?;
    }
    Some(elements)
}

/// What a JSON text in quotes says. None if it is not one.
pub(crate) fn text(json: &str) -> Option<String> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        rest = escape.get(2..)?;
        out.push(match escape.as_bytes().get(1)? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => unicode(&mut rest)?,
            other => char::from(*other),
        });
    }
    out.push_str(rest);
    Some(out)
}

/// Four hexadecimal digits, or a pair of them for a character beyond U+FFFF.
fn unicode(rest: &mut &str) -> Option<char> {
    let first = hexadecimal(rest)?;
    let code = if (0xd800..0xdc00).contains(&first) && rest.starts_with("\\u") {
        let mut after = rest.get(2..)?;
        let second = hexadecimal(&mut after)?;
        *rest = after;
        0x1_0000 + ((first - 0xd800) << 10) + second.checked_sub(0xdc00)?
    } else {
        first
    };
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hexadecimal(rest: &mut &str) -> Option<u32> {
    let digits = rest.get(..4)?;
    *rest = rest.get(4..)?;
    u32::from_str_radix(digits, 16).ok()
}

fn opened(json: &str, bracket: char) -> Option<&str> {
    Some(json.trim_start().strip_prefix(bracket)?.trim_start())
}

fn behind_comma(rest: &str, close: char) -> Option<&str> {
    let rest = rest.trim_start();
    if rest.starts_with(close) { Some(rest) } else { Some(rest.strip_prefix(',')?.trim_start()) }
}

/// Splits the value at the beginning from what follows it.
fn value(json: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut escaped = false;
    for (index, byte) in json.bytes().enumerate() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => continue,
            }
            if in_text || depth > 0 {
                continue;
            }
            return json.split_at_checked(index + 1);
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return json.split_at_checked(index + 1),
            b'}' | b']' | b',' | b':' | b' ' | b'\n' | b'\t' | b'\r' if depth == 0 => {
                return json.split_at_checked(index).filter(|(value, _)| !value.is_empty());
            }
            _ => {}
        }
    }
    (depth == 0 && !in_text && !json.is_empty()).then_some((json, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &[(&str, &str)]) {
        let found = members(json).unwrap();
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_are_found_whatever_is_in_them() {
        check("{}", &[]);
        check(r#" { "a" : 1 , "b":"x, }" } "#, &[("a", "1"), ("b", r#""x, }""#)]);
        check(
            r#"{"a":{"b":[1,{"c":"]"}]},"d":[],"e":null,"f":-1.5e3,"\u0067":true}"#,
            &[("a", r#"{"b":[1,{"c":"]"}]}"#), ("d", "[]"), ("e", "null"), ("f", "-1.5e3"), ("g", "true")],
        );
        assert_eq!(elements(r#"[1, "a,b" ,[2,3]]"#), Some(vec!["1", "\"a,b\"", "[2,3]"]));
    }

    #[test]
    fn what_is_not_an_object_is_refused_and_nothing_panics() {
        for json in
            ["", "1", "[1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":,}", "{1:2}", "{\"a\" 1}", "{\"\\"]
        {
            assert_eq!(members(json), None, "{json}");
        }
        for json in ["", "\"", "\"\\\"", "\"\\u12\"", "\"\\ud83c\\u0041\"", "a"] {
            assert_eq!(text(json), None, "{json}");
        }
        assert_eq!(text(r#""\ud83c!""#), Some("\u{fffd}!".to_owned()));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..4).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_whole_parser_finds(
            members_in in proptest::collection::btree_map(any::<String>(), any_json(), 0..5), pretty: bool
        ) {
            let object = Value::from_iter(members_in.clone());
            let json = if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) };
            let json = json.unwrap();
            let found = members(&json).unwrap();
            prop_assert_eq!(found.len(), members_in.len());
            for (name, value) in found {
                let expected = &members_in[&name];
                let parsed: Value = serde_json::from_str(value).unwrap();
                prop_assert_eq!(&parsed.to_string(), &expected.to_string());
                if let Value::String(expected) = expected {
                    prop_assert_eq!(&text(value).unwrap(), expected);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(json: String) {
            let _ = (members(&json), elements(&json), text(&json));
        }
    }
}
