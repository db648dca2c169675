//! News from elsewhere: what a view renders because of somebody else, in its own time.

use std::future::Future;
use std::panic::Location;

use serde_json::json;
use tokio::time::{Instant, timeout_at};

use crate::error::{Code, Problem, Result};
use crate::view::{Standing, View};

impl View {
    /// Waits until the page shows such an element: what another person, a timer or a task of the view's brings.
    ///
    /// # Errors
    /// [`Code::Late`] after [`Browser::patience`](crate::Browser::patience), with what comes near and the page.
    #[track_caller]
    pub fn wait_for<'a>(
        &'a mut self,
        selector: &'a str,
        text: impl Into<Option<&'a str>>,
    ) -> impl Future<Output = Result> + Send {
        let (at, text) = (Location::caller(), text.into());
        async move {
            let waited = self.wait_until(|view| view.has(selector, text)).await;
            waited.map_err(|problem| problem.at(at))
        }
    }

    /// Waits until the page shows no such element any more.
    ///
    /// # Errors
    /// [`Code::Late`] after [`Browser::patience`](crate::Browser::patience), with what it still shows.
    #[track_caller]
    pub fn wait_until_gone<'a>(
        &'a mut self,
        selector: &'a str,
        text: impl Into<Option<&'a str>>,
    ) -> impl Future<Output = Result> + Send {
        let (at, text) = (Location::caller(), text.into());
        async move {
            let waited = self.wait_until(|view| view.lacks(selector, text)).await;
            waited.map_err(|problem| problem.at(at))
        }
    }

    /// Takes all that the server has sent so far, without waiting for what may come.
    ///
    /// # Errors
    /// When the view has ended, or renders a page that has faults.
    #[track_caller]
    pub fn settled(&mut self) -> impl Future<Output = Result> + Send {
        let at = Location::caller();
        async move { self.settle().await.map_err(|problem| problem.at(at)) }
    }

    async fn settle(&mut self) -> std::result::Result<(), Problem> {
        let channel = self.live_channel()?;
        // The answer comes behind whatever was sent before it.
        let sent = channel.socket.send(None, "phoenix", "heartbeat", json!({})).await;
        let awaited = sent.map_err(Problem::protocol)?;
        loop {
            let message = self.next_message().await?;
            if message.message_ref.as_ref() == Some(&awaited) {
                return self.drop_components().await;
            }
            self.take(&message, None)?;
        }
    }

    async fn wait_until(
        &mut self,
        holds: impl Fn(&Self) -> std::result::Result<(), Problem>,
    ) -> std::result::Result<(), Problem> {
        let patience = self.browser.patience;
        let deadline = Instant::now() + patience;
        loop {
            let Err(problem) = holds(self) else { return Ok(()) };
            if problem.code == Code::Selector || !matches!(self.standing, Standing::Live) {
                return Err(problem);
            }
            let Ok(message) = timeout_at(deadline, self.next_message()).await else {
                return Err(problem.late(&format!("(waited for {patience:?})")));
            };
            self.take(&message?, None)?;
            self.drop_components().await?;
        }
    }
}
