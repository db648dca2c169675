//! What views keep: each app that is opened has a store of its own.

use std::error::Error;

use hothouse::services::kv::Transaction;
use hothouse_test::App;

use crate::APP;

#[tokio::test(flavor = "multi_thread")]
async fn apps_begin_with_an_empty_store_which_a_test_fills_and_looks_into() -> Result<(), Box<dyn Error>> {
    let (app, another) = (App::open(APP).await?, App::open(APP).await?);
    let (handle, others) = (app.handle(), another.handle());
    let (store, others) = (handle.kv().ok_or("no store")?, others.kv().ok_or("no store")?);
    let mut todo = Transaction::default();
    todo.put("todo/1", br#"{"title":"Water the palms"}"#.into(), None)?;
    store.commit(todo).await?;
    assert!(store.get("todo/1")?.is_some());
    assert_eq!(others.get("todo/1")?, None);
    let keeps = |app: &App| {
        let steps = "%5B%5B%22get%22%2C%22todo%2F1%22%5D%2C%5B%22put%22%2C%22seen%22%2C%221%22%5D%5D";
        let (browser, path) = (app.browser(), format!("/keeps?mount={steps}"));
        async move { browser.live(&path).await }
    };
    keeps(&app).await?.assert_has("#answers", "Water the palms")?;
    keeps(&another).await?.assert_has("#answers", "[null,true]")?;
    assert_eq!(store.get("seen")?, Some(b"1".into()), "what a view has written is there");
    Ok(())
}
