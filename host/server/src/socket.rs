//! One browser's socket: frames in order, replies in batches, back-pressure. Topics are [`channels`]' business.
//!
//! A single task reads and writes. Views run in tasks of their own and hand their frames over through a bounded
//! queue; when a view's inbox is full, the socket is read no further until there is room.

use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};

use crate::app_session::AppSession;
use crate::caller::Caller;
use crate::limits::Limit;
use crate::open_sessions;
use crate::outgoing::{self, Frame, Waiting};
use crate::places::Place;
use crate::rate::{Bucket, Rate};
use crate::site::Site;
use crate::telemetry::Refused;
use crate::visitor::Visitor;

mod channels;
mod web_socket;

use channels::{Channels, Delivery};
use web_socket::{Handshake, WebSocket};

/// How long a client may take to read what is written before it is taken for gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long views may take to say goodbye when the socket ends.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(2);

/// WebSocket close codes (RFC 6455, 7.4.1). Never 1000: the client takes it as an order to reload.
mod close_code {
    pub(super) const UNSUPPORTED: u16 = 1003;
    pub(super) const INVALID: u16 = 1007;
    pub(super) const AWAY: u16 = 1001;
    pub(super) const POLICY: u16 = 1008;
    pub(super) const RESTART: u16 = 1012;
}

/// Answers `GET /live/websocket` (wire protocol 1.6): a foreign origin or another protocol version is refused;
/// a missing session or CSRF token is not, but every join will then be answered `stale`.
pub(crate) async fn upgrade(State(site): State<Arc<Site>>, mut request: Request) -> Response {
    let handshake = match Handshake::of(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return refused.into_response(),
    };
    let (headers, extensions) = (request.headers(), request.extensions());
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if !site.origins.admits(headers) {
        return refuse(&site, &SocketRefused::ForeignOrigin);
    }
    let query = request.uri().query().unwrap_or_default();
    let parameter = |wanted: &str| {
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value)
    };
    if !parameter("vsn").is_some_and(|version| version.starts_with("2.0.")) {
        return refuse(&site, &SocketRefused::ProtocolVersion);
    }
    let Some(place) = site.sockets.take(&site.telemetry) else {
        return refuse(&site, &SocketRefused::TooMany { limit: site.sockets.max() });
    };
    let browser = site
        .session_cookie
        .read(text(header::COOKIE))
        .filter(|browser| parameter("_csrf_token").is_some_and(|token| browser.accepts_csrf_token(&token)));
    let let_in = Instant::now().into_std();
    let visitor = browser.map(|browser| {
        let session = extensions.get::<AppSession>().cloned();
        Box::new(Visitor { browser, session, caller: Caller::of(headers, extensions, &site.proxies), let_in })
    });
    handshake.accept(move |socket| run(socket, site, visitor, place))
}

/// Why a handshake is refused, in words for whoever reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SocketRefused {
    /// Its page is not of the app.
    #[error(
        "this origin may not open a socket here: set `public_url` in hothouse.toml to the app's own address"
    )]
    ForeignOrigin,
    /// Its client speaks another version.
    #[error("this server speaks version 2.0.0 of the channel protocol")]
    ProtocolVersion,
    /// The app has as many sockets as it may.
    #[error("there are {limit} sockets already: try again later")]
    TooMany {
        /// The limit.
        limit: u64,
    },
}

/// Why a frame is refused that has no text to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameRefused {
    /// No view can have asked for an upload yet.
    #[error("no upload is under way")]
    Binary,
    /// Longer than a frame may be.
    #[error("frame has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Not as the protocol of WebSockets has it (RFC 6455).
    #[error("no WebSocket frame: {0}")]
    Protocol(&'static str),
    /// More often than it may be: read later, not lost.
    #[error("more than {limit} frames a second: the socket is read more slowly, see `events_per_second`")]
    TooOften {
        /// The limit.
        limit: u64,
    },
    /// Nothing comes from the client, not even its heartbeat: it is gone without a word.
    #[error("nothing was heard for {limit:?}: see `silence_ms`")]
    Silent {
        /// The limit.
        limit: Duration,
    },
    /// The client does not read what it is sent.
    #[error("the client did not read for {limit:?}")]
    Unread {
        /// The limit.
        limit: Duration,
    },
}

