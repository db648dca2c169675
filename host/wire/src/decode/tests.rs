//! Literal frames of the published client, limits from both sides, and that nothing panics.

use proptest::prelude::*;

use crate::{
    DecodeError, Event, EventValue, Inbound, Join, JoinParams, MAX_COMPONENT_IDS, MAX_EVENT_NAME_BYTES,
    MAX_FORM_PAIRS, MAX_FRAME_BYTES, MAX_JSON_DEPTH, MAX_REF_BYTES, MAX_TOKEN_BYTES, MAX_TOPIC_BYTES,
    MAX_TRACKED_ASSETS, MAX_URL_BYTES, TopicKind, decode,
};

fn frame(topic: &str, event: &str, payload: &str) -> String {
    format!("[\"4\",\"8\",\"{topic}\",\"{event}\",{payload}]")
}

#[track_caller]
fn check(topic: &str, event: &str, payload: &str, expected: &Inbound<'_>) {
    let text = frame(topic, event, payload);
    let frame = decode(&text).unwrap();
    assert_eq!((frame.join_ref.as_deref(), frame.message_ref.as_deref()), (Some("4"), Some("8")));
    assert_eq!((&*frame.topic, &frame.message), (topic, expected));
}

#[track_caller]
fn check_event(payload: &str, name: &str, cid: Option<u32>, value: EventValue<'_>) {
    check("lv:phx-A", "event", payload, &Inbound::Event(Event { name: name.into(), cid, value }));
}

#[track_caller]
fn check_malformed(event: &str, payload: &str, expected: &str) {
    match decode(&frame("lv:phx-A", event, payload)).unwrap().message {
        Inbound::Malformed { event: found, reason } => {
            assert_eq!(found, event);
            assert!(reason.to_string().contains(expected), "{reason}");
        }
        other => panic!("{payload} is {other:?}"),
    }
}

