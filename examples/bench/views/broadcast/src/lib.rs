//! What one page says reaches all.

use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

const TOPIC: &str = "everybody";

struct Broadcast {
    text: Assign<String>,
}

#[derive(Event)]
enum BroadcastEvent {
    Say { text: String },
}

#[derive(Serialize, Deserialize)]
enum Announcement {
    Said(String),
}

impl LiveView for Broadcast {
    type Event = BroadcastEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.subscribe(TOPIC);
        Ok(Self { text: Assign::new(String::new()) })
    }

    fn handle_event(&mut self, event: BroadcastEvent, socket: &mut Socket) -> Result<()> {
        let BroadcastEvent::Say { text } = event;
        socket.broadcast(TOPIC, &Announcement::Said(text));
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if let Message::Published(publication) = message {
            let Announcement::Said(text) = publication.read()?;
            self.text.set(text);
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p>{self.text}</p> }
    }
}

export!(Broadcast);
