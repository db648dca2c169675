//! Literal frames, and that what is written is JSON.

use proptest::prelude::*;

use crate::{Away, Destination, Outbound, Push, Refusal, Response};

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
        Response::Rendered { rendered: r#"{"s":[""]}"#, patch: None },
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
    fn what_is_written_is_json_whatever_is_echoed(join_ref in ".{0,20}", message_ref in ".{0,20}", topic in ".{0,40}") {
        let mut text = String::new();
        Outbound::Reply { join_ref: Some(&join_ref), message_ref: &message_ref, topic: &topic, response: Response::Ok }.encode_into(&mut text);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&value[0], &join_ref);
        prop_assert_eq!(&value[1], &message_ref);
        prop_assert_eq!(&value[2], &topic);
    }
}

#[test]
fn where_a_page_goes_is_written_as_the_client_reads_it() {
    let destination = Destination { to: "/a?b=\"c\"", replace: true };
    let push = |push, expected: &str| {
        check_encoded(&Outbound::Push { join_ref: "4", topic: "lv:a", push }, expected);
    };
    push(Push::Patch(destination), r#"["4",null,"lv:a","live_patch",{"to":"/a?b=\"c\"","kind":"replace"}]"#);
    let navigate =
        Away::Navigate { destination: Destination { replace: false, ..destination }, flash: Some("F") };
    push(
        Push::Away(navigate),
        r#"["4",null,"lv:a","live_redirect",{"to":"/a?b=\"c\"","kind":"push","flash":"F"}]"#,
    );
    let redirect = Away::Redirect { to: "/b", flash: None };
    push(Push::Away(redirect), r#"["4",null,"lv:a","redirect",{"to":"/b"}]"#);
    let reply = |response, expected: &str| {
        let reply = Outbound::Reply { join_ref: Some("4"), message_ref: "8", topic: "lv:a", response };
        check_encoded(&reply, &format!("[\"4\",\"8\",\"lv:a\",\"phx_reply\",{expected}]"));
    };
    reply(Response::Away(redirect), r#"{"status":"ok","response":{"redirect":{"to":"/b"}}}"#);
    reply(
        Response::Refused(Refusal::Away(navigate)),
        r#"{"status":"error","response":{"live_redirect":{"to":"/a?b=\"c\"","kind":"push","flash":"F"}}}"#,
    );
    reply(
        Response::Rendered { rendered: "{}", patch: Some(Destination { to: "/b", replace: false }) },
        r#"{"status":"ok","response":{"rendered":{},"liveview_version":"1.2.12","live_patch":{"to":"/b","kind":"push"}}}"#,
    );
}
