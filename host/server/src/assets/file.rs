//! One file in memory, in all its codings, and the answer to a request for it.

use std::io::Write as _;
use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_range_header::parse_range_header;
use sha2::{Digest as _, Sha256};

use super::negotiation::{self, Coding};

/// Smaller files are not worth compressing: they fit into a packet.
const MIN_COMPRESSED_BYTES: usize = 512;
/// Larger ones would take too long at the best quality.
const MAX_BEST_BYTES: usize = 1024 * 1024;

/// How long a client may keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    /// Its URL changes with its content.
    Forever,
    /// It has to be asked for again each time, and need not be sent again.
    Revalidate,
}

/// A file.
pub(super) struct File {
    media_type: HeaderValue,
    /// Of its content; what names and validators are made of.
    pub(super) hash: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl File {
    /// A file by its name and content; compresses it.
    pub(super) fn new(name: &str, plain: Vec<u8>) -> Self {
        let media_type = media_type(name);
        let is_compressed = plain.len() >= MIN_COMPRESSED_BYTES && is_compressible(&media_type);
        let smaller = |compressed: Vec<u8>| (compressed.len() < plain.len()).then(|| compressed.into());
        Self {
            media_type: HeaderValue::from_str(&media_type)
                .unwrap_or(HeaderValue::from_static("application/octet-stream")),
            hash: hash(&plain),
            brotli: is_compressed.then(|| brotli(&plain)).flatten().and_then(smaller),
            gzip: is_compressed.then(|| gzip(&plain)).flatten().and_then(smaller),
            plain: plain.into(),
        }
    }

    /// A file of this program.
    pub(super) fn embedded(
        media_type: &'static str,
        plain: &'static [u8],
        brotli: &'static [u8],
        gzip: &'static [u8],
    ) -> Self {
        Self {
            media_type: HeaderValue::from_static(media_type),
            hash: hash(plain),
            plain: Bytes::from_static(plain),
            brotli: Some(Bytes::from_static(brotli)),
            gzip: Some(Bytes::from_static(gzip)),
        }
    }

    /// Answers a request: with nothing if the client has it, with a range if it asks for one, or with all of it in the
    /// coding that it likes best.
    pub(super) fn respond(&self, headers: &HeaderMap, cache: Cache) -> Response {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let range = text(header::RANGE).filter(|_| {
            // Ranges of a file that has changed would not fit together with what the client has.
            text(header::IF_RANGE).is_none_or(|validator| validator == self.validator(Coding::Identity))
        });
        let range = range.and_then(|range| self.range(range));
        // A range is one of the file itself, not of what a coding makes of it.
        let coding = match range {
            Some(_) => Coding::Identity,
            None => negotiation::best(headers, self.brotli.is_some(), self.gzip.is_some()),
        };
        let validator = self.validator(coding);
        let mut response = if is_known(headers, &validator) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            match range {
                Some(Err(Unsatisfiable)) => {
                    let length = format!("bytes */{}", self.plain.len());
                    (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, length)]).into_response()
                }
                Some(Ok(range)) => {
                    let place = format!("bytes {}-{}/{}", range.start(), range.end(), self.plain.len());
                    let part = self.plain.slice(range);
                    (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, place)], part).into_response()
                }
                None => self.body(coding).into_response(),
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media_type.clone());
        let cache = match cache {
            Cache::Forever => "public, max-age=31536000, immutable",
            Cache::Revalidate => "public, no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.brotli.is_some() || self.gzip.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(name) = coding_name(coding) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        if let Ok(validator) = HeaderValue::from_str(&validator) {
            headers.insert(header::ETAG, validator);
        }
        response
    }

    fn body(&self, coding: Coding) -> Bytes {
        let body = match coding {
            Coding::Brotli => self.brotli.as_ref(),
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Identity => None,
        };
        body.unwrap_or(&self.plain).clone()
    }

    fn validator(&self, coding: Coding) -> String {
        match coding_name(coding) {
            Some(name) => format!("\"{}-{name}\"", self.hash),
            None => format!("\"{}\"", self.hash),
        }
    }

    /// The range that is asked for. None: all of it is sent, as to a request for several ranges, or for what is no range.
    fn range(&self, asked: &str) -> Option<Result<RangeInclusive<usize>, Unsatisfiable>> {
        if asked.contains(',') {
            return None;
        }
        let parsed = parse_range_header(asked).ok()?;
        let ranges = parsed.validate(self.plain.len() as u64).map_err(|_| Unsatisfiable);
        let range = ranges.and_then(|ranges| ranges.into_iter().next().ok_or(Unsatisfiable));
        Some(range.and_then(|range| {
            let (start, end) = range.into_inner();
            let usize_of = |offset: u64| usize::try_from(offset).map_err(|_| Unsatisfiable);
            let (start, end) = (usize_of(start)?, usize_of(end)?);
            if start > end || end >= self.plain.len() {
                return Err(Unsatisfiable);
            }
            Ok(start..=end)
        }))
    }
}

/// A range that the file does not have.
struct Unsatisfiable;

/// Whether the client has it already.
fn is_known(headers: &HeaderMap, validator: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == validator)
}

fn coding_name(coding: Coding) -> Option<&'static str> {
    match coding {
        Coding::Brotli => Some("br"),
        Coding::Gzip => Some("gzip"),
        Coding::Identity => None,
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(name: &str) -> String {
    let media_type = mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream");
    let is_text = media_type.starts_with("text/") || media_type == "application/javascript";
    if is_text { format!("{media_type}; charset=utf-8") } else { media_type.to_owned() }
}

/// Images, fonts and films are compressed as they are.
fn is_compressible(media_type: &str) -> bool {
    let known = ["application/javascript", "application/json", "application/wasm", "application/xml"];
    media_type.starts_with("text/")
        || ["+xml", "+json"].iter().any(|ending| media_type.ends_with(ending))
        || known.iter().any(|known| media_type.starts_with(known))
        || ["font/ttf", "font/otf", "application/manifest+json", "image/x-icon", "image/bmp"]
            .contains(&media_type)
}

fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let quality = if bytes.len() > MAX_BEST_BYTES { 5 } else { 9 };
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4096, quality, 22);
    writer.write_all(bytes).ok()?;
    drop(writer);
    Some(compressed)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    writer.write_all(bytes).ok()?;
    writer.finish().ok()
}
