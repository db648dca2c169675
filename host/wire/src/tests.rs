//! Literal frames, limits from both sides, and that nothing panics.

use proptest::prelude::*;

use crate::{
    DecodeError, EventValue, Inbound, MAX_COMPONENT_IDS, MAX_FORM_PAIRS, MAX_JSON_DEPTH, Outbound, Push,
    Refusal, Response, TopicKind, decode,
};

#[track_caller]
fn message(frame: &str) -> Inbound<'_> {
    decode(frame).unwrap().message
}

#[track_caller]
fn check_malformed(frame: &str, expected: &str) {
    match message(frame) {
        Inbound::Malformed { reason } => assert!(reason.to_string().contains(expected), "{reason}"),
        other => panic!("{other:?}"),
    }
}

fn event(rest: &str) -> String {
    format!("[\"4\",\"8\",\"lv:phx-A\",\"event\",{{{rest}}}]")
}

#[test]
fn a_heartbeat_has_no_join_ref() {
    let frame = decode(r#"[null,"23","phoenix","heartbeat",{}]"#).unwrap();
    assert_eq!((frame.join_ref, frame.message_ref.as_deref()), (None, Some("23")));
    assert_eq!(frame.message, Inbound::Heartbeat);
}

#[test]
fn a_join_carries_tokens_url_and_params() {
    let text = r#"["4","4","lv:phx-A","phx_join",{"url":"http://h/cart","params":{"_csrf_token":"C","_mounts":2,"_mount_attempts":1},"session":"S","static":null,"sticky":false,"later":1}]"#;
    let frame = decode(text).unwrap();
    assert_eq!((frame.topic_kind(), frame.view_id()), (TopicKind::LiveView, Some("phx-A")));
    let Inbound::Join(join) = frame.message else { panic!("{frame:?}") };
    assert_eq!((join.url.as_deref(), join.redirect, join.static_token), (Some("http://h/cart"), None, None));
    assert_eq!((join.params.mounts, join.params.mount_attempts), (2, 1));
    assert_eq!(join.params.json, r#"{"_csrf_token":"C","_mounts":2,"_mount_attempts":1}"#);
}

#[test]
fn a_navigated_join_carries_redirect_and_flash() {
    let text = r#"["4","4","lv:a","phx_join",{"redirect":"http://h/b","flash":"F","params":{},"session":"S","static":"T","sticky":true}]"#;
    let Inbound::Join(join) = message(text) else { panic!() };
    assert_eq!(
        (join.redirect.as_deref(), join.flash.as_deref(), join.static_token.as_deref()),
        (Some("http://h/b"), Some("F"), Some("T"))
    );
    assert!(join.sticky && join.url.is_none());
}

#[test]
fn events_carry_json_or_form_pairs() {
    let text = event(r#""type":"click","event":"inc","value":{"foo":"1","value":""},"cid":3"#);
    let Inbound::Event(click) = message(&text) else { panic!() };
    assert_eq!(
        (&*click.name, click.cid, click.value),
        ("inc", Some(3), EventValue::Json(r#"{"foo":"1","value":""}"#))
    );

    let text = event(
        r#""type":"form","event":"save","value":"user%5Bname%5D=J%C3%B6+B&x&=y","meta":{"_target":"user[name]","n":1}"#,
    );
    let Inbound::Event(form) = message(&text) else { panic!() };
    let pairs = [("user[name]", "Jö B"), ("x", ""), ("", "y"), ("_target", "user[name]"), ("n", "1")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    assert_eq!(form.value, EventValue::Form(pairs));

    let Inbound::Event(exec) = message(r#"["4","8","lv:a","event",{"type":null,"event":"e"}]"#) else {
        panic!()
    };
    assert_eq!(exec.value, EventValue::Json("null"));
}

#[test]
fn every_other_message_of_the_catalogue_is_known() {
    let frame =
        |topic: &str, event: &str, payload: &str| format!("[\"4\",\"8\",\"{topic}\",\"{event}\",{payload}]");
    for (topic, event, payload, expected) in [
        ("lv:a", "phx_leave", "{}", Inbound::Leave),
        ("lv:a", "live_patch", r#"{"url":"/x"}"#, Inbound::LivePatch { url: "/x".into() }),
        ("lv:a", "cids_will_destroy", r#"{"cids":[2,1]}"#, Inbound::ComponentsWillDestroy(vec![2, 1])),
        ("lv:a", "cids_destroyed", r#"{"cids":[]}"#, Inbound::ComponentsDestroyed(vec![])),
        ("lv:a", "allow_upload", "{}", Inbound::AllowUpload),
        ("lv:a", "progress", "{}", Inbound::Progress),
        ("lvu:0", "phx_join", r#"{"token":"T"}"#, Inbound::JoinUpload),
        ("lv:a", "other", "{}", Inbound::Unknown { event: "other".into() }),
        ("room:1", "phx_join", "{}", Inbound::Unknown { event: "phx_join".into() }),
    ] {
        assert_eq!(message(&frame(topic, event, payload)), expected, "{topic} {event}");
    }
}

#[test]
fn a_wrong_envelope_is_an_error() {
    for frame in [
        "",
        "{}",
        "[]",
        "null",
        "[1,2,3,4,5]",
        r#"["1","2","lv:a","event"]"#,
        r#"["1","2","lv:a",null,{}]"#,
        r#"["1","2","a","b",{}]x"#,
    ] {
        assert_eq!(decode(frame), Err(DecodeError::Envelope), "{frame}");
    }
}

#[test]
fn a_wrong_payload_is_told_apart_from_a_wrong_envelope() {
    check_malformed(r#"["4","4","lv:a","phx_join",{}]"#, "`phx_join`");
    check_malformed(&event(r#""type":"form","event":"e","value":{}"#), "string");
    check_malformed(&event(r#""type":"form","event":"e","value":"a=%FF""#), "UTF-8");
    check_malformed(&event(r#""value":{}"#), "`event`");
    check_malformed(r#"["4","4","lv:a","cids_destroyed",{"cids":[-1]}]"#, "`cids_destroyed`");
    check_malformed(r#"["4","4","lv:a","live_patch",[]]"#, "`live_patch`");
}

#[test]
fn every_length_is_taken_up_to_its_limit_and_not_beyond() {
    let long = |bytes: usize| "9".repeat(bytes);
    let envelope = |message_ref: usize, topic: usize, event: usize| {
        format!("[null,\"{}\",\"lv:{}\",\"{}\",{{}}]", long(message_ref), long(topic), long(event))
    };
    assert!(decode(&envelope(20, 252, 255)).is_ok());
    for (what, frame) in
        [("ref", envelope(21, 1, 1)), ("topic", envelope(1, 253, 1)), ("event", envelope(1, 1, 256))]
    {
        assert!(
            matches!(decode(&frame), Err(DecodeError::TooLong { what: found, .. }) if found == what),
            "{what}"
        );
    }
    let join = |session: usize, url: usize| {
        format!(
            "[\"4\",\"4\",\"lv:a\",\"phx_join\",{{\"url\":\"{}\",\"session\":\"{}\",\"params\":{{}}}}]",
            long(url),
            long(session)
        )
    };
    assert!(matches!(message(&join(8192, 8192)), Inbound::Join(_)));
    check_malformed(&join(8193, 1), "session token has 8193 bytes");
    check_malformed(&join(1, 8193), "url has 8193 bytes");
    let frame = |bytes: usize| event(&format!("\"event\":\"e\",\"value\":\"{}\"", long(bytes)));
    let fits = 128 * 1024 - frame(0).len();
    assert!(decode(&frame(fits)).is_ok());
    assert!(matches!(decode(&frame(fits + 1)), Err(DecodeError::TooLong { what: "frame", .. })));
}

#[test]
fn every_count_is_taken_up_to_its_limit_and_not_beyond() {
    let form = |pairs: usize| {
        event(&format!("\"type\":\"form\",\"event\":\"e\",\"value\":\"{}\"", vec!["a=1"; pairs].join("&")))
    };
    assert!(matches!(message(&form(MAX_FORM_PAIRS)), Inbound::Event(_)));
    check_malformed(&form(MAX_FORM_PAIRS + 1), "form pairs");
    let cids =
        |count: usize| format!("[\"4\",\"8\",\"lv:a\",\"cids_destroyed\",{{\"cids\":{:?}}}]", vec![1; count]);
    assert!(matches!(message(&cids(MAX_COMPONENT_IDS)), Inbound::ComponentsDestroyed(_)));
    check_malformed(&cids(MAX_COMPONENT_IDS + 1), "component ids");
    let deep = |depth: usize| {
        event(&format!("\"event\":\"e\",\"value\":{}{}", "[".repeat(depth), "]".repeat(depth)))
    };
    assert!(matches!(message(&deep(MAX_JSON_DEPTH)), Inbound::Event(_)));
    check_malformed(&deep(MAX_JSON_DEPTH + 1), "deeper than 64");
}

#[track_caller]
fn check_encoded(outbound: &Outbound<'_>, expected: &str) {
    let mut text = String::new();
    outbound.encode_into(&mut text);
    assert_eq!(text, expected);
}

#[test]
fn replies_are_written_as_the_client_reads_them() {
    let check = |response, expected: &str| {
        let reply = Outbound::Reply { join_ref: Some("4"), message_ref: "8", topic: "lv:a", response };
        check_encoded(&reply, &format!("[\"4\",\"8\",\"lv:a\",\"phx_reply\",{expected}]"));
    };
    check(Response::Ok, r#"{"status":"ok","response":{}}"#);
    check(Response::Diff(r#"{"0":"1"}"#), r#"{"status":"ok","response":{"diff":{"0":"1"}}}"#);
    check(
        Response::Rendered { rendered: r#"{"s":[""]}"# },
        r#"{"status":"ok","response":{"rendered":{"s":[""]},"liveview_version":"1.2.12"}}"#,
    );
    check(Response::LinkRedirect, r#"{"status":"ok","response":{"link_redirect":true}}"#);
    check(Response::ComponentsDestroyed(&[1, 2]), r#"{"status":"ok","response":{"cids":[1,2]}}"#);
    for (refusal, reason) in [
        (Refusal::Unauthorized, "unauthorized"),
        (Refusal::Stale, "stale"),
        (Refusal::JoinCrashed, "join crashed"),
        (Refusal::UnmatchedTopic, "unmatched topic"),
        (Refusal::UploadDisallowed, "disallowed"),
    ] {
        check(
            Response::Refused(refusal),
            &format!("{{\"status\":\"error\",\"response\":{{\"reason\":\"{reason}\"}}}}"),
        );
    }
    let reload = Refusal::Reload { status: 404, token: "T" };
    check(
        Response::Refused(reload),
        r#"{"status":"error","response":{"reason":"reload","status":404,"token":"T"}}"#,
    );
}

#[test]
fn pushes_carry_the_join_ref() {
    let check = |push, expected: &str| {
        check_encoded(&Outbound::Push { join_ref: "4", topic: "lv:a", push }, expected)
    };
    check(Push::Diff("{}"), r#"["4",null,"lv:a","diff",{}]"#);
    check(Push::Crashed, r#"["4","4","lv:a","phx_error",{"reason":"channel_crash"}]"#);
    check(Push::Closed, r#"["4","4","lv:a","phx_close",{}]"#);
}

proptest! {
    #[test]
    fn decoding_never_panics(text in "\\PC{0,200}") {
        let _ = decode(&text);
    }

    #[test]
    fn decoding_a_broken_frame_never_panics(at in 0_usize..200, with in "\\PC{0,3}", frame in prop::sample::select(vec![
        r#"["4","4","lv:a","phx_join",{"url":"http://h/c","params":{"_mounts":0},"session":"S","static":"T","sticky":false}]"#,
        r#"["4","8","lv:a","event",{"type":"form","event":"e","value":"a%5B%5D=%C3%B6&b","meta":{"_target":"a"},"cid":1}]"#,
        r#"["4","8","lv:a","cids_destroyed",{"cids":[1,2,3]}]"#,
    ])) {
        let at = frame.floor_char_boundary(at);
        let (before, after) = frame.split_at(at);
        let mut rest = after.chars();
        rest.next();
        let _ = decode(&format!("{before}{with}{}", rest.as_str()));
    }

    #[test]
    fn what_is_written_is_json_whatever_is_echoed(join_ref in ".{0,20}", message_ref in ".{0,20}", topic in ".{0,40}") {
        let mut text = String::new();
        Outbound::Reply { join_ref: Some(&join_ref), message_ref: &message_ref, topic: &topic, response: Response::Ok }.encode_into(&mut text);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&value[0], &join_ref);
        prop_assert_eq!(&value[1], &message_ref);
        prop_assert_eq!(&value[2], &topic);
    }
}
