//! Where a page is left for, and going there.

use std::fmt;
use std::future::Future;
use std::panic::Location;

use serde_json::json;
use url::Url;

use crate::channel::Channel;
use crate::error::{Code, Problem, Result};
use crate::form::Typing;
use crate::view::{Standing, View};

/// The cookie by which a page that is loaded is given a flash.
const FLASH_COOKIE: &str = "__phoenix_flash__";
/// Redirects of which one leads to the next.
const MAX_REDIRECTS: usize = 10;

/// Where a page is left for, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    /// As a path, or absolute when it is of another host.
    pub(crate) to: String,
    pub(crate) how: How,
    /// The flash's token.
    pub(crate) flash: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// Another view on the same socket.
    Navigate,
    /// Another page.
    Load,
    /// Another page, which is sent this form.
    Post(String),
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Navigate => "navigation on the same socket",
            How::Load => "a page that is loaded",
            How::Post(_) => "a form that is posted",
        };
        write!(formatter, "{} ({how})", self.to)
    }
}

impl View {
    /// Goes along to where the page has been left for, through redirects, with its cookies and its flash: on the same
    /// socket, or by loading the page.
    ///
    /// # Errors
    /// [`Code::Left`] when the page has not been left, or leads to another host; as
    /// [`Browser::live`](crate::Browser::live) when the next view is not joined.
    #[track_caller]
    pub fn follow(&mut self) -> impl Future<Output = Result> + Send {
        let at = Location::caller();
        async move { self.go().await.map_err(|problem| problem.at(at)) }
    }

    async fn go(&mut self) -> std::result::Result<(), Problem> {
        for number in 0..MAX_REDIRECTS {
            let Standing::Left(destination) = self.standing.clone() else {
                if number > 0 {
                    return Ok(());
                }
                let text = format!("the page has not been left: it is at {}", self.address);
                return Err(Problem::new(Code::Left, text).and(&self.document.shown()));
            };
            match destination.how {
                How::Navigate => self.navigate(destination).await?,
                How::Load | How::Post(_) => self.load_next(destination).await?,
            }
        }
        Err(Problem::new(
            Code::Left,
            format!("more than {MAX_REDIRECTS} redirects; the last to {}", self.address),
        ))
    }

    /// Leaves the view, and joins the next one on the same socket.
    async fn navigate(&mut self, destination: Destination) -> std::result::Result<(), Problem> {
        let Some(Channel { mut socket, topic, join_ref, .. }) = self.channel.take() else {
            return self.load_next(Destination { how: How::Load, ..destination }).await;
        };
        let left = socket.send(Some(&join_ref), &topic, "phx_leave", json!({})).await;
        left.map_err(Problem::protocol)?;
        self.came_from = Some(std::mem::replace(&mut self.address, destination.to));
        self.mounts = 0;
        // The title is the layout's own until the view sets one.
        self.title = Some(String::new());
        (self.changes, self.typing) = (Vec::new(), Typing::default());
        self.join_on(socket, destination.flash.as_deref()).await
    }

    /// Loads the next page, and joins its view if it has one.
    async fn load_next(&mut self, destination: Destination) -> std::result::Result<(), Problem> {
        let Destination { to, how, flash } = destination;
        if !to.starts_with('/') {
            return Err(Problem::new(
                Code::Left,
                format!("{to} is another host's, which the kit does not ask"),
            ));
        }
        let mut browser = self.browser.clone();
        self.channel = None;
        if let Some(flash) = flash {
            browser.client.set_cookie(FLASH_COOKIE, &flash);
        }
        let body = if let How::Post(body) = how { Some(body) } else { None };
        let events = std::mem::take(&mut self.events);
        *self = Self::request(browser, &to, body.as_deref()).await?;
        self.events = events;
        if self.page.view().is_ok() && matches!(self.standing, Standing::Dead) {
            self.connect().await?;
        }
        Ok(())
    }

    pub(crate) fn leave_for(&mut self, mut destination: Destination) {
        destination.to = self.resolved(&destination.to);
        self.standing = Standing::Left(destination);
    }

    /// An address as a link of the page means it; a path when it is one of the app's own.
    pub(crate) fn resolved(&self, href: &str) -> String {
        resolved(&self.absolute(""), &self.address, href)
    }
}

/// An address as the page at another one means it; a path when it is of the same host.
pub(crate) fn resolved(host: &str, address: &str, href: &str) -> String {
    let base = Url::parse(&format!("{host}{address}"));
    let resolved = base.and_then(|base| base.join(href)).map_or_else(|_| href.to_owned(), String::from);
    match resolved.strip_prefix(host) {
        Some("") => "/".to_owned(),
        Some(path) => path.to_owned(),
        None => resolved,
    }
}
