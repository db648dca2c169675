//! Frames over a real websocket.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Error};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::PATIENCE;
use crate::http::{Client, Page};

/// How long nothing must come before a test says that nothing does.
const SILENCE: Duration = Duration::from_millis(150);

/// What a handshake sends; the default is what a browser would.
#[derive(Debug, Clone)]
pub struct Handshake {
    address: SocketAddr,
    /// `Origin`; `None`: no such header.
    pub origin: Option<String>,
    /// `Cookie`.
    pub cookies: Option<String>,
    /// The query, without `?`.
    pub query: String,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
}

/// A handshake that was answered with something else than an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused(pub u16);

/// A frame from the host.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Element 0.
    pub join_ref: Option<String>,
    /// Element 1.
    pub message_ref: Option<String>,
    /// Element 2.
    pub topic: String,
    /// Element 3.
    pub event: String,
    /// Element 4, an object.
    pub payload: Value,
    /// The frame as it came.
    pub text: String,
}

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ref: u64,
}

impl Handshake {
    /// What a browser with this page open would send.
    ///
    /// # Errors
    /// When the page has no CSRF token.
    pub fn new(client: &Client, page: &Page) -> anyhow::Result<Self> {
        Ok(Self {
            address: client.address(),
            origin: Some(format!("http://{}", client.address())),
            cookies: client.cookie_header(),
            query: format!("_csrf_token={}&vsn=2.0.0", page.csrf_token()?),
            headers: Vec::new(),
        })
    }

    /// Opens the socket.
    ///
    /// # Errors
    /// [`Refused`] inside when the host answered with another status.
    pub async fn open(&self) -> anyhow::Result<Result<Socket, Refused>> {
        let url = format!("ws://{}/live/websocket?{}", self.address, self.query);
        let mut request = url.into_client_request()?;
        for (name, value) in [("origin", &self.origin), ("cookie", &self.cookies)] {
            if let Some(value) = value {
                request.headers_mut().insert(name, HeaderValue::from_str(value)?);
            }
        }
        for (name, value) in &self.headers {
            request.headers_mut().append(*name, HeaderValue::from_str(value)?);
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Ok(Socket { stream, next_ref: 4 })),
            Err(Error::Http(response)) => Ok(Err(Refused(response.status().as_u16()))),
            Err(error) => Err(error.into()),
        }
    }
}

