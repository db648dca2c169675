//! The input that is being tried, in a file: it is still there when the process is not.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Bytes of the length that stands before the input.
const LENGTH_BYTES: usize = 8;

/// A file with the input that is being tried.
#[derive(Debug)]
pub struct Record {
    file: File,
    buffer: Vec<u8>,
}

impl Record {
    /// Makes the file, and its folder.
    ///
    /// # Errors
    /// When the system does not let it.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { file: File::create(path)?, buffer: Vec::new() })
    }

    /// Takes the place of the input before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&mut self, input: &[u8]) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.extend_from_slice(&(input.len() as u64).to_le_bytes());
        self.buffer.extend_from_slice(input);
        // One call, and the file is never made shorter: both cost.
        self.file.write_all_at(&self.buffer, 0)
    }

    /// The input that was tried last.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(path: &Path) -> io::Result<Vec<u8>> {
        let bytes = fs::read(path)?;
        let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>().ok_or(io::ErrorKind::UnexpectedEof)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        Ok(rest.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn the_last_input_is_read_back_whole_and_alone() {
        let path = std::env::temp_dir().join(format!("hothouse-fuzz-{}", std::process::id())).join("current");
        let mut record = Record::create(&path).unwrap();
        record.keep(b"a long one").unwrap();
        record.keep(b"short").unwrap();
        assert_eq!(Record::read(&path).unwrap(), b"short");
    }
}
