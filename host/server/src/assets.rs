//! What pages load: the host's own scripts and style sheets, embedded at build time, and the files in the app's
//! `assets` folder, read once when the app is loaded. All of it is in memory, in a table by path: a path that is not in
//! the table leads nowhere, whatever it says.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;

mod file;
mod folder;
mod hooks;
mod negotiation;

use file::{Cache, File};
pub use hooks::HooksModuleError;

use crate::routes::percent_decoded;

/// The folder in the app's folder.
pub(crate) const FOLDER: &str = "assets";
/// Where its files are served.
const APP_PREFIX: &str = "/assets/";
const HOST_PREFIX: &str = "/_hothouse/";
/// The app's own style sheet: every page links it.
const APP_STYLESHEET: &str = "app.css";
/// The app's icon, the best one first.
const ICONS: [&str; 3] = ["favicon.svg", "favicon.png", "favicon.ico"];
/// What browsers and robots ask for at the root, whatever a page says. Served from the app's folder.
const AT_ROOT: [&str; 5] =
    ["favicon.ico", "robots.txt", "sitemap.xml", "apple-touch-icon.png", "site.webmanifest"];

/// A file of the host that pages load.
struct ClientAsset {
    /// Its URL: changes whenever its content does.
    path: &'static str,
    media_type: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// In the order in which a page loads them.
static CLIENT_ASSETS: &[ClientAsset] = include!(concat!(env!("OUT_DIR"), "/client_assets.rs"));

/// Why the files of an app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// A file or folder could not be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// A name cannot stand in a URL.
    #[error("its name is not UTF-8: rename it")]
    Name,
    /// A link leads out of the folder.
    #[error("it leads out of the folder of assets: anybody could read what it points to. Copy the file")]
    Outside,
    /// Neither a file nor a folder.
    #[error("it is neither a file nor a folder")]
    Special,
    /// A file is too large.
    #[error("{bytes} bytes, the limit is {}: serve large files from elsewhere", folder::MAX_FILE_BYTES)]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// All files together are too large.
    #[error(
        "the files come to more than {} bytes, the limit: serve large files from elsewhere",
        folder::MAX_TOTAL_BYTES
    )]
    TooMuch,
    /// There are too many files.
    #[error("more than {} files and folders, the limit", folder::MAX_ENTRIES)]
    TooMany,
    /// Folders stand too deep in each other.
    #[error("more than {} folders in each other, the limit", folder::MAX_DEPTH)]
    TooDeep,
}

/// All that the pages of one app load.
pub(crate) struct Assets {
    /// By path, decoded.
    files: HashMap<String, Served>,
    /// URLs with hashes, by name in the app's folder.
    urls: HashMap<String, String>,
    /// Components with scripts of hooks, and the URLs of those.
    component_hooks: Vec<(String, String)>,
}

struct Served {
    file: Arc<File>,
    cache: Cache,
}

impl Assets {
    /// Reads and compresses the files of the app in `app`: to be called where it may block. The host's own are always
    /// there. An error names the file.
    pub(crate) fn load(app: &Path) -> Result<Self, (PathBuf, AssetsError)> {
        let mut assets = Self { files: HashMap::new(), urls: HashMap::new(), component_hooks: Vec::new() };
        for asset in CLIENT_ASSETS {
            let file = File::embedded(asset.media_type, asset.plain, asset.brotli, asset.gzip);
            assets
                .files
                .insert(asset.path.to_owned(), Served { file: Arc::new(file), cache: Cache::Forever });
        }
        if let Some(icon) = assets.files.get(host_icon()).map(|served| served.file.clone()) {
            assets.files.insert("/favicon.ico".to_owned(), Served { file: icon, cache: Cache::Revalidate });
        }
        for (name, bytes) in folder::read(&app.join(FOLDER))? {
            assets.add(name, bytes);
        }
        Ok(assets)
    }

