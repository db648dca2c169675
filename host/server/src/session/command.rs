//! What a view's inbox can hold.

use hothouse_runtime::{Event, Payload};
use hothouse_wire::{EventValue, Inbound};

use crate::flash;

/// Events whose names begin so belong to the host.
const RESERVED_PREFIX: &str = "lv:";
const CLEAR_FLASH: &str = "lv:clear-flash";

/// One thing for a view to do. Each is answered exactly once, under its `message_ref`.
#[derive(Debug)]
pub(crate) enum Command {
    /// An event of the page, for the guest.
    Event { message_ref: Box<str>, event: Event },
    /// A patch link was followed, to this absolute URL.
    LivePatch { message_ref: Box<str>, url: Box<str> },
    /// The person at the page has closed a message of the flash; none is all.
    ClearFlash { message_ref: Box<str>, kind: Option<String> },
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
            Inbound::Event(event) if event.name == CLEAR_FLASH => {
                let kind = match event.value {
                    EventValue::Json(json) => flash::cleared_kind(json),
                    EventValue::Form(pairs) => {
                        pairs.into_iter().find_map(|(n, value)| (n == "key").then_some(value))
                    }
                };
                Self::ClearFlash { message_ref, kind }
            }
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
            Inbound::LivePatch { url } => Self::LivePatch { message_ref, url: url.into_owned().into() },
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