impl FrameRefused {
    /// What a socket's failure means; `None` when it is nobody's fault, such as a connection that is gone.
    fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Capacity(_) => Some(Self::TooLarge { limit: hothouse_wire::MAX_FRAME_BYTES }),
            Error::Utf8(_) => Some(Self::Protocol("text that is not UTF-8")),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
            Error::Protocol(_) => Some(Self::Protocol("not as RFC 6455 has it")),
            _ => None,
        }
    }
}

impl Refused for SocketRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::ForeignOrigin => "foreign-origin",
            Self::ProtocolVersion => "protocol-version",
            Self::TooMany { .. } => "too-many-sockets",
        }
    }

    fn is_limit(&self) -> bool {
        matches!(self, Self::TooMany { .. })
    }
}

impl Refused for FrameRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Binary => "frame-binary",
            Self::Protocol(_) => "frame-protocol",
            Self::TooLarge { .. } => "frame-too-large",
            Self::TooOften { .. } => "frame-rate",
            Self::Silent { .. } => "silent-client",
            Self::Unread { .. } => "slow-reader",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::TooLarge { .. } | Self::TooOften { .. } | Self::Silent { .. } | Self::Unread { .. } => true,
            Self::Binary | Self::Protocol(_) => false,
        }
    }
}

fn refuse(site: &Site, refused: &SocketRefused) -> Response {
    site.telemetry.socket_refused(refused);
    let status = match refused {
        SocketRefused::ForeignOrigin | SocketRefused::ProtocolVersion => StatusCode::FORBIDDEN,
        SocketRefused::TooMany { .. } => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, format!("{refused}\n")).into_response()
}