    fn add(&mut self, name: String, bytes: Vec<u8>) {
        let file = Arc::new(File::new(&name, bytes));
        let hashed = with_hash(&name, &file.hash);
        let mut serve = |path: String, cache| self.files.insert(path, Served { file: file.clone(), cache });
        if AT_ROOT.contains(&name.as_str()) {
            serve(format!("/{name}"), Cache::Revalidate);
        }
        serve(format!("{APP_PREFIX}{hashed}"), Cache::Forever);
        serve(format!("{APP_PREFIX}{name}"), Cache::Revalidate);
        self.urls.insert(name, encoded(&format!("{APP_PREFIX}{hashed}")));
    }

    /// The URL of a file in the app's folder that changes whenever its content does.
    pub(crate) fn url(&self, name: &str) -> Option<&str> {
        self.urls.get(name).map(String::as_str)
    }

    /// The names of the app's files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.urls.keys().map(String::as_str)
    }

    /// URLs of the style sheets of every page, the app's last: its rules win.
    pub(crate) fn stylesheets(&self) -> impl Iterator<Item = &str> {
        host_stylesheets().map(|path| -> &str { path }).chain(self.url(APP_STYLESHEET))
    }

    /// The URL of the icon of every page.
    pub(crate) fn icon(&self) -> &str {
        match ICONS.iter().find_map(|name| self.url(name)) {
            Some(own) => own,
            None => host_icon(),
        }
    }

    /// Answers a request for a path, percent-encoded; none if it is not for a file, so that a page may answer.
    pub(crate) fn respond(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        if let Some(Served { file, cache }) = self.find(path) {
            return Some(file.respond(headers, *cache));
        }
        is_asset(path).then(|| (StatusCode::NOT_FOUND, "no such file\n").into_response())
    }

    /// Whether a page that loaded these URLs would load others by now. Only those of `page`'s own origin are looked at,
    /// and only those that this server may have served.
    pub(crate) fn have_changed<'a>(&self, page: &Url, tracked: impl Iterator<Item = &'a str>) -> bool {
        tracked
            .filter_map(|url| Url::parse(url).ok())
            .filter(|url| url.origin() == page.origin() && is_asset(url.path()))
            .any(|url| self.find(url.path()).is_none())
    }

    fn find(&self, path: &str) -> Option<&Served> {
        self.files.get(path).or_else(|| {
            path.contains('%').then(|| percent_decoded(path)).and_then(|path| self.files.get(&path))
        })
    }
}

fn is_asset(path: &str) -> bool {
    path.starts_with(APP_PREFIX) || path.starts_with(HOST_PREFIX)
}

/// URLs of the scripts of every page.
pub(crate) fn scripts() -> impl Iterator<Item = &'static str> {
    host_files(".js")
}

/// URLs of the host's style sheets.
fn host_stylesheets() -> impl Iterator<Item = &'static str> {
    host_files(".css")
}

/// The URL of the icon of pages that have none of their app's.
fn host_icon() -> &'static str {
    host_files(".svg").next().unwrap_or("data:,")
}

fn host_files(ending: &'static str) -> impl Iterator<Item = &'static str> {
    CLIENT_ASSETS.iter().map(|asset| asset.path).filter(move |path| path.ends_with(ending))
}

/// `images/logo.svg` with a hash: `images/logo-0123456789ab.svg`.
fn with_hash(name: &str, hash: &str) -> String {
    let stem_begins = name.rfind('/').map_or(0, |slash| slash + 1);
    match name.rfind('.').filter(|dot| *dot > stem_begins) {
        Some(dot) => {
            let (stem, ending) = name.split_at(dot);
            format!("{stem}-{hash}{ending}")
        }
        None => format!("{name}-{hash}"),
    }
}

/// A path as it stands in a URL.
fn encoded(path: &str) -> String {
    let Ok(mut url) = Url::parse("http://app/") else { return path.to_owned() };
    url.set_path(&path.replace('%', "%25"));
    url.path().to_owned()
}

#[cfg(test)]
mod tests;
