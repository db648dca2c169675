//! Every import and every effect, by its name in the contract.

use crate::bindings::hothouse::live::types::{
    Address, Announcement, Effect, Failure, FailureKind, NamedPayload, Pair, PresenceEntry, PresenceKey,
    TaskRequest, TextAppend, TimerRequest, UploadEntryKey, UploadRules,
};
use crate::bindings::hothouse::live::{
    connection, environment, http, kv, page, presence, services, task_control, uploads,
};

/// Calls an import; how it was answered.
pub fn ask(name: &str) -> String {
    match name {
        "environment.now-ms" => return environment::now_ms().to_string(),
        "environment.random" => return format!("{:?}", environment::random(4)),
        "environment.random-much" => return environment::random(u32::MAX).len().to_string(),
        "environment.config" => return format!("{:?}", environment::config("x")),
        "connection.assets-changed" => return connection::assets_changed().to_string(),
        "connection.peer-address" => return told(connection::peer_address()),
        "connection.user-agent" => return told(connection::user_agent()),
        "connection.languages" => return told(connection::languages()),
        "connection.time-zone" => return told(connection::time_zone()),
        _ => {}
    }
    let answer = match name {
        "task-control.progress" => task_control::progress(&[]),
        "task-control.sleep" => task_control::sleep(1),
        "kv.get" => kv::get("k").map(drop),
        "kv.keys" => kv::keys("", None, 1).map(drop),
        "kv.put" => kv::put("k", &[], None),
        "kv.delete" => kv::delete("k"),
        "kv.increment" => kv::increment("k", 1).map(drop),
        "kv.expect" => kv::expect("k", None),
        "presence.members" => presence::members("t").map(drop),
        "uploads.entries" => uploads::entries("u").map(drop),
        "uploads.read" => uploads::read("e", 0.0, 1).map(drop),
        "uploads.keep" => uploads::keep("e", "p").map(drop),
        "services.call" => services::call("s", &[]).map(drop),
        "http.send" => http::send(&request()).map(drop),
        "http.open" => http::open(&request()).map(drop),
        "http.read" => http::read(1, 1).map(drop),
        other => return format!("no such import: {other}"),
    };
    match answer {
        Ok(()) => "ok".to_owned(),
        Err(Failure { kind: FailureKind::Unavailable, message }) => format!("unavailable: {message}"),
        Err(failure) => format!("{:?}: {}", failure.kind, failure.message),
    }
}

fn request() -> http::Request {
    let (method, url) = ("GET".to_owned(), "http://a.example".to_owned());
    http::Request { method, url, headers: Vec::new(), body: Vec::new(), timeout_ms: 1 }
}

fn told(answer: Result<impl std::fmt::Debug, Failure>) -> String {
    match answer {
        Ok(told) => format!("{told:?}"),
        Err(failure) => format!("{:?}: {}", failure.kind, failure.message),
    }
}

/// Describes the page: `NAME=VALUE` or several, with `;` between them.
pub fn describe(metadata: &str) -> Result<(), Failure> {
    let pairs = metadata.split(';').filter_map(|pair| pair.split_once('='));
    let pair = |(name, value): (&str, &str)| Pair { name: name.to_owned(), value: value.to_owned() };
    page::describe(&pairs.map(pair).collect::<Vec<_>>())
}

/// An x for an element.
pub fn append(element: &str) -> Effect {
    Effect::AppendText(TextAppend { element: element.to_owned(), text: "x".to_owned(), replace: false })
}

/// The effect of this name.
pub fn effect(name: &str) -> Effect {
    let text = || "x".to_owned();
    let pair = || Pair { name: text(), value: text() };
    let address = || Address { to: "/".to_owned(), replace: false };
    let entry = || PresenceEntry { topic: text(), key: text(), meta: "{}".to_owned() };
    match name {
        "title" => Effect::Title("A <title>".to_owned()),
        "reply" => Effect::Reply("1".to_owned()),
        "push-event" => Effect::PushEvent(NamedPayload { name: text(), payload: "{}".to_owned() }),
        "put-flash" => Effect::PutFlash(pair()),
        "clear-flash" => Effect::ClearFlash(None),
        "patch" => Effect::Patch(address()),
        "navigate" => Effect::Navigate(address()),
        "redirect" => Effect::Redirect(text()),
        "subscribe" => Effect::Subscribe(text()),
        "unsubscribe" => Effect::Unsubscribe(text()),
        "broadcast" => Effect::Broadcast(Announcement {
            topic: text(),
            name: text(),
            payload: "{}".to_owned(),
            skip_self: false,
        }),
        "start-timer" => Effect::StartTimer(TimerRequest { name: text(), after_ms: 100, repeat: false }),
        "cancel-timer" => Effect::CancelTimer(text()),
        "send-self" => Effect::SendSelf("{}".to_owned()),
        "start-task" => Effect::StartTask(TaskRequest { name: text(), key: text(), input: Vec::new() }),
        "cancel-task" => Effect::CancelTask(text()),
        "track-presence" => Effect::TrackPresence(entry()),
        "update-presence" => Effect::UpdatePresence(entry()),
        "untrack-presence" => Effect::UntrackPresence(PresenceKey { topic: text(), key: text() }),
        "allow-upload" => Effect::AllowUpload(UploadRules {
            name: text(),
            accept: Vec::new(),
            max_entries: 1,
            max_file_bytes: 1.0,
            chunk_bytes: 1,
            auto_upload: false,
            external: false,
        }),
        "disallow-upload" => Effect::DisallowUpload(text()),
        "cancel-upload" => Effect::CancelUpload(UploadEntryKey { name: text(), entry: text() }),
        "append-text" => append("x"),
        "put-session" => Effect::PutSession(vec![pair()]),
        _ => Effect::ClearSession,
    }
}
