//! Which coding a client is sent (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header};

/// A content coding that files are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

/// The coding that the client likes best, of those that there are; the smallest one of several.
pub(super) fn best(headers: &HeaderMap, has_brotli: bool, has_gzip: bool) -> Coding {
    let accepted = Accepted::of(headers);
    let mut best = (Coding::Identity, accepted.quality("identity").unwrap_or(1));
    for (coding, name, is_there) in [(Coding::Gzip, "gzip", has_gzip), (Coding::Brotli, "br", has_brotli)] {
        let quality = accepted.quality(name).unwrap_or(0);
        if is_there && quality > 0 && quality >= best.1 {
            best = (coding, quality);
        }
    }
    best.0
}

/// Codings with their weights, in thousandths.
struct Accepted<'a>(Vec<(&'a str, u16)>);

impl<'a> Accepted<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let items = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        Self(items.filter_map(weighted).collect())
    }

    /// What is not named is weighed by `*`; without it there is no weight.
    fn quality(&self, coding: &str) -> Option<u16> {
        let find = |wanted: &str| {
            self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, quality)| *quality)
        };
        find(coding).or_else(|| find("*"))
    }
}

fn weighted(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality: f32 = weight.map_or(Some(1.0), |weight| weight.parse().ok())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1,000")]
    let thousandths = (quality.clamp(0.0, 1.0) * 1_000.0) as u16;
    Some((name, thousandths))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Coding, best};

    #[test]
    fn the_best_accepted_coding_is_sent() {
        for (accepted, coding) in [
            ("gzip, br", Coding::Brotli),
            ("gzip", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("br;q=0", Coding::Identity),
            ("br;q=0.000, gzip;q=0.001", Coding::Gzip),
            ("identity;q=0, gzip;q=0.001", Coding::Gzip),
            ("br;q=0.5, gzip;q=0.8, identity;q=0.1", Coding::Gzip),
            ("*", Coding::Brotli),
            ("*;q=0", Coding::Identity),
            ("br;q=0, *", Coding::Gzip),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
            ("br;q=NaN, gzip;q=x", Coding::Identity),
            (";;,,;q=1,br ; q=1.0", Coding::Brotli),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(best(&headers, true, true), coding, "{accepted}");
            assert_eq!(best(&headers, false, false), Coding::Identity, "{accepted}");
        }
    }
}
