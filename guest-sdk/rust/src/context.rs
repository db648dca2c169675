//! What a view is told when it starts: the page's address, the visitor's session, where it runs.

use std::str::FromStr;

use crate::bindings::hothouse::live::types;
use crate::flash::Flash;

pub use types::Phase;

/// Where and for whom a view runs.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// use hothouse_sdk::testing;
///
/// let context = testing::context().param("page", "3").build();
/// assert_eq!(context.param("page"), Some("3"));
/// assert!(context.connected());
/// ```
#[derive(Debug, Clone)]
pub struct Context {
    inner: types::Context,
}

impl Context {
    pub(crate) fn new(inner: types::Context) -> Self {
        Self { inner }
    }

    #[cfg(test)]
    pub(crate) fn into_inner(self) -> types::Context {
        self.inner
    }

    /// Whether a browser is connected. False while the first page is rendered, before the socket opens.
    pub fn connected(&self) -> bool {
        self.inner.phase == Phase::Connected
    }

    /// Path and query of the page, such as `/tasks?page=3`.
    pub fn uri(&self) -> &str {
        &self.inner.uri
    }

    /// The value of one parameter of the route or the query, decoded. The last one wins.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.inner.params, name)
    }

    /// All parameters of the route and the query, decoded, in their order.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.inner.params)
    }

    /// One value of the visitor's session, such as `user`: what a view has put in with
    /// [`Socket::put_session`](crate::Socket::put_session), or what the embedding application says. The host vouches for it.
    pub fn session(&self, name: &str) -> Option<&str> {
        find(&self.inner.session, name)
    }

    /// All values of the visitor's session.
    pub fn session_values(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.inner.session)
    }

    /// One flash message, such as the one of kind `info`.
    pub fn flash(&self, kind: &str) -> Option<&str> {
        find(&self.inner.flash, kind)
    }

    /// All of the flash.
    pub fn all_flash(&self) -> Flash {
        Flash::new(self.inner.flash.clone())
    }

    /// The absolute URL that the page came from, if live navigation has brought it here. From the browser: check it.
    pub fn live_referer(&self) -> Option<String> {
        let params: serde_json::Value = serde_json::from_str(&self.inner.connect_params).ok()?;
        params.get("_live_referer")?.as_str().map(str::to_owned)
    }

    /// What the page script sent on connecting: the text of a JSON object. `{}` before the socket opens.
    pub fn connect_params(&self) -> &str {
        &self.inner.connect_params
    }

    /// How often this page has joined before. More than 0 after a reconnect.
    pub fn joins(&self) -> u32 {
        self.inner.joins
    }

    /// 32 random bytes, different for every instance, to seed a generator with.
    pub fn seed(&self) -> &[u8] {
        &self.inner.seed
    }

    /// The tenant that the view belongs to.
    pub fn tenant(&self) -> &str {
        &self.inner.tenant
    }

    /// The name of the view in its app.
    pub fn view(&self) -> &str {
        &self.inner.view
    }
}

/// The value of one parameter, as the type that is asked for; none if it is missing or of another form. The last one wins.
///
/// ```
/// use hothouse_sdk::param;
///
/// let params = [("id".to_owned(), "7".to_owned()), ("page".to_owned(), "two".to_owned())];
/// assert_eq!(param(&params, "id"), Some(7));
/// assert_eq!(param::<u32>(&params, "page"), None);
/// assert_eq!(param::<String>(&params, "page").as_deref(), Some("two"));
/// ```
pub fn param<T: FromStr>(params: &[(String, String)], name: &str) -> Option<T> {
    params.iter().rev().find(|(known, _)| known == name).and_then(|(_, value)| value.parse().ok())
}

fn pairs(pairs: &[types::Pair]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str()))
}

fn find<'a>(pairs: &'a [types::Pair], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|pair| pair.name == name).map(|pair| pair.value.as_str())
}
