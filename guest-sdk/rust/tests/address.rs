//! Addresses that are built, read again as the host and browsers read them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hothouse_sdk::prelude::*;
use proptest::prelude::*;
use url::Url;

const BASE: &str = "http://local.invalid";

fn read(address: &Address) -> Url {
    Url::parse(BASE).unwrap().join(address.as_str()).unwrap()
}

fn decoded(text: &str) -> String {
    // A path's `+` is itself: only the form's decoder is at hand, and no address that is built has one.
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.next().map_or_else(String::new, |(name, _)| name.into_owned())
}

/// Words that lead astray, and anything.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => ".*",
        1 => prop::sample::select(vec!["", ".", "..", "/", "//", "//evil.example", "\\evil", "%2e%2e", "?", "#", "a/b", "\t", "é", "+", "&="])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn what_is_built_is_read_again(
        path in text(),
        segments in prop::collection::vec(text(), 0..4),
        query in prop::collection::vec((text(), text()), 0..4),
        fragment in prop::option::of(text()),
    ) {
        let mut address = Address::new(&path);
        // In any order: each goes to its place.
        if let Some(fragment) = &fragment {
            address = address.fragment(fragment);
        }
        for (name, value) in &query {
            address = address.query(name, value);
        }
        for segment in &segments {
            address = address.segment(segment);
        }
        prop_assert!(address.as_str().starts_with('/') && !address.as_str().starts_with("//"));
        prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'));
        let url = read(&address);
        prop_assert_eq!(url.host_str(), Some("local.invalid"));
        prop_assert_eq!(url.as_str(), format!("{BASE}{}", address.as_str()), "nothing is left to be normalized");
        let kept = |segment: &&str| !segment.is_empty();
        let expected = path.split('/').filter(kept).chain(segments.iter().map(String::as_str));
        let expected: Vec<_> = expected
            .map(|segment| if ["", ".", ".."].contains(&segment) { "\u{fffd}" } else { segment }.to_owned())
            .collect();
        let found: Vec<_> = url.path_segments().unwrap().filter(kept).map(decoded).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(url.query_pairs().into_owned().collect::<Vec<_>>(), query);
        prop_assert_eq!(url.fragment().map(decoded), fragment);
    }
}

#[test]
fn an_address_is_what_one_would_write() {
    for (address, expected) in [
        (Address::new("/"), "/"),
        (Address::new(""), "/"),
        (Address::new("/books/new"), "/books/new"),
        (Address::new("/").segment(7), "/7"),
        (
            Address::new("/books").segment(7).query("tab", "a b").query("page", Some(2)),
            "/books/7?tab=a%20b&page=2",
        ),
        (Address::new("/").query("q", "x&y=z").fragment("last"), "/?q=x%26y%3Dz#last"),
        (Address::new("/a").fragment("b").fragment("c").segment("d"), "/a/d#c"),
        (Address::new("//evil.example"), "/evil.example"),
        (Address::new("http://evil.example"), "/http%3A/evil.example"),
        (Address::new("/people").segment(".."), "/people/%EF%BF%BD"),
    ] {
        assert_eq!(address.as_str(), expected);
    }
}
