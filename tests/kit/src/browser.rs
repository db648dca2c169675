//! A browser: its cookies and headers, and who has signed in with it.

use std::future::Future;
use std::panic::Location;
use std::time::Duration;

use hothouse_test_client::Client;
use serde_json::{Map, Value};

use crate::app::{App, SESSION_HEADER};
use crate::error::{Problem, Result};
use crate::view::View;

/// What a person has before any page is open. Pages that are opened with clones of it share nothing.
#[derive(Debug, Clone)]
pub struct Browser {
    pub(crate) app: App,
    pub(crate) client: Client,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What the page's script says at each join.
    pub(crate) connect_params: Map<String, Value>,
    pub(crate) patience: Duration,
}

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(5);

impl Browser {
    pub(crate) fn new(app: App) -> Self {
        let client = Client::new(app.address());
        Self { app, client, headers: Vec::new(), connect_params: Map::new(), patience: PATIENCE }
    }

    /// Sends this header with every page and every socket: `accept-language`, `user-agent`, …
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Has this cookie.
    #[must_use]
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.client.set_cookie(name, value);
        self
    }

    /// Is signed in with the application around the app: views see these values as their session, policies ask for them,
    /// and all browsers that name the same id share the session. The kit does what an application's middleware does with
    /// [`AppSession`](hothouse::AppSession).
    #[must_use]
    pub fn session<N: Into<String>, V: Into<String>>(
        self,
        id: &str,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.app.sign_in(id, values);
        self.header(SESSION_HEADER, id)
    }

    /// Says this at each join, as a page's script does with the `params` of its `LiveSocket`.
    #[must_use]
    pub fn connect_param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.connect_params.insert(name.to_owned(), value.into());
        self
    }

    /// Waits so long, instead of five seconds, for what must come: see [`View::wait_for`].
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Opens a page and joins its live view, as a browser does that has run the page's script.
    ///
    /// # Errors
    /// [`Code::Answered`](crate::Code::Answered) when there is no such view to join, which [`Browser::get`] lets a test
    /// assert; [`Code::Faults`](crate::Code::Faults) when the page has faults.
    #[track_caller]
    pub fn live(self, path: &str) -> impl Future<Output = Result<View>> + Send {
        let (path, at) = (path.to_owned(), Location::caller());
        async move { View::open(self, &path).await.map_err(|problem: Problem| problem.at(at)) }
    }

    /// Asks for a page, whatever the answer: its first, dead render, a redirect, an error page, a page of the
    /// application's own. [`View::join`] makes it live.
    ///
    /// # Errors
    /// When there is no answer, or a page that has faults.
    #[track_caller]
    pub fn get(self, path: &str) -> impl Future<Output = Result<View>> + Send {
        let (path, at) = (path.to_owned(), Location::caller());
        async move { View::request(self, &path, None).await.map_err(|problem: Problem| problem.at(at)) }
    }
}
