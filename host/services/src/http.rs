//! Requests of views' tasks to other servers: only to origins that were granted, and only to addresses that are public.
//!
//! Names are resolved here, and the connection goes to the address that was checked. An address that is not public is
//! refused whatever way it is spelled, and after each redirect again; the operator may allow single ones, a manifest may
//! not. There are no proxies, no cookies, no decompression and no HTTP/2.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::{Failure, FailureKind};

mod address;
mod client;
mod hop;
mod origin;
mod request;

pub use client::{Client, ClientError, ClientSettings};
pub use origin::{Origin, OriginError, PrivateHost, PrivateHostError};

use hop::Hop;

/// Bytes of a request's body, and of an answer that is read at once: part of the contract.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Bytes of one read of a body: part of the contract.
pub const MAX_READ_BYTES: usize = 64 * 1024;
/// Redirects that are followed: part of the contract.
const MAX_REDIRECTS: usize = 5;
/// Bytes of the names and values of an answer's headers: part of the contract.
const MAX_ANSWER_HEADER_BYTES: usize = 64 * 1024;
/// What a request takes at most when nothing is said.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A request, as a guest wants it: nobody has checked it.
#[derive(Debug, Clone)]
pub struct Request {
    /// For example `GET`.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Empty for none.
    pub body: Vec<u8>,
    /// How long it may take: until all of the answer is there, or until its head is, and then for each piece. Nothing is
    /// 30 s.
    pub timeout: Option<Duration>,
}

/// What an answer begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
}

/// What a component may ask of other servers.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
    origins: Arc<[Origin]>,
    /// Of all components of an app together.
    places: Arc<Semaphore>,
}

/// A body that is read as it arrives. Dropped, its connection is closed.
#[derive(Debug)]
pub struct Body {
    response: reqwest::Response,
    /// What has arrived and was not read.
    rest: Vec<u8>,
    timeout: Duration,
    _place: OwnedSemaphorePermit,
}

impl Outbound {
    /// Through this client, to these origins, as long as there is a place.
    pub fn new(client: Client, origins: Vec<Origin>, places: Arc<Semaphore>) -> Self {
        Self { client, origins: origins.into(), places }
    }

    /// Sends a request and waits for all of its answer, whatever its status.
    ///
    /// # Errors
    /// [`Failure`]: `forbidden`, `bad-input`, `limit` or `unavailable`.
    pub async fn send(&self, request: Request) -> Result<(Head, Vec<u8>), Failure> {
        let limit = request.timeout.unwrap_or(DEFAULT_TIMEOUT);
        let all = async {
            let (head, mut body) = self.open(request).await?;
            let mut bytes = Vec::new();
            loop {
                let more = body.read(MAX_READ_BYTES).await?;
                if more.is_empty() {
                    return Ok((head, bytes));
                }
                bytes.extend(more);
                if bytes.len() > MAX_BODY_BYTES {
                    let message = format!(
                        "the answer has more than {MAX_BODY_BYTES} bytes, which is the limit: read it piece by piece"
                    );
                    return Err(Failure::new(FailureKind::Limit, message));
                }
            }
        };
        timeout(limit, all).await.unwrap_or_else(|_| Err(too_late(limit)))
    }

    /// Sends a request and waits for the head of its answer, whatever its status.
    ///
    /// # Errors
    /// As [`Outbound::send`].
    pub async fn open(&self, request: Request) -> Result<(Head, Body), Failure> {
        let limit = request.timeout.unwrap_or(DEFAULT_TIMEOUT);
        let hop = request::checked(request)?;
        // Refused before it waits for a place.
        self.check(&hop)?;
        let Ok(place) = timeout(limit, self.places.clone().acquire_owned()).await else {
            return Err(Failure::new(FailureKind::Limit, "too many requests at once: try again later"));
        };
        // The semaphore is never closed.
        let place = place.map_err(|_| Failure::new(FailureKind::Unavailable, "there are no requests"))?;
        let response = timeout(limit, self.follow(hop)).await.unwrap_or_else(|_| Err(too_late(limit)))?;
        let head = head(&response)?;
        Ok((head, Body { response, rest: Vec::new(), timeout: limit, _place: place }))
    }

    async fn follow(&self, mut hop: Hop) -> Result<reqwest::Response, Failure> {
        for _ in 0..=MAX_REDIRECTS {
            self.check(&hop)?;
            let response = self.client.send(&hop).await?;
            match hop.next(&response)? {
                Some(next) => hop = next,
                None => return Ok(response),
            }
        }
        Err(Failure::new(FailureKind::Limit, format!("more than {MAX_REDIRECTS} redirects")))
    }

    /// Whether a request may go there.
    fn check(&self, hop: &Hop) -> Result<(), Failure> {
        let origin = Origin::of(hop.url()).filter(|origin| self.origins.contains(origin));
        if origin.is_none() {
            let message = format!(
                "`{}` was not granted: name it under `http` of the component",
                hop.url().origin().ascii_serialization()
            );
            return Err(Failure::new(FailureKind::Forbidden, message));
        }
        self.client.check(hop.url())
    }
}

impl Body {
    /// The next bytes, at most so many; none at the end. Cancel-safe.
    ///
    /// # Errors
    /// [`Failure`] `unavailable`: nothing came in time, or the connection is lost.
    pub async fn read(&mut self, max_bytes: usize) -> Result<Vec<u8>, Failure> {
        while self.rest.is_empty() {
            let chunk = timeout(self.timeout, self.response.chunk()).await;
            match chunk.map_err(|_| too_late(self.timeout))? {
                Ok(Some(bytes)) => self.rest = bytes.into(),
                Ok(None) => return Ok(Vec::new()),
                Err(_) => {
                    let message = "the connection was lost within the answer";
                    return Err(Failure::new(FailureKind::Unavailable, message));
                }
            }
        }
        let length = max_bytes.clamp(1, MAX_READ_BYTES).min(self.rest.len());
        let later = self.rest.split_off(length);
        Ok(std::mem::replace(&mut self.rest, later))
    }
}

fn head(response: &reqwest::Response) -> Result<Head, Failure> {
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > MAX_ANSWER_HEADER_BYTES {
        let message =
            format!("the headers of the answer have {bytes} bytes, the limit is {MAX_ANSWER_HEADER_BYTES}");
        return Err(Failure::new(FailureKind::Limit, message));
    }
    Ok(Head { status: response.status().as_u16(), headers })
}

fn too_late(limit: Duration) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("there was no answer within {limit:?}"))
}
