//! What an email address looks like.

use garde::i18n::{I18n as _, InvalidEmail};

use super::words::English;

/// A rule for garde: `#[garde(custom(email_address))]`. What the browser's own `<input type="email">` accepts (HTML, 4.10.5.1.5), with
/// a dot in the domain. Whether the address exists, only a message to it can tell.
///
/// garde's own rule needs regular expressions, which make a view more than twice as large. This one speaks English; a rule in
/// another language asks [`is_email`].
///
/// # Errors
///
/// That it is none.
pub fn email_address<C>(text: &str, _context: &C) -> garde::Result {
    if is_email(text) {
        return Ok(());
    }
    Err(garde::Error::new(English.email_invalid(InvalidEmail::InvalidDomain)))
}

/// Whether a text looks like an email address.
pub fn is_email(text: &str) -> bool {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        (1..=64).contains(&local.len())
            && local.bytes().all(is_local)
            && domain.len() <= 255
            && domain.contains('.')
            && domain.split('.').all(is_label)
    })
}
