//! The shop as two people use it at once. Needs `cargo xtask build-examples`.

use hothouse::{Compiler, Settings, SigningKeys};
use hothouse_test::{App, Result, View};

/// The shop with its own pages and login, served until the test ends.
async fn shop() -> anyhow::Result<App> {
    let keys = SigningKeys::from_secrets(["a secret for tests, 32 bytes or more"])?;
    let mut settings = Settings::new(embed::folder(), keys);
    settings.runtime.compiler = Compiler::InProcess;
    let (router, server) = embed::shop(settings).await?;
    Ok(App::embedded(router, server).await?)
}

/// Logs in with the shop's own form, and is at the live page.
async fn log_in(shop: &App, user: &str, password: &str) -> Result<View> {
    let mut view = shop.browser().get("/login").await?;
    view.form("form").fill("user", user).fill("password", password).submit().await?;
    view.follow().await?;
    view.assert_path("/stock")?;
    Ok(view)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_customer_takes_the_other_sees_go() -> anyhow::Result<()> {
    let shop = shop().await?;
    let mut ann = log_in(&shop, "ann", "monstera").await?;
    let mut bob = log_in(&shop, "bob", "fern").await?;
    bob.assert_has("#plant-1 .count", "3")?;
    ann.element("#plant-1 button", "Take one").click().await?;
    bob.wait_for("#plant-1 .count", "2").await?;
    ann.wait_for("#note", "ann took a Monstera.").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logs_out_is_sent_to_the_login_and_the_other_stays() -> anyhow::Result<()> {
    let shop = shop().await?;
    let mut ann = log_in(&shop, "ann", "monstera").await?;
    let mut bob = log_in(&shop, "bob", "fern").await?;
    ann.form("form[action='/logout']").submit().await?;
    ann.follow().await?;
    let mut stranger = shop.browser().get("/stock").await?;
    stranger.assert_redirect("/login")?;
    stranger.follow().await?;
    stranger.assert_has("h1", "Log in")?;
    bob.element("#plant-2 button", None).click().await?;
    Ok(())
}
