//! What a patch leaves alone: ignored content, ignored attributes, focused and locked inputs.

use hothouse_sdk::prelude::*;

struct Updates {
    ticks: Assign<u32>,
    /// What was typed, chosen and ticked, as it was told.
    name: Assign<String>,
    text: Assign<String>,
    colour: Assign<String>,
    is_ticked: Assign<bool>,
    /// Whether the view puts its own values into the form.
    shouts: bool,
    rows: Stream<Row>,
    told: Assign<String>,
}

struct Row {
    number: u32,
    title: String,
    version: u32,
}

#[derive(Event)]
enum UpdatesEvent {
    Tick,
    Shout,
    Write {
        name: String,
        text: String,
        colour: String,
        ticked: Option<String>,
    },
    Rename {
        number: u32,
        title: String,
    },
    /// Another version of all rows.
    Refresh,
    /// The rows in another order, or without the first.
    Turn,
    Drop {
        number: u32,
    },
}

impl LiveView for Updates {
    type Event = UpdatesEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut rows = Stream::new("rows", |row: &Row| row.number);
        rows.extend((1..=3).map(|number| Row { number, title: format!("row {number}"), version: 0 }));
        Ok(Self {
            ticks: 0.into(),
            name: String::new().into(),
            text: String::new().into(),
            colour: "red".to_owned().into(),
            is_ticked: false.into(),
            shouts: false,
            rows,
            told: String::new().into(),
        })
    }

    fn handle_event(&mut self, event: UpdatesEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            UpdatesEvent::Tick => *self.ticks += 1,
            UpdatesEvent::Shout => self.shouts = true,
            UpdatesEvent::Write { name, text, colour, ticked } => {
                *self.ticks += 1;
                self.name.set(if self.shouts { name.to_uppercase() } else { name });
                self.text.set(text);
                self.colour.set(colour);
                self.is_ticked.set(ticked.is_some());
            }
            UpdatesEvent::Rename { number, title } => {
                self.told.set(title.clone());
                self.rows.insert(Row { number, title, version: 100 });
            }
            UpdatesEvent::Refresh => {
                *self.ticks += 1;
                let version = *self.ticks;
                self.rows.extend((1..=3).map(|number| Row {
                    number,
                    title: format!("row {number}"),
                    version,
                }));
            }
            UpdatesEvent::Turn => {
                let rows =
                    [3, 2, 1].map(|number| Row { number, title: format!("row {number}"), version: 50 });
                self.rows.reset(rows);
            }
            UpdatesEvent::Drop { number } => self.rows.delete_by_id(number),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        let ticks = *self.ticks;
        html! {
            <main>
                <button id="tick" phx-click={UpdatesEvent::Tick}>"Tick"</button> <b id="ticks">{ticks}</b>
                <button id="shout" phx-click={UpdatesEvent::Shout}>"Shout"</button>
                <div id="ignored" phx-update="ignore" class={format!("tick-{ticks}")} data-ticks={ticks}>"Tick " {ticks}</div>
                <div id="replaced" phx-update="replace" class={format!("tick-{ticks}")}>"Tick " {ticks}</div>
                <details id="details" class={format!("tick-{ticks}")} phx-mounted={JS::new().ignore_attrs("open")}>
                    <summary>"More"</summary> "Tick " {ticks}
                </details>
                <details id="plain-details" class={format!("tick-{ticks}")}><summary>"More"</summary> "Tick " {ticks}</details>
                <dialog id="dialog" class={format!("tick-{ticks}")} phx-mounted={JS::new().ignore_attrs("open")}>"Tick " {ticks}</dialog>
                <div
                    id="styled"
                    class={format!("tick-{ticks}")}
                    data-own-a={ticks}
                    data-b={ticks}
                    phx-mounted={JS::new().ignore_attrs("class data-own-.*")}
                >"Tick " {ticks}</div>
                <input id="focused" value={ticks}>
                <input id="patched" value={ticks} phx-patch-focused>
                {self.form()}
                {self.list()}
            </main>
        }
    }
}

impl Updates {
    fn form(&self) -> Html {
        html! {
            <form id="form" phx-change={UpdatesEvent::WRITE}>
                <input id="name" name="name" value={self.name}>
                <textarea id="area" name="text">{self.text}</textarea>
                <select id="colour" name="colour">
                    for colour in ["red", "green", "blue"] {
                        <option value={colour} selected={*self.colour == *colour}>{colour}</option>
                    }
                </select>
                <input id="ticked" type="checkbox" name="ticked" checked={self.is_ticked}>
                <output id="told">{self.name} "|" {self.text} "|" {self.colour} "|" {self.is_ticked}</output>
            </form>
        }
    }

    fn list(&self) -> Html {
        html! {
            <button id="refresh" phx-click={UpdatesEvent::Refresh}>"Refresh"</button>
            <button id="turn" phx-click={UpdatesEvent::Turn}>"Turn"</button>
            <output id="renamed">{self.told}</output>
            <ul id="rows" phx-update="stream">
                for (dom_id, row) in self.rows {
                    <li id={dom_id}>
                        <form id={format!("{dom_id}-form")} phx-change={UpdatesEvent::RENAME}>
                            <input type="hidden" name="number" value={row.number}>
                            <input id={format!("{dom_id}-title")} name="title" value={row.title}>
                            <b>{row.version}</b>
                        </form>
                        <button phx-click={UpdatesEvent::DROP} phx-value-number={row.number}>"Drop"</button>
                    </li>
                }
            </ul>
        }
    }
}

export!(Updates);
