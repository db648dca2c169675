//! A conversation with a model, whose answers stream in.
//!
//! It has an address, under which it is kept: it outlives its page, a connection that is lost, and the server.

use hothouse_sdk::kit::{Button, Link, Variant};
use hothouse_sdk::kv::Collection;
use hothouse_sdk::prelude::*;
use hothouse_sdk::task;

mod model;

use model::{Ask, Role, Said};

/// The key of the task that asks.
const ASKING: &str = "asking";
/// Most characters of a question.
const MAX_QUESTION: usize = 2_000;
/// Messages that are kept, and that the model is reminded of; and their bytes.
const REMEMBERED: usize = 20;
const REMEMBERED_BYTES: usize = 200_000;

/// What was said in each conversation, until nothing was for a week.
const CONVERSATIONS: Collection<Vec<Said>> = Collection::new("conversation/");
const WEEK_S: u32 = 7 * 24 * 60 * 60;

struct Chat {
    /// The conversation's name, which nobody guesses; nothing before the first question.
    name: Assign<Option<String>>,
    /// What was said, the page alone has all of it.
    log: Stream<(u32, Said)>,
    said: u32,
    /// The last of it.
    conversation: Vec<Said>,
    /// The answer that is coming.
    answer: GrowingText,
    is_answering: Assign<bool>,
    problem: Assign<Option<String>>,
    /// What is typed and not asked yet.
    draft: Assign<String>,
}

#[derive(Event)]
enum ChatEvent {
    Draft { question: String },
    Ask { question: String },
    Stop,
    Again,
}

impl LiveView for Chat {
    type Event = ChatEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            name: None.into(),
            log: Stream::new("log", |(number, _): &(u32, Said)| *number),
            said: 0,
            conversation: Vec::new(),
            answer: GrowingText::new("answer"),
            is_answering: false.into(),
            problem: None.into(),
            draft: String::new().into(),
        })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        let name = param::<String>(params, "conversation");
        if name != *self.name {
            self.open(name, socket)?;
        }
        Ok(())
    }

    fn handle_event(&mut self, event: ChatEvent, socket: &mut Socket) -> Result<()> {
        match event {
            ChatEvent::Draft { question } => self.draft.set(question),
            ChatEvent::Ask { .. } if *self.is_answering => {}
            ChatEvent::Ask { question } => {
                let question = question.trim();
                if question.is_empty() || question.chars().count() > MAX_QUESTION {
                    return Err(Failure::bad_input(format!("Ask with 1 to {MAX_QUESTION} characters.")));
                }
                if self.name.is_none() {
                    let name = random_name();
                    socket.push_patch(format!("/conversations/{name}"));
                    self.name.set(Some(name));
                }
                self.say(Role::User, question.to_owned())?;
                self.draft.set(String::new());
                self.ask(socket);
            }
            ChatEvent::Again if !*self.is_answering => self.ask(socket),
            ChatEvent::Again => {}
            ChatEvent::Stop => socket.cancel_task(ASKING),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(progress) = message
            && *self.is_answering
        {
            self.answer.push(&progress.value::<Ask>()?, socket);
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, socket: &mut Socket) -> Result<()> {
        // Of an answer that another conversation was opened over, nothing is said here.
        if !*self.is_answering {
            return Ok(());
        }
        self.is_answering.set(false);
        if !matches!(done.outcome, TaskOutcome::Cancelled)
            && let Err(failure) = done.output::<Ask>()
        {
            self.problem.set(Some(failure.message));
        }
        // What has come stays, whole or not.
        let answer = self.answer.to_string();
        self.answer.clear(socket);
        if answer.is_empty() { Ok(()) } else { self.say(Role::Assistant, answer) }
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Ask,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <main class="chat">
                <header class="row">
                    <h1 class="grow">"Assistant"</h1>
                    if self.name.is_some() { <Link navigate="/">"New conversation"</Link> }
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label="Conversation">
                    <div>
                        <ol id="log" phx-update="stream" class="log">
                            <li id="nothing-said" class="only thinking">"Ask something."</li>
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
                        if let Some(problem) = &*self.problem {
                            <p role="alert" class="problem">{problem} " " <Button phx-click={ChatEvent::Again}>"Ask again"</Button></p>
                        }
                    </div>
                </div>
                <form id="ask" phx-change={ChatEvent::DRAFT} phx-submit={ChatEvent::ASK} class="row">
                    <input
                        id="question" class="grow" name="question" value={self.draft} required maxlength={MAX_QUESTION} autocomplete="off"
                        aria-label="Your question" placeholder="Your question" phx-mounted={JS::new().focus(To::This)}
                    >
                    // Neither is disabled: a button that is loses the focus.
                    <Button r#type="submit" variant={Variant::Primary} aria-disabled={self.is_answering.to_string()}>"Ask"</Button>
                    <Button phx-click={ChatEvent::Stop} aria-disabled={(!*self.is_answering).to_string()}>"Stop"</Button>
                </form>
            </main>
        }
    }
}

impl Chat {
    /// Shows what is kept of a conversation, or an empty one.
    fn open(&mut self, name: Option<String>, socket: &mut Socket) -> Result<()> {
        let conversation = match &name {
            None => Vec::new(),
            Some(name) => CONVERSATIONS
                .get(name)?
                .ok_or_else(|| Failure::not_found("There is no such conversation, or not any more."))?,
        };
        socket.cancel_task(ASKING);
        self.answer.clear(socket);
        self.is_answering.set(false);
        // The page has gone, or its connection was lost, before the answer was there.
        let is_unanswered = conversation.last().is_some_and(|last| last.role == Role::User);
        self.problem.set(is_unanswered.then(|| "The answer has not come.".to_owned()));
        self.said = 0;
        self.log.reset([]);
        for said in &conversation {
            self.said += 1;
            self.log.insert((self.said, said.clone()));
        }
        self.conversation = conversation;
        self.name.set(name);
        Ok(())
    }

    fn say(&mut self, role: Role, content: String) -> Result<()> {
        let said = Said { role, content };
        self.said += 1;
        self.log.insert((self.said, said.clone()));
        self.conversation.push(said);
        while self.conversation.len() > REMEMBERED || bytes(&self.conversation) > REMEMBERED_BYTES {
            self.conversation.remove(0);
        }
        let Some(name) = &*self.name else { return Ok(()) };
        CONVERSATIONS.put_for(WEEK_S, name, &self.conversation)
    }

    fn ask(&mut self, socket: &mut Socket) {
        socket.start_task(ASKING, Ask { conversation: self.conversation.clone() });
        self.problem.set(None);
        self.is_answering.set(true);
    }
}

fn bytes(conversation: &[Said]) -> usize {
    conversation.iter().map(|said| said.content.len()).sum()
}

fn random_name() -> String {
    environment::random(16).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn class_of(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

export!(Chat);
