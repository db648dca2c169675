//! A feed that is made from the state of another one: its numbers are those of before, its rows those of a fresh page.

use hothouse_sdk::testing::{View, context};
use proptest::prelude::*;

use super::Feed;

fn any_event() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        Just(("add", "{}".to_owned())),
        Just(("reset", "{}".to_owned())),
        (1..1010_u32).prop_map(|number| ("delete", format!("{{\"number\":{number}}}"))),
        (1..1010_u32).prop_map(|number| ("load_more", format!("{{\"id\":\"posts-{number}\"}}"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_feed_shows_its_newest_posts(events in proptest::collection::vec(any_event(), 0..20)) {
        let context = context().build();
        let mut view = View::<Feed>::mount(&context).unwrap();
        for (name, payload) in &events {
            view.event(name, payload).unwrap();
        }
        let snapshot = view.snapshot().unwrap();
        view.event("reset", "{}").unwrap();
        let fresh = view.html();
        let mut restored = View::<Feed>::restore(&snapshot, &context).unwrap();
        prop_assert_eq!(restored.html(), fresh);
        restored.event("add", "{}").unwrap();
        let newest = format!("<li id=\"posts-{}\">", *restored.state().newest);
        prop_assert!(restored.html().contains(&newest));
    }
}
