//! One view, one test, whatever it is written in. Needs `cargo xtask build-languages`.

use hothouse_test::{Code, Result};

/// What is made of the same view at each address.
macro_rules! in_every_language {
    ($($name:ident: $path:literal)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() -> Result {
            counts_renames_and_comes_back($path).await
        })*
    };
}

in_every_language! {
    rust: "/rust"
    c: "/c"
    typescript: "/typescript"
    spidermonkey: "/spidermonkey"
    python: "/python"
    go: "/go"
    typescript_html: "/typescript-html"
    python_html: "/python-html"
    go_html: "/go-html"
}

async fn counts_renames_and_comes_back(path: &str) -> Result {
    let mut view = hothouse_test::live(".", path).await?;
    view.element("button", "+1").click().await?;
    view.element("button", "+1").click().await?;
    view.element("button", "-1").click().await?;
    view.assert_has("#count", "1")?;
    view.assert_has("#history li:first-child", "-1: 1")?;
    view.element("#entry-2 button", "remove").click().await?;
    view.refute_has("#entry-2", None)?;

    view.form("#rename").fill("name", "").change().await?;
    view.assert_has("#name-error", "The name is required.")?;
    view.form("#rename").fill("name", "Zoë & <Ann>").change().await?;
    view.refute_has("#name-error", None)?;

    view.disconnect();
    view.reconnect().await?;
    view.assert_has("#count", "0")?;
    assert_eq!(view.form("#rename").values("name")?, ["Zoë & <Ann>"], "the client typed it again");

    let trapped = view.element("button", "trap").click().await;
    assert_eq!(trapped.map_err(|error| error.code()), Err(Code::Crashed));
    view.reconnect().await?;
    view.element("button", "+1").click().await?;
    view.assert_has("#count", "1")
}
