//! Events of a view: their names, their payloads, and what is refused.

use hothouse_sdk::prelude::*;

mod hostile;
mod nested;

#[derive(Debug, PartialEq, Event)]
enum Clicked {
    Increment,
    MoveUp {
        id: u32,
    },
    HTTPReady,
    Level2Reached,
    #[event(name = "phx:odd name")]
    Renamed,
    Save {
        title: String,
        done: Option<bool>,
        #[event(name = "task-ids")]
        ids: Vec<u32>,
    },
}

fn decode(name: &str, payload: &str) -> Result<Clicked> {
    Clicked::decode(RawEvent {
        name: name.to_owned(),
        target: None,
        payload: Payload::Json(payload.to_owned()),
    })
}

#[track_caller]
fn refused(name: &str, payload: &str, message: &str) {
    assert_eq!(decode(name, payload), Err(Failure::bad_input(message)));
}

#[test]
fn a_variant_is_called_in_snake_case_or_as_it_says() {
    assert_eq!(decode("increment", "{}"), Ok(Clicked::Increment));
    assert_eq!(decode("http_ready", "{}"), Ok(Clicked::HTTPReady));
    assert_eq!(decode("level2_reached", "{}"), Ok(Clicked::Level2Reached));
    assert_eq!(decode("phx:odd name", "{}"), Ok(Clicked::Renamed));
}

#[test]
fn a_variant_stands_in_a_template_for_its_name() {
    assert_eq!(Clicked::MoveUp { id: 7 }.to_text(), "move_up");
    assert_eq!(Clicked::MOVE_UP.as_str(), "move_up");
    assert_eq!(Clicked::RENAMED.as_str(), Clicked::Renamed.to_text());
}

#[test]
fn named_fields_are_read_from_the_payload() {
    assert_eq!(decode("move_up", r#"{"id":"7","value":""}"#), Ok(Clicked::MoveUp { id: 7 }));
    let save = Clicked::Save { title: "a".into(), done: None, ids: vec![1, 2] };
    assert_eq!(decode("save", r#"{"title":"a","task-ids":["1",2]}"#), Ok(save));
}

#[test]
fn fields_of_a_form_are_read_by_name() {
    let pair = |name: &str, value: &str| hothouse_sdk::Pair { name: name.into(), value: value.into() };
    let payload = Payload::Form(vec![pair("title", "b"), pair("done", "on"), pair("task-ids", "3")]);
    let save = Clicked::Save { title: "b".into(), done: Some(true), ids: vec![3] };
    assert_eq!(Clicked::decode(RawEvent { name: "save".into(), target: None, payload }), Ok(save));
}

#[test]
fn a_variant_without_fields_does_not_look_at_the_payload() {
    assert_eq!(decode("increment", "not JSON"), Ok(Clicked::Increment));
}

#[test]
fn an_unknown_event_is_refused_by_name() {
    refused(
        "incremnt",
        "{}",
        "there is no event \"incremnt\": this view knows increment, move_up, http_ready, level2_reached, \
         phx:odd name, save",
    );
}

#[test]
fn a_missing_or_wrong_value_is_refused_by_name() {
    refused("move_up", "{}", "event \"move_up\": \"id\" is missing");
    refused(
        "move_up",
        r#"{"id":"x"}"#,
        "event \"move_up\": \"id\" is not a whole number from 0 to 4294967295",
    );
    refused(
        "save",
        r#"{"title":[],"done":7,"task-ids":[1,"x"]}"#,
        "event \"save\": \"title\" is not text, \"done\" is not true or false, \"task-ids[1]\" is not a whole number from 0 \
         to 4294967295",
    );
}

#[test]
fn views_may_take_any_event_or_none() {
    let event = RawEvent { name: "a".into(), target: Some(1), payload: Payload::Json("{}".into()) };
    assert_eq!(RawEvent::decode(event.clone()).unwrap().name, "a");
    assert_eq!(<()>::decode(event), Err(Failure::bad_input("this view has no events, got \"a\"")));
}
