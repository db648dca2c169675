//! Frames of a client: what is decoded is within the documented limits and says what the text says, and every answer to
//! it is JSON.

use std::borrow::Cow;

use anyhow::{Context as _, bail, ensure};
use hothouse_wire::{
    DecodeError, EventValue, Frame, Inbound, MAX_COMPONENT_IDS, MAX_EVENT_NAME_BYTES, MAX_FORM_PAIRS,
    MAX_FRAME_BYTES, MAX_JSON_DEPTH, MAX_REF_BYTES, MAX_TOKEN_BYTES, MAX_TOPIC_BYTES, MAX_TRACKED_ASSETS,
    MAX_URL_BYTES, Outbound, Push, Refusal, Response, decode,
};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude, shape_of};

/// Longest message about a frame, in bytes: it names fields and limits, never what was sent.
const MAX_MESSAGE_BYTES: usize = 256;

pub(super) const TARGET: Target = Target {
    name: "frames",
    run,
    max_bytes: MAX_FRAME_BYTES + 1024,
    dictionary: &[
        "null",
        "true",
        "false",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud83d\\ude00",
        "\\udc00",
        "[\"4\",\"8\",\"lv:phx-A\",",
        "\"phoenix\"",
        "\"heartbeat\"",
        "\"phx_join\"",
        "\"phx_leave\"",
        "\"event\"",
        "\"live_patch\"",
        "\"cids_will_destroy\"",
        "\"cids_destroyed\"",
        "\"allow_upload\"",
        "\"progress\"",
        "lv:",
        "lvu:",
        "\"type\":\"form\"",
        "\"type\":\"click\"",
        "\"value\":",
        "\"meta\":{",
        "\"cid\":1",
        "\"cids\":[1,2]",
        "\"url\":\"",
        "\"redirect\":",
        "\"session\":\"",
        "\"static\":",
        "\"flash\":",
        "\"sticky\":true",
        "\"params\":{",
        "\"_mounts\":",
        "\"_mount_attempts\":",
        "\"_track_static\":[",
        "\"_live_referer\":",
        "a=1&",
        "%41",
        "%c3%b6",
        "%ff",
        "+",
        "&",
        "=",
        "%",
        "[[[[[[[[",
        "]]]]]]]]",
        "{\"a\":",
        "\"x\",",
        "1,",
        "é",
        "\u{2028}",
        "\u{7f}",
    ],
    lengths: &[
        MAX_JSON_DEPTH,
        MAX_REF_BYTES,
        MAX_TOPIC_BYTES,
        MAX_TRACKED_ASSETS,
        MAX_COMPONENT_IDS,
        MAX_FORM_PAIRS,
        MAX_URL_BYTES,
        MAX_FRAME_BYTES,
    ],
};

fn run(input: &[u8]) -> Verdict {
    // The socket has seen to it that text is UTF-8.
    let text = &*String::from_utf8_lossy(input);
    let result = decode(text);
    ensure!(result == decode(text), "decoding is not deterministic");
    let value: Option<Value> = serde_json::from_str(text).ok();
    let frame = match result {
        Ok(frame) => frame,
        Err(error) => {
            check_message(error)?;
            ensure!(!is_frame(text, value.as_ref()), "a frame within the limits is refused: {error}");
            return Ok(Outcome::refused(shape_of(&error.to_string())));
        }
    };
    ensure!(text.len() <= MAX_FRAME_BYTES, "a frame of {} bytes is decoded", text.len());
    check_envelope(&frame, value.as_ref())?;
    check_answers(&frame)?;
    let payload = value.as_ref().and_then(|value| value.get(4));
    let way = check_message_of(&frame, payload)?;
    let refs = (frame.join_ref.is_some(), frame.message_ref.is_some());
    if let Inbound::Malformed { reason, .. } = &frame.message {
        check_message(*reason)?;
        return Ok(Outcome::refused((way, shape_of(&reason.to_string()))));
    }
    Ok(Outcome::accepted((way, refs)))
}

fn check_message(error: DecodeError) -> anyhow::Result<()> {
    let message = error.to_string();
    ensure!(message.len() <= MAX_MESSAGE_BYTES, "a message of {} bytes", message.len());
    Ok(())
}

