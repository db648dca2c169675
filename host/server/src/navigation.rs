//! Where effects send a page, with which flash and which session: checked before anything is carried out, for pages that
//! are made and for joined views.

use std::sync::Arc;

use hothouse_runtime::{Effect, Failure, FailureKind, Message};
use hothouse_wire::{Away, Destination};
use url::Url;

use crate::app::{App, Target};
use crate::browser_session::{Values, ValuesRefused};
use crate::flash::{Flash, FlashRefused};
use crate::local_address::{LocalAddress, MAX_ADDRESS_BYTES, NotLocal};
use crate::telemetry::Refused;

/// Patches and changes of the flash that may follow from one callback, each because of the one before.
pub(crate) const MAX_FOLLOWING: usize = 20;

/// Where a view sends its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Going {
    /// To another address of its own: it stays.
    Patch(Patch),
    /// To another view over the same socket.
    Navigate { to: LocalAddress, replace: bool },
    /// To a page that is loaded.
    Redirect(String),
}

/// An address that a view changes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Patch {
    pub(crate) to: LocalAddress,
    pub(crate) replace: bool,
    /// Its parameters.
    pub(crate) params: Vec<(String, String)>,
}

/// Why a view may not send its page there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GoingRefused {
    /// The address is none of the app's.
    #[error(transparent)]
    NotLocal(#[from] NotLocal),
    /// Another view answers the address, or none.
    #[error("`patch` to `{to}`, which this view does not answer in its live session: use `navigate`")]
    ForeignPatch {
        /// The address, shortened.
        to: String,
    },
    /// Another host, without a grant.
    #[error("`redirect` to `{to}`: name its origin under `redirects` of the component in the manifest")]
    ForeignRedirect {
        /// The origin, or what stands in its place, shortened.
        to: String,
    },
    /// A message for the flash.
    #[error(transparent)]
    Flash(#[from] FlashRefused),
    /// Values for the session.
    #[error(transparent)]
    Session(#[from] ValuesRefused),
    /// Another host, together with a change of the session.
    #[error(
        "`redirect` to `{to}` together with `put-session`, after which the page can only be sent to a path of the app"
    )]
    SessionElsewhere {
        /// The address, shortened.
        to: String,
    },
    /// A chain of patches and changes of the flash without an end.
    #[error("more than {limit} patches and changes of the flash, each because of the one before")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}

impl Refused for GoingRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotLocal(_) => "bad-address",
            Self::ForeignPatch { .. } => "foreign-patch",
            Self::ForeignRedirect { .. } => "foreign-redirect",
            Self::Flash(_) => "bad-flash",
            Self::Session(_) => "bad-session",
            Self::SessionElsewhere { .. } => "session-elsewhere",
            Self::TooMany { .. } => "too-many-patches",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::NotLocal(NotLocal::TooLong) | Self::TooMany { .. } => true,
            Self::Flash(refused) => !matches!(refused, FlashRefused::Kind),
            Self::Session(refused) => *refused != ValuesRefused::Name,
            Self::NotLocal(NotLocal::Form)
            | Self::ForeignPatch { .. }
            | Self::ForeignRedirect { .. }
            | Self::SessionElsewhere { .. } => false,
        }
    }
}

/// A page's flash and session, and where its view sends it.
pub(crate) struct Course {
    target: Target,
    pub(crate) flash: Flash,
    /// Whether the view has not been told of the flash.
    flash_changed: bool,
    /// What the browser's session would hold; none where the embedding application has a session of its own.
    values: Option<Values>,
    /// What it holds, as the browser has it.
    browsers_values: Option<Values>,
    /// Whether the view has put something in that is not on its way yet.
    is_put: bool,
    /// A key of writes that were not committed, of which the view has not been told.
    conflict: Option<Box<str>>,
    /// The last one counts.
    pub(crate) going: Option<Going>,
}

/// What an effect does to a course; see [`Course::check`].
pub(crate) struct Changed {
    flash: Flash,
    values: Option<Values>,
    is_put: bool,
    going: Option<Going>,
}

/// A change of the browser's session.
pub(crate) struct Put {
    pub(crate) values: Values,
    /// Where the view has sent its page in the same turn.
    pub(crate) to: Option<LocalAddress>,
}

