//! Changes of the browser's session by a joined view: its page fetches them with a ticket.

use std::time::Instant;

use hothouse_diff::Extras;

use super::turn::Live;
use crate::browser_session::tickets::Change;
use crate::local_address::LocalAddress;
use crate::navigation::Put;
use crate::telemetry;

/// Name of the client event with the ticket for a change of the session, before the page is changed: a form that is
/// triggered takes it along.
const TICKET_EVENT: &str = "hothouse:ticket";
/// Name of the client event that has the page fetch the change, unless a form has set out to.
const SESSION_EVENT: &str = "hothouse:session";

impl Live {
    /// A change of the session is fetched by the page, which is handed a ticket for it.
    pub(super) fn hand_out(&self, put: Option<Put>, extras: &mut Extras) {
        let Some(Put { values, to }) = put else { return };
        // The client has said where its page is: what would lead elsewhere when it stands alone is not gone to.
        let here = || LocalAddress::parse(&self.uri).or_else(|_| LocalAddress::parse("/")).ok();
        let Some(to) = to.or_else(here) else { return };
        let change = Change { values, to, flash: self.course.flash.fresh() };
        let ticket = match self.site.tickets.issue(&self.browser, change, Instant::now()) {
            Ok(ticket) => serde_json::json!({ "ticket": ticket }).to_string(),
            Err(error) => return telemetry::no_randomness(&error),
        };
        // The payloads are objects that were written just now: they cannot be refused.
        let _ = extras.push_event_before(TICKET_EVENT, &ticket);
        let _ = extras.push_event(SESSION_EVENT, "{}");
    }
}
