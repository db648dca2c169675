//! What was loaded, in words: for `hothouse check`, and for whoever wonders what holds.

use std::fmt::Write as _;

use hothouse_runtime::Component;

use crate::app::{App, LiveView};
use crate::manifest::{Manifest, SessionEntry};

/// The app, component by component.
pub(crate) fn explain(app: &App, manifest: &Manifest) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(text, "app `{}` ({})", manifest.name, app.title.default);
    for view in app.views() {
        let _ = component(&mut text, view, app.limits == view.limits);
    }
    let _ = writeln!(text, "\nlimits");
    let _ = write!(text, "{}", app.limits);
    let _ = writeln!(text, "\nroutes");
    for route in &manifest.routes {
        let _ = writeln!(text, "  {:<30} {}", route.path, route.component);
    }
    let SessionEntry { encrypted, max_age_s } = manifest.session;
    let kind = if encrypted { "encrypted" } else { "signed, and readable to whoever has it" };
    let age = max_age_s.map_or("until the browser is closed".to_owned(), |age| format!("for {age} s"));
    let _ = writeln!(text, "\nsession\n  in a cookie that is {kind}, {age}");
    let unused = manifest
        .components
        .keys()
        .filter(|name| !manifest.routes.iter().any(|route| route.component == **name));
    for name in unused {
        let _ = writeln!(
            text,
            "\nnote: no route leads to component `{name}`: add a `[[routes]]` with it, or take it out"
        );
    }
    for (name, component) in &manifest.components {
        for service in &component.services {
            let _ = writeln!(
                text,
                "\nnote: component `{name}` calls service `{service}`: only an application that embeds the server can register it"
            );
        }
    }
    if manifest.public_url.is_none() {
        let _ = writeln!(text, "\nnote: without `public_url` the app is served on loopback addresses only");
    }
    text
}

fn component(text: &mut String, view: &LiveView, has_the_apps_limits: bool) -> std::fmt::Result {
    text.push('\n');
    explain_component(text, &view.component)?;
    if view.may_put_session {
        writeln!(text, "  grants  put_session: it may change the browser's session, and so log in")?;
    }
    if !has_the_apps_limits {
        writeln!(text, "  limits")?;
        for line in view.limits.to_string().lines() {
            writeln!(text, "  {line}")?;
        }
    }
    Ok(())
}

/// A component by itself.
pub(crate) fn explain_component(text: &mut String, component: &Component) -> std::fmt::Result {
    let report = component.report();
    writeln!(text, "component `{}`", component.name())?;
    for export in &report.exports {
        writeln!(text, "  exports {export}")?;
    }
    for (import, given) in &report.imports {
        writeln!(text, "  imports {import}: {given}")?;
    }
    writeln!(text, "  size    {} bytes", report.bytes)?;
    writeln!(text, "  layout  {}: {}", report.choice.profile, report.choice.reason)?;
    writeln!(text, "  memory  {} bytes at most for each view", report.max_memory_bytes)
}
