//! Events that a server sends: `text/event-stream` of the HTML standard.

use super::streaming::{Lines, Source};
use crate::failure::{Failure, Result};

/// Bytes of the data of an event.
const MAX_DATA_BYTES: usize = 256 * 1024;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerEvent {
    /// Its type; `message` if none was sent.
    pub event: String,
    /// Its data; several lines have line breaks between them.
    pub data: String,
    /// The id that was sent last.
    pub id: String,
}

/// The events of what arrives.
#[derive(Debug)]
pub struct Events<S> {
    lines: Lines<S>,
    id: String,
}

impl<S: Source> Events<S> {
    pub(super) fn new(lines: Lines<S>) -> Self {
        Self { lines, id: String::new() }
    }

    fn next_event(&mut self) -> Result<Option<ServerEvent>> {
        let mut event = String::new();
        let mut data: Option<String> = None;
        while let Some(line) = self.lines.next().transpose()? {
            if line.is_empty() {
                // An event without data is none.
                let Some(data) = data.take() else {
                    event.clear();
                    continue;
                };
                if event.is_empty() {
                    event.push_str("message");
                }
                return Ok(Some(ServerEvent { event, data, id: self.id.clone() }));
            }
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut event),
                "data" => {
                    match &mut data {
                        Some(data) => {
                            data.push('\n');
                            data.push_str(value);
                        }
                        None => data = Some(value.to_owned()),
                    }
                    if data.as_ref().is_some_and(|data| data.len() > MAX_DATA_BYTES) {
                        return Err(Failure::limit(format!("an event has more than {MAX_DATA_BYTES} bytes")));
                    }
                }
                "id" if !value.contains('\0') => value.clone_into(&mut self.id),
                // A comment, `retry`, which means nothing here, or what nobody knows.
                _ => {}
            }
        }
        // One that was not finished is dropped.
        Ok(None)
    }
}

impl<S: Source> Iterator for Events<S> {
    type Item = Result<ServerEvent>;

    fn next(&mut self) -> Option<Result<ServerEvent>> {
        self.next_event().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::failure::FailureKind;

    struct Pieces(VecDeque<Vec<u8>>);

    impl Source for Pieces {
        fn next(&mut self) -> Result<Vec<u8>> {
            Ok(self.0.pop_front().unwrap_or_default())
        }
    }

    fn lines(text: &str, size: usize) -> Lines<Pieces> {
        Lines::of(Pieces(text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect()))
    }

    #[test]
    fn lines_are_found_wherever_the_pieces_end() {
        for size in 1..20 {
            let found: Vec<String> = lines("one\r\ntwo\n\nfür\nend", size).map(Result::unwrap).collect();
            assert_eq!(found, ["one", "two", "", "für", "end"], "{size}");
        }
    }

    #[test]
    fn events_are_those_of_the_standard_wherever_the_pieces_end() {
        let text = ": hello\nevent: add\ndata: one\ndata:two\nid: 7\n\ndata\n\nid\n: only a comment\nevent: none\n\n\
                    data:  spaced\nretry: 10\n\ndata: [DONE]\n\ndata: lost";
        let event = |event: &str, data: &str, id: &str| ServerEvent {
            event: event.to_owned(),
            data: data.to_owned(),
            id: id.to_owned(),
        };
        let expected = [
            event("add", "one\ntwo", "7"),
            event("message", "", "7"),
            event("message", " spaced", ""),
            event("message", "[DONE]", ""),
        ];
        for size in 1..40 {
            let found: Vec<_> = Events::new(lines(text, size)).map(Result::unwrap).collect();
            assert_eq!(found, expected, "{size}");
        }
    }

    #[test]
    fn lines_and_events_without_an_end_are_failures() {
        let kind = |failure: Failure| failure.kind;
        let long = "x".repeat(200_000);
        let mut endless = lines(&long, 1_000);
        assert_eq!(endless.next().unwrap().map_err(kind), Err(FailureKind::Limit));
        assert!(endless.next().is_none(), "that was it");
        let line = format!("data: {}\n", "x".repeat(60_000));
        let mut events = Events::new(lines(&line.repeat(5), 1_000));
        assert_eq!(events.next().unwrap().map_err(kind), Err(FailureKind::Limit));
    }
}
