//! An app's `hothouse.toml`: which components there are and which paths they answer.
//! Knows neither wasm nor HTTP. Every mistake of a file is reported at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::limits::Asked;

/// Name of the manifest in an app's folder.
pub const MANIFEST_FILE: &str = "hothouse.toml";
/// Longest manifest that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;
const MAX_ROUTES: usize = 1_000;
/// Problems that are written out; the others are counted.
const MAX_PROBLEMS: usize = 20;
/// Longest line of the parser's messages, in characters: they show the line that is wrong.
const MAX_LINE: usize = 200;
/// Known names that are listed where none is near.
const MAX_LISTED: usize = 10;

const APP_KEYS: &[&str] = &[
    "name",
    "title",
    "title_prefix",
    "title_suffix",
    "public_url",
    "limits",
    "assets",
    "components",
    "routes",
    "live_sessions",
    "session",
    "error_pages",
];
const COMPONENT_KEYS: &[&str] = &[
    "path",
    "module",
    "build",
    "raw_markup",
    "config",
    "services",
    "http",
    "connect_info",
    "redirects",
    "put_session",
    "kv",
    "hooks",
    "hooks_module",
    "limits",
];
const ASSETS_KEYS: &[&str] = &["build"];
const ROUTE_KEYS: &[&str] = &["path", "component", "live_session"];
const SESSION_KEYS: &[&str] = &["encrypted", "max_age_s"];
const LIVE_SESSION_KEYS: &[&str] = &["on_mount"];
const ON_MOUNT_KEYS: &[&str] = &["signed_in", "roles", "otherwise"];
/// Longest of what stands around titles, in bytes.
const MAX_TITLE_BYTES: usize = 255;
const MAX_LIVE_SESSIONS: usize = 100;
const MAX_ROLES: usize = 100;
const MAX_REDIRECTS: usize = 100;

/// What `hothouse.toml` says.
///
/// ```toml
/// name = "shop"
/// title = "My shop"
///
/// [components.cart]
/// path = "build/cart.wasm"
///
/// [[routes]]
/// path = "/cart"
/// component = "cart"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// The app's name; also the name of its tenant. Lower-case letters, digits and hyphens.
    pub name: String,
    /// Title of pages whose view sets none; the name if missing.
    pub title: Option<String>,
    /// What stands before each page's title.
    #[serde(default)]
    pub title_prefix: String,
    /// What stands after each page's title.
    #[serde(default)]
    pub title_suffix: String,
    /// Files that take the place of the host's error pages, by HTTP status, or `any`; relative to the app's folder.
    #[serde(default)]
    pub error_pages: BTreeMap<String, PathBuf>,
    /// Where browsers reach the app, for example `https://shop.example`. Decides the allowed origin and the
    /// cookies' `Secure`. Without it only loopback addresses are served.
    pub public_url: Option<String>,
    /// Limits that the app asks for, by name; see [`Limit`](crate::limits::Limit). At most the host's ceilings.
    #[serde(default)]
    pub limits: Asked,
    /// The files that pages load.
    #[serde(default)]
    pub assets: AssetsEntry,
    /// The components by name.
    #[serde(default)]
    pub components: BTreeMap<String, ComponentEntry>,
    /// The routes, in order.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Groups of routes by name.
    #[serde(default)]
    pub live_sessions: BTreeMap<String, LiveSessionEntry>,
    /// How browsers carry their session.
    #[serde(default)]
    pub session: SessionEntry,
}

/// The folder of files that pages load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AssetsEntry {
    /// The command that makes or fetches files of the folder, run in the app's folder. The server never runs it.
    pub build: Option<String>,
}

/// The cookie with a browser's session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct SessionEntry {
    /// Whether nobody but the server can read it: it is encrypted, and not only signed.
    #[serde(default)]
    pub encrypted: bool,
    /// How many seconds it is good for after a view has put something in, at most 400 days. Without it the browser
    /// forgets it when it is closed, and the server takes it for 14 days.
    pub max_age_s: Option<u64>,
}

/// A group of routes, among which pages navigate without being loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LiveSessionEntry {
    /// Who may come in.
    #[serde(default)]
    pub on_mount: OnMount,
}

/// What the host asks for before it mounts a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct OnMount {
    /// Somebody must be signed in.
    #[serde(default)]
    pub signed_in: bool,
    /// Somebody with one of these roles: the session's value `role` is one.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The local path where others are sent; without it they are told that they may not come in, with status 403.
    pub otherwise: Option<String>,
}

