//! A room to talk in: what is said from now on, who is there, and who is writing.

use std::time::Duration;

use hothouse_sdk::kit::{Button, Variant};
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// What is said in the room is announced under it, and those who are there are known under it.
const ROOM: &str = "room";
/// What a page keeps of what was said: the newest.
const KEPT: i32 = -200;
/// So long after the last key somebody is still writing.
const PAUSE: Duration = Duration::from_secs(3);
const MAX_NAME: usize = 40;
const MAX_TEXT: usize = 500;

/// What is announced in the room.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoomMessage {
    Said { by: String, text: String },
}

/// What others know of somebody, for each tab; the key is the name.
#[derive(Serialize, Deserialize)]
struct Tab {
    writes: bool,
}

struct Room {
    /// Who this is; nobody until they have said so.
    user: Option<String>,
    people: Assign<Vec<Person>>,
    said: Stream<Said>,
    heard: u32,
    /// How often this page has said something: each time the input is another one.
    sent: Assign<u32>,
    writes: bool,
}

#[derive(PartialEq)]
struct Person {
    name: String,
    tabs: usize,
    writes: bool,
}

/// Something that was said, with its number on this page.
struct Said {
    number: u32,
    by: String,
    text: String,
}

#[derive(Event)]
enum RoomEvent {
    Enter { name: String },
    Write { text: String },
    Say { text: String },
}

impl LiveView for Room {
    type Event = RoomEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        let user = context.session("name").map(str::to_owned);
        // Before anything is read: what changes from now on is heard.
        socket.subscribe(ROOM);
        if let Some(user) = &user {
            socket.track_presence(ROOM, user, &Tab { writes: false });
        }
        Ok(Self {
            user,
            people: people()?.into(),
            said: Stream::new("said", |said: &Said| said.number),
            heard: 0,
            sent: 0.into(),
            writes: false,
        })
    }

    fn handle_event(&mut self, event: RoomEvent, socket: &mut Socket) -> Result<()> {
        match (event, self.user.clone()) {
            (RoomEvent::Enter { name }, _) => {
                let name = checked(&name, MAX_NAME)?;
                // The page is loaded again, and this browser is somebody.
                socket.put_session([("name", name)]);
            }
            (RoomEvent::Write { text }, Some(user)) => {
                self.set_writes(&user, !text.is_empty(), socket);
                if !text.is_empty() {
                    socket.send_after("pause", PAUSE);
                }
            }
            (RoomEvent::Say { text }, Some(user)) => {
                let text = checked(&text, MAX_TEXT)?.to_owned();
                self.set_writes(&user, false, socket);
                *self.sent += 1;
                socket.broadcast(ROOM, &RoomMessage::Said { by: user, text });
            }
            (_, None) => return Err(Failure::forbidden("Say who you are first.")),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        match message {
            Message::Published(publication) => {
                let RoomMessage::Said { by, text } = publication.read()?;
                self.heard += 1;
                self.said.insert(Said { number: self.heard, by, text }).limit(KEPT);
            }
            Message::PresenceChanged(_) | Message::Lagged(_) => self.people.set(people()?),
            Message::Timer(_) => {
                if let Some(user) = self.user.clone() {
                    self.set_writes(&user, false, socket);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main class="chat">
                <h1>"The potting shed"</h1>
                <section class="people">
                    <h2 id="who">"Who is there"</h2>
                    <ul id="people" aria-labelledby="who">
                        for person in self.people key={person.name.clone()} {
                            <li>
                                {person.name}
                                if person.tabs > 1 { <span class="soft">" in " {person.tabs} " tabs"</span> }
                            </li>
                        }
                    </ul>
                </section>
                <ul id="said" phx-update="stream" role="log" aria-label="What is said">
                    <li id="nothing-said" class="only soft">"Nothing was said since you came."</li>
                    for (dom_id, said) in self.said {
                        <li id={dom_id}><b>{said.by}</b>" "{said.text}</li>
                    }
                </ul>
                <p id="writing" class="soft" role="status">{writing(&self.people, self.user.as_deref())}</p>
                if self.user.is_some() {
                    <form id="say" class="row" phx-change={RoomEvent::WRITE} phx-submit={RoomEvent::SAY}>
                        // Another input for each thing that is said: the one that was typed into is gone with it.
                        <input class="grow" id={format!("text-{}", self.sent)} name="text" required maxlength={MAX_TEXT} autocomplete="off"
                            aria-label="What do you say?" phx-debounce="300" phx-mounted={JS::new().focus(To::This)}>
                        <Button r#type="submit" variant={Variant::Primary}>"Say"</Button>
                    </form>
                } else {
                    <form id="enter" class="row" phx-submit={RoomEvent::ENTER}>
                        <input class="grow" id="name" name="name" required maxlength={MAX_NAME} autocomplete="nickname" aria-label="Who are you?" placeholder="Who are you?">
                        <Button r#type="submit" variant={Variant::Primary}>"Enter"</Button>
                    </form>
                }
            </main>
        }
    }
}

impl Room {
    /// Lets the others know, when it has changed.
    fn set_writes(&mut self, user: &str, writes: bool, socket: &mut Socket) {
        if !writes {
            socket.cancel_timer("pause");
        }
        if self.writes != writes {
            self.writes = writes;
            socket.update_presence(ROOM, user, &Tab { writes });
        }
    }
}

/// All who are there.
fn people() -> Result<Vec<Person>> {
    let person = |member: presence::Member<Tab>| Person {
        name: member.key,
        tabs: member.metas.len(),
        writes: member.metas.iter().any(|tab| tab.writes),
    };
    Ok(presence::members(ROOM)?.into_iter().map(person).collect())
}

/// Who writes, without the one who reads it.
fn writing(people: &[Person], user: Option<&str>) -> String {
    let others = people.iter().filter(|person| person.writes && Some(&*person.name) != user);
    let names: Vec<_> = others.map(|person| person.name.as_str()).collect();
    match &*names {
        [] => String::new(),
        [name] => format!("{name} is writing …"),
        names => format!("{} are writing …", names.join(" and ")),
    }
}

fn checked(text: &str, most: usize) -> Result<&str> {
    match text.trim() {
        "" => Err(Failure::bad_input("There is nothing in it.")),
        text if text.chars().count() > most => Err(Failure::bad_input(format!("At most {most} characters."))),
        text => Ok(text),
    }
}

export!(Room);

#[cfg(test)]
mod tests;
