//! Tests of Hothouse apps: open a page, click, type, and say what must be there.
//!
//! The real server runs in the test's process with the app's real components, and a client that shares no code with it
//! joins over a real socket. There is no browser: a page here is what the unmodified client would make of what was sent.
//!
//! ```no_run
//! #[tokio::test(flavor = "multi_thread")]
//! async fn a_number_from_the_hall_is_told_at_the_desk() -> hothouse_test::Result {
//!     let mut view = hothouse_test::live("examples/sections", "/").await?;
//!     view.element("button", "Take a number").click().await?;
//!     view.assert_redirect("/desk")?;
//!     view.follow().await?;
//!     view.assert_has("[role=status]", "You are number 7.")
//! }
//! # fn main() {}
//! ```
//!
//! Every page that is rendered, first and after each change, is checked: an id that two elements share, a form with
//! events and without an id, a hook without one, a `phx-` attribute that the client does not know, and a stream's container
//! that is none fail the step that rendered them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests"))]

use std::future::Future;
use std::panic::Location;
use std::path::Path;

mod app;
mod appended;
mod browser;
mod channel;
mod checks;
mod commands;
mod document;
mod doing;
mod element;
mod error;
mod form;
mod going;
mod recovery;
mod session;
mod view;
mod waiting;

pub use app::App;
pub use browser::Browser;
pub use element::Element;
pub use error::{Code, Error, Result};
pub use form::{Answer, Form};
pub use view::View;

/// Opens an app and one of its pages, in a new browser: [`App::open`] and [`Browser::live`] in one.
///
/// # Errors
/// As both of them.
#[track_caller]
pub fn live(folder: impl AsRef<Path>, path: &str) -> impl Future<Output = Result<View>> + Send {
    let (folder, path, at) = (folder.as_ref().to_owned(), path.to_owned(), Location::caller());
    async move {
        let opened = async {
            let app = App::open_in(&folder, |_| {}).await?;
            View::open(app.browser(), &path).await
        };
        opened.await.map_err(|problem| problem.at(at))
    }
}
