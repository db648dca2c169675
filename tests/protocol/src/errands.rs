//! A browser at the component `errands`, whose page shows what the view is told of its tasks.

use std::net::SocketAddr;

use hothouse_test_client::{Client, Message, Socket, View};
use serde_json::{Value, json};

/// A browser at the component `errands`.
#[derive(Debug)]
pub struct Errands {
    /// Its socket.
    pub socket: Socket,
    /// The view that it has joined.
    pub view: View,
    /// How many diffs came unasked.
    pub pushed: usize,
}

impl Errands {
    /// Opens the page at a path and joins its view.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open(address: SocketAddr, path: &str) -> anyhow::Result<Self> {
        let mut client = Client::new(address);
        let page = client.get(path).await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Self { socket, view, pushed: 0 })
    }

    /// Clicks, and waits for the answer; what comes before it is merged.
    ///
    /// # Errors
    /// When something else comes.
    pub async fn click(&mut self, event: &str, value: Value) -> anyhow::Result<Value> {
        let payload = json!({ "type": "click", "event": event, "value": value });
        let (join_ref, topic) = (self.view.join_ref.clone(), self.view.topic.clone());
        let message_ref = self.socket.send(Some(&join_ref), &topic, "event", payload).await?;
        loop {
            let message = self.socket.receive().await?;
            if message.message_ref.as_deref() == Some(&message_ref) {
                return self.view.merge(&message);
            }
            self.merge(message)?;
        }
    }

    /// Starts an errand under a key.
    ///
    /// # Errors
    /// When something else comes.
    pub async fn start(&mut self, key: &str, what: &str, input: &str) -> anyhow::Result<Value> {
        self.click("start", json!({ "key": key, "what": what, "input": input })).await
    }

    /// Starts an errand and waits for its end: what the view is told of it.
    ///
    /// # Errors
    /// When something else comes.
    pub async fn run(&mut self, what: &str, input: &str) -> anyhow::Result<String> {
        let before = self.told()?.len();
        self.start("one", what, input).await?;
        let is_end = |told: &String| !told.starts_with("one: ");
        self.until(|told| told.iter().skip(before).any(is_end)).await?;
        let end = self.told()?.into_iter().skip(before).find(is_end).unwrap_or_default();
        Ok(end.strip_prefix("one ").unwrap_or(&end).to_owned())
    }

    /// Takes what comes until the view has been told enough: all of it.
    ///
    /// # Errors
    /// When something else comes.
    pub async fn until(&mut self, is_enough: impl Fn(&[String]) -> bool) -> anyhow::Result<Vec<String>> {
        loop {
            let told = self.told()?;
            if is_enough(&told) {
                return Ok(told);
            }
            let message = self.socket.receive().await?;
            self.merge(message)?;
        }
    }

    fn merge(&mut self, message: Message) -> anyhow::Result<()> {
        anyhow::ensure!(message.event == "diff", "expected a diff, got {}", message.text);
        self.view.tree.apply(message.payload.clone())?;
        self.pushed += 1;
        Ok(())
    }

    /// What the view has been told so far.
    ///
    /// # Errors
    /// When the page cannot be shown.
    pub fn told(&self) -> anyhow::Result<Vec<String>> {
        let html = self.view.html()?;
        let told = html.split("<li>").skip(1).filter_map(|item| item.split("</li>").next());
        Ok(told
            .map(|told| told.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"))
            .collect())
    }

    /// The text of the element with this id.
    ///
    /// # Errors
    /// When the page cannot be shown.
    pub fn shown(&self, id: &str) -> anyhow::Result<String> {
        let html = self.view.html()?;
        let rest = html.split(&format!("id=\"{id}\">")).nth(1).unwrap_or_default();
        Ok(rest.split('<').next().unwrap_or_default().to_owned())
    }
}
