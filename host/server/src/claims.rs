//! What the tokens of a page vouch for (wire protocol: `data-phx-session`, `data-phx-static`, the reload token).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::token::Claims;

/// The page is as old as its tokens may be: the same 14 days as the reference host's.
const PAGE_MAX_AGE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// `data-phx-session`: who may join which view under which id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ViewClaims {
    /// Id of the view's element; the topic is `lv:` and this.
    #[serde(rename = "i")]
    pub(crate) id: String,
    /// The view that the dead render showed.
    #[serde(rename = "v")]
    pub(crate) view: String,
    /// The browser session that the page was rendered for.
    #[serde(rename = "b")]
    pub(crate) browser: String,
    /// Fingerprint of the embedding application's session that the page was rendered for.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(crate) app_session: Option<String>,
    /// The live session of the page, inside of which it may navigate; empty for routes that name none.
    #[serde(rename = "g", default, skip_serializing_if = "String::is_empty")]
    pub(crate) live_session: String,
}

impl Claims for ViewClaims {
    const PURPOSE: &'static str = "view";
    const MAX_AGE: Duration = PAGE_MAX_AGE;
}

/// `data-phx-static`: what only the dead render knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StaticClaims {
    /// Id of the view's element.
    #[serde(rename = "i")]
    pub(crate) id: String,
    /// The flash that the page was made with: the joined view begins with the same.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) flash: Vec<(String, String)>,
}

impl Claims for StaticClaims {
    const PURPOSE: &'static str = "view-static";
    const MAX_AGE: Duration = PAGE_MAX_AGE;
}

/// Flash on its way to the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlashClaims {
    /// The browser session that it is for.
    #[serde(rename = "b")]
    pub(crate) browser: String,
    /// Messages by kind.
    #[serde(rename = "f")]
    pub(crate) pairs: Vec<(String, String)>,
}

impl Claims for FlashClaims {
    const PURPOSE: &'static str = "flash";
    const MAX_AGE: Duration = Duration::from_secs(60);
}

/// The token of a `reload` refusal: the status that the next page load is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReloadClaims {
    pub(crate) status: u16,
    pub(crate) message: String,
}

impl Claims for ReloadClaims {
    const PURPOSE: &'static str = "reload";
    const MAX_AGE: Duration = Duration::from_secs(60);
}
