//! Parts of a view that stand elsewhere in the page, with all that a part of a view can have.

use hothouse_sdk::kit::{Link, Portal};
use hothouse_sdk::prelude::*;

mod menu;

use menu::Menu;

struct Portals {
    count: Assign<u32>,
    /// What arrived last.
    said: Assign<String>,
    open: Assign<bool>,
    /// Where one of the portals leads.
    target: Assign<String>,
    text: Assign<String>,
    lines: Stream<u32>,
    menus: List<u32>,
}

#[derive(Event)]
enum PortalsEvent {
    Count,
    Open {
        open: bool,
    },
    Lead {
        target: String,
    },
    Write {
        text: String,
    },
    Line,
    Menu,
    /// The last menu is gone.
    Drop,
    Say {
        what: String,
    },
}

impl LiveView for Portals {
    type Event = PortalsEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut lines = Stream::new("lines", |line: &u32| *line);
        lines.insert(1);
        Ok(Self {
            count: 0.into(),
            said: String::new().into(),
            open: true.into(),
            target: context.param("target").unwrap_or("body").to_owned().into(),
            text: String::new().into(),
            lines,
            menus: [1].into_iter().collect(),
        })
    }

    fn handle_event(&mut self, event: PortalsEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            PortalsEvent::Count => *self.count += 1,
            PortalsEvent::Open { open } => self.open.set(open),
            PortalsEvent::Lead { target } => self.target.set(target),
            PortalsEvent::Write { text } => self.text.set(text),
            PortalsEvent::Line => {
                *self.count += 1;
                self.lines.insert(*self.count + 1);
            }
            PortalsEvent::Menu => {
                let next = self.menus.len() as u32 + 1;
                self.menus.push(next);
            }
            PortalsEvent::Drop => {
                self.menus.remove(self.menus.len() - 1);
            }
            PortalsEvent::Say { what } => self.said.set(what),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <p>"Count " <b id="count">{self.count}</b> " said " <q id="said">{self.said}</q> " text " <q id="text">{self.text}</q></p>
                <button id="close" phx-click={JS::new().push(PortalsEvent::OPEN).value(json!({ "open": false }))}>"Close"</button>
                <button id="open" phx-click={JS::new().push(PortalsEvent::OPEN).value(json!({ "open": true }))}>"Open"</button>
                <button id="line" phx-click={PortalsEvent::Line}>"Line"</button>
                <button id="menu" phx-click={PortalsEvent::Menu}>"Menu"</button>
                <button id="drop" phx-click={PortalsEvent::Drop}>"Drop"</button>
                <Link id="away" navigate="/bindings">"Away"</Link>
                <div id="place"></div>
                <div id="other-place"></div>
                if *self.open { {self.portals()} }
                <ul id="menus">
                    for menu in self.menus { <li id={format!("row-{menu}")}><Menu.live id={menu} name={format!("menu-{menu}")}/></li> }
                </ul>
            </main>
        }
    }
}

impl Portals {
    fn portals(&self) -> Html {
        html! {
            <div id="narrow">
                <Portal id="tip" class="tip">
                    <p id="hint">"Counted " {self.count}</p>
                    <button id="count-up" phx-click={PortalsEvent::Count}>"Count"</button>
                    <button id="hide" phx-click={JS::new().hide("#hint").add_class("quiet").to("#narrow")}>"Hide"</button>
                    <Portal id="inner">
                        <button id="deep" phx-click={PortalsEvent::SAY} phx-value-what="deep">"Deep " {self.count}</button>
                    </Portal>
                </Portal>
                <Portal id="note" target={self.target}>
                    <form id="writing" phx-change={PortalsEvent::WRITE}><input id="written" name="text" value={self.text}></form>
                    <ul id="lines" phx-update="stream">
                        for (dom_id, line) in self.lines { <li id={dom_id}>"line " {line}</li> }
                    </ul>
                    <Menu.live id="inside" name="inside"/>
                </Portal>
            </div>
        }
    }
}

export!(Portals);
