//! Each check goes red where it must, and nowhere else.

use std::panic::Location;

use super::check;
use crate::document::Document;

/// The faults of a page, as they are told.
fn faults(body: &str) -> String {
    let outcome = check(&Document::parse(&format!("<body id=\"app\">{body}</body>")));
    outcome.err().map_or_else(String::new, |problem| problem.at(Location::caller()).to_string())
}

#[test]
fn duplicate_ids_are_named_with_their_places() {
    let told = faults("<main><p id=\"a\">1</p></main><aside><b id=\"a\">2</b></aside>");
    let expected = "duplicate id: 2 elements have the id `a`: <p id=\"a\"> in body#app > main, <b id=\"a\"> in body#app > aside";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn forms_with_events_need_an_id() {
    for binding in ["phx-change=\"check\"", "phx-submit=\"save\""] {
        let told = faults(&format!("<form {binding}></form>"));
        assert!(
            told.contains("a form without id: <form phx-") && told.contains("in body#app > form"),
            "{told}"
        );
    }
    assert_eq!(faults("<form></form><form id=\"f\" phx-change=\"check\"></form>"), "");
    assert_eq!(faults("<form phx-change=\"check\" phx-ignore-missing-id></form>"), "");
}

#[test]
fn hooks_need_an_id() {
    let told = faults("<p phx-hook=\"Chart\"></p>");
    assert!(
        told.contains("a hook without id: <p phx-hook=\"Chart\"> in body#app > p: it is never mounted"),
        "{told}"
    );
    assert_eq!(faults("<p id=\"chart\" phx-hook=\"Chart\"></p>"), "");
}

#[test]
fn unknown_bindings_are_named_with_what_was_meant() {
    let told = faults("<button phx-clik=\"add\" phx-value-id=\"1\">+</button>");
    assert!(told.contains("an unknown binding: `phx-clik` on <button phx-clik=\"add\""), "{told}");
    assert!(told.contains("did you mean `phx-click`?"), "{told}");
    let told = faults("<p phx-something-else=\"x\"></p>");
    assert!(told.contains("`phx-something-else`") && !told.contains("did you mean"), "{told}");
}

#[test]
fn containers_of_streams_and_their_rows_need_ids() {
    let told = faults("<ul phx-update=\"stream\"><li id=\"a\">1</li><li>2</li></ul>");
    assert!(told.contains("a stream's container without id: <ul phx-update=\"stream\">"), "{told}");
    assert!(
        told.contains("a child of a stream's container without id, which the client removes: <li>"),
        "{told}"
    );
    assert_eq!(faults("<ul id=\"u\" phx-update=\"stream\"><li id=\"a\">1</li></ul>"), "");
}

#[test]
fn portals_need_a_target() {
    let portal = |target: &str| {
        let start = format!("<template id=\"a\" data-phx-portal=\"{target}\">");
        faults(&format!("<p id=\"b\"></p>{start}<p id=\"_lv_portal_wrap_a\">x</p></template>"))
    };
    let told = portal("#nowhere");
    assert!(
        told.contains("a portal whose target `#nowhere` is not in the page: <template id=\"a\""),
        "{told}"
    );
    assert_eq!(portal("#b") + &portal("body"), "");
}
