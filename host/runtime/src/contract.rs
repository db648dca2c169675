//! The contract `hothouse:live`: WIT types to ours and back. The only module that reads WIT types.
//!
//! Conversions move; nothing is cloned. What this host has no service for becomes a declared failure of kind
//! `unavailable`, here and nowhere else.

use hothouse_diff::{ComponentEntry, Each, NewTemplate, Node, Row, Slot, StreamChange, StreamInsert, Tree};
use hothouse_services::{Failure, FailureKind};

pub(crate) mod exports;
pub(crate) mod types;

use types::{
    Context, Document, Effect, Event, LeaveReason, Message, Payload, Phase, RenderScope, TaskOutcome,
};

/// The package that this host speaks.
pub(crate) const PACKAGE: &str = "hothouse:live@0.1.0";
/// Name and version apart, for the messages about others.
pub(crate) const PACKAGE_NAME: &str = "hothouse:live/";

#[allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::all,
    reason = "generated from wit/live.wit, where the items are documented"
)]
pub(crate) mod bindings {
    wasmtime::component::bindgen!({ path: "../../wit", world: "live-view" });
}

use bindings::hothouse::live::types as wit;

/// The failure of whatever has no service yet.
pub(crate) fn unavailable(what: &str) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("{what} has no service in this host yet"))
}

pub(crate) fn context_to_wit(context: Context, tenant: &str, seed: Vec<u8>) -> wit::Context {
    wit::Context {
        phase: match context.phase {
            Phase::Dead => wit::Phase::Dead,
            Phase::Connected => wit::Phase::Connected,
        },
        tenant: tenant.to_owned(),
        view: context.view,
        uri: context.uri,
        params: pairs_to_wit(context.params),
        session: context.session.iter().cloned().map(pair_to_wit).collect(),
        flash: pairs_to_wit(context.flash),
        connect_params: context.connect_params,
        joins: context.joins,
        seed,
    }
}

pub(crate) fn event_to_wit(event: Event) -> wit::Event {
    wit::Event {
        name: event.name,
        target: event.target,
        payload: match event.payload {
            Payload::Json(json) => wit::Payload::Json(json),
            Payload::Form(pairs) => wit::Payload::Form(pairs_to_wit(pairs)),
        },
    }
}

pub(crate) fn message_to_wit(message: Message) -> wit::Message {
    match message {
        Message::Published(publication) => wit::Message::Published(wit::Publication {
            topic: publication.topic().to_owned(),
            name: publication.name().to_owned(),
            payload: publication.payload().to_owned(),
        }),
        Message::Lagged(topic) => wit::Message::Lagged(topic.into()),
        Message::FlashChanged(flash) => wit::Message::FlashChanged(pairs_to_wit(flash)),
        Message::Timer(name) => wit::Message::Timer(name.into()),
        Message::Sent(json) => wit::Message::Sent(json.into()),
        Message::PresenceChanged { topic, joined, left } => {
            wit::Message::PresenceChanged(wit::PresenceChange {
                topic: topic.into(),
                joined: pairs_to_wit(joined),
                left: pairs_to_wit(left),
            })
        }
        Message::TaskProgress { key, data } => {
            wit::Message::TaskProgress(wit::TaskProgress { key: key.into(), data })
        }
        Message::KvConflict(key) => wit::Message::KvConflict(key.into()),
    }
}

pub(crate) fn task_result_to_wit(key: String, outcome: TaskOutcome) -> wit::TaskResult {
    wit::TaskResult {
        key,
        outcome: match outcome {
            TaskOutcome::Done(answer) => wit::TaskOutcome::Done(answer),
            TaskOutcome::Failed(failure) => wit::TaskOutcome::Failed(failure_to_wit(failure)),
            TaskOutcome::Cancelled => wit::TaskOutcome::Cancelled,
            TaskOutcome::TimedOut => wit::TaskOutcome::TimedOut,
            TaskOutcome::Crashed => wit::TaskOutcome::Crashed,
        },
    }
}

pub(crate) fn scope_to_wit(scope: RenderScope) -> wit::RenderScope {
    match scope {
        RenderScope::Changes => wit::RenderScope::Changes,
        RenderScope::Everything => wit::RenderScope::Everything,
        RenderScope::Components(cids) => wit::RenderScope::Components(cids),
    }
}

