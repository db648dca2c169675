//! A view that does what its events name, written on the generated bindings alone.
//!
//! `import:NAME` asks for an import and replies how it was answered, `entitled:NAME` says so in the title.
//! `describe:NAME=VALUE;…` describes the page. `effect:NAME` returns that effect, `append:ID` appends an x to that element. `fail:KIND`
//! declares a failure. `subscribe:TOPIC`, `unsubscribe:TOPIC`, `broadcast:TOPIC/NAME` and `whisper:TOPIC` (not to
//! itself) do that, with the event's payload; `shout:N` announces N times under `rain`; what is heard is pushed to the page. `call:NAME` calls a service with the
//! payload. `patch:TO`, `replace:TO`, `circle` (to where it is), `navigate:TO`, `redirect:TO`, `leave:TO` and `put:KIND=TEXT`,
//! `clear:KIND` are those effects; `put-session:NAME=VALUE;…` and `log-out` too, and `sign-in:NAME>TO` puts a user in, with a
//! message, and goes on; `sign-in-elsewhere:URL` redirects there; `session` replies what the session held at mount. `params`, `flash`, `uri`, `connect-params` reply what the view was told last. The param
//! `then` does the same in `handle-params`. `target` replies which component it was for. `trap`, `spin`, `pause`, `grow`, `flood`, `effects:N`, `log:N` misbehave. `say:TEXT` logs it.
//! Timers, messages to itself and presences are in `around`. `document:NAME` renders such a document next. `snapshot:N` has its snapshots have so many bytes, and a snapshot is the
//! name of what `restore` does. `echo` replies with the payload. The param `mount` does the same at mount; `greeting:WHAT` and
//! `farewell:WHAT` put it off until `connected` and `terminate`.

use std::cell::RefCell;

mod around;
mod components;
mod documents;
mod imports;
mod streams;

mod bindings {
    //! Generated from the contract.
    wit_bindgen::generate!({ path: "../../wit", world: "live-view" });
}

use bindings::exports::hothouse::live::{lifecycle, tasks};
use bindings::hothouse::live::types::{
    Address, Announcement, Context, Document, Effect, Event, Failure, FailureKind, LeaveReason, Message,
    NamedPayload, Outcome, Pair, Payload, Phase, RenderScope, TaskResult,
};

struct AsksEverything;

#[derive(Default)]
struct State {
    count: u32,
    connected: u32,
    uri: String,
    document: String,
    /// What is done when `connected` is called, and when `terminate` is.
    greeting: String,
    farewell: String,
    /// What `snapshot` does.
    snapshot: String,
    rendered: bool,
    seed: Vec<u8>,
    params: String,
    flash: String,
    session: String,
    connect_params: String,
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

fn one(effect: Effect) -> Result<Outcome, Failure> {
    Ok(Outcome { effects: vec![effect] })
}

fn reply(text: impl Into<String>) -> Result<Outcome, Failure> {
    one(Effect::Reply(serde_json::Value::String(text.into()).to_string()))
}

impl lifecycle::Guest for AsksEverything {
    fn mount(context: Context) -> Result<Outcome, Failure> {
        with(|state| {
            state.uri = context.uri;
            state.seed = context.seed;
            state.flash = pairs(&context.flash);
            state.session = pairs(&context.session);
            state.connect_params = context.connect_params;
        });
        let param = |wanted: &str| {
            context.params.iter().find(|pair| pair.name == wanted).map(|pair| pair.value.clone())
        };
        if let Some(document) = param("document") {
            with(|state| state.document = document);
        }
        // `connected=NAME` misbehaves only once the page has been shown.
        let asked = match context.phase {
            Phase::Dead => param("mount"),
            Phase::Connected => param("mount").or_else(|| param("connected")),
        };
        asked.map_or_else(nothing, |asked| obey(&asked, &Payload::Json("null".to_owned())))
    }

