//! What waits for one subscriber: so much and no more, the newest of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::{Delivery, MAX_TOPICS, MAX_WAITING, MAX_WAITING_BYTES, Publication};
use crate::lock;
use crate::presence::Change;

#[derive(Default)]
pub(super) struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Message>,
    bytes: usize,
    /// Topics of which messages were dropped; no more than can be subscribed to.
    lagged: Vec<Box<str>>,
}

#[derive(Clone)]
pub(super) enum Message {
    Published(Arc<Publication>),
    PresenceChanged(Arc<Change>),
}

impl Message {
    pub(super) fn topic(&self) -> &str {
        match self {
            Self::Published(publication) => publication.topic(),
            Self::PresenceChanged(change) => change.topic(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Published(publication) => publication.bytes(),
            Self::PresenceChanged(change) => change.bytes(),
        }
    }
}

impl From<Message> for Delivery {
    fn from(message: Message) -> Self {
        match message {
            Message::Published(publication) => Self::Published(publication),
            Message::PresenceChanged(change) => Self::PresenceChanged(change),
        }
    }
}

impl Mailbox {
    pub(super) fn put(&self, message: &Message) {
        lock(&self.waiting).put(message.clone());
        self.arrived.notify_one();
    }

    /// Waits until something is there. Cancel-safe.
    pub(super) async fn arrived(&self) {
        while lock(&self.waiting).is_empty() {
            self.arrived.notified().await;
        }
    }

    /// Takes all: first what was lost, then what is left, in its order.
    pub(super) fn take(&self) -> Vec<Delivery> {
        let Waiting { messages, lagged, .. } = std::mem::take(&mut *lock(&self.waiting));
        let lagged = lagged.into_iter().map(Delivery::Lagged);
        lagged.chain(messages.into_iter().map(Delivery::from)).collect()
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.lagged.is_empty()
    }

    fn put(&mut self, message: Message) {
        self.bytes += message.bytes();
        match (self.messages.back_mut(), message) {
            (Some(Message::PresenceChanged(last)), Message::PresenceChanged(next)) if last.takes(&next) => {
                self.bytes -= last.bytes() + next.bytes();
                Arc::make_mut(last).append(&next);
                self.bytes += last.bytes();
            }
            (_, message) => self.messages.push_back(message),
        }
        while self.messages.len() > MAX_WAITING || self.bytes > MAX_WAITING_BYTES {
            let Some(oldest) = self.messages.pop_front() else { return };
            self.bytes -= oldest.bytes();
            if !self.lagged.iter().any(|topic| &**topic == oldest.topic()) && self.lagged.len() < MAX_TOPICS {
                self.lagged.push(oldest.topic().into());
            }
        }
    }
}
