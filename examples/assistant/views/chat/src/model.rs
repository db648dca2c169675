//! The model at the other end: what it is asked, and how its answer arrives.

use hothouse_sdk::http::Request;
use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{Progress, Task};
use serde::{Deserialize, Serialize};

/// Who says something, in the words of the models' servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    User,
    Assistant,
}

/// One message of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) role: Role,
    pub(crate) content: String,
}

/// Asks the model to go on with a conversation. Its answer is reported in pieces, as it comes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ask {
    pub(crate) conversation: Vec<Said>,
}

#[derive(Serialize)]
struct Body {
    model: String,
    messages: Vec<Said>,
    stream: bool,
}

/// One event of the answer.
#[derive(Deserialize)]
struct Chunk {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

impl Task for Ask {
    const NAME: &'static str = "ask";
    type Output = ();
    type Progress = String;

    fn run(self, progress: &Progress<String>) -> Result<()> {
        let body = Body { model: setting("model")?, messages: self.conversation, stream: true };
        let request = Request::post(setting("url")?).bearer(&setting("key")?).json(&body)?;
        let answer = request.open()?.ok().map_err(|failure| {
            Failure::unavailable(format!("The model does not answer: {}.", failure.message))
        })?;
        for event in answer.events() {
            let event = event?;
            if event.data == "[DONE]" {
                return Ok(());
            }
            let chunk: Chunk = serde_json::from_str(&event.data)
                .map_err(|_| Failure::unavailable("The model has answered something else."))?;
            for piece in chunk.choices.into_iter().filter_map(|choice| choice.delta.content) {
                progress.report(&piece)?;
            }
        }
        Err(Failure::unavailable("The model has broken off."))
    }
}

fn setting(name: &str) -> Result<String> {
    environment::config(name)
        .ok_or_else(|| Failure::internal(format!("`{name}` is missing under `config` of the component")))
}
