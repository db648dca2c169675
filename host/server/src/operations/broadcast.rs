//! `POST /broadcast`: ordinary services announce something to views, with a token and without a socket.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hothouse_services::pubsub::{MAX_PAYLOAD_BYTES, PubSubError, Publication};
use serde::Deserialize;
use serde_json::value::RawValue;
use subtle::ConstantTimeEq as _;

use crate::site::Site;
use crate::telemetry::Refused;

/// Shortest token that is accepted, in bytes.
pub const MIN_TOKEN_BYTES: usize = 32;
/// Longest body: a payload, and names with whatever it takes to write them.
const MAX_BODY_BYTES: usize = MAX_PAYLOAD_BYTES + 8 * 1024;

/// What whoever announces something from outside proves itself with.
#[derive(Clone)]
pub struct BroadcastToken(Box<[u8]>);

/// The token is too short.
#[derive(Debug, thiserror::Error)]
#[error("the token has {found} bytes, at least {MIN_TOKEN_BYTES} are needed: try `openssl rand -base64 48`")]
pub struct TokenTooShort {
    /// Bytes found.
    pub found: usize,
}

impl BroadcastToken {
    /// A token as text, without the white space around it.
    ///
    /// # Errors
    /// [`TokenTooShort`].
    pub fn new(token: &str) -> Result<Self, TokenTooShort> {
        let token = token.trim().as_bytes();
        match token.len() {
            MIN_TOKEN_BYTES.. => Ok(Self(token.into())),
            found => Err(TokenTooShort { found }),
        }
    }

    fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        let given = given.and_then(|value| value.split_at_checked("Bearer ".len()));
        given.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case(b"Bearer ") && bool::from(token.ct_eq(&self.0))
        })
    }
}

impl fmt::Debug for BroadcastToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BroadcastToken(…)")
    }
}

/// Why something is not announced.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BroadcastRefused {
    /// No token, or another one.
    #[error("`Authorization: Bearer …` with the server's token is needed")]
    Token,
    /// The body is more than it may be.
    #[error("more than {limit} bytes: announce that something has changed, not all of it")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body is something else.
    #[error("the body is not {{\"topic\":\"…\",\"name\":\"…\",\"payload\":…}}: {0}")]
    Body(#[from] serde_json::Error),
    /// A name is not what it may be.
    #[error(transparent)]
    Name(PubSubError),
}

impl BroadcastRefused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(_) | Self::Name(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl Refused for BroadcastRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Token => "broadcast-token",
            Self::TooLarge { .. } => "broadcast-too-large",
            Self::Body(_) | Self::Name(_) => "broadcast-body",
        }
    }

    fn is_limit(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}

impl From<PubSubError> for BroadcastRefused {
    fn from(error: PubSubError) -> Self {
        match error {
            PubSubError::Payload { .. } => Self::TooLarge { limit: MAX_PAYLOAD_BYTES },
            error => Self::Name(error),
        }
    }
}

impl IntoResponse for BroadcastRefused {
    fn into_response(self) -> Response {
        let mut response = (self.status(), format!("{self}\n")).into_response();
        if matches!(self, Self::Token) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement<'a> {
    topic: String,
    name: String,
    #[serde(borrow)]
    payload: &'a RawValue,
}

/// The route, for a site that has a token.
pub(super) fn router(site: Arc<Site>, token: BroadcastToken) -> Router {
    Router::new().route("/broadcast", post(broadcast)).with_state((site, token))
}

async fn broadcast(
    State((site, token)): State<(Arc<Site>, BroadcastToken)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match announce(&site, &token, &headers, body).await {
        Ok(reached) => ([(header::CONTENT_TYPE, "application/json")], format!("{{\"reached\":{reached}}}\n"))
            .into_response(),
        Err(refused) => {
            site.telemetry.broadcast_refused(&refused);
            refused.into_response()
        }
    }
}

/// Announces what the body says; to how many. Of whoever has no token nothing is read.
async fn announce(
    site: &Site,
    token: &BroadcastToken,
    headers: &HeaderMap,
    body: Body,
) -> Result<usize, BroadcastRefused> {
    if !token.is_in(headers) {
        return Err(BroadcastRefused::Token);
    }
    let too_large = |_| BroadcastRefused::TooLarge { limit: MAX_BODY_BYTES };
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(too_large)?;
    let Announcement { topic, name, payload } = serde_json::from_slice(&body)?;
    let publication = Publication::new(topic, name, payload.get())?;
    Ok(site.app.pubsub.publish(publication, None).await)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{BroadcastToken, MIN_TOKEN_BYTES};

    #[test]
    fn only_the_token_is_the_token() {
        let text = "t".repeat(MIN_TOKEN_BYTES);
        assert_eq!(BroadcastToken::new(&text[1..]).err().map(|short| short.found), Some(MIN_TOKEN_BYTES - 1));
        let token = BroadcastToken::new(&format!(" {text}\n")).unwrap();
        assert!(!format!("{token:?}").contains(&text));
        let is_in = |value: String| {
            let value = HeaderValue::from_str(&value).unwrap();
            token.is_in(&HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
        };
        assert!(is_in(format!("Bearer {text}")) && is_in(format!("bearer {text}")));
        for wrong in [&*text, "Bearer ", "Bear", &format!("Basic  {text}"), &format!("Bearer {text}t")] {
            assert!(!is_in(wrong.to_owned()), "{wrong}");
        }
        assert!(!is_in(format!("Bearer {}", &text[1..])) && !token.is_in(&HeaderMap::new()));
    }
}
