//! The files of an app, as they are read when it is loaded.

use std::fs;
use std::path::{Path, PathBuf};

use super::AssetsError;

/// Files and folders together.
pub(super) const MAX_ENTRIES: usize = 2_000;
pub(super) const MAX_DEPTH: usize = 16;
pub(super) const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// All of it is kept in memory.
pub(super) const MAX_TOTAL_BYTES: u64 = 64 * 1024 * 1024;

/// A file or folder, and what is wrong with it.
type Refused = (PathBuf, AssetsError);

/// The files of a folder and of those in it, by name from there, with `/` in it. Names that begin with a dot are left
/// out: editors and version control leave such files, and they are nobody's business. A folder that is not there has no
/// files.
pub(super) fn read(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Refused> {
    match folder.canonicalize() {
        Ok(root) => {
            let mut reader = Reader { root, files: Vec::new(), entries: 0, bytes: 0 };
            reader.folder(folder, "", 0)?;
            Ok(reader.files)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err((folder.to_owned(), error.into())),
    }
}

struct Reader {
    /// Without links.
    root: PathBuf,
    files: Vec<(String, Vec<u8>)>,
    entries: usize,
    bytes: u64,
}

impl Reader {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Refused> {
        let failed = |error: std::io::Error| (folder.to_owned(), AssetsError::from(error));
        if depth > MAX_DEPTH {
            return Err((folder.to_owned(), AssetsError::TooDeep));
        }
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            self.entry(&path, prefix, depth).map_err(|error| match error {
                Problem::Here(error) => (path, error),
                Problem::Within(within) => within,
            })?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, prefix: &str, depth: usize) -> Result<(), Problem> {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or(AssetsError::Name)?;
        if name.starts_with('.') {
            return Ok(());
        }
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            return Err(AssetsError::TooMany.into());
        }
        let real = path.canonicalize().map_err(AssetsError::from)?;
        if !real.starts_with(&self.root) {
            return Err(AssetsError::Outside.into());
        }
        let name = format!("{prefix}{name}");
        let metadata = fs::metadata(&real).map_err(AssetsError::from)?;
        if metadata.is_dir() {
            return self.folder(path, &format!("{name}/"), depth + 1).map_err(Problem::Within);
        }
        if !metadata.is_file() {
            return Err(AssetsError::Special.into());
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(AssetsError::TooLarge { bytes: metadata.len() }.into());
        }
        self.bytes += metadata.len();
        if self.bytes > MAX_TOTAL_BYTES {
            return Err(AssetsError::TooMuch.into());
        }
        self.files.push((name, fs::read(&real).map_err(AssetsError::from)?));
        Ok(())
    }
}

enum Problem {
    Here(AssetsError),
    Within(Refused),
}

impl From<AssetsError> for Problem {
    fn from(error: AssetsError) -> Self {
        Self::Here(error)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{AssetsError, MAX_DEPTH, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES, read};

    #[test]
    fn files_are_named_from_the_folder_and_those_with_a_dot_are_left_out() {
        let app = tempfile::tempdir().unwrap();
        let folder = app.path().join("assets");
        assert!(read(&folder).unwrap().is_empty(), "no folder, no files");
        fs::create_dir_all(folder.join("images/.git")).unwrap();
        for name in ["app.css", ".env", "images/a b.svg", "images/.git/config"] {
            fs::write(folder.join(name), name).unwrap();
        }
        symlink(folder.join("app.css"), folder.join("same.css")).unwrap();
        let mut names: Vec<String> = read(&folder).unwrap().into_iter().map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, ["app.css", "images/a b.svg", "same.css"]);
    }

    #[test]
    fn links_that_lead_out_of_the_folder_are_refused() {
        let app = tempfile::tempdir().unwrap();
        let folder = app.path().join("assets");
        fs::create_dir_all(&folder).unwrap();
        fs::write(app.path().join("secret.key"), "secret").unwrap();
        for (target, name) in [("../secret.key", "file"), ("..", "folder"), ("/etc", "elsewhere")] {
            let link = folder.join(name);
            symlink(target, &link).unwrap();
            let (path, error) = read(&folder).unwrap_err();
            assert!(path == link && matches!(error, AssetsError::Outside), "{path:?}: {error}");
            fs::remove_file(link).unwrap();
        }
        symlink("nothing", folder.join("dangling")).unwrap();
        assert!(matches!(read(&folder).unwrap_err().1, AssetsError::Read(_)));
    }

    #[test]
    fn a_folder_has_bounds() {
        let app = tempfile::tempdir().unwrap();
        let folder = app.path().join("assets");
        let sized = |name: &str, bytes| fs::File::create(folder.join(name)).unwrap().set_len(bytes).unwrap();
        let fresh = || {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
        };
        fresh();
        symlink(".", folder.join("again")).unwrap();
        assert!(matches!(read(&folder).unwrap_err().1, AssetsError::TooDeep), "{MAX_DEPTH}");
        fresh();
        sized("large", MAX_FILE_BYTES + 1);
        assert!(
            matches!(read(&folder).unwrap_err().1, AssetsError::TooLarge { bytes } if bytes > MAX_FILE_BYTES)
        );
        fresh();
        (0..=MAX_TOTAL_BYTES / MAX_FILE_BYTES).for_each(|index| sized(&index.to_string(), MAX_FILE_BYTES));
        assert!(matches!(read(&folder).unwrap_err().1, AssetsError::TooMuch));
        fresh();
        (0..=MAX_ENTRIES).for_each(|index| sized(&index.to_string(), 0));
        assert!(matches!(read(&folder).unwrap_err().1, AssetsError::TooMany));
    }
}
