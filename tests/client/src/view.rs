//! A joined view, as a page would hold it.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::http::{Client, Page};
use crate::merge::Tree;
use crate::socket::{Message, Socket};

/// A joined view and its merged tree.
#[derive(Debug)]
pub struct View {
    /// `lv:` and its id.
    pub topic: String,
    /// The ref of its join.
    pub join_ref: String,
    /// What the page shows.
    pub tree: Tree,
    /// The join's `rendered`, as it came.
    pub rendered: Value,
    /// All diffs since, as they came.
    pub diffs: Vec<Value>,
}

impl View {
    /// The payload with which the real client joins the page's main view.
    ///
    /// # Errors
    /// When the page has no view.
    pub fn join_payload(client: &Client, page: &Page) -> anyhow::Result<Value> {
        let element = page.view()?;
        Ok(json!({
            "url": format!("http://{}{}", client.address(), page.path),
            "params": { "_csrf_token": page.csrf_token()?, "_mounts": 0, "_mount_attempts": 0 },
            "session": element.session,
            "static": element.static_token,
            "sticky": false,
        }))
    }

    /// Joins the page's main view.
    ///
    /// # Errors
    /// With the refusal, when it is refused.
    pub async fn join(socket: &mut Socket, client: &Client, page: &Page) -> anyhow::Result<Self> {
        let topic = format!("lv:{}", page.view()?.id);
        let reply = Self::try_join(socket, &topic, Self::join_payload(client, page)?).await?;
        Self::from_reply(&reply)
    }

    /// Sends a join and returns its answer, whatever it is.
    ///
    /// # Errors
    /// When none comes.
    pub async fn try_join(socket: &mut Socket, topic: &str, payload: Value) -> anyhow::Result<Message> {
        let join_ref = socket.make_ref();
        let frame = json!([join_ref, join_ref, topic, "phx_join", payload]);
        socket.send_raw(&frame.to_string()).await?;
        socket.receive().await.with_context(|| format!("the answer to the join of {topic}"))
    }

    /// The view that an ok reply brings.
    ///
    /// # Errors
    /// When the reply is not ok, or its tree not complete.
    pub fn from_reply(reply: &Message) -> anyhow::Result<Self> {
        let ("ok", response) = reply.reply()? else { bail!("the join was refused: {}", reply.text) };
        let rendered = response.get("rendered").context("a join reply without `rendered`")?.clone();
        Ok(Self {
            topic: reply.topic.clone(),
            join_ref: reply.join_ref.clone().context("a join reply without join_ref")?,
            tree: Tree::from_rendered(rendered.clone())?,
            rendered,
            diffs: Vec::new(),
        })
    }

    /// Sends an event as a click does, takes its answer and merges it. The answer's `response`.
    ///
    /// # Errors
    /// When the answer is not ok, or cannot be merged.
    pub async fn click(&mut self, socket: &mut Socket, event: &str, value: Value) -> anyhow::Result<Value> {
        self.push(socket, json!({ "type": "click", "event": event, "value": value })).await
    }

    /// Clicks on what is for a component: as [`View::click`].
    ///
    /// # Errors
    /// As [`View::click`].
    pub async fn click_component(
        &mut self,
        socket: &mut Socket,
        cid: u64,
        event: &str,
        value: Value,
    ) -> anyhow::Result<Value> {
        self.push(socket, json!({ "type": "click", "event": event, "value": value, "cid": cid })).await
    }

    /// Says that components leave the page (`cids_will_destroy`), or have left it (`cids_destroyed`). The answer's
    /// `response`.
    ///
    /// # Errors
    /// When the answer is not ok.
    pub async fn say_of_components(
        &mut self,
        socket: &mut Socket,
        event: &str,
        cids: &[u64],
    ) -> anyhow::Result<Value> {
        let payload = json!({ "cids": cids });
        let message_ref = socket.send(Some(&self.join_ref), &self.topic, event, payload).await?;
        let message = socket.receive().await.with_context(|| format!("the answer to {event}"))?;
        if message.message_ref.as_deref() != Some(&message_ref) {
            bail!("expected the answer to {message_ref}, got {}", message.text);
        }
        let ("ok", response) = message.reply()? else { bail!("not ok: {}", message.text) };
        Ok(response.clone())
    }

    /// Does what a client does once components have left the page, in both steps. Those that the host has deleted.
    ///
    /// # Errors
    /// As [`View::say_of_components`], or when the host does not say which it has deleted.
    pub async fn remove_components(&mut self, socket: &mut Socket) -> anyhow::Result<Vec<u64>> {
        let removed = self.tree.removed_components()?;
        let response = self.say_of_components(socket, "cids_will_destroy", &removed).await?;
        if response != json!({}) {
            bail!("an answer to cids_will_destroy with content: {response}");
        }
        let response = self.say_of_components(socket, "cids_destroyed", &removed).await?;
        let cids = response.get("cids").cloned().context("an answer to cids_destroyed without `cids`")?;
        let cids: Vec<u64> = serde_json::from_value(cids)?;
        self.tree.prune(&cids);
        Ok(cids)
    }

