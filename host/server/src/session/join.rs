//! The first moment of a joined view: who may join, and the first render (wire protocol 3.5).

use std::sync::Arc;
use std::time::{Duration, Instant};

use hothouse_runtime::{Connection, Context, Phase};
use hothouse_wire::{Destination, Join, Refusal, Response};
use tokio::sync::mpsc;
use url::Url;

use super::not_rendered::MountError;
use super::turn::{Live, Mounted};
use super::{Address, Command};
use crate::app::Routed;
use crate::browser_session::Values;
use crate::caller::take_time_zone;
use crate::claims::{StaticClaims, ViewClaims};
use crate::flash::Flash;
use crate::http::reload_token;
use crate::limits::Limit;
use crate::local_address::LocalAddress;
use crate::navigation::Course;
use crate::places::Place;
use crate::site::Site;
use crate::telemetry::Refused;
use crate::token::{self, TokenError};
use crate::visitor::Visitor;

/// A join that may go on.
pub(crate) struct Admitted {
    routed: Routed,
    view_id: String,
    uri: String,
    session: Arc<[(String, String)]>,
    /// What the view may change of it.
    own_values: Option<Values>,
    browser: String,
    flash: Flash,
    connect_params: String,
    connection: Connection,
    joins: u32,
    place: Place,
}

/// Why a join may not go on. What was wrong with a token is for the log, never for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JoinRefused {
    /// The handshake had no session cookie, or no CSRF token of it.
    #[error("the handshake proved no browser session")]
    NoSession,
    /// The session token does not verify.
    #[error("session token: {0}")]
    SessionToken(TokenError),
    /// The session token is good, but not here.
    #[error("the session token is of another view or browser")]
    ForeignSessionToken,
    /// The static token does not verify.
    #[error("static token: {0}")]
    StaticToken(TokenError),
    /// The static token is good, but not here.
    #[error("the static token is of another view")]
    ForeignStaticToken,
    /// The target of a navigation is of another live session, or no view's: a page load serves it.
    #[error("the address is outside of the page's live session")]
    Navigation,
    /// The live session is not for this visitor: a page load says so, or leads elsewhere.
    #[error("the live session does not admit this visitor")]
    NotAdmitted,
    /// The url is none.
    #[error("the url is none")]
    Url,
    /// The url is not one that the view answers.
    #[error("the url is not of the view")]
    ForeignUrl,
    /// The socket has as many views as it may.
    #[error("more than {limit} views on one socket")]
    TooManyViews {
        /// The limit.
        limit: usize,
    },
    /// The view broke several times in a row.
    #[error("the view broke several times in a row at this address, which rests")]
    Resting,
    /// The app has as many instances as it may.
    #[error("the app has {limit} instances of its views already: see `instances`")]
    TooManyInstances {
        /// The limit.
        limit: u64,
    },
    /// The socket joins too often.
    #[error("more than {limit} joins a minute on one socket: see `joins_per_minute`")]
    TooOften {
        /// The limit.
        limit: u64,
    },
}

impl JoinRefused {
    /// What the client is told.
    pub(crate) fn refusal(&self) -> Refusal<'static> {
        match self {
            Self::NoSession
            | Self::SessionToken(_)
            | Self::ForeignSessionToken
            | Self::StaticToken(_)
            | Self::ForeignStaticToken => Refusal::Stale,
            Self::Navigation | Self::NotAdmitted | Self::Url | Self::ForeignUrl => Refusal::Unauthorized,
            Self::TooManyViews { .. }
            | Self::TooManyInstances { .. }
            | Self::TooOften { .. }
            | Self::Resting => Refusal::JoinCrashed,
        }
    }
}

impl Refused for JoinRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSession => "join-without-session",
            Self::SessionToken(_) => "bad-session-token",
            Self::ForeignSessionToken => "foreign-session-token",
            Self::StaticToken(_) => "bad-static-token",
            Self::ForeignStaticToken => "foreign-static-token",
            Self::Navigation => "join-by-navigation",
            Self::NotAdmitted => "join-not-admitted",
            Self::Url => "bad-join-url",
            Self::ForeignUrl => "foreign-join-url",
            Self::TooManyViews { .. } => "too-many-views",
            Self::TooManyInstances { .. } => "join-instances",
            Self::TooOften { .. } => "join-rate",
            Self::Resting => "join-resting",
        }
    }

    fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::TooManyViews { .. } | Self::TooManyInstances { .. } | Self::TooOften { .. } | Self::Resting
        )
    }
}

