//! Pages that a browser shows and a test does not let pass.

use hothouse_test::{App, Code, Result};

use crate::{APP, assert_fails};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_fault_is_not_opened() -> Result {
    let app = App::open(APP).await?;
    for opened in
        [app.browser().live("/forms?fault=said").await, app.browser().get("/forms?fault=keys").await]
    {
        assert_fails(opened, Code::Faults, &["the page has faults:\n  duplicate id: 2 elements have the id"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_renders_a_fault_fails() -> Result {
    let mut view = hothouse_test::live(APP, "/forms").await?;
    let clicked = view.element("#twice", None).click().await;
    assert_fails(clicked, Code::Faults, &["2 elements have the id `said`: <p id=\"said\"> in div#"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_leads_nowhere_fails() -> Result {
    let opened = hothouse_test::live(APP, "/portals?target=%23nowhere").await;
    assert_fails(
        opened,
        Code::Faults,
        &["a portal whose target `#nowhere` is not in the page: <template id=\"note\""],
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_cannot_be_opened_says_what_is_missing() {
    let nowhere = hothouse_test::live("nowhere", "/").await;
    assert_fails(
        nowhere,
        Code::App,
        &["the app in /", "/tests/kit/nowhere cannot be opened", "hothouse.toml"],
    );
    let folder = tempfile::tempdir().unwrap();
    let manifest = "name = \"a\"\n[components.view]\npath = \"view.wasm\"\nbuild = \"make view\"\n\
        [[routes]]\npath = \"/\"\ncomponent = \"view\"\n";
    std::fs::write(folder.path().join("hothouse.toml"), manifest).unwrap();
    let unbuilt = App::open(folder.path()).await;
    assert_fails(unbuilt, Code::App, &["component `view`", "view.wasm", "(build it: `make view`)"]);
}