/// Why a socket ends.
enum End {
    /// The other side closed it or is gone.
    Gone,
    /// It is closed from here, with a code and what to tell the log.
    Close(u16, &'static str),
}

/// Its session was disconnected, or is another one now.
const DISCONNECTED: End = End::Close(close_code::POLICY, "session disconnected");

async fn run(mut socket: WebSocket, site: Arc<Site>, visitor: Option<Box<Visitor>>, _place: Place) {
    let Some(_open) = site.open_socket.upgrade() else { return };
    let _counted = site.telemetry.socket_opened();
    let (outgoing, mut frames) = outgoing::queue();
    let place = visitor.as_ref().map(|visitor| {
        let (keys, known) = visitor.keys();
        site.sessions.enter(keys, known)
    });
    let mut channels = Channels::new(site.clone(), visitor, outgoing);
    let end = match place {
        // The session has ended since the handshake was let in.
        Some(None) => DISCONNECTED,
        place => exchange(&mut socket, &mut channels, &mut frames, &site, place.flatten()).await,
    };
    let reason = match end {
        End::Close(close_code::RESTART, _) => hothouse_runtime::LeaveReason::Shutdown,
        End::Gone | End::Close(..) => hothouse_runtime::LeaveReason::Disconnected,
    };
    // Views say goodbye; what they still have to say is passed on while somebody may be listening.
    channels.close(reason);
    let farewell = async {
        while let Some(frame) = frames.recv().await {
            if matches!(end, End::Close(..)) && socket.feed(frame.text).await.is_err() {
                frames.close();
            }
        }
    };
    let _ = timeout(FAREWELL_TIMEOUT, farewell).await;
    if let End::Close(code, reason) = end {
        tracing::debug!(code, reason, "socket closed");
        let _ = timeout(FAREWELL_TIMEOUT, socket.close(code, reason)).await;
    }
}

async fn exchange(
    socket: &mut WebSocket,
    channels: &mut Channels,
    frames: &mut Waiting,
    site: &Site,
    place: Option<open_sessions::Place<'_>>,
) -> End {
    let mut stopping = site.stopping.clone();
    let mut stop = pin!(async move {
        // An error means that the server is gone altogether.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    });
    let mut disconnected = pin!(async {
        match &place {
            Some(place) => place.ended().await,
            None => pending().await,
        }
    });
    let silence = Duration::from_millis(site.app.limits.get(Limit::Silence));
    let mut idle = pin!(sleep_until(Instant::now() + silence));
    let mut last_heard = Instant::now();
    // A command for a view whose inbox is full: until it is delivered, nothing is read.
    let mut undelivered = None;
    let limit = site.app.limits.get(Limit::Events);
    let rate = Rate::new(limit, Duration::from_secs(1), 2);
    let mut pace =
        Pace { rate, bucket: Bucket::full(rate, Instant::now().into_std()), rest: None, told: false };
    loop {
        tokio::select! {
            biased;
            // First: a client that always has more to be read must not put them off, as it would behind what reads it.
            () = &mut stop => return End::Close(close_code::RESTART, "server is restarting"),
            () = &mut disconnected => return DISCONNECTED,
            () = &mut idle => {
                // Whoever is not listened to may have spoken.
                if undelivered.is_some() || pace.rest.is_some() {
                    last_heard = Instant::now();
                }
                if last_heard.elapsed() >= silence {
                    site.telemetry.frame_refused(&FrameRefused::Silent { limit: silence });
                    return End::Close(close_code::AWAY, "nothing was heard for too long");
                }
                idle.as_mut().reset(last_heard + silence);
            }
            Some(frame) = frames.recv() => {
                if !write(socket, frame, frames, site).await {
                    return End::Gone;
                }
            }
            () = channels::deliver(&mut undelivered), if undelivered.is_some() => {}
            () = pace.rested(), if pace.rest.is_some() => {}
            message = socket.recv(), if undelivered.is_none() && pace.rest.is_none() => {
                last_heard = Instant::now();
                if pace.is_too_fast(last_heard) {
                    site.telemetry.frame_refused(&FrameRefused::TooOften { limit });
                }
                match message {
                    Some(Ok(Message::Text(text))) => match channels.receive(&text) {
                        Delivery::Done => {}
                        Delivery::Reply(frame) => {
                            if !write(socket, Frame::new(frame), frames, site).await {
                                return End::Gone;
                            }
                        }
                        Delivery::Full(waiting) => undelivered = Some(waiting),
                        Delivery::Invalid(error) => {
                            site.telemetry.frame_refused(&error);
                            return End::Close(close_code::INVALID, "malformed frame");
                        }
                    },
                    Some(Ok(Message::Binary(_))) => {
                        site.telemetry.frame_refused(&FrameRefused::Binary);
                        return End::Close(close_code::UNSUPPORTED, "no upload is under way");
                    }
                    // A frame by itself is what is written, and never read.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                    // Not answered: a client that has given a connection up closes it with 1000, and told the same, as
                    // it would be once the network is back, it would load its page.
                    Some(Ok(Message::Close(_))) | None => return End::Gone,
                    Some(Err(error)) => {
                        match FrameRefused::of(&error) {
                            Some(refused) => site.telemetry.frame_refused(&refused),
                            None => tracing::debug!(%error, "socket failed"),
                        }
                        return End::Gone;
                    }
                }
            }
        }
    }
}

/// Writes a frame and all that wait behind it, with one flush. Whether the client took it in time.
async fn write(socket: &mut WebSocket, frame: Box<Frame>, frames: &mut Waiting, site: &Site) -> bool {
    let written = async {
        // Those that somebody watches: kept until they are written.
        let mut watched = Vec::new();
        let mut next = Some(frame);
        while let Some(frame) = next {
            let Frame { text, watched: watches } = *frame;
            watched.extend(watches);
            socket.feed(text).await?;
            next = frames.try_recv();
        }
        socket.flush().await
    };
    match timeout(WRITE_TIMEOUT, written).await {
        Ok(written) => written.is_ok(),
        Err(_) => {
            site.telemetry.frame_refused(&FrameRefused::Unread { limit: WRITE_TIMEOUT });
            false
        }
    }
}

/// How fast a socket is read. Whoever is too fast is read more slowly: nothing is lost, and TCP holds the client back.
struct Pace {
    rate: Rate,
    bucket: Bucket,
    /// Until then nothing is read.
    rest: Option<Pin<Box<Sleep>>>,
    /// Whether the log has been told.
    told: bool,
}

impl Pace {
    /// Counts a message; true the first time that it was too fast.
    fn is_too_fast(&mut self, now: Instant) -> bool {
        let wait = self.bucket.owe(self.rate, now.into_std());
        if wait.is_zero() {
            return false;
        }
        self.rest = Some(Box::pin(sleep_until(now + wait)));
        !std::mem::replace(&mut self.told, true)
    }

    /// Waits until reading may go on. Cancel-safe.
    async fn rested(&mut self) {
        if let Some(rest) = &mut self.rest {
            rest.await;
        }
        self.rest = None;
    }
}
