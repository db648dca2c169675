//! The secrets that tokens are signed with: from the operator, or a file made at first start.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use hmac::Mac as _;

use super::PurposeMac;

/// Shortest secret that is accepted, in bytes.
pub const MIN_SECRET_BYTES: usize = 32;
const GENERATED_BYTES: usize = 48;

/// One or more secrets: the first signs, all verify. To rotate, put the new one in front and take the old one
/// away once its tokens have expired.
#[derive(Clone)]
pub struct SigningKeys {
    primary: Key,
    former: Vec<Key>,
}

/// One secret.
#[derive(Clone)]
pub(crate) struct Key(Box<[u8]>);

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A secret is shorter than [`MIN_SECRET_BYTES`].
    #[error(
        "a signing secret has {found} bytes, at least {MIN_SECRET_BYTES} are needed: try `openssl rand -base64 48`"
    )]
    TooShort {
        /// Bytes found.
        found: usize,
    },
    /// The key file could not be read or made.
    #[error("signing key file {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others may read the key file.
    #[error("signing key file {} can be read by others (mode {mode:o}): `chmod 600` it, and replace it if it was seen", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The system has no randomness to give.
    #[error("the system gave no random bytes: {0}")]
    Random(getrandom::Error),
}

impl SigningKeys {
    /// Takes secrets as text, the signing one first.
    ///
    /// # Errors
    /// [`KeyError::TooShort`] when one is too short or none is given.
    pub fn from_secrets<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Result<Self, KeyError> {
        let mut keys = secrets
            .into_iter()
            .map(|secret| Key::new(secret.trim().as_bytes()))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        let primary = keys.next().ok_or(KeyError::TooShort { found: 0 })?;
        Ok(Self { primary, former: keys.collect() })
    }

    /// Reads the key file, or makes one that only its owner may read.
    ///
    /// # Errors
    /// [`KeyError`]: unreadable, too short, or readable by others.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let file = |source| KeyError::File { path: path.to_owned(), source };
        match private::create(path) {
            Ok(mut created) => {
                let mut secret = [0; GENERATED_BYTES];
                getrandom::fill(&mut secret).map_err(KeyError::Random)?;
                let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
                created.write_all(text.as_bytes()).and_then(|()| created.sync_all()).map_err(file)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(file(error)),
        }
        let opened = std::fs::File::open(path).map_err(file)?;
        if let Some(mode) = private::exposed_mode(&opened).map_err(file)? {
            return Err(KeyError::Exposed { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        opened.take(64 * 1024).read_to_string(&mut text).map_err(file)?;
        Self::from_secrets(text.lines().filter(|line| !line.trim().is_empty()))
    }

    pub(crate) fn primary(&self) -> &Key {
        &self.primary
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.primary).chain(&self.former)
    }
}

impl Key {
    fn new(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(KeyError::TooShort { found: secret.len() });
        }
        Ok(Self(secret.into()))
    }

    /// A message authentication code over purpose and payload. The purpose is length-prefixed, so that no
    /// purpose and payload can be mistaken for another pair.
    pub(crate) fn mac(&self, purpose: &str, payload: &[u8]) -> PurposeMac {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = PurposeMac::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(payload);
        mac
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKeys({} secret(s))", 1 + self.former.len())
    }
}

#[cfg(unix)]
mod private {
    //! A file for its owner alone.
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    use std::path::Path;

    pub(super) fn create(path: &Path) -> io::Result<File> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    pub(super) fn exposed_mode(file: &File) -> io::Result<Option<u32>> {
        let mode = file.metadata()?.permissions().mode() & 0o777;
        Ok((mode & 0o077 != 0).then_some(mode))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::{KeyError, SigningKeys};

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("hothouse-keys-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_secret_of_31_bytes_is_refused_and_of_32_accepted() {
        assert!(matches!(
            SigningKeys::from_secrets(["a".repeat(31).as_str()]),
            Err(KeyError::TooShort { found: 31 })
        ));
        assert!(SigningKeys::from_secrets(["a".repeat(32).as_str()]).is_ok());
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_alone() {
        let path = folder("made").join("deep/secret.key");
        SigningKeys::from_file(&path).unwrap();
        let made = std::fs::read(&path).unwrap();
        SigningKeys::from_file(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), made);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let path = folder("exposed").join("secret.key");
        SigningKeys::from_file(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = SigningKeys::from_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::Exposed { mode: 0o644, .. }), "{error}");
    }

    #[test]
    fn secrets_do_not_appear_in_debug_output() {
        let keys = SigningKeys::from_secrets(["swordfish-swordfish-swordfish-xyz"]).unwrap();
        assert!(!format!("{keys:?}").contains("swordfish"));
    }
}
