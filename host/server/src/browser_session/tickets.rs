//! Tickets for changes of the session. A joined view cannot set a cookie: what it puts in waits here, and its page
//! fetches it with a form that says the ticket, once. Knows neither cookies nor HTTP.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::values::Values;
use crate::local_address::LocalAddress;

const TICKET_BYTES: usize = 16;
/// How long a ticket waits for its form.
const MAX_AGE: Duration = Duration::from_secs(60);
/// Tickets of one browser; a further one takes the place of its oldest.
const MAX_OF_A_BROWSER: usize = 16;
/// Tickets of an app; a further one takes the place of the oldest. Nobody can keep others from getting one.
const MAX_TICKETS: usize = 2_000;

/// What becomes of a session, and where its page goes then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) values: Values,
    pub(crate) to: LocalAddress,
    /// Flash that goes along.
    pub(crate) flash: Vec<(String, String)>,
}

/// The tickets of an app, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<VecDeque<Ticket>>);

#[derive(Debug)]
struct Ticket {
    number: String,
    /// The browser session that it is for.
    browser: String,
    issued: Instant,
    change: Change,
}

impl Tickets {
    /// A ticket for a change of this browser's session.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn issue(
        &self,
        browser: &str,
        change: Change,
        now: Instant,
    ) -> Result<String, getrandom::Error> {
        let mut bytes = [0; TICKET_BYTES];
        getrandom::fill(&mut bytes)?;
        let number = URL_SAFE_NO_PAD.encode(bytes);
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tickets.front().is_some_and(|oldest| oldest.is_over(now)) {
            tickets.pop_front();
        }
        let of_browser = |ticket: &Ticket| ticket.browser == browser;
        if tickets.iter().filter(|ticket| of_browser(ticket)).count() >= MAX_OF_A_BROWSER
            && let Some(oldest) = tickets.iter().position(of_browser)
        {
            tickets.remove(oldest);
        }
        if tickets.len() >= MAX_TICKETS {
            tickets.pop_front();
        }
        let (number, browser) = (number, browser.to_owned());
        tickets.push_back(Ticket { number: number.clone(), browser, issued: now, change });
        Ok(number)
    }

    /// Takes what a ticket of this browser stands for: once, and not when it is too late.
    pub(crate) fn take(&self, number: &str, browser: &str, now: Instant) -> Option<Change> {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = tickets.iter().position(|ticket| ticket.number == number && ticket.browser == browser)?;
        tickets.remove(at).filter(|ticket| !ticket.is_over(now)).map(|ticket| ticket.change)
    }
}

impl Ticket {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.issued) > MAX_AGE
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Change, MAX_AGE, MAX_OF_A_BROWSER, MAX_TICKETS, Tickets};
    use crate::browser_session::Values;
    use crate::local_address::LocalAddress;

    fn change(user: &str) -> Change {
        let values = Values::from(vec![("user".to_owned(), user.to_owned())]);
        Change { values, to: LocalAddress::parse("/desk").unwrap(), flash: Vec::new() }
    }

    #[test]
    fn a_ticket_is_good_once_for_its_browser_and_for_a_minute() {
        let (tickets, now) = (Tickets::default(), Instant::now());
        let [ann, late] = ["ann", "late"].map(|user| tickets.issue("b", change(user), now).unwrap());
        assert_ne!(ann, late);
        assert_eq!(tickets.take(&ann, "other", now), None, "another browser's");
        assert_eq!(tickets.take("made up", "b", now), None);
        assert_eq!(tickets.take(&ann, "b", now + MAX_AGE), Some(change("ann")));
        assert_eq!(tickets.take(&ann, "b", now), None, "it was used");
        let later = now + MAX_AGE + MAX_AGE / 60;
        assert_eq!(tickets.take(&late, "b", later), None, "it is too late");
    }

    #[test]
    fn a_browser_and_an_app_have_so_many_tickets_and_the_oldest_go() {
        let (tickets, now) = (Tickets::default(), Instant::now());
        let of_one: Vec<_> =
            (0..=MAX_OF_A_BROWSER).map(|_| tickets.issue("b", change("ann"), now).unwrap()).collect();
        assert_eq!(tickets.take(&of_one[0], "b", now), None);
        assert!(tickets.take(&of_one[1], "b", now).is_some());
        for number in 0..=MAX_TICKETS - MAX_OF_A_BROWSER {
            tickets.issue(&number.to_string(), change("bob"), now).unwrap();
        }
        assert_eq!(tickets.0.lock().unwrap().len(), MAX_TICKETS);
        assert!(tickets.take(&of_one[2], "b", now).is_some(), "the last place was left");
        for number in 0..2 {
            tickets.issue(&number.to_string(), change("bob"), now).unwrap();
        }
        assert_eq!(tickets.take(&of_one[3], "b", now), None);
        // What is over makes room.
        tickets.issue("b", change("ann"), now + MAX_AGE * 2).unwrap();
        assert_eq!(tickets.0.lock().unwrap().len(), 1);
    }
}