    fn connected(_context: Context) -> Result<Outcome, Failure> {
        let greeting = with(|state| {
            state.connected += 1;
            state.greeting.clone()
        });
        if greeting.is_empty() { nothing() } else { obey(&greeting, &Payload::Json("null".to_owned())) }
    }

    fn handle_params(uri: String, params: Vec<(String, String)>) -> Result<Outcome, Failure> {
        let then = params.iter().find(|(name, _)| name == "then").map(|(_, value)| value.clone());
        let params: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        with(|state| {
            state.uri = uri;
            state.params = params.join(" ");
        });
        then.map_or_else(nothing, |then| obey(&then, &Payload::Json("null".to_owned())))
    }

    fn handle_event(event: Event) -> Result<Outcome, Failure> {
        if event.name == "target" {
            return reply(event.target.map_or_else(|| "the view".to_owned(), |cid| cid.to_string()));
        }
        obey(&event.name, &event.payload)
    }

    fn handle_info(message: Message) -> Result<Outcome, Failure> {
        let heard = match message {
            Message::Published(said) if said.name == "trap" => panic!("asked to trap"),
            Message::Published(said) if said.name == "fail" => {
                return Err(Failure { kind: FailureKind::Internal, message: "would not listen".to_owned() });
            }
            // As often as it is heard.
            Message::Published(said) if said.name == "for-ever" => {
                return one(Effect::Broadcast(Announcement {
                    topic: said.topic,
                    name: said.name,
                    payload: said.payload,
                    skip_self: false,
                }));
            }
            Message::Published(said) => format!("{} {} {}", said.topic, said.name, said.payload),
            Message::Lagged(topic) => format!("lagged {topic}"),
            // For as long as it is told.
            Message::Sent(json) if json == "\"for-ever\"" => return one(Effect::SendSelf(json)),
            Message::FlashChanged(flash) => {
                let flash = pairs(&flash);
                let again = flash.contains("again");
                with(|state| {
                    state.count += 1;
                    state.flash = flash;
                });
                if again {
                    let value = format!("again {}", with(|state| state.count));
                    return one(Effect::PutFlash(Pair { name: "info".to_owned(), value }));
                }
                return nothing();
            }
            _ => return nothing(),
        };
        with(|state| state.count += 1);
        let payload = serde_json::json!({ "heard": heard }).to_string();
        Ok(Outcome {
            effects: vec![
                Effect::PushEvent(NamedPayload { name: "heard".to_owned(), payload }),
                // Nobody asked: it goes nowhere.
                Effect::Reply("\"not asked\"".to_owned()),
            ],
        })
    }

    fn handle_task(_done: TaskResult) -> Result<Outcome, Failure> {
        nothing()
    }

    fn render(scope: RenderScope) -> Result<Document, Failure> {
        with(|state| {
            let document = documents::render(state, scope);
            state.rendered = true;
            document
        })
    }

    fn components_removed(cids: Vec<u32>) -> Result<Outcome, Failure> {
        with(|state| state.count += 1);
        let payload = serde_json::json!({ "cids": cids }).to_string();
        one(Effect::PushEvent(NamedPayload { name: "removed".to_owned(), payload }))
    }

    fn terminate(_reason: LeaveReason) {
        let farewell = with(|state| state.farewell.clone());
        if !farewell.is_empty() {
            let _ = obey(&farewell, &Payload::Json("null".to_owned()));
        }
    }

    /// As many bytes as `snapshot:NUMBER` has asked for.
    fn snapshot() -> Option<Vec<u8>> {
        match with(|state| state.snapshot.clone()).as_str() {
            "" => None,
            "trap" => panic!("asked to trap"),
            number => Some(vec![b's'; number.parse().unwrap_or(0)]),
        }
    }