/// What a view is told next.
pub(crate) enum Following {
    Patch(Patch),
    Message(Message),
}

impl Course {
    /// `values` are those of the browser's session; none where the embedding application has a session of its own.
    pub(crate) fn new(target: Target, flash: Flash, values: Option<Values>) -> Self {
        Self {
            target,
            flash,
            flash_changed: false,
            browsers_values: values.clone(),
            values,
            is_put: false,
            conflict: None,
            going: None,
        }
    }

    /// The view whose page it is.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether the view may ask for this at all.
    ///
    /// # Errors
    /// What it is answered instead.
    pub(crate) fn permit(&self, effects: &[Effect]) -> Result<(), Failure> {
        if !effects.iter().any(|effect| matches!(effect, Effect::PutSession(_) | Effect::ClearSession)) {
            return Ok(());
        }
        if !self.target.view.may_put_session {
            return Err(Failure::new(
                FailureKind::Forbidden,
                "the session was not granted: write `put_session = true` under the component",
            ));
        }
        if self.values.is_none() {
            return Err(Failure::new(
                FailureKind::Unavailable,
                "the session is the embedding application's, which alone changes it",
            ));
        }
        Ok(())
    }

    /// What effects would change, of which nothing is carried out.
    ///
    /// # Errors
    /// [`GoingRefused`].
    pub(crate) fn check(&self, app: &App, effects: &[Effect]) -> Result<Changed, GoingRefused> {
        let mut flash = self.flash.clone();
        let (mut values, mut is_put) = (self.values.clone(), self.is_put);
        let mut going = None;
        for effect in effects {
            match effect {
                Effect::PutFlash { kind, message } => flash.put(kind.clone(), message.clone())?,
                Effect::ClearFlash(kind) => flash.clear(kind.as_deref()),
                Effect::Patch { to, replace } => {
                    let to = LocalAddress::parse(to)?;
                    let patch =
                        app.route(to.path(), to.query()).filter(|routed| routed.target == self.target);
                    let Some(routed) = patch else {
                        return Err(GoingRefused::ForeignPatch { to: shortened(to.as_str()) });
                    };
                    going = Some(Going::Patch(Patch { to, replace: *replace, params: routed.params }));
                }
                Effect::Navigate { to, replace } => {
                    going = Some(Going::Navigate { to: LocalAddress::parse(to)?, replace: *replace });
                }
                Effect::Redirect(to) => going = Some(Going::Redirect(self.check_redirect(to)?)),
                Effect::PutSession(pairs) => {
                    values = values.map(|values| values.with(pairs)).transpose()?;
                    is_put = true;
                }
                Effect::ClearSession => {
                    values = values.map(|_| Values::default());
                    is_put = true;
                }
                Effect::Title(_)
                | Effect::Reply(_)
                | Effect::PushEvent { .. }
                | Effect::Subscribe(_)
                | Effect::Unsubscribe(_)
                | Effect::Broadcast { .. }
                | Effect::StartTimer { .. }
                | Effect::CancelTimer(_)
                | Effect::SendSelf(_)
                | Effect::StartTask { .. }
                | Effect::CancelTask(_)
                | Effect::TrackPresence { .. }
                | Effect::UpdatePresence { .. }
                | Effect::UntrackPresence { .. }
                | Effect::AppendText { .. } => {}
            }
        }
        if is_put
            && values != self.browsers_values
            && let Some(Going::Redirect(to)) = going.as_ref().or(self.going.as_ref())
            && !to.starts_with('/')
        {
            return Err(GoingRefused::SessionElsewhere { to: shortened(to) });
        }
        Ok(Changed { flash, values, is_put, going })
    }

    fn check_redirect(&self, to: &str) -> Result<String, GoingRefused> {
        if to.starts_with('/') {
            return Ok(LocalAddress::parse(to)?.as_str().to_owned());
        }
        if to.len() > MAX_ADDRESS_BYTES {
            return Err(NotLocal::TooLong.into());
        }
        let foreign = |to: &str| GoingRefused::ForeignRedirect { to: shortened(to) };
        let url = Url::parse(to).map_err(|_| foreign(to))?;
        let origin = url.origin().ascii_serialization();
        let is_granted = self.target.view.redirects.contains(&origin);
        if !is_granted || !url.username().is_empty() || url.password().is_some() {
            return Err(foreign(&origin));
        }
        Ok(url.into())
    }

