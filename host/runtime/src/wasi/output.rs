//! Standard output and standard error: bytes become lines, and lines go to the view's bounded log.

use std::fmt;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Out = 0,
    Err = 1,
}

impl fmt::Display for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Out => "stdout",
            Self::Err => "stderr",
        })
    }
}

/// Lines that have begun, one for each stream.
#[derive(Debug, Default)]
pub(crate) struct Output {
    begun: [Vec<u8>; 2],
}

impl Output {
    /// Adds bytes, of which at most `max_line_bytes` of each line are kept, and hands whole lines to `line`.
    pub(crate) fn write(
        &mut self,
        stream: Stream,
        mut bytes: &[u8],
        max_line_bytes: usize,
        mut line: impl FnMut(&str),
    ) {
        let [out, err] = &mut self.begun;
        let begun = if stream == Stream::Out { out } else { err };
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (first, rest) = bytes.split_at(end);
            keep(begun, first, max_line_bytes);
            line(&String::from_utf8_lossy(begun));
            begun.clear();
            bytes = rest.get(1..).unwrap_or_default();
        }
        keep(begun, bytes, max_line_bytes);
    }

    /// Hands over what has no end yet: the call is over.
    pub(crate) fn flush(&mut self, mut line: impl FnMut(Stream, &str)) {
        for (stream, begun) in [Stream::Out, Stream::Err].into_iter().zip(&mut self.begun) {
            if !begun.is_empty() {
                line(stream, &String::from_utf8_lossy(begun));
                begun.clear();
            }
        }
    }
}

fn keep(begun: &mut Vec<u8>, bytes: &[u8], max_line_bytes: usize) {
    let room = max_line_bytes.saturating_sub(begun.len());
    begun.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
}

#[cfg(test)]
mod tests {
    use super::{Output, Stream};

    #[test]
    fn bytes_become_lines_of_bounded_length_and_streams_do_not_mix() {
        let mut output = Output::default();
        let mut lines = Vec::new();
        for (stream, bytes) in [
            (Stream::Out, &b"one\ntw"[..]),
            (Stream::Err, b"oh"),
            (Stream::Out, b"o\n\n"),
            (Stream::Out, b"1234567890\nrest"),
        ] {
            output.write(stream, bytes, 5, |line| lines.push(line.to_owned()));
        }
        assert_eq!(lines, ["one", "two", "", "12345"]);
        let mut left = Vec::new();
        output.flush(|stream, line| left.push((stream, line.to_owned())));
        assert_eq!(left, [(Stream::Out, "rest".to_owned()), (Stream::Err, "oh".to_owned())]);
    }
}
