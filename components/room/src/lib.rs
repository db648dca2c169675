//! A room: each event is one thing that a view can do to be told something later, and what it is told goes to the page,
//! as the event `heard`.

use std::time::Duration;

use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

struct Room {
    heard: Assign<u32>,
    /// Who is there, in the topic that was asked about last.
    members: Assign<String>,
}

/// What is announced under every topic.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoomMessage {
    Said { by: String, text: String },
    Moved(i32, i32),
    Closed,
}

/// What the room sends to itself.
#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
    /// How often it is passed on again.
    again: u32,
}

/// What is known of those who are there.
#[derive(Serialize, Deserialize)]
struct Person {
    name: String,
}

#[derive(Event)]
enum RoomEvent {
    Subscribe { topic: String },
    Say { topic: String, text: String },
    SayToOthers { topic: String, text: String },
    Move { topic: String, x: i32, y: i32 },
    Close { topic: String },
    Every { name: String, ms: u64 },
    After { name: String, ms: u64 },
    Cancel { name: String },
    Send { text: String, times: u32, again: u32 },
    Track { topic: String, key: String, name: String },
    Update { topic: String, key: String, name: String },
    Untrack { topic: String, key: String },
    Members { topic: String },
    Leave { to: String },
    Break,
}

impl LiveView for Room {
    type Event = RoomEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        // In a dead render nothing comes of it.
        if let Some(key) = context.param("track") {
            socket.subscribe("room");
            socket.track_presence("room", key, &Person { name: key.to_owned() });
            socket.send_every("mounted", Duration::from_millis(100));
            socket.send_self(&Note { text: "mounted".to_owned(), again: 0 });
        }
        Ok(Self { heard: Assign::new(0), members: Assign::new(names("room")?) })
    }

    #[expect(clippy::panic, reason = "what `Break` is for")]
    fn handle_event(&mut self, event: RoomEvent, socket: &mut Socket) -> Result<()> {
        match event {
            RoomEvent::Subscribe { topic } => socket.subscribe(topic),
            RoomEvent::Say { topic, text } => {
                socket.broadcast(topic, &RoomMessage::Said { by: "somebody".to_owned(), text });
            }
            RoomEvent::SayToOthers { topic, text } => {
                socket.broadcast_from(topic, &RoomMessage::Said { by: "somebody".to_owned(), text });
            }
            RoomEvent::Move { topic, x, y } => socket.broadcast(topic, &RoomMessage::Moved(x, y)),
            RoomEvent::Close { topic } => socket.broadcast(topic, &RoomMessage::Closed),
            RoomEvent::Every { name, ms } => socket.send_every(name, Duration::from_millis(ms)),
            RoomEvent::After { name, ms } => socket.send_after(name, Duration::from_millis(ms)),
            RoomEvent::Cancel { name } => socket.cancel_timer(name),
            RoomEvent::Send { text, times, again } => {
                (0..times).for_each(|_| socket.send_self(&Note { text: text.clone(), again }));
            }
            RoomEvent::Track { topic, key, name } => socket.track_presence(topic, key, &Person { name }),
            RoomEvent::Update { topic, key, name } => socket.update_presence(topic, key, &Person { name }),
            RoomEvent::Untrack { topic, key } => socket.untrack_presence(topic, key),
            RoomEvent::Members { topic } => *self.members = names(&topic)?,
            RoomEvent::Leave { to } => socket.push_navigate(to),
            RoomEvent::Break => panic!("asked to break"),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        let heard = match message {
            Message::Published(publication) => match publication.read()? {
                RoomMessage::Said { by, text } => format!("{} {by}: {text}", publication.topic),
                RoomMessage::Moved(x, y) => format!("{} to {x}, {y}", publication.topic),
                RoomMessage::Closed => format!("{} closed", publication.topic),
            },
            Message::Timer(name) => name,
            Message::Sent(json) => {
                let Note { text, again } = read_json(&json)?;
                if again > 0 {
                    socket.send_self(&Note { text: text.clone(), again: again - 1 });
                }
                text
            }
            Message::PresenceChanged(change) => {
                *self.members = names(&change.topic)?;
                let changed = change.read::<Person>()?;
                let left = changed.left.iter().map(|(key, person)| format!("-{key}={}", person.name));
                let joined = changed.joined.iter().map(|(key, person)| format!("+{key}={}", person.name));
                left.chain(joined).collect::<Vec<_>>().join(" ")
            }
            Message::Lagged(topic) => format!("lagged {topic}"),
            _ => return Ok(()),
        };
        *self.heard += 1;
        socket.push_event("heard", json!({ "heard": heard }));
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <main><p id="heard">{self.heard}</p><p id="members">{self.members}</p></main> }
    }
}

/// All who are there: keys, each with the names of its tabs.
fn names(topic: &str) -> Result<String> {
    let shown = |member: presence::Member<Person>| {
        let names: Vec<_> = member.metas.into_iter().map(|person| person.name).collect();
        format!("{}={}", member.key, names.join("+"))
    };
    let members: Vec<_> = presence::members(topic)?.into_iter().map(shown).collect();
    Ok(members.join(" "))
}

export!(Room);
