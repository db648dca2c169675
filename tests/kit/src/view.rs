//! What a tab of a browser shows: a page, and the live view in it once that has joined.

use std::panic::Location;

use hothouse_test_client::Page;
use serde_json::Value;

use crate::appended::Appended;
use crate::browser::Browser;
use crate::channel::Channel;
use crate::checks;
use crate::commands::Change;
use crate::document::{Document, text_of};
use crate::element::Element;
use crate::error::{Code, Problem, Result};
use crate::form::Typing;
use crate::going::{Destination, How, resolved};
use crate::session::Fetching;

/// A page as a person sees it, and what they do with it.
///
/// Everything that is done goes over the wire and has been answered when the call returns; what the page shows then is
/// what [`View::html`] says and assertions look at.
#[derive(Debug)]
pub struct View {
    pub(crate) browser: Browser,
    /// The page as it was loaded; its tokens hold for all views that are joined from it.
    pub(crate) page: Page,
    /// Where the page is: path, query and fragment.
    pub(crate) address: String,
    /// The page as it was rendered last.
    pub(crate) rendered: String,
    /// The same, with what commands have done to it.
    pub(crate) document: Document,
    pub(crate) standing: Standing,
    pub(crate) channel: Option<Channel>,
    /// Joins of this view that succeeded.
    pub(crate) mounts: u32,
    /// Where the page was before its view was navigated to.
    pub(crate) came_from: Option<String>,
    /// The title that the view has set.
    pub(crate) title: Option<String>,
    /// Events that the view has pushed and no assertion has taken.
    pub(crate) events: Vec<(String, Value)>,
    pub(crate) reply: Option<Value>,
    /// What commands have done to the page since it was opened.
    pub(crate) changes: Vec<Change>,
    pub(crate) typing: Typing,
    pub(crate) fetching: Fetching,
    pub(crate) appended: Appended,
}

/// What the page is, and whether anything can be done with it.
#[derive(Debug, Clone)]
pub(crate) enum Standing {
    /// As it was answered: no view has joined.
    Dead,
    Live,
    Crashed,
    Disconnected,
    Left(Destination),
}

impl View {
    /// Opens a page and joins its view.
    pub(crate) async fn open(browser: Browser, path: &str) -> std::result::Result<Self, Problem> {
        let mut view = Self::request(browser, path, None).await?;
        view.connect().await?;
        match &view.standing {
            Standing::Left(to) => Err(Problem::new(
                Code::Answered,
                format!(
                    "the join of {path} was answered with a redirect to {to}: `get` and `join` let a test follow"
                ),
            )),
            _ => Ok(view),
        }
    }

    /// Asks for a page; sends it a form if there is one.
    pub(crate) async fn request(
        mut browser: Browser,
        path: &str,
        form: Option<&str>,
    ) -> std::result::Result<Self, Problem> {
        let headers: Vec<(&str, &str)> =
            browser.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let address = resolved(&format!("http://{}", browser.client.address()), "/", path);
        // Fragments stay in the browser.
        let asked = address.split('#').next().unwrap_or_default();
        let page = match form {
            Some(body) => browser.client.post(asked, &headers, body).await,
            None => browser.client.get_with(asked, &headers).await,
        };
        Self::showing(browser, page.map_err(Problem::protocol)?, &address)
    }

    fn showing(browser: Browser, page: Page, address: &str) -> std::result::Result<Self, Problem> {
        let mut document = Document::parse(&page.body);
        document.drop_portals();
        checks::check(&document)?;
        let redirect =
            page.header("location").filter(|_| (300..400).contains(&page.status)).map(str::to_owned);
        let (standing, address) = (Standing::Dead, address.to_owned());
        let mut view = Self {
            browser,
            rendered: page.body.clone(),
            page,
            address,
            document,
            standing,
            channel: None,
            mounts: 0,
            came_from: None,
            title: None,
            events: Vec::new(),
            reply: None,
            changes: Vec::new(),
            typing: Typing::default(),
            fetching: Fetching::default(),
            appended: Appended::default(),
        };
        if let Some(to) = redirect {
            view.leave_for(Destination { to, how: How::Load, flash: None });
        }
        Ok(view)
    }

    /// Where the page is: path, query and fragment, as the address bar has it.
    pub fn path(&self) -> &str {
        &self.address
    }

    /// The HTTP status that the page was answered with.
    pub fn status(&self) -> u16 {
        self.page.status
    }

    /// What the view's element has in it; of a page without a view, its body.
    pub fn html(&self) -> String {
        let body = self.document.all("[data-phx-main]", None).unwrap_or_default();
        match body.first() {
            Some(view) => view.inner_html(),
            None => self.page.body.clone(),
        }
    }

