//! Whatever was done: a view that is made from the state of another one shows the same, and goes on as that one does.

use hothouse_sdk::testing::{View, context};
use proptest::prelude::*;

use super::Tasks;

fn any_event() -> impl Strategy<Value = (&'static str, String)> {
    const NAMES: [&str; 4] = ["toggle", "move_up", "move_down", "remove"];
    prop_oneof![
        "[a-z<&\"]{0,6}".prop_map(|title| ("add", format!("{{\"title\":{title:?}}}"))),
        (proptest::sample::select(&NAMES[..]), 1..7_u32)
            .prop_map(|(name, id)| (name, format!("{{\"id\":{id}}}"))),
        Just(("show_open", "{}".to_owned())),
        Just(("show_all", "{}".to_owned())),
    ]
}

/// Sends events; those for tasks that are not there are refused, which is fine.
fn send(view: &mut View<Tasks>, events: &[(&str, String)]) {
    for (name, payload) in events {
        let _ = view.event(name, payload);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_list_shows_the_same_and_goes_on(
        before in proptest::collection::vec(any_event(), 0..20),
        after in proptest::collection::vec(any_event(), 0..10),
    ) {
        let context = context().build();
        let mut whole = View::<Tasks>::mount(&context).unwrap();
        send(&mut whole, &before);
        let (page, snapshot) = (whole.html(), whole.snapshot().unwrap());
        send(&mut whole, &after);
        let mut restored = View::<Tasks>::restore(&snapshot, &context).unwrap();
        prop_assert_eq!(restored.html(), page);
        send(&mut restored, &after);
        prop_assert_eq!(restored.html(), whole.html());
    }
}