fn pairs(pairs: &[(&str, &str)]) -> EventValue<'static> {
    EventValue::Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn a_heartbeat_has_no_join_ref() {
    let frame = decode(r#"[null,"23","phoenix","heartbeat",{}]"#).unwrap();
    assert_eq!((frame.join_ref, frame.message_ref.as_deref()), (None, Some("23")));
    assert_eq!((frame.topic.as_ref(), frame.message), ("phoenix", Inbound::Heartbeat));
}

#[test]
fn topics_are_told_apart() {
    for (topic, kind, view_id) in [
        ("phoenix", TopicKind::Phoenix, None),
        ("lv:phx-GAx7k2Jd", TopicKind::LiveView, Some("phx-GAx7k2Jd")),
        ("lv:", TopicKind::LiveView, Some("")),
        ("lvu:0", TopicKind::Upload, None),
        ("phoenix:live_reload", TopicKind::Other, None),
        ("", TopicKind::Other, None),
    ] {
        let text = frame(topic, "phx_leave", "{}");
        let frame = decode(&text).unwrap();
        assert_eq!((frame.topic_kind(), frame.view_id()), (kind, view_id), "{topic}");
    }
}

#[test]
fn a_join_carries_tokens_url_and_params() {
    let params = r#"{"_csrf_token":"C","_mounts":2,"_mount_attempts":1,"_track_static":["http://h/app.js"]}"#;
    let payload = format!(
        r#"{{"url":"http://h/cart","params":{params},"session":"SESS1","static":null,"sticky":false,"later":[1]}}"#
    );
    let join = Join {
        url: Some("http://h/cart".into()),
        redirect: None,
        session: "SESS1".into(),
        static_token: None,
        flash: None,
        sticky: false,
        params: JoinParams {
            mounts: 2,
            mount_attempts: 1,
            track_static: vec!["http://h/app.js".into()],
            live_referer: None,
            json: params,
        },
    };
    check("lv:phx-GAx7k2Jd", "phx_join", &payload, &Inbound::Join(join));
}

#[test]
fn a_navigated_join_carries_redirect_referer_and_flash() {
    let params =
        r#"{"_csrf_token":"C","_mounts":0,"_mount_attempts":0,"_live_referer":"http://h/cart?page=2"}"#;
    let payload = format!(
        r#"{{"redirect":"http://h/orders","params":{params},"session":"S","static":"T","flash":"F","sticky":true}}"#
    );
    let join = Join {
        url: None,
        redirect: Some("http://h/orders".into()),
        session: "S".into(),
        static_token: Some("T".into()),
        flash: Some("F".into()),
        sticky: true,
        params: JoinParams {
            mounts: 0,
            mount_attempts: 0,
            track_static: vec![],
            live_referer: Some("http://h/cart?page=2".into()),
            json: params,
        },
    };
    check("lv:phx-GAx7k2Jd", "phx_join", &payload, &Inbound::Join(join));
}

#[test]
fn events_carry_the_json_of_their_value() {
    for (payload, name, cid, value) in [
        (
            r#"{"type":"click","event":"inc","value":{"foo":"1","value":""}}"#,
            "inc",
            None,
            r#"{"foo":"1","value":""}"#,
        ),
        (
            r#"{"type":"click","event":"save","value":{"z":"9","value":"","id":1},"cid":1}"#,
            "save",
            Some(1),
            r#"{"z":"9","value":"","id":1}"#,
        ),
        (
            r#"{"type":"keydown","event":"kd","value":{"key":"Enter","value":"v"}}"#,
            "kd",
            None,
            r#"{"key":"Enter","value":"v"}"#,
        ),
        (r#"{"type":"hook","event":"ping","value":[1]}"#, "ping", None, "[1]"),
        (
            r#"{"type":"js","event":"prev","value":{"id":"row-1","_overran":true}}"#,
            "prev",
            None,
            r#"{"id":"row-1","_overran":true}"#,
        ),
        (r#"{"type":null,"event":"e","cid":null}"#, "e", None, "null"),
        (r#"{"event":"a\nb","value":"c\"d"}"#, "a\nb", None, r#""c\"d""#),
    ] {
        check_event(payload, name, cid, EventValue::Json(value));
    }
}

#[test]
fn forms_carry_pairs_and_then_their_meta() {
    check_event(
        r#"{"type":"form","event":"validate","value":"user%5Bname%5D=joe&_unused_tags%5B%5D=&tags%5B%5D=a&_unused_s=&s=1","meta":{"_target":"user[name]","extra":"E"},"uploads":{}}"#,
        "validate",
        None,
        pairs(&[
            ("user[name]", "joe"),
            ("_unused_tags[]", ""),
            ("tags[]", "a"),
            ("_unused_s", ""),
            ("s", "1"),
            ("_target", "user[name]"),
            ("extra", "E"),
        ]),
    );
    check_event(
        r#"{"type":"form","event":"save","value":"user%5Bname%5D=joe&act=go","meta":{}}"#,
        "save",
        None,
        pairs(&[("user[name]", "joe"), ("act", "go")]),
    );
    check_event(
        r#"{"type":"form","event":"save","value":"","meta":{"n":1,"o":{"p":[null]},"q":"\u00f6"},"cid":2}"#,
        "save",
        Some(2),
        pairs(&[("n", "1"), ("o", r#"{"p":[null]}"#), ("q", "ö")]),
    );
}

#[test]
fn every_other_message_of_the_catalogue_is_known() {
    for (topic, event, payload, expected) in [
        ("lv:phx-GAx7k2Jd", "phx_leave", "{}", Inbound::Leave),
        (
            "lv:phx-GAx7k2Jd",
            "live_patch",
            r#"{"url":"http://h/cart?page=2"}"#,
            Inbound::LivePatch { url: "http://h/cart?page=2".into() },
        ),
        ("lv:a", "cids_will_destroy", r#"{"cids":[2,1]}"#, Inbound::ComponentsWillDestroy(vec![2, 1])),
        ("lv:a", "cids_destroyed", r#"{"cids":[2,1]}"#, Inbound::ComponentsDestroyed(vec![2, 1])),
        ("lv:a", "cids_destroyed", r#"{"cids":[]}"#, Inbound::ComponentsDestroyed(vec![])),
        ("lv:a", "allow_upload", r#"{"ref":"phx-UP1","entries":[]}"#, Inbound::AllowUpload),
        (
            "lv:a",
            "progress",
            r#"{"event":null,"ref":"phx-UP1","entry_ref":"0","progress":54}"#,
            Inbound::Progress,
        ),
        ("lvu:0", "phx_join", r#"{"token":"UPTOKEN"}"#, Inbound::JoinUpload),
        ("lvu:0", "phx_leave", "{}", Inbound::Leave),
    ] {
        check(topic, event, payload, &expected);
    }
}

#[test]
fn what_the_catalogue_lacks_is_unknown() {
    for (topic, event) in [
        ("lv:a", "other"),
        ("lv:a", "heartbeat"),
        ("lv:a", "phx_reply"),
        ("phoenix", "phx_join"),
        ("phoenix", "event"),
        ("lvu:0", "event"),
        ("lvu:0", "chunk"),
        ("room:1", "phx_join"),
        ("room:1", "live_patch"),
    ] {
        check(topic, event, "{}", &Inbound::Unknown { event: event.into() });
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
        r#"["1","2","lv:a","event",{},{}]"#,
        r#"["1","2","lv:a",null,{}]"#,
        r#"["1",2,"lv:a","event",{}]"#,
        r#"["1","2",null,"event",{}]"#,
        r#"["1","2","lv:a","event",{]"#,
        r#"["1","2","lv:a","event",{}]x"#,
        r#"["1","2","lv:\ud800","event",{}]"#,
    ] {
        assert_eq!(decode(frame), Err(DecodeError::Envelope), "{frame}");
    }
}

#[test]
fn a_wrong_payload_can_still_be_answered() {
    check_malformed("phx_join", "{}", "`phx_join`");
    check_malformed("phx_join", r#"{"session":"S","params":[]}"#, "`params` is an object");
    check_malformed("phx_join", r#"{"session":"S","params":{"_mounts":-1}}"#, "`_mounts`");
    check_malformed("phx_join", r#"{"session":"S","params":{"_track_static":"x"}}"#, "`_track_static`");
    check_malformed("event", r#"{"value":{}}"#, "`event`");
    check_malformed("event", r#"{"event":"e","cid":1.5}"#, "`event`");
    check_malformed("event", r#"[null,"e",{},null,null]"#, "`event`");
    check_malformed("event", r#"{"type":"form","event":"e","value":{}}"#, "string");
    check_malformed("event", r#"{"type":"form","event":"e"}"#, "string");
    check_malformed("event", r#"{"type":"form","event":"e","value":"a=%FF"}"#, "UTF-8");
    check_malformed("event", r#"{"type":"form","event":"e","value":"","meta":{"a":"\ud800"}}"#, "UTF-8");
    check_malformed("cids_destroyed", r#"{"cids":[-1]}"#, "`cids_destroyed`");
    check_malformed("cids_will_destroy", "{}", "`cids_will_destroy`");
    check_malformed("live_patch", r#"["/x"]"#, "`live_patch`");
    check_malformed("live_patch", "null", "`live_patch`");
}

#[test]
fn parts_of_the_envelope_are_taken_up_to_their_limits_and_not_beyond() {
    for (what, limit, others) in [
        ("ref", MAX_REF_BYTES, ["[null,\"", "\",\"lv:a\",\"x\",{}]"]),
        ("ref", MAX_REF_BYTES, ["[\"", "\",\"1\",\"lv:a\",\"x\",{}]"]),
        ("topic", MAX_TOPIC_BYTES, ["[null,\"1\",\"", "\",\"x\",{}]"]),
        ("event", MAX_EVENT_NAME_BYTES, ["[null,\"1\",\"lv:a\",\"", "\",{}]"]),
        ("frame", MAX_FRAME_BYTES - 30, ["[null,\"1\",\"lv:a\",\"x\",{\"x\":\"", "\"}]"]),
    ] {
        assert!(decode(&others.join(&"9".repeat(limit))).is_ok(), "{what}");
        let error = decode(&others.join(&"9".repeat(limit + 1))).unwrap_err();
        assert!(matches!(error, DecodeError::TooLong { what: found, .. } if found == what), "{error}");
    }
}

#[test]
fn parts_of_payloads_are_taken_up_to_their_limits_and_not_beyond() {
    let join = r#"{"session":"S","params":{},""#;
    for (event, limit, [before, after], expected) in [
        (
            "phx_join",
            MAX_TOKEN_BYTES,
            ["{\"params\":{},\"session\":\"", "\"}"],
            "session token has 8193 bytes",
        ),
        ("phx_join", MAX_TOKEN_BYTES, [&format!("{join}static\":\""), "\"}"], "static token has"),
        ("phx_join", MAX_TOKEN_BYTES, [&format!("{join}flash\":\""), "\"}"], "flash token has"),
        ("phx_join", MAX_URL_BYTES, [&format!("{join}url\":\""), "\"}"], "url has 8193 bytes"),
        ("phx_join", MAX_URL_BYTES, [&format!("{join}redirect\":\""), "\"}"], "redirect has"),
        (
            "phx_join",
            MAX_URL_BYTES,
            ["{\"session\":\"S\",\"params\":{\"_live_referer\":\"", "\"}}"],
            "live referer has",
        ),
        (
            "phx_join",
            MAX_URL_BYTES,
            ["{\"session\":\"S\",\"params\":{\"_track_static\":[\"", "\"]}}"],
            "tracked asset has",
        ),
        ("live_patch", MAX_URL_BYTES, ["{\"url\":\"", "\"}"], "url has"),
        ("event", MAX_EVENT_NAME_BYTES, ["{\"event\":\"", "\"}"], "event name has 256 bytes"),
    ] {
        let payload = |bytes: usize| format!("{before}{}{after}", "9".repeat(bytes));
        let text = frame("lv:a", event, &payload(limit));
        let message = decode(&text).unwrap().message;
        assert!(!matches!(message, Inbound::Malformed { .. }), "{expected}: {message:?}");
        check_malformed(event, &payload(limit + 1), expected);
    }
}

#[test]
fn every_count_is_taken_up_to_its_limit_and_not_beyond() {
    let form = |count: usize, meta: &str| {
        let value = vec!["a=1"; count].join("&");
        format!("{{\"type\":\"form\",\"event\":\"e\",\"value\":\"{value}\",\"meta\":{meta}}}")
    };
    let component_ids = |count: usize| format!("{{\"cids\":{:?}}}", vec![1; count]);
    let assets = |count: usize| {
        format!("{{\"session\":\"S\",\"params\":{{\"_track_static\":{:?}}}}}", vec!["/a.js"; count])
    };
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let value = |depth: usize| format!("{{\"event\":\"e\",\"value\":{}}}", deep(depth));
    let meta = |depth: usize| form(1, &format!("{{\"m\":{}}}", deep(depth)));
    let params = |depth: usize| format!("{{\"session\":\"S\",\"params\":{{\"p\":{}}}}}", deep(depth - 1));
    for (event, inside, outside, expected) in [
        ("event", form(MAX_FORM_PAIRS, "{}"), form(MAX_FORM_PAIRS + 1, "{}"), "more than 1000 form pairs"),
        (
            "event",
            form(MAX_FORM_PAIRS - 1, "{\"m\":1}"),
            form(MAX_FORM_PAIRS, "{\"m\":1}"),
            "more than 1000 form pairs",
        ),
        (
            "cids_destroyed",
            component_ids(MAX_COMPONENT_IDS),
            component_ids(MAX_COMPONENT_IDS + 1),
            "more than 1000 component ids",
        ),
        (
            "cids_will_destroy",
            component_ids(MAX_COMPONENT_IDS),
            component_ids(MAX_COMPONENT_IDS + 1),
            "more than 1000 component ids",
        ),
        (
            "phx_join",
            assets(MAX_TRACKED_ASSETS),
            assets(MAX_TRACKED_ASSETS + 1),
            "more than 256 tracked assets",
        ),
        ("event", value(MAX_JSON_DEPTH), value(MAX_JSON_DEPTH + 1), "deeper than 64"),
        ("event", meta(MAX_JSON_DEPTH), meta(MAX_JSON_DEPTH + 1), "deeper than 64"),
        ("phx_join", params(MAX_JSON_DEPTH), params(MAX_JSON_DEPTH + 1), "deeper than 64"),
    ] {
        let text = frame("lv:a", event, &inside);
        let message = decode(&text).unwrap().message;
        assert!(!matches!(message, Inbound::Malformed { .. }), "{expected}: {message:?}");
        check_malformed(event, &outside, expected);
    }
}

#[test]
fn brackets_in_strings_and_beside_each_other_are_not_depth() {
    let flat = format!("[\"\\\"{}\",{}[]]", "[".repeat(100), "[],".repeat(100));
    check_event(&format!("{{\"event\":\"e\",\"value\":{flat}}}"), "e", None, EventValue::Json(&flat));
}

#[test]
fn nothing_is_copied_that_needs_no_escape() {
    use std::borrow::Cow::Borrowed;
    let text = frame("lv:a", "event", r#"{"type":"click","event":"inc","value":{}}"#);
    let frame = decode(&text).unwrap();
    assert!(matches!((&frame.topic, &frame.message_ref), (Borrowed(_), Some(Borrowed(_)))));
    assert!(matches!(frame.message, Inbound::Event(Event { name: Borrowed(_), .. })));
}

/// JSON values of any shape, many of them what some field of a payload has to be.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("{}".to_owned()),
        Just("\"form\"".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        prop::num::f64::NORMAL.prop_map(|value| format!("{value:e}")),
        "[a-z%+=&]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just(r#""\ud800\n""#.to_owned()),
    ];
    let key = prop::sample::select(vec![
        "url",
        "redirect",
        "params",
        "session",
        "static",
        "flash",
        "sticky",
        "_mounts",
        "_track_static",
        "_live_referer",
        "type",
        "event",
        "value",
        "cid",
        "cids",
        "meta",
        "_target",
        "x",
    ]);
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            prop::collection::vec((key.clone(), inner), 0..7).prop_map(|members| {
                let members: Vec<String> =
                    members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn decoding_never_panics(text in any::<String>()) {
        let _ = decode(&text);
    }

    #[test]
    fn any_payload_leaves_the_envelope_readable(
        topic in prop::sample::select(vec!["phoenix", "lv:a", "lvu:0", "x"]),
        event in prop::sample::select(vec![
            "heartbeat", "phx_join", "phx_leave", "event", "live_patch", "cids_will_destroy", "cids_destroyed",
            "allow_upload", "progress", "x",
        ]),
        payload in any_json(),
    ) {
        let text = frame(topic, event, &payload);
        let frame = decode(&text).unwrap();
        prop_assert_eq!(&*frame.topic, topic);
        prop_assert_eq!(frame.message_ref.as_deref(), Some("8"));
        if let Inbound::Unknown { event: found } | Inbound::Malformed { event: found, .. } = frame.message {
            prop_assert_eq!(&*found, event);
        }
    }

    #[test]
    fn decoding_a_broken_frame_never_panics(
        cut in any::<prop::sample::Index>(),
        skipped in 0_usize..4,
        with in prop_oneof![any::<String>(), "[\\[\\]{}\",:0-9nu\\\\]{0,4}"],
        frame in prop::sample::select(vec![
            r#"["4","4","lv:phx-A","phx_join",{"url":"http://h/c","params":{"_mounts":0},"session":"S","static":"T","sticky":false}]"#,
            r#"["4","8","lv:phx-A","event",{"type":"form","event":"e","value":"a%5B%5D=%C3%B6&b","meta":{"_target":"a"},"cid":1}]"#,
            r#"["4","8","lv:phx-A","event",{"type":"click","event":"e","value":{"a":[1,"\u00e9"]}}]"#,
            r#"["4","8","lv:phx-A","cids_destroyed",{"cids":[1,2,3]}]"#,
            r#"["4","8","lv:phx-A","live_patch",{"url":"http://h/cart?page=2"}]"#,
        ]),
    ) {
        let (before, after) = frame.split_at(cut.index(frame.len()));
        let after = after.get(skipped..).unwrap_or_default();
        let _ = decode(&format!("{before}{with}{after}"));
    }
}
