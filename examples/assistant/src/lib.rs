//! A server that answers as those of language models do, `POST /v1/chat/completions` with `"stream": true`, and makes
//! up what it says. It needs no key to speak of, no network and no model.
//!
//! What it says depends on the last message: `long` is answered at length, `fail` with an error of the server, `break`
//! with an answer that ends in the middle. Other models than [`MODEL`] are not found.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

/// The model that there is.
pub const MODEL: &str = "greenhouse-1";
/// The key that it wants.
pub const KEY: &str = "not-a-secret";

/// Between two tokens.
const PACE: Duration = Duration::from_millis(15);
/// Tokens of a long answer.
const LONG: usize = 2_000;

#[derive(Deserialize)]
struct Completion {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: String,
}

/// Answers until the process ends.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener) -> anyhow::Result<()> {
    let router = Router::new().route("/v1/chat/completions", post(complete));
    Ok(axum::serve(listener, router).await?)
}

async fn complete(headers: HeaderMap, Json(asked): Json<Completion>) -> Response {
    let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if key.and_then(|value| value.strip_prefix("Bearer ")) != Some(KEY) {
        return error(StatusCode::UNAUTHORIZED, "this key is not known");
    }
    if asked.model != MODEL {
        return error(StatusCode::NOT_FOUND, "there is no such model");
    }
    let Some(question) = asked.messages.iter().rev().find(|message| message.role == "user") else {
        return error(StatusCode::BAD_REQUEST, "nobody has asked anything");
    };
    if question.content.contains("fail") {
        return error(StatusCode::SERVICE_UNAVAILABLE, "the model is asleep");
    }
    let turns = asked.messages.iter().filter(|message| message.role == "user").count();
    let (tokens, pace) = tokens(&question.content, turns);
    if !asked.stream {
        return Json(
            json!({ "choices": [{ "message": { "role": "assistant", "content": tokens.concat() } }] }),
        )
        .into_response();
    }
    let breaks = question.content.contains("break");
    let mut events: Vec<Event> =
        tokens.iter().map(|token| chunk(&json!({ "content": token }), None)).collect();
    if breaks {
        events.truncate(events.len() / 2);
    } else {
        events.push(chunk(&json!({}), Some("stop")));
        events.push(Event::default().data("[DONE]"));
    }
    let events = stream::iter(events).then(move |event| async move {
        sleep(pace).await;
        Ok::<_, Infallible>(event)
    });
    Sse::new(events).into_response()
}

/// What is said, in pieces, and how long each takes.
fn tokens(question: &str, turns: usize) -> (Vec<String>, Duration) {
    if question.contains("long") {
        let tokens = (1..=LONG).map(|number| format!("word{number} ")).collect();
        return (tokens, Duration::from_millis(1));
    }
    let answer = format!(
        "Question {turns}, {question:?}: give it light, but <b>no</b> midday sun; water it when the \
         soil is dry to the touch, less in winter; and open the window while it flowers. Everything else is patience."
    );
    (answer.split_inclusive(' ').map(str::to_owned).collect(), PACE)
}

fn chunk(delta: &Value, finish_reason: Option<&str>) -> Event {
    let choices = json!([{ "index": 0, "delta": delta, "finish_reason": finish_reason }]);
    Event::default().data(json!({ "object": "chat.completion.chunk", "choices": choices }).to_string())
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "message": message } }))).into_response()
}
