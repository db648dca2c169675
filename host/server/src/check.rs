//! What was loaded, in words: for `hothouse check`, and for whoever wonders what holds.

use std::fmt::Write as _;

use hothouse_runtime::Component;

use crate::app::{App, LiveView};
use crate::assets::Assets;
use crate::manifest::{ComponentEntry, ConnectInfo, Manifest, OnMount, SessionEntry};

/// Files of the app that are listed one by one.
const MAX_LISTED: usize = 100;

/// The app, component by component.
pub(crate) fn explain(app: &App, manifest: &Manifest) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(text, "app `{}` ({})", manifest.name, app.title.default);
    for view in app.views() {
        let _ = component(&mut text, view, app.limits == view.limits);
        if let Some(entry) = manifest.components.get(&view.name) {
            let _ = grants(&mut text, entry);
        }
    }
    let _ = writeln!(text, "\nlimits");
    let _ = write!(text, "{}", app.limits);
    let _ = writeln!(text, "\nroutes");
    for route in &manifest.routes {
        let _ = write!(text, "  {:<30} {}", route.path, route.component);
        let _ = match &route.live_session {
            Some(session) => writeln!(text, ", in live session `{session}`"),
            None => writeln!(text),
        };
    }
    let SessionEntry { encrypted, max_age_s } = manifest.session;
    let kind = if encrypted { "encrypted" } else { "signed, and readable to whoever has it" };
    let age = max_age_s.map_or("until the browser is closed".to_owned(), |age| format!("for {age} s"));
    let _ = writeln!(text, "\nsession\n  in a cookie that is {kind}, {age}");
    if !manifest.live_sessions.is_empty() {
        let _ = writeln!(text, "\nlive sessions");
    }
    for (name, session) in &manifest.live_sessions {
        let _ = writeln!(text, "  {name:<30} {}", policy(&session.on_mount));
    }
    let _ = assets(&mut text, &app.assets);
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
    if app.assets.app_hooks().is_none() {
        for (name, _) in manifest.components.iter().filter(|(_, component)| !component.hooks.is_empty()) {
            let _ = writeln!(
                text,
                "\nnote: component `{name}` may name hooks of the app, and there is no `assets/hooks.js`: write it, or take `hooks` out"
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
    if !has_the_apps_limits {
        writeln!(text, "  limits")?;
        for line in view.limits.to_string().lines() {
            writeln!(text, "  {line}")?;
        }
    }
    Ok(())
}

/// What the manifest lets a component do.
fn grants(text: &mut String, entry: &ComponentEntry) -> std::fmt::Result {
    if entry.raw_markup {
        writeln!(text, "  may emit markup as it stands: `raw_markup`")?;
    }
    if !entry.connect_info.is_empty() {
        let known: Vec<_> = entry.connect_info.iter().map(|info| known(*info)).collect();
        writeln!(text, "  may know of the connection: {}", known.join(", "))?;
    }
    if !entry.http.is_empty() {
        writeln!(text, "  tasks may ask {}", entry.http.join(", "))?;
    }
    if !entry.redirects.is_empty() {
        writeln!(text, "  may redirect to {}", entry.redirects.join(", "))?;
    }
    if !entry.hooks.is_empty() {
        writeln!(text, "  may name hooks of the app: {}", entry.hooks.join(", "))?;
    }
    if let Some(module) = &entry.hooks_module {
        writeln!(text, "  brings hooks of its own: {}", module.display())?;
    }
    if entry.put_session {
        writeln!(text, "  may change the browser's session, and so sign people in: `put_session`")?;
    }
    Ok(())
}

fn known(info: ConnectInfo) -> &'static str {
    match info {
        ConnectInfo::PeerAddress => "the browser's address",
        ConnectInfo::UserAgent => "the browser's name",
        ConnectInfo::Languages => "languages",
        ConnectInfo::TimeZone => "time zone",
    }
}

/// Who may come into a live session, and what becomes of others.
fn policy(on_mount: &OnMount) -> String {
    let admitted = match (&*on_mount.roles, on_mount.signed_in) {
        ([], false) => return "everybody".to_owned(),
        ([], true) => "whoever is signed in".to_owned(),
        (roles, _) => format!("whoever is signed in as `{}`", roles.join("` or `")),
    };
    match &on_mount.otherwise {
        Some(path) => format!("{admitted}; others are sent to `{path}`"),
        None => format!("{admitted}; others see 403"),
    }
}

/// The app's files and the URLs that change with what is in them.
fn assets(text: &mut String, assets: &Assets) -> std::fmt::Result {
    let mut names: Vec<_> = assets.names().collect();
    names.sort_unstable();
    if !names.is_empty() {
        writeln!(text, "\nassets")?;
    }
    for name in names.iter().take(MAX_LISTED) {
        writeln!(text, "  {name:<30} {}", assets.url(name).unwrap_or_default())?;
    }
    if names.len() > MAX_LISTED {
        writeln!(text, "  and {} more", names.len() - MAX_LISTED)?;
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
