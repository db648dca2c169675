//! A letter that is written: what a page keeps when its connection is lost.

use hothouse_sdk::kit::{FlashMessages, Link};
use hothouse_sdk::prelude::*;

struct Letter {
    number: Assign<u32>,
    joins: u32,
    subject: Assign<String>,
    text: Assign<String>,
    paper: Assign<String>,
    is_urgent: Assign<bool>,
    /// How often a change of the form was told.
    changes: Assign<u32>,
    lines: Stream<(u32, String)>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum LetterEvent {
    Write { subject: String, text: String, paper: String, urgent: Option<String> },
    Send,
    Line,
}

impl LiveView for Letter {
    type Event = LetterEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut lines = Stream::new("lines", |line: &(u32, String)| line.0);
        for number in 1..=3 {
            lines.insert((number, format!("line {number}")));
        }
        Ok(Self {
            number: 0.into(),
            joins: context.joins(),
            subject: String::new().into(),
            text: String::new().into(),
            paper: "white".to_owned().into(),
            is_urgent: false.into(),
            changes: 0.into(),
            lines,
            flash: Flash::default().into(),
        })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        self.number.set(param(params, "number").unwrap_or(1));
        socket.page_title(format!("Letter {}", *self.number));
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: LetterEvent, socket: &mut Socket) -> Result<()> {
        match event {
            LetterEvent::Write { subject, text, paper, urgent } => {
                *self.changes += 1;
                self.subject.set(subject);
                self.text.set(text);
                self.paper.set(paper);
                self.is_urgent.set(urgent.is_some());
            }
            LetterEvent::Send => {
                socket.put_flash("info", format!("Sent: {}", *self.subject));
                socket.push_navigate(format!("/letters/{}", *self.number + 1));
            }
            LetterEvent::Line => {
                self.lines.insert((4, "line 4".to_owned()));
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Letter " {self.number}</h1>
                <p><Link patch="/letters/7" id="seventh">"Letter 7"</Link> " joined again " <b id="joins">{self.joins}</b></p>
                <form id="letter" phx-change={LetterEvent::WRITE} phx-submit={LetterEvent::Send}>
                    <label>"Subject" <input id="subject" name="subject" value={self.subject}></label>
                    <label>"Text" <textarea id="text" name="text">{self.text}</textarea></label>
                    <label>"Paper"
                        <select id="paper" name="paper">
                            for paper in ["white", "green"] {
                                <option value={paper} selected={*self.paper == *paper}>{paper}</option>
                            }
                        </select>
                    </label>
                    <label><input id="urgent" type="checkbox" name="urgent" checked={self.is_urgent}>"Urgent"</label>
                    <button id="send" phx-disable-with="Sending…">"Send"</button>
                </form>
                <p>"Told of " <b id="changes">{self.changes}</b> " changes: " <q id="told">{self.subject}</q></p>
                <label>"Note to myself" <input id="note" name="note"></label>
                <button id="add" phx-click={LetterEvent::Line}>"Add a line"</button>
                <ul id="lines" phx-update="stream">
                    for (dom_id, line) in self.lines { <li id={dom_id}>{line.1}</li> }
                </ul>
                <Stamp.live id="stamp" value={self.number}/>
            </main>
        }
    }
}

/// A stamp with a place of its own for what is stuck on it.
struct Stamp {
    value: Assign<u32>,
    count: Assign<u32>,
}

#[derive(Clone, PartialEq, Attributes)]
struct StampAttributes {
    value: u32,
}

#[derive(Event)]
enum StampEvent {
    Stick,
}

impl LiveComponent for Stamp {
    type Attributes = StampAttributes;
    type Event = StampEvent;

    fn mount(StampAttributes { value }: StampAttributes) -> Self {
        Self { value: value.into(), count: 0.into() }
    }

    fn update(&mut self, StampAttributes { value }: StampAttributes) {
        self.value.set(value);
    }

    fn handle_event(&mut self, StampEvent::Stick: StampEvent, _socket: &mut Socket) -> Result<()> {
        *self.count += 1;
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p id="stamps"><button id="stick" phx-click={StampEvent::Stick}>"Stamp of " {self.value}</button> <b id="stuck">{self.count}</b></p> }
    }
}

export!(Letter);
