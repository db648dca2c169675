//! The view's channel: joins, messages and their answers, and what they make of the page.

use hothouse_test_client::{Handshake, Message, Socket, Tree};
use serde_json::{Map, Value, json};

use crate::appended::Appended;
use crate::checks;
use crate::document::Document;
use crate::error::{Code, Problem};
use crate::going::{Destination, How};
use crate::view::{Standing, View};

/// A socket, and the view that has joined on it.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) socket: Socket,
    pub(crate) topic: String,
    pub(crate) join_ref: String,
    /// What the view has rendered.
    tree: Tree,
}

type Outcome<T = ()> = Result<T, Problem>;

impl View {
    /// Opens a socket and joins the page's view.
    pub(crate) async fn connect(&mut self) -> Outcome {
        if self.page.view().is_err() {
            return Err(self.not_live());
        }
        let mut handshake = Handshake::new(&self.browser.client, &self.page).map_err(Problem::protocol)?;
        handshake.headers.clone_from(&self.browser.headers);
        let socket = match handshake.open().await.map_err(Problem::protocol)? {
            Ok(socket) => socket,
            Err(refused) => {
                return Err(Problem::protocol(format!("the handshake was refused with {}", refused.0)));
            }
        };
        self.join_on(socket, None).await
    }

    /// That the page has no view to join.
    fn not_live(&self) -> Problem {
        let status = self.page.status;
        let text = match self.page.header("location") {
            Some(to) => format!("{} was answered with {status}, a redirect to {to}", self.address),
            None => format!("{} was answered with {status}, and without a live view", self.address),
        };
        Problem::new(Code::Answered, format!("{text}: `get` opens it all the same"))
            .and(&self.document.shown())
    }

    /// Joins the page's view on a socket, and shows it.
    pub(crate) async fn join_on(&mut self, mut socket: Socket, flash: Option<&str>) -> Outcome {
        let payload = self.join_payload(flash).map_err(Problem::protocol)?;
        let topic = format!("lv:{}", self.page.view().map_err(Problem::protocol)?.id);
        let join_ref = socket.make_ref();
        let frame = json!([join_ref, join_ref, topic, "phx_join", payload]);
        socket.send_raw(&frame.to_string()).await.map_err(Problem::protocol)?;
        self.channel = Some(Channel { socket, topic, join_ref: join_ref.clone(), tree: Tree::default() });
        loop {
            let message = self.next_message().await?;
            if message.message_ref.as_ref() == Some(&join_ref) {
                return self.joined(&message, flash);
            }
        }
    }

    fn join_payload(&self, flash: Option<&str>) -> anyhow::Result<Value> {
        let element = self.page.view()?;
        let mut params = Map::new();
        params.insert("_csrf_token".to_owned(), json!(self.page.csrf_token()?));
        params.extend(self.browser.connect_params.clone());
        params.insert("_mounts".to_owned(), json!(self.mounts));
        params.insert("_mount_attempts".to_owned(), json!(0));
        let tracked: Vec<String> = self.tracked_files();
        if !tracked.is_empty() {
            params.insert("_track_static".to_owned(), json!(tracked));
        }
        if let Some(from) = &self.came_from {
            params.insert("_live_referer".to_owned(), json!(self.absolute(from)));
        }
        let address = if self.came_from.is_some() { "redirect" } else { "url" };
        let static_token = Some(element.static_token).filter(|token| !token.is_empty());
        let mut payload = json!({
            "params": params,
            "session": element.session,
            "static": static_token,
            "sticky": false,
        });
        if let Some(fields) = payload.as_object_mut() {
            fields.insert(address.to_owned(), json!(self.absolute(&self.address)));
            fields.extend(flash.map(|flash| ("flash".to_owned(), json!(flash))));
        }
        Ok(payload)
    }

