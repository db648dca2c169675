//! The actor of one joined view: one inbox, one owner of the instance and of what the browser holds.
//!
//! Everything that happens to a view happens here, in the order in which the inbox gives it. Replies leave in
//! that order as well (wire protocol 2.6). Knows frames' contents, but neither sockets nor wasm.

use std::sync::{Arc, OnceLock};

use hothouse_runtime::LeaveReason;
use hothouse_wire::{Destination, Outbound, Push, Refusal, Response};
use tokio::sync::mpsc;

use crate::navigation::{Patch, Sent};
use crate::outgoing::{Outgoing, SocketGone, Written};
use crate::site::Site;

mod command;
mod components;
mod effects;
mod join;
mod messages;
mod not_rendered;
mod pace;
mod put_session;
mod surroundings;
mod tasks;
mod timers;
mod to_self;
mod topics;
mod turn;

pub(crate) use command::Command;
#[cfg(test)]
pub(crate) use effects::EffectRefused;
pub(crate) use join::{Admitted, JoinRefused, admit};
use not_rendered::Crashed;
#[cfg(test)]
pub(crate) use not_rendered::MountError;
use pace::Pace;
#[cfg(test)]
pub(crate) use tasks::TaskRefused;
#[cfg(test)]
pub(crate) use timers::TimerRefused;
#[cfg(test)]
pub(crate) use to_self::SendRefused;
use turn::{Live, Told};

/// Commands that may wait in a view's inbox before its socket is read no further.
pub(crate) const MAX_WAITING_COMMANDS: usize = 32;

/// Why a view leaves, set before its inbox is closed.
pub(crate) type Departure = Arc<OnceLock<LeaveReason>>;

/// Where a view's frames go.
pub(crate) struct Address {
    pub(crate) topic: Box<str>,
    pub(crate) join_ref: Box<str>,
    pub(crate) outgoing: Outgoing,
}

/// Runs a view from its join to its end. What waits here between two turns is what an idle view costs besides its
/// instance: all that is done for a moment is in a box of its own, and so is what only the join needs.
pub(crate) async fn run(
    site: Arc<Site>,
    admitted: Box<Admitted>,
    address: Address,
    mut inbox: mpsc::Receiver<Box<Command>>,
    departure: Departure,
) {
    let Some(mut live) = Box::pin(join::join(&site, *admitted, &address, &mut inbox)).await else { return };
    let mut pace = Pace::default();
    loop {
        let turn = tokio::select! {
            command = inbox.recv() => match command {
                Some(command) if departure.get().is_none() => Turn::Command(command),
                _ => break,
            },
            () = messages(&live, &mut pace) => Turn::Messages,
        };
        let leaving = matches!(&turn, Turn::Command(command) if matches!(**command, Command::Leave { .. }));
        let outcome = match turn {
            Turn::Command(command) => Box::pin(obey(&mut live, &address, *command)).await,
            Turn::Messages => Box::pin(hear(&mut live, &address, &mut pace)).await,
        };
        match outcome {
            Ok(()) if leaving => {
                Box::pin(live.terminate(LeaveReason::Left)).await;
                return;
            }
            Ok(()) => {}
            Err(Stop::SocketGone) => break,
            Err(Stop::Crashed) => {
                // The store is dropped already. The client joins again by itself, and finds the topic free: the inbox
                // is closed before it can hear of the crash.
                inbox.close();
                let _ = Box::pin(address.push(Push::Crashed)).await;
                return;
            }
            Err(Stop::Sent(sent, message_ref)) => {
                // The client joins the same topic next, and finds it free.
                inbox.close();
                let _ = Box::pin(address.send_away(&sent, message_ref.as_deref())).await;
                Box::pin(live.terminate(LeaveReason::Navigated)).await;
                return;
            }
        }
    }
    let reason = departure.get().copied().unwrap_or(LeaveReason::Disconnected);
    Box::pin(live.terminate(reason)).await;
}

/// What a view does next.
enum Turn {
    Command(Box<Command>),
    Messages,
}

enum Stop {
    SocketGone,
    Crashed,
    /// The view has sent its page away, in answer to a message or unasked.
    Sent(Sent, Option<Box<str>>),
}

impl From<SocketGone> for Stop {
    fn from(SocketGone: SocketGone) -> Self {
        Self::SocketGone
    }
}

impl From<Crashed> for Stop {
    fn from(Crashed: Crashed) -> Self {
        Self::Crashed
    }
}

