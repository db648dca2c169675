//! Payloads with objects and lists in them.

use hothouse_sdk::prelude::*;

#[derive(Debug, PartialEq, Event)]
enum Ordered {
    Order { lines: Vec<Line>, to: Address, note: Option<String> },
}

#[derive(Debug, PartialEq, FromValue)]
struct Line {
    #[event(name = "product-id")]
    product: u32,
    amount: Option<u8>,
    sizes: Vec<Vec<i8>>,
}

#[derive(Debug, PartialEq, FromValue)]
struct Address {
    street: String,
    kind: Kind,
}

#[derive(Debug, PartialEq, FromValue)]
enum Kind {
    Home,
    #[event(name = "at work")]
    Work,
    InBetween,
}

fn decode(payload: &str) -> Result<Ordered> {
    Ordered::decode(RawEvent { name: "order".into(), target: None, payload: Payload::Json(payload.into()) })
}

#[track_caller]
fn refused(payload: &str, problem: &str) {
    assert_eq!(decode(payload), Err(Failure::bad_input(format!("event \"order\": {problem}"))));
}

#[test]
fn structs_and_words_are_read_wherever_they_stand() {
    let payload = r#"{"lines":[{"product-id":"7","sizes":[[1],[]]}],"to":{"street":"A","kind":"in_between"},"note":""}"#;
    let line = Line { product: 7, amount: None, sizes: vec![vec![1], vec![]] };
    let to = Address { street: "A".into(), kind: Kind::InBetween };
    assert_eq!(decode(payload), Ok(Ordered::Order { lines: vec![line], to, note: None }));
    let kind = |word: &str| Kind::from_text(word);
    assert_eq!([kind("home"), kind("at work"), kind("work")], [Some(Kind::Home), Some(Kind::Work), None]);
}

#[test]
fn what_is_wrong_is_told_with_the_way_to_it_and_for_each_value() {
    refused(
        r#"{"lines":[{"product-id":1,"sizes":[]},{"product-id":1,"sizes":[[1],[2,"x"]]}],"to":{"street":"A","kind":"away"}}"#,
        "\"lines[1].sizes[1][1]\" is not a whole number from -128 to 127, \"to.kind\" is not one of home, at work, in_between",
    );
    refused(
        r#"{"lines":[{"amount":1}],"to":"A"}"#,
        "\"lines[0].product-id\" is missing, \"to\" is not an object with street, kind",
    );
    refused(
        r#"{"lines":[7],"to":null}"#,
        "\"lines[0]\" is not an object with product-id, amount, sizes, \"to\" is not an object \
        with street, kind",
    );
    refused("{}", "\"lines\" is missing, \"to\" is missing");
    refused("[]", "the payload is not a JSON object");
}

#[test]
fn of_names_that_stand_twice_the_last_is_meant() {
    let payload = r#"{"to":1,"lines":"x","lines":[],"to":{"kind":"home","street":"A","kind":"at work"}}"#;
    let to = Address { street: "A".into(), kind: Kind::Work };
    assert_eq!(decode(payload), Ok(Ordered::Order { lines: vec![], to, note: None }));
}
