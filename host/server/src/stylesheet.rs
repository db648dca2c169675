//! The style sheet that an app brings along: read once when the app is loaded, named by its content.

use std::path::{Component, Path};

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

/// Largest style sheet that is read, in bytes.
const MAX_BYTES: u64 = 512 * 1024;

/// A style sheet, as pages link it.
#[derive(Debug)]
pub(crate) struct Stylesheet {
    path: String,
    text: Bytes,
}

/// Why an app's style sheet cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum StylesheetError {
    /// The file could not be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// The file is larger than a style sheet may be.
    #[error("{0} bytes, the limit is {MAX_BYTES}")]
    TooLarge(u64),
}

impl Stylesheet {
    /// Reads the file.
    pub(crate) fn read(file: &Path) -> Result<Self, StylesheetError> {
        let bytes = std::fs::metadata(file)?.len();
        if bytes > MAX_BYTES {
            return Err(StylesheetError::TooLarge(bytes));
        }
        let text = std::fs::read(file)?;
        let hash: String = Sha256::digest(&text).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path: format!("/_hothouse/app-{hash}.css"), text: text.into() })
    }

    /// Its URL: changes whenever its content does.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Answers a request for it.
    pub(crate) fn respond(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/css"),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, self.text.clone()).into_response()
    }
}

/// Whether a manifest may name it: a file with the ending `.css` in the app's folder. Anybody can read what is served.
pub(crate) fn may_be_named(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "css")
        && path.components().all(|component| matches!(component, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MAX_BYTES, Stylesheet, StylesheetError, may_be_named};

    #[test]
    fn only_style_sheets_in_the_apps_folder_may_be_named() {
        assert!(may_be_named(Path::new("app.css")) && may_be_named(Path::new("styles/app.css")));
        for path in ["../app.css", "/app.css", "styles/../../app.css", "secret.key", "", ".css"] {
            assert!(!may_be_named(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn the_name_of_a_style_sheet_changes_with_its_content_and_its_size_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.css");
        let read = |text: &[u8]| {
            std::fs::write(&file, text).unwrap();
            Stylesheet::read(&file)
        };
        let first = read(b"p{}").unwrap();
        assert!(first.path().starts_with("/_hothouse/app-") && first.path().ends_with(".css"));
        assert_eq!(read(b"p{}").unwrap().path(), first.path());
        assert_ne!(read(b"q{}").unwrap().path(), first.path());
        let large = vec![b' '; usize::try_from(MAX_BYTES).unwrap() + 1];
        assert!(matches!(read(&large), Err(StylesheetError::TooLarge(_))));
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(Stylesheet::read(&file), Err(StylesheetError::Read(_))));
    }
}
