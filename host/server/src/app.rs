//! A loaded app: its views, and which of them answers a path. Knows nothing of sockets or pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hothouse_diff::{Interner, Policy};
use hothouse_runtime::{Component, Limits, Runtime, Tenant};

use crate::manifest::{Manifest, ManifestError};

/// Largest component file that is read, in bytes.
const MAX_COMPONENT_BYTES: u64 = 32 * 1024 * 1024;

/// An app, ready to be served.
pub(crate) struct App {
    pub(crate) title: String,
    pub(crate) tenant: Tenant,
    routes: matchit::Router<Arc<LiveView>>,
}

/// One view: a compiled component, and the templates that its instances share.
pub(crate) struct LiveView {
    pub(crate) name: String,
    pub(crate) component: Component,
    pub(crate) interner: Arc<Interner>,
}

/// A path that a view answers.
pub(crate) struct Routed {
    pub(crate) view: Arc<LiveView>,
    /// Parameters of the path, then those of the query, decoded.
    pub(crate) params: Vec<(String, String)>,
}

/// Why an app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The manifest cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A component file could not be read.
    #[error("component `{component}`: {}: {source}{}", path.display(), build_hint(build.as_deref()))]
    Read {
        /// The component's name.
        component: String,
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
        /// The command that builds it.
        build: Option<String>,
    },
    /// A component file is larger than a component may be.
    #[error("component `{component}`: {bytes} bytes, the limit is {MAX_COMPONENT_BYTES}")]
    TooLarge {
        /// The component's name.
        component: String,
        /// Its size.
        bytes: u64,
    },
    /// A component was refused.
    #[error(transparent)]
    Load(#[from] hothouse_runtime::LoadError),
    /// A route cannot be added.
    #[error("route `{path}`: {reason}")]
    Route {
        /// The path.
        path: String,
        /// What the router said.
        reason: String,
    },
}

fn build_hint(build: Option<&str>) -> String {
    build.map_or_else(String::new, |build| format!(" (build it: `{build}`)"))
}

impl App {
    /// Reads and compiles every component of the app in `folder`. Takes as long as compiling does: call it from
    /// a thread that may block.
    pub(crate) fn load(folder: &Path, manifest: &Manifest, runtime: &Runtime) -> Result<Self, AppError> {
        let mut views = BTreeMap::new();
        for (name, entry) in &manifest.components {
            let path = folder.join(&entry.path);
            let read = |source| AppError::Read {
                component: name.clone(),
                path: path.clone(),
                source,
                build: entry.build.clone(),
            };
            let bytes = std::fs::metadata(&path).map_err(read)?.len();
            if bytes > MAX_COMPONENT_BYTES {
                return Err(AppError::TooLarge { component: name.clone(), bytes });
            }
            let component = runtime.load(
                name,
                &std::fs::read(&path).map_err(read)?,
                Limits::default(),
                entry.config.clone(),
            )?;
            let interner = Arc::new(Interner::new(Policy { raw_markup: entry.raw_markup }));
            views.insert(name.as_str(), Arc::new(LiveView { name: name.clone(), component, interner }));
        }
        let mut routes = matchit::Router::new();
        for route in &manifest.routes {
            let refused = |reason: String| AppError::Route { path: route.path.clone(), reason };
            let view =
                views.get(route.component.as_str()).ok_or_else(|| refused("no such component".to_owned()))?;
            routes.insert(&route.path, view.clone()).map_err(|error| refused(error.to_string()))?;
        }
        Ok(Self {
            title: manifest.title.clone().unwrap_or_else(|| manifest.name.clone()),
            tenant: runtime.tenant(&manifest.name),
            routes,
        })
    }

    /// The view that answers `path` (percent-encoded, without the query), if any does.
    pub(crate) fn route(&self, path: &str, query: Option<&str>) -> Option<Routed> {
        let found = self.routes.at(path).ok()?;
        let decoded = |text: &str| percent_decoded(text);
        let mut params: Vec<(String, String)> =
            found.params.iter().map(|(name, value)| (name.to_owned(), decoded(value))).collect();
        params.extend(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned());
        Some(Routed { view: found.value.clone(), params })
    }
}

fn percent_decoded(text: &str) -> String {
    // `+` and `&` mean something in a form and nothing in a path: only the form decoder is at hand.
    let escaped = text.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(format!("={escaped}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn path_segments_are_decoded_and_keep_their_plus() {
        assert_eq!(percent_decoded("a%20b+c%2Fd"), "a b+c/d");
        assert_eq!(percent_decoded("a=b&c"), "a=b&c");
    }
}