pub(crate) fn reason_to_wit(reason: LeaveReason) -> wit::LeaveReason {
    match reason {
        LeaveReason::Left => wit::LeaveReason::Left,
        LeaveReason::Navigated => wit::LeaveReason::Navigated,
        LeaveReason::Disconnected => wit::LeaveReason::Disconnected,
        LeaveReason::Shutdown => wit::LeaveReason::Shutdown,
    }
}

pub(crate) fn failure_to_wit(failure: Failure) -> wit::Failure {
    wit::Failure {
        kind: match failure.kind {
            FailureKind::NotFound => wit::FailureKind::NotFound,
            FailureKind::Forbidden => wit::FailureKind::Forbidden,
            FailureKind::BadInput => wit::FailureKind::BadInput,
            FailureKind::Unavailable => wit::FailureKind::Unavailable,
            FailureKind::NotHere => wit::FailureKind::NotHere,
            FailureKind::Limit => wit::FailureKind::Limit,
            FailureKind::Internal => wit::FailureKind::Internal,
        },
        message: failure.message,
    }
}

pub(crate) fn failure_from_wit(failure: wit::Failure) -> Failure {
    Failure {
        kind: match failure.kind {
            wit::FailureKind::NotFound => FailureKind::NotFound,
            wit::FailureKind::Forbidden => FailureKind::Forbidden,
            wit::FailureKind::BadInput => FailureKind::BadInput,
            wit::FailureKind::Unavailable => FailureKind::Unavailable,
            wit::FailureKind::NotHere => FailureKind::NotHere,
            wit::FailureKind::Limit => FailureKind::Limit,
            wit::FailureKind::Internal => FailureKind::Internal,
        },
        message: failure.message,
    }
}

/// All effects of a callback, or the failure of the first that cannot be carried out: then none is.
pub(crate) fn effects_from_wit(outcome: wit::Outcome) -> Result<Vec<Effect>, Failure> {
    outcome.effects.into_iter().map(effect_from_wit).collect()
}

fn effect_from_wit(effect: wit::Effect) -> Result<Effect, Failure> {
    let name = match effect {
        wit::Effect::Title(title) => return Ok(Effect::Title(title)),
        wit::Effect::Reply(json) => return Ok(Effect::Reply(json)),
        wit::Effect::PushEvent(event) => {
            return Ok(Effect::PushEvent { name: event.name, payload: event.payload });
        }
        wit::Effect::Subscribe(topic) => return Ok(Effect::Subscribe(topic)),
        wit::Effect::Unsubscribe(topic) => return Ok(Effect::Unsubscribe(topic)),
        wit::Effect::Broadcast(wit::Announcement { topic, name, payload, skip_self }) => {
            return Ok(Effect::Broadcast { topic, name, payload, skip_self });
        }
        wit::Effect::PutFlash(pair) => return Ok(Effect::PutFlash { kind: pair.name, message: pair.value }),
        wit::Effect::ClearFlash(kind) => return Ok(Effect::ClearFlash(kind)),
        wit::Effect::Patch(address) => {
            return Ok(Effect::Patch { to: address.to, replace: address.replace });
        }
        wit::Effect::Navigate(address) => {
            return Ok(Effect::Navigate { to: address.to, replace: address.replace });
        }
        wit::Effect::Redirect(to) => return Ok(Effect::Redirect(to)),
        wit::Effect::PutSession(pairs) => {
            return Ok(Effect::PutSession(pairs.into_iter().map(|pair| (pair.name, pair.value)).collect()));
        }
        wit::Effect::ClearSession => return Ok(Effect::ClearSession),
        wit::Effect::AppendText(wit::TextAppend { element, text, replace }) => {
            return Ok(Effect::AppendText { element, text, replace });
        }
        wit::Effect::StartTimer(wit::TimerRequest { name, after_ms, repeat }) => {
            return Ok(Effect::StartTimer { name, after_ms, repeat });
        }
        wit::Effect::CancelTimer(name) => return Ok(Effect::CancelTimer(name)),
        wit::Effect::SendSelf(json) => return Ok(Effect::SendSelf(json)),
        wit::Effect::StartTask(wit::TaskRequest { name, key, input }) => {
            return Ok(Effect::StartTask { name, key, input });
        }
        wit::Effect::CancelTask(key) => return Ok(Effect::CancelTask(key)),
        wit::Effect::TrackPresence(wit::PresenceEntry { topic, key, meta }) => {
            return Ok(Effect::TrackPresence { topic, key, meta });
        }
        wit::Effect::UpdatePresence(wit::PresenceEntry { topic, key, meta }) => {
            return Ok(Effect::UpdatePresence { topic, key, meta });
        }
        wit::Effect::UntrackPresence(wit::PresenceKey { topic, key }) => {
            return Ok(Effect::UntrackPresence { topic, key });
        }
        wit::Effect::AllowUpload(_) => "allow-upload",
        wit::Effect::DisallowUpload(_) => "disallow-upload",
        wit::Effect::CancelUpload(_) => "cancel-upload",
    };
    Err(unavailable(&format!("effect `{name}`")))
}

