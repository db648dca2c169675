//! A view that talks with hooks of the page: their life, their events, commands that it sends, and changes that are not
//! saved.

use hothouse_sdk::kit::{CopyButton, FocusWrap, Link};
use hothouse_sdk::prelude::*;

struct Page {
    count: Assign<u32>,
    shown: Assign<bool>,
    said: Assign<String>,
    unsaved: Assign<bool>,
    panel: Assign<bool>,
}

#[derive(Event)]
enum PageEvent {
    /// Changes what the hook's element shows.
    Count,
    /// Shows the hook's element, or does not.
    Show,
    /// From a hook: replies with the sum.
    Add {
        x: i32,
        y: i32,
    },
    /// From a hook, without an answer.
    Say {
        text: String,
    },
    /// Tells the hooks the count.
    Tell,
    /// Has the page carry out commands.
    Command,
    Panel,
    Write {
        text: String,
    },
    Save,
    SaveAndGo,
    SaveAndLeave,
    Break,
}

impl LiveView for Page {
    type Event = PageEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            count: 0.into(),
            shown: true.into(),
            said: String::new().into(),
            unsaved: false.into(),
            panel: false.into(),
        })
    }

    fn handle_event(&mut self, event: PageEvent, socket: &mut Socket) -> Result<()> {
        match event {
            PageEvent::Count => *self.count += 1,
            PageEvent::Show => *self.shown = !*self.shown,
            PageEvent::Add { x, y } => socket.reply(json!({ "sum": x + y })),
            PageEvent::Say { text } => *self.said = text,
            PageEvent::Tell => {
                *self.count += 1;
                socket.push_event("told", json!({ "count": *self.count }));
            }
            PageEvent::Command => {
                *self.panel = true;
                socket
                    .push_js(JS::new().add_class("lit").to("#panel").focus("#inside").add_class("commanded"));
            }
            PageEvent::Panel => *self.panel = !*self.panel,
            PageEvent::Write { text } => self.unsaved.set(!text.is_empty()),
            PageEvent::Save => *self.unsaved = false,
            PageEvent::SaveAndGo => socket.push_navigate("/second"),
            PageEvent::SaveAndLeave => socket.redirect("/second"),
            #[expect(clippy::panic, reason = "breaking is what this event is for")]
            PageEvent::Break => panic!("asked to break"),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        let unsaved = self.unsaved.then_some("Leave without saving?");
        html! {
            <main>
                <h1>"Hooks"</h1>
                if *self.shown {
                    <p id="life" phx-hook="Life" data-count={self.count}>"Counted to " {self.count}</p>
                }
                <p id="talk" phx-hook="Talk">"This talks."</p>
                <p id="own" phx-hook="hooks.Own"></p>
                <p id="said">{self.said}</p>
                <p class="row">
                    <button phx-click={PageEvent::Count}>"Count"</button>
                    <button phx-click={PageEvent::Show}>"Show"</button>
                    <button phx-click={PageEvent::Tell}>"Tell"</button>
                    <button phx-click={PageEvent::Command}>"Command"</button>
                    <button phx-click={PageEvent::Panel}>"Panel"</button>
                    <button phx-click={PageEvent::Break}>"Break"</button>
                </p>
                if *self.panel {
                    <FocusWrap id="panel">
                        <button id="first">"First"</button> <button id="inside">"Inside"</button>
                    </FocusWrap>
                }
                for number in 1..=3 { <Cell.live id={number} number={number}/> }
                <form id="letter" phx-change={PageEvent::WRITE} phx-submit={PageEvent::Save} data-unsaved-changes?={unsaved}>
                    <label>"Text" <input name="text" autocomplete="off"></label>
                    <button>"Save"</button>
                </form>
                <form id="sent" action="/second"><button>"Send"</button></form>
                <p class="row">
                    <button phx-click={PageEvent::SaveAndGo}>"Save and go"</button>
                    <button phx-click={PageEvent::SaveAndLeave}>"Save and leave"</button>
                    <Link patch="/?more">"More"</Link>
                    <Link navigate="/second">"Second"</Link>
                    <Link href="/second" id="loaded">"Second, loaded"</Link>
                </p>
                <p>
                    <label>"Link" <input id="link" readonly value="https://hothouse.example/?a=1&b"></label>
                    <CopyButton id="copy-link" of="#link">"Copy the link"</CopyButton>
                </p>
                <p><code id="code">"cargo xtask demo"</code> <CopyButton id="copy-code" of="#code">"Copy the command"</CopyButton></p>
            </main>
        }
    }
}

/// A part of the page that hooks send events to.
struct Cell {
    number: u32,
    count: Assign<u32>,
}

#[derive(Clone, PartialEq, Attributes)]
struct CellAttributes {
    number: u32,
}

#[derive(Event)]
enum CellEvent {
    Bump { by: u32 },
}

impl LiveComponent for Cell {
    type Attributes = CellAttributes;
    type Event = CellEvent;

    fn mount(CellAttributes { number }: CellAttributes) -> Self {
        Self { number, count: 0.into() }
    }

    fn update(&mut self, _attributes: CellAttributes) {}

    fn handle_event(&mut self, CellEvent::Bump { by }: CellEvent, socket: &mut Socket) -> Result<()> {
        *self.count += by;
        if *self.count > 9 {
            return Err(Failure::limit("a cell counts to 9"));
        }
        socket.reply(json!({ "number": self.number, "count": *self.count }));
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p id={format!("cell-{}", self.number)} class="cell">{self.count}</p> }
    }
}

hothouse_sdk::export!(Page);
