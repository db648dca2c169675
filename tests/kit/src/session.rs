//! The browser's session: what the page's script does so that a joined view can change it. A form for it is completed with
//! what no view is told; a change that no form of the view's fetches is fetched by one of the script's own.

use form_urlencoded::Serializer;
use serde_json::Value;

use crate::going::{Destination, How};
use crate::view::View;

/// Where forms for the session are sent.
const PATH: &str = "/_hothouse/session";

/// What the view's last answer said of the session.
#[derive(Debug, Default)]
pub(crate) struct Fetching {
    /// Stands for a change that waits at the server.
    ticket: Option<String>,
    /// Whether the script fetches it, unless a form has set out to.
    is_due: bool,
}

impl Fetching {
    /// Takes an event that is for the script; whether it was one.
    pub(crate) fn hear(&mut self, name: &str, payload: &Value) -> bool {
        match name {
            "hothouse:ticket" => {
                self.ticket = payload.get("ticket").and_then(Value::as_str).map(str::to_owned);
                true
            }
            "hothouse:session" => {
                self.is_due = true;
                true
            }
            _ => false,
        }
    }
}

impl View {
    /// A form that a person sends without the client, with what the script adds if it is for the session.
    pub(crate) fn completed(&self, destination: Destination) -> Destination {
        match destination {
            Destination { to, how: How::Post(mut body), flash } if to == PATH => {
                if !body.is_empty() {
                    body.push('&');
                }
                let mut fields = Serializer::new(String::new());
                if let Ok(token) = self.page.csrf_token() {
                    fields.append_pair("_csrf_token", &token);
                }
                if let Some(ticket) = &self.fetching.ticket {
                    fields.append_pair("ticket", ticket);
                }
                Destination { to, how: How::Post(body + &fields.finish()), flash }
            }
            other => other,
        }
    }

    /// The same for a form that the view has triggered: without a ticket nothing is added.
    pub(crate) fn completed_by_ticket(&self, destination: Destination) -> Destination {
        if self.fetching.ticket.is_some() { self.completed(destination) } else { destination }
    }

    /// The form with which the script fetches a change for which no form of the view's has set out.
    pub(crate) fn fetches(&self) -> Option<Destination> {
        let is_due = self.fetching.is_due && self.fetching.ticket.is_some();
        let form = Destination { to: PATH.to_owned(), how: How::Post(String::new()), flash: None };
        is_due.then(|| self.completed(form))
    }
}