pub(crate) fn document_from_wit(document: wit::Document) -> Result<Document, Failure> {
    let tree = match document {
        wit::Document::Tree(tree) => tree,
        wit::Document::Html(html) => return Ok(Document::Html(html)),
    };
    if !tree.children.is_empty() {
        return Err(unavailable("a document with nested views"));
    }
    Ok(Document::Tree(Tree {
        root: slot_from_wit(tree.root)?,
        nodes: tree.nodes.into_iter().map(node_from_wit).collect::<Result<_, _>>()?,
        lists: tree.lists.into_iter().map(each_from_wit).collect(),
        streams: tree.streams.into_iter().map(stream_from_wit).collect(),
        components: tree.components.into_iter().map(entry_from_wit).collect::<Result<_, _>>()?,
        templates: tree
            .templates
            .into_iter()
            .map(|template| NewTemplate { id: template.id, statics: template.statics })
            .collect(),
    }))
}

fn node_from_wit(node: wit::Node) -> Result<Node, Failure> {
    let slots = node.slots.into_iter().map(slot_from_wit).collect::<Result<_, _>>()?;
    Ok(Node { template: node.template, slots })
}

fn slot_from_wit(slot: wit::Slot) -> Result<Slot, Failure> {
    Ok(match slot {
        wit::Slot::Unchanged => Slot::Unchanged,
        wit::Slot::Empty => Slot::Empty,
        wit::Slot::Text(text) => Slot::Text(text),
        wit::Slot::Markup(markup) => Slot::Markup(markup),
        wit::Slot::Node(index) => Slot::Node(index),
        wit::Slot::Each(index) => Slot::Each(index),
        wit::Slot::Component(cid) => Slot::Component(cid),
        wit::Slot::View(_) => return Err(unavailable("slot `view`")),
        wit::Slot::Upload(_) => return Err(unavailable("slot `upload`")),
    })
}

fn entry_from_wit(entry: wit::ComponentEntry) -> Result<ComponentEntry, Failure> {
    Ok(ComponentEntry { cid: entry.cid, root: slot_from_wit(entry.root)? })
}

fn each_from_wit(each: wit::Each) -> Each {
    Each {
        template: each.template,
        order: each.order,
        changed: each.changed.into_iter().map(|row| Row { id: row.id, node: row.node }).collect(),
        stream: each.stream_ops,
    }
}

fn stream_from_wit(change: wit::StreamChange) -> StreamChange {
    let insert = |insert: wit::StreamInsert| StreamInsert {
        element: insert.element,
        at: insert.at,
        limit: insert.limit,
        update_only: insert.update_only,
        node: insert.node,
    };
    StreamChange {
        name: change.name,
        inserts: change.inserts.into_iter().map(insert).collect(),
        deletes: change.deletes,
        reset: change.reset,
    }
}

fn pairs_to_wit(pairs: Vec<(String, String)>) -> Vec<wit::Pair> {
    pairs.into_iter().map(pair_to_wit).collect()
}

fn pair_to_wit((name, value): (String, String)) -> wit::Pair {
    wit::Pair { name, value }
}
