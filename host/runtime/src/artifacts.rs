//! Machine code on disk: one file for each component and way of compiling it, found by what it is made from.
//!
//! `FOLDER/ENGINE/COMPONENT.cwasm`, where ENGINE is the hash of everything that decides what the compiler makes
//! (version, settings, processor) and COMPONENT the SHA-256 of the component. Files appear whole, by renaming, so
//! several servers may share a folder. Machine code is trusted as our own program is: the folder must belong to us and
//! nobody else may write to it.

use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::compiler::{CompileError, Compiler};
use crate::profile::Profile;

/// What all files together may take up; those used longest ago go first.
const MAX_TOTAL_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// A file that was being written this long ago will not be finished.
const ABANDONED: Duration = Duration::from_secs(3_600);
const EXTENSION: &str = "cwasm";

/// The folder.
#[derive(Debug)]
pub(crate) struct Artifacts {
    folder: PathBuf,
    max_total_bytes: u64,
}

/// Why machine code cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// Compiling failed.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Somebody else could put machine code there.
    #[error("{}: {reason}, so machine code in it cannot be trusted: {fix}", folder.display())]
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// Who could.
        reason: &'static str,
        /// What to do.
        fix: &'static str,
    },
    /// The folder cannot be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was compiled just now cannot be loaded.
    #[error("machine code does not load: {0}; is the compiler of the same version as this server?")]
    Load(String),
}

impl Artifacts {
    /// Opens the folder, making it if need be.
    pub(crate) fn open(folder: &Path) -> Result<Self, ArtifactError> {
        let failed = |source| ArtifactError::Io { path: folder.to_owned(), source };
        make_private(folder).map_err(failed)?;
        let metadata = fs::metadata(folder).map_err(failed)?;
        let not_private = |reason, fix| ArtifactError::NotPrivate { folder: folder.to_owned(), reason, fix };
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(not_private("it belongs to another user", "name a folder of this user"));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(not_private("others may write to it", "`chmod go-w` it, or name another folder"));
        }
        Ok(Self { folder: folder.to_owned(), max_total_bytes: MAX_TOTAL_BYTES })
    }

    /// The component, if these very bytes were compiled before.
    pub(crate) fn find(&self, engine: &Engine, bytes: &[u8]) -> Option<Component> {
        let file = self.file(engine, bytes);
        let component = open(engine, &file)?;
        // Used now; a clock that cannot be set makes it go earlier, no more.
        let _ =
            File::options().append(true).open(&file).and_then(|file| file.set_modified(SystemTime::now()));
        Some(component)
    }

    /// The component, compiled now.
    pub(crate) fn make(
        &self,
        compiler: &Compiler,
        engine: &Engine,
        profile: Profile,
        bytes: &[u8],
    ) -> Result<Component, ArtifactError> {
        let file = self.file(engine, bytes);
        let parent = file.parent().unwrap_or(&self.folder);
        let failed = |source| ArtifactError::Io { path: parent.to_owned(), source };
        make_private(parent).map_err(failed)?;
        let unfinished = tempfile::Builder::new().prefix("unfinished-").tempdir_in(parent).map_err(failed)?;
        let made = unfinished.path().join("code");
        compiler.compile(engine, profile, bytes, &made)?;
        fs::rename(&made, &file).map_err(failed)?;
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(failed)?;
        if let Err(error) = self.make_room(&file) {
            tracing::warn!(folder = %self.folder.display(), %error, "old machine code could not be removed");
        }
        load_file(engine, &file).map_err(|error| ArtifactError::Load(format!("{error:#}")))
    }

    fn file(&self, engine: &Engine, bytes: &[u8]) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hothouse_merge::REVISION.hash(&mut hasher);
        let mut name = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            name.push_str(&format!("{byte:02x}"));
        }
        self.folder.join(format!("{:016x}", hasher.finish())).join(name).with_extension(EXTENSION)
    }

    /// Removes what was used longest ago until the rest fits, and what nobody will finish.
    fn make_room(&self, keep: &Path) -> io::Result<()> {
        let now = SystemTime::now();
        let mut files = Vec::new();
        for engine in fs::read_dir(&self.folder)? {
            let engine = engine?;
            if !engine.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(engine.path())? {
                let entry = entry?;
                // Another server may have removed it meanwhile.
                let Ok(metadata) = entry.metadata() else { continue };
                let modified = metadata.modified()?;
                if metadata.is_dir() {
                    if now.duration_since(modified).is_ok_and(|age| age > ABANDONED) {
                        fs::remove_dir_all(entry.path())?;
                    }
                } else {
                    files.push((modified, metadata.len(), entry.path()));
                }
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in files {
            if total <= self.max_total_bytes {
                break;
            }
            if path != keep {
                fs::remove_file(&path)?;
                total -= bytes;
            }
        }
        Ok(())
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A file that is there and can be used. One that cannot is as good as none: it is made again.
fn open(engine: &Engine, file: &Path) -> Option<Component> {
    if !file.is_file() {
        return None;
    }
    match load_file(engine, file) {
        Ok(component) => Some(component),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "machine code is damaged and is made again");
            None
        }
    }
}

#[expect(unsafe_code, reason = "machine code is run, so where it comes from matters")]
fn load_file(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by our own compiler, whole or not at all, into a folder that `Artifacts::open` has
    // seen to belong to this user with nobody else able to write to it. Nothing replaces it in place: files are renamed
    // into their names and never written again. wasmtime refuses files of another version or with other settings.
    unsafe { Component::deserialize_file(engine, file) }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, SystemTime};

    use super::{ABANDONED, ArtifactError, Artifacts};

    #[test]
    fn what_was_used_longest_ago_goes_first_and_what_nobody_will_finish_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts { folder: folder.path().to_owned(), max_total_bytes: 25 };
        let engine = folder.path().join("engine");
        fs::create_dir(&engine).unwrap();
        let now = SystemTime::now();
        let put = |name: &str, age: u64| {
            let path = engine.join(name);
            fs::write(&path, [0; 10]).unwrap();
            File::options()
                .append(true)
                .open(&path)
                .unwrap()
                .set_modified(now - Duration::from_secs(age))
                .unwrap();
            path
        };
        let (oldest, old, new) = (put("oldest", 30), put("old", 20), put("new", 10));
        let dead = engine.join("unfinished-dead");
        fs::create_dir(&dead).unwrap();
        File::open(&dead).unwrap().set_modified(now - ABANDONED - Duration::from_secs(1)).unwrap();
        let alive = engine.join("unfinished-alive");
        fs::create_dir(&alive).unwrap();
        artifacts.make_room(&oldest).unwrap();
        assert!(oldest.exists(), "what was made just now stays");
        assert!(!old.exists() && new.exists());
        assert!(!dead.exists() && alive.exists());
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_refused_with_the_fix() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, accepted) in [(0o700, true), (0o755, true), (0o775, false), (0o702, false)] {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            let opened = Artifacts::open(folder.path());
            assert_eq!(opened.is_ok(), accepted, "{mode:o}");
            if let Err(error) = opened {
                assert!(matches!(error, ArtifactError::NotPrivate { .. }), "{error}");
                assert!(error.to_string().contains("chmod go-w"), "{error}");
            }
        }
    }
}
