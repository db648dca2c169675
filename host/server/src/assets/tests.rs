//! What is served under which name, and how a request is answered.

use std::fs;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use url::Url;

use super::{Assets, CLIENT_ASSETS, with_hash};

fn app(files: &[(&str, &str)]) -> Assets {
    let app = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = app.path().join("assets").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    Assets::load(app.path()).map_err(|(_, error)| error).unwrap()
}

fn get(assets: &Assets, path: &str, headers: &[(HeaderName, &str)]) -> Option<Response> {
    let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
    assets.respond(path, &HeaderMap::from_iter(headers))
}

fn header_of(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn a_name_with_a_hash_is_kept_for_ever_and_a_plain_one_is_asked_for_again() {
    let assets = app(&[("images/logo.svg", "<svg/>")]);
    let hashed = assets.url("images/logo.svg").unwrap().to_owned();
    assert!(hashed.starts_with("/assets/images/logo-") && hashed.ends_with(".svg"), "{hashed}");
    let response = get(&assets, &hashed, &[]).unwrap();
    assert_eq!(header_of(&response, header::CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
    assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("image/svg+xml"));
    assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
    let response = get(&assets, "/assets/images/logo.svg", &[]).unwrap();
    assert_eq!(header_of(&response, header::CACHE_CONTROL), Some("public, no-cache"));
    let validator = header_of(&response, header::ETAG).unwrap().to_owned();
    for known in [validator.clone(), format!("W/{validator}"), format!("\"x\", {validator}"), "*".to_owned()]
    {
        let response = get(&assets, "/assets/images/logo.svg", &[(header::IF_NONE_MATCH, &known)]).unwrap();
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
    }
    let changed = app(&[("images/logo.svg", "<svg></svg>")]);
    let response = get(&changed, "/assets/images/logo.svg", &[(header::IF_NONE_MATCH, &validator)]).unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_ne!(changed.url("images/logo.svg"), Some(hashed.as_str()));
}

#[test]
fn hashes_stand_before_the_ending() {
    for (name, hashed) in
        [("app.css", "app-0.css"), ("a/app.min.js", "a/app.min-0.js"), ("a.b/c", "a.b/c-0"), (".a", ".a-0")]
    {
        assert_eq!(with_hash(name, "0"), hashed);
    }
}

#[test]
fn what_is_large_and_text_is_compressed_and_each_coding_has_its_own_validator() {
    let assets = app(&[
        ("app.js", &"let a = 1;\n".repeat(1_000)),
        ("small.js", "let a"),
        ("photo.jpg", &"a".repeat(4_000)),
    ]);
    let mut validators = Vec::new();
    for (accepted, coding) in [("br, gzip", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
        let response = get(&assets, "/assets/app.js", &[(header::ACCEPT_ENCODING, accepted)]).unwrap();
        assert_eq!(header_of(&response, header::CONTENT_ENCODING), coding);
        assert_eq!(header_of(&response, header::VARY), Some("accept-encoding"));
        assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
        validators.push(header_of(&response, header::ETAG).unwrap().to_owned());
    }
    validators.dedup();
    assert_eq!(validators.len(), 3);
    for name in ["/assets/small.js", "/assets/photo.jpg"] {
        let response = get(&assets, name, &[(header::ACCEPT_ENCODING, "br, gzip")]).unwrap();
        assert_eq!(header_of(&response, header::CONTENT_ENCODING), None, "{name}");
    }
}

#[tokio::test]
async fn one_range_is_answered_with_it_and_several_with_the_whole() {
    let assets = app(&[("film.webm", "0123456789")]);
    for (asked, status, place, sent) in [
        ("bytes=2-4", 206, Some("bytes 2-4/10"), "234"),
        ("bytes=7-", 206, Some("bytes 7-9/10"), "789"),
        ("bytes=-2", 206, Some("bytes 8-9/10"), "89"),
        ("bytes=0-99", 206, Some("bytes 0-9/10"), "0123456789"),
        ("bytes=10-", 416, Some("bytes */10"), ""),
        ("bytes=99999999999999999999-", 200, None, "0123456789"),
        ("bytes=4-2", 416, Some("bytes */10"), ""),
        ("bytes=0-0,2-2", 200, None, "0123456789"),
        ("lines=0-0", 200, None, "0123456789"),
        ("bytes=x", 200, None, "0123456789"),
    ] {
        let response = get(&assets, "/assets/film.webm", &[(header::RANGE, asked)]).unwrap();
        assert_eq!(response.status().as_u16(), status, "{asked}");
        assert_eq!(header_of(&response, header::CONTENT_RANGE), place, "{asked}");
        assert_eq!(header_of(&response, header::ACCEPT_RANGES), Some("bytes"));
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(body, sent, "{asked}");
    }
    let part = |validator| {
        let headers = [(header::RANGE, "bytes=0-0"), (header::IF_RANGE, validator)];
        get(&assets, "/assets/film.webm", &headers).unwrap()
    };
    assert_eq!(part("\"of another file\"").status(), StatusCode::OK);
    let known = header_of(&part("\"\""), header::ETAG).unwrap().to_owned();
    assert_eq!(part(&known).status(), StatusCode::PARTIAL_CONTENT);
}

#[test]
fn a_range_is_one_of_the_file_and_not_of_what_is_compressed() {
    let assets = app(&[("app.js", &"let a = 1;\n".repeat(1_000))]);
    let headers = [(header::RANGE, "bytes=0-9"), (header::ACCEPT_ENCODING, "br")];
    let response = get(&assets, "/assets/app.js", &headers).unwrap();
    assert_eq!(header_of(&response, header::CONTENT_RANGE), Some("bytes 0-9/11000"));
    assert_eq!(header_of(&response, header::CONTENT_ENCODING), None);
}

#[test]
fn only_what_was_read_has_a_path() {
    let assets = app(&[("a b.txt", "a"), ("robots.txt", "r"), ("humans.txt", "h")]);
    assert!(get(&assets, "/assets/a%20b.txt", &[]).unwrap().status().is_success());
    for path in [
        "/assets/../hothouse.toml",
        "/assets/%2e%2e/hothouse.toml",
        "/assets/..%2fhothouse.toml",
        "/assets//etc/passwd",
        "/assets/",
        "/assets/robots.txt/",
        "/assets/%00",
        "/assets/%ff",
        "/_hothouse/phoenix-000000000000.js",
    ] {
        assert_eq!(get(&assets, path, &[]).unwrap().status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(get(&assets, "/robots.txt", &[]).is_some(), "asked for at the root");
    for path in ["/humans.txt", "/sitemap.xml", "/", "/asset"] {
        assert!(get(&assets, path, &[]).is_none(), "{path} is a page's");
    }
}

#[test]
fn there_is_an_icon_of_the_host_until_the_app_has_one() {
    let assets = app(&[]);
    assert!(get(&assets, assets.icon(), &[]).unwrap().status().is_success());
    let root = get(&assets, "/favicon.ico", &[]).unwrap();
    assert_eq!(header_of(&root, header::CONTENT_TYPE), Some("image/svg+xml"));
    let assets = app(&[("favicon.ico", "icon"), ("favicon.svg", "<svg/>")]);
    assert!(assets.icon().starts_with("/assets/favicon-") && assets.icon().ends_with(".svg"));
    let root = get(&assets, "/favicon.ico", &[]).unwrap();
    assert_eq!(header_of(&root, header::CONTENT_TYPE), Some("image/x-icon"));
}

#[test]
fn pages_of_other_assets_than_those_of_now_are_told_apart() {
    let (old, new) = (app(&[("app.css", "p{}")]), app(&[("app.css", "q{}")]));
    let page = Url::parse("https://shop.example/cart?x=1").unwrap();
    let tracked: Vec<String> =
        old.stylesheets().map(|path| format!("https://shop.example{path}?vsn=d")).collect();
    let has_changed =
        |assets: &Assets, urls: &[String]| assets.have_changed(&page, urls.iter().map(String::as_str));
    assert!(!has_changed(&old, &tracked) && has_changed(&new, &tracked));
    assert!(!has_changed(&new, &[]), "nothing is tracked");
    assert!(!has_changed(&new, &["https://shop.example/assets/app.css".to_owned()]), "a plain name stays");
    for elsewhere in ["https://cdn.example/assets/app-1.css", "https://shop.example/other.css", "app.css", ""]
    {
        assert!(!has_changed(&new, &[elsewhere.to_owned()]), "{elsewhere}");
    }
}

#[test]
fn a_page_loads_less_than_50_kb_of_compressed_scripts() {
    let scripts = CLIENT_ASSETS.iter().filter(|asset| asset.path.ends_with(".js"));
    let bytes: usize = scripts.map(|asset| asset.brotli.len()).sum();
    assert!(bytes < 50_000, "{bytes}");
}
