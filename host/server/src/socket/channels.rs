//! The topics of one socket: which view each belongs to, and what becomes of a frame for it.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use hothouse_runtime::LeaveReason;
use hothouse_wire::{DecodeError, Frame, Inbound, Outbound, Push, Refusal, Response, TopicKind};
use tokio::sync::mpsc;

use crate::limits::Limit;
use crate::outgoing::Outgoing;
use crate::rate::{Bucket, Rate};
use crate::session::{self, Command, Departure, JoinRefused, MAX_WAITING_COMMANDS};
use crate::site::Site;
use crate::visitor::Visitor;

/// All topics of a socket.
pub(super) struct Channels {
    site: Arc<Site>,
    /// Who the handshake proved to be there; without it every join is `stale`.
    visitor: Option<Box<Visitor>>,
    outgoing: Outgoing,
    joined: Vec<Channel>,
    joins: Bucket,
    /// The topic whose view was left last, while it was there: its page goes on to another.
    left: Option<Box<str>>,
}

const MINUTE: Duration = Duration::from_secs(60);

struct Channel {
    topic: Box<str>,
    join_ref: Box<str>,
    inbox: mpsc::Sender<Box<Command>>,
    departure: Departure,
}

/// What became of a frame.
pub(super) enum Delivery {
    /// Handed on, or to be ignored.
    Done,
    /// Answered without a view.
    Reply(Box<str>),
    /// The view's inbox is full: read no further until [`deliver`] is done.
    Full(Undelivered),
    /// Not a frame of the protocol.
    Invalid(DecodeError),
}

/// A command that waits for room in an inbox.
pub(super) struct Undelivered {
    inbox: mpsc::Sender<Box<Command>>,
    command: Option<Box<Command>>,
}

/// Waits until the command is in the inbox, or the view gone. Cancel-safe: nothing is lost when dropped early.
pub(super) async fn deliver(undelivered: &mut Option<Undelivered>) {
    if let Some(Undelivered { inbox, command }) = undelivered
        && let Ok(room) = inbox.reserve().await
        && let Some(command) = command.take()
    {
        room.send(command);
    }
    *undelivered = None;
}

impl Channels {
    pub(super) fn new(site: Arc<Site>, visitor: Option<Box<Visitor>>, outgoing: Outgoing) -> Self {
        let joins = Bucket::full(Rate::new(site.app.limits.get(Limit::Joins), MINUTE, 1), Instant::now());
        Self { site, visitor, outgoing, joined: Vec::new(), joins, left: None }
    }

    /// Takes one text frame.
    pub(super) fn receive(&mut self, text: &str) -> Delivery {
        let frame = match hothouse_wire::decode(text) {
            Ok(frame) => frame,
            Err(error) => return Delivery::Invalid(error),
        };
        if let Inbound::Malformed { reason, .. } = frame.message {
            return Delivery::Invalid(reason);
        }
        let Some(message_ref) = frame.message_ref.as_deref() else {
            return Delivery::Invalid(DecodeError::MissingRef);
        };
        match &frame.message {
            Inbound::Heartbeat => reply(&frame, message_ref, Response::Ok),
            Inbound::Join(_) if frame.topic_kind() == TopicKind::LiveView => self.join(&frame, message_ref),
            Inbound::JoinUpload => reply(&frame, message_ref, Response::Refused(Refusal::UploadDisallowed)),
            _ => self.hand_on(frame),
        }
    }

    /// Lets every view go.
    pub(super) fn close(self, reason: LeaveReason) {
        for channel in self.joined {
            // Set once; a view that is leaving already has its own reason.
            let _ = channel.departure.set(reason);
        }
    }

