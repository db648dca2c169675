//! The shop's own login: who is who, and a cookie that says so. Older than its live page, and knows nothing of it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};
use cookie::{Cookie, SameSite};

/// Name of the cookie.
const COOKIE: &str = "shop_session";
const ID_BYTES: usize = 16;

/// Who may log in. A real shop keeps password hashes in its database.
const USERS: [(&str, &str); 2] = [("ann", "monstera"), ("bob", "fern")];

/// Who is logged in, by session id.
#[derive(Debug, Default)]
pub(crate) struct Logins(Mutex<HashMap<String, String>>);

impl Logins {
    /// Begins a session: its id, unless the password is wrong.
    pub(crate) fn log_in(&self, user: &str, password: &str) -> Option<String> {
        USERS.iter().find(|known| **known == (user, password))?;
        let mut id = [0; ID_BYTES];
        getrandom::fill(&mut id).ok()?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        self.lock().insert(id.clone(), user.to_owned());
        Some(id)
    }

    /// Ends a session.
    pub(crate) fn log_out(&self, id: &str) {
        self.lock().remove(id);
    }

    /// The session id in a request's cookies and its user, if that session is open.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<(String, String)> {
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let id = Cookie::split_parse(cookies)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == COOKIE)?
            .value()
            .to_owned();
        let user = self.lock().get(&id).cloned()?;
        Some((id, user))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The header that gives a browser its session, or takes it away.
pub(crate) fn cookie(id: Option<&str>) -> String {
    let mut cookie = Cookie::new(COOKIE, id.unwrap_or_default().to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    if id.is_none() {
        cookie.make_removal();
    }
    cookie.to_string()
}
