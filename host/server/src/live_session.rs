//! Live sessions: groups of routes among which a page goes without being loaded, and who may come in.
//! The host asks before any guest runs, for pages and for joins alike.

use crate::local_address::LocalAddress;

/// A group of routes.
#[derive(Debug, Default)]
pub(crate) struct LiveSession {
    /// Empty for the routes that name none.
    pub(crate) name: String,
    signed_in: bool,
    roles: Vec<String>,
    /// Where those go who may not come in; an error page if missing.
    pub(crate) otherwise: Option<LocalAddress>,
}

/// What is known of a visitor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Whether somebody is signed in.
    pub(crate) is_signed_in: bool,
    /// What the session holds; each `role` is one.
    pub(crate) values: &'a [(String, String)],
}

impl LiveSession {
    pub(crate) fn new(
        name: &str,
        signed_in: bool,
        roles: &[String],
        otherwise: Option<LocalAddress>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            signed_in: signed_in || !roles.is_empty(),
            roles: roles.to_vec(),
            otherwise,
        }
    }

    /// Whether a visitor may come in.
    pub(crate) fn admits(&self, known: Known<'_>) -> bool {
        let has_role =
            |role: &String| known.values.iter().any(|(name, value)| name == "role" && value == role);
        (!self.signed_in || known.is_signed_in) && (self.roles.is_empty() || self.roles.iter().any(has_role))
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, LiveSession};

    #[test]
    fn who_is_not_signed_in_or_has_no_role_stays_outside() {
        let role =
            |role: &str| vec![("user".to_owned(), "ann".to_owned()), ("role".to_owned(), role.to_owned())];
        let (staff, guest) = (role("staff"), role("guest"));
        let roles = ["admin".to_owned(), "staff".to_owned()];
        let (open, members, offices) = (
            LiveSession::default(),
            LiveSession::new("members", true, &[], None),
            LiveSession::new("offices", false, &roles, None),
        );
        for (is_signed_in, values, expected) in [
            (false, &[][..], [true, false, false]),
            (true, &guest[..], [true, true, false]),
            (true, &staff[..], [true, true, true]),
            // A role is nothing without somebody who has it.
            (false, &staff[..], [true, false, false]),
        ] {
            let known = Known { is_signed_in, values };
            let admitted = [&open, &members, &offices].map(|session| session.admits(known));
            assert_eq!(admitted, expected, "{known:?}");
        }
    }
}