    fn join(&mut self, frame: &Frame<'_>, message_ref: &str) -> Delivery {
        let Inbound::Join(join) = &frame.message else { return Delivery::Done };
        self.joined.retain(|channel| !channel.inbox.is_closed());
        let former = self.joined.iter().position(|channel| *channel.topic == *frame.topic);
        let closed = former.map(|index| {
            // A second join of a topic: the view that runs is stopped under its own join_ref.
            let former = self.joined.swap_remove(index);
            let _ = former.departure.set(LeaveReason::Left);
            let push =
                Outbound::Push { join_ref: &former.join_ref, topic: &former.topic, push: Push::Closed };
            encode(&push)
        });
        if let Some(closed) = closed
            && !self.outgoing.try_send(closed)
        {
            // The queue is full: the client hears of the old view's end by the reply to the new join.
            tracing::debug!("phx_close dropped: the socket is slow");
        }
        let limits = &self.site.app.limits;
        let limit = limits.size(Limit::Views);
        if self.joined.len() >= limit {
            return self.refuse(frame, message_ref, JoinRefused::TooManyViews { limit });
        }
        let limit = limits.get(Limit::Joins);
        let goes_on = self.left.take().is_some_and(|left| *left == *frame.topic) && join.redirect.is_some();
        let is_in_time = (goes_on && self.counts_as_page())
            || self.joins.take(Rate::new(limit, MINUTE, 1), Instant::now());
        if !is_in_time {
            return self.refuse(frame, message_ref, JoinRefused::TooOften { limit });
        }
        let admitted = match session::admit(&self.site, self.visitor.as_deref(), frame.view_id(), join) {
            Ok(admitted) => admitted,
            Err(refused) => return self.refuse(frame, message_ref, refused),
        };
        let (inbox, commands) = mpsc::channel(MAX_WAITING_COMMANDS);
        let departure = Arc::new(OnceLock::new());
        self.joined.push(Channel {
            topic: frame.topic.as_ref().into(),
            join_ref: message_ref.into(),
            inbox,
            departure: departure.clone(),
        });
        let address = session::Address {
            topic: frame.topic.as_ref().into(),
            join_ref: message_ref.into(),
            outgoing: self.outgoing.clone(),
        };
        tokio::spawn(session::run(self.site.clone(), Box::new(admitted), address, commands, departure));
        Delivery::Done
    }

    /// A page that a link leads to another view costs what it would if it were loaded, and counts as that.
    fn counts_as_page(&self) -> bool {
        let address = self.visitor.as_ref().and_then(|visitor| visitor.caller.address);
        address.is_none_or(|address| self.site.pages.take(address, Instant::now()))
    }

    fn refuse(&self, frame: &Frame<'_>, message_ref: &str, refused: JoinRefused) -> Delivery {
        self.site.telemetry.join_refused(&refused);
        reply(frame, message_ref, Response::Refused(refused.refusal()))
    }

    fn hand_on(&mut self, frame: Frame<'_>) -> Delivery {
        let Some(message_ref) = frame.message_ref.as_deref() else { return Delivery::Done };
        let found = self.joined.iter().position(|channel| *channel.topic == *frame.topic);
        let Some((index, channel)) =
            found.and_then(|index| self.joined.get(index).map(|channel| (index, channel)))
        else {
            let response = match frame.message {
                // A redirected join sends two leaves.
                Inbound::Leave => Response::Ok,
                _ => Response::Refused(Refusal::UnmatchedTopic),
            };
            return reply(&frame, message_ref, response);
        };
        if frame.join_ref.as_deref() != Some(&*channel.join_ref) {
            // From an earlier incarnation of the view.
            return Delivery::Done;
        }
        let message_ref: Box<str> = message_ref.into();
        let (inbox, is_leave) = (channel.inbox.clone(), matches!(frame.message, Inbound::Leave));
        if is_leave {
            self.joined.swap_remove(index);
        }
        if is_leave && inbox.is_closed() {
            // The view has ended by itself, as one does that sends its page away.
            return reply(&frame, &message_ref, Response::Ok);
        }
        if is_leave {
            self.left = Some(frame.topic.as_ref().into());
        }
        let Some(command) = Command::from_wire(message_ref, frame.message) else { return Delivery::Done };
        match inbox.try_send(Box::new(command)) {
            Ok(()) => Delivery::Done,
            Err(mpsc::error::TrySendError::Full(command)) => {
                Delivery::Full(Undelivered { inbox, command: Some(command) })
            }
            // The view crashed: its `phx_error` is on the way and the client will join again.
            Err(mpsc::error::TrySendError::Closed(_)) => Delivery::Done,
        }
    }
}

fn reply(frame: &Frame<'_>, message_ref: &str, response: Response<'_>) -> Delivery {
    Delivery::Reply(encode(&Outbound::Reply {
        join_ref: frame.join_ref.as_deref(),
        message_ref,
        topic: &frame.topic,
        response,
    }))
}

fn encode(outbound: &Outbound<'_>) -> Box<str> {
    let mut text = String::new();
    outbound.encode_into(&mut text);
    text.into()
}
