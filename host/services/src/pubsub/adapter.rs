//! What stands between the nodes that serve one tenant.

use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use super::Publication;

/// A publication on its way to other nodes.
pub type Passing<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Carries publications of one tenant to the other nodes that serve it; [`SingleNode`] where there are none. What comes
/// from there is handed to [`PubSub::deliver`](super::PubSub::deliver), by whatever the adapter runs beside the views.
///
/// An adapter guarantees what views rely on:
///
/// * *At most once*: nothing is handed over twice, and a publication of this node never comes back to it.
/// * *Order*: publications of one node that were passed on one after the other arrive in that order at each other node.
/// * *Nothing is waited for* but room: [`Adapter::pass_on`] is ready as soon as the publication is on its way. What does
///   not arrive because a node is gone is lost, and so is what was published before a subscription was known there.
/// * *The tenant is the adapter's*: topics of two tenants may have the same name.
pub trait Adapter: fmt::Debug + Send + Sync {
    /// A topic has its first subscriber on this node: what other nodes publish under it is wanted from now on. Must not
    /// wait, and not call the [`PubSub`](super::PubSub) that it is called by; calls for one topic come in their order.
    fn wanted(&self, topic: &str);

    /// A topic has no subscriber on this node any more. As [`Adapter::wanted`].
    fn unwanted(&self, topic: &str);

    /// Passes a publication on to the nodes that want its topic.
    fn pass_on<'a>(&'a self, publication: &'a Arc<Publication>) -> Passing<'a>;
}

/// The adapter of a node that is alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct SingleNode;

impl Adapter for SingleNode {
    fn wanted(&self, _topic: &str) {}

    fn unwanted(&self, _topic: &str) {}

    fn pass_on<'a>(&'a self, _publication: &'a Arc<Publication>) -> Passing<'a> {
        Box::pin(ready(()))
    }
}