    /// An address of the app as the browser's bar has it.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("http://{}{path}", self.browser.client.address())
    }

    /// Files that the page says it was loaded with.
    fn tracked_files(&self) -> Vec<String> {
        let found = self.document.all("[phx-track-static]", None).unwrap_or_default();
        let file = |element: scraper::ElementRef<'_>| {
            element.attr("src").or(element.attr("href")).map(str::to_owned)
        };
        found.into_iter().filter_map(file).map(|file| self.absolute(&file)).collect()
    }

    /// Takes the answer to a join.
    fn joined(&mut self, answer: &Message, flash: Option<&str>) -> Outcome {
        let (status, response) = answer.reply().map_err(Problem::protocol)?;
        if status != "ok" {
            for event in response.get("events").and_then(Value::as_array).into_iter().flatten() {
                self.hear(event);
            }
            if let Some(destination) = destination(response) {
                self.leave_for(destination);
                return Ok(());
            }
            let reason = response.get("reason").and_then(Value::as_str).unwrap_or("no reason");
            if self.came_from.is_some() && matches!(reason, "unauthorized" | "stale") {
                // Another live session, or nobody's view: the client loads the page.
                let to = self.address.clone();
                self.leave_for(Destination { to, how: How::Load, flash: flash.map(str::to_owned) });
                return Ok(());
            }
            let text = format!("the live view of {} was not joined: {reason}", self.address);
            return Err(Problem::new(Code::NotJoined, text));
        }
        self.mounts += 1;
        self.appended = Appended::default();
        self.standing = Standing::Live;
        let rendered = response.get("rendered").cloned().unwrap_or_default();
        let tree = Tree::from_rendered(rendered).map_err(Problem::protocol)?;
        if let Some(channel) = &mut self.channel {
            channel.tree = tree;
        }
        if let Some(to) = response.pointer("/live_patch/to").and_then(Value::as_str) {
            self.address = self.resolved(to);
        }
        self.show()
    }

    /// Sends a message of the view, and takes all that comes until it has been answered. The answer.
    pub(crate) async fn exchange(&mut self, event: &str, payload: Value) -> Outcome<Value> {
        let response = self.ask(event, payload).await?;
        self.drop_components().await?;
        Ok(response)
    }

    async fn ask(&mut self, event: &str, payload: Value) -> Outcome<Value> {
        let channel = self.live_channel()?;
        let Channel { socket, topic, join_ref, .. } = channel;
        let sent = socket.send(Some(join_ref), topic, event, payload).await;
        let message_ref = sent.map_err(Problem::protocol)?;
        loop {
            let message = self.next_message().await?;
            if let Some(answer) = self.take(&message, Some(&message_ref))? {
                return Ok(answer);
            }
        }
    }

    /// The channel of a view with which something can be done.
    pub(crate) fn live_channel(&mut self) -> Outcome<&mut Channel> {
        let (code, text) = match &self.standing {
            Standing::Live => match &mut self.channel {
                Some(channel) => return Ok(channel),
                None => (Code::NotJoined, "the page has no socket".to_owned()),
            },
            Standing::Dead => (Code::NotJoined, "the page is not live: `join` makes it so".to_owned()),
            Standing::Crashed => (Code::Crashed, "the view has ended: `reconnect` joins it again".to_owned()),
            Standing::Disconnected => {
                (Code::NotJoined, "the socket is closed: `reconnect` opens another".to_owned())
            }
            Standing::Left(destination) => {
                (Code::Left, format!("the page has been left for {destination}: `follow` goes along"))
            }
        };
        Err(Problem::new(code, text))
    }

    /// The next message of the socket, whatever it is for.
    pub(crate) async fn next_message(&mut self) -> Outcome<Message> {
        let Some(channel) = &mut self.channel else {
            return Err(Problem::new(Code::NotJoined, "the page has no socket"));
        };
        match channel.socket.message_or_close().await.map_err(Problem::protocol)? {
            Ok(message) => Ok(message),
            Err(code) => {
                self.channel = None;
                self.standing = Standing::Disconnected;
                let code = code.map_or_else(|| "without a code".to_owned(), |code| format!("with {code}"));
                Err(Problem::new(Code::NotJoined, format!("the server has closed the socket {code}")))
            }
        }
    }

    /// Does what a message says. The answer, if it is the one that is waited for.
    pub(crate) fn take(&mut self, message: &Message, awaited: Option<&str>) -> Outcome<Option<Value>> {
        let Some(channel) = &self.channel else { return Ok(None) };
        if message.topic != channel.topic || message.join_ref.as_ref() != Some(&channel.join_ref) {
            return Ok(None);
        }
        let payload = &message.payload;
        match message.event.as_str() {
            "phx_reply" => {
                let ("ok", response) = message.reply().map_err(Problem::protocol)? else {
                    return Err(Problem::protocol(format!("an answer that is no ok: {}", message.text)));
                };
                if let Some(diff) = response.get("diff") {
                    self.merge(diff)?;
                }
                if let Some(destination) = destination(response) {
                    self.leave_for(destination);
                }
                let is_awaited = awaited.is_some() && message.message_ref.as_deref() == awaited;
                return Ok(is_awaited.then(|| response.clone()));
            }
            "diff" => self.merge(payload)?,
            "live_patch" => {
                if let Some(to) = payload.get("to").and_then(Value::as_str) {
                    self.address = self.resolved(to);
                }
            }
            "live_redirect" | "redirect" => {
                let wrapped = json!({ message.event.as_str(): payload });
                if let Some(destination) = destination(&wrapped) {
                    self.leave_for(destination);
                }
            }
            "phx_error" => {
                self.standing = Standing::Crashed;
                let text = format!("the view of {} has ended: a trap or a limit, see its log", self.address);
                return Err(Problem::new(Code::Crashed, text).and(&self.document.shown()));
            }
            "phx_close" => {
                if matches!(self.standing, Standing::Live) {
                    self.standing = Standing::Disconnected;
                }
            }
            other => {
                return Err(Problem::protocol(format!("the client knows no `{other}`: {}", message.text)));
            }
        }
        Ok(None)
    }

    fn merge(&mut self, diff: &Value) -> Outcome {
        let Some(channel) = &mut self.channel else { return Ok(()) };
        channel.tree.apply(diff.clone()).map_err(Problem::protocol)?;
        self.show()
    }

    /// Shows what the view has rendered, and checks it.
    pub(crate) fn show(&mut self) -> Outcome {
        let Some(channel) = &self.channel else { return Ok(()) };
        let tree = &channel.tree;
        let extra = |key: &str| tree.extra(key).cloned();
        let (title, events, reply) = (extra("t"), extra("e"), extra("r"));
        let html = tree.marked_html().map_err(Problem::protocol)?;
        let page = self.page.showing(&html).map_err(Problem::protocol)?;
        if let Some(Value::String(title)) = title {
            self.title = Some(title);
        }
        for event in events.as_ref().and_then(Value::as_array).into_iter().flatten() {
            self.hear(event);
        }
        self.reply = reply;
        if page != self.rendered || self.appended.is_coming() {
            self.show_page(page)?;
        }
        if matches!(self.standing, Standing::Live)
            && let Some(destination) = self.fetches()
        {
            self.leave_for(destination);
        }
        Ok(())
    }

    fn show_page(&mut self, page: String) -> Outcome {
        self.document = Document::parse(&page);
        self.document.move_portals();
        self.rendered = page;
        if let Some(channel) = &self.channel {
            self.document.order_streams(&channel.tree.rows_of_streams().collect());
        }
        self.appended.show(&mut self.document);
        checks::check(&self.document)?;
        // With what was typed: nothing of it is rendered anew once the page leaves.
        let destination = self.triggered().filter(|_| matches!(self.standing, Standing::Live));
        self.typing.settle(&self.document);
        self.document.change(&self.changes);
        if let Some(destination) = destination {
            self.leave_for(destination);
        }
        Ok(())
    }

    fn hear(&mut self, event: &Value) {
        let (name, payload) = (event.get(0).and_then(Value::as_str), event.get(1));
        if let (Some(name), Some(payload)) = (name, payload)
            && !self.fetching.hear(name, payload)
            && !self.appended.hear(name, payload)
        {
            self.events.push((name.to_owned(), payload.clone()));
        }
    }

    /// Says of components that the page shows no more that they are gone, in two steps, as a client does.
    pub(crate) async fn drop_components(&mut self) -> Outcome {
        for step in ["cids_will_destroy", "cids_destroyed"] {
            if !matches!(self.standing, Standing::Live) {
                return Ok(());
            }
            let Some(channel) = &self.channel else { return Ok(()) };
            let gone = channel.tree.removed_components().map_err(Problem::protocol)?;
            if gone.is_empty() {
                return Ok(());
            }
            let answer = self.ask(step, json!({ "cids": gone })).await?;
            let deleted = answer.get("cids").and_then(Value::as_array).into_iter().flatten();
            let deleted: Vec<u64> = deleted.filter_map(Value::as_u64).collect();
            if let Some(channel) = &mut self.channel {
                channel.tree.prune(&deleted);
            }
        }
        Ok(())
    }
}

/// Where an answer sends its page.
fn destination(response: &Value) -> Option<Destination> {
    let (to, how) = match (response.get("live_redirect"), response.get("redirect")) {
        (Some(to), _) => (to, How::Navigate),
        (None, Some(to)) => (to, How::Load),
        (None, None) => return None,
    };
    let text = |name: &str| to.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Destination { to: text("to")?, how, flash: text("flash") })
}