/// Decides whether a join may go on. Calls no guest.
pub(crate) fn admit(
    site: &Site,
    visitor: Option<&Visitor>,
    view_id: Option<&str>,
    join: &Join<'_>,
) -> Result<Admitted, JoinRefused> {
    let visitor = visitor.ok_or(JoinRefused::NoSession)?;
    let age = Duration::from_secs(site.app.limits.get(Limit::PageAge));
    let claims: ViewClaims =
        token::verify_within(&site.keys, &join.session, age).map_err(JoinRefused::SessionToken)?;
    if Some(claims.id.as_str()) != view_id || !visitor.owns(&claims) {
        return Err(JoinRefused::ForeignSessionToken);
    }
    let mut flash = Flash::default();
    if let Some(static_token) = &join.static_token {
        let dead: StaticClaims =
            token::verify_within(&site.keys, static_token, age).map_err(JoinRefused::StaticToken)?;
        if dead.id != claims.id {
            return Err(JoinRefused::ForeignStaticToken);
        }
        // What the page was made with, for the view that joins it for the first time.
        if join.redirect.is_none() && join.params.mounts == 0 {
            flash = Flash::from_pairs(dead.flash);
        }
    }
    let (url, foreign) = match (&join.redirect, &join.url) {
        (Some(url), _) => (url, JoinRefused::Navigation),
        (None, Some(url)) => (url, JoinRefused::ForeignUrl),
        (None, None) => return Err(JoinRefused::Url),
    };
    let address = LocalAddress::of_url(url).ok_or(JoinRefused::Url)?;
    // A page goes to other views by navigation only, and never out of its live session.
    let routed = site
        .app
        .route(address.path(), address.query())
        .filter(|routed| routed.target.session.name == claims.live_session)
        .filter(|routed| join.redirect.is_some() || routed.target.view.name == claims.view)
        .ok_or(foreign)?;
    if !routed.target.session.admits(visitor.known()) {
        return Err(JoinRefused::NotAdmitted);
    }
    if let Some(token) = &join.flash {
        flash = Flash::from_token(&site.keys, token, &visitor.browser.id);
    }
    let uri = address.uri().to_owned();
    let (connect_params, time_zone) = take_time_zone(join.params.json);
    let tracked = join.params.track_static.iter().map(|url| &**url);
    let assets_changed = Url::parse(url).is_ok_and(|url| site.app.assets.have_changed(&url, tracked));
    if routed.target.view.crash_loops.rest(&uri, Instant::now()).is_some() {
        return Err(JoinRefused::Resting);
    }
    let place = site
        .instances
        .take(&site.telemetry)
        .ok_or(JoinRefused::TooManyInstances { limit: site.instances.max() })?;
    Ok(Admitted {
        routed,
        view_id: claims.id,
        uri,
        session: visitor.values().clone(),
        own_values: visitor.own_values(),
        browser: visitor.browser.id.clone(),
        flash,
        connect_params,
        connection: Connection { time_zone, assets_changed, ..visitor.caller.connection() },
        joins: join.params.mounts,
        place,
    })
}

/// Mounts the view and answers the join. `None` when there is no view after it: the client has been told why.
/// Then the inbox is closed before the answer leaves, so that the next join finds the topic free.
pub(super) async fn join(
    site: &Arc<Site>,
    admitted: Admitted,
    address: &Address,
    inbox: &mut mpsc::Receiver<Box<Command>>,
) -> Option<Live> {
    let Admitted {
        routed,
        view_id,
        uri,
        session,
        own_values,
        browser,
        flash,
        connect_params,
        connection,
        joins,
        place,
    } = admitted;
    let Routed { target, params } = routed;
    let view = target.view.clone();
    let telemetry = view.telemetry.instance(&view_id);
    let context = Context {
        params,
        session,
        flash: flash.pairs().to_vec(),
        connect_params,
        connection: Arc::new(connection),
        joins,
        ..Context::new(Phase::Connected, &view.name, &uri)
    };
    let course = Course::new(target, flash, own_values);
    let outcome = Live::mount(site, course, context, browser, telemetry, place).await;
    match &outcome {
        Ok(_) | Err(MountError::Refused(_)) => view.crash_loops.mounted(Phase::Connected, &uri),
        // Not this view's fault.
        Err(MountError::NoMemory) => {}
        Err(MountError::Crashed | MountError::DocumentRefused) => {
            view.crash_loops.crashed(Phase::Connected, &uri, Instant::now());
        }
    }
    let (sent, reload);
    let refusal = match outcome {
        Ok(Mounted::Live(live, told)) => {
            let patch = told.patches.last();
            let response = Response::Rendered {
                rendered: told.diff.as_deref().unwrap_or("{}"),
                patch: patch.map(|patch| Destination { to: patch.to.as_str(), replace: patch.replace }),
            };
            return address.reply(&address.join_ref, response).await.ok().map(|()| *live);
        }
        Ok(Mounted::Sent(to)) => {
            sent = to;
            Refusal::Away(sent.to_wire())
        }
        Err(MountError::Refused(failure)) => {
            reload = reload_token(site, &failure);
            Refusal::Reload { status: reload.0, token: &reload.1 }
        }
        Err(MountError::Crashed | MountError::NoMemory | MountError::DocumentRefused) => Refusal::JoinCrashed,
    };
    inbox.close();
    let _ = address.reply(&address.join_ref, Response::Refused(refusal)).await;
    None
}
