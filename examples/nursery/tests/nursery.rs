//! The nursery as customers use it, on the real server. Needs `cargo xtask build-examples`.

use hothouse_test::{Result, View};

async fn register() -> Result<View> {
    hothouse_test::live(".", "/").await
}

async fn order() -> Result<View> {
    hothouse_test::live(".", "/order").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_where_somebody_has_been() -> Result {
    let mut view = register().await?;
    view.form("#customer").fill("customer[years]", "99").change().await?;
    view.assert_has("#customer_years-errors", "must be 80 or less")?;
    view.refute_has("[aria-invalid=true]:not(#customer_years)", None)?;
    view.form("#customer").submit().await?;
    view.assert_has("#customer_name-errors", "is required")?;
    view.assert_has("#customer_since-errors", "is required")?;
    view.assert_has("#customer_terms-errors", "have to be accepted")?;
    view.assert_path("/")
}

/// Fills in all that is asked for, and submits it.
async fn fill_in(view: &mut View, email: &str) -> Result {
    view.form("#customer")
        .fill("customer[name]", "Bob")
        .fill("customer[email]", email)
        .fill("customer[password]", "monstera deliciosa")
        .fill("customer[repeated]", "monstera deliciosa")
        .fill("customer[years]", "3")
        .fill("customer[since]", "2023-04-01")
        .fill("customer[country]", "germany")
        .fill("customer[garden]", "balcony")
        .fill("customer[interests][]", ["herbs", "trees"])
        .fill("customer[terms]", true)
        .submit()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_registered_is_not_taken_again() -> Result {
    let mut view = register().await?;
    fill_in(&mut view, "ann@example.org").await?;
    view.assert_has("#customer_email-errors", "is registered already")?;
    fill_in(&mut view, "bob@example.org").await?;
    view.follow().await?;
    view.assert_path("/order")?;
    view.assert_has("[role=status]", "Welcome, Bob.")
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_come_and_go() -> Result {
    let mut view = order().await?;
    view.element("button", "Add a plant").click().await?;
    view.form("#order")
        .fill("order[lines][0][plant]", "palm")
        .fill("order[lines][1][plant]", "fern")
        .fill("order[lines][1][count]", "3")
        .change()
        .await?;
    view.assert_has("#total", "Total: 55.00 €")?;
    view.element("#order_lines_1 [aria-label=\"Move up\"]", None).click().await?;
    view.assert_has(".line:first-of-type [selected]", "Sword fern")?;
    view.element("#order_lines_1 button", "Remove").click().await?;
    view.refute_has("#order_lines_1", None)?;
    view.assert_has("#total", "Total: 19.00 €")?;
    view.form("#order").submit().await?;
    view.assert_has("[role=status]", "Ordered: 1 plants.")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_a_lost_connection() -> Result {
    let mut view = order().await?;
    view.element("button", "Add a plant").click().await?;
    view.form("#order")
        .fill("order[lines][1][plant]", "moss")
        .fill("order[delivery]", "post")
        .change()
        .await?;
    view.form("#order").fill("order[address][city]", "Bonn").change().await?;
    view.disconnect();
    view.reconnect().await?;
    view.assert_has("#order_lines_1 [selected]", "Moss")?;
    view.assert_has("#order_address_city[value=Bonn]", None)
}
