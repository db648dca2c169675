//! What a manifest says of components: their names, their settings, and what they may use of the app.

use std::path::{Component, Path};

use hothouse_diff::{MAX_HOOK_NAME_BYTES, is_hook_name};
use hothouse_services::http::Origin;

use super::{Manifest, Problems, is_name, shortened};

const MAX_CONFIG_BYTES: usize = 64 * 1024;
const MAX_SERVICES: usize = 100;
const MAX_ORIGINS: usize = 100;
const MAX_HOOKS: usize = 100;

impl Manifest {
    pub(super) fn check_components(&self, problems: &mut Problems) {
        for (name, component) in &self.components {
            let place = |key: &str| format!("`components.{}{key}`", shortened(name));
            if !is_name(name) {
                problems.add(|| {
                    format!(
                        "{}: a component's name is 1 to 63 lower-case letters, digits and hyphens",
                        place("")
                    )
                });
            }
            let bytes: usize = component.config.iter().map(|(name, value)| name.len() + value.len()).sum();
            if bytes > MAX_CONFIG_BYTES {
                problems.add(|| {
                    format!("{} has {bytes} bytes, the limit is {MAX_CONFIG_BYTES}", place(".config"))
                });
            }
            for (key, count, limit) in [
                (".services", component.services.len(), MAX_SERVICES),
                (".http", component.http.len(), MAX_ORIGINS),
                (".hooks", component.hooks.len(), MAX_HOOKS),
            ] {
                if count > limit {
                    problems.add(|| format!("{} names {count}, the limit is {limit}", place(key)));
                }
            }
            for error in component.http.iter().filter_map(|origin| origin.parse::<Origin>().err()) {
                problems.add(|| format!("{} names {}", place(".http"), shortened(&error.to_string())));
            }
            for hook in component.hooks.iter().filter(|hook| !is_hook_name(hook)) {
                problems.add(|| {
                    format!(
                        "{} names `{}`: a hook's name is 1 to {MAX_HOOK_NAME_BYTES} letters, digits, `_` and `-`, beginning with a letter; those of `hooks_module` and `Phoenix.FocusWrap` need no grant",
                        place(".hooks"),
                        shortened(hook)
                    )
                });
            }
            if let Some(module) = component.hooks_module.as_deref().filter(|module| !is_module(module)) {
                problems.add(|| {
                    format!(
                        "{} is `{}`: use the path of a script within the app's folder, such as `views/chart/hooks.js`",
                        place(".hooks_module"),
                        shortened(&module.display().to_string())
                    )
                });
            }
        }
    }
}

/// Whether it leads to a script below where it begins.
fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js" || extension == "mjs")
        && path.components().all(|component| matches!(component, Component::Normal(_) | Component::CurDir))
}
