//! The scripts and the style sheet of every page: embedded at build time, named by content, compressed.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file that pages load.
pub(crate) struct ClientAsset {
    /// Its URL: changes whenever its content does.
    pub(crate) path: &'static str,
    media_type: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// In the order in which a page loads them.
pub(crate) static CLIENT_ASSETS: &[ClientAsset] = include!(concat!(env!("OUT_DIR"), "/client_assets.rs"));

/// Answers `GET /_hothouse/…`.
pub(crate) fn respond(path: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = CLIENT_ASSETS.iter().find(|asset| asset.path == path) else {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    };
    let accepts = |coding: &str| accepts_coding(headers, coding);
    let (body, coding) = if accepts("br") {
        (asset.brotli, Some("br"))
    } else if accepts("gzip") {
        (asset.gzip, Some("gzip"))
    } else {
        (asset.plain, None)
    };
    let mut response = (
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "accept-encoding"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        Bytes::from_static(body),
    )
        .into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn accepts_coding(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|part| part == "q=0")
        })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{CLIENT_ASSETS, respond};

    fn accepting(codings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(codings))])
    }

    #[test]
    fn the_best_accepted_coding_is_sent() {
        for (accepted, sent) in
            [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None), ("identity", None)]
        {
            let response = respond(CLIENT_ASSETS[0].path, &accepting(accepted));
            let coding =
                response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(coding, sent, "{accepted}");
        }
    }

    #[test]
    fn a_page_loads_less_than_50_kb_of_compressed_scripts() {
        let scripts = CLIENT_ASSETS.iter().filter(|asset| asset.path.ends_with(".js"));
        let bytes: usize = scripts.map(|asset| asset.brotli.len()).sum();
        assert!(bytes < 50_000, "{bytes}");
    }

    #[test]
    fn an_old_name_is_not_found() {
        assert_eq!(
            respond("/_hothouse/phoenix-000000000000.js", &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND
        );
    }
}
