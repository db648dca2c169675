//! What a snapshot is made of: a head, then the fields one after the other, as postcard writes them.

use postcard::ser_flavors::Flavor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::MAX_SNAPSHOT_BYTES;
use crate::failure::{Failure, Result};

/// The first byte of all snapshots that this version of the SDK writes.
const FORMAT: u8 = 1;

/// What a snapshot begins with.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u8,
    /// As the author counts.
    version: u32,
    /// A hash of the fields' names.
    fields: u32,
}

/// A snapshot that is being written.
pub struct Snapshot {
    serializer: postcard::Serializer<Bounded>,
}

impl Snapshot {
    /// One without fields yet.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::field`].
    pub fn new(version: u32, fields: u32) -> Result<Self> {
        let mut snapshot = Self { serializer: postcard::Serializer { output: Bounded(Vec::new()) } };
        snapshot.field("version", &Head { format: FORMAT, version, fields })?;
        Ok(snapshot)
    }

    /// Adds a field.
    ///
    /// # Errors
    ///
    /// `limit` when the snapshot becomes too long, `internal` when the value cannot be written.
    pub fn field(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        value.serialize(&mut self.serializer).map_err(|error| match error {
            postcard::Error::SerializeBufferFull => Failure::limit(format!(
                "the snapshot is longer than {MAX_SNAPSHOT_BYTES} bytes, with the field `{name}`: leave out what can be \
                 had again with `#[live(skip)]`"
            )),
            error => Failure::internal(format!("the field `{name}` cannot be kept: {error}")),
        })
    }

    /// Its bytes.
    pub fn finish(self) -> Vec<u8> {
        self.serializer.output.0
    }
}

/// Bytes up to the limit.
struct Bounded(Vec<u8>);

impl Flavor for Bounded {
    type Output = Vec<u8>;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.try_extend(&[byte])
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if bytes.len() > MAX_SNAPSHOT_BYTES - self.0.len() {
            return Err(postcard::Error::SerializeBufferFull);
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// The fields of a snapshot that is being read.
pub struct Fields<'a> {
    deserializer: postcard::Deserializer<'a, postcard::de_flavors::Slice<'a>>,
}

impl<'a> Fields<'a> {
    /// The fields of a snapshot of this version; none if it is of an older one.
    ///
    /// # Errors
    ///
    /// `bad-input` when it is none, is of a newer version, or has other fields than the struct.
    pub fn of(snapshot: &'a [u8], version: u32, fields: u32) -> Result<Option<Self>> {
        if snapshot.len() > MAX_SNAPSHOT_BYTES {
            let length = snapshot.len();
            return Err(refused(&format!("it has {length} bytes, and at most {MAX_SNAPSHOT_BYTES}")));
        }
        let mut found = Self { deserializer: postcard::Deserializer::from_bytes(snapshot) };
        let head: Head = found.field("version")?;
        if head.format != FORMAT {
            return Err(refused("another version of the SDK has written it"));
        }
        if head.version < version {
            return Ok(None);
        }
        if head.version > version {
            let found = head.version;
            return Err(refused(&format!("its version is {found}, newer than {version}")));
        }
        if head.fields != fields {
            return Err(refused(
                "its fields are others than those of this version: give the struct `#[live(version = …)]`, one more \
                 each time its fields change",
            ));
        }
        Ok(Some(found))
    }

    /// Reads a field.
    ///
    /// # Errors
    ///
    /// `bad-input` when there is no such value.
    pub fn field<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        T::deserialize(&mut self.deserializer)
            .map_err(|error| refused(&format!("its field `{name}` cannot be read: {error}")))
    }

    /// The end.
    ///
    /// # Errors
    ///
    /// `bad-input` when there is more.
    pub fn finish(self) -> Result<()> {
        match self.deserializer.finalize() {
            Ok([]) => Ok(()),
            _ => Err(refused("there are bytes behind its last field")),
        }
    }

    /// Nobody takes an older version over.
    pub fn too_old<T>(version: u32) -> Result<T> {
        Err(refused(&format!("it is older than version {version}: `from = …` would take it over")))
    }
}

fn refused(why: &str) -> Failure {
    Failure::bad_input(format!("the snapshot is not restored: {why}"))
}
