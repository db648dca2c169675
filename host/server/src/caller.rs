//! Who asks: what a request, or the handshake of a socket, says of the browser.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use hothouse_runtime::Connection;
use serde_json::value::RawValue;

use crate::proxies::Proxies;

const MAX_USER_AGENT_BYTES: usize = 512;
const MAX_LANGUAGES: usize = 16;
/// As long as any tag that is in use.
const MAX_LANGUAGE_BYTES: usize = 35;
const MAX_TIME_ZONE_BYTES: usize = 64;
/// What the page's script calls it among the connect parameters.
const TIME_ZONE: &str = "_time_zone";

/// What is known of who asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    /// None: the router is served by another server, which does not say.
    pub(crate) address: Option<IpAddr>,
    user_agent: Option<String>,
    languages: Vec<String>,
}

impl Caller {
    /// Reads the request's headers.
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, proxies: &Proxies) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let user_agent = text(header::USER_AGENT).map(|name| {
            name.get(..name.floor_char_boundary(MAX_USER_AGENT_BYTES)).unwrap_or_default().to_owned()
        });
        Self {
            address: peer.map(|peer| proxies.address(peer, headers)),
            user_agent,
            languages: text(header::ACCEPT_LANGUAGE).map(languages).unwrap_or_default(),
        }
    }

    /// What views may ask for.
    pub(crate) fn connection(&self) -> Connection {
        Connection {
            peer_address: self.address,
            user_agent: self.user_agent.clone(),
            languages: self.languages.clone(),
            ..Connection::default()
        }
    }
}

/// Tags of `Accept-Language`, the preferred one first; equal ones in their order.
fn languages(header: &str) -> Vec<String> {
    let mut weighted: Vec<(f32, &str)> = header.split(',').take(MAX_LANGUAGES).filter_map(weighted).collect();
    weighted.sort_by(|left, right| right.0.total_cmp(&left.0));
    weighted.into_iter().map(|(_, tag)| tag.to_owned()).collect()
}

fn weighted(item: &str) -> Option<(f32, &str)> {
    let mut parts = item.split(';').map(str::trim);
    let tag = parts.next()?;
    let is_tag = (1..=MAX_LANGUAGE_BYTES).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let weight: f32 = match parts.next() {
        Some(weight) => weight.strip_prefix("q=")?.parse().ok()?,
        None => 1.0,
    };
    (is_tag && weight > 0.0 && weight <= 1.0).then_some((weight, tag))
}

/// Takes the time zone out of connect parameters, the JSON text of an object: what a view is told of it is granted, and
/// those parameters are not.
pub(crate) fn take_time_zone(connect_params: &str) -> (String, Option<String>) {
    let untouched = || (connect_params.to_owned(), None);
    if !connect_params.contains(TIME_ZONE) {
        return untouched();
    }
    let Ok(mut params) = serde_json::from_str::<BTreeMap<String, &RawValue>>(connect_params) else {
        return untouched();
    };
    let Some(found) = params.remove(TIME_ZONE) else { return untouched() };
    let time_zone = serde_json::from_str::<String>(found.get()).ok().filter(|name| {
        (1..=MAX_TIME_ZONE_BYTES).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
    });
    match serde_json::to_string(&params) {
        Ok(rest) => (rest, time_zone),
        // Not to be: it was JSON a moment ago.
        Err(_) => ("{}".to_owned(), time_zone),
    }
}

#[cfg(test)]
mod tests {
    use super::{languages, take_time_zone};

    #[test]
    fn languages_come_in_the_order_of_preference() {
        assert_eq!(languages("en;q=0.5, de-CH, fr;q=0.9,de"), ["de-CH", "de", "fr", "en"]);
        for nothing in ["", "*", "en;q=0", "en;q=2", "en;q=NaN", "<script>", ";;,,", &"x".repeat(40)] {
            assert!(languages(nothing).is_empty(), "{nothing}");
        }
        assert_eq!(languages(&"en,".repeat(1_000)).len(), 16);
    }

    #[test]
    fn the_time_zone_is_taken_out_of_the_connect_parameters() {
        let params = r#"{"a":[1,{"_time_zone":2}],"_time_zone":"Europe/Berlin","z":1.50}"#;
        let (rest, zone) = take_time_zone(params);
        assert_eq!(rest, r#"{"a":[1,{"_time_zone":2}],"z":1.50}"#);
        assert_eq!(zone.as_deref(), Some("Europe/Berlin"));
        for (params, rest) in [
            (r#"{"a":1}"#, r#"{"a":1}"#),
            (r#"{"a":"_time_zone"}"#, r#"{"a":"_time_zone"}"#),
            (r#"{"_time_zone":7}"#, "{}"),
            (r#"{"_time_zone":"a b"}"#, "{}"),
            (r#"{"_time_zone":""}"#, "{}"),
        ] {
            assert_eq!(take_time_zone(params), (rest.to_owned(), None), "{params}");
        }
        let long = format!(r#"{{"_time_zone":"{}"}}"#, "x".repeat(65));
        assert_eq!(take_time_zone(&long), ("{}".to_owned(), None));
    }
}
