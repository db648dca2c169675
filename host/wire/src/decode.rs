//! One text frame to [`Frame`], in two passes: the envelope, then the payload that its event carries.
//!
//! Nothing is copied that can be borrowed, and no JSON value is built.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::keys::inbound as names;
use crate::{
    DecodeError, Event, EventValue, Frame, Inbound, Join, JoinParams, MAX_COMPONENT_IDS,
    MAX_EVENT_NAME_BYTES, MAX_FRAME_BYTES, MAX_JSON_DEPTH, MAX_REF_BYTES, MAX_TOKEN_BYTES, MAX_TOPIC_BYTES,
    MAX_TRACKED_ASSETS, MAX_URL_BYTES, TopicKind, form,
};

#[derive(Deserialize)]
struct Envelope<'a>(
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow)] &'a RawValue,
);

/// A string that is borrowed whenever it can be, inside `Option` and `Vec` as well.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct JoinPayload<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    redirect: Option<Text<'a>>,
    #[serde(borrow)]
    session: Text<'a>,
    #[serde(borrow, rename = "static")]
    static_token: Option<Text<'a>>,
    #[serde(borrow)]
    flash: Option<Text<'a>>,
    #[serde(default)]
    sticky: bool,
    #[serde(borrow)]
    params: &'a RawValue,
}

#[derive(Deserialize)]
struct ParamsPayload<'a> {
    #[serde(default, rename = "_mounts")]
    mounts: u32,
    #[serde(default, rename = "_mount_attempts")]
    mount_attempts: u32,
    #[serde(borrow, default, rename = "_track_static")]
    track_static: Vec<Text<'a>>,
    #[serde(borrow, rename = "_live_referer")]
    live_referer: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct EventPayload<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    event: Text<'a>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    cid: Option<u32>,
    #[serde(borrow)]
    meta: Option<BTreeMap<Cow<'a, str>, &'a RawValue>>,
}

#[derive(Deserialize)]
struct UrlPayload<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

#[derive(Deserialize)]
struct ComponentIdsPayload {
    cids: Vec<u32>,
}

/// Decodes one text frame.
///
/// A payload that is malformed does not fail: the frame comes back with [`Inbound::Malformed`].
///
/// # Errors
/// [`DecodeError`] when the envelope is not one, or a part of it is too long.
pub fn decode(frame: &str) -> Result<Frame<'_>, DecodeError> {
    within("frame", frame, MAX_FRAME_BYTES)?;
    let Envelope(join_ref, message_ref, Text(topic), Text(event), payload) =
        serde_json::from_str(frame).map_err(|_| DecodeError::Envelope)?;
    within("topic", &topic, MAX_TOPIC_BYTES)?;
    within("event", &event, MAX_EVENT_NAME_BYTES)?;
    let (join_ref, message_ref) =
        (optional("ref", join_ref, MAX_REF_BYTES)?, optional("ref", message_ref, MAX_REF_BYTES)?);
    let message = match message(TopicKind::of(&topic), &event, payload.get()) {
        Ok(Some(message)) => message,
        Ok(None) => Inbound::Unknown { event },
        Err(reason) => Inbound::Malformed { event, reason },
    };
    Ok(Frame { join_ref, message_ref, topic, message })
}

/// `None` for an event that topics of this kind do not have.
fn message<'a>(kind: TopicKind, event: &str, payload: &'a str) -> Result<Option<Inbound<'a>>, DecodeError> {
    Ok(Some(match (kind, event) {
        (TopicKind::Phoenix, names::HEARTBEAT) => Inbound::Heartbeat,
        (TopicKind::LiveView, names::EVENT) => Inbound::Event(decode_event(payload)?),
        (TopicKind::LiveView, names::JOIN) => Inbound::Join(decode_join(payload)?),
        (TopicKind::Upload, names::JOIN) => Inbound::JoinUpload,
        (_, names::LEAVE) => Inbound::Leave,
        (TopicKind::LiveView, names::LIVE_PATCH) => {
            let UrlPayload { url } = object(names::LIVE_PATCH, payload, "an object with a string `url`")?;
            Inbound::LivePatch { url: bounded("url", url, MAX_URL_BYTES)? }
        }
        (TopicKind::LiveView, names::COMPONENTS_WILL_DESTROY) => {
            Inbound::ComponentsWillDestroy(decode_component_ids(names::COMPONENTS_WILL_DESTROY, payload)?)
        }
        (TopicKind::LiveView, names::COMPONENTS_DESTROYED) => {
            Inbound::ComponentsDestroyed(decode_component_ids(names::COMPONENTS_DESTROYED, payload)?)
        }
        (TopicKind::LiveView, names::ALLOW_UPLOAD) => Inbound::AllowUpload,
        (TopicKind::LiveView, names::PROGRESS) => Inbound::Progress,
        _ => return Ok(None),
    }))
}

