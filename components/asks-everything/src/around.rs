//! Timers, messages to itself and presences, also such as nobody may have.

use super::bindings::hothouse::live::types::{
    Effect, Failure, FailureKind, Outcome, PresenceEntry, PresenceKey, TimerRequest,
};

/// `timers:N` starts so many, of a minute; `timer:NAME=MS` one. `send:N` sends itself so many, `send-text:TEXT` what may be no
/// JSON, `send-bytes:N` a long one. `track:N` makes so many presences known under `room`, each of a kilobyte,
/// `track-bytes:N` one of so many bytes, `track-as:KEY=META`, `update-as:KEY=META` and `untrack:KEY` one.
pub(crate) fn obey(verb: &str, object: &str) -> Result<Outcome, Failure> {
    let number = object.parse::<usize>().unwrap_or(0);
    let (key, value) = object.split_once('=').unwrap_or((object, "{}"));
    let effects = match verb {
        "timers" => (0..number).map(|name| timer(&name.to_string(), 60_000)).collect(),
        "timer" => vec![timer(key, value.parse().unwrap_or(0))],
        "send" => vec![Effect::SendSelf("{}".to_owned()); number],
        "send-text" => vec![Effect::SendSelf(object.to_owned())],
        "send-bytes" => vec![Effect::SendSelf("1".repeat(number))],
        "track" => {
            let meta = format!(r#"{{"x":"{}"}}"#, "x".repeat(1_000));
            (0..number).map(|key| Effect::TrackPresence(entry(&key.to_string(), &meta))).collect()
        }
        "track-bytes" => {
            let meta = format!(r#"{{"x":"{}"}}"#, "x".repeat(number.saturating_sub(8)));
            vec![Effect::TrackPresence(entry("k", &meta))]
        }
        "track-as" => vec![Effect::TrackPresence(entry(key, value))],
        "update-as" => vec![Effect::UpdatePresence(entry(key, value))],
        "untrack" => {
            vec![Effect::UntrackPresence(PresenceKey { topic: "room".to_owned(), key: object.to_owned() })]
        }
        other => {
            let message = format!("no such event: {other}");
            return Err(Failure { kind: FailureKind::BadInput, message });
        }
    };
    Ok(Outcome { effects })
}

fn timer(name: &str, after_ms: u32) -> Effect {
    Effect::StartTimer(TimerRequest { name: name.to_owned(), after_ms, repeat: true })
}

fn entry(key: &str, meta: &str) -> PresenceEntry {
    PresenceEntry { topic: "room".to_owned(), key: key.to_owned(), meta: meta.to_owned() }
}
