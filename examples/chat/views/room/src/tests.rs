//! The room by itself, without a host.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing;

use super::{ROOM, Room, RoomMessage, Tab};

fn changed() -> Message {
    Message::PresenceChanged(PresenceChange { topic: ROOM.into(), joined: vec![], left: vec![] })
}

fn room(user: &str) -> Result<testing::View<Room>> {
    testing::View::mount(&testing::context().session("name", user).build())
}

#[test]
fn others_are_seen_writing_and_oneself_is_not() -> Result<()> {
    let mut view = room("Ann")?;
    testing::enter(ROOM, "Bob", &Tab { writes: true });
    testing::enter(ROOM, "Bob", &Tab { writes: false });
    view.event("write", r#"{"text":"Hel"}"#)?;
    view.message(changed())?;
    assert!(view.html().contains("Bob<span class=\"soft\"> in 2 tabs</span>"), "{}", view.html());
    assert!(view.html().contains(">Bob is writing …<"), "{}", view.html());
    Ok(())
}

#[test]
fn whoever_pauses_is_not_writing_any_more() -> Result<()> {
    let mut view = room("Ann")?;
    view.event("write", r#"{"text":"Hel"}"#)?;
    assert!(presence::members::<Tab>(ROOM)?[0].metas[0].writes);
    view.message(Message::Timer("pause".to_owned()))?;
    assert!(!presence::members::<Tab>(ROOM)?[0].metas[0].writes);
    Ok(())
}

#[test]
fn what_is_said_is_announced_and_shown_when_it_is_heard() -> Result<()> {
    let mut view = room("Ann")?;
    view.event("say", r#"{"text":" Hello "}"#)?;
    assert!(!view.html().contains("Hello"));
    view.message(testing::published(ROOM, &RoomMessage::Said { by: "Ann".into(), text: "<b>".into() })?)?;
    assert!(view.html().contains("<b>Ann</b> &lt;b&gt;</li>"), "{}", view.html());
    assert_eq!(view.event("say", r#"{"text":"  "}"#), Err(Failure::bad_input("There is nothing in it.")));
    Ok(())
}

#[test]
fn nobody_says_nothing() -> Result<()> {
    let mut view = testing::View::<Room>::mount(&testing::context().build())?;
    assert!(view.event("say", r#"{"text":"Hello"}"#).is_err());
    assert!(view.html().contains("id=\"enter\"") && presence::members::<Tab>(ROOM)?.is_empty());
    Ok(())
}
