//! The actor of one joined view: one inbox, one owner of the instance and of what the browser holds.
//!
//! Everything that happens to a view happens here, in the order in which the inbox gives it. Replies leave in
//! that order as well (wire protocol 2.6). Knows frames' contents, but neither sockets nor wasm.

use std::sync::{Arc, OnceLock};

use hothouse_runtime::LeaveReason;
use hothouse_wire::{Destination, Outbound, Push, Refusal, Response};
use tokio::sync::mpsc;
use tokio::task::yield_now;

use crate::navigation::{Patch, Sent};
use crate::outgoing::{Outgoing, SocketGone};
use crate::site::Site;

mod command;
mod components;
mod effects;
mod join;
mod put_session;
mod surroundings;
mod tasks;
mod topics;
mod turn;

pub(crate) use command::Command;
#[cfg(test)]
pub(crate) use effects::EffectRefused;
pub(crate) use join::{Admitted, JoinRefused, admit};
#[cfg(test)]
pub(crate) use tasks::TaskRefused;
#[cfg(test)]
pub(crate) use turn::MountError;
use turn::{Crashed, Live, Told};

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
    loop {
        let turn = tokio::select! {
            command = inbox.recv() => match command {
                Some(command) if departure.get().is_none() => Turn::Command(command),
                _ => break,
            },
            () = live.messages_arrived() => Turn::Messages,
        };
        let leaving = matches!(&turn, Turn::Command(command) if matches!(**command, Command::Leave { .. }));
        let outcome = match turn {
            Turn::Command(command) => Box::pin(obey(&mut live, &address, *command)).await,
            Turn::Messages => Box::pin(hear(&mut live, &address)).await,
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

/// Hands the view all messages that have arrived, and tells the page what they changed, once.
async fn hear(live: &mut Live, address: &Address) -> Result<(), Stop> {
    let told = live.handle_messages().await?;
    address.tell(told).await?;
    // A view can announce what it hears itself: others come first.
    yield_now().await;
    Ok(())
}

impl Address {
    /// Answers a message; waits while the socket is slow.
    async fn reply(&self, message_ref: &str, response: Response<'_>) -> Result<(), SocketGone> {
        self.send(&Outbound::Reply {
            join_ref: Some(&self.join_ref),
            message_ref,
            topic: &self.topic,
            response,
        })
        .await
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

    /// Tells the page what happened without a message of it.
    async fn tell(&self, told: Told) -> Result<(), Stop> {
        self.push_patches(&told.patches).await?;
        if let Some(diff) = &told.diff {
            self.push(Push::Diff(diff)).await?;
        }
        told.sent.map_or(Ok(()), |sent| Err(Stop::Sent(sent, None)))
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
        self.send(&Outbound::Push { join_ref: &self.join_ref, topic: &self.topic, push }).await
    }

    async fn send(&self, outbound: &Outbound<'_>) -> Result<(), SocketGone> {
        let mut text = String::with_capacity(128);
        outbound.encode_into(&mut text);
        self.outgoing.send(text.into()).await
    }
}
