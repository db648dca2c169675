//! What the client does because of something that happened to an element.

use std::future::Future;
use std::panic::Location;

use serde_json::{Value, json};

use crate::commands::{self, Change, Happening, Step};
use crate::error::{Problem, Result};
use crate::going::{Destination, How};
use crate::view::{Standing, View};

impl View {
    /// Pushes an event as a hook of the page does; [`View::reply`] has the answer.
    ///
    /// # Errors
    /// Whatever becomes of the event.
    #[track_caller]
    pub fn push(&mut self, event: &str, payload: impl Into<Value>) -> impl Future<Output = Result> + Send {
        let at = Location::caller();
        let payload = json!({ "type": "hook", "event": event, "value": payload.into() });
        async move {
            let answer = self.exchange("event", payload).await;
            answer.map(drop).map_err(|problem| problem.at(at))
        }
    }

    /// Does what a binding says, and takes the answers.
    pub(crate) async fn happen(
        &mut self,
        binding: &str,
        happening: &Happening,
    ) -> std::result::Result<(), Problem> {
        let steps = commands::plan(&self.document, binding, happening)?;
        self.perform(steps).await
    }

    /// Does one thing after the other, as far as the page is there.
    pub(crate) async fn perform(&mut self, steps: Vec<Step>) -> std::result::Result<(), Problem> {
        for step in steps {
            match step {
                Step::Push(payload) => {
                    self.exchange("event", payload).await?;
                }
                Step::Patch(href) => self.patch(&href).await?,
                Step::Navigate(href) => self.navigate_to(&href),
                Step::Load(href) => self.load_link(&href),
                Step::Submitted(submitted) => self.typing.submitted(submitted),
                Step::Changed(place) => Box::pin(self.changed(&place)).await?,
                Step::Reset(place) => {
                    self.reset(&place)?;
                    Box::pin(self.changed(&place)).await?;
                }
                Step::Submit(destination) => self.leave_for(destination),
                Step::Change(change) => self.change_page(change)?,
            }
            // What a page has been left for is all that is left to do.
            if matches!(self.standing, Standing::Left(_)) {
                break;
            }
        }
        Ok(())
    }

    /// A button of a form says that the form has changed.
    async fn changed(&mut self, place: &str) -> std::result::Result<(), Problem> {
        match self.changed_by(place)? {
            Some((binding, happening)) => self.happen(&binding, &happening).await,
            None => Ok(()),
        }
    }

    /// Asks the view for another address of its own.
    async fn patch(&mut self, href: &str) -> std::result::Result<(), Problem> {
        let to = self.resolved(href);
        let before = self.address.clone();
        let answer = self.exchange("live_patch", json!({ "url": self.absolute(&to) })).await?;
        if answer.get("link_redirect").is_some() {
            self.navigate_to(&to);
        } else if self.address == before && matches!(self.standing, Standing::Live) {
            // No address that the view has pushed takes its place.
            self.address = to;
        }
        Ok(())
    }

    fn navigate_to(&mut self, href: &str) {
        self.leave_for(Destination { to: href.to_owned(), how: How::Navigate, flash: None });
    }

    /// Follows a link that leaves the page, or leads to another place of it.
    fn load_link(&mut self, href: &str) {
        let to = self.resolved(href);
        let without_fragment = |address: &str| address.split('#').next().unwrap_or_default().to_owned();
        if to.contains('#') && without_fragment(&to) == without_fragment(&self.address) {
            self.address = to;
        } else {
            self.leave_for(Destination { to, how: How::Load, flash: None });
        }
    }

    fn change_page(&mut self, change: Change) -> std::result::Result<(), Problem> {
        if let Some(element) = self.document.all(change.place(), None)?.first() {
            let settled = change.settled(*element);
            self.document.change([&settled]);
            self.changes.push(settled);
        }
        Ok(())
    }
}