    /// Follows a patch link to an absolute URL: the frames that come, the answer last.
    ///
    /// # Errors
    /// When the answer does not come, or a diff cannot be merged.
    pub async fn patch(&mut self, socket: &mut Socket, url: &str) -> anyhow::Result<Vec<Message>> {
        let message_ref =
            socket.send(Some(&self.join_ref), &self.topic, "live_patch", json!({ "url": url })).await?;
        self.until(socket, &message_ref).await
    }

    /// Clicks, and takes all frames that come, the answer last.
    ///
    /// # Errors
    /// When the answer does not come, or a diff cannot be merged.
    pub async fn click_for_all(&mut self, socket: &mut Socket, event: &str) -> anyhow::Result<Vec<Message>> {
        let payload = json!({ "type": "click", "event": event, "value": {} });
        let message_ref = socket.send(Some(&self.join_ref), &self.topic, "event", payload).await?;
        self.until(socket, &message_ref).await
    }

    /// All frames up to the answer to a message, merged.
    async fn until(&mut self, socket: &mut Socket, message_ref: &str) -> anyhow::Result<Vec<Message>> {
        let mut messages = Vec::new();
        loop {
            let message = socket.receive().await.context("the answer to a message")?;
            let is_answer = message.message_ref.as_deref() == Some(message_ref);
            if is_answer {
                self.merge(&message)?;
            } else if message.event == "diff" && message.payload.get("0").is_some() {
                self.tree.apply(message.payload.clone())?;
                self.diffs.push(message.payload.clone());
            }
            messages.push(message);
            if is_answer {
                return Ok(messages);
            }
        }
    }

    /// Leaves the view and joins the one at another path, with the page's own tokens, as a client navigates. The answers:
    /// to the leave, and to the join.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn navigate(
        socket: &mut Socket,
        former: Option<&Self>,
        client: &Client,
        page: &Page,
        path: &str,
        flash: Option<&str>,
    ) -> anyhow::Result<Message> {
        let topic = format!("lv:{}", page.view()?.id);
        if let Some(former) = former {
            socket.send(Some(&former.join_ref), &topic, "phx_leave", json!({})).await?;
        }
        let mut payload = Self::join_payload(client, page)?;
        let fields = payload.as_object_mut().context("a payload is an object")?;
        let from = fields.remove("url");
        fields.insert("redirect".to_owned(), json!(format!("http://{}{path}", client.address())));
        if let Some(flash) = flash {
            fields.insert("flash".to_owned(), json!(flash));
        }
        if let (Some(from), Some(params)) = (from, payload.get_mut("params").and_then(Value::as_object_mut)) {
            params.insert("_live_referer".to_owned(), from);
        }
        let join_ref = socket.make_ref();
        let frame = json!([join_ref, join_ref, topic, "phx_join", payload]);
        socket.send_raw(&frame.to_string()).await?;
        loop {
            let message = socket.receive().await.context("the answer to a navigation")?;
            if message.message_ref.as_deref() == Some(&join_ref) {
                return Ok(message);
            }
        }
    }

    /// Sends an `event` payload as it is, takes its answer and merges it.
    ///
    /// # Errors
    /// As [`View::click`].
    pub async fn push(&mut self, socket: &mut Socket, payload: Value) -> anyhow::Result<Value> {
        let sent = payload.to_string();
        let message_ref = socket.send(Some(&self.join_ref), &self.topic, "event", payload).await?;
        let message = socket.receive().await.with_context(|| format!("the answer to event {sent}"))?;
        if message.message_ref.as_deref() != Some(&message_ref) || message.topic != self.topic {
            bail!("expected the answer to {message_ref}, got {}", message.text);
        }
        self.merge(&message)
    }

    /// Merges the diff of an ok reply, and returns its `response`.
    ///
    /// # Errors
    /// As [`View::click`].
    pub fn merge(&mut self, message: &Message) -> anyhow::Result<Value> {
        let ("ok", response) = message.reply()? else { bail!("not ok: {}", message.text) };
        if let Some(diff) = response.get("diff") {
            self.tree.apply(diff.clone())?;
            self.diffs.push(diff.clone());
        }
        Ok(response.clone())
    }

    /// Takes a diff that answers no event, and merges it.
    ///
    /// # Errors
    /// When another message comes, none, or one that cannot be merged.
    pub async fn pushed(&mut self, socket: &mut Socket) -> anyhow::Result<Value> {
        let message = socket.receive().await.context("a diff that nobody asked for")?;
        let is_ours = message.topic == self.topic && message.join_ref.as_ref() == Some(&self.join_ref);
        if message.event != "diff" || message.message_ref.is_some() || !is_ours {
            bail!("expected a diff for {}, got {}", self.topic, message.text);
        }
        self.tree.apply(message.payload.clone())?;
        self.diffs.push(message.payload.clone());
        Ok(message.payload)
    }

    /// What the page shows.
    ///
    /// # Errors
    /// When the tree cannot be shown.
    pub fn html(&self) -> anyhow::Result<String> {
        Ok(self.tree.html()?)
    }
}
