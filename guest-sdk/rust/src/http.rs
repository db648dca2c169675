//! Requests to other servers, in tasks.
//!
//! ```no_run
//! use hothouse_sdk::http;
//! use hothouse_sdk::prelude::*;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Weather { degrees: i32 }
//!
//! fn degrees(place: &str) -> Result<i32> {
//!     let weather: Weather = http::get(format!("https://api.example.com/weather/{place}"))?.json()?;
//!     Ok(weather.degrees)
//! }
//! ```
//!
//! The origins that a component may ask stand under `http` of it in the manifest. In a view every request answers
//! `not-here`: start a [`task`](crate::task).

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings::hothouse::live::http as host;
use crate::bindings::hothouse::live::types::Pair;
use crate::failure::{Failure, Result};

mod events;
mod streaming;

pub use events::{Events, ServerEvent};
pub use streaming::{Lines, Streaming};

/// Gets what is at a URL.
///
/// # Errors
///
/// As [`Request::send`].
pub fn get(url: impl Into<String>) -> Result<Response> {
    Request::get(url).send()
}

/// Gets what is at a URL as it arrives.
///
/// # Errors
///
/// As [`Request::open`].
pub fn open(request: Request) -> Result<Streaming> {
    request.open()
}

/// A request that is being put together.
///
/// ```no_run
/// use hothouse_sdk::http::Request;
/// use hothouse_sdk::prelude::*;
///
/// fn announce(key: &str) -> Result<()> {
///     let request = Request::post("https://api.example.com/plants").bearer(key).json(&("fern", 12))?;
///     request.send()?.ok().map(drop)
/// }
/// ```
#[derive(Debug)]
pub struct Request(host::Request);

impl Request {
    /// One with another method.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        let (method, url) = (method.into(), url.into());
        Self(host::Request { method, url, headers: Vec::new(), body: Vec::new(), timeout_ms: 0 })
    }

    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// A POST.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.headers.push(Pair { name: name.into(), value: value.into() });
        self
    }

    /// Adds the header `authorization` with a token. It does not follow a redirect to another origin.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Sets the body, at most 1 MiB.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.0.body = body.into();
        self
    }

    /// Sets the body to a value as JSON, with its `content-type`.
    ///
    /// # Errors
    ///
    /// `internal` when the value is nothing that JSON can say.
    pub fn json(self, value: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(value).map_err(|error| {
            Failure::internal(format!("the body of a request cannot be written: {error}"))
        })?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// How long it may take: [`send`](Self::send) until all of the answer is there, [`open`](Self::open) until its head is,
    /// and then each piece. 30 s if nothing is said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1);
        self
    }

    /// Sends it and waits for the whole answer, at most 1 MiB, whatever its status.
    ///
    /// # Errors
    ///
    /// `forbidden` when the manifest does not grant where it leads to, `unavailable` when there was no answer in time or the
    /// task was cancelled, `limit`, `bad-input`; `not-here` in a view.
    pub fn send(self) -> Result<Response> {
        host::send(&self.0).map(Response)
    }

    /// Sends it and waits until the answer begins: for one that comes bit by bit.
    ///
    /// # Errors
    ///
    /// As [`Request::send`]. At most 4 answers are open at once.
    pub fn open(self) -> Result<Streaming> {
        host::open(&self.0).map(Streaming::new)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Response(host::Response);

impl Response {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.0.headers, name)
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The same, if its status says that it went well.
    ///
    /// # Errors
    ///
    /// `unavailable` with the status, when it is not of the two hundreds.
    pub fn ok(self) -> Result<Self> {
        check(self.status()).map(|()| self)
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// As [`Response::ok`]; `bad-input` when it is not UTF-8.
    pub fn text(self) -> Result<String> {
        String::from_utf8(self.ok()?.0.body).map_err(|_| Failure::bad_input("the answer is no text"))
    }

    /// The body as a value that JSON says.
    ///
    /// # Errors
    ///
    /// As [`Response::ok`]; `bad-input` when it is no such value.
    pub fn json<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_slice(self.ok()?.body())
            .map_err(|error| Failure::bad_input(format!("the answer is something else: {error}")))
    }
}

fn header<'a>(headers: &'a [Pair], name: &str) -> Option<&'a str> {
    headers.iter().find(|pair| pair.name == name).map(|pair| &*pair.value)
}

fn check(status: u16) -> Result<()> {
    if (200..300).contains(&status) {
        return Ok(());
    }
    Err(Failure::unavailable(format!("the other server answered with status {status}")))
}
