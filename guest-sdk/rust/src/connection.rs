//! Who is at the other end: what the request for the page said, or the handshake of its socket.
//!
//! The manifest grants each of these to a component by its name, for example `connect_info = ["languages"]`; what is not
//! granted is answered with a failure of the kind `forbidden`. In tests on the developer's machine nothing is known.
//!
//! ```no_run
//! use hothouse_sdk::connection;
//!
//! fn greeting() -> hothouse_sdk::Result<&'static str> {
//!     let languages = connection::languages()?;
//!     Ok(if languages.iter().any(|tag| tag.starts_with("de")) { "Guten Tag" } else { "Good day" })
//! }
//! ```

use crate::failure::Result;

#[cfg(target_family = "wasm")]
use crate::bindings::hothouse::live::connection as host;
#[cfg(not(target_family = "wasm"))]
use native as host;

/// The browser's IP address, as far as the server can tell: that of the connection, or what a proxy says that its
/// operator trusts. Granted by `peer-address`.
///
/// # Errors
/// `forbidden` without the grant.
pub fn peer_address() -> Result<Option<String>> {
    host::peer_address()
}

/// What the browser calls itself. From the browser: check it. Granted by `user-agent`.
///
/// # Errors
/// `forbidden` without the grant.
pub fn user_agent() -> Result<Option<String>> {
    host::user_agent()
}

/// Tags of the languages that the person reads, such as `de-CH`, the preferred one first. From the browser: check them.
/// Granted by `languages`.
///
/// # Errors
/// `forbidden` without the grant.
pub fn languages() -> Result<Vec<String>> {
    host::languages()
}

/// The name of the person's time zone, such as `Europe/Berlin`. None in the first page: the page's script tells it. From
/// the browser: check it. Granted by `time-zone`.
///
/// # Errors
/// `forbidden` without the grant.
pub fn time_zone() -> Result<Option<String>> {
    host::time_zone()
}

/// Whether the page has other scripts and style sheets than it would be given now: a newer version of the app was
/// started while it was open. A view may ask the person to load the page again.
pub fn assets_changed() -> bool {
    host::assets_changed()
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use crate::bindings::hothouse::live::types::Failure;

    pub(super) fn peer_address() -> Result<Option<String>, Failure> {
        Ok(None)
    }

    pub(super) fn user_agent() -> Result<Option<String>, Failure> {
        Ok(None)
    }

    pub(super) fn languages() -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    pub(super) fn time_zone() -> Result<Option<String>, Failure> {
        Ok(None)
    }

    pub(super) fn assets_changed() -> bool {
        false
    }
}
