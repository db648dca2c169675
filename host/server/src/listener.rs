//! Connections: accepted as many as may be, given a limited time to ask, and asked to end when the server stops.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower_service::Service as _;

use crate::site::Site;
use crate::telemetry::Refused;

/// Connections that ask for something, at once. Beyond it new ones wait in the system's queue. One that became a socket
/// is counted as such.
const MAX_CONNECTIONS: u32 = 20_000;
/// How long a connection may take to send the head of a request, or be silent between two.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a request's head.
const MAX_HEAD_BYTES: usize = 32 * 1024;
const MAX_HEADERS: usize = 100;
/// How long to wait before accepting again when the system has no more files.
const REST: Duration = Duration::from_millis(500);
/// How long requests that are being answered may take when the server stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves `router` until `shutdown` is ready; then accepts no more, and waits for requests that are being answered.
/// Connections that became sockets are not waited for here.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    site: Arc<Site>,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let (stop, stopping) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Small frames must not wait for each other. Where the option is missing they are late, not lost.
                let _ = stream.set_nodelay(true);
                let (router, site, stopping) = (router.clone(), site.clone(), stopping.clone());
                tokio::spawn(async move {
                    let has_asked = Arc::new(AtomicBool::new(false));
                    let connection = connection(stream, peer, router, has_asked.clone());
                    let refused = answer(connection, stopping)
                        .await
                        .and_then(|error| RequestRefused::of(&error, has_asked.load(Ordering::Relaxed)));
                    if let Some(refused) = refused {
                        site.telemetry.request_refused(&refused);
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::error!(code = "accept-failed", %error, "a connection could not be accepted");
                sleep(REST).await;
            }
        }
    }
    drop((listener, stop));
    if timeout(DRAIN_TIMEOUT, places.acquire_many(MAX_CONNECTIONS)).await.is_err() {
        tracing::warn!("some requests were not answered in time");
    }
}

/// Answers the requests of one connection, until it ends or becomes a socket; after the stop only the one that has
/// begun. Why it ended, if that was no ordinary end.
async fn answer<S>(connection: Connection<S>, mut stopping: watch::Receiver<()>) -> Option<hyper::Error>
where
    S: hyper::service::HttpService<Incoming, ResBody = Body, Error = Infallible>,
{
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // An error is what is waited for: the sender is gone.
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    let error = ended.err()?;
    tracing::debug!(%error, "connection failed");
    Some(error)
}

/// Why a connection is closed whose request never came to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestRefused {
    /// It took too long to say what it asks for.
    #[error("no request within {limit:?}")]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
    /// Its head is too large.
    #[error("the head of a request has more than {limit} bytes, or more than {MAX_HEADERS} headers")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl RequestRefused {
    /// What an error means. A connection that has asked before and is silent now is an ordinary one.
    fn of(error: &hyper::Error, has_asked: bool) -> Option<Self> {
        if error.is_timeout() && !has_asked {
            Some(Self::TooSlow { limit: HEAD_TIMEOUT })
        } else if error.is_parse_too_large() {
            Some(Self::TooLarge { limit: MAX_HEAD_BYTES })
        } else {
            None
        }
    }
}

impl Refused for RequestRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::TooSlow { .. } => "request-too-slow",
            Self::TooLarge { .. } => "request-too-large",
        }
    }

    fn is_limit(&self) -> bool {
        true
    }
}

type Connection<S> = http1::UpgradeableConnection<TokioIo<TcpStream>, S>;

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    has_asked: Arc<AtomicBool>,
) -> Connection<
    impl hyper::service::Service<
        Request<Incoming>,
        Response = hyper::Response<Body>,
        Error = Infallible,
        Future: Send,
    >,
> {
    let service = service_fn(move |mut request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request.map(Body::new))
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
}
