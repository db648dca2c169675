//! Where effects send a page: checked before anything is carried out, for pages that are made and for joined views.

use std::sync::Arc;

use hothouse_runtime::Effect;
use hothouse_wire::{Away, Destination};
use url::Url;

use crate::app::{App, Target};
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
            Self::TooMany { .. } => "too-many-patches",
        }
    }

    fn is_limit(&self) -> bool {
        match self {
            Self::NotLocal(NotLocal::TooLong) | Self::TooMany { .. } => true,
            Self::Flash(refused) => !matches!(refused, FlashRefused::Kind),
            Self::NotLocal(NotLocal::Form) | Self::ForeignPatch { .. } | Self::ForeignRedirect { .. } => {
                false
            }
        }
    }
}

/// A page's flash, and where its view sends it.
pub(crate) struct Course {
    target: Target,
    pub(crate) flash: Flash,
    /// Whether the view has not been told of the flash.
    flash_changed: bool,
    /// The last one counts.
    pub(crate) going: Option<Going>,
}

/// What an effect does to a course; see [`Course::check`].
pub(crate) struct Changed {
    flash: Flash,
    going: Option<Going>,
}

/// What a view is told next.
pub(crate) enum Following {
    Patch(Patch),
    FlashChanged(Vec<(String, String)>),
}

impl Course {
    pub(crate) fn new(target: Target, flash: Flash) -> Self {
        Self { target, flash, flash_changed: false, going: None }
    }

    /// What effects would change, of which nothing is carried out.
    ///
    /// # Errors
    /// [`GoingRefused`].
    pub(crate) fn check(&self, app: &App, effects: &[Effect]) -> Result<Changed, GoingRefused> {
        let mut flash = self.flash.clone();
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
                Effect::Title(_)
                | Effect::Reply(_)
                | Effect::PushEvent { .. }
                | Effect::Subscribe(_)
                | Effect::Unsubscribe(_)
                | Effect::Broadcast { .. } => {}
            }
        }
        Ok(Changed { flash, going })
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
        self.going = changed.going.or(self.going.take());
    }

    /// Takes one kind out of the flash, or all.
    pub(crate) fn clear_flash(&mut self, kind: Option<&str>) {
        let before = self.flash.pairs().len();
        self.flash.clear(kind);
        self.flash_changed |= self.flash.pairs().len() != before;
    }

    /// What the view is told before it is rendered, if it stays.
    pub(crate) fn next(&mut self) -> Option<Following> {
        match self.going.take() {
            Some(Going::Patch(patch)) => Some(Following::Patch(patch)),
            None => self.changed_flash().map(Following::FlashChanged),
            going => {
                self.going = going;
                None
            }
        }
    }

    /// The flash, if the view has not been told of it.
    pub(crate) fn changed_flash(&mut self) -> Option<Vec<(String, String)>> {
        std::mem::take(&mut self.flash_changed).then(|| self.flash.pairs().to_vec())
    }

    /// Forgets what the view has not been told.
    pub(crate) fn stay(&mut self) {
        self.going = None;
        self.flash_changed = false;
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
