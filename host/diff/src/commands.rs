//! The client's commands in what a view says. The client reads a value that begins with `[` as a list of them, and a
//! command can read any attribute; so what they set is held to what markup may say, or the grant of hooks would be worth
//! nothing.

use std::borrow::Cow;

use serde_json::Value;

use crate::context::is_allowed_url;
use crate::policy::Policy;
use crate::scan::{Checked, check_attribute};

/// Lists in the values that commands set, and in theirs.
const MAX_DEPTH: usize = 4;

/// What the client reads commands of begins with this, and with nothing before it.
pub(crate) const BEGIN: char = '[';

/// A value of an attribute, without character references, as the client may have it. What may be commands that set what
/// markup may not say is put behind a space, where it is text.
pub(crate) fn harmless<'a>(value: Cow<'a, str>, policy: &Policy) -> Cow<'a, str> {
    if check(&value, policy).is_ok() { value } else { Cow::Owned(format!(" {value}")) }
}

/// Whether a value, without character references, holds no commands that set what markup may not say.
pub(crate) fn check(value: &str, policy: &Policy) -> Result<(), String> {
    if policy.raw_markup { Ok(()) } else { check_nested(value, policy, MAX_DEPTH) }
}

fn check_nested(value: &str, policy: &Policy, depth: usize) -> Result<(), String> {
    if !value.starts_with(BEGIN) {
        return Ok(());
    }
    let depth = depth.checked_sub(1).ok_or("lists of commands too deep in each other")?;
    let Ok(value) = serde_json::from_str(value) else {
        // It is text, unless browsers take more for JSON: halves of characters, or deeper nesting.
        let may_set = value.contains('"') && (value.contains("_attr") || value.contains('\\'));
        return if may_set { Err("what begins with `[` and is no JSON".to_owned()) } else { Ok(()) };
    };
    check_commands(&value, policy, depth)
}

/// The same for a list that has been read already.
pub(crate) fn check_list(commands: &Value, policy: &Policy) -> Result<(), String> {
    if policy.raw_markup { Ok(()) } else { check_commands(commands, policy, MAX_DEPTH) }
}

fn check_commands(commands: &Value, policy: &Policy, depth: usize) -> Result<(), String> {
    for command in commands.as_array().into_iter().flatten() {
        match (command.get(0), command.get(1)) {
            (Some(Value::String(name)), Some(arguments)) if name == "set_attr" || name == "toggle_attr" => {
                check_set(arguments, policy, depth)
                    .map_err(|problem| format!("command `{name}`: {problem}"))?;
            }
            // Browsers would make a name of it.
            (Some(Value::Array(_)), _) => return Err("the name of a command is a text".to_owned()),
            _ => {}
        }
    }
    Ok(())
}

/// The name of an attribute, and one value or two.
fn check_set(arguments: &Value, policy: &Policy, depth: usize) -> Result<(), String> {
    let texts = arguments.get("attr").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let Some((name, values)) = texts.split_first() else { return Ok(()) };
    let name = name.as_str().ok_or("the name of an attribute is a text")?;
    // How something looks is not what this is about.
    let anything = Policy { raw_markup: true, ..policy.clone() };
    let checked = check_attribute(name, &anything)?;
    for value in values {
        let value = value.as_str().ok_or("the value of an attribute is a text")?;
        match checked {
            Checked::Hook => policy.hooks.check(value)?,
            Checked::Url if !is_allowed_url(value) => {
                return Err(format!("the URL of `{name}` has a scheme that is not allowed"));
            }
            Checked::Portal => return Err(format!("`{name}` is what makes a portal, and no command does")),
            Checked::Plain | Checked::Url => check_nested(value, policy, depth)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check, harmless};
    use crate::hooks::Hooks;
    use crate::policy::Policy;

    fn policy() -> Policy {
        Policy { raw_markup: false, hooks: Hooks::new("cart", &["Sortable".to_owned()], false) }
    }

    #[test]
    fn commands_and_data_pass() {
        for value in [
            "",
            "add",
            "[",
            "[1,2]",
            "[draft] \"a\"",
            r#"[["a",1],["b",2]]"#,
            r##"[["show",{"to":"#a"}],["set_attr",{"attr":["style","color:red"]}]]"##,
            r#"[["toggle_attr",{"attr":["aria-expanded","true","false"]}],["remove_attr",{"attr":"hidden"}]]"#,
            r#"[["set_attr",{"attr":["phx-hook","Sortable"]}]]"#,
            r#"[["set_attr",{"attr":["phx-click","[[\"push\",{\"event\":\"a\"}]]"]}]]"#,
            r#"[["set_attr",{}],["set_attr"]]"#,
        ] {
            assert_eq!(check(value, &policy()), Ok(()), "{value}");
        }
    }

    #[test]
    fn commands_set_nothing_that_markup_may_not_say() {
        let nested = (0..5).fold(r#"[["push",{}]]"#.to_owned(), |inner, _| {
            serde_json::json!([["set_attr", { "attr": ["data-x", inner] }]]).to_string()
        });
        let (opened, closed) = ("[".repeat(200), "]".repeat(200));
        let deep = format!(r#"[["set_attr",{{"attr":["phx-hook","Chart"],"x":{opened}{closed}}}]]"#);
        for (value, said) in [
            (r#"[["set_attr",{"attr":["phx-hook","Chart"]}]]"#, "hook `Chart` is not granted"),
            (r#" [["set_attr",{"attr":["a","b"]}]]"#, ""),
            (r#"[["hide"],["toggle_attr",{"attr":["PHX-Hook","Sortable","Chart"]}]]"#, "hook `Chart`"),
            (r#"[["set_\u0061ttr",{"attr":["phx-h\u006fok","Chart"]}]]"#, "hook `Chart`"),
            (r#"[["set_attr",{"attr":["data-phx-hook","Sortable"]}]]"#, "belongs to the client"),
            (r#"[["set_attr",{"attr":["onclick","x"]}]]"#, "runs code"),
            (r#"[["set_attr",{"attr":[["phx-hook"],"Chart"]}]]"#, "is a text"),
            (r#"[["set_attr",{"attr":["phx-hook",["Chart"]]}]]"#, "is a text"),
            (
                r#"[["set_attr",{"attr":["data-x","[[\"set_attr\",{\"attr\":[\"phx-hook\",\"Chart\"]}]]"]}]]"#,
                "hook `Chart`",
            ),
            (&nested, "too deep in each other"),
            (r#"[[["set_attr"],{"attr":["phx-hook","Chart"]}]]"#, "the name of a command"),
            (r#"[["set_attr",{"attr":["href","javascript:x"]}]]"#, "scheme"),
            (r#"[["set_attr",{"attr":["phx-hook","Chart"],"x":"\ud800"}]]"#, "no JSON"),
            (&deep, "no JSON"),
        ] {
            match check(value, &policy()) {
                Ok(()) => assert_eq!(said, "", "{value}"),
                Err(refused) => assert!(!said.is_empty() && refused.contains(said), "{value}: {refused}"),
            }
        }
    }

    #[test]
    fn what_may_be_harmful_is_text_behind_a_space() {
        let value = r#"[["set_attr",{"attr":["onclick","x"]}]]"#;
        assert_eq!(harmless(value.into(), &policy()), format!(" {value}"));
        assert_eq!(harmless("[draft] a".into(), &policy()), "[draft] a");
        assert_eq!(harmless(value.into(), &Policy { raw_markup: true, ..policy() }), value);
    }
}
