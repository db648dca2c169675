//! Links that lead nowhere, for `hothouse check`: each route's page is made once, and what its links and commands name
//! is compared with the routes.

use std::sync::Arc;

use axum::http::Uri;
use serde_json::Value;
use url::Url;

use crate::browser_session::Values;
use crate::caller::Caller;
use crate::flash::Flash;
use crate::http::dead_render::{Dead, dead_render};
use crate::navigation::Course;
use crate::routes::example;
use crate::site::Site;

/// A link that no route matches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "component `{component}`: the link to `{to}` on the page `{page}` is answered by no route: correct it, or add a `[[routes]]`"
)]
pub struct BrokenLink {
    /// The component whose page has it.
    pub component: String,
    /// The page's path.
    pub page: String,
    /// What the link names.
    pub to: String,
}

/// What a page's links come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkReport {
    /// Links that no route matches.
    pub broken: Vec<BrokenLink>,
    /// Paths whose page could not be made, as of a view that refuses made-up parameters: their links were not looked at.
    pub unseen: Vec<String>,
}

/// Makes the page of each of these paths of routes, and looks at its links.
pub(crate) async fn check(site: &Site, paths: &[String]) -> LinkReport {
    let (mut report, nobody) = (LinkReport::default(), Arc::default());
    for path in paths.iter().filter_map(|pattern| example(pattern)) {
        let (Some(routed), Ok(uri)) = (site.app.route(&path, None), path.parse::<Uri>()) else { continue };
        let component = routed.target.view.name.clone();
        let telemetry = routed.target.view.telemetry.instance("check");
        let mut course = Course::new(routed.target.clone(), Flash::default(), Some(Values::default()));
        match dead_render(site, &uri, &nobody, &Caller::default(), &routed, &mut course, &telemetry).await {
            Ok(Dead::Rendered(rendered)) => {
                for to in links(&rendered.html) {
                    let broken = BrokenLink { component: component.clone(), page: path.clone(), to };
                    if !is_answered(site, &path, &broken.to) && !report.broken.contains(&broken) {
                        report.broken.push(broken);
                    }
                }
            }
            Ok(Dead::Sent(_)) => {}
            Err(_) => report.unseen.push(path),
        }
    }
    report
}

fn is_answered(site: &Site, page: &str, to: &str) -> bool {
    let base = Url::parse("http://local.invalid").and_then(|base| base.join(page));
    base.and_then(|base| base.join(to)).is_ok_and(|url| {
        url.host_str() == Some("local.invalid") && site.app.route(url.path(), url.query()).is_some()
    })
}

/// What live links and commands of the client name, in markup that this host has written.
fn links(html: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (attributes, after) = attributes(after);
        rest = after;
        let value = |wanted| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        if value("data-phx-link").is_some() {
            links.extend(value("href").cloned());
        }
        for (_, value) in
            attributes.iter().filter(|(name, value)| name.starts_with("phx-") && value.starts_with('['))
        {
            let commands: Vec<(String, Value)> = serde_json::from_str(value).unwrap_or_default();
            let leads = commands.iter().filter(|(name, _)| matches!(name.as_str(), "patch" | "navigate"));
            links.extend(
                leads.filter_map(|(_, arguments)| arguments.get("href")?.as_str().map(str::to_owned)),
            );
        }
    }
    links
}

/// The attributes of a tag that has been opened, and what comes behind it.
fn attributes(mut rest: &str) -> (Vec<(&str, String)>, &str) {
    let mut attributes = Vec::new();
    while let Some(at) = rest.find(['>', '"']) {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        if rest.as_bytes().get(at) == Some(&b'>') {
            return (attributes, after);
        }
        let name = before.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        attributes.push((name, unescaped(value)));
        rest = after;
    }
    (attributes, "")
}

fn unescaped(value: &str) -> String {
    let characters =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    characters.iter().fold(value.to_owned(), |value, (escaped, plain)| value.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn live_links_and_commands_are_found_and_nothing_else() {
        let html = "<p title=\"a > b\">x</p><a href=\"/plain\">x</a>\
            <a href=\"/a?b=1&amp;c=2\" data-phx-link=\"patch\" data-phx-link-state=\"push\">x</a>\
            <a data-phx-link=\"redirect\" class=\"x\" href=\"/b\">x</a>\
            <button disabled phx-click=\"[[&quot;hide&quot;,{}],[&quot;navigate&quot;,{&quot;href&quot;:&quot;/c&quot;}]]\">x</button>\
            <input phx-change=\"save\" value=\"[&quot;patch&quot;]\">";
        assert_eq!(links(html), ["/a?b=1&c=2", "/b", "/c"]);
        assert!(links("<").is_empty() && links("<a href=\"").is_empty());
    }
}