impl Socket {
    /// Opens a socket as the browser with this page open would.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn connect(client: &Client, page: &Page) -> anyhow::Result<Self> {
        match Handshake::new(client, page)?.open().await? {
            Ok(socket) => Ok(socket),
            Err(Refused(status)) => bail!("the handshake was refused with {status}"),
        }
    }

    /// A ref that was not used before; not contiguous, as the real client's are not.
    pub fn make_ref(&mut self) -> String {
        self.next_ref += 2;
        (self.next_ref - 2).to_string()
    }

    /// Sends a text frame as it is.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send_raw(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.stream.send(tungstenite::Message::text(text)).await?)
    }

    /// Sends a binary frame.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> anyhow::Result<()> {
        Ok(self.stream.send(tungstenite::Message::binary(bytes)).await?)
    }

    /// Sends bytes beneath the framing, as they are.
    ///
    /// # Errors
    /// When the connection is closed, or is no plain one.
    pub async fn send_bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let MaybeTlsStream::Plain(stream) = self.stream.get_mut() else { bail!("not a plain connection") };
        Ok(stream.write_all(bytes).await?)
    }

    /// Sends a message under a new ref, which it returns.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send(
        &mut self,
        join_ref: Option<&str>,
        topic: &str,
        event: &str,
        payload: Value,
    ) -> anyhow::Result<String> {
        let message_ref = self.make_ref();
        let frame = serde_json::json!([join_ref, message_ref, topic, event, payload]);
        self.send_raw(&frame.to_string()).await?;
        Ok(message_ref)
    }

    /// The next message.
    ///
    /// # Errors
    /// When none comes, or something that is not one.
    pub async fn receive(&mut self) -> anyhow::Result<Message> {
        match self.next("a message").await? {
            tungstenite::Message::Text(text) => Message::parse(&text),
            other => bail!("expected a message, got {other:?}"),
        }
    }

    /// The next message; control frames before it are passed over.
    ///
    /// # Errors
    /// As [`Socket::receive`].
    pub async fn receive_message(&mut self) -> anyhow::Result<Message> {
        self.message_or_close()
            .await?
            .map_err(|code| anyhow!("expected a message, got a close with {code:?}"))
    }

    /// The next message, or the code that the host closes with; other control frames are passed over. Cancel-safe.
    ///
    /// # Errors
    /// When nothing comes, or something that is no message.
    pub async fn message_or_close(&mut self) -> anyhow::Result<Result<Message, Option<u16>>> {
        loop {
            match self.next("a message").await? {
                tungstenite::Message::Text(text) => return Message::parse(&text).map(Ok),
                tungstenite::Message::Close(frame) => return Ok(Err(frame.map(|frame| frame.code.into()))),
                tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_) => {}
                other => bail!("expected a message, got {other:?}"),
            }
        }
    }

    /// The code that the host closes with; messages before it are passed over.
    ///
    /// # Errors
    /// When it does not close.
    pub async fn closed(&mut self) -> anyhow::Result<Option<u16>> {
        loop {
            match self.next("a close frame").await? {
                tungstenite::Message::Close(frame) => return Ok(frame.map(|frame| frame.code.into())),
                tungstenite::Message::Text(_) | tungstenite::Message::Ping(_) => {}
                other => bail!("expected a close, got {other:?}"),
            }
        }
    }

    /// Fails when anything comes within a short while.
    ///
    /// # Errors
    /// With what came.
    pub async fn stays_silent(&mut self) -> anyhow::Result<()> {
        match timeout(SILENCE, self.stream.next()).await {
            Err(_) => Ok(()),
            Ok(message) => bail!("expected nothing, got {message:?}"),
        }
    }

    /// Waits until the connection has ended, however long that takes and however it ends.
    pub async fn ended(&mut self) {
        while let Some(Ok(_)) = self.stream.next().await {}
    }

    /// Drops the connection as a laptop does that is closed.
    pub fn cut(self) {
        drop(self);
    }

    async fn next(&mut self, expected: &str) -> anyhow::Result<tungstenite::Message> {
        timeout(PATIENCE, self.stream.next())
            .await
            .with_context(|| format!("waited {PATIENCE:?} for {expected}"))?
            .with_context(|| format!("the connection ended without a close frame; expected {expected}"))?
            .with_context(|| format!("the socket failed; expected {expected}"))
    }
}

impl Message {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let Some([join_ref, message_ref, topic, event, payload]) = value.as_array().map(Vec::as_slice) else {
            bail!("not an array of five: {text}");
        };
        let optional = |value: &Value| -> anyhow::Result<Option<String>> {
            match value {
                Value::Null => Ok(None),
                Value::String(text) => Ok(Some(text.clone())),
                other => bail!("a ref that is no string: {other}"),
            }
        };
        if !payload.is_object() {
            bail!("a payload that is no object: {text}");
        }
        Ok(Self {
            join_ref: optional(join_ref)?,
            message_ref: optional(message_ref)?,
            topic: topic.as_str().context("topic")?.to_owned(),
            event: event.as_str().context("event")?.to_owned(),
            payload: payload.clone(),
            text: text.to_owned(),
        })
    }

    /// `status` and `response` of a reply.
    ///
    /// # Errors
    /// When it is not one.
    pub fn reply(&self) -> anyhow::Result<(&str, &Value)> {
        if self.event != "phx_reply" {
            bail!("expected a reply, got {}", self.text);
        }
        let status = self.payload.get("status").and_then(Value::as_str).context("a reply without status")?;
        Ok((status, self.payload.get("response").context("a reply without response")?))
    }
}