fn decode_join(payload: &str) -> Result<Join<'_>, DecodeError> {
    let join: JoinPayload<'_> =
        object(names::JOIN, payload, "an object with `session`, `static`, `params` and `url` or `redirect`")?;
    Ok(Join {
        url: optional("url", join.url, MAX_URL_BYTES)?,
        redirect: optional("redirect", join.redirect, MAX_URL_BYTES)?,
        session: bounded("session token", join.session, MAX_TOKEN_BYTES)?,
        static_token: optional("static token", join.static_token, MAX_TOKEN_BYTES)?,
        flash: optional("flash token", join.flash, MAX_TOKEN_BYTES)?,
        sticky: join.sticky,
        params: decode_params(join.params.get())?,
    })
}

fn decode_params(json: &str) -> Result<JoinParams<'_>, DecodeError> {
    let expected = "`params` is an object; `_mounts` and `_mount_attempts` are numbers, `_track_static` a list \
                    of strings, `_live_referer` a string";
    let params: ParamsPayload<'_> = object(names::JOIN, json, expected)?;
    shallow(json)?;
    if params.track_static.len() > MAX_TRACKED_ASSETS {
        return Err(DecodeError::TooMany { what: "tracked assets", limit: MAX_TRACKED_ASSETS });
    }
    let track_static = params.track_static.into_iter();
    Ok(JoinParams {
        mounts: params.mounts,
        mount_attempts: params.mount_attempts,
        track_static: track_static
            .map(|url| bounded("tracked asset", url, MAX_URL_BYTES))
            .collect::<Result<_, _>>()?,
        live_referer: optional("live referer", params.live_referer, MAX_URL_BYTES)?,
        json,
    })
}

fn decode_event(payload: &str) -> Result<Event<'_>, DecodeError> {
    let event: EventPayload<'_> =
        object(names::EVENT, payload, "an object with `type`, `event` and `value`")?;
    let value = event.value.map_or("null", RawValue::get);
    let value = if event.kind.is_some_and(|kind| kind.0 == names::TYPE_FORM) {
        let Text(pairs) = parse(names::EVENT, value, "a form's `value` is a string")?;
        for json in event.meta.iter().flat_map(BTreeMap::values) {
            shallow(json.get())?;
        }
        EventValue::Form(form::decode(&pairs, event.meta.as_ref())?)
    } else {
        shallow(value)?;
        EventValue::Json(value)
    };
    Ok(Event { name: bounded("event name", event.event, MAX_EVENT_NAME_BYTES)?, cid: event.cid, value })
}

fn decode_component_ids(event: &'static str, payload: &str) -> Result<Vec<u32>, DecodeError> {
    let ComponentIdsPayload { cids } = object(event, payload, "an object with an array `cids` of numbers")?;
    if cids.len() > MAX_COMPONENT_IDS {
        return Err(DecodeError::TooMany { what: "component ids", limit: MAX_COMPONENT_IDS });
    }
    Ok(cids)
}

/// Parses a JSON object; derived types alone would take an array of their fields as well.
fn object<'a, T: Deserialize<'a>>(
    event: &'static str,
    json: &'a str,
    expected: &'static str,
) -> Result<T, DecodeError> {
    if !json.starts_with('{') {
        return Err(DecodeError::Payload { event, expected });
    }
    parse(event, json, expected)
}

fn parse<'a, T: Deserialize<'a>>(
    event: &'static str,
    json: &'a str,
    expected: &'static str,
) -> Result<T, DecodeError> {
    serde_json::from_str(json).map_err(|_| DecodeError::Payload { event, expected })
}

fn within(what: &'static str, text: &str, limit: usize) -> Result<(), DecodeError> {
    if text.len() > limit {
        return Err(DecodeError::TooLong { what, found: text.len(), limit });
    }
    Ok(())
}

fn bounded<'a>(what: &'static str, text: Text<'a>, limit: usize) -> Result<Cow<'a, str>, DecodeError> {
    within(what, &text.0, limit).map(|()| text.0)
}

fn optional<'a>(
    what: &'static str,
    text: Option<Text<'a>>,
    limit: usize,
) -> Result<Option<Cow<'a, str>>, DecodeError> {
    text.map(|text| bounded(what, text, limit)).transpose()
}

/// Checks the nesting of JSON text that is known to be well-formed.
fn shallow(json: &str) -> Result<(), DecodeError> {
    if json.len() <= 2 * MAX_JSON_DEPTH {
        // Each level takes two brackets.
        return Ok(());
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_JSON_DEPTH {
                    return Err(DecodeError::TooDeep { limit: MAX_JSON_DEPTH });
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
