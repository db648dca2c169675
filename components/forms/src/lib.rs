//! Forms of every kind of field: what arrives is shown. Commands, and faults in the page on demand.

use hothouse_sdk::prelude::*;

struct Forms {
    /// What arrived last, as it came.
    said: Assign<String>,
    name: Assign<String>,
    /// The id of one more element.
    fault: Assign<String>,
    sends_itself: Assign<bool>,
}

impl LiveView for Forms {
    type Event = RawEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            said: String::new().into(),
            name: "Ann".to_owned().into(),
            fault: context.param("fault").unwrap_or_default().to_owned().into(),
            sends_itself: false.into(),
        })
    }

    fn handle_event(&mut self, event: RawEvent, _socket: &mut Socket) -> Result<()> {
        let said = match &event.payload {
            Payload::Json(json) => json.clone(),
            Payload::Form(fields) => fields
                .iter()
                .map(|pair| format!("{}={}", pair.name, pair.value))
                .collect::<Vec<_>>()
                .join(" "),
        };
        match event.name.as_str() {
            "fault" => self.fault.set("said".to_owned()),
            "send" => self.sends_itself.set(true),
            _ => {}
        }
        self.said.set(format!("{} {said}", event.name));
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <p id="said">{self.said}</p>
            <form id="person" phx-change="validate" phx-submit="save" phx-value-page="one">
                <input type="hidden" name="token" value="t">
                <input name="person[name]" value={self.name}>
                <textarea name="person[about]">"gardens"</textarea>
                <input type="hidden" name="person[news]" value="false">
                <input type="checkbox" name="person[news]" value="true">
                <input type="radio" name="person[size]" value="small" checked>
                <input type="radio" name="person[size]" value="large">
                <select name="person[colour]">
                    <option value="green">"Green"</option>
                    <option value="red" disabled>"Red"</option>
                    <option>"blue"</option>
                </select>
                <select name="person[tags][]" multiple>
                    <option>"a"</option>
                    <option selected>"b"</option>
                    <option>"c"</option>
                </select>
                <input name="locked" value="1" disabled>
                <fieldset disabled><input name="inside" value="2"></fieldset>
                <input name="code" value="3" readonly>
                <input name="own" value="" phx-change="own">
                <button name="act" value="keep">"Keep"</button>
                <button name="act" value="drop">"Drop"</button>
                <button type="button" id="never" phx-click="never" disabled>"Never"</button>
                <button type="button" id="more" name="lines_sort[]" value="new" phx-click={JS::new().dispatch("change")}>"More"</button>
                <button type="reset" id="again" name="reset">"Again"</button>
            </form>
            <form id="recovered" phx-change="typed" phx-auto-recover="recover"><input name="text"></form>
            <form id="left-alone" phx-change="typed" phx-auto-recover="ignore"><input name="text"></form>
            <form id="native" action="/sink" phx-submit="send" phx-trigger-action={self.sends_itself}>
                <input name="q" value="1">
            </form>
            <button id="commands" phx-click={JS::new().push("pushed").hide("#said").add_class("loud").to("#native")}>
                "Commands"
            </button>
            <input type="checkbox" id="box" phx-click="boxed"><input type="checkbox" id="ticked" phx-click="boxed" checked>
            <div id="menu" phx-click-away={JS::new().add_class("closed")}>"Menu"</div>
            <a id="out" href="/sink" phx-click="leaving">"Out"</a>
            <button id="toggle" phx-click={JS::new().toggle("#said")}>"Toggle"</button>
            <button id="twice" phx-click="fault">"Twice"</button>
            <input id="keys" phx-keydown="key" phx-key="Enter" phx-blur="left" value="typed">
            if !self.fault.is_empty() { <p id={self.fault}>"again"</p> }
        }
    }
}

export!(Forms);
