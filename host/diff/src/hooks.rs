//! Which hooks a view may put into `phx-hook`: what the client brings along for everybody, and what the manifest grants.
//! Hooks are code that runs in the page, so a view names those that its app has let it, and no others.

use std::sync::Arc;

/// The one hook that the client brings along and every view may name: it keeps the focus inside of an element.
const FOCUS_WRAP: &str = "Phoenix.FocusWrap";
/// What the names of the client's own hooks begin with.
const CLIENTS_OWN: &str = "Phoenix.";
/// Longest name of a hook, in bytes.
pub const MAX_HOOK_NAME_BYTES: usize = 64;

/// The hooks of a component.
#[derive(Debug, Clone, Default)]
pub struct Hooks(Arc<Granted>);

#[derive(Debug, Default)]
struct Granted {
    component: String,
    /// Hooks of the app.
    names: Vec<String>,
    /// Whether it may name hooks of its own module, `component.Name`.
    has_module: bool,
}

impl Hooks {
    /// Those of the app with these names, and all of the component's own module if it has one.
    pub fn new(component: &str, names: &[String], has_module: bool) -> Self {
        Self(Arc::new(Granted { component: component.to_owned(), names: names.to_owned(), has_module }))
    }

    /// Whether a view may name this hook; if not, which line of the manifest would grant it.
    pub(crate) fn check(&self, name: &str) -> Result<(), String> {
        let Granted { component, names, has_module } = &*self.0;
        if name == FOCUS_WRAP || names.iter().any(|granted| granted == name) {
            return Ok(());
        }
        // What is shown of a name is a name.
        if name.len() > MAX_HOOK_NAME_BYTES || !name.split('.').all(is_hook_name) {
            return Err(format!(
                "`phx-hook` names no hook: 1 to {MAX_HOOK_NAME_BYTES} letters, digits, `_` and `-`, beginning with a letter"
            ));
        }
        if name.starts_with(CLIENTS_OWN) {
            return Err(format!(
                "hook `{name}` is the client's own and not for views: there is `{FOCUS_WRAP}`"
            ));
        }
        let own = name.strip_prefix(component.as_str()).is_some_and(|rest| rest.starts_with('.'));
        let grant = match (own, name.contains('.')) {
            (true, _) if *has_module => return Ok(()),
            (true, _) => "name its module, `hooks_module = \"…\"`,".to_owned(),
            (false, true) => {
                return Err(format!(
                    "hook `{name}` is not granted to component `{component}`: a name with a dot is one of the component's own module, `{component}.…`"
                ));
            }
            (false, false) if names.is_empty() => format!("write `hooks = [\"{name}\"]`"),
            (false, false) => format!("add `\"{name}\"` to `hooks`"),
        };
        Err(format!(
            "hook `{name}` is not granted to component `{component}`: {grant} under `[components.{component}]` in the manifest"
        ))
    }
}

/// Whether a hook of an app may have this name. Names with dots are those of modules and of the client.
pub fn is_hook_name(name: &str) -> bool {
    name.len() <= MAX_HOOK_NAME_BYTES
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::{Hooks, MAX_HOOK_NAME_BYTES, is_hook_name};

    #[test]
    fn what_is_granted_may_be_named() {
        let hooks = Hooks::new("chart", &["Sortable".to_owned()], true);
        for name in ["Sortable", "chart.Chart", "chart.a-b_2", "Phoenix.FocusWrap"] {
            assert_eq!(hooks.check(name), Ok(()), "{name}");
        }
        assert_eq!(Hooks::default().check("Phoenix.FocusWrap"), Ok(()));
    }

    #[test]
    fn what_is_not_granted_is_told_which_line_would_grant_it() {
        let none = Hooks::new("cart", &[], false);
        let some = Hooks::new("cart", &["Clipboard".to_owned()], false);
        for (hooks, name, said) in [
            (
                &none,
                "Sortable",
                "hook `Sortable` is not granted to component `cart`: write `hooks = [\"Sortable\"]` under `[components.cart]` in the manifest",
            ),
            (&some, "Sortable", "add `\"Sortable\"` to `hooks` under `[components.cart]`"),
            (&none, "cart.Chart", "name its module, `hooks_module = \"…\"`, under `[components.cart]`"),
            (&none, "chart.Chart", "one of the component's own module, `cart.…`"),
            (&none, "Phoenix.InfiniteScroll", "the client's own and not for views"),
        ] {
            let refused = hooks.check(name).unwrap_err();
            assert!(refused.contains(said), "{name}: {refused}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_and_not_repeated() {
        let hooks = Hooks::new("cart", &[], true);
        let longest = format!("cart.{}", "x".repeat(MAX_HOOK_NAME_BYTES - 5));
        assert_eq!(hooks.check(&longest), Ok(()));
        for name in ["", ".", "cart.", "1", "a b", "a\n", "<b>", "häkchen", &format!("{longest}x")] {
            let refused = hooks.check(name).unwrap_err();
            assert!(refused.starts_with("`phx-hook` names no hook: 1 to 64 letters"), "{name}: {refused}");
        }
        assert!(is_hook_name("Sortable") && !is_hook_name("cart.Sortable") && !is_hook_name(""));
    }
}