/// Whether another reader finds a frame within the limits in the text.
fn is_frame(text: &str, value: Option<&Value>) -> bool {
    let Some([join_ref, message_ref, topic, event, _]) = value.and_then(Value::as_array).map(Vec::as_slice)
    else {
        return false;
    };
    let is_ref =
        |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.len() <= MAX_REF_BYTES);
    let fits = |value: &Value, limit| value.as_str().is_some_and(|text| text.len() <= limit);
    text.len() <= MAX_FRAME_BYTES
        && is_ref(join_ref)
        && is_ref(message_ref)
        && fits(topic, MAX_TOPIC_BYTES)
        && fits(event, MAX_EVENT_NAME_BYTES)
}

/// What the envelope says is what another reader of the text finds.
fn check_envelope(frame: &Frame<'_>, value: Option<&Value>) -> anyhow::Result<()> {
    for (what, text, limit) in [
        ("join ref", frame.join_ref.as_deref(), MAX_REF_BYTES),
        ("ref", frame.message_ref.as_deref(), MAX_REF_BYTES),
        ("topic", Some(&*frame.topic), MAX_TOPIC_BYTES),
    ] {
        within(what, text, limit)?;
    }
    // Another reader refuses what is nested deeply, and numbers that are too large: payloads are not read here.
    let Some(value) = value else { return Ok(()) };
    let found = [frame.join_ref.as_deref(), frame.message_ref.as_deref(), Some(&*frame.topic)];
    for (index, found) in found.into_iter().enumerate() {
        ensure!(
            value.get(index).map(Value::as_str) == Some(found),
            "element {index} is decoded as {found:?}"
        );
    }
    ensure!(value.as_array().is_some_and(|elements| elements.len() == 5), "a frame of not five elements");
    Ok(())
}

/// All that may be answered to a frame is JSON, with the frame's own refs.
fn check_answers(frame: &Frame<'_>) -> anyhow::Result<()> {
    let (join_ref, topic) = (frame.join_ref.as_deref(), &*frame.topic);
    let message_ref = frame.message_ref.as_deref().unwrap_or_default();
    let mut text = String::new();
    for response in [
        Response::Ok,
        Response::Rendered { rendered: "{}", patch: None },
        Response::Diff("{}"),
        Response::LinkRedirect,
        Response::ComponentsDestroyed(&[1, 2]),
        Response::Refused(Refusal::Reload { status: 404, token: topic }),
    ] {
        text.clear();
        let is_refused = matches!(response, Response::Refused(_));
        Outbound::Reply { join_ref, message_ref, topic, response }.encode_into(&mut text);
        let answer: Answer<'_> = serde_json::from_str(&text).with_context(|| format!("the answer {text}"))?;
        let envelope = (answer.0.as_deref(), answer.1.as_deref(), &*answer.2, &*answer.3);
        ensure!(envelope == (join_ref, Some(message_ref), topic, "phx_reply"), "the answer {text}");
        let status = if is_refused { "error" } else { "ok" };
        ensure!(answer.4.get("status").and_then(Value::as_str) == Some(status), "the answer {text}");
    }
    for push in [Push::Diff("{}"), Push::Crashed, Push::Closed] {
        text.clear();
        let is_diff = matches!(push, Push::Diff(_));
        Outbound::Push { join_ref: message_ref, topic, push }.encode_into(&mut text);
        let push: Answer<'_> = serde_json::from_str(&text).with_context(|| format!("the push {text}"))?;
        let wanted = (!is_diff).then_some(message_ref);
        let envelope = (push.0.as_deref(), push.1.as_deref(), &*push.2);
        ensure!(envelope == (Some(message_ref), wanted, topic), "the push {text}");
    }
    Ok(())
}

/// What the host writes: five elements and no more.
#[derive(serde::Deserialize)]
struct Answer<'a>(Option<Cow<'a, str>>, Option<Cow<'a, str>>, Cow<'a, str>, Cow<'a, str>, Value);

