//! A view that reads and writes keys and values as it is told, written on the generated bindings alone.
//!
//! The event `do` has a list of steps, each a list that begins with a name; it replies with what each was answered. A step
//! that is refused answers the kind and the message, and the next one is made all the same. The param `mount` has steps for
//! `mount`, the param `connected` for `connected`. What a conflict is answered with is set by the step `on-conflict`.

use std::cell::RefCell;

use serde_json::{Value, json};

mod steps;

mod bindings {
    //! Generated from the contract.
    wit_bindgen::generate!({ path: "../../wit", world: "live-view" });
}

use bindings::exports::hothouse::live::{lifecycle, tasks};
use bindings::hothouse::live::types::{
    Context, Document, Effect, Event, Failure, FailureKind, LeaveReason, Message, Outcome, Payload,
    RenderScope, TaskResult,
};

struct Keeps;

#[derive(Default)]
struct State {
    /// What the last steps were answered.
    answers: Value,
    conflicts: Vec<String>,
    published: u32,
    /// Steps for a conflict, for `connected`, for `render`, and for what is announced.
    on_conflict: Vec<Value>,
    connected: Vec<Value>,
    on_render: Vec<Value>,
    on_published: Vec<Value>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

fn with<R>(change: impl FnOnce(&mut State) -> R) -> R {
    STATE.with_borrow_mut(change)
}

fn nothing() -> Result<Outcome, Failure> {
    Ok(Outcome { effects: Vec::new() })
}

/// Makes steps; the reply says what each was answered.
fn make(steps: &[Value]) -> Result<Outcome, Failure> {
    let mut effects = Vec::new();
    let answers = steps.iter().map(|step| steps::make(step, &mut effects)).collect::<Result<Vec<_>, _>>()?;
    let answers = Value::from(answers);
    effects.push(Effect::Reply(answers.to_string()));
    with(|state| state.answers = answers);
    Ok(Outcome { effects })
}

fn parsed(steps: &str) -> Result<Vec<Value>, Failure> {
    serde_json::from_str(steps)
        .map_err(|error| Failure { kind: FailureKind::BadInput, message: error.to_string() })
}

impl lifecycle::Guest for Keeps {
    fn mount(context: Context) -> Result<Outcome, Failure> {
        let steps = |name: &str| {
            let param = context.params.iter().find(|pair| pair.name == name);
            param.map_or(Ok(Vec::new()), |pair| parsed(&pair.value))
        };
        let connected = steps("connected")?;
        let on_conflict = steps("conflict")?;
        with(|state| {
            state.connected = connected;
            state.on_conflict = on_conflict;
        });
        make(&steps("mount")?)
    }

    fn connected(_context: Context) -> Result<Outcome, Failure> {
        let steps = with(|state| state.connected.clone());
        if steps.is_empty() { nothing() } else { make(&steps) }
    }

    fn handle_params(_uri: String, _params: Vec<(String, String)>) -> Result<Outcome, Failure> {
        nothing()
    }

    fn handle_event(event: Event) -> Result<Outcome, Failure> {
        let Payload::Json(payload) = event.payload else { return nothing() };
        let payload: Value = serde_json::from_str(&payload)
            .map_err(|error| Failure { kind: FailureKind::BadInput, message: error.to_string() })?;
        make(payload["steps"].as_array().map_or(&[], Vec::as_slice))
    }

    fn handle_info(message: Message) -> Result<Outcome, Failure> {
        match message {
            Message::KvConflict(key) => {
                let steps = with(|state| {
                    state.conflicts.push(key);
                    state.on_conflict.clone()
                });
                if steps.is_empty() { nothing() } else { make(&steps) }
            }
            Message::Published(_) => {
                let steps = with(|state| {
                    state.published += 1;
                    state.on_published.clone()
                });
                if steps.is_empty() { nothing() } else { make(&steps) }
            }
            _ => nothing(),
        }
    }

    fn handle_task(_done: TaskResult) -> Result<Outcome, Failure> {
        nothing()
    }

    fn render(_scope: RenderScope) -> Result<Document, Failure> {
        let (on_render, answers) = with(|state| (state.on_render.clone(), state.answers.clone()));
        let in_render = on_render.iter().map(|step| steps::make(step, &mut Vec::new()));
        let in_render: Value = in_render.collect::<Result<_, _>>()?;
        let state = with(|state| json!({ "conflicts": state.conflicts, "published": state.published }));
        let shown = |value: &Value| value.to_string().replace('&', "&amp;").replace('<', "&lt;");
        let (answers, in_render, state) = (shown(&answers), shown(&in_render), shown(&state));
        Ok(Document::Html(format!(
            "<main><p id=\"answers\">{answers}</p><p id=\"in-render\">{in_render}</p><p id=\"state\">{state}</p></main>"
        )))
    }

    fn components_removed(_cids: Vec<u32>) -> Result<Outcome, Failure> {
        nothing()
    }

    /// What it writes here is refused, and nobody hears of it.
    fn terminate(_reason: LeaveReason) {
        let _ = bindings::hothouse::live::kv::put("farewell", b"1", None);
    }

    fn snapshot() -> Option<Vec<u8>> {
        None
    }

    fn restore(_state: Vec<u8>, _context: Context) -> Result<Outcome, Failure> {
        nothing()
    }
}

impl tasks::Guest for Keeps {
    fn run_task(_name: String, _input: Vec<u8>) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

#[cfg(target_family = "wasm")]
bindings::export!(Keeps with_types_in bindings);
// Elsewhere the exports' names are none that a linker knows; it is compiled there to be checked.
#[cfg(not(target_family = "wasm"))]
const _: fn() -> Option<Vec<u8>> = <Keeps as lifecycle::Guest>::snapshot;
