//! The board as its players use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{App, Result, View};
use serde_json::json;

const GAME: &str = "/games/one";

/// A browser of its own, with a place at the board: the page is loaded again with it.
async fn player(app: &App, colour: &str) -> Result<View> {
    let mut view = app.browser().live(GAME).await?;
    view.element("button", &*format!("Play {colour}")).click().await?;
    view.follow().await?;
    view.assert_has("#places", &*format!("You play {colour}."))?;
    Ok(view)
}

async fn drop_into(view: &mut View, column: usize) -> Result {
    view.element(&format!(".drop[phx-value-column='{column}']"), None).click().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_play_at_one_board_and_others_watch() -> Result {
    let app = App::open(".").await?;
    let (mut ann, mut bob) = (player(&app, "red").await?, player(&app, "yellow").await?);
    let mut watching = app.browser().live(GAME).await?;
    ann.wait_for("#status", "Your turn.").await?;
    bob.assert_has("#status", "It is the turn of red.")?;
    for _ in 0..3 {
        drop_into(&mut ann, 0).await?;
        bob.wait_for("#status", "Your turn.").await?;
        drop_into(&mut bob, 1).await?;
        ann.wait_for("#status", "Your turn.").await?;
    }
    drop_into(&mut ann, 0).await?;
    ann.assert_has("#status", "You have won.")?;
    for view in [&mut bob, &mut watching] {
        view.wait_for("#status", "red has won.").await?;
        assert_eq!((view.texts(".place.red")?.len(), view.texts(".place.yellow")?.len()), (4, 3));
    }
    bob.element("button", "Again").click().await?;
    bob.assert_has("#status", "Your turn.")?;
    bob.assert_has("#places", "You play red.")?;
    ann.wait_for("#status", "It is the turn of red.").await?;
    watching.wait_until_gone(".place.red", None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_does_not_move() -> Result {
    let app = App::open(".").await?;
    let _ann = player(&app, "red").await?;
    let mut watching = app.browser().live(GAME).await?;
    watching.assert_has(".drop[disabled]", None)?;
    watching.refute_has(".drop:not([disabled])", None)?;
    // Nor by sending what no button sends.
    watching.push("drop", json!({ "column": 0 })).await?;
    watching
        .assert_event("hothouse:failure", json!({ "kind": "forbidden", "message": "You are watching." }))?;
    watching.refute_has(".place.red", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_has_one_player_who_keeps_it() -> Result {
    let app = App::open(".").await?;
    let mut ann = app.browser().live(GAME).await?;
    let mut bob = app.browser().live(GAME).await?;
    let (one, other) =
        tokio::join!(ann.element("button", "Play red").click(), bob.element("button", "Play red").click());
    one?;
    other?;
    let mut seated = 0;
    for view in [&mut ann, &mut bob] {
        view.follow().await.ok();
        seated += view.texts("#places b")?.len();
    }
    assert_eq!(seated, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_game_is_not_found() -> Result {
    let app = App::open(".").await?;
    assert_eq!(app.browser().get("/games/a%2Fb").await?.status(), 404);
    assert_eq!(app.browser().get(&format!("/games/{}", "a".repeat(41))).await?.status(), 404);
    assert_eq!(app.browser().get(&format!("/games/{}", "a".repeat(40))).await?.status(), 200);
    Ok(())
}