/// One component of an app.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComponentEntry {
    /// The component file, relative to the app's folder.
    pub path: PathBuf,
    /// The core module that `build` leaves, where the component is to be encoded from one.
    pub module: Option<PathBuf>,
    /// The command that builds it, run in the app's folder. The server never runs it.
    pub build: Option<String>,
    /// Whether the view may emit markup that is not held to the allow-list.
    #[serde(default)]
    pub raw_markup: bool,
    /// Settings that the view reads with `environment.config`, or as environment variables.
    #[serde(default)]
    pub config: BTreeMap<String, String>,
    /// Services of the embedding application that the view may call, by name.
    #[serde(default)]
    pub services: Vec<String>,
    /// Origins of other servers that tasks of the view may ask, such as `api.example.com`, which is `https`.
    #[serde(default)]
    pub http: Vec<String>,
    /// What the view may know of the connection.
    #[serde(default)]
    pub connect_info: Vec<ConnectInfo>,
    /// Origins outside of the app that the view may redirect to, such as `https://pay.example`.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// Whether the view may put values into the browser's session, and log out: `put-session` and `clear-session`.
    #[serde(default)]
    pub put_session: bool,
    /// Whether the view may read and write the tenant's keys and values.
    #[serde(default)]
    pub kv: bool,
    /// Hooks of the app's `assets/hooks.js` that the view may name in `phx-hook`.
    #[serde(default)]
    pub hooks: Vec<String>,
    /// A script with hooks of the view's own, relative to the app's folder: it may name all of them, as
    /// `component.Name`.
    pub hooks_module: Option<PathBuf>,
    /// Limits that take the place of the app's for this component.
    #[serde(default)]
    pub limits: Asked,
}

/// What a view may know of the connection, as the manifest grants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectInfo {
    /// The browser's IP address.
    PeerAddress,
    /// What the browser calls itself.
    UserAgent,
    /// The languages that the person reads.
    Languages,
    /// The person's time zone.
    TimeZone,
}

impl ComponentEntry {
    /// Whether the view may know it.
    pub(crate) fn grants(&self, info: ConnectInfo) -> bool {
        self.connect_info.contains(&info)
    }
}

/// One path and the view that answers it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Route {
    /// The path. `{name}` stands for one segment and becomes a parameter, `{name:int}` and `{name:uuid}` for one of that
    /// form; `{name?}` at the end may be missing, and `{*name}` takes the rest.
    pub path: String,
    /// A name under `components`.
    pub component: String,
    /// A name under `live_sessions`; routes without one are a group of their own.
    pub live_session: Option<String>,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than a manifest may be.
    #[error("{}: {bytes} bytes, the limit is {MAX_MANIFEST_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Not TOML, or a value of the wrong type.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser said, with the line.
        message: String,
    },
    /// TOML, but not a usable manifest: the first twenty problems, each with its place and fix.
    #[error("{}: {}", path.display(), problems.join("; "))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The problems; the last says how many more there are.
        problems: Vec<String>,
    },
}

impl Manifest {
    /// Reads and checks the manifest of the app in `app`.
    ///
    /// # Errors
    /// [`ManifestError`], naming the file and what is wrong in it.
    pub fn read(app: &Path) -> Result<Self, ManifestError> {
        let path = app.join(MANIFEST_FILE);
        let read = |source| ManifestError::Read { path: path.clone(), source };
        let bytes = std::fs::metadata(&path).map_err(read)?.len();
        if bytes > MAX_MANIFEST_BYTES {
            return Err(ManifestError::TooLarge { path, bytes });
        }
        let text = std::fs::read_to_string(&path).map_err(read)?;
        Self::parse(&text, &path)
    }

