//! Mistakes in templates and events: each is reported at its place, with the fix.

#[test]
fn every_mistake_is_reported_with_its_fix() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
