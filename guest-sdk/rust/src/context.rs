//! What a view is told when it starts: the page's address, the visitor's session, where it runs.

use crate::bindings::hothouse::live::types;

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

    /// The address of the page, such as `https://example.org/tasks?page=3`.
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

    /// One value of the visitor's session.
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

fn pairs(pairs: &[types::Pair]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str()))
}

fn find<'a>(pairs: &'a [types::Pair], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|pair| pair.name == name).map(|pair| pair.value.as_str())
}
