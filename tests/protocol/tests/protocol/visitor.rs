//! A browser that has joined a view which pushes what it hears to its page.

use hothouse_protocol_tests::TestServer;
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

/// A browser that has joined the view.
pub(crate) struct Visitor {
    pub(crate) socket: Socket,
    pub(crate) view: View,
}

impl Visitor {
    pub(crate) async fn open(server: &TestServer, path: &str) -> anyhow::Result<Self> {
        let mut client = Client::new(server.address);
        let page = client.get(path).await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Self { socket, view })
    }

    /// One at `asks-everything` that has subscribed to a topic.
    pub(crate) async fn subscribed(server: &TestServer, topic: &str) -> anyhow::Result<Self> {
        let mut visitor = Self::open(server, "/").await?;
        visitor.click(&format!("subscribe:{topic}"), json!({})).await?;
        Ok(visitor)
    }

    /// One at `room` that has subscribed to a topic.
    pub(crate) async fn in_room(server: &TestServer, topic: &str) -> anyhow::Result<Self> {
        let mut visitor = Self::open(server, "/").await?;
        visitor.click("subscribe", json!({ "topic": topic })).await?;
        Ok(visitor)
    }

    /// Clicks; the diff that answers, or `null`.
    pub(crate) async fn click(&mut self, event: &str, value: Value) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, event, value).await?;
        Ok(response.get("diff").cloned().unwrap_or(Value::Null))
    }

    /// What the view has pushed to the page of what it heard, in one diff.
    pub(crate) async fn hears(&mut self) -> anyhow::Result<Vec<String>> {
        let diff = self.view.pushed(&mut self.socket).await?;
        Ok(heard(&diff))
    }
}

fn heard(diff: &Value) -> Vec<String> {
    let events = diff["e"].as_array().cloned().unwrap_or_default();
    let heard =
        |event: &Value| event.pointer("/1/heard").and_then(Value::as_str).unwrap_or_default().to_owned();
    events.iter().map(heard).collect()
}
