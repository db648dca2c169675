//! Every binding of the client. What arrives is shown, as it came.

use hothouse_sdk::prelude::*;

mod pad;

use pad::Pad;

struct Bindings {
    /// What arrived, in its order: who got it, the event's name and its payload.
    said: List<String>,
    /// How often something arrived.
    count: Assign<u32>,
    shown: Assign<bool>,
    /// Whether there are bindings of the window as well, and of clicks elsewhere.
    window: Assign<bool>,
    away: Assign<bool>,
    name: Assign<String>,
    rows: Stream<i32>,
}

/// Rows that are asked for at once.
const PAGE: i32 = 10;

impl LiveView for Bindings {
    type Event = RawEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        let mut rows = Stream::new("rows", |row: &i32| *row);
        for row in 1..=3 * PAGE {
            rows.insert(row);
        }
        Ok(Self {
            said: List::new(),
            count: 0.into(),
            shown: true.into(),
            window: context.param("window").is_some().into(),
            away: context.param("away").is_some().into(),
            name: String::new().into(),
            rows,
        })
    }

    fn handle_event(&mut self, event: RawEvent, _socket: &mut Socket) -> Result<()> {
        *self.count += 1;
        self.said.push(format!("view {} {}", event.name, payload(&event)));
        match event.name.as_str() {
            "show" => self.shown.set(event.fields()?.get("shown")?),
            "next" => self.next(event.fields()?.get("id")?),
            "previous" => self.previous(&event)?,
            "changed" | "submitted" => {
                if let Some(name) = event.fields()?.get("person[name]")? {
                    self.name.set(name);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <b id="count">{self.count}</b>
                <ol id="said">for said in self.said { <li>{said}</li> }</ol>
                {self.clicks()}
                {self.focus_and_keys()}
                {self.forms()}
                {self.rates()}
                {self.life()}
                {self.targets()}
                {self.viewport()}
            </main>
        }
    }
}

impl Bindings {
    fn clicks(&self) -> Html {
        html! {
            <button id="click" phx-click="clicked" phx-value-id="7" phx-value-two-words="<b> & \"c\"">"Click"</button>
            <ul><li id="item" value="3" phx-click="clicked">"Item"</li></ul>
            if *self.away { <div id="away" phx-click-away="left" phx-value-from="away">"Away"</div> }
            <button id="push" phx-click={JS::new().push("pushed").value(json!({ "deep": { "list": [1, null, "ü"] } }))}>"Push"</button>
            <button id="loading" phx-click={JS::new().push("slow").loading("#said")}>"Loading"</button>
            <button id="page-loading" phx-click={JS::new().push("slow").page_loading()}>"Page loading"</button>
            <button id="optimistic" phx-click={JS::new().add_class("chosen").hide("#item").push("chosen")}>"Optimistic"</button>
        }
    }

    fn focus_and_keys(&self) -> Html {
        html! {
            <input id="field" name="field" value="in it" phx-focus="focused" phx-blur="blurred" phx-value-of="field">
            <input id="keys" phx-keydown="down" phx-keyup="up" value="typed">
            <input id="enter" phx-keydown="down" phx-key="Enter">
            <input id="escape" phx-keyup="up" phx-key="escape">
            if *self.window {
                <div id="window" phx-window-focus="window-focused" phx-window-blur="window-blurred"></div>
                <div id="window-down" phx-window-keydown="window-down" phx-key="ArrowUp" phx-value-by="10"></div>
                <div id="window-up" phx-window-keyup="window-up"></div>
            }
        }
    }

    fn forms(&self) -> Html {
        html! {
            <form id="form" phx-change="changed" phx-submit="submitted" phx-value-page="one">
                <input id="name" name="person[name]" value={self.name}>
                <input id="own" name="person[own]" phx-change="own-changed">
                <button id="keep" name="act" value="keep">"Keep"</button>
                <button id="drop" name="act" value="drop">"Drop"</button>
            </form>
            <form id="debounced" phx-change="changed" phx-submit="submitted">
                <input id="late" name="late" phx-debounce="400">
                <input id="on-blur" name="on-blur" phx-debounce="blur">
                <input id="soon" name="soon" phx-throttle="400">
                <button>"Send"</button>
            </form>
        }
    }

    fn rates(&self) -> Html {
        html! {
            <button id="throttled" phx-click="clicked" phx-throttle="600">"Throttled"</button>
            <input id="repeats" phx-keydown="down" phx-throttle="600">
        }
    }

    /// What comes and goes, and what the connection does.
    fn life(&self) -> Html {
        let fade = JS::new().hide(To::This).with_transition("fade-out").time(300);
        html! {
            <button id="hide" phx-click={JS::new().push("show").value(json!({ "shown": false }))}>"Hide"</button>
            <button id="show" phx-click={JS::new().push("show").value(json!({ "shown": true }))}>"Show"</button>
            if *self.shown {
                <div id="shown" phx-mounted={JS::new().push("mounted").add_class("grown")} phx-remove={fade.push("removed")}>
                    <button id="inside" phx-click="inside">"Inside"</button>
                    "Shown"
                </div>
            }
            <div
                id="connection"
                phx-connected={JS::new().set_attr("data-state", "connected").push("connected")}
                phx-disconnected={JS::new().set_attr("data-state", "disconnected")}
            ></div>
        }
    }

    fn targets(&self) -> Html {
        html! {
            <Pad.live id="first" name="first"/>
            <Pad.live id="second" name="second"/>
            if *self.shown { <Pad.live id="third" name="third"/> }
            <button id="to-one" phx-click="told" phx-target="#pad-first">"One"</button>
            <button id="to-inside" phx-click="told" phx-target="#pad-second em">"Inside of one"</button>
            <button id="to-all" phx-click="told" phx-target=".pad" phx-value-of="all">"All"</button>
            <button id="to-main" phx-click="told" phx-target="main">"The view"</button>
            <button id="to-nobody" phx-click="told" phx-target="#nobody">"Nobody"</button>
            <form id="form-to-all" phx-change="changed" phx-submit="submitted" phx-target=".pad">
                <input id="shared" name="shared"><button>"Send"</button>
            </form>
        }
    }

    fn viewport(&self) -> Html {
        html! {
            <div id="scroll" class="scroll">
                <ul
                    id="rows"
                    phx-update="stream"
                    phx-viewport-top="previous"
                    phx-viewport-bottom={JS::new().push("next").value(json!({ "by": PAGE }))}
                >
                    for (dom_id, row) in self.rows { <li id={dom_id}><p>"Row " {row}</p></li> }
                </ul>
            </div>
        }
    }

    /// Rows after the one with this id, and as many fewer before it.
    fn next(&mut self, last: String) {
        let Some(last) = number(&last) else { return };
        for row in last + 1..=last + PAGE {
            self.rows.insert(row).limit(-3 * PAGE);
        }
    }

    fn previous(&mut self, event: &RawEvent) -> Result<()> {
        let fields = event.fields()?;
        // The page was scrolled past all of them: what is shown then is the beginning.
        if fields.get::<Option<bool>>("_overran")?.unwrap_or_default() {
            self.rows.reset(1..=3 * PAGE);
            return Ok(());
        }
        let Some(first) = number(&fields.get::<String>("id")?) else { return Ok(()) };
        for row in ((first - PAGE).max(1)..first).rev() {
            self.rows.prepend(row).limit(3 * PAGE);
        }
        Ok(())
    }
}

/// The number of a row by its id in the page.
fn number(id: &str) -> Option<i32> {
    id.strip_prefix("rows-")?.parse().ok()
}

/// A payload as it came.
fn payload(event: &RawEvent) -> String {
    match &event.payload {
        Payload::Json(json) => json.clone(),
        Payload::Form(fields) => {
            let pairs: Vec<_> = fields.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect();
            pairs.join(" ")
        }
    }
}

export!(Bindings);