    pub(crate) fn change(&mut self, changed: Changed) {
        self.flash_changed |= self.flash.pairs() != changed.flash.pairs();
        self.flash = changed.flash;
        self.values = changed.values;
        self.is_put = changed.is_put;
        self.going = changed.going.or(self.going.take());
    }

    /// Takes one kind out of the flash, or all.
    pub(crate) fn clear_flash(&mut self, kind: Option<&str>) {
        let before = self.flash.pairs().len();
        self.flash.clear(kind);
        self.flash_changed |= self.flash.pairs().len() != before;
    }

    /// Whether the session is to be another one.
    fn has_put(&self) -> bool {
        self.is_put && self.values != self.browsers_values
    }

    /// Whether the view has sent its page away. With a change of the session, it stays until that was fetched.
    pub(crate) fn leaves(&self) -> bool {
        self.going.is_some() && !self.has_put()
    }

    /// What the session is to hold, and where the page goes with it; none if nothing has changed.
    pub(crate) fn take_put(&mut self) -> Option<Put> {
        let has_put = self.has_put();
        self.is_put = false;
        let values = self.values.clone().filter(|_| has_put)?;
        let to = match self.going.take() {
            Some(Going::Patch(Patch { to, .. }) | Going::Navigate { to, .. }) => Some(to),
            Some(Going::Redirect(to)) => LocalAddress::parse(&to).ok(),
            None => None,
        };
        Some(Put { values, to })
    }

    /// What the view is told before it is rendered, if it stays.
    pub(crate) fn next(&mut self) -> Option<Following> {
        let has_put = self.has_put();
        match self.going.take() {
            Some(Going::Patch(patch)) if !has_put => Some(Following::Patch(patch)),
            None => self.next_message().map(Following::Message),
            going => {
                self.going = going;
                None
            }
        }
    }

    /// What the view has not been told: that its writes were not committed, then what the flash holds.
    pub(crate) fn next_message(&mut self) -> Option<Message> {
        if let Some(key) = self.conflict.take() {
            return Some(Message::KvConflict(key));
        }
        let is_changed = std::mem::take(&mut self.flash_changed);
        is_changed.then(|| Message::FlashChanged(self.flash.pairs().to_vec()))
    }

    /// The view's writes were not committed: it is told so by this key.
    pub(crate) fn not_committed(&mut self, key: Box<str>) {
        self.conflict = Some(key);
    }

    /// Forgets what the view has not been told.
    pub(crate) fn stay(&mut self) {
        self.going = None;
        self.flash_changed = false;
        self.conflict = None;
    }

    /// Parameters of an address of the client, if this view answers it in this live session.
    pub(crate) fn own(&self, app: &App, address: &LocalAddress) -> Option<Vec<(String, String)>> {
        let routed = app.route(address.path(), address.query())?;
        (routed.target == self.target).then_some(routed.params)
    }
}

/// Where a page goes that its view has sent away.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) to: String,
    /// Over the same socket; whether the present entry of the history is replaced.
    pub(crate) navigate: Option<bool>,
    /// The flash token that goes along.
    pub(crate) flash: Option<String>,
}

impl Sent {
    /// What a page that is left takes along; none while the view stays.
    pub(crate) fn from_going(going: Option<Going>, flash: Option<String>) -> Option<Self> {
        let (to, navigate) = match going? {
            Going::Patch(_) => return None,
            Going::Navigate { to, replace } => (to.as_str().to_owned(), Some(replace)),
            Going::Redirect(to) => (to, None),
        };
        Some(Self { to, navigate, flash })
    }

    /// For the client.
    pub(crate) fn to_wire(&self) -> Away<'_> {
        let (to, flash) = (self.to.as_str(), self.flash.as_deref());
        match self.navigate {
            Some(replace) => Away::Navigate { destination: Destination { to, replace }, flash },
            None => Away::Redirect { to, flash },
        }
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view) && Arc::ptr_eq(&self.session, &other.session)
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
