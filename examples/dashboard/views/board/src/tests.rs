//! What a board does when a task is moved.

use hothouse_sdk::testing;

use super::Board;

fn order(view: &testing::View<Board>) -> Vec<u32> {
    view.state().tasks.iter().map(|task| task.id).collect()
}

#[test]
fn a_task_is_dropped_before_another_or_at_the_end() -> hothouse_sdk::Result<()> {
    let mut view = testing::View::<Board>::mount(&testing::context().build())?;
    for (id, before, expected) in [
        (2, "4", [1, 3, 2, 4, 5]),
        (5, "3", [1, 5, 3, 2, 4]),
        (3, "null", [1, 5, 2, 4, 3]),
        (3, "3", [1, 5, 2, 4, 3]),
    ] {
        view.event("drop", &format!(r#"{{"id":{id},"before":{before}}}"#))?;
        assert_eq!(order(&view), expected, "{id} before {before}");
    }
    Ok(())
}

#[test]
fn nothing_passes_the_first_and_nothing_leaves_the_list() -> hothouse_sdk::Result<()> {
    let mut view = testing::View::<Board>::mount(&testing::context().build())?;
    for (event, payload) in [
        ("drop", r#"{"id":1,"before":null}"#),
        ("drop", r#"{"id":5,"before":1}"#),
        ("drop", r#"{"id":7,"before":1}"#),
        ("drop", r#"{"id":2,"before":7}"#),
        ("up", r#"{"id":2}"#),
    ] {
        assert!(view.event(event, payload).is_err(), "{payload}");
    }
    view.event("down", r#"{"id":5}"#)?;
    assert_eq!(order(&view), [1, 2, 3, 4, 5]);
    Ok(())
}
