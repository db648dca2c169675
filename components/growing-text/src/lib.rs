//! Text that grows in small pieces, beside what is rendered anew.

use hothouse_sdk::prelude::*;

struct Growing {
    text: GrowingText,
    ticks: Assign<u32>,
    is_hidden: Assign<bool>,
}

#[derive(Event)]
enum GrowingEvent {
    /// Each word is a piece.
    Push {
        words: String,
    },
    /// All else on the page.
    Tick,
    /// A piece, and all else on the page.
    PushAndTick {
        words: String,
    },
    Set {
        text: String,
    },
    /// Other text, and a piece behind it.
    SetAndPush {
        text: String,
        words: String,
    },
    Hide,
    /// So many pieces of ten bytes.
    Flood {
        count: u32,
    },
    /// A piece that is lost: the callback fails.
    Fail,
}

impl LiveView for Growing {
    type Event = GrowingEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { text: GrowingText::new("text"), ticks: 0.into(), is_hidden: false.into() })
    }

    fn handle_event(&mut self, event: GrowingEvent, socket: &mut Socket) -> Result<()> {
        match event {
            GrowingEvent::Push { words } => self.push(&words, socket),
            GrowingEvent::Tick => *self.ticks += 1,
            GrowingEvent::PushAndTick { words } => {
                self.push(&words, socket);
                *self.ticks += 1;
            }
            GrowingEvent::Set { text } => self.text.set(text, socket),
            GrowingEvent::SetAndPush { text, words } => {
                self.text.set(text, socket);
                self.push(&words, socket);
            }
            GrowingEvent::Hide => self.is_hidden.update(|is_hidden| *is_hidden = !*is_hidden),
            GrowingEvent::Flood { count } => {
                for _ in 0..count {
                    self.text.push("ten bytes ", socket);
                }
            }
            GrowingEvent::Fail => {
                self.text.push("lost", &mut Socket::default());
                return Err(Failure::bad_input("No more today."));
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Tick " <b id="ticks">{self.ticks}</b></h1>
                if self.text.is_empty() { <p id="nothing">"Nothing yet"</p> }
                if !*self.is_hidden { <p id={self.text.id()} class="growing">{self.text}</p> }
                <button id="push" phx-click={GrowingEvent::PUSH} phx-value-words="and <more>">"Push"</button>
                <button id="tick" phx-click={GrowingEvent::Tick}>"Tick"</button>
                <button id="both" phx-click={GrowingEvent::PUSH_AND_TICK} phx-value-words="both">"Both"</button>
                <button id="clear" phx-click={GrowingEvent::SET} phx-value-text="">"Clear"</button>
                <button id="set" phx-click={GrowingEvent::SET_AND_PUSH} phx-value-text="Set" phx-value-words="and pushed">"Set"</button>
                <button id="hide" phx-click={GrowingEvent::Hide}>"Hide"</button>
            </main>
        }
    }
}

impl Growing {
    fn push(&mut self, words: &str, socket: &mut Socket) {
        for word in words.split(' ') {
            self.text.push(&format!("{word} "), socket);
        }
    }
}

export!(Growing);
