//! A conversation with a model, whose answers stream in.

use hothouse_sdk::prelude::*;
use hothouse_sdk::task;

mod model;

use model::{Ask, Role, Said};

/// The key of the task that asks.
const ASKING: &str = "asking";
/// Most characters of a question.
const MAX_QUESTION: usize = 2_000;
/// Messages that the model is reminded of.
const REMEMBERED: usize = 20;

struct Chat {
    /// What was said, the page alone has all of it.
    log: Stream<(u32, Said)>,
    said: u32,
    /// What the model is reminded of.
    conversation: Vec<Said>,
    /// The answer that is coming.
    answer: GrowingText,
    is_answering: Assign<bool>,
    problem: Assign<Option<String>>,
    /// Empties the form: another one each time.
    forms: Assign<u32>,
}

#[derive(Event)]
enum ChatEvent {
    Ask { question: String },
    Stop,
    Again,
}

impl LiveView for Chat {
    type Event = ChatEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            log: Stream::new("log", |(number, _): &(u32, Said)| *number),
            said: 0,
            conversation: Vec::new(),
            answer: GrowingText::new("answer"),
            is_answering: false.into(),
            problem: None.into(),
            forms: 0.into(),
        })
    }

    fn handle_event(&mut self, event: ChatEvent, socket: &mut Socket) -> Result<()> {
        match event {
            ChatEvent::Ask { question } => {
                let question = question.trim();
                if question.is_empty() || *self.is_answering {
                    return Ok(());
                }
                if question.chars().count() > MAX_QUESTION {
                    return Err(Failure::bad_input(format!("Ask with {MAX_QUESTION} characters at most.")));
                }
                self.say(Role::User, question.to_owned());
                *self.forms += 1;
                self.ask(socket);
            }
            ChatEvent::Again if !*self.is_answering => self.ask(socket),
            ChatEvent::Again => {}
            ChatEvent::Stop => socket.cancel_task(ASKING),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(progress) = message {
            self.answer.push(&progress.value::<Ask>()?, socket);
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, socket: &mut Socket) -> Result<()> {
        self.is_answering.set(false);
        let is_stopped = matches!(done.outcome, TaskOutcome::Cancelled);
        match done.output::<Ask>() {
            Ok(()) => {}
            Err(_) if is_stopped => {}
            Err(failure) => self.problem.set(Some(failure.message)),
        }
        // What has come stays, whole or not.
        let answer = self.answer.to_string();
        if !answer.is_empty() {
            self.say(Role::Assistant, answer);
            self.answer.clear(socket);
        }
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Ask,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <main class="chat">
                <h1>"Assistant"</h1>
                <ol id="log" phx-update="stream" class="log" aria-label="Conversation">
                    for (dom_id, said) in self.log {
                        <li id={dom_id} class={["said", class_of(said.1.role)]}>{said.1.content}</li>
                    }
                </ol>
                if *self.is_answering {
                    <div class="said assistant" aria-live="polite" aria-busy="true">
                        if self.answer.is_empty() { <span class="thinking">"Thinking …"</span> }
                        <span id={self.answer.id()} class="answer">{self.answer}</span>
                    </div>
                }
                match &*self.problem {
                    Some(problem) => {
                        <p role="alert" class="problem">{problem} " " <button phx-click={ChatEvent::Again}>"Ask again"</button></p>
                    }
                    None => {}
                }
                <form id="ask" phx-submit={ChatEvent::ASK} class="ask">
                    <label for={format!("question-{}", *self.forms)}>"Your question"</label>
                    <input
                        id={format!("question-{}", *self.forms)}
                        name="question"
                        autocomplete="off"
                        maxlength={MAX_QUESTION}
                        required
                        phx-mounted={JS::new().focus(To::This)}
                    >
                    <button class="primary" disabled={self.is_answering}>"Ask"</button>
                    <button type="button" disabled={!*self.is_answering} phx-click={ChatEvent::Stop}>"Stop"</button>
                </form>
            </main>
        }
    }
}

impl Chat {
    fn say(&mut self, role: Role, content: String) {
        let said = Said { role, content };
        self.conversation.push(said.clone());
        if self.conversation.len() > REMEMBERED {
            self.conversation.remove(0);
        }
        self.said += 1;
        self.log.insert((self.said, said));
    }

    fn ask(&mut self, socket: &mut Socket) {
        socket.start_task(ASKING, Ask { conversation: self.conversation.clone() });
        self.problem.set(None);
        self.is_answering.set(true);
    }
}

fn class_of(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

export!(Chat);
