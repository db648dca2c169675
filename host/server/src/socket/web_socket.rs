//! The WebSocket under a browser's socket (RFC 6455): its handshake, its buffers, and text that goes out in fragments.

use std::future::Future;
use std::{iter, mem};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// Small buffers: the default of 128 KiB costs 133 KB a connection and a third of the throughput.
const READ_BUFFER_BYTES: usize = 1024;
const WRITE_BUFFER_BYTES: usize = 4 * 1024;
/// Text that is longer goes out in fragments: the buffer in which frames are written stays for the life of the socket
/// as large as its largest frame, and the answer to a join can have a hundred kilobytes.
const FRAGMENT_BYTES: usize = 4 * 1024;

/// An open WebSocket. In a box: otherwise its task would have a place for it in each function that it was handed to.
pub(super) struct WebSocket(Box<WebSocketStream<TokioIo<Upgraded>>>);

/// A request that is a WebSocket's handshake, not answered yet.
pub(super) struct Handshake {
    response: Response,
    upgrade: OnUpgrade,
}

impl Handshake {
    /// Reads a request. If it is no handshake, the answer that says so.
    pub(super) fn of(request: &mut Request) -> Result<Self, (StatusCode, String)> {
        let response = create_response_with_body(request, Body::empty)
            .map_err(|error| (StatusCode::BAD_REQUEST, format!("{error}\n")))?;
        // Missing where a server was put around the router that cannot let go of a connection.
        let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(|| {
            (StatusCode::UPGRADE_REQUIRED, "this connection cannot become a WebSocket\n".to_owned())
        })?;
        Ok(Self { response, upgrade })
    }

    /// The answer that accepts it. Once it was sent, the socket runs in a task of its own.
    pub(super) fn accept<F>(self, run: impl FnOnce(WebSocket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        tokio::spawn(async move {
            match self.upgrade.await {
                Ok(upgraded) => run(WebSocket::new(upgraded).await).await,
                Err(error) => tracing::debug!(%error, "no socket came of a handshake"),
            }
        });
        self.response
    }
}

impl WebSocket {
    async fn new(upgraded: Upgraded) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_write_buffer_size(16 * 1024 * 1024)
            .max_message_size(Some(hothouse_wire::MAX_FRAME_BYTES))
            .max_frame_size(Some(hothouse_wire::MAX_FRAME_BYTES));
        let stream =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        Self(Box::new(stream))
    }

    /// The next message; `None` after the end. Cancel-safe.
    pub(super) async fn recv(&mut self) -> Option<Result<Message, Error>> {
        self.0.next().await
    }

    /// Puts text into the buffer, and writes what is too much for it. Dropped early, it leaves a message without an
    /// end, after which only [`close`](Self::close) is right.
    pub(super) async fn feed(&mut self, text: Box<str>) -> Result<(), Error> {
        for frame in frames(text) {
            self.0.feed(Message::Frame(frame)).await?;
        }
        Ok(())
    }

    /// Writes what is in the buffer.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        self.0.flush().await
    }

    /// Says that it is over, and why.
    pub(super) async fn close(&mut self, code: u16, reason: &'static str) -> Result<(), Error> {
        let frame = CloseFrame { code: code.into(), reason: Utf8Bytes::from_static(reason) };
        self.0.send(Message::Close(Some(frame))).await
    }
}

/// A text as one frame, or as fragments.
fn frames(text: Box<str>) -> impl Iterator<Item = Frame> {
    let mut rest = Some(Bytes::from(text.into_boxed_bytes()));
    let mut kind = Data::Text;
    iter::from_fn(move || {
        let mut fragment = rest.take()?;
        if fragment.len() > FRAGMENT_BYTES {
            rest = Some(fragment.split_off(FRAGMENT_BYTES));
        }
        let kind = mem::replace(&mut kind, Data::Continue);
        Some(Frame::message(fragment, OpCode::Data(kind), rest.is_none()))
    })
}

#[cfg(test)]
mod tests {
    use super::{Data, FRAGMENT_BYTES, OpCode, frames};

    /// Kind, length and whether it is the last, of each frame.
    fn sent(text: &str) -> Vec<(OpCode, usize, bool)> {
        let frames: Vec<_> = frames(text.into()).collect();
        let bytes: Vec<u8> = frames.iter().flat_map(|frame| frame.payload()).copied().collect();
        assert_eq!(bytes, text.as_bytes());
        frames
            .iter()
            .map(|frame| (frame.header().opcode, frame.payload().len(), frame.header().is_final))
            .collect()
    }

    #[test]
    fn text_is_one_frame_up_to_the_limit_and_fragments_beyond() {
        let (text, more) = (OpCode::Data(Data::Text), OpCode::Data(Data::Continue));
        assert_eq!(sent(""), [(text, 0, true)]);
        assert_eq!(sent(&"x".repeat(FRAGMENT_BYTES)), [(text, FRAGMENT_BYTES, true)]);
        assert_eq!(sent(&"x".repeat(FRAGMENT_BYTES + 1)), [(text, FRAGMENT_BYTES, false), (more, 1, true)]);
        // A character may be cut in two: what is text is the whole of it.
        let long = format!("x{}", "é".repeat(FRAGMENT_BYTES));
        let full = FRAGMENT_BYTES;
        assert_eq!(sent(&long), [(text, full, false), (more, full, false), (more, 1, true)]);
    }
}