    /// The title of the page: the view's own, with what the layout puts around it.
    pub fn page_title(&self) -> String {
        let found = self.document.all("title", None).unwrap_or_default();
        let Some(element) = found.first() else { return String::new() };
        let Some(title) = &self.title else { return text_of(*element) };
        let part = |name: &str| element.attr(name).unwrap_or_default();
        let title = if title.trim().is_empty() { part("data-default") } else { title.as_str() };
        format!("{}{title}{}", part("data-prefix"), part("data-suffix"))
    }

    /// What the view has answered the last event with, if it has.
    pub fn reply(&self) -> Option<&Value> {
        self.reply.as_ref()
    }

    /// The one element that a CSS selector finds, and in which this text stands: `view.element("button", "Add")`,
    /// `view.element("#add", None)`. It is looked for when something is done with it.
    pub fn element<'a>(&'a mut self, selector: &str, text: impl Into<Option<&'a str>>) -> Element<'a> {
        let text = text.into().map(str::to_owned);
        Element::new(self, selector.to_owned(), text)
    }

    /// The texts of all elements that a CSS selector finds, in the order of the page.
    ///
    /// # Errors
    /// [`Code::Selector`] when it is no selector.
    #[track_caller]
    pub fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let at = Location::caller();
        let found = self.document.all(selector, None).map_err(|problem| problem.at(at))?;
        Ok(found.into_iter().map(text_of).collect())
    }

    /// That the page shows such an element, at least once.
    ///
    /// # Errors
    /// [`Code::Missing`], with what comes near and the page.
    #[track_caller]
    pub fn assert_has<'a>(&self, selector: &str, text: impl Into<Option<&'a str>>) -> Result {
        let at = Location::caller();
        self.has(selector, text.into()).map_err(|problem| problem.at(at))
    }

    pub(crate) fn has(&self, selector: &str, text: Option<&str>) -> std::result::Result<(), Problem> {
        match self.document.all(selector, text)?.as_slice() {
            [] => Err(self.document.missing(selector, text)?),
            _ => Ok(()),
        }
    }

    /// That the page shows no such element.
    ///
    /// # Errors
    /// [`Code::Assertion`], with those that it shows, and the page.
    #[track_caller]
    pub fn refute_has<'a>(&self, selector: &str, text: impl Into<Option<&'a str>>) -> Result {
        let at = Location::caller();
        self.lacks(selector, text.into()).map_err(|problem| problem.at(at))
    }

    pub(crate) fn lacks(&self, selector: &str, text: Option<&str>) -> std::result::Result<(), Problem> {
        match self.document.all(selector, text)?.as_slice() {
            [] => Ok(()),
            found => Err(self.document.unexpected(selector, text, found)),
        }
    }

    /// That the address bar has this, after a patch or a navigation.
    ///
    /// # Errors
    /// [`Code::Assertion`], with where the page is.
    #[track_caller]
    pub fn assert_path(&self, expected: &str) -> Result {
        let at = Location::caller();
        if self.address == expected && !matches!(self.standing, Standing::Left(_)) {
            return Ok(());
        }
        let is = match &self.standing {
            Standing::Left(destination) => format!("it has been left for {destination}"),
            _ => format!("it is at {}", self.address),
        };
        Err(Problem::new(Code::Assertion, format!("the page was to be at {expected}: {is}")).at(at))
    }

    /// That the page has been left for this address: by a link, by the view, or by an answer over HTTP. [`View::follow`]
    /// goes along.
    ///
    /// # Errors
    /// [`Code::Assertion`], with where it was left for, or the page, when it was not left.
    #[track_caller]
    pub fn assert_redirect(&self, expected: &str) -> Result {
        let at = Location::caller();
        let problem = match &self.standing {
            Standing::Left(destination) if destination.to == expected => return Ok(()),
            Standing::Left(destination) => Problem::new(
                Code::Assertion,
                format!("the page was to be left for {expected}, and was left for {destination}"),
            ),
            _ => Problem::new(
                Code::Assertion,
                format!("the page was to be left for {expected}: it still is at {}", self.address),
            )
            .and(&self.document.shown()),
        };
        Err(problem.at(at))
    }

    /// That the view has pushed such an event since it joined; takes it, so that the next assertion finds the next one.
    ///
    /// # Errors
    /// [`Code::Assertion`], with the events that were pushed.
    #[track_caller]
    pub fn assert_event(&mut self, name: &str, payload: impl Into<Value>) -> Result {
        let (at, payload) = (Location::caller(), payload.into());
        let found = self.events.iter().position(|(known, value)| known == name && *value == payload);
        if let Some(index) = found {
            self.events.remove(index);
            return Ok(());
        }
        let pushed: Vec<String> =
            self.events.iter().map(|(name, payload)| format!("  {name} {payload}")).collect();
        let pushed = if pushed.is_empty() { "nothing was pushed".to_owned() } else { pushed.join("\n") };
        let text = format!("the event `{name}` {payload} was to be pushed; what was:");
        Err(Problem::new(Code::Assertion, text).and(&pushed).at(at))
    }
}