/// Everything in a message is within its limit. Says which way the message took.
fn check_message_of(frame: &Frame<'_>, payload: Option<&Value>) -> anyhow::Result<(u32, u32)> {
    let flag = u32::from;
    Ok(match &frame.message {
        Inbound::Heartbeat => (0, 0),
        Inbound::JoinUpload => (1, 0),
        Inbound::Leave => (2, 0),
        Inbound::AllowUpload => (3, 0),
        Inbound::Progress => (4, 0),
        Inbound::Unknown { event } | Inbound::Malformed { event, .. } => {
            within("event", Some(event), MAX_EVENT_NAME_BYTES)?;
            (5, flag(matches!(frame.message, Inbound::Unknown { .. })))
        }
        Inbound::LivePatch { url } => {
            within("url", Some(url), MAX_URL_BYTES)?;
            (6, magnitude(url.len()))
        }
        Inbound::ComponentsWillDestroy(cids) | Inbound::ComponentsDestroyed(cids) => {
            ensure!(cids.len() <= MAX_COMPONENT_IDS, "{} component ids", cids.len());
            (7, magnitude(cids.len()))
        }
        Inbound::Join(join) => {
            for (what, text, limit) in [
                ("url", join.url.as_deref(), MAX_URL_BYTES),
                ("redirect", join.redirect.as_deref(), MAX_URL_BYTES),
                ("session", Some(&*join.session), MAX_TOKEN_BYTES),
                ("static", join.static_token.as_deref(), MAX_TOKEN_BYTES),
                ("flash", join.flash.as_deref(), MAX_TOKEN_BYTES),
                ("referer", join.params.live_referer.as_deref(), MAX_URL_BYTES),
            ] {
                within(what, text, limit)?;
            }
            let assets = &join.params.track_static;
            ensure!(assets.len() <= MAX_TRACKED_ASSETS, "{} tracked assets", assets.len());
            assets.iter().try_for_each(|asset| within("asset", Some(asset), MAX_URL_BYTES))?;
            check_json(join.params.json)?;
            let texts =
                [&join.url, &join.redirect, &join.static_token, &join.flash, &join.params.live_referer];
            let which = texts.iter().fold(flag(join.sticky), |which, text| which * 2 + flag(text.is_some()));
            (8, which * 16 + magnitude(assets.len()))
        }
        Inbound::Event(event) => {
            within("event name", Some(&event.name), MAX_EVENT_NAME_BYTES)?;
            match &event.value {
                EventValue::Json(json) => {
                    check_json(json)?;
                    (9, flag(event.cid.is_some()) * 2 + flag(json.starts_with('{')))
                }
                EventValue::Form(pairs) => {
                    check_form(pairs, payload)?;
                    (10, magnitude(pairs.len()))
                }
            }
        }
    })
}

fn within(what: &str, text: Option<&str>, limit: usize) -> anyhow::Result<()> {
    let found = text.map_or(0, str::len);
    ensure!(found <= limit, "{what} of {found} bytes, the limit is {limit}");
    Ok(())
}

/// JSON for a guest: well-formed, and no deeper than its readers may recurse.
fn check_json(json: &str) -> anyhow::Result<()> {
    serde_json::from_str::<IgnoredAny>(json).with_context(|| format!("not JSON: {json}"))?;
    // A number may be too large for this reader, half a pair of surrogates no text.
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        ensure!(depth(&value) <= MAX_JSON_DEPTH, "nested {} deep", depth(&value));
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or_default(),
        Value::Object(values) => 1 + values.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// The pairs are those that the URL standard finds, then those of `meta`.
fn check_form(pairs: &[(String, String)], payload: Option<&Value>) -> anyhow::Result<()> {
    ensure!(pairs.len() <= MAX_FORM_PAIRS, "{} form pairs", pairs.len());
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
    ensure!(bytes <= MAX_FRAME_BYTES, "a form of {bytes} bytes");
    let Some(form) = payload.and_then(|payload| payload.get("value")?.as_str()) else { return Ok(()) };
    let mut pairs = pairs.iter();
    for (name, value) in form_urlencoded::parse(form.as_bytes()) {
        let Some(found) = pairs.next() else { bail!("the form has too few pairs: {name:?} is missing") };
        ensure!((&*found.0, &*found.1) == (&*name, &*value), "{found:?} is {:?}", (name, value));
    }
    Ok(())
}
