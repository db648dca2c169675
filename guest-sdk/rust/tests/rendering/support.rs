//! Mounts views and compares their documents, for the tests of this folder.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{self, View};

/// A mounted view.
pub(crate) fn mount<V: LiveView>() -> View<V> {
    View::mount(&testing::context().build()).unwrap()
}

/// Makes a change, and renders.
#[track_caller]
pub(crate) fn change<V: LiveView>(view: &mut View<V>, change: impl FnOnce(&mut V)) {
    let changed = view.callback(|view, _| {
        change(view);
        Ok(())
    });
    changed.unwrap();
}

/// Makes a change, and expects a document, and the page to be what a whole render makes of the state.
#[track_caller]
pub(crate) fn check<V: LiveView>(view: &mut View<V>, changes: impl FnOnce(&mut V), expected: &str) {
    change(view, changes);
    assert_eq!(view.changes(), expected);
    let merged = view.html();
    view.everything().unwrap();
    assert_eq!(merged, view.html(), "the page after the changes is not the page of a whole render");
}
