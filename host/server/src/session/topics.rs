//! The topics that a view has subscribed to, and those that it announces under.

use hothouse_runtime::Message;
use hothouse_services::pubsub::{MAX_TOPICS, PubSub, PubSubError, Publication, Subscriber};

/// Of one view.
pub(super) struct Topics {
    pubsub: PubSub,
    /// There once the view subscribes for the first time.
    subscriber: Option<Subscriber>,
}

/// What a callback asks for of topics.
pub(super) enum TopicDeed {
    Subscribe(String),
    Unsubscribe(String),
    Broadcast { publication: Publication, skip_self: bool },
}

impl Topics {
    pub(super) fn new(pubsub: PubSub) -> Self {
        Self { pubsub, subscriber: None }
    }

    /// Carries one out that was checked.
    pub(super) async fn carry_out(&mut self, deed: TopicDeed) -> Result<(), PubSubError> {
        match deed {
            TopicDeed::Subscribe(topic) => {
                self.subscriber.get_or_insert_with(|| Subscriber::new(&self.pubsub)).subscribe(&topic)?;
            }
            TopicDeed::Unsubscribe(topic) => {
                if let Some(subscriber) = &mut self.subscriber {
                    subscriber.unsubscribe(&topic);
                }
            }
            TopicDeed::Broadcast { publication, skip_self } => {
                let but_not = self.subscriber.as_ref().filter(|_| skip_self);
                self.pubsub.publish(publication, but_not).await;
            }
        }
        Ok(())
    }

    /// Waits until a message has arrived; for ever without a subscription. Cancel-safe.
    pub(super) async fn arrived(&self) {
        match &self.subscriber {
            Some(subscriber) => subscriber.arrived().await,
            None => std::future::pending().await,
        }
    }

    /// Takes all messages that have arrived.
    pub(super) fn take(&self) -> impl Iterator<Item = Message> + use<> {
        let deliveries = self.subscriber.as_ref().map(Subscriber::take);
        deliveries.unwrap_or_default().into_iter().map(Message::from)
    }

    /// Whether there would be too many topics at some moment, before the first of them is subscribed to.
    pub(super) fn check<'a>(
        &'a self,
        deeds: impl Iterator<Item = &'a TopicDeed> + Clone,
    ) -> Result<(), PubSubError> {
        if !deeds.clone().any(|deed| matches!(deed, TopicDeed::Subscribe(_))) {
            return Ok(());
        }
        let mut topics: Vec<&str> = self.subscriber.iter().flat_map(Subscriber::topics).collect();
        for deed in deeds {
            match deed {
                TopicDeed::Subscribe(topic) if topics.contains(&&**topic) => {}
                TopicDeed::Subscribe(_) if topics.len() >= MAX_TOPICS => {
                    return Err(PubSubError::TooManyTopics);
                }
                TopicDeed::Subscribe(topic) => topics.push(topic),
                TopicDeed::Unsubscribe(topic) => topics.retain(|known| known != topic),
                TopicDeed::Broadcast { .. } => {}
            }
        }
        Ok(())
    }
}
