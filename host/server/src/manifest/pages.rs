//! What a manifest says of pages: their titles, their live sessions, the browser's session, where they may be sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::{
    MAX_LIVE_SESSIONS, MAX_REDIRECTS, MAX_ROLES, MAX_TITLE_BYTES, Manifest, Problems, is_name, shortened,
};
use crate::browser_session::LONGEST_MAX_AGE;
use crate::live_session::LiveSession;
use crate::local_address::LocalAddress;

impl Manifest {
    /// The live sessions by name; the empty name is that of routes that name none.
    pub(crate) fn live_sessions(&self) -> BTreeMap<&str, Arc<LiveSession>> {
        let mut sessions = BTreeMap::from([("", Arc::new(LiveSession::default()))]);
        for (name, entry) in &self.live_sessions {
            let on_mount = &entry.on_mount;
            let otherwise = on_mount.otherwise.as_deref().and_then(|to| LocalAddress::parse(to).ok());
            let session = LiveSession::new(name, on_mount.signed_in, &on_mount.roles, otherwise);
            sessions.insert(name, Arc::new(session));
        }
        sessions
    }

    pub(super) fn check_titles(&self, problems: &mut Problems) {
        for (name, text) in [("title_prefix", &self.title_prefix), ("title_suffix", &self.title_suffix)] {
            if text.len() > MAX_TITLE_BYTES {
                problems.add(|| format!("`{name}` has {} bytes, the limit is {MAX_TITLE_BYTES}", text.len()));
            }
        }
    }

    pub(super) fn check_live_sessions(&self, problems: &mut Problems) {
        let count = self.live_sessions.len();
        if count > MAX_LIVE_SESSIONS {
            problems.add(|| format!("{count} live sessions, the limit is {MAX_LIVE_SESSIONS}"));
        }
        for (name, entry) in &self.live_sessions {
            let place = || format!("`live_sessions.{}", shortened(name));
            if !is_name(name) {
                problems.add(|| {
                    format!("{}`: a name is 1 to 63 lower-case letters, digits and hyphens", place())
                });
            }
            let roles = entry.on_mount.roles.len();
            if roles > MAX_ROLES {
                problems
                    .add(|| format!("{}.on_mount.roles` names {roles}, the limit is {MAX_ROLES}", place()));
            }
            let otherwise = entry.on_mount.otherwise.as_deref();
            if let Some(to) = otherwise.filter(|to| LocalAddress::parse(to).is_err()) {
                problems.add(|| {
                    format!(
                        "{}.on_mount.otherwise` is `{}`: use a local path, such as `/sign-in`",
                        place(),
                        shortened(to)
                    )
                });
            }
        }
    }

    pub(super) fn check_session(&self, problems: &mut Problems) {
        let longest = LONGEST_MAX_AGE.as_secs();
        if let Some(age) = self.session.max_age_s.filter(|age| !(1..=longest).contains(age)) {
            problems.add(|| {
                format!("`session.max_age_s` is {age}: use 1 to {longest} seconds (400 days, the longest that browsers keep a cookie)")
            });
        }
    }

    pub(super) fn check_redirects(&self, problems: &mut Problems) {
        for (name, component) in &self.components {
            let count = component.redirects.len();
            if count > MAX_REDIRECTS {
                problems.add(|| {
                    format!(
                        "`components.{}.redirects` names {count}, the limit is {MAX_REDIRECTS}",
                        shortened(name)
                    )
                });
            }
            for origin in component.redirects.iter().filter(|origin| !is_origin(origin)) {
                problems.add(|| {
                    format!(
                        "`components.{}.redirects` names `{}`: use an origin, such as `https://pay.example`",
                        shortened(name),
                        shortened(origin)
                    )
                });
            }
        }
    }
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    })
}
