//! Which address a request comes from: that of its connection, or what proxies say that are trusted.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

/// So many hops are looked at: more proxies than stand anywhere in a row.
const MAX_HOPS: usize = 32;

/// The proxies in front of the server, and how they say whom they speak for.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// Networks whose word is taken. Nobody's by default.
    pub trusted: Vec<IpNet>,
    /// The header that they write. The other one is not looked at: whoever asks may have written it.
    pub header: ProxyHeader,
}

/// A header in which proxies say whom they speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Proxies {
    /// The address that a request comes from. Each proxy adds whom it heard to the right: the first from there that is
    /// not a trusted proxy itself is the browser, as far as anybody knows. What stands left of it anybody may have
    /// written, and so it is with everything left of what is no address.
    pub(crate) fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let name = match self.header {
            ProxyHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ProxyHeader::Forwarded => header::FORWARDED,
        };
        let lines: Vec<&str> =
            headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(MAX_HOPS);
        for hop in hops {
            if !self.trusts(address) {
                return address;
            }
            let said = match self.header {
                ProxyHeader::XForwardedFor => Some(hop),
                ProxyHeader::Forwarded => forwarded_for(hop),
            };
            let Some(before) = said.and_then(parse) else { return address };
            address = before;
        }
        address
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

/// `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    Some(node.trim_matches('"'))
}

/// An address, perhaps in brackets, perhaps with a port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.0.parse().ok()?,
        None => match text.parse() {
            Ok(address) => address,
            Err(_) => IpAddr::V4(text.split_once(':')?.0.parse().ok()?),
        },
    };
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Proxies, ProxyHeader};

    fn address(header: ProxyHeader, peer: &str, lines: &[(&str, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        Proxies { trusted, header }.address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_right_most_address_that_is_no_trusted_proxy_is_the_browsers() {
        for (peer, said, found) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
            ("10.0.0.1", "10.9.9.9,10.8.8.8", "10.9.9.9"),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
            ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
            ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
            ("fd00::1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, 10.5.5.5, <script>, 10.2.3.4", "10.2.3.4"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", ",,,", "10.0.0.1"),
            ("10.0.0.1", "999.1.1.1", "10.0.0.1"),
        ] {
            let lines = [("x-forwarded-for", said), ("forwarded", "for=192.0.2.66")];
            assert_eq!(address(ProxyHeader::XForwardedFor, peer, &lines), found, "{said}");
        }
        let lines = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "198.51.100.2")];
        assert_eq!(address(ProxyHeader::XForwardedFor, "10.0.0.1", &lines), "198.51.100.2");
    }

    #[test]
    fn forwarded_is_read_where_it_is_what_proxies_write() {
        for (said, found) in [
            ("for=198.51.100.1", "198.51.100.1"),
            ("For=\"[2001:db8::1]:4711\";proto=https", "2001:db8::1"),
            ("for=1.2.3.4, proto=http;for=198.51.100.1;by=10.0.0.2", "198.51.100.1"),
            ("for=_hidden", "10.0.0.1"),
            ("by=198.51.100.1", "10.0.0.1"),
        ] {
            let lines = [("forwarded", said), ("x-forwarded-for", "192.0.2.66")];
            assert_eq!(address(ProxyHeader::Forwarded, "10.0.0.1", &lines), found, "{said}");
        }
    }

    #[test]
    fn no_more_than_a_few_hops_are_looked_at() {
        let said = vec!["10.1.1.1"; 10_000].join(",");
        assert_eq!(
            address(ProxyHeader::XForwardedFor, "10.0.0.1", &[("x-forwarded-for", &said)]),
            "10.1.1.1"
        );
        let said = format!("198.51.100.1,{}", vec!["10.1.1.1"; 100].join(","));
        assert_eq!(
            address(ProxyHeader::XForwardedFor, "10.0.0.1", &[("x-forwarded-for", &said)]),
            "10.1.1.1"
        );
    }
}
