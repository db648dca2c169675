//! A room in which people talk.

use std::time::Duration;

use hothouse_sdk::kit::{Button, Variant};
use hothouse_sdk::prelude::*;

mod people;
mod said;

use people::{MAX_NAME, Person, Tab, checked_name, people, typing};
use said::{MAX_TEXT, RoomMessage, Said};

/// Of what was said, a page keeps the last.
const SHOWN: u32 = 50;
/// Who types nothing for so long is not typing.
const QUIET: Duration = Duration::from_secs(3);
/// The timer of that.
const QUIET_TIMER: &str = "quiet";

struct Room {
    room: String,
    /// What this browser's session says.
    name: Option<String>,
    said: Stream<Said>,
    people: Assign<Vec<Person>>,
    is_typing: bool,
    /// What is typed and not said yet: it outlives patches, and a connection that is lost.
    draft: Assign<String>,
}

#[derive(Event)]
enum RoomEvent {
    Spell { name: String },
    Enter { name: String },
    Type { text: String },
    Say { text: String },
}

impl LiveView for Room {
    type Event = RoomEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        let room = context.param("room").unwrap_or("lobby").to_lowercase();
        let is_good = |character: char| character.is_ascii_alphanumeric() || character == '-';
        if room.len() > 40 || !room.chars().all(is_good) {
            return Err(Failure::not_found("There is no such room."));
        }
        socket.page_title(format!("# {room}"));
        let mut said = Stream::new("said", |said: &Said| said.id.clone());
        // First listen, then look: nothing is missed in between.
        socket.subscribe(topic(&room));
        said.extend(Said::last(&room, SHOWN)?);
        let name = context.session("name").map(str::to_owned);
        let people = people(&topic(&room))?.into();
        Ok(Self { room, name, said, people, is_typing: false, draft: String::new().into() })
    }

    fn connected(&mut self, _context: &Context, socket: &mut Socket) -> Result<()> {
        if let Some(name) = &self.name {
            socket.track_presence(topic(&self.room), name, &Tab { is_typing: false });
        }
        Ok(())
    }

    fn handle_event(&mut self, event: RoomEvent, socket: &mut Socket) -> Result<()> {
        match event {
            RoomEvent::Spell { name } => {
                self.draft.set(name.chars().take(MAX_NAME).collect());
                Ok(())
            }
            RoomEvent::Enter { name } => {
                // The page is loaded again with it.
                socket.put_session([("name", checked_name(&name)?)]);
                Ok(())
            }
            RoomEvent::Type { text } => {
                self.types(!text.trim().is_empty(), socket);
                self.draft.set(text.chars().take(MAX_TEXT).collect());
                Ok(())
            }
            RoomEvent::Say { text } => {
                let name = self.name.as_deref().ok_or_else(|| Failure::forbidden("Say your name first."))?;
                let said = Said::now(name, &text)?;
                said.keep(&self.room)?;
                socket.broadcast_from(topic(&self.room), &RoomMessage::Said(said.clone()));
                self.hear(said);
                self.draft.set(String::new());
                self.types(false, socket);
                Ok(())
            }
        }
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        match message {
            Message::Published(publication) => match publication.read()? {
                RoomMessage::Said(said) => self.hear(said),
            },
            Message::PresenceChanged(_) => self.people.set(people(&topic(&self.room))?),
            Message::Timer(_) => self.types(false, socket),
            // Some was missed: what is kept is all of it.
            Message::Lagged(_) => {
                self.said.reset(Said::last(&self.room, SHOWN)?);
                self.people.set(people(&topic(&self.room))?);
            }
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main class="wide chat">
                <h1>"# " {&self.room}</h1>
                <div class="room">
                    <div class="talk">
                        <div class="scroll" tabindex="0" role="log" aria-label="What is said">
                            <ol id="said" phx-update="stream">
                                <li id="silence" class="only soft">"Nobody has said anything yet."</li>
                                for (dom_id, said) in self.said {
                                    <li id={dom_id}><b>{said.by}</b> " " <span>{said.text}</span></li>
                                }
                            </ol>
                        </div>
                        <p id="typing" class="soft" role="status">{typing(&self.people, self.name.as_deref().unwrap_or_default())}</p>
                        match &self.name {
                            Some(name) => {
                                <form id="say" class="row" phx-change={RoomEvent::TYPE} phx-submit={RoomEvent::SAY}>
                                    <input
                                        class="grow" id="text" name="text" value={self.draft} maxlength={MAX_TEXT} required
                                        autocomplete="off" aria-label={format!("Say something as {name}")}
                                        placeholder={format!("Say something, {name}")} phx-mounted={JS::new().focus(To::This)}
                                    >
                                    <Button r#type="submit" variant={Variant::Primary}>"Send"</Button>
                                </form>
                            }
                            None => {
                                <form id="enter" class="row" phx-change={RoomEvent::SPELL} phx-submit={RoomEvent::ENTER}>
                                    <input
                                        class="grow" id="name" name="name" value={self.draft} maxlength={MAX_NAME} required
                                        aria-label="Your name" placeholder="Your name" phx-debounce="200"
                                    >
                                    <Button r#type="submit" variant={Variant::Primary}>"Enter"</Button>
                                </form>
                            }
                        }
                    </div>
                    <section aria-labelledby="here">
                        <h2 id="here">"Here now"</h2>
                        <ul id="people">
                            for person in self.people.iter() {
                                <li>{&person.name} if person.tabs > 1 { <span class="soft">{format!(" ({} tabs)", person.tabs)}</span> }</li>
                            }
                        </ul>
                    </section>
                </div>
            </main>
        }
    }
}

impl Room {
    fn hear(&mut self, said: Said) {
        self.said.insert(said).limit(-i32::try_from(SHOWN).unwrap_or(i32::MAX));
    }

    /// Lets others know when somebody begins to type, and when they have stopped.
    fn types(&mut self, is_typing: bool, socket: &mut Socket) {
        let Some(name) = &self.name else { return };
        match is_typing {
            true => socket.send_after(QUIET_TIMER, QUIET),
            false => socket.cancel_timer(QUIET_TIMER),
        }
        if self.is_typing != is_typing {
            self.is_typing = is_typing;
            socket.update_presence(topic(&self.room), name, &Tab { is_typing });
        }
    }
}

fn topic(room: &str) -> String {
    format!("room/{room}")
}

export!(Room);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Room;

    #[test]
    fn who_has_no_name_says_nothing() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Room>::mount(&testing::context().build())?;
        assert!(view.html().contains("id=\"enter\""));
        assert!(view.event("say", r#"{"text":"Hello"}"#).is_err());
        Ok(())
    }

    #[test]
    fn what_was_said_is_there_for_whoever_comes_later() -> hothouse_sdk::Result<()> {
        let ann = testing::context().session("name", "Ann").build();
        let mut view = testing::View::<Room>::mount(&ann)?;
        view.event("say", r#"{"text":"Hello"}"#)?;
        let later = testing::View::<Room>::mount(&testing::context().build())?;
        assert!(later.html().contains("<b>Ann</b> <span>Hello</span>"), "{}", later.html());
        Ok(())
    }
}
