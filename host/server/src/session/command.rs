//! What a view's inbox can hold.

use hothouse_runtime::{Event, Payload};
use hothouse_wire::{EventValue, Inbound};

/// Events whose names begin so belong to the host.
const RESERVED_PREFIX: &str = "lv:";

/// One thing for a view to do. Each is answered exactly once, under its `message_ref`.
#[derive(Debug)]
pub(crate) enum Command {
    /// An event of the page, for the guest.
    Event { message_ref: Box<str>, event: Event },
    /// A patch link was followed.
    LivePatch { message_ref: Box<str> },
    /// The client has removed the elements of components, perhaps to put them back.
    ComponentsWillDestroy { message_ref: Box<str>, cids: Vec<u32> },
    /// The client has removed components for good.
    ComponentsDestroyed { message_ref: Box<str>, cids: Vec<u32> },
    /// To be answered `ok` and no more.
    Acknowledge { message_ref: Box<str> },
    /// Nothing that a view understands.
    Unmatched { message_ref: Box<str> },
    /// The client leaves the view.
    Leave { message_ref: Box<str> },
}

impl Command {
    /// The command in a frame for a joined view; `None` for what is not addressed to one.
    pub(crate) fn from_wire(message_ref: Box<str>, message: Inbound<'_>) -> Option<Self> {
        Some(match message {
            Inbound::Event(event) if event.name.starts_with(RESERVED_PREFIX) => {
                Self::Acknowledge { message_ref }
            }
            Inbound::Event(event) => {
                let payload = match event.value {
                    EventValue::Json(json) => Payload::Json(json.to_owned()),
                    EventValue::Form(pairs) => Payload::Form(pairs),
                };
                let event = Event { name: event.name.into_owned(), target: event.cid, payload };
                Self::Event { message_ref, event }
            }
            Inbound::LivePatch { .. } => Self::LivePatch { message_ref },
            Inbound::ComponentsWillDestroy(cids) => Self::ComponentsWillDestroy { message_ref, cids },
            Inbound::ComponentsDestroyed(cids) => Self::ComponentsDestroyed { message_ref, cids },
            Inbound::AllowUpload | Inbound::Progress => Self::Acknowledge { message_ref },
            Inbound::Leave => Self::Leave { message_ref },
            Inbound::Unknown { .. } => Self::Unmatched { message_ref },
            Inbound::Heartbeat | Inbound::Join(_) | Inbound::JoinUpload | Inbound::Malformed { .. } => {
                return None;
            }
        })
    }
}
