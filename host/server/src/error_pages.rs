//! Pages that say why there is no view: the host's, or the app's own in their place.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use axum::http::StatusCode;
use axum::response::Response;
use hothouse_diff::escape;

use crate::app::AppError;
use crate::assets::Assets;
use crate::page;

/// Largest file of an error page, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024;
/// The name of the page for all other statuses.
const ANY: &str = "any";

/// The error pages of an app.
#[derive(Debug, Default)]
pub(crate) struct ErrorPages {
    /// Markup by status.
    own: BTreeMap<u16, String>,
    any: Option<String>,
}

/// Why an error page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ErrorPageError {
    /// It is for no status.
    #[error("an error page is for a status from 400 to 599, or for `{ANY}`")]
    Status,
    /// It is not in the app's folder.
    #[error("name a file in the app's folder")]
    Outside,
    /// It is too large.
    #[error("{bytes} bytes, the limit is {MAX_FILE_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] std::io::Error),
}

impl ErrorPages {
    /// Reads the files that a manifest names; tells of each that cannot be served.
    pub(crate) fn read(
        folder: &Path,
        files: &BTreeMap<String, PathBuf>,
        mut problem: impl FnMut(AppError),
    ) -> Self {
        let mut pages = Self::default();
        for (status, file) in files {
            let path = folder.join(file);
            let mut failed =
                |reason| problem(AppError::ErrorPage { status: status.clone(), path: path.clone(), reason });
            let known = status.parse::<u16>().ok().filter(|status| (400..600).contains(status));
            match (known, read(file, &path)) {
                (None, _) if status != ANY => failed(ErrorPageError::Status),
                (_, Err(reason)) => failed(reason),
                (Some(status), Ok(markup)) => drop(pages.own.insert(status, markup)),
                (None, Ok(markup)) => pages.any = Some(markup),
            }
        }
        pages
    }

    /// The page for a status. `message` is written for the person who reads it.
    pub(crate) fn respond(&self, status: StatusCode, message: &str, assets: &Assets) -> Response {
        let reason = status.canonical_reason().unwrap_or("Error");
        let content = match self.own.get(&status.as_u16()).or(self.any.as_ref()) {
            Some(markup) => {
                filled(markup, &[("{status}", status.as_str()), ("{reason}", reason), ("{message}", message)])
            }
            None => filled(
                "<main><h1>{reason}</h1><p>{message}</p><p><a href=\"/\">To the start</a></p></main>",
                &[("{reason}", reason), ("{message}", message)],
            ),
        };
        page::without_view(status, reason, assets, &content)
    }
}

fn read(file: &Path, path: &Path) -> Result<String, ErrorPageError> {
    if !file.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(ErrorPageError::Outside);
    }
    let bytes = std::fs::metadata(path)?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(ErrorPageError::TooLarge { bytes });
    }
    Ok(std::fs::read_to_string(path)?)
}

/// Markup with values in their places, escaped; what stands in a value is not a place.
fn filled(markup: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        let found = places.iter().find_map(|(place, value)| Some((after.strip_prefix(place)?, value)));
        rest = match found {
            Some((after, value)) => {
                escape::push_escaped(&mut filled, value);
                after
            }
            None => {
                filled.push('{');
                after.get(1..).unwrap_or_default()
            }
        };
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn values_stand_in_their_places_and_are_no_markup() {
        let places = [("{status}", "404"), ("{message}", "<b>{status}")];
        assert_eq!(
            filled("<p>{status} {other} {message}{</p>{status}", &places),
            "<p>404 {other} &lt;b&gt;{status}{</p>404"
        );
    }
}
