//! Live components that are none, and clients that say of them what is not so.

use hothouse_limits_tests::{Server, Visitor};
use serde_json::{Value, json};

use crate::clients::event_closes;

const REFUSED: &str = "hothouse_documents_refused_total";

/// A view that works, then renders components that are refused, and then works again.
async fn is_refused(document: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.counts(1).await?;
        refuses(&mut visitor, document).await?;
        visitor.counts(3).await
    };
    Server::start()?.endure(REFUSED, code, attack).await
}

async fn refuses(visitor: &mut Visitor, document: &str) -> anyhow::Result<()> {
    let answer = shows(visitor, document).await?;
    assert_eq!(answer.pointer("/diff/e/0/0"), Some(&json!("hothouse:failure")), "{answer}");
    shows(visitor, "plain").await.map(drop)
}

async fn shows(visitor: &mut Visitor, document: &str) -> anyhow::Result<Value> {
    visitor.view.click(&mut visitor.socket, &format!("document:{document}"), json!({})).await
}

/// One that the browser has done without, both steps of it.
async fn removed() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        shows(&mut visitor, "component:one").await?;
        shows(&mut visitor, "plain").await?;
        assert_eq!(visitor.view.remove_components(&mut visitor.socket).await?, [1]);
        visitor.view.pushed(&mut visitor.socket).await?;
        refuses(&mut visitor, "component:one").await
    };
    Server::start()?.endure(REFUSED, "bad-component", attack).await
}

/// One that comes back, and that the view does not give when it is asked.
async fn silent() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        shows(&mut visitor, "component:one").await?;
        shows(&mut visitor, "plain").await?;
        refuses(&mut visitor, "component:silent-one").await
    };
    Server::start()?.endure(REFUSED, "bad-component", attack).await
}

/// Far more of them, one after the other, than may wait for the browser's word.
async fn flood() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        let mut removed = 0;
        for cid in 1..=120 {
            let answer = shows(&mut visitor, &format!("component:{cid}")).await?;
            removed += answer.pointer("/diff/e").and_then(Value::as_array).map_or(0, Vec::len);
        }
        assert_eq!(removed, 120 - 1 - 10, "the oldest go without the browser's word");
        Ok(())
    };
    Server::limited("components = 10\n")?.shrug_off(attack).await
}

/// Words about components that are not there, or that are.
async fn words() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        shows(&mut visitor, "component:one").await?;
        let cids: Vec<u64> = (0..1_000).collect();
        for _ in 0..20 {
            let Visitor { view, socket, .. } = &mut visitor;
            assert_eq!(view.say_of_components(socket, "cids_will_destroy", &cids).await?, json!({}));
            let answer = view.say_of_components(socket, "cids_destroyed", &cids).await?;
            assert_eq!(answer, json!({ "cids": [] }), "it has a place");
        }
        let answer = visitor.view.click_component(&mut visitor.socket, 1, "target", json!({})).await?;
        assert_eq!(answer.pointer("/diff/r"), Some(&json!("1")));
        Ok(())
    };
    Server::start()?.shrug_off(attack).await
}

/// Events for components that are not there.
async fn strays() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        for cid in [0, 1, 2, u64::from(u32::MAX)] {
            let answer = visitor.view.click_component(&mut visitor.socket, cid, "trap", json!({})).await?;
            assert_eq!(answer, json!({}));
        }
        visitor.counts(1).await
    };
    let server = Server::start()?;
    server.beside_a_neighbour(attack).await?;
    server.logged("code=\"unknown-component\"", 1).await
}

async fn many_cids() -> anyhow::Result<()> {
    let cids: Vec<u64> = (0..1_001).collect();
    crate::clients::closes(
        &format!("[\"JOIN\",\"9\",\"TOPIC\",\"cids_will_destroy\",{}]", json!({ "cids": cids })),
        1007,
        "frame-too-many",
    )
    .await
}

attacks! {
    component_with_the_cid_0: is_refused("component:0", "bad-component");
    component_in_two_places: is_refused("component:twice", "bad-component");
    component_in_itself: is_refused("component:itself", "bad-component");
    components_in_each_other: is_refused("component:ring", "bad-component");
    component_without_an_entry: is_refused("component:no-entry", "bad-component");
    component_with_two_entries: is_refused("component:two-entries", "bad-component");
    component_of_two_elements: is_refused("component:two-elements", "bad-component");
    component_that_is_new_and_unchanged: is_refused("component:unchanged", "bad-component");
    component_that_was_removed: removed();
    component_that_comes_back_unasked: silent();
    components_too_many: is_refused("component:many:1001", "too-many-components");
    components_too_deep: is_refused("component:deep:33", "document-too-deep");
    components_that_nobody_says_are_gone: flood();
    words_about_components_that_are_there: words();
    events_for_components_that_are_not_there: strays();
    event_for_a_component_below_0: event_closes("{\"type\":\"click\",\"event\":\"count\",\"value\":{},\"cid\":-1}", "frame-payload");
    words_about_too_many_components: many_cids();
}
