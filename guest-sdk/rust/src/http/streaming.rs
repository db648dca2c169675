//! An answer that is read as it arrives.

use super::events::Events;
use super::{check, header, host};
use crate::failure::{Failure, Result};

/// Bytes of a line; a longer one is a failure.
const MAX_LINE_BYTES: usize = 64 * 1024;
/// Bytes that are read at once.
const READ_BYTES: u32 = 16 * 1024;

/// An answer that is read as it arrives. Dropped, it is closed.
#[derive(Debug)]
pub struct Streaming(host::Head);

impl Streaming {
    pub(super) fn new(head: host::Head) -> Self {
        Self(head)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.0.headers, name)
    }

    /// The same, if its status says that it went well.
    ///
    /// # Errors
    ///
    /// `unavailable` with the status, when it is not of the two hundreds.
    pub fn ok(self) -> Result<Self> {
        check(self.status()).map(|()| self)
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    ///
    /// `unavailable` when nothing comes in time, the connection is lost, or the task was cancelled.
    pub fn read(&mut self) -> Result<Vec<u8>> {
        host::read(self.0.body, READ_BYTES)
    }

    /// Its lines, without what ends them.
    pub fn lines(self) -> Lines<Self> {
        Lines { source: self, buffer: Vec::new(), is_over: false }
    }

    /// Its events, if it is a stream of events (`text/event-stream`): what language models answer.
    ///
    /// ```no_run
    /// use hothouse_sdk::http::Request;
    /// use hothouse_sdk::prelude::*;
    ///
    /// fn answer(request: Request) -> Result<()> {
    ///     for event in request.open()?.ok()?.events() {
    ///         environment::info(&event?.data);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn events(self) -> Events<Self> {
        Events::new(self.lines())
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        host::close(self.0.body);
    }
}

/// Where bytes come from, piece by piece.
pub trait Source {
    /// The next ones; none at the end.
    ///
    /// # Errors
    ///
    /// When there are none to be had.
    fn next(&mut self) -> Result<Vec<u8>>;
}

impl Source for Streaming {
    fn next(&mut self) -> Result<Vec<u8>> {
        self.read()
    }
}

/// The lines of what arrives. A line ends with `\n`, `\r\n`, or the end; what is no UTF-8 in it is replaced.
#[derive(Debug)]
pub struct Lines<S> {
    source: S,
    buffer: Vec<u8>,
    is_over: bool,
}

impl<S: Source> Lines<S> {
    #[cfg(test)]
    pub(super) fn of(source: S) -> Self {
        Self { source, buffer: Vec::new(), is_over: false }
    }

    fn next_line(&mut self) -> Result<Option<String>> {
        // What has been looked at has no end of a line.
        let mut looked_at = 0;
        loop {
            let rest = self.buffer.get(looked_at..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=looked_at + end).collect();
                let line = line.strip_suffix(b"\n").unwrap_or_default();
                return Ok(Some(text(line.strip_suffix(b"\r").unwrap_or(line))));
            }
            if self.is_over {
                let line = std::mem::take(&mut self.buffer);
                return Ok((!line.is_empty()).then(|| text(&line)));
            }
            looked_at = self.buffer.len();
            if looked_at > MAX_LINE_BYTES {
                return Err(Failure::limit(format!("a line is longer than {MAX_LINE_BYTES} bytes")));
            }
            let bytes = self.source.next()?;
            self.is_over = bytes.is_empty();
            self.buffer.extend(bytes);
        }
    }
}

impl<S: Source> Iterator for Lines<S> {
    type Item = Result<String>;

    fn next(&mut self) -> Option<Result<String>> {
        let line = self.next_line();
        if line.is_err() {
            // Whoever goes on all the same finds the end.
            self.is_over = true;
            self.buffer.clear();
        }
        line.transpose()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
