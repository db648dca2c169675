//! The dashboard as its people use it, with a test in the place of its hooks, on the real server. Needs
//! `cargo xtask build-examples`.

use hothouse_test::{App, Result};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_measurement_is_one_point_and_one_row() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.push("ready", json!({})).await?;
    view.assert_event("chart:draw", json!({ "points": [] }))?;
    view.assert_has("#summary", "Nothing measured yet.")?;
    for (ms, point) in [(2.04, json!([1, 2.0])), (4.0, json!([2, 4.0]))] {
        view.push("measured", json!({ "ms": ms })).await?;
        view.assert_event("chart:add", json!({ "point": point, "range": 30 }))?;
    }
    assert_eq!(view.texts("#figures td")?, ["4.0", "2.0"]);
    view.assert_has("#summary", "2 round trips, 3.0 ms on average, 4.0 ms at most.")
}

#[tokio::test(flavor = "multi_thread")]
async fn another_range_is_drawn_anew_and_the_table_has_the_same_figures() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    for ms in 1..=12 {
        view.push("measured", json!({ "ms": ms })).await?;
    }
    view.form("#controls").fill("range", "10").change().await?;
    let points: Vec<_> = (3..=12).map(|number| json!([number, f64::from(number)])).collect();
    view.assert_event("chart:draw", json!({ "points": points }))?;
    assert_eq!(view.texts("#figures th")?, ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3"]);
    view.push("measured", json!({ "ms": 13 })).await?;
    assert_eq!(view.texts("#figures th")?.len(), 10);
    view.element("button", "Clear").click().await?;
    view.assert_event("chart:draw", json!({ "points": [] }))?;
    view.refute_has("#figures tr", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_measured_is_refused() -> Result {
    let mut view = hothouse_test::live(".", "/").await?;
    view.push("measured", json!({ "ms": -1 })).await?;
    let message = "A round trip takes up to a minute.";
    view.assert_event("hothouse:failure", json!({ "kind": "bad-input", "message": message }))?;
    for ms in [json!(1e9), json!("a while"), json!(null)] {
        view.push("measured", json!({ "ms": ms })).await?;
        view.refute_has("#figures tr", None)?;
    }
    view.assert_has("#summary", "Nothing measured yet.")
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_moved_by_buttons_and_by_what_the_hook_says() -> Result {
    let mut view = hothouse_test::live(".", "/board").await?;
    view.element("#task-4 button[aria-label^='Move up']", None).click().await?;
    view.assert_has("#said", "Wipe the panes: number 3 of 5.")?;
    view.push("drop", json!({ "id": "5", "before": "2" })).await?;
    assert_eq!(view.reply(), Some(&json!({ "moved": true })));
    let order =
        ["Open the vents", "Sweep the paths", "Water the palms", "Wipe the panes", "Feed the sundews"];
    assert_eq!(view.texts("#tasks .grow")?, order);
    view.push("drop", json!({ "id": "5", "before": "1" })).await?;
    assert_eq!(view.reply(), None, "so the hook puts the task back");
    view.assert_event(
        "hothouse:failure",
        json!({ "kind": "forbidden", "message": "The vents come first." }),
    )?;
    assert_eq!(view.texts("#tasks .grow")?, order);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn plants_are_offered_while_one_types_and_shown_when_one_is_chosen() -> Result {
    let app = App::open(".").await?;
    let mut view = app.browser().live("/search").await?;
    view.form("#search").fill("query", "FERN").change().await?;
    assert_eq!(view.texts("#offered li")?.len(), 8);
    view.assert_has("[role=status]", "The first 8 of 9.")?;
    assert_eq!(view.element("#search", None).attribute("data-query")?.as_deref(), Some("FERN"));
    view.form("#search").fill("query", "silver").change().await?;
    assert_eq!(view.texts("#offered li")?, ["Silver fern"]);
    let plant: u32 =
        view.element("#offered li", None).attribute("data-plant")?.unwrap_or_default().parse().unwrap();
    view.push("choose", json!({ "plant": plant })).await?;
    view.assert_has("#chosen h2", "Silver fern")?;
    view.push("choose", json!({ "plant": 1000 })).await?;
    view.assert_event(
        "hothouse:failure",
        json!({ "kind": "not-found", "message": "There is no such plant." }),
    )
}