    /// The state is the name of an event.
    fn restore(state: Vec<u8>, _context: Context) -> Result<Outcome, Failure> {
        obey(&String::from_utf8_lossy(&state), &Payload::Json("null".to_owned()))
    }
}

impl tasks::Guest for AsksEverything {
    fn run_task(_name: String, _input: Vec<u8>) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

fn obey(asked: &str, payload: &Payload) -> Result<Outcome, Failure> {
    let (verb, object) = asked.split_once(':').unwrap_or((asked, ""));
    let number = || object.parse::<u32>().unwrap_or(0);
    match verb {
        "count" => {
            with(|state| state.count += 1);
            nothing()
        }
        "import" => reply(imports::ask(object)),
        "entitled" => one(Effect::Title(imports::ask(object))),
        "describe" => imports::describe(object).map(|()| Outcome { effects: Vec::new() }),
        "effect" => one(imports::effect(object)),
        "append" => one(imports::append(object)),
        "effects" => Ok(Outcome { effects: (0..number()).map(|_| Effect::Title("t".to_owned())).collect() }),
        "fail" => {
            // What a failing callback changed is changed.
            with(|state| state.count += 1);
            Err(Failure { kind: kind(object), message: format!("declared <{object}>") })
        }
        "document" => {
            with(|state| state.document = object.to_owned());
            nothing()
        }
        "greeting" => {
            with(|state| state.greeting = object.to_owned());
            nothing()
        }
        "snapshot" => {
            with(|state| state.snapshot = object.to_owned());
            nothing()
        }
        "farewell" => {
            with(|state| state.farewell = object.to_owned());
            nothing()
        }
        "echo" => match payload {
            Payload::Json(json) => one(Effect::Reply(json.clone())),
            Payload::Form(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|pair| (&pair.name, &pair.value)).collect();
                one(Effect::Reply(serde_json::json!(pairs).to_string()))
            }
        },
        "subscribe" => one(Effect::Subscribe(object.to_owned())),
        "unsubscribe" => one(Effect::Unsubscribe(object.to_owned())),
        "broadcast" | "whisper" => {
            let (topic, name) = object.split_once('/').unwrap_or((object, "said"));
            one(Effect::Broadcast(Announcement {
                topic: topic.to_owned(),
                name: name.to_owned(),
                payload: text(payload),
                skip_self: verb == "whisper",
            }))
        }
        "shout" => {
            let announcement = |number: u32| Announcement {
                topic: "rain".to_owned(),
                name: "said".to_owned(),
                payload: number.to_string(),
                skip_self: false,
            };
            Ok(Outcome { effects: (0..number()).map(announcement).map(Effect::Broadcast).collect() })
        }
        "call" => {
            let answer = bindings::hothouse::live::services::call(object, text(payload).as_bytes())?;
            reply(String::from_utf8_lossy(&answer))
        }
        "params" => reply(with(|state| state.params.clone())),
        "flash" => reply(with(|state| state.flash.clone())),
        "session" => reply(with(|state| state.session.clone())),
        "put-session" => one(Effect::PutSession(object.split(';').map(pair).collect())),
        "log-out" => one(Effect::ClearSession),
        "sign-in" => {
            let (user, to) = object.split_once('>').unwrap_or((object, "/"));
            let welcome = Pair { name: "info".to_owned(), value: format!("Welcome, {user}.") };
            let user = Pair { name: "user".to_owned(), value: user.to_owned() };
            let to = Address { to: to.to_owned(), replace: false };
            Ok(Outcome {
                effects: vec![
                    Effect::PutSession(vec![user]),
                    Effect::PutFlash(welcome),
                    Effect::Navigate(to),
                ],
            })
        }
        "sign-in-elsewhere" => Ok(Outcome {
            effects: vec![Effect::PutSession(vec![pair("user=ann")]), Effect::Redirect(object.to_owned())],
        }),
        "connect-params" => reply(with(|state| state.connect_params.clone())),
        "put" => one(Effect::PutFlash(pair(object))),
        "clear" => one(Effect::ClearFlash((!object.is_empty()).then(|| object.to_owned()))),
        "patch" => one(Effect::Patch(Address { to: object.to_owned(), replace: false })),
        "replace" => one(Effect::Patch(Address { to: object.to_owned(), replace: true })),
        "circle" => one(Effect::Patch(Address { to: with(|state| state.uri.clone()), replace: false })),
        "navigate" => one(Effect::Navigate(Address { to: object.to_owned(), replace: false })),
        "redirect" => one(Effect::Redirect(object.to_owned())),
        // A message, an event for the page, and on to the next page.
        "leave" => Ok(Outcome {
            effects: vec![
                Effect::PutFlash(Pair { name: "info".to_owned(), value: "left".to_owned() }),
                Effect::PushEvent(NamedPayload { name: "bye".to_owned(), payload: "{}".to_owned() }),
                Effect::Navigate(Address { to: object.to_owned(), replace: true }),
            ],
        }),
        "uri" => reply(with(|state| state.uri.clone())),
        "connected" => reply(with(|state| state.connected.to_string())),
        "seed" => reply(with(|state| format!("{:?}", state.seed))),
        "reply" => one(Effect::Reply(object.to_owned())),
        "push" => {
            one(Effect::PushEvent(NamedPayload { name: "pushed".to_owned(), payload: object.to_owned() }))
        }
        "push-as" => {
            let (name, payload) = object.split_once('/').unwrap_or((object, "{}"));
            one(Effect::PushEvent(NamedPayload { name: name.to_owned(), payload: payload.to_owned() }))
        }
        "trap" => panic!("asked to trap"),
        "spin" => loop {
            std::hint::black_box(0);
        },
        // Slow, but within every budget.
        "pause" => {
            let until = bindings_now() + f64::from(number());
            let mut rounds = 0_u64;
            while rounds < u64::from(number()) * 100_000 {
                rounds = std::hint::black_box(rounds + 1);
            }
            reply(if until > 0.0 { "done" } else { "" })
        }
        "grow" => {
            let bytes = usize::try_from(number()).unwrap_or(0);
            let grown = vec![1_u8; bytes];
            reply(grown.len().to_string())
        }
        "say" => {
            bindings::hothouse::live::environment::log(
                bindings::hothouse::live::environment::Level::Error,
                object,
            );
            nothing()
        }
        "log" => {
            for _ in 0..number() {
                bindings::hothouse::live::environment::log(
                    bindings::hothouse::live::environment::Level::Info,
                    "a line",
                );
            }
            nothing()
        }
        verb => around::obey(verb, object),
    }
}

/// A pair of text; without a `=`, the value is empty.
fn pair(text: &str) -> Pair {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Pair { name: name.to_owned(), value: value.to_owned() }
}

fn pairs(pairs: &[Pair]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect();
    pairs.join(" ")
}

fn text(payload: &Payload) -> String {
    match payload {
        Payload::Json(json) => json.clone(),
        Payload::Form(_) => "null".to_owned(),
    }
}

fn bindings_now() -> f64 {
    bindings::hothouse::live::environment::now_ms()
}

fn kind(name: &str) -> FailureKind {
    match name {
        "not-found" => FailureKind::NotFound,
        "forbidden" => FailureKind::Forbidden,
        "bad-input" => FailureKind::BadInput,
        "unavailable" => FailureKind::Unavailable,
        "not-here" => FailureKind::NotHere,
        "limit" => FailureKind::Limit,
        _ => FailureKind::Internal,
    }
}

#[cfg(target_family = "wasm")]
bindings::export!(AsksEverything with_types_in bindings);
// Elsewhere the exports' names are none that a linker knows; it is compiled there to be checked.
#[cfg(not(target_family = "wasm"))]
const _: fn() -> Option<Vec<u8>> = <AsksEverything as lifecycle::Guest>::snapshot;
