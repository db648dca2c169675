//! Whatever a stranger sends is an event or a refusal, in no time, and the refusal has none of its words in it.

use hothouse_sdk::prelude::*;
use proptest::prelude::*;

#[derive(Debug, PartialEq, Event)]
enum Any {
    Everything {
        text: String,
        whole: i64,
        small: Option<u8>,
        number: f64,
        flag: bool,
        list: Vec<Vec<u16>>,
        object: Option<Inner>,
        value: Option<serde_json::Value>,
    },
}

#[derive(Debug, PartialEq, FromValue)]
struct Inner {
    text: String,
    list: Vec<Word>,
}

#[derive(Debug, PartialEq, FromValue)]
enum Word {
    Constructor,
    Yes,
}

/// The names of the event's values, and others that mean something elsewhere.
const NAMES: [&str; 13] = [
    "text",
    "whole",
    "small",
    "number",
    "flag",
    "list",
    "object",
    "value",
    "__proto__",
    "constructor",
    "toString",
    "",
    "_target",
];

const MARK: &str = "stranger's";

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        any::<i128>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        Just("1e999".to_owned()),
        Just("-0".to_owned()),
        Just(format!("1{}", "0".repeat(5_000))),
        any::<String>().prop_map(|text| serde_json::to_string(&format!("{MARK}{text}")).unwrap_or_default()),
        "\"(yes|constructor|true|on|7|[0-9]{1,30}|\\\\\\\\u[dD][89][0-9]{2})\"",
        Just("{}".to_owned()),
        Just("[]".to_owned()),
        (1_usize..200).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth))),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|elements| format!("[{}]", elements.join(","))),
            // Names may stand twice.
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..8).prop_map(object),
        ]
    })
}

fn object(members: Vec<(&str, String)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

#[track_caller]
fn is_read_or_refused(payload: Payload) -> Option<Any> {
    match Any::decode(RawEvent { name: "everything".into(), target: None, payload }) {
        Ok(event) => Some(event),
        Err(Failure { kind, message, .. }) => {
            assert_eq!(kind, FailureKind::BadInput);
            assert!(message.starts_with("event \"everything\": "), "{message}");
            assert!(!message.contains(MARK) && message.len() < 1_000, "{message}");
            None
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_of_any_shape_is_read_or_refused(members in prop::collection::vec((prop::sample::select(&NAMES[..]), json()), 0..12)) {
        is_read_or_refused(Payload::Json(object(members)));
    }

    #[test]
    fn text_that_is_no_json_is_refused(text in any::<String>(), cut in 0_usize..60, json in json()) {
        is_read_or_refused(Payload::Json(text));
        is_read_or_refused(Payload::Json(json.chars().take(cut).collect()));
    }

    #[test]
    fn forms_with_any_fields_are_read_or_refused(pairs in prop::collection::vec((prop::sample::select(&NAMES[..]), any::<String>()), 0..12)) {
        let pairs = pairs.into_iter().map(|(name, value)| hothouse_sdk::Pair { name: name.to_owned(), value });
        is_read_or_refused(Payload::Form(pairs.collect()));
    }
}

#[test]
fn what_is_read_is_what_was_sent() {
    let payload = r#"{"__proto__":{"text":"x"},"text":"a","whole":"-7","number":1e2,"flag":"on","list":[[1],["2"]],
        "object":{"text":3,"list":["yes","constructor"]},"value":{"__proto__":[null]}}"#;
    let expected = Any::Everything {
        text: "a".into(),
        whole: -7,
        small: None,
        number: 100.0,
        flag: true,
        list: vec![vec![1], vec![2]],
        object: Some(Inner { text: "3".into(), list: vec![Word::Yes, Word::Constructor] }),
        value: Some(json!({ "__proto__": [null] })),
    };
    assert_eq!(is_read_or_refused(Payload::Json(payload.into())), Some(expected));
}
