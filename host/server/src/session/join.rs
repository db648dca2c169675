//! The first moment of a joined view: who may join, and the first render (wire protocol 3.5).

use hothouse_runtime::{CallError, Context, Phase};
use hothouse_wire::{Join, Refusal, Response};
use tokio::sync::mpsc;
use url::Url;

use super::turn::Live;
use super::{Address, Command};
use crate::app::Routed;
use crate::browser_session::BrowserSession;
use crate::claims::{StaticClaims, ViewClaims};
use crate::http::reload_token;
use crate::site::Site;
use crate::token;

/// A join that may go on.
pub(crate) struct Admitted {
    routed: Routed,
    uri: String,
    connect_params: String,
    joins: u32,
}

/// Decides whether a join may go on. Calls no guest.
pub(crate) fn admit(
    site: &Site,
    browser: Option<&BrowserSession>,
    view_id: Option<&str>,
    join: &Join<'_>,
) -> Result<Admitted, Refusal<'static>> {
    let browser = browser.ok_or(Refusal::Stale)?;
    let stale = |what: &'static str| {
        move |error: token::TokenError| {
            tracing::info!(%error, what, "join refused");
            Refusal::Stale
        }
    };
    let claims: ViewClaims = token::verify(&site.keys, &join.session).map_err(stale("session token"))?;
    if Some(claims.id.as_str()) != view_id || claims.browser != browser.id {
        tracing::info!("join refused: the session token is of another view or browser");
        return Err(Refusal::Stale);
    }
    if let Some(static_token) = &join.static_token {
        let dead: StaticClaims = token::verify(&site.keys, static_token).map_err(stale("static token"))?;
        if dead.id != claims.id {
            tracing::info!("join refused: the static token is of another view");
            return Err(Refusal::Stale);
        }
    }
    // Navigation over the socket has no service yet: a fresh page load serves the target.
    let Some(url) = join.url.as_deref().filter(|_| join.redirect.is_none()) else {
        return Err(Refusal::Unauthorized);
    };
    let url = Url::parse(url).map_err(|_| Refusal::Unauthorized)?;
    let routed = site
        .app
        .route(url.path(), url.query())
        .filter(|routed| routed.view.name == claims.view)
        .ok_or(Refusal::Unauthorized)?;
    let uri = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Ok(Admitted { routed, uri, connect_params: join.params.json.to_owned(), joins: join.params.mounts })
}

/// Mounts the view and answers the join. `None` when there is no view after it: the client has been told why.
/// Then the inbox is closed before the answer leaves, so that the next join finds the topic free.
pub(super) async fn join(
    site: &Site,
    admitted: Admitted,
    address: &Address,
    inbox: &mut mpsc::Receiver<Box<Command>>,
) -> Option<Live> {
    let Admitted { routed, uri, connect_params, joins } = admitted;
    let context = Context {
        phase: Phase::Connected,
        view: routed.view.name.clone(),
        uri,
        params: routed.params,
        session: Vec::new(),
        flash: Vec::new(),
        connect_params,
        joins,
    };
    match Live::mount(site, &routed.view, context).await {
        Ok((live, rendered)) => address
            .reply(&address.join_ref, Response::Rendered { rendered: &rendered })
            .await
            .ok()
            .map(|()| live),
        Err(error) => {
            let reload;
            let refusal = match &error {
                Some(CallError::Refused(failure)) => {
                    reload = reload_token(site, failure);
                    Refusal::Reload { status: reload.0, token: &reload.1 }
                }
                Some(CallError::Ended(_)) | None => Refusal::JoinCrashed,
            };
            inbox.close();
            let _ = address.reply(&address.join_ref, Response::Refused(refusal)).await;
            None
        }
    }
}