    /// Checks the text of a manifest; `path` is only named in errors.
    ///
    /// # Errors
    /// As [`Manifest::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ManifestError> {
        let syntax = |error: toml::de::Error| ManifestError::Syntax {
            path: path.to_owned(),
            message: error.to_string().trim_end().lines().map(cut).collect::<Vec<_>>().join("\n"),
        };
        let table: toml::Table = toml::from_str(text).map_err(syntax)?;
        let mut problems = Problems::default();
        unknown_keys(&table, &mut problems);
        problems.none(path)?;
        let manifest: Self = toml::from_str(text).map_err(syntax)?;
        manifest.check(&mut problems);
        problems.none(path)?;
        Ok(manifest)
    }

    fn check(&self, problems: &mut Problems) {
        if !is_name(&self.name) {
            problems.add(|| {
                format!(
                    "`name` is `{}`: use 1 to 63 lower-case letters, digits and hyphens",
                    shortened(&self.name)
                )
            });
        }
        self.check_components(problems);
        self.check_titles(problems);
        self.check_live_sessions(problems);
        self.check_redirects(problems);
        self.check_session(problems);
        if self.routes.is_empty() {
            problems.add(|| "there are no routes: add a `[[routes]]` with `path` and `component`".to_owned());
        }
        if self.routes.len() > MAX_ROUTES {
            problems.add(|| format!("{} routes, the limit is {MAX_ROUTES}", self.routes.len()));
        }
        for (index, route) in self.routes.iter().enumerate() {
            if !route.path.starts_with('/') {
                problems.add(|| {
                    format!("`routes[{index}].path` is `{}`: a path starts with `/`", shortened(&route.path))
                });
            }
            if ["/_hothouse", "/assets/", "/live/"].iter().any(|reserved| route.path.starts_with(reserved)) {
                problems.add(|| {
                    format!(
                        "`routes[{index}].path` is `{}`: `/_hothouse`, `/assets/` and `/live/` belong to the server",
                        shortened(&route.path)
                    )
                });
            }
            if let Some(name) =
                route.live_session.as_ref().filter(|name| !self.live_sessions.contains_key(*name))
            {
                problems.add(|| {
                    format!(
                        "`routes[{index}].live_session` is `{}`, which is not under `live_sessions`{}",
                        shortened(name),
                        suggestion(name, self.live_sessions.keys().map(String::as_str))
                    )
                });
            }
            if !self.components.contains_key(&route.component) {
                problems.add(|| {
                    format!(
                        "`routes[{index}].component` is `{}`, which is not under `components`{}",
                        shortened(&route.component),
                        suggestion(&route.component, self.components.keys().map(String::as_str))
                    )
                });
            }
        }
    }
}

mod components;
mod pages;

fn is_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn unknown_keys(table: &toml::Table, problems: &mut Problems) {
    check_keys(table, "", APP_KEYS, problems);
    if let Some(toml::Value::Table(components)) = table.get("components") {
        for (name, component) in components {
            if let toml::Value::Table(component) = component {
                check_keys(component, &format!("components.{}.", shortened(name)), COMPONENT_KEYS, problems);
            }
        }
    }
    if let Some(toml::Value::Table(assets)) = table.get("assets") {
        check_keys(assets, "assets.", ASSETS_KEYS, problems);
    }
    if let Some(toml::Value::Table(session)) = table.get("session") {
        check_keys(session, "session.", SESSION_KEYS, problems);
    }
    if let Some(toml::Value::Table(sessions)) = table.get("live_sessions") {
        for (name, session) in sessions {
            let toml::Value::Table(session) = session else { continue };
            let place = format!("live_sessions.{}.", shortened(name));
            check_keys(session, &place, LIVE_SESSION_KEYS, problems);
            if let Some(toml::Value::Table(on_mount)) = session.get("on_mount") {
                check_keys(on_mount, &format!("{place}on_mount."), ON_MOUNT_KEYS, problems);
            }
        }
    }
    if let Some(toml::Value::Array(routes)) = table.get("routes") {
        for (index, route) in routes.iter().enumerate() {
            if let toml::Value::Table(route) = route {
                check_keys(route, &format!("routes[{index}]."), ROUTE_KEYS, problems);
            }
        }
    }
}

fn check_keys(table: &toml::Table, place: &str, known: &[&str], problems: &mut Problems) {
    for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
        problems.add(|| {
            format!("unknown key `{place}{}`{}", shortened(key), suggestion(key, known.iter().copied()))
        });
    }
}

pub(crate) fn suggestion<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    // What is compared is short: comparing takes as long as both are long.
    let found = shortened(found);
    let known: Vec<String> = known.map(shortened).collect();
    let nearest = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&found, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .min();
    match nearest {
        Some((_, nearest)) => format!(": did you mean `{nearest}`?"),
        None if known.is_empty() => String::new(),
        None => {
            let more = if known.len() > MAX_LISTED { ", …" } else { "" };
            let listed: Vec<&str> = known.iter().take(MAX_LISTED).map(String::as_str).collect();
            format!(" (known: {}{more})", listed.join(", "))
        }
    }
}

/// The first problems, and how many there are.
#[derive(Default)]
struct Problems {
    first: Vec<String>,
    count: usize,
}

impl Problems {
    /// What is not written out is not even put together.
    fn add(&mut self, problem: impl FnOnce() -> String) {
        self.count += 1;
        if self.count <= MAX_PROBLEMS {
            self.first.push(problem());
        }
    }

    fn none(&mut self, path: &Path) -> Result<(), ManifestError> {
        if self.count == 0 {
            return Ok(());
        }
        let mut problems = std::mem::take(&mut self.first);
        if self.count > MAX_PROBLEMS {
            problems.push(format!("and {} more", self.count - MAX_PROBLEMS));
        }
        Err(ManifestError::Invalid { path: path.to_owned(), problems })
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
