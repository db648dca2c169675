//! Contexts for tests.

use crate::bindings::hothouse::live::types::{self, Pair, Phase};
use crate::context::Context;

/// A context for tests: connected, at `http://localhost/`, with nothing else in it.
pub fn context() -> ContextBuilder {
    ContextBuilder {
        inner: types::Context {
            phase: Phase::Connected,
            tenant: "test".to_owned(),
            view: "test".to_owned(),
            uri: "http://localhost/".to_owned(),
            params: Vec::new(),
            session: Vec::new(),
            flash: Vec::new(),
            connect_params: "{}".to_owned(),
            joins: 0,
            seed: vec![7; 32],
        },
    }
}

/// Puts a context for tests together. Made by [`context`].
#[derive(Debug)]
pub struct ContextBuilder {
    inner: types::Context,
}

impl ContextBuilder {
    /// The first page, before a browser is connected.
    pub fn dead(mut self) -> Self {
        self.inner.phase = Phase::Dead;
        self
    }

    /// The address of the page.
    pub fn uri(mut self, uri: &str) -> Self {
        self.inner.uri = uri.to_owned();
        self
    }

    /// A parameter of the route or the query.
    pub fn param(mut self, name: &str, value: &str) -> Self {
        self.inner.params.push(pair(name, value));
        self
    }

    /// A value of the visitor's session.
    pub fn session(mut self, name: &str, value: &str) -> Self {
        self.inner.session.push(pair(name, value));
        self
    }

    /// A flash message.
    pub fn flash(mut self, kind: &str, message: &str) -> Self {
        self.inner.flash.push(pair(kind, message));
        self
    }

    /// The page came here by live navigation, from this URL.
    pub fn live_referer(mut self, url: &str) -> Self {
        self.inner.connect_params = serde_json::json!({ "_live_referer": url }).to_string();
        self
    }

    /// How often the page has joined before.
    pub fn joins(mut self, joins: u32) -> Self {
        self.inner.joins = joins;
        self
    }

    /// The context.
    pub fn build(self) -> Context {
        Context::new(self.inner)
    }
}

fn pair(name: &str, value: &str) -> Pair {
    Pair { name: name.to_owned(), value: value.to_owned() }
}
