//! An element of the page, and what a person does with it.

use std::future::Future;
use std::panic::Location;

use serde_json::json;

use crate::error::{Code, Problem, Result};
use crate::view::View;

/// One element of a page; see [`View::element`].
#[derive(Debug)]
pub struct Element<'a> {
    view: &'a mut View,
    selector: String,
    text: Option<String>,
}

impl<'a> Element<'a> {
    pub(crate) fn new(view: &'a mut View, selector: String, text: Option<String>) -> Self {
        Self { view, selector, text }
    }

    /// Clicks on it.
    ///
    /// # Errors
    /// [`Code::Missing`] and [`Code::Ambiguous`] when it is not one element, [`Code::Unusable`] when a click on it does
    /// nothing, and whatever becomes of the click.
    #[track_caller]
    pub fn click(self) -> impl Future<Output = Result> + Send + use<'a> {
        let at = Location::caller();
        async move { self.press().await.map_err(|problem| problem.at(at)) }
    }

    async fn press(self) -> std::result::Result<(), Problem> {
        let event = {
            let element = self.view.document.one(&self.selector, self.text.as_deref())?;
            element.attr("phx-click").map(str::to_owned)
        };
        let event = event.ok_or_else(|| Problem::new(Code::Unusable, "a click on it does nothing"))?;
        let payload = json!({ "type": "click", "event": event, "value": {} });
        self.view.exchange("event", payload).await?;
        Ok(())
    }
}