/// The client has done without components: those that are removed are named in the answer, and then to the guest.
async fn components_destroyed(
    live: &mut Live,
    address: &Address,
    message_ref: &str,
    cids: &[u32],
) -> Result<(), Stop> {
    let removed = live.take_destroyed_components(cids);
    address.reply(message_ref, Response::ComponentsDestroyed(&removed)).await?;
    let told = live.components_removed(&removed).await?;
    address.tell(told).await?;
    Ok(())
}

async fn obey(live: &mut Live, address: &Address, command: Command) -> Result<(), Stop> {
    match command {
        Command::Event { message_ref, event } => {
            let told = live.handle_event(event).await?;
            address.answer(message_ref, told).await?;
        }
        Command::LivePatch { message_ref, url } => match live.patch(&url).await? {
            Some(told) => address.answer(message_ref, told).await?,
            None => address.reply(&message_ref, Response::LinkRedirect).await?,
        },
        Command::ClearFlash { message_ref, kind } => {
            let told = live.clear_flash(kind.as_deref()).await?;
            address.answer(message_ref, told).await?;
        }
        Command::ComponentsWillDestroy { message_ref, cids } => {
            live.components_will_be_destroyed(&cids);
            address.reply(&message_ref, Response::Ok).await?;
        }
        Command::ComponentsDestroyed { message_ref, cids } => {
            Box::pin(components_destroyed(live, address, &message_ref, &cids)).await?;
        }
        Command::Acknowledge { message_ref } => address.reply(&message_ref, Response::Ok).await?,
        Command::Unmatched { message_ref } => {
            address.reply(&message_ref, Response::Refused(Refusal::UnmatchedTopic)).await?;
        }
        Command::Leave { message_ref } => {
            address.push(Push::Closed).await?;
            address.reply(&message_ref, Response::Ok).await?;
        }
    }
    Ok(())
}

/// Waits until messages have arrived and may be handed over. Cancel-safe.
async fn messages(live: &Live, pace: &mut Pace) {
    live.messages_arrived().await;
    pace.ready().await;
}

/// Hands the view all messages that have arrived, and tells the page what they changed, once.
async fn hear(live: &mut Live, address: &Address, pace: &mut Pace) -> Result<(), Stop> {
    let told = live.handle_messages().await?;
    pace.heard(address.tell(told).await?);
    Ok(())
}

impl Address {
    /// Answers a message; waits while the socket is slow.
    async fn reply(&self, message_ref: &str, response: Response<'_>) -> Result<(), SocketGone> {
        let join_ref = Some(&*self.join_ref);
        let reply = encoded(&Outbound::Reply { join_ref, message_ref, topic: &self.topic, response });
        self.outgoing.send(reply).await
    }

    /// Tells the page what a message has led to, the last part of it as the message's answer.
    async fn answer(&self, message_ref: Box<str>, told: Told) -> Result<(), Stop> {
        self.push_patches(&told.patches).await?;
        let Some(sent) = told.sent else {
            let response = told.diff.as_deref().map_or(Response::Ok, Response::Diff);
            return Ok(self.reply(&message_ref, response).await?);
        };
        // Events for the page come before it goes.
        if let Some(diff) = &told.diff {
            self.push(Push::Diff(diff)).await?;
        }
        Err(Stop::Sent(sent, Some(message_ref)))
    }

    /// Tells the page what happened without a message of it. The diff can be waited for, if there is one.
    async fn tell(&self, told: Told) -> Result<Option<Written>, Stop> {
        self.push_patches(&told.patches).await?;
        let written = match &told.diff {
            Some(diff) => Some(self.outgoing.send_watched(self.encode(Push::Diff(diff))).await?),
            None => None,
        };
        told.sent.map_or(Ok(written), |sent| Err(Stop::Sent(sent, None)))
    }

    async fn push_patches(&self, patches: &[Patch]) -> Result<(), SocketGone> {
        for Patch { to, replace, .. } in patches {
            self.push(Push::Patch(Destination { to: to.as_str(), replace: *replace })).await?;
        }
        Ok(())
    }

    async fn send_away(&self, sent: &Sent, message_ref: Option<&str>) -> Result<(), SocketGone> {
        match message_ref {
            Some(message_ref) => self.reply(message_ref, Response::Away(sent.to_wire())).await?,
            None => self.push(Push::Away(sent.to_wire())).await?,
        }
        self.push(Push::Closed).await
    }

    async fn push(&self, push: Push<'_>) -> Result<(), SocketGone> {
        self.outgoing.send(self.encode(push)).await
    }

    fn encode(&self, push: Push<'_>) -> Box<str> {
        encoded(&Outbound::Push { join_ref: &self.join_ref, topic: &self.topic, push })
    }
}

fn encoded(outbound: &Outbound<'_>) -> Box<str> {
    let mut text = String::with_capacity(128);
    outbound.encode_into(&mut text);
    text.into()
}
